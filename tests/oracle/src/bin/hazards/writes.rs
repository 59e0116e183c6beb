//! Puts, deletes, and what comes back of them.

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use itemseal::{Error, ErrorKind};
use itemseal_aws::ConditionFailed;
use itemseal_oracle::world::Outcome;

use crate::row::Row;
use crate::stage::{Attributes, CARD, Stage, key, n, order, s};

pub async fn rows(stage: &Stage) -> Outcome<Vec<Row>> {
    Ok(vec![by_arn(stage).await?, found(stage).await?, old(stage).await?, size(stage).await?])
}

async fn by_arn(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("ByArn").await?;
    let table = both.raw.describe_table().table_name(&both.name).send().await?.table;
    let arn = table.and_then(|table| table.table_arn).ok_or("no ARN")?;
    let aws = both.put("1").table_name(&arn).send_with(&both.aws).await.is_ok();
    let stored = both.stored("1").await?.unwrap_or_default();
    let ours = both.ours.put_item(both.put("2").table_name(&arn)).await.err();
    let misuse = ours.is_some_and(|error| error.kind() == ErrorKind::Misuse);
    let nothing = both.stored("2").await?.is_none();
    Ok(Row::new("a table named by its ARN")
        .aws(aws && stored.get("Card") == Some(&s(CARD)), "the item is stored in clear")
        .ours(misuse && nothing, "`Misuse`: it wants the table's name"))
}

fn opened(error: &Error) -> Option<&Attributes> {
    let source = std::error::Error::source(error)?;
    source.downcast_ref::<ConditionFailed>().map(ConditionFailed::item)
}

fn is_raw(item: Option<&Attributes>) -> bool {
    item.is_some_and(|item| item["Card"].is_b() && item.contains_key("aws_dbe_head"))
}

async fn found(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("Found").await?;
    both.fill(&["1"]).await?;
    let all = ReturnValuesOnConditionCheckFailure::AllOld;
    let put = both.put("1").condition_expression("attribute_not_exists(OrderID)");
    let put = put.return_values_on_condition_check_failure(all.clone());
    let delete = DeleteItemInputBuilder::default()
        .table_name(&both.name)
        .set_key(Some(key("1")))
        .condition_expression("attribute_not_exists(OrderID)")
        .return_values_on_condition_check_failure(all.clone());
    let update = both
        .update("1", "ADD Hits :one")
        .expression_attribute_values(":one", n(1))
        .condition_expression("attribute_not_exists(OrderID)")
        .return_values_on_condition_check_failure(all);
    let raw_put = match put.clone().send_with(&both.aws).await.map_err(|e| e.into_service_error()) {
        Err(PutItemError::ConditionalCheckFailedException(failed)) => is_raw(failed.item()),
        _ => false,
    };
    let aws = delete.clone().send_with(&both.aws).await.map_err(|e| e.into_service_error());
    let raw_delete = match aws {
        Err(DeleteItemError::ConditionalCheckFailedException(failed)) => is_raw(failed.item()),
        _ => false,
    };
    let aws = update.clone().send_with(&both.aws).await.map_err(|e| e.into_service_error());
    let raw_update = match aws {
        Err(UpdateItemError::ConditionalCheckFailedException(failed)) => is_raw(failed.item()),
        _ => false,
    };
    let errors = [
        both.ours.put_item(put).await.err(),
        both.ours.delete_item(delete).await.err(),
        both.ours.update_item(update).await.err(),
    ];
    let all = errors.iter().all(|error| error.as_ref().and_then(opened) == Some(&order("1")));
    Ok(Row::new("`ReturnValuesOnConditionCheckFailure`")
        .aws(
            raw_put && raw_delete && raw_update,
            "the item in the exception stays encrypted and unverified: PutItem, DeleteItem, UpdateItem",
        )
        .ours(all, "verified and opened, as the error's `ConditionFailed`"))
}

async fn old(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("Old").await?;
    both.fill(&["1"]).await?;
    let put = both.put("1").return_values(ReturnValue::AllOld);
    let aws = put.clone().send_with(&both.aws).await.ok();
    let ours = both.ours.put_item(put).await?;
    Ok(Row::not_shown("`ALL_OLD`")
        .aws(aws.is_some_and(|old| old.attributes() == Some(&order("1"))), "opened")
        .ours(ours.attributes() == Some(&order("1")), "opened"))
}

/// DynamoDB's limit.
const MOST_BYTES: usize = 400 * 1024;

async fn size(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("Size").await?;
    // Below the limit as it is given, above it when it is encrypted.
    let mut large = order("1");
    large.insert("Card".to_owned(), s("x".repeat(MOST_BYTES - 300)));
    both.store(large.clone()).await?;
    let put = both.put("1").set_item(Some(large));
    let aws = put.clone().send_with(&both.aws).await.err();
    let aws = aws.as_ref().and_then(|error| error.as_service_error());
    let code = aws.and_then(ProvideErrorMetadata::code);
    let text = aws.and_then(ProvideErrorMetadata::message).unwrap_or_default().to_owned();
    let ours = both.ours.put_item(put).await.err();
    let kind = ours.as_ref().map(Error::kind);
    let sizes = ours.map(|error| error.to_string()).unwrap_or_default();
    let calls = both.ours.call_counts();
    let called = calls.iter().any(|count| count.operation == "PutItem");
    Ok(Row::new("an item that is too large only when it is encrypted")
        .aws(
            code == Some("ValidationException") && !text.contains(char::is_numeric),
            "DynamoDB's `ValidationException`, which tells no size",
        )
        .ours(
            kind == Some(ErrorKind::TooLarge) && sizes.contains(&MOST_BYTES.to_string()),
            "`TooLarge` with the sizes before and after",
        )
        .ours(!called, "DynamoDB is not called"))
}
