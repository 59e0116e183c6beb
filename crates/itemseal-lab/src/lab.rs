//! Everything together.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use itemseal::{Error, ErrorKind, Result};

use crate::admin::HeldWrites;
use crate::clock::{Clock, SystemClock};
use crate::durable::Dir;
use crate::entropy::{Entropy, SeededEntropy, SystemEntropy};
use crate::faults::Faults;
use crate::kms::{LabKms, LabKmsBuilder};
use crate::tables::{Region, Setup, TableError, Tables};

/// KMS and DynamoDB in several Regions, in this process. Clones are handles on the same lab.
#[derive(Clone, Debug)]
pub struct Lab {
    kms: LabKms,
    tables: Tables,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    account: Arc<str>,
    faults: Faults,
    dir: Option<Arc<Dir>>,
    held: HeldWrites,
}

/// When changes go from Region to Region.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Replication {
    /// When they are told to, by [`Tables::deliver`] and its kin: a test decides what is where.
    #[default]
    Manual,
    /// As soon as they are made, and links allow: for programs that know nothing of the lab. Items
    /// whose time to live is over are deleted by themselves too.
    Automatic,
}

/// Builds a [`Lab`].
#[derive(Debug, Default)]
pub struct LabBuilder {
    regions: BTreeSet<String>,
    clock: Option<Arc<dyn Clock>>,
    entropy: Option<Arc<dyn Entropy>>,
    every_region: bool,
    replication: Replication,
    account: Option<String>,
    kms: LabKmsBuilder,
    dir: Option<PathBuf>,
}

impl LabBuilder {
    /// The Regions that have tables. (KMS has every Region.)
    #[must_use]
    pub fn regions<R: Into<String>>(mut self, regions: impl IntoIterator<Item = R>) -> Self {
        self.regions.extend(regions.into_iter().map(Into::into));
        self
    }

    /// Lets every Region of any name have tables: it opens when it is first asked for. So no Region
    /// need be named beforehand.
    #[must_use]
    pub fn every_region(mut self) -> Self {
        self.every_region = true;
        self
    }

    /// When changes go from Region to Region; [`Manual`](Replication::Manual) unless given.
    #[must_use]
    pub fn replication(mut self, replication: Replication) -> Self {
        self.replication = replication;
        self
    }

    /// The clock of all Regions; the machine's unless given.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Makes key material, ids and nonces the same in every run: for tests, not for data worth
    /// keeping.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        self.entropy(SeededEntropy::new(seed))
    }

    /// Where key material, ids and nonces come from; the machine unless given.
    #[must_use]
    pub fn entropy(mut self, entropy: impl Entropy + 'static) -> Self {
        self.entropy = Some(Arc::new(entropy));
        self
    }

    /// The account's id, 12 digits; `111122223333` unless given.
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// How long a new replica key is `Creating`; no time unless given.
    #[must_use]
    pub fn keys_creating_for(mut self, duration: Duration) -> Self {
        self.kms = self.kms.creating_for(duration);
        self
    }

    /// How long a change of the primary key has keys `Updating`; no time unless given.
    #[must_use]
    pub fn keys_updating_for(mut self, duration: Duration) -> Self {
        self.kms = self.kms.updating_for(duration);
        self
    }

    /// Keeps tables and keys in a directory, and starts with those that are there; in memory unless
    /// given. Acknowledged writes outlive the process, even one that is killed. Key material is in
    /// it in the clear: it is for development.
    #[must_use]
    pub fn dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.dir = Some(path.into());
        self
    }

    /// The lab, without keys and tables, or with those of its directory. It has the directory's
    /// Regions too.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) without Regions, or if another lab has the directory open;
    /// [`Internal`](ErrorKind::Internal) if SQLite cannot be started, or the directory not be used.
    pub fn build(mut self) -> Result<Lab> {
        let dir = self.dir.map(Dir::open).transpose()?;
        if let Some(dir) = &dir {
            self.regions.extend(dir.regions()?);
        }
        if self.regions.is_empty() && !self.every_region {
            let message = "a lab needs Regions, such as .regions([\"eu-west-1\", \"us-east-1\"]), or \
                           .every_region()";
            return Err(Error::new(ErrorKind::Misuse, message));
        }
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock));
        let entropy = self.entropy.unwrap_or_else(|| Arc::new(SystemEntropy));
        let failed = |error: TableError| {
            Error::new(ErrorKind::Internal, "the tables' database does not start")
                .with_source(error)
        };
        let mut seed = [0; 8];
        entropy.fill(&mut seed)?;
        let faults = Faults::new(Arc::clone(&clock), u64::from_be_bytes(seed));
        let mut setup = Setup::in_memory(faults.clone());
        setup.home = dir.clone();
        setup.every_region = self.every_region;
        let tables = Tables::open(self.regions, setup).map_err(failed)?;
        if self.replication == Replication::Automatic {
            tables.replicate_automatically().map_err(failed)?;
        }
        let account = self.account.unwrap_or_else(|| crate::kms::ACCOUNT.to_owned());
        let mut kms = self.kms.account(&*account).clock(Arc::clone(&clock));
        if let Some(dir) = &dir {
            let file = dir.key_file();
            if let Some(snapshot) = file.load()? {
                kms = kms.restore(&snapshot)?;
            }
            kms = kms.on_change(Arc::new(move |snapshot| file.store(snapshot)));
        }
        let kms = kms.entropy(Arc::clone(&entropy)).build();
        Ok(Lab {
            kms,
            tables,
            clock,
            entropy,
            account: account.into(),
            faults,
            dir,
            held: HeldWrites::default(),
        })
    }
}

