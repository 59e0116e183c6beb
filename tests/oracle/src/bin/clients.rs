//! AWS's encrypting client (its interceptor, unmodified) beside ours, on one table of the lab, operation
//! by operation: what one writes, the other reads, and the other way round.
//!
//! ```text
//! cargo run --features aws --bin clients
//! ```

use std::collections::HashMap;
use std::process::ExitCode;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::batch_get_item::builders::BatchGetItemInputBuilder;
use aws_sdk_dynamodb::operation::batch_write_item::builders::BatchWriteItemInputBuilder;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanInputBuilder;
use aws_sdk_dynamodb::operation::transact_get_items::builders::TransactGetItemsInputBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsInputBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, Get, KeysAndAttributes, Put, PutRequest, ReturnValue, TransactGetItem,
    TransactWriteItem, Update, WriteRequest,
};
use aws_types::SdkConfig;
use aws_types::region::Region;
use itemseal::{AlgorithmSuite, Item, MrkKeyring};
use itemseal_aws::{AwsKms, GlobalTable};
use itemseal_lab::Lab;
use itemseal_lab::http::LabServer;
use itemseal_oracle::aws::{from_sdk, to_sdk};
use itemseal_oracle::world::{self, Outcome, WRITER, World, key_of, orders, same, table};

type Attributes = HashMap<String, AttributeValue>;

fn main() -> ExitCode {
    world::run("clients", story())
}

async fn story() -> Outcome {
    let lab = Lab::builder().every_region().build()?;
    let server = LabServer::start(&lab)?;
    let world = World::new(&server.endpoint());
    let key_arn = world.create_key().await?;
    let mut compared = 0;
    for suite in [AlgorithmSuite::HmacOnly, AlgorithmSuite::EcdsaP384] {
        for version in [1, 2] {
            let name = format!("Orders-{}-{version}", suite.id() & 1);
            world.create_table(&name).await?;
            let mut table = table(&name, suite, version);
            table.unsigned_prefix = Some(":".to_owned());
            let credentials = Credentials::new("lab", "lab", None, None, "lab");
            let config = SdkConfig::builder()
                .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
                .region(Region::new(WRITER))
                .endpoint_url(server.endpoint())
                .credentials_provider(SharedCredentialsProvider::new(credentials))
                .build();
            let kms = AwsKms::new(&config)?;
            let keyring = MrkKeyring::builder(&key_arn).regions([WRITER]).build(kms)?;
            let ours = GlobalTable::builder(itemseal_oracle::ours::config(&table)?, keyring);
            let both = Both {
                aws: world.aws_client(WRITER, &table, &key_arn).await?,
                ours: ours.build(&config).await?,
                table: name,
            };
            compared += both.compare(&orders()?).await?;
        }
    }
    println!(
        "clients: {compared} operations of AWS's client and ours, each read by the other, 0 differences"
    );
    server.shutdown().await;
    Ok(())
}

/// Two clients of one table.
struct Both {
    aws: Client,
    ours: GlobalTable,
    table: String,
}

impl Both {
    async fn compare(&self, orders: &[Item]) -> Outcome<usize> {
        let mut compared = 0;
        for (at, order) in orders.iter().enumerate() {
            let order = order.clone().with(":hits", itemseal::AttributeValue::N(at.to_string()));
            compared += self.one_item(&order).await?;
        }
        let few: Vec<Item> = orders.iter().take(8).cloned().collect();
        compared += self.batches(&few).await?;
        compared += self.transactions(&few).await?;
        compared += self.pages(&few).await?;
        println!("{}: {compared} operations", self.table);
        Ok(compared)
    }

    fn put(&self, item: &Item) -> PutItemInputBuilder {
        PutItemInputBuilder::default().table_name(&self.table).set_item(Some(to_sdk(item)))
    }

    fn get(&self, item: &Item) -> GetItemInputBuilder {
        let get = GetItemInputBuilder::default().table_name(&self.table);
        get.set_key(Some(to_sdk(&key_of(item)))).consistent_read(true)
    }

