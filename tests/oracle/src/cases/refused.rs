//! Changes that are detected, and readers that are not meant.

use itemseal::ErrorKind::{self, Authentication, Malformed, NotEncrypted};
use itemseal::{AlgorithmSuite, AttributeValue, Item};

use super::{Case, Expect, edit, encrypt, key, keys, number, order, orders};
use crate::compare;
use crate::keys::WrappingKey;
use crate::layout::{FOOTER, HEADER};
use crate::table::{Action, Table};

pub(super) async fn cases() -> Vec<Case> {
    let stored = Stored::new().await;
    let mut cases = controls(&stored);
    for (name, why, kind, item) in
        headers(&stored).into_iter().chain(footers(&stored)).chain(attributes(&stored))
    {
        cases.push(case(name, why, kind, &stored.table, &keys(1), item));
    }
    for (name, why, kind, item) in version_2(&stored) {
        cases.push(case(name, why, kind, &stored.table_v2, &keys(1), item));
    }
    for (name, why, table, keys) in readers(&stored) {
        cases.push(case(name, why, Authentication, &table, &keys, stored.item.clone()));
    }
    cases
}

/// The items that the others were made from: were they refused, the others would prove nothing.
fn controls(stored: &Stored) -> Vec<Case> {
    let plain = |table: &Table, item: &Item| Expect::Opens(compare::expected(table, item));
    [
        ("control-item", &stored.item, &stored.table, order(1)),
        ("control-earlier-version", &stored.earlier, &stored.table, earlier_order()),
        ("control-other-item", &stored.other, &stored.table, other_order()),
        ("control-hmac-only", &stored.hmac, &stored.table, order(1)),
        ("control-two-recipients", &stored.two, &stored.table, order(1)),
        ("control-version-2", &stored.v2, &stored.table_v2, order(2)),
    ]
    .into_iter()
    .map(|(name, stored, table, item)| Case {
        name: name.to_owned(),
        why: "unchanged; others are made from it".to_owned(),
        expect: plain(table, &item),
        table: table.clone(),
        keys: keys(1),
        stored: stored.clone(),
    })
    .collect()
}

fn earlier_order() -> Item {
    order(1).with("Status", "Packed").with("Note", "ring once")
}

fn other_order() -> Item {
    order(1).with("OrderID", "67890")
}

/// A name, why, the kind of error, and the changed item.
type Change = (&'static str, &'static str, ErrorKind, Item);

/// Items as AWS's crate has written them.
struct Stored {
    table: Table,
    table_v2: Table,
    /// Version 1, signed suite, one recipient.
    item: Item,
    /// What the same key held before: another `Status` and `Note`.
    earlier: Item,
    /// The item of another key.
    other: Item,
    /// The item without a signature.
    hmac: Item,
    /// The item for two recipients.
    two: Item,
    /// Version 2, one recipient, without a signature.
    v2: Item,
}

impl Stored {
    async fn new() -> Self {
        let table = orders(1, AlgorithmSuite::EcdsaP384);
        let unsigned = orders(1, AlgorithmSuite::HmacOnly);
        let table_v2 = orders(2, AlgorithmSuite::HmacOnly);
        let (one, two, item) = (keys(1), keys(2), order(1));
        Self {
            item: encrypt(&table, &one, &item).await,
            earlier: encrypt(&table, &one, &earlier_order()).await,
            other: encrypt(&table, &one, &other_order()).await,
            hmac: encrypt(&unsigned, &one, &item).await,
            two: encrypt(&table, &two, &item).await,
            v2: encrypt(&table_v2, &one, &order(2)).await,
            table,
            table_v2,
        }
    }
}

fn case(
    name: &str,
    why: &str,
    kind: ErrorKind,
    table: &Table,
    keys: &[WrappingKey],
    stored: Item,
) -> Case {
    Case {
        name: name.to_owned(),
        why: why.to_owned(),
        expect: Expect::Refused(kind),
        table: table.clone(),
        keys: keys.to_vec(),
        stored,
    }
}

