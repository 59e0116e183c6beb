//! The reads that can be eventually consistent, and then stale.

use dynoxide::actions::batch_get_item::{BatchGetItemRequest, BatchGetItemResponse};
use dynoxide::actions::get_item::{GetItemRequest, GetItemResponse};
use dynoxide::actions::query::{QueryRequest, QueryResponse};
use dynoxide::actions::scan::{ScanRequest, ScanResponse};
use dynoxide::actions::{batch_get_item, get_item, query, scan};

use super::Region;
use super::database::{Database, ready};
use super::error::TableError;
use super::footprint::Touches;

impl Region {
    /// [GetItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html).
    /// Without `consistent_read` it can be [stale](crate::faults::Fault::StaleReads).
    ///
    /// # Errors
    /// As DynamoDB's, by name and text.
    pub fn get_item(&self, request: GetItemRequest) -> Result<GetItemResponse, TableError> {
        let footprint = self.tables().any_strong().then(|| request.footprint());
        let table = request.table_name.clone();
        let current = request.consistent_read == Some(true);
        let eventual = [table.as_str()];
        self.guarded(footprint, || {
            self.read(if current { &[] } else { &eventual }, |database| {
                ready(get_item::execute(&database.storage, request))
            })
        })
    }

    /// [Query](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html).
    /// Without `consistent_read` it can be [stale](crate::faults::Fault::StaleReads), unless it
    /// reads an index.
    ///
    /// # Errors
    /// As DynamoDB's, by name and text.
    pub fn query(&self, request: QueryRequest) -> Result<QueryResponse, TableError> {
        let footprint = self.tables().any_strong().then(|| request.footprint());
        let table = request.table_name.clone();
        let current = request.consistent_read == Some(true) || request.index_name.is_some();
        let eventual = [table.as_str()];
        self.guarded(footprint, || {
            self.read(if current { &[] } else { &eventual }, |database| {
                ready(query::execute(&database.storage, request))
            })
        })
    }

    /// [Scan](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html).
    /// Without `consistent_read` it can be [stale](crate::faults::Fault::StaleReads), unless it
    /// reads an index.
    ///
    /// # Errors
    /// As DynamoDB's, by name and text.
    pub fn scan(&self, request: ScanRequest) -> Result<ScanResponse, TableError> {
        let footprint = self.tables().any_strong().then(|| request.footprint());
        let table = request.table_name.clone();
        let current = request.consistent_read == Some(true) || request.index_name.is_some();
        let eventual = [table.as_str()];
        self.guarded(footprint, || {
            self.read(if current { &[] } else { &eventual }, |database| {
                ready(scan::execute(&database.storage, request))
            })
        })
    }

    pub(super) fn batch_read(
        &self,
        request: BatchGetItemRequest,
    ) -> Result<BatchGetItemResponse, TableError> {
        let eventual =
            request.request_items.iter().filter(|(_, of)| of.consistent_read != Some(true));
        let tables: Vec<String> = eventual.map(|(table, _)| table.clone()).collect();
        let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
        self.read(&tables, |database| ready(batch_get_item::execute(&database.storage, request)))
    }

    /// Reads, as long ago as the Region's faults say for the tables that need not be current.
    fn read<T>(
        &self,
        eventual: &[&str],
        read: impl FnOnce(&Database) -> Result<T, TableError>,
    ) -> Result<T, TableError> {
        let database = self.database().lock();
        if eventual.is_empty() {
            return read(&database);
        }
        match database.past.next_read_at() {
            Some(moment) => database.looking_back(moment, eventual, read),
            None => read(&database),
        }
    }
}
