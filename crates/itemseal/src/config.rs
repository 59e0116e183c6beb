//! What of a table's items is encrypted, signed, both or neither.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::context::{ATTRIBUTE_PREFIX, PARTITION_NAME, SORT_NAME, TABLE_NAME};
use crate::error::{Error, Result};
use crate::item::{CONTEXT_PREFIX, Item, RESERVED_PREFIX};
use crate::suite::AlgorithmSuite;

/// What is done with an attribute.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CryptographicAction {
    /// Encrypted and signed. The action of every attribute that the configuration does not name.
    EncryptAndSign,
    /// In clear, and signed.
    SignOnly,
    /// In clear, signed, and part of the encryption context that KMS sees.
    SignAndIncludeInEncryptionContext,
    /// In clear and unsigned: anybody who can write the table can change it.
    DoNothing,
}

/// The configuration of a table: key attributes, what each attribute's action is, and the suite.
///
/// ```
/// use itemseal::TableConfig;
///
/// let table = TableConfig::builder("Orders")
///     .partition_key("OrderID")
///     .sort_key("CustomerID")
///     .sign_only(["OrderStatus"])
///     .build()?;
/// # Ok::<(), itemseal::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableConfig {
    logical_name: String,
    partition_key: String,
    sort_key: Option<String>,
    actions: BTreeMap<String, CryptographicAction>,
    unsigned_prefix: Option<String>,
    suite: AlgorithmSuite,
    format_version: u8,
    /// What the encryption contexts of all its items have alike: the keys and the names under them.
    context_names: Vec<(&'static str, Arc<str>)>,
    /// The keys of the attributes whose values are in the context, by the attributes' names.
    context_keys: BTreeMap<String, Arc<str>>,
}

impl TableConfig {
    /// Starts the configuration of the table whose logical name is `logical_name`.
    ///
    /// The logical name is bound into every item. It is the table's name unless the table was
    /// restored or copied under another: then it stays what it was.
    pub fn builder(logical_name: impl Into<String>) -> TableConfigBuilder {
        TableConfigBuilder { logical_name: logical_name.into(), ..TableConfigBuilder::default() }
    }

    /// The name that is bound into every item.
    pub fn logical_name(&self) -> &str {
        &self.logical_name
    }

    /// The partition key attribute's name.
    pub fn partition_key(&self) -> &str {
        &self.partition_key
    }

    /// The sort key attribute's name, if the table has one.
    pub fn sort_key(&self) -> Option<&str> {
        self.sort_key.as_deref()
    }

    /// The suite that items are written with. Items of either suite are read.
    pub fn suite(&self) -> AlgorithmSuite {
        self.suite
    }

    /// The version of the format that items are written in: 2 if an attribute is in the
    /// encryption context, else 1. Items of either version are read.
    pub fn format_version(&self) -> u8 {
        self.format_version
    }

    /// What is done with an attribute when an item is written.
    pub fn action(&self, name: &str) -> CryptographicAction {
        match self.actions.get(name) {
            Some(action) => *action,
            None if self.is_unsigned(name) => CryptographicAction::DoNothing,
            None => CryptographicAction::EncryptAndSign,
        }
    }

    /// The key attributes of an item, as far as it has them.
    pub fn key_of(&self, item: &Item) -> Item {
        self.key_attributes().filter_map(|name| Some((name, item.get(name)?.clone()))).collect()
    }

    /// Whether an attribute is outside of the signature: by its name, by the prefix, or because
    /// it is one of the format's own.
    pub(crate) fn is_unsigned(&self, name: &str) -> bool {
        name.starts_with(RESERVED_PREFIX)
            || self.actions.get(name) == Some(&CryptographicAction::DoNothing)
            || self.unsigned_prefix.as_ref().is_some_and(|prefix| name.starts_with(&**prefix))
    }

    /// The attributes that must be in every item because they are in the encryption context.
    pub(crate) fn context_attributes(&self) -> impl Iterator<Item = &str> {
        let in_context = CryptographicAction::SignAndIncludeInEncryptionContext;
        self.actions.iter().filter(move |(_, a)| **a == in_context).map(|(name, _)| name.as_str())
    }

    /// The entries that the encryption contexts of all items have alike.
    pub(crate) fn context_names(&self) -> &[(&'static str, Arc<str>)] {
        &self.context_names
    }

    /// The key in the encryption context of an attribute that it expects there.
    pub(crate) fn context_key(&self, attribute: &str) -> Option<Arc<str>> {
        self.context_keys.get(attribute).cloned()
    }

    /// Partition and sort key.
    pub(crate) fn key_attributes(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.partition_key()).chain(self.sort_key())
    }
}

/// Builds a [`TableConfig`].
#[derive(Clone, Debug, Default)]
pub struct TableConfigBuilder {
    logical_name: String,
    partition_key: String,
    sort_key: Option<String>,
    named: Vec<(String, CryptographicAction)>,
    unsigned_prefix: Option<String>,
    suite: AlgorithmSuite,
}