fn headers(stored: &Stored) -> Vec<Change> {
    let item = &stored.item;
    let flip = |part| edit::header(item, part, edit::flip_last);
    let set = |part, at: usize, byte| edit::header(item, part, |part| part[at] = byte);
    let legend_shorter = edit::header(item, "legend", |legend| {
        legend.pop();
        legend[1] -= 1;
    });
    let without_data_key = edit::bytes(item, HEADER, |header| {
        let (end, len) = (header.len() - 32, header.len());
        let mut commitment = header.split_off(end);
        let keys = crate::layout::HeaderLayout::parse(&[&header[..], &commitment].concat())
            .and_then(|layout| layout.range("number of data keys"))
            .unwrap_or(len..len);
        header.truncate(keys.start);
        header.push(0);
        header.append(&mut commitment);
    });
    let text = edit::set(item, HEADER, "text");
    vec![
        ("header-version-unknown", "the version is 3", Malformed, set("version", 0, 3)),
        (
            "header-version-2-of-1",
            "the version says 2, where keys must be in the context",
            Malformed,
            set("version", 0, 2),
        ),
        ("header-flavor-unknown", "the flavor is 2", Malformed, set("flavor", 0, 2)),
        (
            "header-flavor-without-signature",
            "the flavor says no signature, but the footer has one",
            Malformed,
            set("flavor", 0, 0),
        ),
        (
            "header-flavor-with-signature",
            "the flavor says signature, but the footer has none",
            Malformed,
            edit::header(&stored.hmac, "flavor", |flavor| flavor[0] = 1),
        ),
        (
            "header-message-id",
            "a bit of the message id was flipped",
            Authentication,
            flip("message id"),
        ),
        (
            "header-legend-unknown",
            "the legend has a byte that means nothing",
            Malformed,
            set("legend", 2, b'x'),
        ),
        (
            "header-legend-signed-for-encrypted",
            "the legend says that an encrypted attribute is only signed",
            Authentication,
            edit::header(item, "legend", |legend| replace_first(legend, b'e', b's')),
        ),
        (
            "header-legend-encrypted-for-signed",
            "the legend says that a signed attribute is encrypted",
            Authentication,
            edit::header(item, "legend", |legend| replace_first(legend, b's', b'e')),
        ),
        (
            "header-legend-context-for-signed",
            "the legend says that a signed attribute is in the context",
            Authentication,
            edit::header(item, "legend", |legend| replace_first(legend, b's', b'c')),
        ),
        (
            "header-legend-shorter",
            "the legend has one byte fewer than there are signed attributes",
            Authentication,
            legend_shorter,
        ),
        (
            "header-public-key",
            "the stored public key was altered",
            Authentication,
            flip("stored context"),
        ),
        (
            "header-public-key-renamed",
            "the stored context's key was altered",
            Authentication,
            set("stored context", 4, b'A'),
        ),
        ("header-no-data-key", "there is no encrypted data key", Malformed, without_data_key),
        ("header-provider-id", "the provider id was altered", Authentication, flip("provider id")),
        (
            "header-provider-info",
            "the nonce in the provider info was altered",
            Authentication,
            flip("provider info"),
        ),
        (
            "header-key-name",
            "the key name in the provider info was altered",
            Authentication,
            set("provider info", 2, b'K'),
        ),
        (
            "header-wrapped-data-key",
            "the wrapped data key was altered",
            Authentication,
            edit::header(item, "wrapped data key", |key| key[2] ^= 1),
        ),
        (
            "header-wrapped-intermediate-key",
            "the wrapped intermediate key was altered",
            Authentication,
            flip("wrapped data key"),
        ),
        ("header-commitment", "the commitment was altered", Authentication, flip("commitment")),
        (
            "header-truncated",
            "the last byte is missing",
            Malformed,
            edit::bytes(item, HEADER, |header| header.truncate(header.len() - 1)),
        ),
        (
            "header-extended",
            "a byte was appended",
            Malformed,
            edit::bytes(item, HEADER, |header| header.push(0)),
        ),
        ("header-empty", "the header has no bytes", Malformed, edit::set(item, HEADER, Vec::new())),
        ("header-not-binary", "the header is of type S", Malformed, text),
        ("header-missing", "there is a footer but no header", Malformed, edit::drop(item, HEADER)),
        (
            "header-of-earlier-version",
            "the header is that of an earlier version of the item",
            Authentication,
            edit::take(item, HEADER, &stored.earlier),
        ),
        (
            "not-encrypted",
            "there is neither header nor footer",
            NotEncrypted,
            edit::drop(&edit::drop(item, HEADER), FOOTER),
        ),
    ]
}

fn replace_first(bytes: &mut [u8], from: u8, to: u8) {
    // Behind the legend's length, which has no letters in it.
    let at = bytes.iter().skip(2).position(|byte| *byte == from).expect("a byte to replace");
    bytes[at + 2] = to;
}

