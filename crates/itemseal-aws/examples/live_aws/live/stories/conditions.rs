use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use serde_json::Value;

use super::World;
use super::world::{key, n, order, s};
use crate::live::{Outcome, Record};

pub(super) async fn tell(world: &World<'_>, record: &mut Record) -> Outcome<()> {
    let orders = world.client(&[world.home()]).await?;
    orders.put_item(world.put(order("conditions-1"))).await?;
    let all = ReturnValuesOnConditionCheckFailure::AllOld;

    record.begin("the item that failed a condition comes back opened");
    let put = world.put(order("conditions-1"));
    let put = put.condition_expression("attribute_not_exists(OrderID)");
    record.step("PutItem", orders.put_item(put.clone()).await, |_| Value::Null);
    let put = put.return_values_on_condition_check_failure(all.clone());
    record.step("PutItem with ALL_OLD", orders.put_item(put).await, |_| Value::Null);
    let delete = DeleteItemInputBuilder::default().table_name(world.table());
    let delete = delete.set_key(Some(key("conditions-1"))).condition_expression("OrderStatus = :s");
    let delete = delete.expression_attribute_values(":s", s("Lost"));
    let delete = delete.return_values_on_condition_check_failure(all.clone());
    record.step("DeleteItem with ALL_OLD", orders.delete_item(delete).await, |_| Value::Null);
    let update = UpdateItemInputBuilder::default().table_name(world.table());
    let update = update.set_key(Some(key("conditions-1"))).update_expression("ADD Hits :one");
    let update =
        update.condition_expression("Hits > :one").expression_attribute_values(":one", n(1));
    let update = update.return_values_on_condition_check_failure(all);
    record.step("UpdateItem with ALL_OLD", orders.update_item(update).await, |_| Value::Null);

    record.begin("conditions on encrypted attributes are refused before they are sent");
    for condition in
        ["Card = :s", "attribute_exists(Card) AND Total > :s", "begins_with(aws_dbe_head, :s)"]
    {
        let put = world.put(order("conditions-1")).condition_expression(condition);
        let put = put.expression_attribute_values(":s", s("4111"));
        record.step(condition, orders.put_item(put).await, |_| Value::Null);
    }
    Ok(())
}