impl TableConfigBuilder {
    /// The partition key attribute. Required. It stays in clear and is signed.
    #[must_use]
    pub fn partition_key(mut self, name: impl Into<String>) -> Self {
        self.partition_key = name.into();
        self
    }

    /// The sort key attribute, if the table has one. It stays in clear and is signed.
    #[must_use]
    pub fn sort_key(mut self, name: impl Into<String>) -> Self {
        self.sort_key = Some(name.into());
        self
    }

    /// Attributes that stay in clear and are signed: those that indexes and filters need.
    #[must_use]
    pub fn sign_only<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        self.name(names, CryptographicAction::SignOnly)
    }

    /// Attributes that stay in clear, are signed, and are part of the encryption context (format
    /// version 2). Every item must have them. The key attributes are then in it too.
    #[must_use]
    pub fn context<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        self.name(names, CryptographicAction::SignAndIncludeInEncryptionContext)
    }

    /// Attributes that are encrypted and signed. Needless, as that is the default, but it makes
    /// a later mistake an error: a name cannot be listed twice.
    #[must_use]
    pub fn encrypt<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        self.name(names, CryptographicAction::EncryptAndSign)
    }

    /// Attributes that are neither encrypted nor signed. Once items are written, a name may be
    /// added here but never taken away, and never one that was signed: old items would not open.
    #[must_use]
    pub fn unsigned<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        self.name(names, CryptographicAction::DoNothing)
    }

    /// Attributes whose names start so are neither encrypted nor signed, such as `:`.
    #[must_use]
    pub fn unsigned_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.unsigned_prefix = Some(prefix.into());
        self
    }

    /// The suite to write with. [`EcdsaP384`](AlgorithmSuite::EcdsaP384) unless set.
    #[must_use]
    pub fn suite(mut self, suite: AlgorithmSuite) -> Self {
        self.suite = suite;
        self
    }

    /// Checks the configuration.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse), with the attribute's name, if a name is missing,
    /// reserved, listed under two actions, or is a key attribute that would be encrypted or unsigned.
    pub fn build(self) -> Result<TableConfig> {
        if self.logical_name.is_empty() {
            return Err(Error::misuse("the table's logical name is empty"));
        }
        if self.partition_key.is_empty() {
            return Err(Error::misuse("no partition key is given; every table has one"));
        }
        if self.sort_key.as_deref() == Some("") {
            return Err(Error::misuse(
                "the sort key's name is empty; leave it out if there is none",
            ));
        }
        if self.sort_key.as_ref() == Some(&self.partition_key) {
            return Err(Error::misuse("partition key and sort key have the same name"));
        }
        if self.unsigned_prefix.as_deref() == Some("") {
            return Err(Error::misuse(
                "an empty unsigned prefix would leave every attribute unsigned",
            ));
        }
        let mut actions = self.actions_by_name()?;
        let in_context = CryptographicAction::SignAndIncludeInEncryptionContext;
        let has_context = actions.values().any(|action| *action == in_context);
        let key_action = if has_context { in_context } else { CryptographicAction::SignOnly };
        for key in std::iter::once(&self.partition_key).chain(&self.sort_key) {
            self.check_key(key, actions.get(key).copied(), key_action)?;
            actions.insert(key.clone(), key_action);
        }
        let keys = std::iter::once(&self.partition_key).chain(&self.sort_key);
        let in_actions = actions.iter().filter(|(_, action)| **action == in_context);
        let named = in_actions.map(|(name, _)| name).chain(keys);
        let context_keys =
            named.map(|name| (name.clone(), [ATTRIBUTE_PREFIX, name].concat().into()));
        let context_keys = context_keys.collect();
        let mut context_names = vec![
            (TABLE_NAME, Arc::from(&*self.logical_name)),
            (PARTITION_NAME, Arc::from(&*self.partition_key)),
        ];
        context_names.extend(self.sort_key.iter().map(|key| (SORT_NAME, Arc::from(&**key))));
        Ok(TableConfig {
            context_names,
            context_keys,
            logical_name: self.logical_name,
            partition_key: self.partition_key,
            sort_key: self.sort_key,
            actions,
            unsigned_prefix: self.unsigned_prefix,
            suite: self.suite,
            format_version: if has_context { 2 } else { 1 },
        })
    }

    fn name<N: Into<String>>(
        mut self,
        names: impl IntoIterator<Item = N>,
        action: CryptographicAction,
    ) -> Self {
        self.named.extend(names.into_iter().map(|name| (name.into(), action)));
        self
    }

    fn actions_by_name(&self) -> Result<BTreeMap<String, CryptographicAction>> {
        let mut actions = BTreeMap::new();
        let mut conflicts = BTreeSet::new();
        for (name, action) in &self.named {
            let refuse = |why: &'static str| Err(Error::misuse(why).with_attribute(name));
            if name.is_empty() {
                return refuse("an attribute's name is empty");
            }
            if is_reserved(name) {
                return refuse(RESERVED);
            }
            let has_prefix =
                self.unsigned_prefix.as_ref().is_some_and(|prefix| name.starts_with(&**prefix));
            if has_prefix && *action != CryptographicAction::DoNothing {
                return refuse("it starts with the unsigned prefix, so it cannot be signed");
            }
            if actions.insert(name.clone(), *action).is_some_and(|earlier| earlier != *action) {
                conflicts.insert(name);
            }
        }
        match conflicts.first() {
            Some(name) => {
                Err(Error::misuse("it is listed under two actions; keep one").with_attribute(*name))
            }
            None => Ok(actions),
        }
    }

    fn check_key(
        &self,
        key: &str,
        named: Option<CryptographicAction>,
        action: CryptographicAction,
    ) -> Result<()> {
        let refuse = |why: &'static str| Err(Error::misuse(why).with_attribute(key));
        if is_reserved(key) {
            return refuse(RESERVED);
        }
        if self.unsigned_prefix.as_ref().is_some_and(|prefix| key.starts_with(&**prefix)) {
            return refuse(
                "a key attribute must be signed, but it starts with the unsigned prefix",
            );
        }
        match named {
            None => Ok(()),
            Some(named) if named == action => Ok(()),
            Some(CryptographicAction::SignOnly) => refuse(
                "a key attribute is in the encryption context when others are; do not list it",
            ),
            Some(_) => refuse("a key attribute must stay in clear and be signed; do not list it"),
        }
    }
}

