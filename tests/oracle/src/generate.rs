//! Tables and items, from a seed.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use itemseal::{AlgorithmSuite, AttributeValue, Item, MAX_DEPTH};

use crate::compare::plain_decimal;
use crate::keys::WrappingKey;
use crate::table::{Action, Table};

/// Attribute names and map keys: lengths from 1 to 255, characters of 1 to 4 bytes of UTF-8,
/// pairs whose orders in UTF-8 and UTF-16 differ, and what other formats would have to escape.
const NAMES: &[&str] = &[
    "a",
    "b",
    "Z",
    "é",
    "ß",
    "｡",
    "\u{e000}",
    "\u{fffd}",
    "𝄞",
    "\u{10ffff}",
    "aa",
    "ab",
    "b𝄞",
    "b｡",
    "zz",
    "Name",
    "name",
    "NAME",
    "a.b",
    "a[0]",
    "$",
    "$.a",
    "#h",
    "日本語",
    "emoji😀",
    "with space",
    "line\nbreak",
    "quote\"",
    "back\\slash",
    "nul\0",
    "aws_dbe",
    "Address",
    "Card",
    "Balance",
    "Tags",
    "Notes",
    "attribute_with_a_rather_long_name",
];

/// Names of the attributes that a prefix leaves unsigned.
const PREFIXED: &[&str] = &[":ttl", ":é", ":", ":counter"];

/// Text of which strings are made.
const PIECES: &[&str] = &[
    "",
    "a",
    "b",
    "é",
    "｡",
    "𝄞",
    "\u{e000}",
    "\u{ffff}",
    "\u{10ffff}",
    "text",
    "0",
    "null",
    "true",
    " ",
    "\0",
    "\n",
    "日本語",
    "😀",
    "e\u{301}",
];

