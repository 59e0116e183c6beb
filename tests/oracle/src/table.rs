//! A table's configuration, from which both sides' own configurations are made.

use std::collections::BTreeMap;

use itemseal::AlgorithmSuite;
use serde_json::{Value, json};

/// What is done with an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Encrypted and signed.
    Encrypt,
    /// In clear, and signed.
    Sign,
    /// In clear, signed, and in the encryption context.
    Context,
    /// In clear and unsigned.
    Nothing,
}

/// A table: its keys, and every attribute name that an item of it may have.
#[derive(Clone, Debug)]
pub struct Table {
    /// The logical table name.
    pub logical_name: String,
    /// The partition key's name.
    pub partition_key: String,
    /// The sort key's name.
    pub sort_key: Option<String>,
    /// Every attribute but the keys. AWS's configuration has to name them all.
    pub actions: BTreeMap<String, Action>,
    /// Names that start so are unsigned. Those in `actions` have [`Action::Nothing`].
    pub unsigned_prefix: Option<String>,
    /// The suite that items are written with.
    pub suite: AlgorithmSuite,
}

impl Table {
    /// The version of the format that its items are written in.
    pub fn format_version(&self) -> u8 {
        if self.actions.values().any(|action| *action == Action::Context) { 2 } else { 1 }
    }

    /// Names of the partition and the sort key.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.partition_key).chain(self.sort_key.as_deref())
    }

    /// What is done with an attribute.
    pub fn action(&self, name: &str) -> Action {
        match self.actions.get(name) {
            Some(action) => *action,
            None if self.keys().any(|key| key == name) => self.key_action(),
            None => Action::Encrypt,
        }
    }

    /// What is done with the key attributes.
    pub fn key_action(&self) -> Action {
        if self.format_version() == 2 { Action::Context } else { Action::Sign }
    }

    /// Names with this action, without the keys.
    pub fn names(&self, action: Action) -> impl Iterator<Item = &str> {
        self.actions.iter().filter(move |(_, a)| **a == action).map(|(name, _)| name.as_str())
    }

    /// Unsigned names that the prefix does not cover.
    pub fn unsigned_by_name(&self) -> impl Iterator<Item = &str> {
        self.names(Action::Nothing).filter(|name| !self.has_unsigned_prefix(name))
    }

    /// Whether the name starts with the unsigned prefix.
    pub fn has_unsigned_prefix(&self, name: &str) -> bool {
        self.unsigned_prefix.as_ref().is_some_and(|prefix| name.starts_with(&**prefix))
    }

    /// The form in the vectors: as in the configuration file, encrypted names left out.
    pub fn to_json(&self) -> Value {
        let mut config = json!({
            "logical_name": self.logical_name,
            "partition_key": self.partition_key,
            "sign_only": self.names(Action::Sign).collect::<Vec<_>>(),
            "context": self.names(Action::Context).collect::<Vec<_>>(),
            "unsigned": self.unsigned_by_name().collect::<Vec<_>>(),
            "suite": suite_name(self.suite),
        });
        if let Some(name) = &self.sort_key {
            config["sort_key"] = json!(name);
        }
        if let Some(prefix) = &self.unsigned_prefix {
            config["unsigned_prefix"] = json!(prefix);
        }
        config
    }
}

/// The suite's name in configuration files.
pub fn suite_name(suite: AlgorithmSuite) -> &'static str {
    match suite {
        AlgorithmSuite::HmacOnly => "hmac-only",
        _ => "ecdsa-p384",
    }
}

/// The second byte of a header written with the suite.
pub fn flavor(suite: AlgorithmSuite) -> u8 {
    match suite {
        AlgorithmSuite::HmacOnly => 0,
        _ => 1,
    }
}
