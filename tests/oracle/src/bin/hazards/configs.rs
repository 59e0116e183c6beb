//! Configurations that hide from DynamoDB what it has to read.

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::TimeToLiveSpecification;
use itemseal::{Error, ErrorKind, TableConfig};
use itemseal_aws::GlobalTable;
use itemseal_oracle::table::Action;
use itemseal_oracle::world::Outcome;

use crate::row::Row;
use crate::stage::{Stage, n, order, table};

pub async fn rows(stage: &Stage) -> Outcome<Vec<Row>> {
    Ok(vec![time_to_live(stage).await?, index_key(stage).await?])
}

/// Whether it is refused with the attribute's name.
fn names(built: itemseal::Result<GlobalTable>, attribute: &str) -> bool {
    let error: Option<Error> = built.err();
    error.is_some_and(|e| e.kind() == ErrorKind::Misuse && e.attribute() == Some(attribute))
}

async fn time_to_live(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("TimeToLive").await?;
    let ttl = TimeToLiveSpecification::builder().enabled(true).attribute_name("Total").build()?;
    let update = both.raw.update_time_to_live().table_name(&both.name);
    update.time_to_live_specification(ttl).send().await?;
    // Long over: in clear it is deleted.
    let expired = |id| {
        let mut expired = order(id);
        expired.insert("Total".to_owned(), n(1));
        expired
    };
    let aws = both.put("1").set_item(Some(expired("1"))).send_with(&both.aws).await.is_ok();
    both.store(expired("2")).await?;
    // The lab may have swept by itself before.
    stage.lab.tables().sweep_ttl()?;
    let stays = both.stored("1").await?.is_some_and(|item| item["Total"].is_b());
    let control = both.stored("2").await?.is_none();
    let ours = stage.ours(&both.name)?.build(&stage.sdk_config()).await;
    Ok(Row::new("the time to live, encrypted by the configuration")
        .aws(aws && stays && control, "accepted: the items never expire")
        .ours(names(ours, "Total"), "refused when the client is built, with the attribute's name"))
}

async fn index_key(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("IndexKey").await?;
    let mut hidden = table(&both.name);
    hidden.actions.insert("OrderStatus".to_owned(), Action::Encrypt);
    let actions = itemseal_oracle::aws::actions(&hidden);
    let aws =
        stage.aws_with(&both.name, |config| config.attribute_actions_on_encrypt(actions)).await?;
    let put = both.put("1").send_with(&aws).await.err();
    let code = put.as_ref().and_then(ProvideErrorMetadata::code);
    let config: TableConfig = itemseal_oracle::ours::config(&hidden)?;
    let ours = stage.ours_of(config)?.build(&stage.sdk_config()).await;
    Ok(Row::new("an index's key, encrypted by the configuration")
        .aws(code == Some("ValidationException"), "accepted: every write fails in DynamoDB")
        .ours(
            names(ours, "OrderStatus"),
            "refused when the client is built, with the attribute's name",
        ))
}
