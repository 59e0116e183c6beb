//! One serde form for both encodings: `{"S": "…"}`, with bytes as base64 text where the encoding
//! is for people (JSON) and as byte strings where it is not (CBOR).

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::binary::Bytes;
use super::{AttributeValue, Item};

impl Serialize for AttributeValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        let name = self.type_name();
        match self {
            Self::S(text) | Self::N(text) => map.serialize_entry(name, text)?,
            Self::B(bytes) => map.serialize_entry(name, &Bytes::of(bytes))?,
            Self::Bool(value) => map.serialize_entry(name, value)?,
            Self::Null => map.serialize_entry(name, &true)?,
            Self::Ss(set) | Self::Ns(set) => map.serialize_entry(name, set)?,
            Self::Bs(set) => {
                let set: Vec<_> = set.iter().map(|bytes| Bytes::of(bytes)).collect();
                map.serialize_entry(name, &set)?;
            }
            Self::L(list) => map.serialize_entry(name, list)?,
            Self::M(attributes) => map.serialize_entry(name, attributes)?,
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for AttributeValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = AttributeValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an attribute value such as {\"S\": \"text\"}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<AttributeValue, A::Error> {
        let Some(name) = map.next_key::<String>()? else {
            return Err(A::Error::custom("an attribute value names one type; this one names none"));
        };
        let value = match name.as_str() {
            "S" => AttributeValue::S(map.next_value()?),
            "N" => AttributeValue::N(map.next_value()?),
            "B" => AttributeValue::B(map.next_value::<Bytes<'_>>()?.into_owned()),
            "BOOL" => AttributeValue::Bool(map.next_value()?),
            "NULL" if map.next_value()? => AttributeValue::Null,
            "NULL" => return Err(A::Error::custom("NULL must be true")),
            "SS" => AttributeValue::Ss(map.next_value()?),
            "NS" => AttributeValue::Ns(map.next_value()?),
            "BS" => {
                let set: Vec<Bytes<'_>> = map.next_value()?;
                AttributeValue::Bs(set.into_iter().map(Bytes::into_owned).collect())
            }
            "L" => AttributeValue::L(map.next_value()?),
            "M" => AttributeValue::M(map.next_value::<Attributes>()?.0),
            other => {
                return Err(A::Error::custom(format!(
                    "{other:?} is not a type; the types are S, N, B, BOOL, NULL, SS, NS, BS, L and M"
                )));
            }
        };
        if map.next_key::<String>()?.is_some() {
            return Err(A::Error::custom(
                "an attribute value names one type; this one names several",
            ));
        }
        Ok(value)
    }
}

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Attributes::deserialize(deserializer).map(|attributes| Self(attributes.0))
    }
}

/// Attributes by name, where a name given twice is an error and not the last one wins.
struct Attributes(BTreeMap<String, AttributeValue>);

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(AttributesVisitor)
    }
}

struct AttributesVisitor;

impl<'de> Visitor<'de> for AttributesVisitor {
    type Value = Attributes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("attributes by name, such as {\"OrderID\": {\"S\": \"12345\"}}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Attributes, A::Error> {
        let mut attributes = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            if attributes.contains_key(&name) {
                return Err(A::Error::custom(format!("attribute {name:?} is given twice")));
            }
            let value = map.next_value()?;
            attributes.insert(name, value);
        }
        Ok(Attributes(attributes))
    }
}
