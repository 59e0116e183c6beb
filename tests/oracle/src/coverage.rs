//! What the generated items had in them, counted on the items themselves.

use std::collections::BTreeMap;

use itemseal::{AttributeValue, Item, MAX_DEPTH};

use crate::table::{Action, Table, suite_name};

/// Counts by what was counted.
#[derive(Debug, Default)]
pub struct Coverage(BTreeMap<String, u64>);

impl Coverage {
    /// Counts one item, given in one direction.
    pub fn observe(&mut self, table: &Table, recipients: usize, item: &Item) {
        let mut seen = Features::default();
        seen.add(format!("format: version {}", table.format_version()));
        seen.add(format!("format: suite {}", suite_name(table.suite)));
        seen.add(format!("recipients: {recipients}"));
        seen.add(if table.sort_key.is_some() {
            "keys: with sort key"
        } else {
            "keys: no sort key"
        });
        for key in table.keys() {
            seen.add(format!(
                "keys: type {}",
                item.get(key).map_or("?", AttributeValue::type_name)
            ));
        }
        for (name, value) in item {
            let action = table.action(name);
            seen.name(name);
            seen.add(match action {
                Action::Encrypt => "action: encrypt and sign",
                Action::Sign => "action: sign only",
                Action::Context => "action: in the encryption context",
                Action::Nothing if table.has_unsigned_prefix(name) => "action: unsigned by prefix",
                Action::Nothing => "action: unsigned by name",
            });
            seen.add(format!("{}: {}", action_word(action), value.type_name()));
            let depth = seen.value(value, 1);
            seen.add(match depth {
                1 => "nesting: flat".to_owned(),
                2..=8 => "nesting: 2 to 8 levels".to_owned(),
                MAX_DEPTH => format!("nesting: exactly {MAX_DEPTH} levels"),
                _ => format!("nesting: 9 to {} levels", MAX_DEPTH - 1),
            });
        }
        seen.names_together(item);
        for feature in seen.0 {
            *self.0.entry(feature).or_default() += 1;
        }
    }

    /// Counts one event.
    pub fn count(&mut self, what: impl Into<String>) {
        *self.0.entry(what.into()).or_default() += 1;
    }

    /// How often something was counted.
    pub fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or(0)
    }

    /// The features that a full run must have seen and did not.
    pub fn missing(&self) -> Vec<&'static str> {
        REQUIRED.iter().copied().filter(|what| self.of(what) == 0).collect()
    }

    /// The table, one line a feature.
    pub fn print(&self) {
        for (what, count) in &self.0 {
            println!("{count:>8}  {what}");
        }
    }
}

/// What a full run is not complete without.
const REQUIRED: &[&str] = &[
    "format: version 1",
    "format: version 2",
    "format: suite ecdsa-p384",
    "format: suite hmac-only",
    "recipients: 1",
    "recipients: 2",
    "recipients: 3",
    "keys: with sort key",
    "keys: no sort key",
    "keys: type S",
    "keys: type N",
    "keys: type B",
    "action: encrypt and sign",
    "action: sign only",
    "action: in the encryption context",
    "action: unsigned by prefix",
    "action: unsigned by name",
    "encrypted: S",
    "encrypted: N",
    "encrypted: B",
    "encrypted: BOOL",
    "encrypted: NULL",
    "encrypted: SS",
    "encrypted: NS",
    "encrypted: BS",
    "encrypted: L",
    "encrypted: M",
    "signed: S",
    "signed: N",
    "signed: B",
    "signed: BOOL",
    "signed: NULL",
    "signed: SS",
    "signed: NS",
    "signed: BS",
    "signed: L",
    "signed: M",
    "context: S",
    "context: N",
    "context: B",
    "context: BOOL",
    "context: NULL",
    "context: SS",
    "context: NS",
    "context: BS",
    "context: L",
    "context: M",
    "nesting: flat",
    "nesting: 2 to 8 levels",
    "nesting: exactly 32 levels",
    "empty: S",
    "empty: B",
    "empty: L",
    "empty: M",
    "empty: SS",
    "empty: NS",
    "empty: BS",
    "text: map keys ordered differently in UTF-8 and UTF-16",
    "text: set elements ordered differently in UTF-8 and UTF-16",
    "text: names ordered differently in UTF-8 and UTF-16",
    "text: name above U+FFFF",
    "text: names of different lengths",
    "number: exponent",
    "number: negative exponent",
    "number: leading zero",
    "number: trailing zero of a fraction",
    "number: plus sign",
    "number: minus sign",
    "number: minus zero",
    "number: 38 digits",
    "number: magnitude 1E+125",
    "number: magnitude 1E-130",
    "number: no digit before the point",
    "number: no digit behind the point",
];

