use aws_sdk_dynamodb::operation::transact_get_items::builders::TransactGetItemsInputBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsInputBuilder;
use aws_sdk_dynamodb::types::{
    ConditionCheck, Delete, Get, Put, TransactGetItem, TransactWriteItem, Update,
};
use serde_json::Value;

use super::World;
use super::world::{key, n, order, s};
use crate::live::json::some_item;
use crate::live::{Outcome, Record};

pub(super) async fn tell(world: &World<'_>, record: &mut Record) -> Outcome<()> {
    let orders = world.client(&[world.home()]).await?;
    let table = world.table();
    let put = |id: &str| -> Outcome<TransactWriteItem> {
        let put = Put::builder().table_name(&table).set_item(Some(order(id))).build()?;
        Ok(TransactWriteItem::builder().put(put).build())
    };
    let update = |id: &str, expression: &str| -> Outcome<TransactWriteItem> {
        let update = Update::builder().table_name(&table).set_key(Some(key(id)));
        let update = update.update_expression(expression).expression_attribute_values(":one", n(1));
        Ok(TransactWriteItem::builder().update(update.build()?).build())
    };
    let check = |id: &str, expression: &str| -> Outcome<TransactWriteItem> {
        let check = ConditionCheck::builder().table_name(&table).set_key(Some(key(id)));
        let check = check.condition_expression(expression);
        let check = check.expression_attribute_values(":s", s("Shipped")).build()?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    };
    let write = |parts| TransactWriteItemsInputBuilder::default().set_transact_items(Some(parts));
    let read = |ids: &[&str]| -> Outcome<TransactGetItemsInputBuilder> {
        ids.iter().try_fold(TransactGetItemsInputBuilder::default(), |input, id| {
            let get = Get::builder().table_name(&table).set_key(Some(key(id))).build()?;
            Ok(input.transact_items(TransactGetItem::builder().get(get).build()))
        })
    };

    record.begin("each part of a transaction has its operation's rule");
    let parts = vec![put("transactions-1")?, put("transactions-2")?];
    record.step("TransactWriteItems", orders.transact_write_items(write(parts)).await, |_| {
        Value::Null
    });
    let delete =
        Delete::builder().table_name(&table).set_key(Some(key("transactions-2"))).build()?;
    let delete = TransactWriteItem::builder().delete(delete).build();
    let parts = vec![update("transactions-1", "ADD Hits :one")?, delete, put("transactions-3")?];
    record.step("TransactWriteItems", orders.transact_write_items(write(parts)).await, |_| {
        Value::Null
    });
    let got = read(&["transactions-1", "transactions-2", "transactions-3"])?;
    record.step("TransactGetItems", orders.transact_get_items(got).await, |got| {
        got.responses().iter().map(|response| some_item(response.item())).collect()
    });
    for (what, part) in [
        ("a condition that holds", check("transactions-1", "OrderStatus = :s")?),
        ("a condition that does not hold", check("transactions-3", "OrderStatus <> :s")?),
        ("a condition on what is encrypted", check("transactions-1", "Card = :s")?),
        ("an update of what is encrypted", update("transactions-1", "SET Card = :one")?),
        ("an update of what is not there", update("transactions-none", "SET Hits = :one")?),
    ] {
        let written = orders.transact_write_items(write(vec![put("transactions-4")?, part])).await;
        record.step(what, written, |_| Value::Null);
    }

    record.begin("a transaction that is repeated with its token is the same");
    let token = format!("{:032x}", std::process::id());
    let with_token = |parts| write(parts).client_request_token(&token);
    let mut stored = Vec::new();
    for _ in 0..2 {
        let written = orders.transact_write_items(with_token(vec![put("transactions-5")?])).await;
        record.step("TransactWriteItems", written, |_| Value::Null);
        stored.push(world.stored(world.home(), "transactions-5").await?);
    }
    record.note("the same to the byte", (stored.first() == stored.last()).into());
    let written = orders.transact_write_items(with_token(vec![put("transactions-6")?])).await;
    record.step("TransactWriteItems of something else", written, |_| Value::Null);
    Ok(())
}
