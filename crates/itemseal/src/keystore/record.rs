//! One item of a key store, and the encryption context that its key is bound to.
//!
//! ```text
//! branch-key-id  S   which branch key              kms-arn            S   which KMS key
//! type           S   branch:ACTIVE                 create-time        S   ISO 8601
//!                    branch:version:UUID           hierarchy-version  N   1
//!                    beacon:ACTIVE                 version            S   branch:version:UUID, of the active one
//! enc            B   the key, as KMS encrypted it  aws-crypto-ec:…    S   the application's own context
//! ```
//! Source: [record format](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/branch-key-store.md#record-format).

use std::collections::BTreeMap;

use super::uuid;
use crate::context::EncryptionContext;
use crate::error::{Error, Result};
use crate::item::{AttributeValue, Item};
use crate::kms::KeyArn;

pub(super) const ID: &str = "branch-key-id";
pub(super) const TYPE: &str = "type";
pub(super) const ENC: &str = "enc";
const KMS_ARN: &str = "kms-arn";
const CREATE_TIME: &str = "create-time";
const HIERARCHY_VERSION: &str = "hierarchy-version";
const VERSION: &str = "version";
const TABLE_NAME: &str = "tablename";
const CUSTOM_PREFIX: &str = "aws-crypto-ec:";
const VERSION_PREFIX: &str = "branch:version:";
const ACTIVE: &str = "branch:ACTIVE";
const BEACON: &str = "beacon:ACTIVE";

/// Which of a branch key's items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Active,
    Version([u8; 16]),
    Beacon,
}

impl Kind {
    /// The sort key.
    pub(super) fn to_text(self) -> String {
        match self {
            Self::Active => ACTIVE.to_owned(),
            Self::Beacon => BEACON.to_owned(),
            Self::Version(version) => format!("{VERSION_PREFIX}{}", uuid::to_text(&version)),
        }
    }
}

/// An item of a key store.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) id: String,
    /// The version, of a branch key; none of a beacon key.
    pub(super) version: Option<[u8; 16]>,
    pub(super) kms_arn: KeyArn,
    pub(super) enc: Vec<u8>,
    /// All but the encrypted key, as they are bound to it.
    context: BTreeMap<String, String>,
}

impl Record {
    /// A record that has no key yet.
    pub(super) fn new(
        id: &str,
        (kind, version): (Kind, [u8; 16]),
        (create_time, kms_arn): (&str, &KeyArn),
        custom: &BTreeMap<String, String>,
    ) -> Self {
        let mut context: BTreeMap<String, String> = [
            (ID, id.to_owned()),
            (TYPE, kind.to_text()),
            (CREATE_TIME, create_time.to_owned()),
            (KMS_ARN, kms_arn.to_string()),
            (HIERARCHY_VERSION, "1".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        if kind == Kind::Active {
            context.insert(VERSION.to_owned(), Kind::Version(version).to_text());
        }
        for (name, value) in custom {
            context.insert(format!("{CUSTOM_PREFIX}{name}"), value.clone());
        }
        let version = (kind != Kind::Beacon).then_some(version);
        Self { id: id.to_owned(), version, kms_arn: kms_arn.clone(), enc: Vec::new(), context }
    }

    /// Reads an item that was found under this key.
    ///
    /// # Errors
    /// [`Malformed`](crate::ErrorKind::Malformed) with the attribute's name.
    pub(super) fn of(item: &Item, id: &str, kind: Kind) -> Result<Self> {
        let mut context = BTreeMap::new();
        let mut enc = None;
        for (name, value) in item.iter() {
            match (name.as_str(), value) {
                (ENC, AttributeValue::B(bytes)) => enc = Some(bytes.clone()),
                (HIERARCHY_VERSION, AttributeValue::N(number)) => {
                    context.insert(name.clone(), number.clone());
                }
                (ENC | HIERARCHY_VERSION, _) => return Err(malformed(name, "it has another type")),
                (_, AttributeValue::S(text)) => drop(context.insert(name.clone(), text.clone())),
                _ => return Err(malformed(name, "only text is bound to the key")),
            }
        }
        let text = |name: &str| match context.get(name) {
            Some(text) if !text.is_empty() => Ok(text.as_str()),
            _ => Err(malformed(name, "it is missing")),
        };
        if text(ID)? != id || text(TYPE)? != kind.to_text() {
            return Err(malformed(TYPE, "it is another record than was asked for"));
        }
        text(CREATE_TIME)?;
        if text(HIERARCHY_VERSION)? != "1" {
            return Err(malformed(HIERARCHY_VERSION, "only version 1 is known"));
        }
        let arn = text(KMS_ARN)?;
        let kms_arn: KeyArn =
            arn.parse().map_err(|_| malformed(KMS_ARN, "it is not a key's full ARN"))?;
        let version = match kind {
            Kind::Version(version) => Some(version),
            Kind::Beacon => None,
            Kind::Active => Some(
                text(VERSION)?
                    .strip_prefix(VERSION_PREFIX)
                    .and_then(uuid::of_text)
                    .ok_or_else(|| malformed(VERSION, "it is not branch:version: and a UUID"))?,
            ),
        };
        if kind != Kind::Active && context.contains_key(VERSION) {
            return Err(malformed(VERSION, "only the active one has it"));
        }
        let enc = enc.ok_or_else(|| malformed(ENC, "it is missing"))?;
        if context.contains_key(TABLE_NAME) {
            return Err(malformed(TABLE_NAME, "it is not stored, only bound to the key"));
        }
        Ok(Self { id: id.to_owned(), version, kms_arn, enc, context })
    }

    /// The encryption context that KMS binds the key to.
    pub(super) fn context(&self, logical_name: &str) -> EncryptionContext {
        let mut context = EncryptionContext::new();
        context.insert(TABLE_NAME, logical_name);
        for (name, value) in &self.context {
            context.insert(name, value);
        }
        context
    }

    /// The application's own context.
    pub(super) fn custom(&self) -> BTreeMap<String, String> {
        let own = self.context.iter().filter_map(|(name, value)| {
            Some((name.strip_prefix(CUSTOM_PREFIX)?.to_owned(), value.clone()))
        });
        own.collect()
    }

    pub(super) fn create_time(&self) -> &str {
        self.context.get(CREATE_TIME).map(String::as_str).unwrap_or_default()
    }

    pub(super) fn with_enc(self, enc: Vec<u8>) -> Self {
        Self { enc, ..self }
    }

    /// The item that is stored.
    pub(super) fn to_item(&self) -> Item {
        let mut item = Item::new();
        for (name, value) in &self.context {
            let value = match name.as_str() {
                HIERARCHY_VERSION => AttributeValue::N(value.clone()),
                _ => AttributeValue::S(value.clone()),
            };
            item.insert(name.clone(), value);
        }
        item.insert(ENC, AttributeValue::B(self.enc.clone()));
        item
    }
}

fn malformed(attribute: &str, why: &str) -> Error {
    Error::malformed(format!("the key store's item cannot be read: {why}"))
        .with_attribute(attribute)
}
