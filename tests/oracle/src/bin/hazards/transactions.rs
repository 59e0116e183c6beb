//! TransactWriteItems.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsInputBuilder;
use aws_sdk_dynamodb::types::{
    Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use itemseal::ErrorKind;
use itemseal_aws::TransactionCancelled;
use itemseal_oracle::world::Outcome;

use crate::requests::unverified;
use crate::row::Row;
use crate::stage::{Both, Stage, key, n, order};

pub async fn rows(stage: &Stage) -> Outcome<Vec<Row>> {
    Ok(vec![repeated(stage).await?, upserts(stage).await?, found(stage).await?])
}

fn put(both: &Both, id: &str) -> aws_sdk_dynamodb::types::builders::PutBuilder {
    Put::builder().table_name(&both.name).set_item(Some(order(id)))
}

async fn repeated(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("Repeated").await?;
    let transaction = |token: &str, id| {
        let part = TransactWriteItem::builder().put(put(&both, id).build()?).build();
        let all = TransactWriteItemsInputBuilder::default().transact_items(part);
        Outcome::Ok(all.client_request_token(token))
    };
    let aws = transaction("aws", "1")?.send_with(&both.aws).await.is_ok();
    let again =
        transaction("aws", "1")?.send_with(&both.aws).await.map_err(|e| e.into_service_error());
    let mismatch =
        matches!(again, Err(TransactWriteItemsError::IdempotentParameterMismatchException(_)));
    both.ours.transact_write_items(transaction("ours", "2")?).await?;
    let stored = both.stored("2").await?;
    let again = both.ours.transact_write_items(transaction("ours", "2")?).await;
    let same = both.stored("2").await? == stored;
    Ok(Row::new("a transaction repeated with its `ClientRequestToken`")
        .aws(aws && mismatch, "encrypted again, so DynamoDB answers `IdempotentParameterMismatch`")
        .ours(again.is_ok() && same, "sent again the same to the byte, and answered"))
}

async fn upserts(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("TransactUpserts").await?;
    let transaction = |id| {
        let update = Update::builder()
            .table_name(&both.name)
            .set_key(Some(key(id)))
            .update_expression("ADD Hits :one")
            .expression_attribute_values(":one", n(1));
        let part = TransactWriteItem::builder().update(update.build()?).build();
        Outcome::Ok(TransactWriteItemsInputBuilder::default().transact_items(part))
    };
    let aws = transaction("1")?.send_with(&both.aws).await.is_ok();
    let unreadable =
        both.stored("1").await?.is_some() && unverified(both.get("1").send_with(&both.aws).await);
    let ours = both.ours.transact_write_items(transaction("2")?).await.err();
    let conflict = ours.is_some_and(|error| error.kind() == ErrorKind::Conflict);
    let nothing = both.stored("2").await?.is_none();
    Ok(Row::new("an update in a transaction, of an item that is not there")
        .aws(aws && unreadable, "makes an item that can never be read")
        .ours(conflict && nothing, "`Conflict`, nothing written"))
}

async fn found(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("TransactFound").await?;
    both.fill(&["1"]).await?;
    let put = put(&both, "1")
        .condition_expression("attribute_not_exists(OrderID)")
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    let part = TransactWriteItem::builder().put(put.build()?).build();
    let all = TransactWriteItemsInputBuilder::default().transact_items(part);
    let aws = all.clone().send_with(&both.aws).await.map_err(|e| e.into_service_error());
    let raw = match aws {
        Err(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            let item = cancelled.cancellation_reasons().iter().find_map(|reason| reason.item());
            item.is_some_and(|item| item["Card"].is_b() && item.contains_key("aws_dbe_head"))
        }
        _ => false,
    };
    let ours = both.ours.transact_write_items(all).await.err();
    let opened = ours.is_some_and(|error| {
        let source = std::error::Error::source(&error);
        let cancelled = source.and_then(|source| source.downcast_ref::<TransactionCancelled>());
        let found = cancelled.and_then(|cancelled| cancelled.reasons()[0].item());
        error.kind() == ErrorKind::Conflict && found.is_some_and(|item| item["Card"].is_s())
    });
    Ok(Row::new("the item that a cancelled transaction found")
        .aws(raw, "in the cancellation reasons, encrypted and unverified")
        .ours(opened, "in the cancellation reasons, opened"))
}
