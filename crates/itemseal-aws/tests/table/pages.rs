//! Query and Scan.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanInputBuilder;
use aws_sdk_dynamodb::types::Select;
use itemseal::ErrorKind;
use itemseal_aws::GlobalTable;

use crate::bench::*;

async fn filled(bench: &Bench, count: usize) -> GlobalTable {
    let orders = bench.orders().await;
    for id in 0..count {
        let mut order = order(&id.to_string());
        if id % 2 == 1 {
            order.insert("OrderStatus".to_owned(), s("Open"));
        }
        let put = PutItemInputBuilder::default().table_name(T).set_item(Some(order));
        orders.put_item(put).await.unwrap();
    }
    orders
}

fn by_status(index: &str) -> QueryInputBuilder {
    let query = QueryInputBuilder::default().table_name(T).index_name(index);
    query
        .key_condition_expression("#s = :s")
        .expression_attribute_names("#s", "OrderStatus")
        .expression_attribute_values(":s", s("Open"))
}

fn ids(items: &[Attributes]) -> BTreeSet<String> {
    items.iter().map(|item| item["OrderID"].as_s().unwrap().clone()).collect()
}

fn expected(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[tokio::test]
async fn a_page_is_opened_and_cut_to_its_projection() {
    let bench = Bench::new().await;
    let orders = filled(&bench, 4).await;
    let query = QueryInputBuilder::default()
        .table_name(T)
        .key_condition_expression("OrderID = :id")
        .expression_attribute_values(":id", s("2"));
    let page = orders.query(query.clone()).await.unwrap();
    assert_eq!(page.items(), [order("2")]);
    let cut = query.projection_expression("#c").expression_attribute_names("#c", "Card");
    let cut = cut.select(Select::SpecificAttributes);
    let page = orders.query(cut).await.unwrap();
    assert_eq!(page.items(), [[("Card".to_owned(), s("4111 1111 1111 1111"))].into()]);
}

#[tokio::test]
async fn a_scan_filters_by_what_is_readable_and_goes_in_segments_and_pages() {
    let bench = Bench::new().await;
    let orders = filled(&bench, 9).await;
    let scan = || ScanInputBuilder::default().table_name(T);
    let open = scan().filter_expression("#s = :s").expression_attribute_names("#s", "OrderStatus");
    let open = open.expression_attribute_values(":s", s("Open"));
    let page = orders.scan(open.clone().projection_expression("OrderID, #s")).await.unwrap();
    assert_eq!(ids(page.items()), expected(&["1", "3", "5", "7"]));
    assert_eq!((page.count(), page.scanned_count(), page.items()[0].len()), (4, 9, 2));
    let mut all = BTreeSet::new();
    for segment in 0..3 {
        let mut start = None;
        loop {
            let page = scan().segment(segment).total_segments(3).limit(2);
            let page = orders.scan(page.set_exclusive_start_key(start)).await.unwrap();
            all.extend(ids(page.items()));
            start = page.into_output().last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
    }
    assert_eq!(all.len(), 9);
}

#[tokio::test]
async fn expressions_on_encrypted_attributes_are_refused() {
    let bench = Bench::new().await;
    let orders = filled(&bench, 1).await;
    let scan = ScanInputBuilder::default().table_name(T).filter_expression("Card = :c");
    let error = orders.scan(scan).await.unwrap_err();
    assert_eq!((error.kind(), error.attribute()), (ErrorKind::Refused, Some("Card")));
    let query = by_status("by-status").filter_expression("contains(Card, :s)");
    let error = orders.query(query).await.unwrap_err();
    assert_eq!((error.kind(), error.attribute()), (ErrorKind::Refused, Some("Card")));
    let there =
        ScanInputBuilder::default().table_name(T).filter_expression("attribute_exists(Card)");
    assert_eq!(orders.scan(there).await.unwrap().count(), 1);
}

#[tokio::test]
async fn an_index_with_all_attributes_is_read_as_the_table_is() {
    let bench = Bench::new().await;
    let orders = filled(&bench, 4).await;
    let page = orders.query(by_status("by-status")).await.unwrap();
    assert_eq!(ids(page.items()), expected(&["1", "3"]));
    assert!(page.items().iter().all(|item| item["Card"] == s("4111 1111 1111 1111")));
    let error = orders.query(by_status("nothing")).await.unwrap_err();
    assert!(error.to_string().contains("by-status, by-status-keys"), "{error}");
}

#[tokio::test]
async fn an_index_with_parts_of_the_items_is_refused_counted_or_completed() {
    let bench = Bench::new().await;
    let orders = filled(&bench, 4).await;
    let error = orders.query(by_status("by-status-keys")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.to_string().contains("complete_index_reads"), "{error}");
    let count = by_status("by-status-keys").select(Select::Count);
    assert_eq!(orders.query(count).await.unwrap().count(), 2);
    let completing = bench.builder(crate::bench::orders(), US).complete_index_reads();
    let completing = completing.build(&bench.config(US)).await.unwrap();
    let page = completing.query(by_status("by-status-keys")).await.unwrap();
    assert_eq!(ids(page.items()), expected(&["1", "3"]));
    assert!(page.items().iter().all(|item| item["Total"] == n(99)));
    let scan = ScanInputBuilder::default().table_name(T).index_name("by-status-keys");
    assert_eq!(completing.scan(scan).await.unwrap().items().len(), 4);
    let none = by_status("by-status-keys").expression_attribute_values(":s", s("Lost"));
    assert_eq!(completing.query(none).await.unwrap().items().len(), 0);
}

#[tokio::test]
async fn one_altered_item_fails_its_page() {
    let bench = Bench::new().await;
    let orders = filled(&bench, 3).await;
    let mut altered = bench.stored("1").await.unwrap();
    altered.insert("OrderStatus".to_owned(), s("Lost"));
    bench.raw(US).put_item().table_name(T).set_item(Some(altered)).send().await.unwrap();
    let error = orders.scan(ScanInputBuilder::default().table_name(T)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
}
