use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use itemseal::keystore::KeyStorePut;
use itemseal::{Error, ErrorKind, Result};

use super::DynamoDbKeyStore;
use crate::sdk_items::dynamodb::to_sdk;
use crate::table::Failed;

/// A new item, and one that replaces what was read.
const NEW: &str = "attribute_not_exists(#id)";
const UNCHANGED: &str = "attribute_exists(#id) AND enc = :old";

impl DynamoDbKeyStore {
    /// In one transaction; one by one, in their order, on a table whose Regions agree at once (MRSC), which has
    /// none.
    pub(super) async fn put_together(&self, puts: Vec<KeyStorePut>) -> Result<()> {
        let (region, client) = self.home()?;
        let mut items = Vec::with_capacity(puts.len());
        for put in &puts {
            let put = self.put(put).build().map_err(|_| {
                Error::new(ErrorKind::Internal, "a key store's item without an attribute")
            })?;
            items.push(TransactWriteItem::builder().put(put).build());
        }
        let call = client.transact_write_items().set_transact_items(Some(items)).send();
        let answer = self.inner.calls.observe("TransactWriteItems", region, call).await;
        let error = match answer {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        // So it is said of any table that has no transactions; then no item was written.
        let unsupported =
            error.code() == Some("ValidationException") && self.is_strong(region, client).await?;
        match unsupported {
            true => self.put_in_order(puts).await,
            false => Err(conflict(Failed::new("TransactWriteItems", region, error).into_error())),
        }
    }

    async fn put_in_order(&self, puts: Vec<KeyStorePut>) -> Result<()> {
        let (region, client) = self.home()?;
        for put in puts {
            let call = client
                .put_item()
                .table_name(&self.inner.name)
                .expression_attribute_names("#id", "branch-key-id")
                .condition_expression(if put.replaces.is_some() { UNCHANGED } else { NEW })
                .set_expression_attribute_values(old(&put))
                .set_item(Some(to_sdk(put.item)))
                .send();
            let answer = self.inner.calls.observe("PutItem", region, call).await;
            answer.map_err(|error| conflict(Failed::new("PutItem", region, error).into_error()))?;
        }
        Ok(())
    }

    fn put(&self, put: &KeyStorePut) -> aws_sdk_dynamodb::types::builders::PutBuilder {
        Put::builder()
            .table_name(&self.inner.name)
            .expression_attribute_names("#id", "branch-key-id")
            .condition_expression(if put.replaces.is_some() { UNCHANGED } else { NEW })
            .set_expression_attribute_values(old(put))
            .set_item(Some(to_sdk(put.item.clone())))
    }
}

fn old(put: &KeyStorePut) -> Option<std::collections::HashMap<String, AttributeValue>> {
    let old = AttributeValue::B(Blob::new(put.replaces.clone()?));
    Some([(":old".to_owned(), old)].into())
}

/// What a condition that does not hold means here.
fn conflict(error: Error) -> Error {
    if error.kind() != ErrorKind::Conflict {
        return error;
    }
    let message = "the key store has such a branch key already, or somebody else has made a new version of it \
                   meanwhile; list it, and try again if that is not what was wanted";
    let told = Error::new(ErrorKind::Conflict, message);
    match error.region().map(str::to_owned) {
        Some(region) => told.with_region(region).with_source(error),
        None => told.with_source(error),
    }
}
