use std::fmt;
use std::time::Duration;

use itemseal::keystore::{KeyStoreFuture, KeyStorePut, KeyStoreTable};
use itemseal::{Error, ErrorKind, Item, Result};
use pyo3::prelude::*;

use super::Clients;
use super::call::Operation;
use super::failure::Failure;
use super::parameter::{Parameter, Parameters};
use crate::convert::Layer;

/// How long a call may take, unless its caller has less time.
const LONGEST: Duration = Duration::from_secs(5);
/// A new item, and one that replaces what was read.
const NEW: &str = "attribute_not_exists(#id)";
const UNCHANGED: &str = "attribute_exists(#id) AND enc = :old";

/// A key store's table through clients of boto3.
pub(super) struct BotoKeyStore {
    clients: Clients,
    table: String,
    regions: Vec<String>,
}

impl BotoKeyStore {
    pub(super) fn new(clients: Clients, table: &str, regions: &[String]) -> Result<Self> {
        if table.is_empty() || regions.is_empty() {
            let says =
                "a key store has a table and at least one Region; give its table's, home first";
            return Err(Error::new(ErrorKind::Misuse, says));
        }
        Ok(Self { clients, table: table.to_owned(), regions: regions.to_vec() })
    }

    async fn call<T: Send + 'static>(
        &self,
        region: &str,
        method: &'static str,
        parameters: Parameters,
        limit: Option<Duration>,
        read: fn(&Bound<'_, PyAny>) -> PyResult<T>,
    ) -> Result<T, Failure> {
        let operation = Operation { service: "dynamodb", method };
        let call = self.clients.call(region, operation, parameters, read);
        tokio::time::timeout(limit.unwrap_or(LONGEST), call)
            .await
            .unwrap_or_else(|_| Err(Failure::late()))
    }

    fn home(&self) -> &str {
        self.regions.first().map_or("", String::as_str)
    }

    async fn get_item(
        &self,
        region: &str,
        [branch_key_id, kind]: [&str; 2],
        consistent: bool,
        limit: Option<Duration>,
    ) -> Result<Option<Item>> {
        let text = |text: &str| Parameter::Object(vec![("S", Parameter::text(text))]);
        let key = vec![("branch-key-id", text(branch_key_id)), ("type", text(kind))];
        let parameters = vec![
            ("TableName", Parameter::text(&self.table)),
            ("Key", Parameter::Object(key)),
            ("ConsistentRead", Parameter::Flag(consistent)),
        ];
        let got = self.call(region, "get_item", parameters, limit, |answer| {
            let item = answer.call_method1("get", ("Item",))?;
            if item.is_none() { Ok(None) } else { Layer::DynamoDb.read(&item).map(Some) }
        });
        got.await.map_err(|failure| self.elsewhere(failure.into_error(region, "GetItem")))
    }

    /// A Region without its replica is passed by, where there are others.
    fn elsewhere(&self, error: Error) -> Error {
        let no_table = error.code() == Some("ResourceNotFoundException");
        if no_table && self.regions.len() > 1 { error.retryable() } else { error }
    }

    fn put(&self, put: KeyStorePut) -> Parameters {
        let condition = if put.replaces.is_some() { UNCHANGED } else { NEW };
        let name = vec![("#id", Parameter::text("branch-key-id"))];
        let mut parameters = vec![
            ("TableName", Parameter::text(&self.table)),
            ("ConditionExpression", Parameter::text(condition)),
            ("ExpressionAttributeNames", Parameter::Object(name)),
            ("Item", Parameter::Item(put.item)),
        ];
        if let Some(old) = put.replaces {
            let old = Parameter::Object(vec![("B", Parameter::Bytes(old))]);
            parameters.push(("ExpressionAttributeValues", Parameter::Object(vec![(":old", old)])));
        }
        parameters
    }

    /// In one transaction; one by one, in their order, on a table whose Regions agree at once (MRSC), which has none.
    async fn put_together(&self, puts: Vec<KeyStorePut>) -> Result<()> {
        let home = self.home();
        let one = |put| Parameter::Object(vec![("Put", Parameter::Object(self.put(put)))]);
        let items = puts.iter().cloned().map(one).collect();
        let parameters = vec![("TransactItems", Parameter::List(items))];
        let method = "transact_write_items";
        let Err(failure) = self.call(home, method, parameters, None, |_| Ok(())).await else {
            return Ok(());
        };
        if failure.code != "ValidationException" || !self.is_strong(home).await? {
            return Err(conflict(failure.into_error(home, "TransactWriteItems")));
        }
        for put in puts {
            let called = self.call(home, "put_item", self.put(put), None, |_| Ok(())).await;
            called.map_err(|failure| conflict(failure.into_error(home, "PutItem")))?;
        }
        Ok(())
    }

    async fn is_strong(&self, region: &str) -> Result<bool> {
        let parameters = vec![("TableName", Parameter::text(&self.table))];
        let described = self.call(region, "describe_table", parameters, None, |answer| {
            let consistency =
                answer.get_item("Table")?.call_method1("get", ("MultiRegionConsistency",))?;
            Ok(consistency.extract::<Option<String>>()?.as_deref() == Some("STRONG"))
        });
        described.await.map_err(|failure| failure.into_error(region, "DescribeTable"))
    }

    async fn scan_all(&self) -> Result<Vec<Item>> {
        let (mut items, mut begins): (Vec<Item>, Option<Item>) = (Vec::new(), None);
        loop {
            let mut parameters = vec![
                ("TableName", Parameter::text(&self.table)),
                ("ConsistentRead", Parameter::Flag(true)),
            ];
            parameters.extend(begins.take().map(|key| ("ExclusiveStartKey", Parameter::Item(key))));
            let page = self.call(self.home(), "scan", parameters, None, read_page).await;
            let (page, next) = page.map_err(|failure| failure.into_error(self.home(), "Scan"))?;
            items.extend(page);
            match next {
                Some(next) => begins = Some(next),
                None => return Ok(items),
            }
        }
    }
}

fn read_page(answer: &Bound<'_, PyAny>) -> PyResult<(Vec<Item>, Option<Item>)> {
    let items = answer.get_item("Items")?.try_iter()?;
    let items = items.map(|item| Layer::DynamoDb.read(&item?)).collect::<PyResult<_>>()?;
    let next = answer.call_method1("get", ("LastEvaluatedKey",))?;
    Ok((items, if next.is_truthy()? { Some(Layer::DynamoDb.read(&next)?) } else { None }))
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

impl KeyStoreTable for BotoKeyStore {
    fn regions(&self) -> Vec<String> {
        self.regions.clone()
    }

    fn get<'a>(
        &'a self,
        region: &'a str,
        branch_key_id: &'a str,
        kind: &'a str,
        consistent: bool,
        limit: Option<Duration>,
    ) -> KeyStoreFuture<'a, Option<Item>> {
        Box::pin(self.get_item(region, [branch_key_id, kind], consistent, limit))
    }

    fn put_all<'a>(&'a self, puts: Vec<KeyStorePut>) -> KeyStoreFuture<'a, ()> {
        Box::pin(self.put_together(puts))
    }

    fn list<'a>(&'a self) -> KeyStoreFuture<'a, Vec<Item>> {
        Box::pin(self.scan_all())
    }
}

impl fmt::Debug for BotoKeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BotoKeyStore")
            .field("table", &self.table)
            .field("regions", &self.regions)
            .finish_non_exhaustive()
    }
}
