//! DynamoDB's operations in one Region, typed and by name.

use dynoxide::actions;
use serde_json::Value;

use super::database::{Database, ready};
use super::error::TableError;
use super::footprint::Touches;
use super::{Region, account};

/// What an operation touches, if it touches items and there are tables for which that matters.
macro_rules! footprint {
    (items $region:ident $request:ident) => {
        $region.tables().any_strong().then(|| $request.footprint())
    };
    (rest $region:ident $request:ident) => {
        None
    };
}

/// The operations that the engine does without the lab's help: the prefix of their page's name, their
/// name, and the engine's names for them.
macro_rules! operations {
    ($( $page:literal $operation:literal $module:ident $request:ident $response:ident $how:ident )*) => {
        impl Region {
            $(
                #[doc = concat!(
                    "[", $operation, "](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/",
                    $page, $operation, ".html)."
                )]
                ///
                /// # Errors
                /// As DynamoDB's, by name and text.
                pub fn $module(
                    &self,
                    request: actions::$module::$request,
                ) -> Result<actions::$module::$response, TableError> {
                    let footprint = footprint!($how self request);
                    self.guarded(footprint, || {
                        ready(actions::$module::execute(&self.database().lock().storage, request))
                    })
                }
            )*

            /// The operation that HTTP names in `X-Amz-Target`, from and to DynamoDB's JSON.
            ///
            /// # Errors
            /// As DynamoDB's; `UnknownOperationException` for what the lab does not do.
            pub fn execute(&self, operation: &str, request: Value) -> Result<Value, TableError> {
                match operation {
                    $( $operation => call(operation, request, |request| self.$module(request)), )*
                    // With faults of the lab's own: reads.rs and batches.rs.
                    "BatchGetItem" => call(operation, request, |request| self.batch_get_item(request)),
                    "BatchWriteItem" => {
                        call(operation, request, |request| self.batch_write_item(request))
                    }
                    "GetItem" => call(operation, request, |request| self.get_item(request)),
                    "Query" => call(operation, request, |request| self.query(request)),
                    "Scan" => call(operation, request, |request| self.scan(request)),
                    "CreateTable" => call(operation, request, |request| self.create_table(request)),
                    "DeleteTable" => self.delete_table_json(request),
                    "DescribeTable" => self.describe_table_json(request),
                    "UpdateTable" => self.update_table_json(request),
                    "UpdateTimeToLive" => {
                        call(operation, request, |request| self.update_time_to_live(request))
                    }
                    "DescribeContinuousBackups" => self.describe_continuous_backups(&request),
                    "DescribeEndpoints" => Ok(self.describe_endpoints()),
                    "DescribeLimits" => Ok(account::describe_limits()),
                    "TransactWriteItems" => {
                        call(operation, request, |request| self.transact_write_items(request))
                    }
                    "ExecuteTransaction" => {
                        call(operation, request, |request| self.execute_transaction(request))
                    }
                    _ => Err(TableError::new("UnknownOperationException", "")),
                }
            }
        }

        /// The operations that [`Region::execute`] knows.
        pub const OPERATIONS: &[&str] = &[
            $( $operation, )*
            "BatchGetItem", "BatchWriteItem", "CreateTable", "DeleteTable",
            "DescribeContinuousBackups", "DescribeEndpoints", "DescribeLimits", "DescribeTable",
            "ExecuteTransaction", "GetItem", "Query", "Scan", "TransactWriteItems", "UpdateTable",
            "UpdateTimeToLive",
        ];
    };
}

operations! {
    "API_" "BatchExecuteStatement" batch_execute_statement
        BatchExecuteStatementRequest BatchExecuteStatementResponse items
    "API_" "DeleteItem" delete_item DeleteItemRequest DeleteItemResponse items
    "API_streams_" "DescribeStream" describe_stream DescribeStreamRequest DescribeStreamResponse rest
    "API_" "DescribeTimeToLive" describe_time_to_live
        DescribeTimeToLiveRequest DescribeTimeToLiveResponse rest
    "API_" "ExecuteStatement" execute_statement
        ExecuteStatementRequest ExecuteStatementResponse items
    "API_streams_" "GetRecords" get_records GetRecordsRequest GetRecordsResponse rest
    "API_streams_" "GetShardIterator" get_shard_iterator
        GetShardIteratorRequest GetShardIteratorResponse rest
    "API_streams_" "ListStreams" list_streams ListStreamsRequest ListStreamsResponse rest
    "API_" "ListTables" list_tables ListTablesRequest ListTablesResponse rest
    "API_" "ListTagsOfResource" list_tags_of_resource
        ListTagsOfResourceRequest ListTagsOfResourceResponse rest
    "API_" "PutItem" put_item PutItemRequest PutItemResponse items
    "API_" "TagResource" tag_resource TagResourceRequest TagResourceResponse rest
    "API_" "TransactGetItems" transact_get_items
        TransactGetItemsRequest TransactGetItemsResponse items
    "API_" "UntagResource" untag_resource UntagResourceRequest UntagResourceResponse rest
    "API_" "UpdateItem" update_item UpdateItemRequest UpdateItemResponse items
}

