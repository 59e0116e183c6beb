//! The demo's world: three Regions, one multi-Region key, one replicated table, an encryptor in each.

use std::error::Error;

use itemseal::{AttributeValue, Item, ItemEncryptor, MrkKeyring, TableConfig};
use itemseal_lab::Lab;
use itemseal_lab::kms::LabKms;
use itemseal_lab::tables::{KeyAttribute, Region, Tables};

pub(super) const TABLE: &str = "Orders";
/// Home first: it is where orders are written, and where the key's primary is.
pub(super) const REGIONS: [&str; 3] = ["us-east-1", "eu-west-1", "ap-southeast-1"];
/// A Region that has neither a replica of the key nor one of the table.
pub(super) const OUTSIDE: &str = "sa-east-1";

pub(super) struct World {
    lab: Lab,
    pub(super) key_arn: String,
}

impl World {
    pub(super) fn create() -> Result<Self, Box<dyn Error>> {
        let [home, replicas @ ..] = REGIONS;
        let lab = Lab::builder().regions(REGIONS).build()?;
        let key_arn = lab.kms().create_key(home, true, "orders")?.arn;
        let (partition, sort) = (KeyAttribute::s("OrderID"), KeyAttribute::s("CustomerID"));
        lab.tables().create_table(home, TABLE, partition, Some(sort))?;
        for replica in replicas {
            lab.kms().replicate_key(home, &key_arn, replica, "orders")?;
            lab.tables().add_replica(TABLE, replica)?;
        }
        Ok(Self { lab, key_arn })
    }

    pub(super) fn kms(&self) -> &LabKms {
        self.lab.kms()
    }

    pub(super) fn tables(&self) -> &Tables {
        self.lab.tables()
    }

    pub(super) fn region(&self, name: &str) -> Result<Region, Box<dyn Error>> {
        Ok(self.tables().region(name)?)
    }

    /// An application's encryptor in `region`: it asks only its own Region's KMS.
    pub(super) fn encryptor(&self, region: &str) -> itemseal::Result<ItemEncryptor> {
        let table = TableConfig::builder(TABLE)
            .partition_key("OrderID")
            .sort_key("CustomerID")
            .sign_only(["OrderStatus"])
            .build()?;
        let keyring = MrkKeyring::builder(&self.key_arn).regions([region]);
        Ok(ItemEncryptor::new(table, keyring.build(self.kms().clone())?))
    }
}

/// The key attributes of an order.
pub(super) fn key_of(order: &Item) -> Item {
    let keys = ["OrderID", "CustomerID"].into_iter();
    keys.filter_map(|name| order.get(name).map(|value| (name, value.clone()))).collect()
}

pub(super) fn text<'a>(order: &'a Item, name: &str) -> &'a str {
    order.get(name).and_then(AttributeValue::as_s).unwrap_or("")
}
