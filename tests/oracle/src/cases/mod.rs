//! The cases that the project ships as test vectors: one behaviour or one failure each.

mod edit;
mod opens;
mod refused;
mod still_opens;
mod values;

use std::collections::BTreeMap;

use itemseal::{AlgorithmSuite, ErrorKind, Item};
use serde_json::{Value, json};

use crate::aws::Encryptor;
use crate::compare;
use crate::keys::WrappingKey;
use crate::ours;
use crate::table::{Action, Table};

/// A stored item, who reads it, and what must come of it.
pub struct Case {
    /// Names it; unique in its file.
    pub name: String,
    /// What it is about, in a sentence.
    pub why: String,
    /// What must come of it.
    pub expect: Expect,
    /// The reader's table.
    pub table: Table,
    /// The reader's keys.
    pub keys: Vec<WrappingKey>,
    /// The item as it is stored.
    pub stored: Item,
}

/// What must come of a case.
pub enum Expect {
    /// It opens to this item.
    Opens(Item),
    /// It is refused.
    Refused(ErrorKind),
}

/// One file of cases.
pub struct File {
    /// The file's name.
    pub name: &'static str,
    /// What its cases have in common.
    pub about: &'static str,
    /// The cases.
    pub cases: Vec<Case>,
}

/// Every file, freshly encrypted.
pub async fn all() -> Vec<File> {
    vec![
        File {
            name: "opens.json",
            about: "Items that open: format versions, suites, recipients, and each recipient alone.",
            cases: opens::cases().await,
        },
        File {
            name: "values.json",
            about: "Items that open: every type, and the values whose canonical form is easy to get wrong.",
            cases: values::cases().await,
        },
        File {
            name: "still-opens.json",
            about: "Items that were changed and still open: what the format does not promise to detect.",
            cases: still_opens::cases().await,
        },
        File {
            name: "refused.json",
            about: "Items that were changed, cut, mixed or moved, or are read with the wrong key or table.",
            cases: refused::cases().await,
        },
    ]
}

impl Case {
    /// Checks the case against both implementations.
    ///
    /// # Errors
    /// What one of them made of it instead.
    pub async fn check(&self) -> Result<(), String> {
        let aws = Encryptor::new(&self.table, &self.keys).await.decrypt(&self.stored).await;
        let ours = ours::encryptor(&self.table, &self.keys).decrypt_item(self.stored.clone()).await;
        match &self.expect {
            Expect::Opens(plain) => {
                let aws = aws.map_err(|error| format!("aws-db-esdk refuses: {error}"))?;
                compare::same_item(plain, &aws).map_err(|e| format!("aws-db-esdk: {e}"))?;
                let ours = ours.map_err(|error| format!("itemseal refuses: {error:?}"))?;
                compare::same_item(plain, &ours).map_err(|e| format!("itemseal: {e}"))
            }
            Expect::Refused(kind) => {
                if aws.is_ok() {
                    return Err("aws-db-esdk opens it".to_owned());
                }
                match ours.map_err(|error| error.kind()) {
                    Err(got) if got == *kind => Ok(()),
                    Err(got) => Err(format!("itemseal: {got:?} and not {kind:?}")),
                    Ok(_) => Err("itemseal opens it".to_owned()),
                }
            }
        }
    }

    /// The case on one line of JSON, its members in reading order.
    pub fn to_json(&self) -> String {
        let item = |item: &Item| -> Value {
            serde_json::from_str(&item.to_json()).expect("DynamoDB JSON is JSON")
        };
        let (expect, plain) = match &self.expect {
            Expect::Opens(plain) => ("ok", Some(item(plain))),
            Expect::Refused(kind) => (kind_name(*kind), None),
        };
        let keys = self.keys.iter().map(WrappingKey::to_json).collect();
        let mut members = vec![
            ("name", json!(self.name)),
            ("why", json!(self.why)),
            ("expect", json!(expect)),
            ("config", self.table.to_json()),
            ("keys", Value::Array(keys)),
            ("stored", item(&self.stored)),
        ];
        members.extend(plain.map(|plain| ("plain", plain)));
        let members: Vec<String> =
            members.into_iter().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
        format!("{{{}}}", members.join(","))
    }
}

/// The kind in kebab-case.
fn kind_name(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Authentication => "authentication",
        ErrorKind::Malformed => "malformed",
        ErrorKind::NotEncrypted => "not-encrypted",
        ErrorKind::TooLarge => "too-large",
        other => panic!("no case expects {other:?}"),
    }
}

/// The table of most cases: `OrderID` and `CustomerID` are its keys, `Status` and `Total` signed,
/// `Hits` and names with `:` unsigned, `Tenant` in the context if the version is 2, and what is
/// not named encrypted.
fn orders(version: u8, suite: AlgorithmSuite) -> Table {
    let mut actions = BTreeMap::from([
        ("Status".to_owned(), Action::Sign),
        ("Total".to_owned(), Action::Sign),
        ("Hits".to_owned(), Action::Nothing),
        (":ttl".to_owned(), Action::Nothing),
    ]);
    let encrypted = ["Card", "Note", "Pin"];
    actions.extend(encrypted.map(|name| (name.to_owned(), Action::Encrypt)));
    if version == 2 {
        actions.insert("Tenant".to_owned(), Action::Context);
    }
    Table {
        logical_name: "Orders".to_owned(),
        partition_key: "OrderID".to_owned(),
        sort_key: Some("CustomerID".to_owned()),
        actions,
        unsigned_prefix: Some(":".to_owned()),
        suite,
    }
}

/// An item of that table.
fn order(version: u8) -> Item {
    let item = Item::new()
        .with("OrderID", "12345")
        .with("CustomerID", 567)
        .with("Status", "Shipped")
        .with("Total", number("19.90"))
        .with("Hits", 3)
        .with(":ttl", 1_700_000_000)
        .with("Card", "4111 1111 1111 1111")
        .with("Note", "ring twice")
        .with("Pin", 4711);
    if version == 2 { item.with("Tenant", "acme") } else { item }
}

fn number(text: &str) -> itemseal::AttributeValue {
    itemseal::AttributeValue::N(text.to_owned())
}

/// The first, second or third recipient: 256, 192 and 128 bits, the same in every run.
fn key(n: usize) -> WrappingKey {
    let names = ["key-1", "key-2", "key-3"];
    WrappingKey::from_seed(1_000 + n as u64, "itemseal-vectors", names[n], [32, 24, 16][n])
}

fn keys(count: usize) -> Vec<WrappingKey> {
    (0..count).map(key).collect()
}

/// Encrypts with AWS's crate.
async fn encrypt(table: &Table, keys: &[WrappingKey], item: &Item) -> Item {
    Encryptor::new(table, keys).await.encrypt(item).await.expect("aws-db-esdk encrypts the item")
}
