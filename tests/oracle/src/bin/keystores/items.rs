//! Items of one encrypted table, written by AWS's client and by ours under one branch key each time, opened by
//! both, before and after rotations by either side.

use aws_db_esdk::dynamodb::client::Client as DbEsdk;
use aws_db_esdk::dynamodb::operation::get_branch_key_id_from_ddb_key::{
    GetBranchKeyIdFromDdbKeyInput, GetBranchKeyIdFromDdbKeyOutput,
};
use aws_db_esdk::dynamodb::types::DynamoDbKeyBranchKeyIdSupplier;
use aws_db_esdk::dynamodb::types::dynamo_db_encryption_config::DynamoDbEncryptionConfig;
use aws_db_esdk::dynamodb::types::error::Error as DbEsdkError;
use aws_db_esdk::material_providers::client::Client as Providers;
use aws_db_esdk::material_providers::types::keyring::KeyringRef;
use aws_db_esdk::material_providers::types::material_providers_config::MaterialProvidersConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use itemseal::keyring::HierarchicalKeyring;
use itemseal::{AlgorithmSuite, Error, ErrorKind, Item, ItemDescription, Keyring};
use itemseal_aws::GlobalTable;
use itemseal_oracle::aws::{from_sdk, to_sdk};
use itemseal_oracle::table::Table;
use itemseal_oracle::world::{Outcome, WRITER, key_of, orders, table};

use crate::stage::Stage;
use crate::tally::Tally;

const T: &str = "Orders";
/// Orders that each side writes under each version of the branch key.
const ORDERS: usize = 4;

/// Whose branch key an item is under.
#[derive(Clone, Copy)]
enum Ids {
    One(&'static str),
    ByTenant,
}

/// Two clients of the table.
struct Both {
    aws: Client,
    ours: GlobalTable,
}

/// How many items were written.
pub async fn compare(stage: &Stage, tally: &mut Tally) -> Outcome<usize> {
    stage.world.create_table(T).await?;
    let own = [("tenant", "yes")];
    stage.aws()?.create(Some("tenant-0"), &own).await?;
    stage.ours()?.create_key(Some("tenant-1"), own).await?;
    let mut written = 0;
    for suite in [AlgorithmSuite::HmacOnly, AlgorithmSuite::EcdsaP384] {
        for version in [1, 2] {
            for ids in [Ids::One("tenant-0"), Ids::One("tenant-1"), Ids::ByTenant] {
                let table = table(T, suite, version);
                written += across_rotations(stage, tally, &table, ids).await?;
            }
            foreign(stage, tally, &table(T, suite, version)).await?;
        }
    }
    Ok(written)
}

/// Each side writes, one rotates, and so on; what was written before is opened again.
async fn across_rotations(
    stage: &Stage,
    tally: &mut Tally,
    table: &Table,
    ids: Ids,
) -> Outcome<usize> {
    let rotated = match ids {
        Ids::One(id) => vec![id],
        Ids::ByTenant => vec!["tenant-0", "tenant-1"],
    };
    let first = both(stage, table, ids).await?;
    let mut written: Vec<Item> = Vec::new();
    for round in ["", "aws", "ours"] {
        for id in &rotated {
            match round {
                "" => {}
                "aws" => stage.aws()?.rotate(id).await?,
                _ => stage.ours()?.rotate(id).await?,
            }
        }
        // New keyrings have seen the rotation; the first ones have the old version still, and read the new.
        let both = both(stage, table, ids).await?;
        for (at, order) in orders()?.into_iter().take(2 * ORDERS).enumerate() {
            let id = format!("{at}-{round}-{}", written.len());
            let order = order.with("OrderID", id);
            match at < ORDERS {
                true => both.aws_put(&order).await?,
                false => both.ours_put(&order).await?,
            }
            let description = ItemDescription::of(&both.stored(stage, &order).await?)?;
            let id = ids.of(&order)?;
            let edk = description.edks().first().ok_or("no data key")?;
            tally.same("whose branch key it is under", &edk.provider_info(), &id.as_bytes());
            tally.same("the version", &description.format_version(), &table.format_version());
            written.push(order);
        }
        for client in [&both, &first] {
            for order in &written {
                tally.same("opened by AWS's", &client.aws_get(order).await?, &Some(order.clone()));
                tally.same("opened by ours", &client.ours_get(order).await?, &Some(order.clone()));
            }
        }
    }
    Ok(written.len())
}

/// An item under another branch key is nobody's.
async fn foreign(stage: &Stage, tally: &mut Tally, table: &Table) -> Outcome {
    let (zero, one) = (Ids::One("tenant-0"), Ids::One("tenant-1"));
    let (zero, one) = (both(stage, table, zero).await?, both(stage, table, one).await?);
    let order = orders()?.into_iter().next().ok_or("no orders")?.with("OrderID", "foreign");
    zero.aws_put(&order).await?;
    let verdicts = (one.aws_get(&order).await, one.ours_get(&order).await);
    tally.verdicts("an item under another branch key", &verdicts.0, &verdicts.1, false);
    let verdicts = (zero.aws_get(&order).await, zero.ours_get(&order).await);
    tally.verdicts("an item under its branch key", &verdicts.0, &verdicts.1, true);
    Ok(())
}

async fn both(stage: &Stage, table: &Table, ids: Ids) -> Outcome<Both> {
    let keyring = aws_keyring(stage, ids).await?;
    let aws = stage.world.aws_client_over(WRITER, table, keyring)?;
    let keyring = our_keyring(stage, ids)?;
    let config = itemseal_oracle::ours::config(table)?;
    let ours = GlobalTable::builder(config, keyring).build(&stage.config(WRITER)).await?;
    Ok(Both { aws, ours })
}

async fn aws_keyring(stage: &Stage, ids: Ids) -> Outcome<KeyringRef> {
    let providers = Providers::from_conf(MaterialProvidersConfig::builder().build()?)?;
    let create = providers.create_aws_kms_hierarchical_keyring();
    let create = create.key_store(stage.aws()?.0).ttl_seconds(600);
    let create = match ids {
        Ids::One(id) => create.branch_key_id(id),
        Ids::ByTenant => {
            let client = DbEsdk::from_conf(DynamoDbEncryptionConfig::builder().build()?)?;
            let made = client.create_dynamo_db_encryption_branch_key_id_supplier();
            let made = made.ddb_key_branch_key_id_supplier(ByTenant).send().await?;
            create.branch_key_id_supplier(made.branch_key_id_supplier.ok_or("no supplier")?)
        }
    };
    Ok(create.send().await?)
}

fn our_keyring(stage: &Stage, ids: Ids) -> Outcome<impl Keyring + 'static> {
    let store = stage.ours()?;
    let keyring = match ids {
        Ids::One(id) => HierarchicalKeyring::builder(store, id),
        Ids::ByTenant => HierarchicalKeyring::with_supplier(store, by_tenant),
    };
    Ok(keyring.build()?)
}

