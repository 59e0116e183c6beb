//! What must come back: computed here, with code of this crate only, and compared exactly.

use itemseal::{AttributeValue, Item};

use crate::layout::{FOOTER, HEADER, HeaderLayout};
use crate::table::{Action, Table, flavor};

/// The item that a reader must give back: encrypted attributes in canonical form (numbers in plain
/// decimal, sets sorted, at every depth), everything else exactly as given.
pub fn expected(table: &Table, item: &Item) -> Item {
    item.iter()
        .map(|(name, value)| match table.action(name) {
            Action::Encrypt => (name.clone(), canonical(value)),
            _ => (name.clone(), value.clone()),
        })
        .collect()
}

/// Checks what came back against what must.
///
/// # Errors
/// Both forms in JSON, attribute by attribute, where they differ.
pub fn same_item(expected: &Item, got: &Item) -> Result<(), String> {
    if expected == got {
        return Ok(());
    }
    let names = expected.iter().chain(got.iter()).map(|(name, _)| name);
    let differing: std::collections::BTreeSet<_> =
        names.filter(|name| expected.get(name) != got.get(name)).collect();
    let show = |item: &Item, name: &str| match item.get(name) {
        Some(value) => Item::new().with(name, value.clone()).to_json(),
        None => "absent".to_owned(),
    };
    let lines: Vec<String> = differing
        .into_iter()
        .map(|name| format!("expected {} but got {}", show(expected, name), show(got, name)))
        .collect();
    Err(lines.join("; "))
}

/// Checks the stored form as far as it can be seen without a key: attributes, version, flavor,
/// legend, number of recipients, lengths.
///
/// # Errors
/// The first thing that is not as it must be.
pub fn stored_form(
    table: &Table,
    recipients: usize,
    item: &Item,
    stored: &Item,
) -> Result<(), String> {
    if stored.len() != item.len() + 2 {
        return Err(format!("{} attributes became {}", item.len(), stored.len()));
    }
    let binary = |name: &str| {
        stored.get(name).and_then(AttributeValue::as_b).ok_or(format!("{name} is missing or not B"))
    };
    let layout = HeaderLayout::parse(binary(HEADER)?).ok_or("the header does not parse")?;
    let expect = |what: &str, expected: usize, got: usize| {
        if expected == got { Ok(()) } else { Err(format!("{what}: {got} and not {expected}")) }
    };
    expect("format version", table.format_version().into(), layout.version.into())?;
    expect("flavor", flavor(table.suite).into(), layout.flavor.into())?;
    expect("encrypted data keys", recipients, layout.edks)?;
    expect("entries of the stored context", flavor(table.suite).into(), layout.context_entries)?;
    if layout.legend != legend(table, item) {
        return Err(format!("legend {:?}", String::from_utf8_lossy(&layout.legend)));
    }
    let signature = if flavor(table.suite) == 1 { 103 } else { 0 };
    expect("bytes of the footer", recipients * 48 + signature, binary(FOOTER)?.len())?;
    for (name, value) in item {
        if table.action(name) == Action::Encrypt {
            let bytes = binary(name)?;
            if bytes.get(..2) != Some(&type_id(value)) || bytes.len() < 18 {
                return Err(format!(
                    "{name:?}: an encrypted value that starts {:02x?}",
                    bytes.get(..2)
                ));
            }
        } else if stored.get(name) != Some(value) {
            return Err(format!("{name:?} is in clear but not stored as given"));
        }
    }
    Ok(())
}

/// Checks that two stored forms of one item have the same lengths: serialization is canonical, so
/// nothing in them may depend on who wrote.
///
/// # Errors
/// The attribute whose lengths differ.
pub fn same_lengths(one: &Item, other: &Item) -> Result<(), String> {
    for (name, value) in one {
        let lengths = (
            value.as_b().map(<[u8]>::len),
            other.get(name).and_then(|v| v.as_b().map(<[u8]>::len)),
        );
        if lengths.0 != lengths.1 {
            return Err(format!("{name:?}: lengths {:?} and {:?}", lengths.0, lengths.1));
        }
    }
    Ok(())
}

/// One byte an attribute, by ascending length of the name in UTF-16, then by its bytes.
fn legend(table: &Table, item: &Item) -> Vec<u8> {
    let mut signed: Vec<(usize, &str, u8)> = item
        .iter()
        .filter_map(|(name, _)| {
            let byte = match table.action(name) {
                Action::Encrypt => b'e',
                Action::Sign => b's',
                Action::Context => b'c',
                Action::Nothing => return None,
            };
            Some((name.encode_utf16().count(), name.as_str(), byte))
        })
        .collect();
    signed.sort_unstable();
    signed.into_iter().map(|(_, _, byte)| byte).collect()
}

fn type_id(value: &AttributeValue) -> [u8; 2] {
    match value {
        AttributeValue::Null => [0, 0],
        AttributeValue::S(_) => [0, 1],
        AttributeValue::N(_) => [0, 2],
        AttributeValue::Bool(_) => [0, 4],
        AttributeValue::B(_) => [0xff, 0xff],
        AttributeValue::Ss(_) => [1, 1],
        AttributeValue::Ns(_) => [1, 2],
        AttributeValue::Bs(_) => [1, 0xff],
        AttributeValue::M(_) => [2, 0],
        AttributeValue::L(_) => [3, 0],
    }
}

fn canonical(value: &AttributeValue) -> AttributeValue {
    match value {
        AttributeValue::N(text) => AttributeValue::N(plain_decimal(text)),
        AttributeValue::Ss(set) => {
            let mut set = set.clone();
            set.sort_by_key(|text| text.encode_utf16().collect::<Vec<_>>());
            AttributeValue::Ss(set)
        }
        AttributeValue::Ns(set) => {
            let mut set: Vec<String> = set.iter().map(|text| plain_decimal(text)).collect();
            set.sort();
            AttributeValue::Ns(set)
        }
        AttributeValue::Bs(set) => {
            let mut set = set.clone();
            set.sort();
            AttributeValue::Bs(set)
        }
        AttributeValue::L(list) => AttributeValue::L(list.iter().map(canonical).collect()),
        AttributeValue::M(map) => AttributeValue::M(
            map.iter().map(|(key, value)| (key.clone(), canonical(value))).collect(),
        ),
        other => other.clone(),
    }
}

/// The normal form of a number: written out with all its zeros, then trimmed. Text that is no
/// number stays what it is; whether a writer takes it is for the writers to agree on.
pub fn plain_decimal(text: &str) -> String {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if mantissa.bytes().any(|byte| byte != b'.' && !byte.is_ascii_digit()) {
        return text.to_owned();
    }
    if whole.bytes().chain(fraction.bytes()).all(|digit| digit == b'0') {
        return "0".to_owned();
    }
    let Ok(exponent) = exponent.parse::<i16>() else { return text.to_owned() };
    let room = usize::from(exponent.unsigned_abs());
    let digits = [&*"0".repeat(room), whole, fraction, &*"0".repeat(room)].concat();
    let point = if exponent < 0 { whole.len() } else { whole.len() + 2 * room };
    let (whole, fraction) = digits.split_at(point);
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let sign = if text.starts_with('-') { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    [sign, whole, point, fraction].concat()
}