fn footers(stored: &Stored) -> Vec<Change> {
    let item = &stored.item;
    let of_two = |change: fn(&mut Vec<u8>)| edit::bytes(&stored.two, FOOTER, change);
    let of_earlier = edit::take(item, FOOTER, &stored.earlier);
    vec![
        (
            "footer-tag",
            "the recipient's tag was altered",
            Authentication,
            edit::bytes(item, FOOTER, |footer| footer[0] ^= 1),
        ),
        (
            "footer-own-tag-of-two",
            "of two recipients' tags the reader's own was altered",
            Authentication,
            of_two(|footer| footer[47] ^= 1),
        ),
        (
            "footer-signature",
            "the signature was altered",
            Authentication,
            edit::bytes(item, FOOTER, edit::flip_last),
        ),
        (
            "footer-signature-not-der",
            "the signature's first byte was altered",
            Authentication,
            edit::bytes(item, FOOTER, |footer| footer[48] ^= 1),
        ),
        (
            "footer-signature-of-earlier-version",
            "the signature is that of an earlier version of the item",
            Authentication,
            edit::bytes(item, FOOTER, |footer| {
                let earlier =
                    stored.earlier.get(FOOTER).and_then(AttributeValue::as_b).expect("a footer");
                footer.truncate(48);
                footer.extend(&earlier[48..]);
            }),
        ),
        (
            "footer-signature-negated",
            "s is replaced with n - s, which also solves the equation but has another length",
            Malformed,
            edit::bytes(item, FOOTER, |footer| {
                let signature = footer.split_off(48);
                footer.extend(edit::negate_s(&signature));
            }),
        ),
        (
            "footer-signature-missing",
            "the footer ends behind the tag",
            Malformed,
            edit::bytes(item, FOOTER, |footer| footer.truncate(48)),
        ),
        (
            "footer-tag-missing",
            "of two recipients' tags one was taken out",
            Malformed,
            of_two(|footer| drop(footer.drain(48..96))),
        ),
        (
            "footer-truncated",
            "the last byte is missing",
            Malformed,
            edit::bytes(item, FOOTER, |footer| footer.truncate(footer.len() - 1)),
        ),
        (
            "footer-extended",
            "a byte was appended",
            Malformed,
            edit::bytes(item, FOOTER, |footer| footer.push(0)),
        ),
        (
            "footer-not-binary",
            "the footer is of type S",
            Malformed,
            edit::set(item, FOOTER, "text"),
        ),
        ("footer-missing", "there is a header but no footer", Malformed, edit::drop(item, FOOTER)),
        (
            "footer-of-earlier-version",
            "the footer is that of an earlier version of the item",
            Authentication,
            of_earlier.clone(),
        ),
        (
            "header-and-footer-of-earlier-version",
            "both are those of an earlier version of the item",
            Authentication,
            edit::take(&of_earlier, HEADER, &stored.earlier),
        ),
        (
            "footer-of-other-item",
            "the footer is that of another item",
            Authentication,
            edit::take(item, FOOTER, &stored.other),
        ),
    ]
}

fn attributes(stored: &Stored) -> Vec<Change> {
    let item = &stored.item;
    vec![
        (
            "encrypted-altered",
            "a bit of the ciphertext was flipped",
            Authentication,
            edit::bytes(item, "Card", |card| card[2] ^= 1),
        ),
        (
            "encrypted-tag-altered",
            "a bit of the tag was flipped",
            Authentication,
            edit::bytes(item, "Card", edit::flip_last),
        ),
        (
            "encrypted-type-altered",
            "the type says N instead of S",
            Authentication,
            edit::bytes(item, "Card", |card| card[1] = 2),
        ),
        (
            "encrypted-too-short",
            "17 bytes are less than a type and a tag",
            Authentication,
            edit::bytes(item, "Card", |card| card.truncate(17)),
        ),
        (
            "encrypted-in-clear",
            "an encrypted attribute was replaced with text",
            Authentication,
            edit::set(item, "Card", "4111 1111 1111 1111"),
        ),
        (
            "encrypted-swapped",
            "two encrypted attributes were exchanged",
            Authentication,
            edit::swap(item, "Card", "Note"),
        ),
        (
            "encrypted-of-earlier-version",
            "an encrypted attribute is that of an earlier version",
            Authentication,
            edit::take(item, "Note", &stored.earlier),
        ),
        (
            "encrypted-of-other-item",
            "an encrypted attribute is that of another item",
            Authentication,
            edit::take(item, "Card", &stored.other),
        ),
        (
            "encrypted-dropped",
            "an encrypted attribute was taken out",
            Authentication,
            edit::drop(item, "Pin"),
        ),
        (
            "encrypted-renamed",
            "an encrypted attribute has another name of the same length",
            Authentication,
            edit::rename(item, "Pin", "Pim"),
        ),
        (
            "signed-altered",
            "a signed text was changed",
            Authentication,
            edit::set(item, "Status", "Lost"),
        ),
        (
            "signed-number-altered",
            "a signed number was changed",
            Authentication,
            edit::set(item, "Total", number("19.91")),
        ),
        (
            "signed-type-altered",
            "a signed number became a text of the same characters",
            Authentication,
            edit::set(item, "Total", "19.9"),
        ),
        (
            "signed-swapped",
            "two signed attributes were exchanged",
            Authentication,
            edit::swap(item, "Status", "Total"),
        ),
        (
            "signed-dropped",
            "a signed attribute was taken out",
            Authentication,
            edit::drop(item, "Status"),
        ),
        (
            "signed-renamed",
            "a signed attribute has another name",
            Authentication,
            edit::rename(item, "Status", "Statue"),
        ),
        (
            "signed-added",
            "an attribute was added that the configuration does not leave unsigned",
            Authentication,
            edit::set(item, "New", "x"),
        ),
        (
            "signed-replaced-by-unsigned",
            "a signed attribute was renamed to an unsigned name",
            Authentication,
            edit::rename(item, "Status", ":Status"),
        ),
        (
            "partition-key-altered",
            "the item was put under another partition key",
            Authentication,
            edit::set(item, "OrderID", "12346"),
        ),
        (
            "partition-key-type-altered",
            "the partition key became a number",
            Authentication,
            edit::set(item, "OrderID", 12345),
        ),
        (
            "sort-key-altered",
            "the item was put under another sort key",
            Authentication,
            edit::set(item, "CustomerID", 568),
        ),
        (
            "keys-swapped",
            "partition and sort key were exchanged",
            Authentication,
            edit::swap(item, "OrderID", "CustomerID"),
        ),
        (
            "partition-key-missing",
            "the partition key is not in the item",
            Malformed,
            edit::drop(item, "OrderID"),
        ),
        (
            "sort-key-missing",
            "the sort key is not in the item",
            Malformed,
            edit::drop(item, "CustomerID"),
        ),
    ]
}

