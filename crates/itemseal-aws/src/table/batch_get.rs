use std::collections::HashMap;

use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemOutput;
use aws_sdk_dynamodb::operation::batch_get_item::builders::BatchGetItemInputBuilder;
use aws_sdk_dynamodb::types::{ConsumedCapacity, KeysAndAttributes, ReturnConsumedCapacity};
use itemseal::{Error, ErrorKind, Result};

use super::capacity;
use super::errors::{is_throttling, misuse};
use super::keys::{key_attributes, key_of};
use super::one_table::Table;
use super::repeat::{MOST_ATTEMPTS, pause};
use super::{Answer, GlobalTable};
use crate::rules::{Key, Projection, refuse_legacy};
use crate::sdk_items::dynamodb::Attributes;

/// The most keys in one call.
/// Source: [BatchGetItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html).
const MOST_KEYS: usize = 100;

type Requests = HashMap<String, KeysAndAttributes>;

impl GlobalTable {
    /// [BatchGetItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html)
    /// of any number of keys: they are sent 100 at a time. What DynamoDB leaves undone is asked for again,
    /// later each time; what is undone after that comes back as it was given. Every item is
    /// verified and opened, and one that does not open fails the call.
    ///
    /// # Errors
    /// As of [`get_item`](Self::get_item).
    pub async fn batch_get_item(
        &self,
        input: BatchGetItemInputBuilder,
    ) -> Result<Answer<BatchGetItemOutput>> {
        let given = input.get_request_items().clone().unwrap_or_default();
        let mut plans = HashMap::new();
        let mut sent = Requests::new();
        for (name, request) in &given {
            let table = self.table_or_plaintext(name)?;
            let mut request = request.clone();
            let mut projection = None;
            if table.is_some() {
                refuse_legacy("AttributesToGet", request.attributes_to_get.is_some())?;
                let names = request.expression_attribute_names.take();
                let expression = request.projection_expression.take();
                projection = Projection::read(expression.as_deref(), names.as_ref())?;
            }
            plans.insert(name.clone(), (table, projection));
            sent.insert(name.clone(), request);
        }
        let (all, region) = self.read_all(None, &input, sent).await?;
        let (mut responses, mut bad_items) = (HashMap::new(), Vec::new());
        for (name, items) in all.items {
            let (table, projection) =
                plans.get(&name).map_or((None, None), |(t, p)| (*t, p.as_ref()));
            let opened = match table {
                Some(table) => {
                    let report = self.mode.report_bad_items;
                    let (opened, bad) = table.open_all(items, projection, report).await?;
                    bad_items.extend(bad);
                    opened
                }
                None => items,
            };
            responses.insert(name, opened);
        }
        // As it was given, with the keys that are left.
        let left = all.left.into_iter().filter_map(|(name, left)| {
            let mut request = given.get(&name)?.clone();
            request.keys = left.keys;
            Some((name, request))
        });
        let capacity = capacity::by_table(all.capacity);
        let output = BatchGetItemOutput::builder()
            .set_responses(Some(responses))
            .set_unprocessed_keys(Some(left.collect()))
            .set_consumed_capacity((!capacity.is_empty()).then_some(capacity));
        Ok(Answer::new(output.build(), &region).with_bad_items(bad_items))
    }
}

/// What the calls for one batch answered, together.
#[derive(Default)]
struct Got {
    items: HashMap<String, Vec<Attributes>>,
    left: Requests,
    capacity: Vec<ConsumedCapacity>,
}

impl GlobalTable {
    /// Reads until nothing is left, or it was tried often enough; in a given Region only, or in any.
    async fn read_all(
        &self,
        only_in: Option<&str>,
        input: &BatchGetItemInputBuilder,
        requests: Requests,
    ) -> Result<(Got, String)> {
        let mut got = Got { left: requests, ..Got::default() };
        let mut region = self.inner.regions.home().0.to_owned();
        // To complete a page of an index takes everything.
        let attempts = if only_in.is_some() { MOST_ATTEMPTS } else { self.inner.batch_attempts };
        for attempt in 1..=attempts {
            for part in parts(std::mem::take(&mut got.left)) {
                let consistent = part.values().any(|of| of.consistent_read == Some(true));
                let input = input.clone().set_request_items(Some(part));
                let send = |client| input.clone().send_with(client);
                let sent = match only_in {
                    Some(region) => self.read_in(region, "BatchGetItem", send).await,
                    None => self.read("BatchGetItem", consistent, send).await,
                };
                let (output, answered) = match sent {
                    Ok(answered) => answered,
                    // It is the answer when nothing of a batch could be done.
                    Err(error) if is_throttling(&error) && attempt < attempts => {
                        for (table, of) in input.get_request_items().iter().flatten() {
                            add(&mut got.left, table.clone(), of.clone());
                        }
                        continue;
                    }
                    Err(error) => return Err(error),
                };
                region = answered;
                got.capacity.extend(output.consumed_capacity.into_iter().flatten());
                for (table, items) in output.responses.into_iter().flatten() {
                    got.items.entry(table).or_default().extend(items);
                }
                for (table, left) in output.unprocessed_keys.into_iter().flatten() {
                    add(&mut got.left, table, left);
                }
            }
            if got.left.is_empty() {
                break;
            }
            if attempt < attempts {
                pause(attempt).await;
            }
        }
        Ok((got, region))
    }

