//! Tables whose old items may still be plaintext.

use aws_db_esdk::dynamodb::types::PlaintextOverride::{
    self, ForbidPlaintextWriteAllowPlaintextRead, ForcePlaintextWriteAllowPlaintextRead,
};
use aws_sdk_dynamodb::Client;
use itemseal::ErrorKind;
use itemseal_aws::GlobalTable;
use itemseal_oracle::world::Outcome;

use crate::row::Row;
use crate::stage::{Attributes, Both, CARD, SOME, Stage, order, s};

pub async fn rows(stage: &Stage) -> Outcome<Vec<Row>> {
    let both = stage.both("Plaintext").await?;
    let ours = stage.ours(&both.name)?.plaintext_reads(&both.name).complete_index_reads();
    let ours = ours.build(&stage.sdk_config()).await?;
    let mut policies = Vec::new();
    for policy in [ForbidPlaintextWriteAllowPlaintextRead, ForcePlaintextWriteAllowPlaintextRead] {
        let aws = stage.aws_with(&both.name, |config| config.plaintext_override(policy)).await?;
        policies.push((policy, aws));
    }
    let mut rows = Vec::new();
    rows.push(projected(&both, &policies, &ours).await?);
    rows.push(stripped(&both, &policies, &ours).await?);
    Ok(rows)
}

type Policies = [(PlaintextOverride, Client)];

/// Whether this is given as an item though its card is ciphertext.
fn is_raw(item: Option<&Attributes>) -> bool {
    item.and_then(|item| item.get("Card")).is_some_and(|card| card.is_b())
}

async fn projected(both: &Both, policies: &Policies, ours: &GlobalTable) -> Outcome<Row> {
    both.fill(&["1"]).await?;
    let get = both.get("1").projection_expression("OrderID, CustomerID, Card");
    let (mut gets, mut queries) = (true, true);
    for (_, aws) in policies {
        let got = get.clone().send_with(aws).await.ok();
        gets &= is_raw(got.as_ref().and_then(|got| got.item()));
        let page = both.shipped(SOME).send_with(aws).await.ok();
        queries &= is_raw(page.as_ref().and_then(|page| page.items().first()));
    }
    let got = ours.get_item(get).await?;
    let page = ours.query(both.shipped(SOME)).await?;
    Ok(Row::new("a projection or an `INCLUDE` index, while plaintext may be read")
        .aws(
            gets,
            "the projection gives raw ciphertext as the item, under both plaintext overrides",
        )
        .aws(queries, "so does the index")
        .ours(got.item().and_then(|item| item.get("Card")) == Some(&s(CARD)), "the value")
        .ours(page.items() == [order("1")], "the item"))
}

async fn stripped(both: &Both, policies: &Policies, ours: &GlobalTable) -> Outcome<Row> {
    both.fill(&["2"]).await?;
    let mut stripped = both.stored("2").await?.ok_or("no item")?;
    stripped.remove("aws_dbe_head");
    stripped.remove("aws_dbe_foot");
    stripped.insert("OrderStatus".to_owned(), s("Forged"));
    both.store(stripped).await?;
    let mut raw = true;
    for (_, aws) in policies {
        let got = both.get("2").send_with(aws).await.ok();
        let item = got.as_ref().and_then(|got| got.item());
        let forged = item.and_then(|item| item.get("OrderStatus")) == Some(&s("Forged"));
        raw &= is_raw(item) && forged;
    }
    let error = ours.get_item(both.get("2")).await.err();
    let malformed = error.as_ref().is_some_and(|error| error.kind() == ErrorKind::Malformed);
    let names = error.as_ref().and_then(|error| error.attribute()).is_some();
    Ok(Row::new("an item whose header and footer were removed, while plaintext may be read")
        .aws(
            raw,
            "raw ciphertext and forged values given as plaintext, under both plaintext overrides",
        )
        .ours(malformed && names, "`Malformed`, with the attribute's name"))
}
