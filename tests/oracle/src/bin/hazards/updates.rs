//! UpdateItem.

use aws_sdk_dynamodb::types::ReturnValue;
use itemseal::ErrorKind;
use itemseal_oracle::world::Outcome;

use crate::requests::{says, unverified};
use crate::row::Row;
use crate::stage::{Attributes, CARD, Stage, n, s};

pub async fn rows(stage: &Stage) -> Outcome<Vec<Row>> {
    Ok(vec![
        conditions(stage).await?,
        unnamed(stage).await?,
        reserved(stage).await?,
        upserts(stage).await?,
        whole_answers(stage).await?,
        parts_of_answers(stage).await?,
    ])
}

fn hits(item: Option<&Attributes>) -> Option<&str> {
    item?.get("Hits")?.as_n().ok().map(String::as_str)
}

async fn conditions(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("Conditions").await?;
    both.fill(&["1"]).await?;
    let update = both
        .update("1", "ADD Hits :one")
        .condition_expression("Card <> :card")
        .expression_attribute_values(":one", n(1))
        .expression_attribute_values(":card", s(CARD));
    let ours = both.ours.update_item(update.clone()).await.err();
    let kept = hits(both.stored("1").await?.as_ref()) == Some("0");
    let aws = update.send_with(&both.aws).await.is_ok();
    let written = hits(both.stored("1").await?.as_ref()) == Some("1");
    let refused =
        ours.is_some_and(|e| e.kind() == ErrorKind::Refused && e.attribute() == Some("Card"));
    Ok(Row::new("UpdateItem's condition on an encrypted attribute")
        .aws(aws && written, "compares with ciphertext: `Card <> :card` holds for the card itself, and the write is made")
        .ours(refused && kept, "refused with the attribute's name, nothing written"))
}

async fn unnamed(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("Unnamed").await?;
    both.fill(&["1", "2"]).await?;
    let update =
        |id| both.update(id, "SET Pin = :pin").expression_attribute_values(":pin", s("1234"));
    let ours = both.ours.update_item(update("1")).await.err();
    let kept = !both.stored("1").await?.ok_or("no item")?.contains_key("Pin");
    let refused =
        ours.is_some_and(|e| e.kind() == ErrorKind::Refused && e.attribute() == Some("Pin"));
    let aws = update("2").send_with(&both.aws).await.is_ok();
    let stored = both.stored("2").await?.ok_or("no item")?;
    let lost = both.get("2").send_with(&both.aws).await;
    Ok(Row::new("UpdateItem of an attribute that the configuration does not name")
        .aws(aws && stored.get("Pin") == Some(&s("1234")), "stored in clear")
        .aws(unverified(lost), "the item is not readable afterwards")
        .ours(refused && kept, "refused with the attribute's name: what is not named is encrypted"))
}

async fn reserved(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("Reserved").await?;
    both.fill(&["1", "2"]).await?;
    let update = |id| both.update(id, "REMOVE aws_dbe_foot");
    let ours = both.ours.update_item(update("1")).await.err();
    let refused = ours.is_some_and(|e| e.kind() == ErrorKind::Refused);
    let kept = both.stored("1").await?.ok_or("no item")?.contains_key("aws_dbe_foot");
    let aws = update("2").send_with(&both.aws).await.is_ok();
    let gone = !both.stored("2").await?.ok_or("no item")?.contains_key("aws_dbe_foot");
    let lost = both.get("2").send_with(&both.aws).await;
    Ok(Row::new("UpdateItem of header or footer")
        .aws(aws && gone && unverified(lost), "passes, and the item can never be read again")
        .ours(refused && kept, "refused"))
}

async fn upserts(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("Upserts").await?;
    let update = |id| both.update(id, "ADD Hits :one").expression_attribute_values(":one", n(1));
    let ours = both.ours.update_item(update("1")).await.err();
    let conflict = ours.is_some_and(|error| error.kind() == ErrorKind::Conflict);
    let nothing = both.stored("1").await?.is_none();
    let aws = update("2").send_with(&both.aws).await.is_ok();
    let there = hits(both.stored("2").await?.as_ref()) == Some("1");
    let unreadable = unverified(both.get("2").send_with(&both.aws).await);
    Ok(Row::new("UpdateItem of an item that is not there")
        .aws(aws && there && unreadable, "makes an item without signature, which can never be read")
        .ours(conflict && nothing, "`Conflict`, nothing written: it adds a condition"))
}

async fn whole_answers(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("WholeAnswers").await?;
    let update = |id| {
        let update = both.update(id, "ADD Hits :one").return_values(ReturnValue::AllNew);
        update.expression_attribute_values(":one", n(1))
    };
    let aws = unverified(update("1").send_with(&both.aws).await);
    let written = hits(both.stored("1").await?.as_ref()) == Some("1");
    let ours = both.ours.update_item(update("2")).await.err();
    let conflict = ours.is_some_and(|error| error.kind() == ErrorKind::Conflict);
    let nothing = both.stored("2").await?.is_none();
    Ok(Row::new("`ALL_NEW` of an item that is not there")
        .aws(aws && written, "an error after the write has happened")
        .ours(conflict && nothing, "`Conflict` before it"))
}

async fn parts_of_answers(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("Answers").await?;
    both.fill(&["1"]).await?;
    let signed = both
        .update("1", "SET OrderStatus = :s")
        .return_values(ReturnValue::UpdatedNew)
        .expression_attribute_values(":s", s("Open"));
    let aws = signed.clone().send_with(&both.aws).await;
    let ours = both.ours.update_item(signed).await.err();
    let kept = both.stored("1").await?.ok_or("no item")?.get("OrderStatus") == Some(&s("Shipped"));
    let add = both.update("1", "ADD Hits :one").return_values(ReturnValue::UpdatedNew);
    let add = add.expression_attribute_values(":one", n(1));
    let aws_add = add.clone().send_with(&both.aws).await.ok();
    let our_add = both.ours.update_item(add).await?;
    let refused = ours
        .is_some_and(|e| e.kind() == ErrorKind::Refused && e.attribute() == Some("OrderStatus"));
    Ok(Row::not_shown("`UPDATED_NEW` of signed attributes: an error after the write")
        .aws(
            says(&aws, &["Update Expressions forbidden on signed attributes"]) && kept,
            "the update is refused before it is sent, so its check of the answer is never reached",
        )
        .aws(
            hits(aws_add.as_ref().and_then(|add| add.attributes())) == Some("1"),
            "of unsigned ones it answers",
        )
        .ours(refused, "refused before, with the attribute's name")
        .ours(hits(our_add.attributes()) == Some("2"), "of unsigned ones it answers"))
}