    fn delete(&self, item: &Item) -> DeleteItemInputBuilder {
        let delete = DeleteItemInputBuilder::default().table_name(&self.table);
        delete.set_key(Some(to_sdk(&key_of(item)))).return_values(ReturnValue::AllOld)
    }

    /// Raises the counter, which is not signed.
    fn count(&self, item: &Item) -> UpdateItemInputBuilder {
        let update = UpdateItemInputBuilder::default().table_name(&self.table);
        update
            .set_key(Some(to_sdk(&key_of(item))))
            .update_expression("ADD #h :one")
            .expression_attribute_names("#h", ":hits")
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_values(ReturnValue::AllNew)
    }

    async fn one_item(&self, order: &Item) -> Outcome<usize> {
        let some = Some(order.clone());
        let item = |attributes: Option<&Attributes>| attributes.map(from_sdk);
        // PutItem and GetItem.
        self.ours.put_item(self.put(order)).await?;
        let got = self.get(order).send_with(&self.aws).await?;
        same("our put, AWS's get", &item(got.item()), &some)?;
        self.put(order).send_with(&self.aws).await?;
        let got = self.ours.get_item(self.get(order)).await?;
        same("AWS's put, our get", &item(got.item()), &some)?;
        // UpdateItem of what is not signed, with the whole item as its answer.
        let hits = |item: &Item| match item.get(":hits") {
            Some(itemseal::AttributeValue::N(hits)) => hits.parse::<usize>().unwrap_or(0),
            _ => 0,
        };
        let counted = |by: usize| {
            let hits = (hits(order) + by).to_string();
            Some(order.clone().with(":hits", itemseal::AttributeValue::N(hits)))
        };
        let new = self.ours.update_item(self.count(order)).await?;
        same("our update of AWS's put", &item(new.attributes()), &counted(1))?;
        let got = self.get(order).send_with(&self.aws).await?;
        same("our update, AWS's get", &item(got.item()), &counted(1))?;
        self.ours.put_item(self.put(order)).await?;
        let new = self.count(order).send_with(&self.aws).await?;
        same("AWS's update of our put", &item(new.attributes()), &counted(1))?;
        let got = self.ours.get_item(self.get(order)).await?;
        same("AWS's update, our get", &item(got.item()), &counted(1))?;
        // DeleteItem, with what was there.
        let old = self.delete(order).send_with(&self.aws).await?;
        same("AWS's delete of our put", &item(old.attributes()), &counted(1))?;
        self.put(order).send_with(&self.aws).await?;
        let old = self.ours.delete_item(self.delete(order)).await?;
        same("our delete of AWS's put", &item(old.attributes()), &some)?;
        // PutItem, with what was there.
        self.put(order).send_with(&self.aws).await?;
        let old = self.put(order).return_values(ReturnValue::AllOld);
        let old = self.ours.put_item(old).await?;
        same("our put over AWS's", &item(old.attributes()), &some)?;
        let old = self.put(order).return_values(ReturnValue::AllOld).send_with(&self.aws).await?;
        same("AWS's put over ours", &item(old.attributes()), &some)?;
        Ok(10)
    }

    async fn batches(&self, orders: &[Item]) -> Outcome<usize> {
        let put = |order: &Item| {
            let put = PutRequest::builder().set_item(Some(to_sdk(order))).build()?;
            Ok(WriteRequest::builder().put_request(put).build())
        };
        let write = orders.iter().map(put).collect::<Outcome<Vec<_>>>()?;
        let write = BatchWriteItemInputBuilder::default().request_items(&self.table, write);
        let keys = orders.iter().map(|order| to_sdk(&key_of(order))).collect();
        let keys =
            KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build()?;
        let read = BatchGetItemInputBuilder::default().request_items(&self.table, keys);
        let of = |responses: Option<&HashMap<String, Vec<Attributes>>>| {
            let items = responses.and_then(|responses| responses.get(&self.table));
            sorted(items.map(Vec::as_slice).unwrap_or_default())
        };
        self.ours.batch_write_item(write.clone()).await?;
        let got = read.clone().send_with(&self.aws).await?;
        same("our batch, read by AWS's", &of(got.responses()), &in_order(orders))?;
        write.send_with(&self.aws).await?;
        let got = self.ours.batch_get_item(read).await?;
        same("AWS's batch, read by ours", &of(got.responses()), &in_order(orders))?;
        Ok(4)
    }