    /// The whole items, in the table, of those that an index has parts of. What was deleted meanwhile
    /// is left out.
    pub(super) async fn whole_items(
        &self,
        table: &Table,
        region: &str,
        report_capacity: Option<ReturnConsumedCapacity>,
        parts: Vec<Attributes>,
    ) -> Result<(Vec<Attributes>, Vec<ConsumedCapacity>)> {
        let order: Vec<Key> =
            parts.iter().map(|part| key_of(table.config(), part)).collect::<Result<_>>()?;
        let keys = parts.iter().map(|part| key_attributes(table.config(), part)).collect();
        let request = KeysAndAttributes::builder().set_keys(Some(keys)).build();
        let request =
            request.map_err(|_| misuse("a page without items has nothing to complete"))?;
        if parts.is_empty() {
            return Ok((parts, Vec::new()));
        }
        let input = BatchGetItemInputBuilder::default();
        let input = input.set_return_consumed_capacity(report_capacity);
        let requests = Requests::from([(table.name.clone(), request)]);
        let (mut got, region) = self.read_all(Some(region), &input, requests).await?;
        if !got.left.is_empty() {
            let message =
                "the table did not give all items of the index's page; read it again, later";
            return Err(Error::new(ErrorKind::Service, message).with_region(region));
        }
        let mut found = std::collections::BTreeMap::new();
        for item in got.items.remove(&table.name).unwrap_or_default() {
            found.insert(key_of(table.config(), &item)?, item);
        }
        Ok((order.iter().filter_map(|key| found.remove(key)).collect(), got.capacity))
    }
}

/// Requests of at most [`MOST_KEYS`] keys each.
fn parts(requests: Requests) -> Vec<Requests> {
    let mut all = Vec::new();
    let mut part = Requests::new();
    let mut count = 0;
    for (table, request) in requests {
        let mut keys = request.keys.clone().into_iter().peekable();
        while keys.peek().is_some() {
            let some: Vec<_> = keys.by_ref().take(MOST_KEYS - count).collect();
            count += some.len();
            let mut of_part = request.clone();
            of_part.keys = some;
            part.insert(table.clone(), of_part);
            if count == MOST_KEYS {
                all.push(std::mem::take(&mut part));
                count = 0;
            }
        }
    }
    if !part.is_empty() {
        all.push(part);
    }
    all
}

fn add(left: &mut Requests, table: String, more: KeysAndAttributes) {
    match left.get_mut(&table) {
        Some(request) => request.keys.extend(more.keys),
        None => drop(left.insert(table, more)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_parted_by_the_hundred_over_all_tables_and_none_is_lost() {
        let request = |count: usize| {
            let key = |n: usize| {
                let value = aws_sdk_dynamodb::types::AttributeValue::N(n.to_string());
                Attributes::from([("pk".to_owned(), value)])
            };
            let keys = (0..count).map(key).collect();
            KeysAndAttributes::builder().set_keys(Some(keys)).build().unwrap()
        };
        for (a, b, expected) in [(0, 0, 0), (1, 0, 1), (100, 0, 1), (60, 60, 2), (250, 51, 4)] {
            let both = Requests::from([("a".to_owned(), request(a)), ("b".to_owned(), request(b))]);
            let parts = parts(both);
            assert_eq!(parts.len(), expected, "{a} and {b}");
            let count = |table: &str| -> usize {
                parts.iter().filter_map(|part| part.get(table)).map(|r| r.keys.len()).sum()
            };
            assert_eq!((count("a"), count("b")), (a, b));
            for part in &parts {
                assert!(
                    part.values().map(|request| request.keys.len()).sum::<usize>() <= MOST_KEYS
                );
            }
        }
    }
}