fn action_word(action: Action) -> &'static str {
    match action {
        Action::Encrypt => "encrypted",
        Action::Sign => "signed",
        Action::Context => "context",
        Action::Nothing => "unsigned",
    }
}

/// The features of one item: each is counted once an item.
#[derive(Default)]
struct Features(std::collections::BTreeSet<String>);

impl Features {
    fn add(&mut self, feature: impl Into<String>) {
        self.0.insert(feature.into());
    }

    fn name(&mut self, name: &str) {
        if !name.is_ascii() {
            self.add("text: name beyond ASCII");
        }
        if name.chars().any(|c| c > '\u{ffff}') {
            self.add("text: name above U+FFFF");
        }
    }

    fn names_together(&mut self, item: &Item) {
        let names: Vec<&str> = item.iter().map(|(name, _)| name.as_str()).collect();
        if orders_differ(&names) {
            self.add("text: names ordered differently in UTF-8 and UTF-16");
        }
        let lengths: std::collections::BTreeSet<_> = names.iter().map(|name| name.len()).collect();
        if lengths.len() > 1 {
            self.add("text: names of different lengths");
        }
    }

    /// Notes a value and everything in it; gives the deepest level.
    fn value(&mut self, value: &AttributeValue, depth: usize) -> usize {
        let empty = match value {
            AttributeValue::S(text) => text.is_empty(),
            AttributeValue::B(bytes) => bytes.is_empty(),
            AttributeValue::Ss(set) => {
                if orders_differ(&set.iter().map(String::as_str).collect::<Vec<_>>()) {
                    self.add("text: set elements ordered differently in UTF-8 and UTF-16");
                }
                set.is_empty()
            }
            AttributeValue::Ns(set) => {
                set.iter().for_each(|number| self.number(number));
                set.is_empty()
            }
            AttributeValue::Bs(set) => set.is_empty(),
            AttributeValue::N(number) => {
                self.number(number);
                false
            }
            AttributeValue::L(list) => list.is_empty(),
            AttributeValue::M(map) => {
                if orders_differ(&map.keys().map(String::as_str).collect::<Vec<_>>()) {
                    self.add("text: map keys ordered differently in UTF-8 and UTF-16");
                }
                map.is_empty()
            }
            AttributeValue::Bool(_) | AttributeValue::Null => false,
        };
        if empty {
            self.add(format!("empty: {}", value.type_name()));
        }
        match value {
            AttributeValue::L(list) => {
                list.iter().map(|value| self.value(value, depth + 1)).max().unwrap_or(depth)
            }
            AttributeValue::M(map) => {
                map.values().map(|value| self.value(value, depth + 1)).max().unwrap_or(depth)
            }
            _ => depth,
        }
    }

    fn number(&mut self, number: &str) {
        let unsigned = number.trim_start_matches(['+', '-']);
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, ""));
        let plain = crate::compare::plain_decimal(number);
        let significant =
            plain.trim_start_matches(['-', '0', '.']).replace('.', "").trim_end_matches('0').len();
        let fraction = mantissa.split_once('.').map(|(_, fraction)| fraction);
        for (feature, has) in [
            ("exponent", !exponent.is_empty()),
            ("negative exponent", exponent.starts_with('-')),
            ("leading zero", mantissa.len() > 1 && mantissa.starts_with('0')),
            ("trailing zero of a fraction", fraction.is_some_and(|f| f.ends_with('0'))),
            ("plus sign", number.starts_with('+')),
            ("minus sign", number.starts_with('-')),
            ("minus zero", number.starts_with('-') && plain == "0"),
            ("38 digits", significant == 38),
            (
                "magnitude 1E+125",
                plain.trim_start_matches('-').split('.').next().is_some_and(|w| w.len() == 126),
            ),
            (
                "magnitude 1E-130",
                plain.split_once('.').is_some_and(|(w, f)| {
                    w.ends_with('0')
                        && f.len() > 129
                        && f.bytes().take(129).all(|digit| digit == b'0')
                }),
            ),
            ("no digit before the point", mantissa.starts_with('.')),
            ("no digit behind the point", mantissa.ends_with('.')),
        ] {
            if has {
                self.add(format!("number: {feature}"));
            }
        }
    }
}

fn orders_differ(texts: &[&str]) -> bool {
    let mut by_utf8 = texts.to_vec();
    by_utf8.sort_unstable();
    let mut by_utf16 = by_utf8.clone();
    by_utf16.sort_by_key(|text| text.encode_utf16().collect::<Vec<_>>());
    by_utf8 != by_utf16
}
