use super::World;
use super::world::{n, order, s};
use crate::live::json::{items, some_item};
use crate::live::wait::until;
use crate::live::{Outcome, Record};
use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;

pub(super) async fn tell(world: &World<'_>, record: &mut Record) -> Outcome<()> {
    let (home, away) = (world.home(), world.away());
    let there = world.client(&[away]).await?;
    let here = world.client(&[home]).await?;

    record.begin("what one Region writes another reads, and the other way round");
    here.put_item(world.put(order("regions-1"))).await?;
    arrived(world, away, "regions-1").await?;
    let got = there.get_item(world.get("regions-1")).await;
    record.step("GetItem in another Region", got, |got| some_item(got.item()));
    let mut changed = order("regions-1");
    changed.insert("Total".to_owned(), n(100));
    let before = world.stored(home, "regions-1").await?;
    there.put_item(world.put(changed)).await?;
    until("the change from another Region", || async {
        let now = world.stored(home, "regions-1").await?;
        Ok(if now == before { Err("the old item".to_owned()) } else { Ok(()) })
    })
    .await?;
    let got = here.get_item(world.get("regions-1")).await;
    record.step("GetItem at home", got, |got| some_item(got.item()));
    let query = QueryInputBuilder::default().table_name(world.table());
    let query = query.key_condition_expression("OrderID = :id");
    let query = query.expression_attribute_values(":id", s("regions-1"));
    record.step("Query in another Region", there.query(query).await, |page| items(page.items()));

    record.begin("with all Regions the home Region answers");
    let regions: Vec<&str> = world.target.regions().iter().map(String::as_str).collect();
    let orders = world.client(&regions).await?;
    let got = orders.get_item(world.get("regions-1")).await;
    record.step("GetItem", got, |got| some_item(got.item()));
    Ok(())
}

/// Waits until a Region has an item.
pub(super) async fn arrived(world: &World<'_>, region: &str, id: &str) -> Outcome<()> {
    until(&format!("{id} in {region}"), || async {
        Ok(world.stored(region, id).await?.map(drop).ok_or_else(|| "not there".to_owned()))
    })
    .await
}
