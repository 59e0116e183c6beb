use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use itemseal::{Error, Item, Result};

use super::DynamoDbKeyStore;
use crate::sdk_items::dynamodb::from_sdk;
use crate::table::Failed;

/// What DynamoDB says in a Region that has no such table.
const NO_TABLE: &str = "ResourceNotFoundException";
/// How long a call may take, unless its caller has less time.
const LONGEST: Duration = Duration::from_secs(5);

impl DynamoDbKeyStore {
    pub(super) async fn get_item(
        &self,
        region: &str,
        [branch_key_id, kind]: [&str; 2],
        consistent: bool,
        limit: Option<Duration>,
    ) -> Result<Option<Item>> {
        let call = self
            .client(region)?
            .get_item()
            .table_name(&self.inner.name)
            .key("branch-key-id", AttributeValue::S(branch_key_id.to_owned()))
            .key("type", AttributeValue::S(kind.to_owned()))
            .consistent_read(consistent)
            .send();
        let call = self.inner.calls.observe("GetItem", region, call);
        let answer = match tokio::time::timeout(limit.unwrap_or(LONGEST), call).await {
            Ok(answer) => answer.map_err(|error| Failed::new("GetItem", region, error)),
            Err(_) => Err(Failed::late("GetItem", region)),
        };
        let answer = answer.map_err(|failed| self.elsewhere(failed.into_error()))?;
        answer.item.map(from_sdk).transpose()
    }

    /// A Region without its replica is passed by, where there are others.
    fn elsewhere(&self, error: Error) -> Error {
        let elsewhere = error.code() == Some(NO_TABLE) && self.inner.clients.len() > 1;
        if elsewhere { error.retryable() } else { error }
    }

    pub(super) async fn scan_all(&self) -> Result<Vec<Item>> {
        let (region, client) = self.home()?;
        let (mut items, mut begins) = (Vec::new(), None);
        loop {
            let call = client.scan().table_name(&self.inner.name).consistent_read(true);
            let call = call.set_exclusive_start_key(begins).send();
            let page = self.inner.calls.observe("Scan", region, call).await;
            let page = page.map_err(|error| Failed::new("Scan", region, error).into_error())?;
            for item in page.items.into_iter().flatten() {
                items.push(from_sdk(item)?);
            }
            begins = page.last_evaluated_key.filter(|key| !key.is_empty());
            if begins.is_none() {
                return Ok(items);
            }
        }
    }
}
