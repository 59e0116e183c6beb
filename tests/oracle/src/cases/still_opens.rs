//! Changes that the format does not detect, so that nobody promises that they are.

use itemseal::{AlgorithmSuite, AttributeValue, Item};

use super::{Case, Expect, edit, encrypt, key, keys, number, order, orders};
use crate::compare;
use crate::layout::FOOTER;

pub(super) async fn cases() -> Vec<Case> {
    let table = orders(1, AlgorithmSuite::EcdsaP384);
    let item = order(1).with("Status", AttributeValue::Ss(vec!["b".to_owned(), "a".to_owned()]));
    let plain = compare::expected(&table, &item);
    let one = encrypt(&table, &keys(1), &item).await;
    let two = encrypt(&table, &keys(2), &item).await;

    let case = |name: &str, why: &str, stored: Item, plain: Item| Case {
        name: name.to_owned(),
        why: why.to_owned(),
        expect: Expect::Opens(plain),
        table: table.clone(),
        keys: vec![key(0)],
        stored,
    };
    let set = |item: &Item, name: &str, value: AttributeValue| item.clone().with(name, value);
    let sorted = AttributeValue::Ss(vec!["a".to_owned(), "b".to_owned()]);
    vec![
        case(
            "unsigned-changed",
            "an unsigned attribute was changed",
            edit::set(&one, "Hits", 99),
            set(&plain, "Hits", 99.into()),
        ),
        case(
            "unsigned-dropped",
            "an unsigned attribute was taken out",
            edit::drop(&one, "Hits"),
            edit::drop(&plain, "Hits"),
        ),
        case(
            "unsigned-added",
            "an attribute with the unsigned prefix was added",
            edit::set(&one, ":new", "x"),
            set(&plain, ":new", "x".into()),
        ),
        case(
            "number-respelled",
            "a signed number was respelled: its normal form is signed",
            edit::set(&one, "Total", number("1.99e1")),
            set(&plain, "Total", number("1.99e1")),
        ),
        case(
            "key-respelled",
            "a key attribute's number was respelled",
            edit::set(&one, "CustomerID", number("5.67E2")),
            set(&plain, "CustomerID", number("5.67E2")),
        ),
        case(
            "set-reordered",
            "a signed set was reordered: its canonical form is signed",
            edit::set(&one, "Status", sorted.clone()),
            set(&plain, "Status", sorted),
        ),
        case(
            "format-attribute-added",
            "another attribute of the format's own was added; it is not given back",
            edit::set(&one, "aws_dbe_v_1", " "),
            plain.clone(),
        ),
        case(
            "other-recipients-tag",
            "another recipient's tag was altered",
            edit::bytes(&two, FOOTER, |footer| footer[48] ^= 1),
            plain.clone(),
        ),
        case(
            "tags-swapped",
            "the two recipients' tags were exchanged",
            edit::bytes(&two, FOOTER, |footer| footer[..96].rotate_left(48)),
            plain,
        ),
    ]
}
