//! One Region's DynamoDB.

use std::fmt;
use std::sync::Arc;

use dynoxide::actions::delete_item::DeleteItemRequest;
use dynoxide::actions::get_item::GetItemRequest;
use dynoxide::actions::put_item::PutItemRequest;
use dynoxide::actions::query::QueryRequest;
use dynoxide::actions::scan::ScanRequest;
use itemseal::Item;

use super::Tables;
use super::convert::{from_dynoxide, to_dynoxide};
use super::database::{RegionDatabase, Slow, ready};
use super::error::TableError;
use super::schema::key_names;
use super::version::Version;

/// DynamoDB in one Region: reads and writes of the replicas there. A cheap handle.
#[derive(Clone)]
pub struct Region {
    tables: Tables,
    database: Arc<RegionDatabase>,
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Region").field(&self.name()).finish()
    }
}

impl Region {
    pub(super) fn new(tables: Tables, database: Arc<RegionDatabase>) -> Self {
        Self { tables, database }
    }

    /// The Region's name.
    pub fn name(&self) -> &str {
        &self.database.name
    }

    pub(super) fn tables(&self) -> &Tables {
        &self.tables
    }

    pub(super) fn database(&self) -> &RegionDatabase {
        &self.database
    }

    /// Whether an operation on one item would be done in microseconds: nothing that takes long is
    /// under way. Only a hint: it can begin a moment later.
    pub(crate) fn is_quick(&self) -> bool {
        // A strongly consistent table's operations wait for each other in all Regions, and a write
        // that is kept waits for the disk.
        !self.tables.any_strong() && !self.tables.is_kept() && !self.database.is_slow()
    }

    /// Says that something that can take long is under way, as long as the answer is kept.
    pub(crate) fn slow(&self) -> Slow {
        Slow::new(Arc::clone(&self.database))
    }

    /// Puts an item, unconditionally.
    ///
    /// # Errors
    /// As of [`put_item`](Self::put_item).
    pub fn put(&self, table: &str, item: Item) -> Result<(), TableError> {
        let (table_name, item) = (table.to_owned(), to_dynoxide(item));
        self.put_item(PutItemRequest { table_name, item, ..PutItemRequest::default() })?;
        Ok(())
    }

    /// Gets an item by its key attributes.
    ///
    /// # Errors
    /// As of [`get_item`](Self::get_item).
    pub fn get(&self, table: &str, key: Item) -> Result<Option<Item>, TableError> {
        let (table_name, key) = (table.to_owned(), to_dynoxide(key));
        let got = self.get_item(GetItemRequest { table_name, key, ..GetItemRequest::default() })?;
        Ok(got.item.map(from_dynoxide))
    }

    /// Deletes an item by its key attributes, unconditionally.
    ///
    /// # Errors
    /// As of [`delete_item`](Self::delete_item).
    pub fn delete(&self, table: &str, key: Item) -> Result<(), TableError> {
        let (table_name, key) = (table.to_owned(), to_dynoxide(key));
        self.delete_item(DeleteItemRequest { table_name, key, ..DeleteItemRequest::default() })?;
        Ok(())
    }

    /// All items of a table, over all pages.
    ///
    /// # Errors
    /// As of [`scan`](Self::scan).
    pub fn scan_all(&self, table: &str) -> Result<Vec<Item>, TableError> {
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let page = self.scan(ScanRequest {
                table_name: table.to_owned(),
                exclusive_start_key: start,
                ..ScanRequest::default()
            })?;
            items.extend(page.items.into_iter().flatten().map(from_dynoxide));
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }

    /// All items of a query in DynamoDB's JSON form, over all pages.
    ///
    /// # Errors
    /// As of [`query`](Self::query).
    pub fn query_all(&self, request: serde_json::Value) -> Result<Vec<Item>, TableError> {
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let read = serde_json::from_value::<QueryRequest>(request.clone());
            let mut query = read.map_err(|error| TableError::undecodable("Query", &error))?;
            if start.is_some() {
                query.exclusive_start_key = start;
                query.exclusive_start_key_raw = None;
            }
            let page = self.query(query)?;
            items.extend(page.items.into_iter().flatten().map(from_dynoxide));
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }

    /// Deletes the items whose time to live is over by this Region's clock, and says how many they
    /// were. AWS does so within days
    /// ([TTL](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html)); the lab
    /// when it is told to, or by itself if it replicates by itself. The deletes are replicated.
    ///
    /// # Errors
    /// `InternalServerError` if the Region's database fails.
    pub fn expire_items(&self) -> Result<usize, TableError> {
        ready(dynoxide::ttl::sweep_expired_items(&self.database.lock().storage))
    }

    /// The last write of an item that this Region knows of, a delete included; none if there was
    /// none, or the table never was a global one. The key is given by its attributes.
    ///
    /// # Errors
    /// `ResourceNotFoundException`; `ValidationException` if the key attributes are not all there.
    pub fn version(&self, table: &str, key: &Item) -> Result<Option<Version>, TableError> {
        let database = self.database.lock();
        let (partition, sort) = key_names(&database.require_table(table)?)?;
        let key = to_dynoxide(key.clone());
        let stored = |name: &str| {
            key.get(name).and_then(dynoxide::AttributeValue::to_key_string).ok_or_else(|| {
                TableError::validation(format!("the key of {table} has an attribute {name:?}"))
            })
        };
        let pk = stored(&partition)?;
        let sk = sort.as_deref().map(stored).transpose()?.unwrap_or_default();
        database.version(table, (&pk, &sk))
    }
}
