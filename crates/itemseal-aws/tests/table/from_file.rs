//! A client as the configuration file says.

use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use itemseal::ErrorKind;
use itemseal_aws::ConfigFile;
use itemseal_lab::faults::{OutageMode, Service};

use crate::bench::*;
use crate::regions::Regions;

fn file(key_arn: &str, of_orders: &str, more: &str) -> ConfigFile {
    let text = format!(
        "[table.Orders]\npartition_key = 'OrderID'\nsort_key = 'CustomerID'\n\
         sign_only = ['OrderStatus']\n{of_orders}\n{more}\n\
         [keyring]\nkind = 'kms-mrk'\nkey_arn = '{key_arn}'\nregions = ['{US}', '{EU}']\n"
    );
    ConfigFile::parse(&text, "").unwrap()
}

#[tokio::test(start_paused = true)]
async fn every_field_of_a_table_holds_for_the_client() {
    let regions = Regions::new();
    let config = regions.lab.sdk_config(US);
    let of_orders = "version_attribute = 'Version'\nwrites = 'failover'\nplaintext_reads = 'allow'";
    let file = file(&regions.key_arn, of_orders, "");
    let orders = file.global_table(&config).unwrap().build(&config).await.unwrap();
    assert_eq!(orders.regions().collect::<Vec<_>>(), [US, EU]);
    let put = || PutItemInputBuilder::default().table_name(T).set_item(Some(order("1")));
    assert_eq!(orders.put_item(put()).await.unwrap().version(), Some(1));
    let old = itemseal::Item::new().with("OrderID", "old").with("CustomerID", "c-1");
    regions.lab.region(US).unwrap().put(T, old.with("Card", "4111")).unwrap();
    let get = GetItemInputBuilder::default().table_name(T).set_key(Some(key("old")));
    assert_eq!(orders.get_item(get).await.unwrap().item().unwrap()["Card"], s("4111"));
    regions.outage(US, Service::DynamoDb, OutageMode::Refuse);
    let delete =
        aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder::default();
    let delete = delete.table_name(T).set_key(Some(key("1")));
    assert_eq!(orders.delete_item(delete).await.unwrap().region(), EU);
}

#[tokio::test(start_paused = true)]
async fn tables_of_one_client_have_the_same_regions_and_writes() {
    let regions = Regions::new();
    let config = regions.lab.sdk_config(US);
    for (fields, what) in
        [("regions = ['eu-west-1']", "Regions"), ("writes = 'failover'", "writes")]
    {
        let more = format!("[table.More]\npartition_key = 'id'\n{fields}");
        let file = file(&regions.key_arn, "", &more);
        let error = file.global_table(&config).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misuse);
        assert!(error.to_string().contains(what), "{error}");
        assert!(error.to_string().contains("More and Orders"), "{error}");
    }
}