/// The seed of something numbered, such as an item of a run.
pub fn seed_of(run: u64, kind: &str, n: usize) -> u64 {
    let mut seed = run ^ 0x9e37_79b9_7f4a_7c15;
    for byte in kind.bytes().chain((n as u64).to_be_bytes()) {
        seed = (seed ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(17);
    }
    Rng::with_seed(seed).u64(..)
}

/// How many tables a run has: both versions, both suites, one to three recipients, with and
/// without a sort key.
pub const TABLES: usize = 24;

/// The `n`th table of a run and the keys of its recipients.
pub fn table(run: u64, n: usize) -> (Table, Vec<WrappingKey>) {
    let mut rng = Rng::with_seed(seed_of(run, "table", n));
    let (version, suite) = (1 + n % 2, n / 2 % 2);
    let (recipients, has_sort_key) = (1 + n / 4 % 3, n / 12 % 2 == 1);
    let mut names: Vec<&str> = NAMES.to_vec();
    let longest = "n".repeat(255);
    names.push(&longest);
    rng.shuffle(&mut names);
    let mut names = names.into_iter().map(str::to_owned);
    let mut next = || names.next().expect("more names than keys");
    let partition_key = next();
    let sort_key = has_sort_key.then(&mut next);
    let context: Vec<String> =
        if version == 2 { (0..rng.usize(1..4)).map(|_| next()).collect() } else { Vec::new() };

    let mut actions: BTreeMap<String, Action> =
        context.into_iter().map(|name| (name, Action::Context)).collect();
    // By list, by prefix, by both, or nothing unsigned at all.
    let (by_list, by_prefix) = (n % 3 != 1, n % 4 != 3);
    for name in names {
        let action = match rng.u8(..10) {
            0..6 => Action::Encrypt,
            6 if by_list => Action::Nothing,
            _ => Action::Sign,
        };
        actions.insert(name, action);
    }
    if by_prefix {
        actions.extend(PREFIXED.iter().map(|&name| (name.to_owned(), Action::Nothing)));
    }
    let table = Table {
        logical_name: ["Orders", "orders.of-2024_v2", "T-1"][n % 3].to_owned(),
        partition_key,
        sort_key,
        actions,
        unsigned_prefix: by_prefix.then(|| ":".to_owned()),
        suite: if suite == 0 { AlgorithmSuite::HmacOnly } else { AlgorithmSuite::EcdsaP384 },
    };
    (table, keys(&mut rng, recipients))
}

/// Keys of all three lengths, in one namespace or several, with names that contain each other.
fn keys(rng: &mut Rng, count: usize) -> Vec<WrappingKey> {
    let one_namespace = rng.bool();
    let first = rng.usize(..3);
    (0..count)
        .map(|n| {
            let namespace =
                if one_namespace { "ns".to_owned() } else { format!("namespace é{n}") };
            let name = &"key-1-of-three"[..5 + 3 * n];
            WrappingKey::from_seed(rng.u64(..), &namespace, name, [32, 16, 24][(first + n) % 3])
        })
        .collect()
}

/// An item of the table: keys, context attributes, and some of the others.
pub fn item(rng: &mut Rng, table: &Table) -> Item {
    let mut item = Item::new();
    for key in table.keys() {
        item.insert(key, key_value(rng));
    }
    for name in table.names(Action::Context) {
        item.insert(name, value(rng, 1));
    }
    let mut optional: Vec<&String> = table
        .actions
        .iter()
        .filter(|(_, a)| **a != Action::Context)
        .map(|(name, _)| name)
        .collect();
    rng.shuffle(&mut optional);
    // Now and then an item of nothing but its keys, or with everything.
    let count = match rng.u8(..20) {
        0 => 0,
        1 => optional.len(),
        _ => rng.usize(1..13).min(optional.len()),
    };
    for name in &optional[..count] {
        let levels = if rng.u8(..30) == 0 { MAX_DEPTH } else { rng.usize(1..4) };
        item.insert(name.as_str(), nested(rng, levels));
    }
    item
}

fn key_value(rng: &mut Rng) -> AttributeValue {
    match rng.u8(..3) {
        0 => AttributeValue::S(format!("key {}", text(rng))),
        1 => AttributeValue::N(number(rng)),
        _ => AttributeValue::B([&[rng.u8(..)][..], &bytes(rng)].concat()),
    }
}

/// A value whose deepest nesting is exactly `levels`, if it is of more than one.
fn nested(rng: &mut Rng, levels: usize) -> AttributeValue {
    let mut inner = value(rng, 1);
    for _ in 1..levels {
        let sibling = rng.bool().then(|| value(rng, 1));
        inner = if rng.bool() {
            AttributeValue::L([sibling, Some(inner)].into_iter().flatten().collect())
        } else {
            let mut map = BTreeMap::from([(name(rng), inner)]);
            map.extend(sibling.map(|value| (format!("{}+", name(rng)), value)));
            AttributeValue::M(map)
        };
    }
    inner
}

/// A value of any type; lists and maps in it are empty or of flat values.
fn value(rng: &mut Rng, depth: usize) -> AttributeValue {
    match rng.u8(..if depth == 1 { 10 } else { 8 }) {
        0 => AttributeValue::S(text(rng)),
        1 => AttributeValue::N(number(rng)),
        2 => AttributeValue::B(bytes(rng)),
        3 => AttributeValue::Bool(rng.bool()),
        4 => AttributeValue::Null,
        5 => AttributeValue::Ss(set(rng, text, |text| text.clone())),
        6 => AttributeValue::Ns(set(rng, number, |number| plain_decimal(number))),
        7 => AttributeValue::Bs(set(rng, bytes, |bytes| bytes.clone())),
        _ if depth == MAX_DEPTH => AttributeValue::Null,
        8 => AttributeValue::L(Vec::new()),
        _ => AttributeValue::M(BTreeMap::new()),
    }
}

/// A set of up to six, no two equal by `identity`, in the order in which they came up.
fn set<T, I: Ord>(
    rng: &mut Rng,
    mut element: impl FnMut(&mut Rng) -> T,
    identity: impl Fn(&T) -> I,
) -> Vec<T> {
    let mut seen = BTreeSet::new();
    let mut set = Vec::new();
    for _ in 0..rng.usize(..7) {
        let element = element(rng);
        if seen.insert(identity(&element)) {
            set.push(element);
        }
    }
    set
}

fn name(rng: &mut Rng) -> String {
    NAMES[rng.usize(..NAMES.len())].to_owned()
}

fn text(rng: &mut Rng) -> String {
    let pieces = if rng.u8(..40) == 0 { 500 } else { rng.usize(..4) };
    (0..pieces).map(|_| PIECES[rng.usize(..PIECES.len())]).collect()
}

fn bytes(rng: &mut Rng) -> Vec<u8> {
    let len = if rng.u8(..40) == 0 { 3_000 } else { rng.usize(..20) };
    std::iter::repeat_with(|| rng.u8(..)).take(len).collect()
}

/// A DynamoDB number in any notation: 0, or 1 to 38 significant digits from 1E-130 to 9.9…E+125.
fn number(rng: &mut Rng) -> String {
    let sign = ["", "", "-", "-", "+"][rng.usize(..5)];
    let mark = ["e", "E", "e+", "E+"][rng.usize(..4)];
    if rng.u8(..12) == 0 {
        let zero = ["0", "00", "0.0", ".0", "0.", "0e5", "0E-7", "0.00e+3"][rng.usize(..8)];
        return format!("{sign}{zero}");
    }
    let count = match rng.u8(..4) {
        0 => 38,
        1 => rng.usize(1..39),
        _ => rng.usize(1..8),
    };
    let mut digits: String = (0..count).map(|_| char::from(b'0' + rng.u8(..10))).collect();
    // The first digit is not zero, so that its exponent is the number's magnitude.
    digits.replace_range(..1, ["1", "2", "5", "9"][rng.usize(..4)]);
    let whole = rng.usize(..=count);
    let (before, after) = digits.split_at(whole);
    // Zeros behind the point carry nothing, but before it they would be digits of a fraction.
    let leading = "0".repeat(rng.usize(..3));
    let trailing = if after.is_empty() {
        ["", ".", ".0", ".00"][rng.usize(..4)]
    } else {
        ["", "0", "000"][rng.usize(..3)]
    };
    let point = if after.is_empty() { "" } else { "." };
    let mantissa = format!("{leading}{before}{point}{after}{trailing}");
    let own = if whole == 0 { -1 } else { whole as i32 - 1 };
    let magnitude = match rng.u8(..6) {
        0 => 125,
        1 => -130,
        2 => rng.i32(-130..=125),
        3 => rng.i32(-10..=10),
        _ => return format!("{sign}{mantissa}"),
    };
    match magnitude - own {
        exponent @ 0.. => format!("{sign}{mantissa}{mark}{exponent}"),
        exponent => format!("{sign}{mantissa}{}{exponent}", &mark[..1]),
    }
}
