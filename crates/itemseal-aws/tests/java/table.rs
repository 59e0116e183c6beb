//! A table's configuration, for both sides.

use aws_sdk_dynamodb::types::ScalarAttributeType;
use itemseal::{AlgorithmSuite, AttributeValue, TableConfig};
use serde_json::{Map, Value, json};

pub const PARTITION: &str = "Group";
pub const SORT: &str = "Number";
/// A number in every item that has it, which is not signed.
pub const COUNTER: &str = ":count";

const ENCRYPTED: [&str; 9] = ["Card", "é", "𝒳𝒳", "a b", "x.y[0]", "Lines", "Email", "｡", "-"];
const SIGNED: [&str; 4] = ["Status", "Straße", "Parcels", "s"];
const CONTEXT: [&str; 3] = ["Tenant", "Länder", "c"];
const UNSIGNED: [&str; 2] = [COUNTER, ":any"];

/// What is done with an attribute.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Encrypt,
    Sign,
    Context,
    Nothing,
}

/// The type of a key attribute.
#[derive(Clone, Copy)]
pub enum Key {
    S,
    N,
    B,
}

impl Key {
    pub fn scalar(self) -> ScalarAttributeType {
        match self {
            Self::S => ScalarAttributeType::S,
            Self::N => ScalarAttributeType::N,
            Self::B => ScalarAttributeType::B,
        }
    }

    /// One of many.
    pub fn at(self, n: usize) -> AttributeValue {
        match self {
            Self::S => AttributeValue::S(format!("{n} Straße 🦭")),
            Self::N => AttributeValue::N(format!("-{}000000000000000000.5", n + 1)),
            Self::B => AttributeValue::B([&n.to_be_bytes()[..], &[0, 255]].concat()),
        }
    }
}

#[derive(Clone)]
pub struct Table {
    pub name: String,
    pub version: u8,
    pub suite: AlgorithmSuite,
    pub partition: Key,
    pub sort: Key,
}

impl Table {
    /// What is done with each attribute but the keys.
    pub fn actions(&self) -> impl Iterator<Item = (&'static str, Action)> + use<> {
        let context = if self.version == 2 { Action::Context } else { Action::Sign };
        let of = |names: &'static [&str], action| names.iter().map(move |name| (*name, action));
        of(&ENCRYPTED, Action::Encrypt)
            .chain(of(&SIGNED, Action::Sign))
            .chain(of(&CONTEXT, context))
            .chain(of(&UNSIGNED, Action::Nothing))
    }

    /// Ours, which does not name what is encrypted.
    pub fn config(&self) -> TableConfig {
        let names =
            |wanted| self.actions().filter(move |(_, a)| *a == wanted).map(|(name, _)| name);
        TableConfig::builder(&self.name)
            .partition_key(PARTITION)
            .sort_key(SORT)
            .sign_only(names(Action::Sign))
            .context(names(Action::Context))
            .unsigned_prefix(":")
            .suite(self.suite)
            .build()
            .unwrap()
    }

    /// AWS's, which names every attribute.
    pub fn java_config(&self) -> Value {
        let name = |action| match action {
            Action::Encrypt => "ENCRYPT_AND_SIGN",
            Action::Sign => "SIGN_ONLY",
            Action::Context => "SIGN_AND_INCLUDE_IN_ENCRYPTION_CONTEXT",
            Action::Nothing => "DO_NOTHING",
        };
        let key = if self.version == 2 { Action::Context } else { Action::Sign };
        let keys = [PARTITION, SORT].map(|attribute| (attribute, key));
        let actions: Map<String, Value> = self
            .actions()
            .chain(keys)
            .map(|(attribute, action)| (attribute.to_owned(), json!(name(action))))
            .collect();
        let suite = match self.suite {
            AlgorithmSuite::HmacOnly => "ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY_SYMSIG_HMAC_SHA384",
            _ => "ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384_SYMSIG_HMAC_SHA384",
        };
        json!({
            "table": self.name,
            "partition_key": PARTITION,
            "sort_key": SORT,
            "suite": suite,
            "actions": actions,
            "unsigned_prefix": ":",
        })
    }
}
