use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanInputBuilder;
use aws_sdk_dynamodb::types::Select;
use serde_json::{Value, json};

use super::World;
use super::world::{order, s};
use crate::live::json::{Attributes, items};
use crate::live::wait::until;
use crate::live::{Outcome, Record};

const COUNT: usize = 9;

pub(super) async fn tell(world: &World<'_>, record: &mut Record) -> Outcome<()> {
    let orders = world.client(&[world.home()]).await?;
    for id in 0..COUNT {
        let mut order = order(&format!("pages-{id}"));
        let status = if id % 2 == 1 { "pages-open" } else { "pages-closed" };
        order.insert("OrderStatus".to_owned(), s(status));
        orders.put_item(world.put(order)).await?;
    }

    record.begin("a page is opened and cut to its projection");
    let query = QueryInputBuilder::default().table_name(world.table()).consistent_read(true);
    let query = query
        .key_condition_expression("OrderID = :id")
        .expression_attribute_values(":id", s("pages-2"));
    record.step("Query", orders.query(query.clone()).await, |page| items(page.items()));
    let cut = query.clone().projection_expression("#c").expression_attribute_names("#c", "Card");
    record.step("Query with a projection", orders.query(cut).await, |page| items(page.items()));
    let filtered = query.filter_expression("Card = :id");
    record.step("Query by what is encrypted", orders.query(filtered).await, |_| Value::Null);

    record.begin("a scan filters by what is readable and goes in segments and pages");
    let scan = || ScanInputBuilder::default().table_name(world.table()).consistent_read(true);
    let open = scan().filter_expression("OrderStatus = :s");
    let open = open.expression_attribute_values(":s", s("pages-open"));
    let page = orders.scan(open.projection_expression("OrderID, OrderStatus")).await;
    record.step("Scan", page, |page| json!([items(page.items()), page.count()]));
    let mut found: Vec<Attributes> = Vec::new();
    for segment in 0..3 {
        let mut start = None;
        loop {
            let page = scan().segment(segment).total_segments(3).limit(2);
            let page = orders.scan(page.set_exclusive_start_key(start)).await?.into_output();
            found.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
    }
    found.retain(|item| {
        item.get("OrderID").and_then(|id| id.as_s().ok()).is_some_and(|id| id.starts_with("pages"))
    });
    record.note("Scan in segments", items(&found));

    record.begin("an index is read as far as its items can be verified");
    let by_status = |index: &str| {
        let query = QueryInputBuilder::default().table_name(world.table()).index_name(index);
        let query = query.key_condition_expression("OrderStatus = :s");
        query.expression_attribute_values(":s", s("pages-open"))
    };
    // Indexes follow the table.
    let count =
        orders.config(&world.table()).map(|_| by_status("by-status-keys").select(Select::Count));
    let count = count.ok_or("the client has the table")?;
    for index in ["by-status", "by-status-keys"] {
        let count = count.clone().index_name(index);
        until(&format!("the index {index}"), || async {
            let found = orders.query(count.clone()).await?.count();
            Ok(if found == 4 { Ok(()) } else { Err(format!("{found} of 4 items")) })
        })
        .await?;
    }
    let page = orders.query(by_status("by-status")).await;
    record.step("Query of all attributes", page, |page| items(page.items()));
    let page = orders.query(by_status("by-status-keys")).await;
    record.step("Query of keys", page, |page| items(page.items()));
    let page = orders.query(by_status("by-status-keys").select(Select::Count)).await;
    record.step("Query of a count", page, |page| page.count().into());
    let page = orders.query(by_status("nothing")).await;
    record.step("Query of no index", page, |page| items(page.items()));
    let completing = world.builder(&[world.home()])?.complete_index_reads();
    let completing = completing.build(&world.target.config).await?;
    let page = completing.query(by_status("by-status-keys")).await;
    record.step("Query of keys, completed", page, |page| items(page.items()));
    Ok(())
}
