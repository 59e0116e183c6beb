//! Answers in JSON, wiped when they are dropped.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use itemseal::{Item, Result};
use itemseal_aws::{BadItem, item_from_sdk};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::wipe;

/// An item, or a part of one, as the SDK has it.
pub(super) type Attributes = HashMap<String, AttributeValue>;

pub(super) enum Json {
    Text(String),
    Whole(i64),
    Fraction(f64),
    Flag(bool),
    Item(Item),
    List(Vec<Json>),
    Object(Object),
}

/// An object, whose members are in the order in which they were set.
#[derive(Default)]
pub(super) struct Object(Vec<(String, Json)>);

impl Json {
    pub(super) fn item(item: Attributes) -> Result<Self> {
        Ok(Self::Item(item_from_sdk(item)?))
    }

    pub(super) fn items(items: Vec<Attributes>) -> Result<Self> {
        Ok(Self::List(items.into_iter().map(Self::item).collect::<Result<_>>()?))
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        // Text keys and no failing value: serde_json has no error to give here.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

impl Object {
    pub(super) fn set(&mut self, name: impl Into<String>, value: Json) {
        self.0.push((name.into(), value));
    }

    /// What DynamoDB left out is left out.
    pub(super) fn maybe<T>(
        &mut self,
        name: &str,
        value: Option<T>,
        json: impl FnOnce(T) -> Result<Json>,
    ) -> Result<()> {
        if let Some(value) = value {
            self.set(name, json(value)?);
        }
        Ok(())
    }
}

impl From<Object> for Json {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => to.serialize_str(text),
            Self::Whole(number) => to.serialize_i64(*number),
            Self::Fraction(number) => to.serialize_f64(*number),
            Self::Flag(flag) => to.serialize_bool(*flag),
            Self::Item(item) => item.serialize(to),
            Self::List(list) => list.serialize(to),
            Self::Object(Object(members)) => {
                let mut map = to.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

impl Drop for Json {
    fn drop(&mut self) {
        if let Self::Item(item) = self {
            wipe::item(item);
        }
    }
}

/// The items that did not open: where they are, and why.
pub(super) fn bad_items(all: &[BadItem]) -> Result<Json> {
    let one = |bad: &BadItem| {
        let (error, mut told, mut why) = (bad.error(), Object::default(), Object::default());
        why.set(
            "Status",
            Json::Whole(i64::from(crate::status::itemseal_status::from(error.kind()) as u32)),
        );
        why.set("Message", Json::text(error.to_string()));
        why.maybe("Attribute", error.attribute(), |name| Ok(Json::text(name)))?;
        why.maybe("Region", error.region(), |name| Ok(Json::text(name)))?;
        told.set("TableName", Json::text(bad.table()));
        told.set("Key", Json::item(bad.key().clone())?);
        told.set("Error", why.into());
        Ok(told.into())
    };
    Ok(Json::List(all.iter().map(one).collect::<Result<_>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_keep_their_order_and_items_are_dynamodb_json() {
        let mut told = Object::default();
        told.set("b", Json::List(vec![Json::Flag(true), Json::Fraction(0.5), Json::Whole(-1)]));
        told.set("a", Json::Item(Item::from_json(r#"{"é":{"N":"1E3"}}"#).unwrap()));
        told.maybe("none", None::<u8>, |_| Ok(Json::text(""))).unwrap();
        let bytes = Json::from(told).to_bytes();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            r#"{"b":[true,0.5,-1],"a":{"é":{"N":"1E3"}}}"#
        );
    }
}
