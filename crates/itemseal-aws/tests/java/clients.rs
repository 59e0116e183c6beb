//! Both clients, behind DynamoDB's operations on items.

use std::collections::HashMap;

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
    TransactWriteItem, WriteRequest,
};
use itemseal::Item;
use itemseal_aws::GlobalTable;
use serde_json::{Value, json};

use crate::program::Program;
use crate::sdk::{Attributes, from_sdk, to_sdk};
use crate::table::{COUNTER, PARTITION};

/// A client of one table in one Region. Operations take items, or keys, and give items: a write of one
/// item gives what was there, `add` the item as it is then.
pub enum Client {
    Java { program: Program, name: String },
    Ours { orders: GlobalTable, table: String },
}

impl Client {
    /// One operation, by the name that the Java program has for it.
    ///
    /// # Errors
    /// What the client says.
    pub async fn run(&self, op: &str, items: &[Item]) -> Result<Vec<Item>, String> {
        match self {
            Self::Java { program, name } => {
                let items: Vec<Value> =
                    items.iter().map(|i| serde_json::from_str(&i.to_json()).unwrap()).collect();
                program.ask(name, op, json!({"items": items, "attribute": COUNTER}))
            }
            Self::Ours { orders, table } => {
                let items: Vec<Attributes> = items.iter().map(to_sdk).collect();
                let answer = ours(orders, table, op, items).await;
                let answer = answer.map_err(|error| error.to_string())?;
                Ok(answer.iter().map(from_sdk).collect())
            }
        }
    }
}

async fn ours(
    orders: &GlobalTable,
    table: &str,
    op: &str,
    items: Vec<Attributes>,
) -> itemseal::Result<Vec<Attributes>> {
    let first = items.first().cloned();
    Ok(match op {
        "put" => {
            let put = PutItemInputBuilder::default().table_name(table).set_item(first);
            let answer = orders.put_item(put.return_values(ReturnValue::AllOld)).await?;
            answer.into_output().attributes.into_iter().collect()
        }
        "get" => {
            let get = GetItemInputBuilder::default().table_name(table).set_key(first);
            let answer = orders.get_item(get.consistent_read(true)).await?;
            answer.into_output().item.into_iter().collect()
        }
        "delete" => {
            let delete = DeleteItemInputBuilder::default().table_name(table).set_key(first);
            let answer = orders.delete_item(delete.return_values(ReturnValue::AllOld)).await?;
            answer.into_output().attributes.into_iter().collect()
        }
        "add" => {
            let update = UpdateItemInputBuilder::default()
                .table_name(table)
                .set_key(first)
                .update_expression("ADD #a :one")
                .expression_attribute_names("#a", COUNTER)
                .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
                .return_values(ReturnValue::AllNew);
            let answer = orders.update_item(update).await?;
            answer.into_output().attributes.into_iter().collect()
        }
        "batch_write" => {
            let put = |item| PutRequest::builder().set_item(Some(item)).build().unwrap();
            let write = |item| WriteRequest::builder().put_request(put(item)).build();
            let writes = items.into_iter().map(write).collect();
            let batch = BatchWriteItemInputBuilder::default().request_items(table, writes);
            let answer = orders.batch_write_item(batch).await?.into_output();
            assert_eq!(answer.unprocessed_items, Some(HashMap::new()));
            Vec::new()
        }
        "batch_get" => {
            let keys = KeysAndAttributes::builder().set_keys(Some(items)).consistent_read(true);
            let batch = BatchGetItemInputBuilder::default();
            let batch = batch.request_items(table, keys.build().unwrap());
            let answer = orders.batch_get_item(batch).await?.into_output();
            assert_eq!(answer.unprocessed_keys, Some(HashMap::new()));
            answer.responses.unwrap().remove(table).unwrap()
        }
        "transact_write" => {
            let put = |item| Put::builder().table_name(table).set_item(Some(item)).build().unwrap();
            let write = |item| TransactWriteItem::builder().put(put(item)).build();
            let writes = items.into_iter().map(write).collect();
            let transaction = TransactWriteItemsInputBuilder::default();
            orders.transact_write_items(transaction.set_transact_items(Some(writes))).await?;
            Vec::new()
        }
        "transact_get" => {
            let get = |key| Get::builder().table_name(table).set_key(Some(key)).build().unwrap();
            let read = |key| TransactGetItem::builder().get(get(key)).build();
            let reads = items.into_iter().map(read).collect();
            let transaction = TransactGetItemsInputBuilder::default();
            let answer =
                orders.transact_get_items(transaction.set_transact_items(Some(reads))).await?;
            let answers = answer.into_output().responses.unwrap();
            answers.into_iter().filter_map(|answer| answer.item).collect()
        }
        "query" => query(orders, table, first.unwrap()).await?,
        "scan" => scan(orders, table).await?,
        other => panic!("no such operation: {other}"),
    })
}

/// All items with the key's partition key.
async fn query(
    orders: &GlobalTable,
    table: &str,
    key: Attributes,
) -> itemseal::Result<Vec<Attributes>> {
    let query = QueryInputBuilder::default()
        .table_name(table)
        .key_condition_expression("#p = :p")
        .expression_attribute_names("#p", PARTITION)
        .expression_attribute_values(":p", key[PARTITION].clone());
    let (mut items, mut from) = (Vec::new(), None);
    loop {
        let page = orders.query(query.clone().set_exclusive_start_key(from)).await?.into_output();
        items.extend(page.items.unwrap_or_default());
        from = page.last_evaluated_key.filter(|key| !key.is_empty());
        if from.is_none() {
            return Ok(items);
        }
    }
}

/// All items, in pages of at most 25.
async fn scan(orders: &GlobalTable, table: &str) -> itemseal::Result<Vec<Attributes>> {
    let scan = ScanInputBuilder::default().table_name(table).limit(25);
    let (mut items, mut from) = (Vec::new(), None);
    loop {
        let page = orders.scan(scan.clone().set_exclusive_start_key(from)).await?.into_output();
        items.extend(page.items.unwrap_or_default());
        from = page.last_evaluated_key.filter(|key| !key.is_empty());
        if from.is_none() {
            return Ok(items);
        }
    }
}
