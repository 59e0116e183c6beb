use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_types::SdkConfig;
use itemseal::failover::RegionOrder;
use itemseal::{ItemEncryptor, Keyring, Result, TableConfig};

use super::errors::{Failed, misuse};
use super::one_table::Table;
use super::regions::Regions;
use super::repeat::MOST_ATTEMPTS;
use super::shape::TableShape;
use super::transact_write::Sent;
use super::view::Mode;
use super::writes::Writes;
use super::{GlobalTable, Inner};
use crate::observe::Items;

/// The most time that a call may take over all Regions.
const DEADLINE: Duration = Duration::from_secs(5);

/// Builds a [`GlobalTable`].
pub struct GlobalTableBuilder {
    pub(super) tables: BTreeMap<String, (ItemEncryptor, Vec<String>)>,
    twice: Option<String>,
    pub(super) shapes: BTreeMap<String, TableShape>,
    plaintext: BTreeSet<String>,
    pub(super) regions: Vec<String>,
    pub(super) allowed_regions: Option<Vec<String>>,
    pub(super) writes: Writes,
    pub(super) versions: BTreeMap<String, String>,
    pub(super) plaintext_reads: BTreeSet<String>,
    deadline: Duration,
    most_per_region: Option<Duration>,
    read_order: RegionOrder,
    hedged_reads: bool,
    consistent_elsewhere: bool,
    complete_index_reads: bool,
    batch_attempts: u32,
}

impl GlobalTable {
    /// Starts a client for a table whose name is its logical name.
    pub fn builder(table: TableConfig, keyring: impl Keyring + 'static) -> GlobalTableBuilder {
        let name = table.logical_name().to_owned();
        Self::builder_named(name, table, keyring)
    }

    /// Starts a client for a table whose name in DynamoDB is `name`.
    pub fn builder_named(
        name: impl Into<String>,
        table: TableConfig,
        keyring: impl Keyring + 'static,
    ) -> GlobalTableBuilder {
        let builder = GlobalTableBuilder {
            tables: BTreeMap::new(),
            twice: None,
            shapes: BTreeMap::new(),
            plaintext: BTreeSet::new(),
            regions: Vec::new(),
            allowed_regions: None,
            writes: Writes::Home,
            versions: BTreeMap::new(),
            plaintext_reads: BTreeSet::new(),
            deadline: DEADLINE,
            most_per_region: None,
            read_order: RegionOrder::AsGiven,
            hedged_reads: false,
            consistent_elsewhere: false,
            complete_index_reads: false,
            batch_attempts: MOST_ATTEMPTS,
        };
        builder.table(name, table, keyring)
    }
}

impl GlobalTableBuilder {
    /// Another table, by its name in DynamoDB: for batches and transactions over several.
    #[must_use]
    pub fn table(
        mut self,
        name: impl Into<String>,
        table: TableConfig,
        keyring: impl Keyring + 'static,
    ) -> Self {
        let name = name.into();
        let regions = keyring.regions();
        let encryptor = ItemEncryptor::new(table, keyring);
        if self.tables.insert(name.clone(), (encryptor, regions)).is_some() {
            self.twice = Some(name);
        }
        self
    }

    /// A table whose items pass as they are, in batches, transactions and PartiQL. Any other table that
    /// is not configured is refused.
    #[must_use]
    pub fn plaintext_table(mut self, name: impl Into<String>) -> Self {
        self.plaintext.insert(name.into());
        self
    }

    /// The Regions of the tables, the home Region first. Unless given they are the
    /// [keyring's](Keyring::regions), or if that asks no AWS service, the one of the SDK's configuration.
    #[must_use]
    pub fn regions<R: Into<String>>(mut self, regions: impl IntoIterator<Item = R>) -> Self {
        self.regions = regions.into_iter().map(Into::into).collect();
        self
    }

    /// The most time that a call may take, over all Regions that it is sent to; 5 seconds unless given.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The most time that a read may take in one Region while others are left to ask; 800 milliseconds
    /// unless given. It decides how soon a Region that hangs is known.
    #[must_use]
    pub fn most_per_region(mut self, most: Duration) -> Self {
        self.most_per_region = Some(most);
        self
    }

    /// In which order reads ask the Regions: as they are given, the home Region first, or the
    /// [nearest](RegionOrder::Nearest) first, by how long its answers take. Writes stay in the home Region, and
    /// reads with `ConsistentRead` and transactions go where they would go without this.
    #[must_use]
    pub fn read_order(mut self, order: RegionOrder) -> Self {
        self.read_order = order;
        self
    }

