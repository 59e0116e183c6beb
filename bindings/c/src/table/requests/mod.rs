//! DynamoDB's requests in JSON. What is not known is refused.
//!
//! Source: [Actions](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html).

mod batches;
mod one_item;
mod pages;
mod transactions;

use std::collections::HashMap;

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{
    ReturnConsumedCapacity, ReturnItemCollectionMetrics, ReturnValue,
    ReturnValuesOnConditionCheckFailure, Select,
};
use itemseal::{Error, ErrorKind, Item, Result};
use itemseal_aws::item_to_sdk;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _};

use super::json::Attributes;
pub(super) use batches::{BatchGetItem, BatchWriteItem};
pub(super) use one_item::{DeleteItem, GetItem, PutItem, UpdateItem};
pub(super) use pages::{Query, Scan};
pub(super) use transactions::{TransactGetItems, TransactWriteItems};

type Names = HashMap<String, String>;

/// A request from its JSON.
pub(in crate::table) fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T> {
    serde_json::from_slice(json).map_err(|error| {
        let text = error.to_string();
        let found =
            ["invalid type: ", "invalid value: "].iter().any(|start| text.starts_with(start));
        // What was found can be a secret; what is expected cannot, nor a parameter's name.
        let told = match text.rsplit_once(", expected ") {
            Some((_, expected)) if found => format!("expected {expected}"),
            _ => text,
        };
        Error::new(ErrorKind::Malformed, format!("not a request in DynamoDB's JSON: {told}"))
    })
}

fn sdk(item: Option<Item>) -> Option<Attributes> {
    item.map(item_to_sdk)
}

/// What the SDK's builders want and was not given.
fn missing(error: BuildError) -> Error {
    Error::new(ErrorKind::Misuse, "a part of the request is not whole").with_source(error)
}

/// One of DynamoDB's own words.
pub(super) struct Word<W>(W);

/// The SDK's enumerations share no trait.
pub(super) trait Words: for<'a> From<&'a str> {
    const ALL: &'static [&'static str];
}

macro_rules! words {
    ($($type:ty),+) => {
        $(impl Words for $type {
            const ALL: &'static [&'static str] = <$type>::values();
        })+
    };
}
words!(
    ReturnConsumedCapacity,
    ReturnItemCollectionMetrics,
    ReturnValue,
    ReturnValuesOnConditionCheckFailure,
    Select
);

impl<'de, W: Words> Deserialize<'de> for Word<W> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        let word = String::deserialize(from)?;
        if W::ALL.contains(&word.as_str()) {
            return Ok(Self(W::from(&word)));
        }
        Err(D::Error::custom(format!("a word here is one of {}", W::ALL.join(", "))))
    }
}

fn word<W>(word: Option<Word<W>>) -> Option<W> {
    word.map(|Word(word)| word)
}

/// The request of an operation: its parameters, and the SDK's input of them.
macro_rules! request {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),+ $(,)? } => $builder:ty, |$this:ident| $input:expr) => {
        $(#[$doc])*
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "PascalCase", deny_unknown_fields)]
        pub(in crate::table) struct $name {
            $($field: $type,)+
        }

        impl $name {
            pub(in crate::table) fn input(self) -> $builder {
                let $this = self;
                $input
            }
        }
    };
}
use request;