const RESERVED: &str =
    "names that start with aws_dbe_ or aws-crypto- belong to the format; rename it";

fn is_reserved(name: &str) -> bool {
    name.starts_with(RESERVED_PREFIX) || name.starts_with(CONTEXT_PREFIX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn orders() -> TableConfigBuilder {
        TableConfig::builder("Orders").partition_key("OrderID").sort_key("CustomerID")
    }

    #[test]
    fn what_is_not_named_is_encrypted() {
        let table =
            orders().sign_only(["Status"]).unsigned(["Hits"]).unsigned_prefix(":").build().unwrap();
        for (name, action) in [
            ("OrderID", CryptographicAction::SignOnly),
            ("CustomerID", CryptographicAction::SignOnly),
            ("Status", CryptographicAction::SignOnly),
            ("Hits", CryptographicAction::DoNothing),
            (":ttl", CryptographicAction::DoNothing),
            ("Card", CryptographicAction::EncryptAndSign),
            ("", CryptographicAction::EncryptAndSign),
        ] {
            assert_eq!(table.action(name), action, "{name}");
        }
        assert_eq!(table.format_version(), 1);
        let twice = orders().sign_only(["Status"]).sign_only(["Status", "OrderID"]).build();
        assert!(twice.is_ok(), "the same action twice is no contradiction");
    }

    #[test]
    fn a_context_attribute_makes_version_two() {
        let table = orders().context(["Tenant"]).build().unwrap();
        assert_eq!(table.format_version(), 2);
        let names: Vec<_> = table.context_attributes().collect();
        assert_eq!(names, ["CustomerID", "OrderID", "Tenant"]);
    }

    #[test]
    fn what_cannot_be_right_is_refused_by_name() {
        let named = |error: Error| (error.kind(), error.attribute().map(str::to_owned));
        for (builder, attribute) in [
            (orders().sign_only(["A"]).unsigned(["A"]), Some("A")),
            (orders().sign_only(["aws_dbe_head"]), Some("aws_dbe_head")),
            (orders().encrypt(["aws-crypto-x"]), Some("aws-crypto-x")),
            (orders().unsigned(["aws-crypto-x"]), Some("aws-crypto-x")),
            (orders().sign_only([""]), Some("")),
            (orders().sign_only([":a"]).unsigned_prefix(":"), Some(":a")),
            (orders().unsigned(["OrderID"]), Some("OrderID")),
            (orders().encrypt(["CustomerID"]), Some("CustomerID")),
            (orders().unsigned_prefix("Order"), Some("OrderID")),
            (orders().sign_only(["OrderID"]).context(["T"]), Some("OrderID")),
            (orders().unsigned_prefix(""), None),
            (TableConfig::builder("").partition_key("k"), None),
            (TableConfig::builder("T"), None),
            (TableConfig::builder("T").partition_key("k").sort_key("k"), None),
            (TableConfig::builder("T").partition_key("k").sort_key(""), None),
            (TableConfig::builder("T").partition_key("aws_dbe_x"), Some("aws_dbe_x")),
            (TableConfig::builder("T").partition_key("aws-crypto-x"), Some("aws-crypto-x")),
        ] {
            let expected = (ErrorKind::Misuse, attribute.map(str::to_owned));
            assert_eq!(named(builder.clone().build().unwrap_err()), expected, "{builder:?}");
        }
    }
}
