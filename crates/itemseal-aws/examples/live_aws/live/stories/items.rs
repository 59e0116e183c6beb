use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use serde_json::{Value, json};

use super::World;
use super::world::{key, n, order, s};
use crate::live::json::{Attributes, some_item, value};
use crate::live::{Outcome, Record};

pub(super) async fn tell(world: &World<'_>, record: &mut Record) -> Outcome<()> {
    let orders = world.client(&[world.home()]).await?;
    let get = async |record: &mut Record, id: &str| {
        let got = orders.get_item(world.get(id)).await;
        record.step("GetItem", got, |got| some_item(got.item()));
    };

    record.begin("an item is stored encrypted and read as it was");
    let put = world.put(order("items-1")).return_values(ReturnValue::AllOld);
    record.step("PutItem", orders.put_item(put).await, |put| some_item(put.attributes()));
    record.note("what is stored", stored(world.stored(world.home(), "items-1").await?));
    get(record, "items-1").await;
    get(record, "items-none").await;
    let projected = world.get("items-1").projection_expression("#c, Lines[1]");
    let projected = projected.expression_attribute_names("#c", "Card");
    let got = orders.get_item(projected).await;
    record.step("GetItem with a projection", got, |got| some_item(got.item()));

    record.begin("what was there before comes back opened");
    orders.put_item(world.put(order("items-2"))).await?;
    let mut second = order("items-2");
    second.insert("Card".to_owned(), s("5500"));
    let put = orders.put_item(world.put(second).return_values(ReturnValue::AllOld)).await;
    record.step("PutItem", put, |put| some_item(put.attributes()));
    let delete = DeleteItemInputBuilder::default().table_name(world.table());
    let delete = delete.set_key(Some(key("items-2"))).return_values(ReturnValue::AllOld);
    let deleted = orders.delete_item(delete).await;
    record.step("DeleteItem", deleted, |deleted| some_item(deleted.attributes()));
    get(record, "items-2").await;

    record.begin("what is unsigned is updated in place");
    orders.put_item(world.put(order("items-3"))).await?;
    for (id, values) in [
        ("items-3", ReturnValue::UpdatedNew),
        ("items-3", ReturnValue::AllNew),
        ("items-none", ReturnValue::AllNew),
    ] {
        let update = UpdateItemInputBuilder::default().table_name(world.table());
        let update = update.set_key(Some(key(id))).update_expression("ADD Hits :one");
        let update = update.expression_attribute_values(":one", n(1)).return_values(values);
        let updated = orders.update_item(update).await;
        record.step("UpdateItem", updated, |updated| some_item(updated.attributes()));
    }
    let update = UpdateItemInputBuilder::default().table_name(world.table());
    let update = update.set_key(Some(key("items-3"))).update_expression("SET Card = :one");
    let updated = orders.update_item(update.expression_attribute_values(":one", n(1))).await;
    record.step("UpdateItem of what is signed", updated, |updated| some_item(updated.attributes()));

    record.begin("what is signed is read, changed and written");
    let table = world.table();
    let changed = orders.update_item_with(&table, key("items-3"), |item| {
        Ok(item.map(|mut item| {
            item.insert("Card".to_owned(), s("5500"));
            item
        }))
    });
    record.step("update_item_with", changed.await, |item| some_item(item.as_ref()));
    get(record, "items-3").await;

    record.begin("what was altered or is not encrypted does not open");
    let raw = world.target.tables_in(world.home());
    let put = raw.put_item().table_name(world.table());
    put.set_item(Some(order("items-plain"))).send().await?;
    get(record, "items-plain").await;
    let mut altered = world.stored(world.home(), "items-1").await?.unwrap_or_default();
    altered.insert("OrderStatus".to_owned(), s("Returned"));
    raw.put_item().table_name(world.table()).set_item(Some(altered)).send().await?;
    get(record, "items-1").await;
    // Pages of other stories should not fail.
    for id in ["items-plain", "items-1"] {
        raw.delete_item().table_name(world.table()).set_key(Some(key(id))).send().await?;
    }
    Ok(())
}

/// The footer has a DER signature, whose length is another each time, and the header the name of the Region
/// and the key.
fn stored(item: Option<Attributes>) -> Value {
    let Some(item) = item else { return Value::Null };
    let told = item.iter().map(|(name, own)| match own {
        AttributeValue::B(_) if name.starts_with("aws_dbe_") => (name.clone(), json!("bytes")),
        own => (name.clone(), value(own)),
    });
    Value::Object(told.collect())
}
