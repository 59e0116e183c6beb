//! Items: attribute maps of DynamoDB's ten types, and their JSON and CBOR forms.

mod binary;
mod cbor;
mod json;
pub(crate) mod number;
mod serde_form;

use std::collections::BTreeMap;
use std::collections::btree_map;
use std::fmt;

pub use number::normalize_number;

/// Deepest nesting that the format and DynamoDB allow, counting the top-level value as one.
pub const MAX_DEPTH: usize = 32;

/// Attribute names that start so belong to the format; a caller may not use them.
pub const RESERVED_PREFIX: &str = "aws_dbe_";

/// Attribute names that start so are the encryption context's own; AWS's libraries do not sign them,
/// so neither do we.
pub(crate) const CONTEXT_PREFIX: &str = "aws-crypto-";

/// A DynamoDB attribute value.
///
/// Source: [AttributeValue](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html).
/// `Debug` shows the type and the size, never the value.
#[allow(
    clippy::exhaustive_enums,
    reason = "DynamoDB has these ten types; users match on all of them"
)]
#[derive(Clone, PartialEq)]
pub enum AttributeValue {
    /// A string, UTF-8, of any length.
    S(String),
    /// A number, as text: at most 38 significant digits, magnitude 1E-130 to 9.99…E+125.
    /// Kept as given; [`normalize_number`] gives the form that is encrypted and signed.
    N(String),
    /// Bytes.
    B(Vec<u8>),
    /// `true` or `false`.
    Bool(bool),
    /// Null. (DynamoDB's wire form has a boolean here that must be true.)
    Null,
    /// A set of strings, no two equal.
    Ss(Vec<String>),
    /// A set of numbers, no two equal in value.
    Ns(Vec<String>),
    /// A set of byte strings, no two equal.
    Bs(Vec<Vec<u8>>),
    /// A list.
    L(Vec<AttributeValue>),
    /// A map.
    M(BTreeMap<String, AttributeValue>),
}

impl AttributeValue {
    /// DynamoDB's name of the type: `S`, `N`, `B`, `BOOL`, `NULL`, `SS`, `NS`, `BS`, `L` or `M`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::S(_) => "S",
            Self::N(_) => "N",
            Self::B(_) => "B",
            Self::Bool(_) => "BOOL",
            Self::Null => "NULL",
            Self::Ss(_) => "SS",
            Self::Ns(_) => "NS",
            Self::Bs(_) => "BS",
            Self::L(_) => "L",
            Self::M(_) => "M",
        }
    }

    /// The text of an `S`.
    pub fn as_s(&self) -> Option<&str> {
        if let Self::S(text) = self { Some(text) } else { None }
    }

    /// The text of an `N`.
    pub fn as_n(&self) -> Option<&str> {
        if let Self::N(text) = self { Some(text) } else { None }
    }

    /// The bytes of a `B`.
    pub fn as_b(&self) -> Option<&[u8]> {
        if let Self::B(bytes) = self { Some(bytes) } else { None }
    }
}

impl fmt::Debug for AttributeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.type_name();
        match self {
            Self::S(text) | Self::N(text) => write!(f, "{name}({} bytes)", text.len()),
            Self::B(bytes) => write!(f, "{name}({} bytes)", bytes.len()),
            Self::Bool(_) | Self::Null => f.write_str(name),
            Self::Ss(set) | Self::Ns(set) => write!(f, "{name}({} elements)", set.len()),
            Self::Bs(set) => write!(f, "{name}({} elements)", set.len()),
            Self::L(list) => write!(f, "{name}({} elements)", list.len()),
            Self::M(map) => write!(f, "{name}({} elements)", map.len()),
        }
    }
}

impl From<&str> for AttributeValue {
    fn from(text: &str) -> Self {
        Self::S(text.to_owned())
    }
}

impl From<String> for AttributeValue {
    fn from(text: String) -> Self {
        Self::S(text)
    }
}

impl From<Vec<u8>> for AttributeValue {
    fn from(bytes: Vec<u8>) -> Self {
        Self::B(bytes)
    }
}

impl From<bool> for AttributeValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for AttributeValue {
    fn from(value: i64) -> Self {
        Self::N(value.to_string())
    }
}

/// An item: attribute values by name, in the order of their names.
///
/// `Debug` shows names, types and sizes, never values.
#[derive(Clone, Default, PartialEq)]
pub struct Item(BTreeMap<String, AttributeValue>);

impl Item {
    /// An item without attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an attribute and gives back the value it had.
    pub fn insert(
        &mut self,
        name: impl Into<String>,
        value: impl Into<AttributeValue>,
    ) -> Option<AttributeValue> {
        self.0.insert(name.into(), value.into())
    }

    /// The item with one more attribute: for building one in an expression.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<AttributeValue>) -> Self {
        self.insert(name, value);
        self
    }

    /// Takes an attribute out.
    pub fn remove(&mut self, name: &str) -> Option<AttributeValue> {
        self.0.remove(name)
    }

    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&AttributeValue> {
        self.0.get(name)
    }

    /// The value of an attribute, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut AttributeValue> {
        self.0.get_mut(name)
    }

    /// Whether the item has the attribute.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// How many attributes the item has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the item has no attributes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values, in the order of the names.
    pub fn iter(&self) -> btree_map::Iter<'_, String, AttributeValue> {
        self.0.iter()
    }

    /// Names, and values to be changed, in the order of the names.
    pub(crate) fn iter_mut(&mut self) -> btree_map::IterMut<'_, String, AttributeValue> {
        self.0.iter_mut()
    }

    /// Takes out all attributes but those whose names are to be kept.
    pub(crate) fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        if !self.0.keys().all(|name| keep(name)) {
            self.0.retain(|name, _| keep(name));
        }
    }

    /// The size in bytes as DynamoDB counts it against its limit of 409,600 bytes an item.
    ///
    /// Source: [Item sizes and formats](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html);
    /// numbers by the common reading of it (a byte for two digits, and one more).
    pub fn size_bytes(&self) -> usize {
        self.0.iter().map(|(name, value)| name.len() + value_size(value)).sum()
    }
}

fn value_size(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(text) => number::size_bytes(text),
        AttributeValue::B(bytes) => bytes.len(),
        AttributeValue::Bool(_) | AttributeValue::Null => 1,
        AttributeValue::Ss(set) => set.iter().map(String::len).sum(),
        AttributeValue::Ns(set) => set.iter().map(|n| number::size_bytes(n)).sum(),
        AttributeValue::Bs(set) => set.iter().map(Vec::len).sum(),
        AttributeValue::L(list) => 3 + list.iter().map(|v| 1 + value_size(v)).sum::<usize>(),
        AttributeValue::M(map) => {
            3 + map.iter().map(|(k, v)| 1 + k.len() + value_size(v)).sum::<usize>()
        }
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(&self.0).finish()
    }
}

impl From<BTreeMap<String, AttributeValue>> for Item {
    fn from(map: BTreeMap<String, AttributeValue>) -> Self {
        Self(map)
    }
}

impl From<Item> for BTreeMap<String, AttributeValue> {
    fn from(item: Item) -> Self {
        item.0
    }
}

impl<N: Into<String>, V: Into<AttributeValue>> FromIterator<(N, V)> for Item {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(attributes: I) -> Self {
        Self(attributes.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl IntoIterator for Item {
    type Item = (String, AttributeValue);
    type IntoIter = btree_map::IntoIter<String, AttributeValue>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Item {
    type Item = (&'a String, &'a AttributeValue);
    type IntoIter = btree_map::Iter<'a, String, AttributeValue>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