    /// A read that takes longer than nineteen in twenty do in its Region is sent to the next Region too, and
    /// the first answer counts. At most two reads in a hundred are sent twice. Reads with `ConsistentRead` and
    /// transactions are not.
    #[must_use]
    pub fn hedged_reads(mut self) -> Self {
        self.hedged_reads = true;
        self
    }

    /// While the home Region does not answer, `ConsistentRead` is consistent with another replica, which
    /// may not have the last writes. Without this such reads are for the home Region only, unless the table
    /// is a strongly consistent one.
    #[must_use]
    pub fn consistent_reads_elsewhere(mut self) -> Self {
        self.consistent_elsewhere = true;
        self
    }

    /// A table's keys, indexes and time to live. Unless given, DynamoDB is asked when the client is
    /// built (`DescribeTable`, `DescribeTimeToLive`).
    #[must_use]
    pub fn shape(mut self, table: impl Into<String>, shape: TableShape) -> Self {
        self.shapes.insert(table.into(), shape);
        self
    }

    /// Reads of an index that has parts of the items only are completed from the table: one more
    /// `BatchGetItem` for every hundred items. Without this they are refused, since parts cannot be
    /// verified.
    #[must_use]
    pub fn complete_index_reads(mut self) -> Self {
        self.complete_index_reads = true;
        self
    }

    /// What DynamoDB leaves undone of a batch comes back at once, as it was given. Without this it is
    /// sent up to eight times, later each time.
    #[must_use]
    pub fn hand_back_unprocessed(mut self) -> Self {
        self.batch_attempts = 1;
        self
    }

    /// Checks the configuration against the tables.
    ///
    /// # Errors
    /// [`Misuse`](itemseal::ErrorKind::Misuse) if there is no Region, a table is there twice, or a
    /// configuration does not fit its table: key attributes, index keys and the time to live must
    /// stay readable. [`Service`](itemseal::ErrorKind::Service) if a table cannot be described.
    pub async fn build(self, config: &SdkConfig) -> Result<GlobalTable> {
        if let Some(name) = self
            .twice
            .clone()
            .or_else(|| self.tables.keys().find(|name| self.plaintext.contains(*name)).cloned())
        {
            return Err(misuse(format!("the table {name} is configured twice")));
        }
        self.check_options()?;
        let names = self.names_of_regions()?;
        let regions =
            Regions::new(config, names, self.deadline, self.most_per_region, self.writes)?;
        let mut regions = regions.with_reads(self.read_order, self.hedged_reads);
        let (mut shapes, mut versions) = (self.shapes, self.versions);
        let mut tables = BTreeMap::new();
        let items = Arc::new(Items::default());
        for (name, (encryptor, _)) in self.tables {
            let shape = match shapes.remove(&name) {
                Some(shape) => shape,
                None => describe(regions.home(), &name).await?,
            };
            shape.check(encryptor.table())?;
            let version_attribute = versions.remove(&name);
            let plaintext_reads = self.plaintext_reads.contains(&name);
            let table = Table {
                name: name.clone(),
                encryptor,
                shape,
                version_attribute,
                plaintext_reads,
                items: Arc::clone(&items),
            };
            tables.insert(name, table);
        }
        // Strongly consistent tables are so in every Region.
        let all_strong = tables.values().all(|table| table.shape.is_strong());
        regions.consistent_elsewhere = self.consistent_elsewhere || all_strong;
        Ok(GlobalTable {
            inner: Arc::new(Inner {
                tables,
                plaintext: self.plaintext,
                regions,
                writes: self.writes,
                complete_index_reads: self.complete_index_reads,
                batch_attempts: self.batch_attempts,
                tokens: Sent::default(),
                items,
            }),
            mode: Mode::default(),
        })
    }
}

pub(crate) async fn describe((region, client): (&str, &Client), name: &str) -> Result<TableShape> {
    let described = client.describe_table().table_name(name).send().await;
    let failed = |error| Failed::new("DescribeTable", region, error);
    let table = described.map_err(failed).map_err(Failed::into_error)?.table;
    let shape = table.as_ref().map(TableShape::of).unwrap_or_default();
    let described = client.describe_time_to_live().table_name(name).send().await;
    let failed = |error| Failed::new("DescribeTimeToLive", region, error);
    let ttl = described.map_err(failed).map_err(Failed::into_error)?.time_to_live_description;
    Ok(match ttl.and_then(|ttl| ttl.attribute_name) {
        Some(attribute) => shape.ttl_attribute(attribute),
        None => shape,
    })
}

impl fmt::Debug for GlobalTableBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GlobalTableBuilder")
            .field("tables", &self.tables.keys().collect::<Vec<_>>())
            .field("regions", &self.regions)
            .finish_non_exhaustive()
    }
}