impl Ids {
    fn of(self, order: &Item) -> Outcome<String> {
        match self {
            Self::One(id) => Ok(id.to_owned()),
            Self::ByTenant => Ok(by_tenant(order)?),
        }
    }
}

/// Even orders are one tenant's, odd ones the other's.
fn tenant(order: &str) -> Option<String> {
    let number: usize = order.split('-').next()?.parse().ok()?;
    Some(format!("tenant-{}", number % 2))
}

fn by_tenant(attributes: &Item) -> itemseal::Result<String> {
    let id = attributes.get("OrderID").and_then(|id| id.as_s()).and_then(tenant);
    id.ok_or_else(|| Error::new(ErrorKind::Misuse, "whose order is it?"))
}

struct ByTenant;

impl DynamoDbKeyBranchKeyIdSupplier for ByTenant {
    fn get_branch_key_id_from_ddb_key(
        &self,
        input: GetBranchKeyIdFromDdbKeyInput,
    ) -> Result<GetBranchKeyIdFromDdbKeyOutput, DbEsdkError> {
        let refuse = || DbEsdkError::DynamoDbEncryptionException {
            message: "whose order is it?".to_owned(),
        };
        let key = input.ddb_key.unwrap_or_default();
        let id = key.get("OrderID").and_then(|id| id.as_s().ok()).and_then(|id| tenant(id));
        let output =
            GetBranchKeyIdFromDdbKeyOutput::builder().branch_key_id(id.ok_or_else(refuse)?);
        output.build().map_err(|_| refuse())
    }
}

impl Both {
    async fn aws_put(&self, order: &Item) -> Outcome {
        self.aws.put_item().table_name(T).set_item(Some(to_sdk(order))).send().await?;
        Ok(())
    }

    async fn ours_put(&self, order: &Item) -> Outcome {
        let put = PutItemInputBuilder::default().table_name(T).set_item(Some(to_sdk(order)));
        self.ours.put_item(put).await?;
        Ok(())
    }

    async fn aws_get(&self, order: &Item) -> Outcome<Option<Item>> {
        let get = self.aws.get_item().table_name(T).set_key(Some(to_sdk(&key_of(order))));
        Ok(get.consistent_read(true).send().await?.item().map(from_sdk))
    }

    async fn ours_get(&self, order: &Item) -> Outcome<Option<Item>> {
        let get = GetItemInputBuilder::default().table_name(T).consistent_read(true);
        let got = self.ours.get_item(get.set_key(Some(to_sdk(&key_of(order))))).await?;
        Ok(got.item().map(from_sdk))
    }

    async fn stored(&self, stage: &Stage, order: &Item) -> Outcome<Item> {
        let get = stage.world.dynamodb(WRITER).get_item().table_name(T);
        let get = get.set_key(Some(to_sdk(&key_of(order)))).consistent_read(true);
        Ok(get.send().await?.item().map(from_sdk).ok_or("it is not there")?)
    }
}
