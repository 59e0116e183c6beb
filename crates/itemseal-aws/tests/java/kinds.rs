//! What values are there, so that the items are seen to cover all of them.

use std::collections::BTreeSet;

use itemseal::AttributeValue;

/// All that items have to cover.
pub const KINDS: [&str; 20] = [
    "B",
    "B empty",
    "BOOL",
    "BS",
    "L",
    "L empty",
    "L nested",
    "M",
    "M empty",
    "M nested",
    "N",
    "N after 129 zeros",
    "N of 126 places",
    "N of 38 digits",
    "N with exponent",
    "NS",
    "NULL",
    "S",
    "S empty",
    "SS",
];

/// Adds what a value is, and what is in it, to what was found.
pub fn kinds(value: &AttributeValue, depth: usize, found: &mut BTreeSet<&'static str>) {
    let kind = match value {
        AttributeValue::S(text) if text.is_empty() => "S empty",
        AttributeValue::S(_) => "S",
        AttributeValue::N(text) => {
            number(text, found);
            "N"
        }
        AttributeValue::B(bytes) if bytes.is_empty() => "B empty",
        AttributeValue::B(_) => "B",
        AttributeValue::Bool(_) => "BOOL",
        AttributeValue::Null => "NULL",
        AttributeValue::Ss(_) => "SS",
        AttributeValue::Ns(_) => "NS",
        AttributeValue::Bs(_) => "BS",
        AttributeValue::L(list) => {
            list.iter().for_each(|value| kinds(value, depth + 1, found));
            match list.is_empty() {
                true => "L empty",
                false if depth > 0 => "L nested",
                false => "L",
            }
        }
        AttributeValue::M(map) => {
            map.values().for_each(|value| kinds(value, depth + 1, found));
            match map.is_empty() {
                true => "M empty",
                false if depth > 0 => "M nested",
                false => "M",
            }
        }
    };
    found.insert(kind);
}

fn number(text: &str, found: &mut BTreeSet<&'static str>) {
    let unsigned = text.trim_start_matches('-');
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, ""));
    if mantissa.bytes().filter(u8::is_ascii_digit).count() == 38 {
        found.insert("N of 38 digits");
    }
    if !exponent.is_empty() {
        found.insert("N with exponent");
    } else if mantissa.len() == 126 {
        found.insert("N of 126 places");
    } else if mantissa.strip_prefix("0.").is_some_and(|places| places.starts_with(&"0".repeat(129)))
    {
        found.insert("N after 129 zeros");
    }
}
