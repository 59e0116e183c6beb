//! Reads of the table: projections, pages, counts.

use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanInputBuilder;
use aws_sdk_dynamodb::types::Select;
use itemseal::ErrorKind;
use itemseal_oracle::world::Outcome;

use crate::requests::{says, tells, unverified};
use crate::row::Row;
use crate::stage::{Attributes, CARD, Stage, WHOLE, key, s};

pub async fn rows(stage: &Stage) -> Outcome<Vec<Row>> {
    Ok(vec![
        projections(stage).await?,
        bad_item(stage).await?,
        conditions(stage).await?,
        counts(stage).await?,
        unencrypted(stage).await?,
    ])
}

async fn projections(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("Projections").await?;
    both.fill(&["1"]).await?;
    let get = both.get("1").projection_expression("Card");
    // All that verification starts from, and one signed attribute less.
    let query = QueryInputBuilder::default()
        .table_name(&both.name)
        .key_condition_expression("OrderID = :id")
        .expression_attribute_values(":id", s("1"))
        .projection_expression("OrderID, CustomerID, Card, aws_dbe_head, aws_dbe_foot");
    let aws_get = get.clone().send_with(&both.aws).await;
    let aws_query = query.clone().send_with(&both.aws).await;
    let got = both.ours.get_item(get).await.ok();
    let query = query.projection_expression("Card");
    let page = both.ours.query(query).await.ok();
    let card: Attributes = [("Card".to_owned(), s(CARD))].into();
    Ok(Row::new("`ProjectionExpression` that drops what verification needs")
        .aws(unverified(aws_get), "GetItem fails once it is read")
        .aws(unverified(aws_query), "Query fails too, header and footer asked for or not")
        .ours(
            got.is_some_and(|got| got.item() == Some(&card)),
            "reads the whole item, verifies it and cuts it after",
        )
        .ours(page.is_some_and(|page| page.items() == [card]), "in Query too"))
}

async fn bad_item(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("BadItem").await?;
    both.fill(&["1", "2", "3"]).await?;
    let mut forged = both.stored("2").await?.ok_or("no item")?;
    forged.insert("OrderStatus".to_owned(), s("Returned"));
    both.store(forged).await?;
    let scan = ScanInputBuilder::default().table_name(&both.name);
    let aws = scan.clone().send_with(&both.aws).await;
    let names_it = tells(&aws, &["\"2\"", "'2'", "c-1"]);
    let fails = unverified(aws);
    let whole = both.ours.scan(scan.clone()).await;
    let page = both.ours.reporting_bad_items().scan(scan).await.ok();
    let reported = page.is_some_and(|page| {
        let bad = page.bad_items().iter().map(|bad| (bad.key().clone(), bad.error().kind()));
        page.items().len() == 2 && bad.eq([(key("2"), ErrorKind::Authentication)])
    });
    Ok(Row::new("one forged item in a page")
        .aws(fails && !names_it, "the whole page fails, and the error does not say for which item")
        .ours(whole.is_err(), "fails too, unless asked to report")
        .ours(reported, "with `reporting_bad_items`: the good items, and the key of the bad one"))
}

async fn conditions(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("Filters").await?;
    both.fill(&["1"]).await?;
    let scan = ScanInputBuilder::default()
        .table_name(&both.name)
        .filter_expression("Card = :c")
        .expression_attribute_values(":c", s(CARD));
    let aws = scan.clone().send_with(&both.aws).await;
    let ours = both.ours.scan(scan).await;
    let kind = ours.err().map(|error| error.kind());
    Ok(Row::not_shown("a filter on an encrypted attribute")
        .aws(says(&aws, &["Card"]), "refused")
        .ours(kind == Some(ErrorKind::Refused), "refused"))
}

async fn counts(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("Counts").await?;
    both.fill(&["1", "2"]).await?;
    let query = both.shipped(WHOLE).select(Select::Count);
    let aws = query.clone().send_with(&both.aws).await.ok();
    let ours = both.ours.query(query).await.ok();
    Ok(Row::not_shown("`Select=COUNT`")
        .aws(aws.is_some_and(|aws| aws.count() == 2 && aws.items.is_none()), "DynamoDB's count")
        .ours(
            ours.is_some_and(|ours| ours.count() == 2 && ours.items.is_none()),
            "DynamoDB's count",
        ))
}

async fn unencrypted(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("Unencrypted").await?;
    both.store(crate::stage::order("1")).await?;
    let aws = both.get("1").send_with(&both.aws).await;
    let ours = both.ours.get_item(both.get("1")).await.err();
    Ok(Row::not_shown("an item without header and footer, by default")
        .aws(unverified(aws), "refused")
        .ours(
            ours.is_some_and(|error| error.kind() == ErrorKind::NotEncrypted),
            "refused, as `NotEncrypted`",
        ))
}
