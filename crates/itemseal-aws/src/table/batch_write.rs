use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::operation::batch_write_item::BatchWriteItemOutput;
use aws_sdk_dynamodb::operation::batch_write_item::builders::BatchWriteItemInputBuilder;
use aws_sdk_dynamodb::types::{ConsumedCapacity, ItemCollectionMetrics, WriteRequest};
use itemseal::Result;

use super::capacity;
use super::errors::{misuse, refused};
use super::keys::{self, key_attributes};
use super::one_table::Table;
use super::repeat::pause;
use super::writes::MayMove;
use super::{Answer, GlobalTable};
use crate::rules::{Key, together};
use crate::sdk_items::dynamodb::{Attributes, from_sdk};

/// The most requests in one call.
/// Source: [BatchWriteItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html).
const MOST_REQUESTS: usize = 25;
/// The most that is sent in one call, in bytes as DynamoDB counts items. The limit is 16 MB of request,
/// in which binary data is a third longer.
const MOST_BYTES: usize = 11 * 1024 * 1024;

/// One put or delete: as it was given, and as it is sent.
struct One<'t> {
    table_name: String,
    table: Option<&'t Table>,
    given: WriteRequest,
    sent: WriteRequest,
    key: Option<Key>,
    size_bytes: usize,
}

impl One<'_> {
    fn key_attributes(&self) -> Attributes {
        match (&self.given.put_request, &self.given.delete_request, self.table) {
            (Some(put), _, Some(table)) => key_attributes(table.config(), &put.item),
            (_, Some(delete), _) => delete.key.clone(),
            // Nobody knows its key. What DynamoDB says to that is an answer too.
            _ => Attributes::new(),
        }
    }
}

impl GlobalTable {
    /// [BatchWriteItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html)
    /// of any number of requests: they are sent 25 at a time; they may fail over, if [that was chosen](super::Writes). What DynamoDB leaves
    /// undone is sent again, later each time; what is undone after that comes back as it was given.
    ///
    /// # Errors
    /// [`Misuse`](itemseal::ErrorKind::Misuse) for two requests about one item; as of
    /// [`put_item`](Self::put_item) before anything is written; and DynamoDB's, which says how many
    /// requests were done before.
    pub async fn batch_write_item(
        &self,
        input: BatchWriteItemInputBuilder,
    ) -> Result<Answer<BatchWriteItemOutput>> {
        let given = input.get_request_items().clone().unwrap_or_default();
        let mut waiting = self.seal_all(given).await?;
        let whole = waiting.len();
        let mut done = Done::default();
        let attempts = self.inner.batch_attempts;
        let mut attempt = 0;
        let mut region = self.inner.regions.home().0.to_owned();
        while !waiting.is_empty() {
            let mut undone = Vec::new();
            let mut rest = waiting.into_iter().peekable();
            while rest.peek().is_some() {
                let mut chunk: Vec<One<'_>> = Vec::new();
                let mut bytes = 0;
                while let Some(one) = rest.next_if(|one| {
                    chunk.is_empty()
                        || (chunk.len() < MOST_REQUESTS && bytes + one.size_bytes <= MOST_BYTES)
                }) {
                    bytes += one.size_bytes;
                    chunk.push(one);
                }
                let mut requests: HashMap<String, Vec<WriteRequest>> = HashMap::new();
                for one in &chunk {
                    requests.entry(one.table_name.clone()).or_default().push(one.sent.clone());
                }
                let input = input.clone().set_request_items(Some(requests));
                let may_move = chunk
                    .first()
                    .map(|one| MayMove { table: &one.table_name, key: one.key_attributes() });
                let send = |client| input.clone().send_with(client);
                let sent = self.write_anywhere("BatchWriteItem", may_move, send).await;
                let (output, answered) = match sent {
                    Ok(answered) => answered,
                    // It is the answer when nothing of a batch could be done.
                    Err(failed) if failed.is_throttled() && attempt + 1 < attempts => {
                        undone.extend(chunk);
                        continue;
                    }
                    Err(failed) => {
                        let left = undone.len() + chunk.len() + rest.len();
                        return Err(failed.after(whole - left, whole).into_error());
                    }
                };
                region = answered;
                let left = done.add(output);
                undone.extend(take_back(chunk, left)?);
            }
            waiting = undone;
            attempt += 1;
            if attempt == attempts {
                break;
            }
            if !waiting.is_empty() {
                pause(attempt).await;
            }
        }
        let mut left: HashMap<String, Vec<WriteRequest>> = HashMap::new();
        for one in waiting {
            left.entry(one.table_name).or_default().push(one.given);
        }
        Ok(Answer::new(done.output(left), &region))
    }