impl Lab {
    /// Builds a lab.
    pub fn builder() -> LabBuilder {
        LabBuilder::default()
    }

    /// KMS, in every Region.
    pub fn kms(&self) -> &LabKms {
        &self.kms
    }

    /// DynamoDB, and replication between its Regions.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// DynamoDB in one Region.
    ///
    /// # Errors
    /// `UnknownRegion` if the lab was not built with it.
    pub fn region(&self, name: &str) -> Result<Region, TableError> {
        self.tables.region(name)
    }

    /// The account's id, 12 digits.
    pub fn account(&self) -> &str {
        &self.account
    }

    pub(crate) fn entropy(&self) -> &dyn Entropy {
        &*self.entropy
    }

    /// The writes under way that were begun through the lab's own API.
    pub(crate) fn held_writes(&self) -> &HeldWrites {
        &self.held
    }

    /// What goes wrong in the lab.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Where the lab is kept; none if in memory.
    pub fn dir(&self) -> Option<&Path> {
        self.dir.as_deref().map(Dir::path)
    }

    /// The clock that the lab was built with, without any Region's skew.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }
}

#[cfg(test)]
mod tests {
    use itemseal::Item;

    use super::*;
    use crate::clock::ManualClock;

    #[test]
    fn a_lab_needs_regions_and_knows_no_others() {
        assert_eq!(Lab::builder().build().unwrap_err().kind(), ErrorKind::Misuse);
        let lab = Lab::builder().regions(["eu-west-1", "us-east-1"]).build().unwrap();
        assert_eq!(lab.tables().regions().collect::<Vec<_>>(), ["eu-west-1", "us-east-1"]);
        let error = lab.region("eu-west-2").unwrap_err();
        assert_eq!(error.code(), "UnknownRegion");
        assert!(error.to_string().contains("eu-west-1, us-east-1"), "{error}");
    }

    #[test]
    fn every_region_opens_when_it_is_asked_for_if_its_name_is_one() {
        let lab = Lab::builder().every_region().build().unwrap();
        assert_eq!(lab.tables().regions().count(), 0);
        lab.region("us-gov-west-1").unwrap();
        for name in ["", "eu", "eu-west", "eu-west-1a", "../eu-west-1", "EU-WEST-1", "eu--west-1"] {
            assert_eq!(lab.region(name).unwrap_err().code(), "UnknownRegion", "{name}");
        }
        assert_eq!(lab.tables().regions().collect::<Vec<_>>(), ["us-gov-west-1"]);
        // A lab of given Regions opens others only when that is asked for.
        let lab = Lab::builder().regions(["eu-west-1"]).build().unwrap();
        lab.tables().open_region("eu-west-2").unwrap();
        lab.region("eu-west-2").unwrap();
        assert!(lab.region("eu-west-3").is_err());
    }

    #[test]
    fn keys_and_tables_share_the_clock_and_the_seed() {
        let clock = ManualClock::new(1_000_000);
        let lab = || {
            let regions = ["eu-west-1", "us-east-1"];
            let builder = Lab::builder().regions(regions).clock(clock.clone()).seed(3);
            builder.account("999988887777").build().unwrap()
        };
        let lab_ = lab();
        let key = lab_.kms().create_key("eu-west-1", true, "").unwrap();
        assert_eq!((key.created_micros, key.account.as_str()), (1_000_000, "999988887777"));
        assert_eq!(lab().kms().create_key("eu-west-1", true, "").unwrap(), key);
        lab_.tables().create_table("eu-west-1", "Orders", "Id", None).unwrap();
        lab_.tables().add_replica("Orders", "us-east-1").unwrap();
        let item = Item::new().with("Id", "1");
        let region = lab_.region("eu-west-1").unwrap();
        region.put("Orders", item.clone()).unwrap();
        let version = region.version("Orders", &item).unwrap().unwrap();
        assert_eq!(version.written_micros, lab_.clock().now_micros());
    }
}
