//! A table that is being encrypted: its old items are read as they are.

use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanInputBuilder;
use aws_sdk_dynamodb::types::ReturnValue;
use itemseal::ErrorKind;
use itemseal_aws::GlobalTable;

use crate::bench::*;

async fn client(bench: &Bench) -> GlobalTable {
    let builder = bench.builder(orders(), US).plaintext_reads(T).complete_index_reads();
    builder.build(&bench.config(US)).await.unwrap()
}

async fn put_raw(bench: &Bench, item: Attributes) {
    bench.raw(US).put_item().table_name(T).set_item(Some(item)).send().await.unwrap();
}

fn get(id: &str) -> GetItemInputBuilder {
    GetItemInputBuilder::default().table_name(T).set_key(Some(key(id)))
}

#[tokio::test]
async fn old_items_are_read_and_every_write_encrypts() {
    let bench = Bench::new().await;
    let orders = client(&bench).await;
    put_raw(&bench, order("old")).await;
    let put = PutItemInputBuilder::default().table_name(T).set_item(Some(order("new")));
    orders.put_item(put).await.unwrap();
    for id in ["old", "new"] {
        assert_eq!(orders.get_item(get(id)).await.unwrap().item(), Some(&order(id)));
    }
    let scan = ScanInputBuilder::default().table_name(T);
    assert_eq!(orders.scan(scan).await.unwrap().items().len(), 2);
    let put = PutItemInputBuilder::default().table_name(T).set_item(Some(order("old")));
    let put = put.return_values(ReturnValue::AllOld);
    assert_eq!(orders.put_item(put).await.unwrap().attributes(), Some(&order("old")));
    assert!(bench.stored("old").await.unwrap().contains_key("aws_dbe_head"));
}

#[tokio::test]
async fn an_old_item_is_changed_only_as_it_was_read_and_is_encrypted_then() {
    let bench = Bench::new().await;
    let orders = client(&bench).await;
    put_raw(&bench, order("old")).await;
    let mut times = 0;
    let change = |item: Option<Attributes>| {
        times += 1;
        let mut item = item.unwrap();
        item.insert("Card".to_owned(), s("5500"));
        Ok(Some(item))
    };
    orders.update_item_with(T, key("old"), change).await.unwrap();
    assert_eq!(times, 1);
    let stored = bench.stored("old").await.unwrap();
    assert!(stored["Card"].is_b() && stored.contains_key("aws_dbe_head"));
    // Somebody changes it between reading and writing: it is read again.
    put_raw(&bench, order("old")).await;
    let lab = bench.lab.clone();
    let mut totals = Vec::new();
    let change = |item: Option<Attributes>| {
        let mut item = item.unwrap();
        totals.push(item["Total"].clone());
        if totals.len() == 1 {
            let region = lab.region(US).unwrap();
            let at = itemseal::Item::new().with("OrderID", "old").with("CustomerID", "c-1");
            let mut other = region.get(T, at).unwrap().unwrap();
            other.insert("Total", itemseal::AttributeValue::N("100".to_owned()));
            region.put(T, other).unwrap();
        }
        item.insert("Card".to_owned(), s("5500"));
        Ok(Some(item))
    };
    orders.update_item_with(T, key("old"), change).await.unwrap();
    assert_eq!(totals, [n(99), n(100)]);
}

/// AWS's library gives such items back as if they were plaintext, ciphertext and all.
#[tokio::test]
async fn an_encrypted_item_without_header_and_footer_is_no_plaintext() {
    let bench = Bench::new().await;
    let orders = client(&bench).await;
    let put = PutItemInputBuilder::default().table_name(T).set_item(Some(order("1")));
    orders.put_item(put).await.unwrap();
    let whole = bench.stored("1").await.unwrap();
    let mut stripped = whole.clone();
    stripped.remove("aws_dbe_head");
    stripped.remove("aws_dbe_foot");
    put_raw(&bench, stripped).await;
    let error = orders.get_item(get("1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(error.attribute().is_some());
    for half in ["aws_dbe_head", "aws_dbe_foot"] {
        let mut stripped = whole.clone();
        stripped.remove(half);
        put_raw(&bench, stripped).await;
        let error = orders.get_item(get("1")).await.unwrap_err();
        assert_eq!((error.kind(), error.attribute()), (ErrorKind::Malformed, Some(half)));
    }
}

#[tokio::test]
async fn projections_and_indexes_take_no_header_away() {
    let bench = Bench::new().await;
    let orders = client(&bench).await;
    let put = PutItemInputBuilder::default().table_name(T).set_item(Some(order("1")));
    orders.put_item(put).await.unwrap();
    let read = orders.get_item(get("1").projection_expression("Card")).await.unwrap();
    assert_eq!(read.item().unwrap()["Card"], s("4111 1111 1111 1111"));
    for index in ["by-status", "by-status-keys"] {
        let query = QueryInputBuilder::default().table_name(T).index_name(index);
        let query = query.key_condition_expression("OrderStatus = :s");
        let query = query.expression_attribute_values(":s", s("Shipped"));
        let page = orders.query(query.projection_expression("Card")).await.unwrap();
        assert_eq!(page.items(), [[("Card".to_owned(), s("4111 1111 1111 1111"))].into()]);
    }
}
