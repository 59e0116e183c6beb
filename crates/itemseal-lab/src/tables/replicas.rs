//! Which Regions have a table.

use dynoxide::actions::delete_table::{self, DeleteTableRequest, DeleteTableResponse};

use super::Tables;
use super::database::ready;
use super::error::TableError;
use super::global::Consistency;
use super::side_tables;

impl Tables {
    /// The Regions that replicate a table with `region`, and `region` itself, in the order of their
    /// names.
    ///
    /// # Errors
    /// `UnknownRegion`; `ResourceNotFoundException` if `region` has no such table.
    pub fn replicas(&self, region: &str, table: &str) -> Result<Vec<String>, TableError> {
        let database = self.database(region)?;
        let database = database.lock();
        database.require_table(table)?;
        let mut regions = database.replicas(table)?;
        regions.push(region.to_owned());
        regions.sort();
        Ok(regions)
    }

    /// Adds a replica of a table in another Region, with all its items, as
    /// [UpdateTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html)
    /// does with `ReplicaUpdates`. From the first Region (by name) that has the table.
    ///
    /// # Errors
    /// `UnknownRegion`; `ResourceNotFoundException` if no Region has the table, and as of
    /// [`add_replica_from`](Self::add_replica_from).
    pub fn add_replica(&self, table: &str, region: &str) -> Result<(), TableError> {
        self.database(region)?;
        for source in self.regions().filter(|source| source != region) {
            if self.database(&source)?.lock().table(table)?.is_some() {
                return self.add_replica_from(&source, table, region);
            }
        }
        Err(TableError::no_such_table(table))
    }

    /// Adds a replica of the table that `source` has. Its items are copied from there; later changes
    /// come from every Region that has a replica.
    ///
    /// # Errors
    /// `UnknownRegion`; `ResourceNotFoundException` if `source` has no such table;
    /// `ValidationException` if `region` has a table of this name, or is cut off from `source`.
    pub fn add_replica_from(
        &self,
        source: &str,
        table: &str,
        region: &str,
    ) -> Result<(), TableError> {
        let others = self.join_replica(source, table, region)?;
        self.start_streams(&others, table, region)
    }

    /// The same without streams; answers with the Regions that had a replica before.
    pub(super) fn join_replica(
        &self,
        source: &str,
        table: &str,
        region: &str,
    ) -> Result<Vec<String>, TableError> {
        let (from, to) = (self.database(source)?, self.database(region)?);
        let _pump = self.pump();
        let others = self.replicas(source, table)?;
        if to.lock().table(table)?.is_some() {
            return Err(TableError::validation(format!(
                "Failed to create a the new replica of table with name: '{table}' because one or \
                 more replicas already existed as tables."
            )));
        }
        if !self.are_connected(source, region) {
            return Err(TableError::validation(format!(
                "{region} is cut off from {source}, so the items of {table} cannot be copied; heal it"
            )));
        }
        let definition = from.lock().require_table(table)?;
        {
            // From its first moment on, the new replica logs its own writes for the others.
            let database = to.lock();
            database.create_table(super::schema::replica_request(&definition)?)?;
            if definition.ttl_enabled {
                let attribute = definition.ttl_attribute.as_deref();
                database.storage.update_ttl_config(table, attribute, true)?;
            }
            database.make_global(table)?;
            for other in &others {
                let sql = "INSERT INTO lab$replicas VALUES (?1, ?2)";
                database.storage.conn().execute(sql, [table, other])?;
            }
        }
        // Then every other Region starts logging for the new one, and hands it what the source has
        // not got yet; also a Region that has no replica any more, but writes of it on their way. The
        // source's items are read last: so nothing falls between.
        for other in self.regions().filter(|other| other != region) {
            let database = self.database(&other)?;
            let database = database.lock();
            let transaction = database.storage.conn().unchecked_transaction()?;
            if others.contains(&other) {
                database.make_global(table)?;
                transaction.execute("INSERT INTO lab$replicas VALUES (?1, ?2)", [table, region])?;
            }
            // In the source itself nothing waits for the source.
            transaction.execute(
                "INSERT INTO lab$waiting
                    (destination, table_name, pk, sk, key, item, time, writer)
                 SELECT ?3, table_name, pk, sk, key, item, time, writer FROM lab$waiting
                 WHERE destination = ?2 AND table_name = ?1 ORDER BY id",
                [table, source, region],
            )?;
            transaction.commit()?;
        }
        // If the Region had a replica before, that one's last writes must come back to it.
        self.deliver_all(&to, &from)?;
        let items = from.lock().snapshot(table)?;
        let database = to.lock();
        for item in &items {
            database.apply(item, self.inner.merge)?;
        }
        Ok(others)
    }

    /// A global table's streams are always on.
    fn start_streams(
        &self,
        others: &[String],
        table: &str,
        region: &str,
    ) -> Result<(), TableError> {
        for member in others.iter().map(String::as_str).chain([region]) {
            let database = self.database(member)?;
            let now = database.now();
            let database = database.lock();
            if !database.require_table(table)?.stream_enabled {
                let label =
                    format!("{}.{:06}", now.div_euclid(1_000_000), now.rem_euclid(1_000_000));
                database.storage.enable_stream(table, "NEW_AND_OLD_IMAGES", &label)?;
            }
        }
        Ok(())
    }

    /// Deletes a Region's replica of a table. What was written there and waits for other Regions
    /// still reaches them.
    ///
    /// # Errors
    /// `UnknownRegion`; `ResourceNotFoundException` if the Region has no such table;
    /// `ValidationException` if the table is protected from deletion.
    pub fn remove_replica(&self, table: &str, region: &str) -> Result<(), TableError> {
        self.delete_table(region, DeleteTableRequest { table_name: table.to_owned() }).map(drop)
    }

    pub(super) fn delete_table(
        &self,
        region: &str,
        request: DeleteTableRequest,
    ) -> Result<DeleteTableResponse, TableError> {
        let table = &request.table_name;
        {
            let database = self.database(region)?;
            let database = database.lock();
            let strong = database.group(table)?.consistency == Consistency::Strong;
            if strong && !database.replicas(table)?.is_empty() {
                return Err(TableError::validation(
                    "One or more parameter values were invalid: a replica of a strongly consistent \
                     global table cannot be deleted alone; delete both others through ReplicaUpdates",
                ));
            }
        }
        self.delete_replica(region, request)
    }

    /// Deletes one of the replicas that go together.
    pub(super) fn remove_strong_replica(
        &self,
        table: &str,
        region: &str,
    ) -> Result<(), TableError> {
        self.delete_replica(region, DeleteTableRequest { table_name: table.to_owned() }).map(drop)
    }

    fn delete_replica(
        &self,
        region: &str,
        request: DeleteTableRequest,
    ) -> Result<DeleteTableResponse, TableError> {
        let _pump = self.pump();
        let table = request.table_name.clone();
        let deleted = {
            let database = self.database(region)?;
            let database = database.lock();
            let deleted =
                ready(delete_table::execute(&database.storage, request, &database.lifecycle))?;
            side_tables::forget(database.storage.conn(), &table)?;
            deleted
        };
        for other in self.regions() {
            let database = self.database(&other)?;
            let database = database.lock();
            let connection = database.storage.conn();
            let of = [table.as_str(), region];
            let sql = "DELETE FROM lab$waiting WHERE table_name = ?1 AND destination = ?2";
            connection.execute(sql, of)?;
            let sql = "DELETE FROM lab$replicas WHERE table_name = ?1 AND region = ?2";
            connection.execute(sql, of)?;
        }
        Ok(deleted)
    }
}