impl Region {
    /// [CreateTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html),
    /// in this Region; [`Tables::add_replica`](super::Tables::add_replica) makes it global.
    ///
    /// # Errors
    /// As DynamoDB's, by name and text.
    pub fn create_table(
        &self,
        request: actions::create_table::CreateTableRequest,
    ) -> Result<actions::create_table::CreateTableResponse, TableError> {
        self.database().lock().create_table(request)
    }

    /// [DeleteTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html).
    /// Of a global table it deletes this Region's replica; changes made here that wait for other
    /// Regions still reach them.
    ///
    /// # Errors
    /// As DynamoDB's, by name and text.
    pub fn delete_table(
        &self,
        request: actions::delete_table::DeleteTableRequest,
    ) -> Result<actions::delete_table::DeleteTableResponse, TableError> {
        self.tables().delete_table(self.name(), request)
    }

    /// [DescribeTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html).
    ///
    /// # Errors
    /// As DynamoDB's, by name and text.
    pub fn describe_table(
        &self,
        request: actions::describe_table::DescribeTableRequest,
    ) -> Result<actions::describe_table::DescribeTableResponse, TableError> {
        let database = self.database().lock();
        ready(actions::describe_table::execute(&database.storage, request, &database.lifecycle))
    }

    /// [UpdateTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html)
    /// in this Region only; `ReplicaUpdates` is [`Tables::add_replica`](super::Tables::add_replica).
    ///
    /// # Errors
    /// As DynamoDB's, by name and text.
    pub fn update_table(
        &self,
        request: actions::update_table::UpdateTableRequest,
    ) -> Result<actions::update_table::UpdateTableResponse, TableError> {
        let database = self.database().lock();
        ready(actions::update_table::execute(&database.storage, request, &database.lifecycle))
    }

    /// [TransactWriteItems](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html):
    /// all or nothing in this Region; other Regions get its items one by one. A request with the
    /// `ClientRequestToken` of one that was done in the last ten minutes is answered, not done again.
    ///
    /// # Errors
    /// As DynamoDB's, by name and text.
    pub fn transact_write_items(
        &self,
        request: actions::transact_write_items::TransactWriteItemsRequest,
    ) -> Result<actions::transact_write_items::TransactWriteItemsResponse, TableError> {
        let footprint = self.tables().any_strong().then(|| request.footprint());
        self.guarded(footprint, || self.write_transaction(request))
    }

    fn write_transaction(
        &self,
        request: actions::transact_write_items::TransactWriteItemsRequest,
    ) -> Result<actions::transact_write_items::TransactWriteItemsResponse, TableError> {
        let now = self.database().now();
        let database = &mut *self.database().lock();
        let (token, items) = (request.client_request_token.clone(), request.transact_items.clone());
        let token = token.as_deref();
        if let Some(answer) = database.writes.answered(token, &items, now)? {
            return Ok(answer);
        }
        let answer = ready(actions::transact_write_items::execute(&database.storage, request))?;
        database.writes.remember(token, &items, now, &answer)?;
        Ok(answer)
    }

    /// [ExecuteTransaction](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html),
    /// with `ClientRequestToken` as for [`transact_write_items`](Self::transact_write_items).
    ///
    /// # Errors
    /// As DynamoDB's, by name and text.
    pub fn execute_transaction(
        &self,
        request: actions::execute_transaction::ExecuteTransactionRequest,
    ) -> Result<actions::execute_transaction::ExecuteTransactionResponse, TableError> {
        let footprint = self.tables().any_strong().then(|| request.footprint());
        self.guarded(footprint, || self.write_statements(request))
    }

    fn write_statements(
        &self,
        request: actions::execute_transaction::ExecuteTransactionRequest,
    ) -> Result<actions::execute_transaction::ExecuteTransactionResponse, TableError> {
        let now = self.database().now();
        let database = &mut *self.database().lock();
        let token = request.client_request_token.clone();
        let (token, statements) = (token.as_deref(), request.transact_statements.clone());
        if let Some(answer) = database.statements.answered(token, &statements, now)? {
            return Ok(answer);
        }
        let answer = ready(actions::execute_transaction::execute(&database.storage, request))?;
        database.statements.remember(token, &statements, now, &answer)?;
        Ok(answer)
    }
}

impl Database {
    pub(super) fn create_table(
        &self,
        request: actions::create_table::CreateTableRequest,
    ) -> Result<actions::create_table::CreateTableResponse, TableError> {
        let table = request.table_name.clone();
        let created = ready(actions::create_table::execute(&self.storage, request))?;
        self.watch(&table)?;
        Ok(created)
    }
}

pub(super) fn call<Q: serde::de::DeserializeOwned, A: serde::Serialize>(
    operation: &str,
    request: Value,
    run: impl FnOnce(Q) -> Result<A, TableError>,
) -> Result<Value, TableError> {
    let request = serde_json::from_value(request)
        .map_err(|error| TableError::undecodable(operation, &error))?;
    let answer = run(request)?;
    serde_json::to_value(answer).map_err(|error| TableError::internal(error.to_string()))
}
