//! Items of every type, from a seed: as they are written, and as they must be read.

use std::collections::{BTreeMap, BTreeSet};

use itemseal::{AttributeValue, Item};

use crate::table::{Action, PARTITION, SORT, Table};

// U+FF61 sorts before what lies beyond U+FFFF by bytes, and after it by UTF-16.
const PIECES: [&str; 10] =
    ["a", "Zürich", "", " ", "\"\\\n\u{0}", "日本語", "𝒳🦭", "é", "｡", "aws_dbe_"];
const KEYS: [&str; 6] = ["k", "a.b[0]", "Straße", "𝒳", "｡", " "];
/// Items of one partition key, which a query gives.
pub const GROUP: usize = 10;

/// A value as it is written, and as it must be read.
type Pair<T = AttributeValue> = (T, T);

pub struct Generator(u64);

impl Generator {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The item with this number: keys, every attribute in the context, and some of the others.
    pub fn item(&mut self, table: &Table, n: usize) -> Pair<Item> {
        let (mut given, mut read) = (Item::new(), Item::new());
        for (name, key) in [(PARTITION, table.partition.at(n / GROUP)), (SORT, table.sort.at(n))] {
            given.insert(name, key.clone());
            read.insert(name, key);
        }
        for (name, action) in table.actions() {
            if action == Action::Context || self.below(3) > 0 {
                let depth = self.below(4);
                let (written, normal) = if name == crate::table::COUNTER {
                    let count = AttributeValue::N(n.to_string());
                    (count.clone(), count)
                } else {
                    self.value(depth)
                };
                given.insert(name, written);
                read.insert(name, normal);
            }
        }
        (given, read)
    }

    /// A value of any type; lists and maps in it go down `depth` levels.
    fn value(&mut self, depth: usize) -> Pair {
        let kinds = if depth == 0 { 8 } else { 14 };
        match self.below(kinds) {
            0 => same(AttributeValue::S(self.text())),
            1 => {
                let (given, read) = self.number();
                (AttributeValue::N(given), AttributeValue::N(read))
            }
            2 => same(AttributeValue::B(self.bytes())),
            3 => same(AttributeValue::Bool(self.below(2) == 0)),
            4 => same(AttributeValue::Null),
            5 => same(AttributeValue::Ss(self.set(Self::text))),
            6 => {
                let numbers: BTreeMap<_, _> =
                    self.set(Self::number).into_iter().map(|(given, read)| (read, given)).collect();
                let (read, given) = numbers.into_iter().rev().unzip();
                (AttributeValue::Ns(given), AttributeValue::Ns(read))
            }
            7 => same(AttributeValue::Bs(self.set(Self::bytes))),
            8..11 => {
                let values: Vec<_> = (0..self.below(4)).map(|_| self.value(depth - 1)).collect();
                let (given, read) = values.into_iter().unzip();
                (AttributeValue::L(given), AttributeValue::L(read))
            }
            _ => {
                let (mut given, mut read) = (BTreeMap::new(), BTreeMap::new());
                for _ in 0..self.below(4) {
                    let key = KEYS[self.below(KEYS.len())].to_owned();
                    let (written, normal) = self.value(depth - 1);
                    given.insert(key.clone(), written);
                    read.insert(key, normal);
                }
                (AttributeValue::M(given), AttributeValue::M(read))
            }
        }
    }

    fn text(&mut self) -> String {
        (0..self.below(4)).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }

    fn bytes(&mut self) -> Vec<u8> {
        let count = [0, 1, 7, 19][self.below(4)];
        (0..count).map(|_| self.next().to_le_bytes()[0]).collect()
    }

    /// One to five, none twice, not in order.
    fn set<T: Ord>(&mut self, mut element: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let set: BTreeSet<T> = (0..=self.below(5)).map(|_| element(self)).collect();
        set.into_iter().rev().collect()
    }

    /// A number of 1 to 38 digits from 1E-130 to 9.9…E+125 in one of its notations, and in plain decimal.
    fn number(&mut self) -> Pair<String> {
        if self.below(12) == 0 {
            return (["0", "0.0", "0E5"][self.below(3)].to_owned(), "0".to_owned());
        }
        let sign = ["", "-"][self.below(2)];
        let count = [1, 2, 5, 17, 38][self.below(5)];
        // Neither the first digit nor the last is zero, so each number has one plain form.
        let edge = |n: u64| char::from(b'1' + u8::try_from(n % 9).unwrap());
        let mut digits: String =
            (0..count).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap())).collect();
        digits.replace_range(count - 1.., edge(self.next()).encode_utf8(&mut [0; 4]));
        digits.replace_range(..1, edge(self.next()).encode_utf8(&mut [0; 4]));
        // The decimal exponent of the first digit.
        let magnitude: i32 = [125, -130, 0, 3, -3, 37, 40][self.below(7)];
        let plain = match usize::try_from(magnitude) {
            Ok(whole) if whole + 1 >= count => digits.clone() + &"0".repeat(whole + 1 - count),
            Ok(whole) => format!("{}.{}", &digits[..=whole], &digits[whole + 1..]),
            Err(_) => {
                let zeros = usize::try_from(-magnitude - 1).unwrap();
                format!("0.{}{digits}", "0".repeat(zeros))
            }
        };
        let given = match self.below(4) {
            0 => format!("{sign}{}.{}E{magnitude}", &digits[..1], &digits[1..]),
            1 => format!("{sign}{digits}e{}", magnitude + 1 - i32::try_from(count).unwrap()),
            2 if plain.contains('.') => format!("{sign}{plain}00"),
            _ => format!("{sign}{plain}"),
        };
        (given, format!("{sign}{plain}"))
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

fn same(value: AttributeValue) -> Pair {
    (value.clone(), value)
}
