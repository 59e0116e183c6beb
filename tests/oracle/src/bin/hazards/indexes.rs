//! Reads of indexes that have parts of the items.

use itemseal::ErrorKind;
use itemseal_oracle::world::Outcome;

use crate::requests::unverified;
use crate::row::Row;
use crate::stage::{KEYS, SOME, Stage, order};

pub async fn rows(stage: &Stage) -> Outcome<Vec<Row>> {
    let both = stage.both("Indexes").await?;
    both.fill(&["1"]).await?;
    let complete = stage.ours(&both.name)?.complete_index_reads();
    let complete = complete.build(&stage.sdk_config()).await?;
    let mut rows = Vec::new();
    for (index, hazard) in [(KEYS, "a `KEYS_ONLY` index"), (SOME, "an `INCLUDE` index")] {
        let aws = both.shipped(index).send_with(&both.aws).await;
        let refused = both.ours.query(both.shipped(index)).await.err();
        let refused = refused.is_some_and(|error| {
            error.kind() == ErrorKind::Refused && error.to_string().contains("complete_index_reads")
        });
        let completed = complete.query(both.shipped(index)).await.ok();
        let completed = completed.is_some_and(|page| page.items() == [order("1")]);
        rows.push(
            Row::new(hazard)
                .aws(unverified(aws), "Query fails once the page is read")
                .ours(refused, "refused before, with the ways out")
                .ours(completed, "with `complete_index_reads`: the items"),
        );
    }
    Ok(rows)
}