    async fn transactions(&self, orders: &[Item]) -> Outcome<usize> {
        let write = |to: &str| {
            let parts = orders.iter().map(|order| {
                let order = order.clone().with("Note", to);
                let put = Put::builder().table_name(&self.table).set_item(Some(to_sdk(&order)));
                Ok(TransactWriteItem::builder().put(put.build()?).build())
            });
            let parts = parts.collect::<Outcome<Vec<_>>>()?;
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(
                TransactWriteItemsInputBuilder::default().set_transact_items(Some(parts)),
            )
        };
        let expected = |note: &str| {
            let noted = orders.iter().map(|order| order.clone().with("Note", note));
            in_order(&noted.collect::<Vec<_>>())
        };
        let gets = orders.iter().map(|order| {
            let get = Get::builder().table_name(&self.table).set_key(Some(to_sdk(&key_of(order))));
            Ok(TransactGetItem::builder().get(get.build()?).build())
        });
        let gets = gets.collect::<Outcome<Vec<_>>>()?;
        let read = TransactGetItemsInputBuilder::default().set_transact_items(Some(gets));
        let of = |responses: &[aws_sdk_dynamodb::types::ItemResponse]| {
            sorted(&responses.iter().filter_map(|r| r.item().cloned()).collect::<Vec<_>>())
        };
        self.ours.transact_write_items(write("ours")?).await?;
        let got = read.clone().send_with(&self.aws).await?;
        same("our transaction, read by AWS's", &of(got.responses()), &expected("ours"))?;
        write("theirs")?.send_with(&self.aws).await?;
        let got = self.ours.transact_get_items(read).await?;
        same("AWS's transaction, read by ours", &of(got.responses()), &expected("theirs"))?;
        // An update within a transaction.
        let first = orders.first().ok_or("no orders")?;
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(to_sdk(&key_of(first))))
            .update_expression("SET #h = :one")
            .expression_attribute_names("#h", ":hits")
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .build()?;
        let update = TransactWriteItem::builder().update(update).build();
        let update = TransactWriteItemsInputBuilder::default().transact_items(update);
        self.ours.transact_write_items(update).await?;
        let got = self.get(first).send_with(&self.aws).await?;
        let one = itemseal::AttributeValue::N("1".to_owned());
        let counted = first.clone().with("Note", "theirs").with(":hits", one);
        same("our update in a transaction", &got.item().map(from_sdk), &Some(counted))?;
        Ok(5)
    }

    async fn pages(&self, orders: &[Item]) -> Outcome<usize> {
        let first = orders.first().ok_or("no orders")?;
        let id = to_sdk(first).remove("OrderID").ok_or("no key")?;
        let query = QueryInputBuilder::default()
            .table_name(&self.table)
            .key_condition_expression("OrderID = :id")
            .expression_attribute_values(":id", id);
        let (ours, theirs) =
            (self.ours.query(query.clone()).await?, query.send_with(&self.aws).await?);
        same("queries", &sorted(ours.items()), &sorted(theirs.items()))?;
        same("a query's count", &ours.count(), &1)?;
        let scan = ScanInputBuilder::default().table_name(&self.table);
        let (ours, theirs) =
            (self.ours.scan(scan.clone()).await?, scan.send_with(&self.aws).await?);
        same("scans", &sorted(ours.items()), &sorted(theirs.items()))?;
        same("a scan's count", &(ours.count() >= 8), &true)?;
        Ok(4)
    }
}

fn sorted(items: &[Attributes]) -> Vec<String> {
    in_order(&items.iter().map(from_sdk).collect::<Vec<_>>())
}

fn in_order(items: &[Item]) -> Vec<String> {
    let mut items: Vec<String> = items.iter().map(Item::to_json).collect();
    items.sort();
    items
}