    /// Everything is encrypted before anything is written.
    async fn seal_all(&self, given: HashMap<String, Vec<WriteRequest>>) -> Result<Vec<One<'_>>> {
        let mut all = Vec::new();
        for (table_name, requests) in given {
            let table = self.table_or_plaintext(&table_name)?;
            let mut keys = BTreeSet::new();
            for given in requests {
                let key = table.map(|table| key_of(table, &given)).transpose()?;
                if key.as_ref().is_some_and(|key| !keys.insert(key.clone())) {
                    return Err(misuse(format!(
                        "two requests of the batch are about one item of {table_name}; send one"
                    )));
                }
                let versioned = table.is_some_and(|table| table.version_attribute.is_some());
                if versioned && given.put_request.is_some() {
                    return Err(refused(format!(
                        "the items of {table_name} have versions, and a batch cannot compare them; put them one \
                         by one, or in a transaction"
                    )));
                }
                all.push(seal_one(table_name.clone(), table, given, key));
            }
        }
        together(all).await
    }
}

async fn seal_one<'t>(
    table_name: String,
    table: Option<&'t Table>,
    given: WriteRequest,
    key: Option<Key>,
) -> Result<One<'t>> {
    let (mut sent, mut size_bytes) = (given.clone(), 0);
    if let Some(put) = &mut sent.put_request {
        if let Some(table) = table {
            put.item = table.seal(std::mem::take(&mut put.item)).await?;
        }
        size_bytes = from_sdk(put.item.clone())?.size_bytes();
    }
    Ok(One { table_name, table, given, sent, key, size_bytes })
}

fn key_of(table: &Table, request: &WriteRequest) -> Result<Key> {
    let attributes: Option<&Attributes> = match (&request.put_request, &request.delete_request) {
        (Some(put), None) => Some(&put.item),
        (None, Some(delete)) => Some(&delete.key),
        _ => None,
    };
    let attributes = attributes.ok_or_else(|| {
        misuse("a request of the batch is neither a put nor a delete, or it is both")
    })?;
    keys::key_of(table.config(), attributes)
}

/// Those of the requests that were left undone.
fn take_back<'t>(
    chunk: Vec<One<'t>>,
    mut left: HashMap<String, Vec<WriteRequest>>,
) -> Result<Vec<One<'t>>> {
    let mut undone = Vec::new();
    for one in chunk {
        let Some(of_table) = left.get_mut(&one.table_name) else { continue };
        let mut found = None;
        for (at, request) in of_table.iter().enumerate() {
            let is = match (one.table, &one.key) {
                (Some(table), Some(key)) => key_of(table, request)? == *key,
                _ => *request == one.sent,
            };
            if is {
                found = Some(at);
                break;
            }
        }
        if let Some(at) = found {
            of_table.swap_remove(at);
            undone.push(one);
        }
    }
    if left.values().any(|requests| !requests.is_empty()) {
        return Err(misuse("DynamoDB left requests undone that it was not sent"));
    }
    Ok(undone)
}

/// What the calls for one batch answered, together.
#[derive(Default)]
struct Done {
    capacity: Vec<ConsumedCapacity>,
    metrics: HashMap<String, Vec<ItemCollectionMetrics>>,
}

impl Done {
    /// Answers with what was left undone.
    fn add(&mut self, output: BatchWriteItemOutput) -> HashMap<String, Vec<WriteRequest>> {
        self.capacity.extend(output.consumed_capacity.into_iter().flatten());
        for (table, metrics) in output.item_collection_metrics.into_iter().flatten() {
            self.metrics.entry(table).or_default().extend(metrics);
        }
        output.unprocessed_items.unwrap_or_default()
    }

    fn output(self, left: HashMap<String, Vec<WriteRequest>>) -> BatchWriteItemOutput {
        let capacity = capacity::by_table(self.capacity);
        BatchWriteItemOutput::builder()
            .set_unprocessed_items(Some(left))
            .set_consumed_capacity((!capacity.is_empty()).then_some(capacity))
            .set_item_collection_metrics((!self.metrics.is_empty()).then_some(self.metrics))
            .build()
    }
}