fn version_2(stored: &Stored) -> Vec<Change> {
    let item = &stored.v2;
    let key_signed_only = edit::header(item, "legend", |legend| {
        // CustomerID has the longest name, so its letter is the last.
        let last = legend.last_mut().expect("a legend");
        *last = b's';
    });
    vec![
        (
            "v2-version-1-of-2",
            "the version says 1",
            Authentication,
            edit::header(item, "version", |version| version[0] = 1),
        ),
        (
            "v2-key-not-in-context",
            "the legend says that a key is signed only",
            Malformed,
            key_signed_only,
        ),
        (
            "v2-context-altered",
            "an attribute of the context was changed",
            Authentication,
            edit::set(item, "Tenant", "other"),
        ),
        (
            "v2-context-type-altered",
            "an attribute of the context became bytes",
            Authentication,
            edit::set(item, "Tenant", b"acme".to_vec()),
        ),
        (
            "v2-context-dropped",
            "an attribute of the context was taken out",
            Authentication,
            edit::drop(item, "Tenant"),
        ),
        (
            "v2-key-altered",
            "the item was put under another partition key",
            Authentication,
            edit::set(item, "OrderID", "12346"),
        ),
    ]
}

type Reader = (&'static str, &'static str, Table, Vec<WrappingKey>);

fn readers(stored: &Stored) -> Vec<Reader> {
    let with = |change: fn(&mut Table)| {
        let mut table = stored.table.clone();
        change(&mut table);
        table
    };
    let other_key = |change: fn(&mut WrappingKey)| {
        let mut key = key(0);
        change(&mut key);
        (stored.table.clone(), vec![key])
    };
    let reader = |name, why, (table, keys)| (name, why, table, keys);
    let table = |name, why, table| (name, why, table, keys(1));
    vec![
        reader(
            "wrapping-key-wrong",
            "the key of the same name has other bytes",
            other_key(|key| key.bytes[0] ^= 1),
        ),
        reader(
            "wrapping-key-other-name",
            "the same key under another name",
            other_key(|key| key.name = "key-9".to_owned()),
        ),
        reader(
            "wrapping-key-other-namespace",
            "the same key in another namespace",
            other_key(|key| key.namespace = "other".to_owned()),
        ),
        reader(
            "wrapping-key-no-recipient",
            "the reader's keys are not among the recipients",
            (stored.table.clone(), vec![key(1), key(2)]),
        ),
        table(
            "table-other-name",
            "the item was moved to a table of another logical name",
            with(|table| table.logical_name = "Orders2".to_owned()),
        ),
        table(
            "table-no-sort-key",
            "the reader's table has no sort key",
            with(|table| {
                table.sort_key = None;
                table.actions.insert("CustomerID".to_owned(), Action::Sign);
            }),
        ),
        table(
            "table-keys-exchanged",
            "the reader's table has its keys the other way round",
            with(|table| {
                table.partition_key = "CustomerID".to_owned();
                table.sort_key = Some("OrderID".to_owned());
            }),
        ),
        table(
            "table-fewer-unsigned",
            "the reader takes an unsigned attribute for signed",
            with(|table| {
                table.actions.insert("Hits".to_owned(), Action::Sign);
            }),
        ),
        table(
            "table-more-unsigned",
            "the reader takes a signed attribute for unsigned",
            with(|table| {
                table.actions.insert("Status".to_owned(), Action::Nothing);
            }),
        ),
    ]
}
