//! Batches: too large ones, and what DynamoDB leaves undone.

use aws_sdk_dynamodb::operation::batch_get_item::builders::BatchGetItemInputBuilder;
use aws_sdk_dynamodb::operation::batch_write_item::builders::BatchWriteItemInputBuilder;
use aws_sdk_dynamodb::types::{KeysAndAttributes, PutRequest, WriteRequest};
use itemseal_lab::faults::Fault;
use itemseal_oracle::world::{Outcome, WRITER};

use crate::requests::says;
use crate::row::Row;
use crate::stage::{Both, CARD, Stage, key, order, s};

pub async fn rows(stage: &Stage) -> Outcome<Vec<Row>> {
    Ok(vec![too_many(stage).await?, left_undone(stage).await?])
}

fn write(both: &Both, count: usize) -> Outcome<BatchWriteItemInputBuilder> {
    let puts = (0..count).map(|id| {
        let put = PutRequest::builder().set_item(Some(order(&id.to_string()))).build()?;
        Ok(WriteRequest::builder().put_request(put).build())
    });
    let puts = puts.collect::<Outcome<Vec<_>>>()?;
    Ok(BatchWriteItemInputBuilder::default().request_items(&both.name, puts))
}

fn read(both: &Both, count: usize) -> Outcome<BatchGetItemInputBuilder> {
    let keys = (0..count).map(|id| key(&id.to_string())).collect();
    let keys = KeysAndAttributes::builder().set_keys(Some(keys)).build()?;
    Ok(BatchGetItemInputBuilder::default().request_items(&both.name, keys))
}

async fn too_many(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("TooMany").await?;
    let aws = write(&both, 26)?.send_with(&both.aws).await;
    let refused = says(&aws, &["between 1 and 25"]);
    let aws = read(&both, 101)?.send_with(&both.aws).await;
    let read_refused = says(&aws, &["between 1 and 100"]);
    let written = both.ours.batch_write_item(write(&both, 101)?).await.is_ok();
    let got = both.ours.batch_get_item(read(&both, 101)?).await.ok();
    let items = got.as_ref().and_then(|got| got.responses()?.get(&both.name));
    let items = items.map(Vec::as_slice).unwrap_or_default();
    let opened = items.iter().filter(|item| item.get("Card") == Some(&s(CARD))).count();
    Ok(Row::new("batches over 25 puts or 100 keys")
        .aws(refused && read_refused, "refused before they are sent: the caller has to split them")
        .ours(written && opened == 101, "any number: 101 written and read, in parts"))
}

async fn left_undone(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("LeftUndone").await?;
    let fault = stage.lab.faults().add(Fault::unprocessed(WRITER, 0.5))?;
    let aws = write(&both, 25)?.send_with(&both.aws).await.ok();
    let left =
        aws.as_ref().and_then(|aws| aws.unprocessed_items()).and_then(|left| left.get(&both.name));
    let left = left.map(Vec::as_slice).unwrap_or_default();
    let as_given = left.iter().filter_map(WriteRequest::put_request).all(|put| {
        put.item().get("Card") == Some(&s(CARD)) && !put.item().contains_key("aws_dbe_head")
    });
    let ours = both.ours.batch_write_item(write(&both, 25)?).await?;
    let none = ours.unprocessed_items().is_none_or(|left| left.is_empty());
    let aws = read(&both, 25)?.send_with(&both.aws).await.ok();
    let unread = aws.as_ref().and_then(|aws| aws.unprocessed_keys());
    let unread = unread.is_some_and(|left| !left.is_empty());
    let ours = both.ours.batch_get_item(read(&both, 25)?).await?;
    let all =
        ours.responses().and_then(|all| all.get(&both.name)).is_some_and(|all| all.len() == 25);
    stage.lab.faults().remove(fault);
    Ok(Row::new("a batch of which half is left undone")
        .aws(
            !left.is_empty() && as_given,
            "the rest of a write comes back, as it was given; nothing is sent again",
        )
        .aws(unread, "so do the keys of a read")
        .ours(none, "sent again, later each time, until all is written")
        .ours(all, "and all is read"))
}
