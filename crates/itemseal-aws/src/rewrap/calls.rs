//! The calls to DynamoDB, in one Region.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{Builder, Region};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::ReturnValue;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_types::SdkConfig;
use itemseal::{Item, Result, TableConfig};

use super::checkpoint::Segment;
use super::write::Update;
use crate::observe::{CallCounts, Calls};
use crate::sdk_items::dynamodb::{Attributes, from_sdk, to_sdk};
use crate::table::Failed;

/// How long a call may take, with what the SDK repeats.
const LONGEST: Duration = Duration::from_secs(10);

/// A table in its home Region.
pub(super) struct Table {
    name: String,
    region: String,
    client: Client,
    keys: Vec<String>,
    calls: Calls,
}

/// Some items of a segment, and where the next begin.
pub(super) struct Page {
    pub(super) items: Vec<Attributes>,
    pub(super) next: Segment,
}

impl Table {
    pub(super) fn new(config: &SdkConfig, name: String, region: String, of: &TableConfig) -> Self {
        let home = Builder::from(config).region(Region::new(region.clone())).build();
        let keys = std::iter::once(of.partition_key()).chain(of.sort_key());
        let keys = keys.map(str::to_owned).collect();
        let client = Client::from_conf(home);
        Self { name, region, client, keys, calls: Calls::new("dynamodb") }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn region(&self) -> &str {
        &self.region
    }

    pub(super) fn home(&self) -> (&str, &Client) {
        (&self.region, &self.client)
    }

    pub(super) fn call_counts(&self) -> Vec<CallCounts> {
        self.calls.counts()
    }

    /// The key attributes of an item, as far as it has them.
    pub(super) fn key_of(&self, item: &Attributes) -> Attributes {
        let keys = self.keys.iter();
        keys.filter_map(|name| Some((name.clone(), item.get(name)?.clone()))).collect()
    }

    pub(super) async fn items(&self) -> Result<u64> {
        let call = self.client.describe_table().table_name(&self.name).send();
        let table = self.call("DescribeTable", call).await.map_err(Failed::into_error)?.table;
        let count = table.and_then(|table| table.item_count).unwrap_or_default();
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// A page of one of `of` segments.
    pub(super) async fn page(
        &self,
        at: (usize, usize),
        begins: &Segment,
        limit: i32,
    ) -> Result<Page> {
        let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let call = self
            .client
            .scan()
            .table_name(&self.name)
            .consistent_read(true)
            .segment(number(at.0))
            .total_segments(number(at.1))
            .limit(limit)
            .set_exclusive_start_key(begins.key()?.map(to_sdk))
            .send();
        let page = self.call("Scan", call).await.map_err(Failed::into_error)?;
        let next = match page.last_evaluated_key.filter(|key| !key.is_empty()) {
            Some(key) => Segment::after(&from_sdk(key)?)?,
            None => Segment::Done,
        };
        Ok(Page { items: page.items.unwrap_or_default(), next })
    }

    pub(super) async fn get(&self, key: &Attributes) -> Result<Option<Item>> {
        let call = self.client.get_item().table_name(&self.name).consistent_read(true);
        let call = call.set_key(Some(key.clone())).send();
        let item = self.call("GetItem", call).await.map_err(Failed::into_error)?.item;
        item.map(from_sdk).transpose()
    }

    /// What was there before.
    pub(super) async fn update(&self, update: &Update) -> Result<Item> {
        let call = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(update.key.clone()))
            .update_expression(&update.update)
            .condition_expression(&update.condition)
            .set_expression_attribute_names(Some(update.names.iter().cloned().collect()))
            .set_expression_attribute_values(Some(update.values.clone()))
            .return_values(ReturnValue::AllOld)
            .send();
        let answer = self.call("UpdateItem", call).await.map_err(Failed::into_error)?;
        from_sdk(answer.attributes.unwrap_or_default())
    }

    async fn call<T, E>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    ) -> Result<T, Failed<E>>
    where
        E: ProvideErrorMetadata,
    {
        let call = self.calls.observe(operation, &self.region, call);
        match tokio::time::timeout(LONGEST, call).await {
            Ok(answer) => answer.map_err(|error| Failed::new(operation, &self.region, error)),
            Err(_) => Err(Failed::late(operation, &self.region)),
        }
    }
}
