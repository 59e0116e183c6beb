//! Everything together.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use itemseal::{Error, ErrorKind, Result};

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
    faults: Faults,
    dir: Option<Arc<Dir>>,
}

/// Builds a [`Lab`].
#[derive(Debug, Default)]
pub struct LabBuilder {
    regions: BTreeSet<String>,
    clock: Option<Arc<dyn Clock>>,
    entropy: Option<Arc<dyn Entropy>>,
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
        self.kms = self.kms.account(account);
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
        if self.regions.is_empty() {
            let message = "a lab needs Regions, such as .regions([\"eu-west-1\", \"us-east-1\"])";
            return Err(Error::new(ErrorKind::Misuse, message));
        }
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock));
        let entropy = self.entropy.unwrap_or_else(|| Arc::new(SystemEntropy));
        let mut seed = [0; 8];
        entropy.fill(&mut seed)?;
        let faults = Faults::new(Arc::clone(&clock), u64::from_be_bytes(seed));
        let mut setup = Setup::in_memory(faults.clone());
        setup.home = dir.clone();
        let tables = Tables::open(self.regions, setup).map_err(|error| {
            Error::new(ErrorKind::Internal, "the tables' database does not start")
                .with_source(error)
        })?;
        let kms = self.kms.clock(Arc::clone(&clock)).entropy(entropy).build();
        Ok(Lab { kms, tables, clock, faults, dir })
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
    fn keys_and_tables_share_the_clock_and_the_seed() {
        let clock = ManualClock::new(1_000_000);
        let lab = || {
            let builder = Lab::builder().regions(["eu-west-1"]).clock(clock.clone()).seed(3);
            builder.account("999988887777").build().unwrap()
        };
        let lab_ = lab();
        let key = lab_.kms().create_key("eu-west-1", true, "").unwrap();
        assert_eq!((key.created_micros, key.account.as_str()), (1_000_000, "999988887777"));
        assert_eq!(lab().kms().create_key("eu-west-1", true, "").unwrap(), key);
        lab_.tables().create_table("eu-west-1", "Orders", "Id", None).unwrap();
        let item = Item::new().with("Id", "1");
        let region = lab_.region("eu-west-1").unwrap();
        region.put("Orders", item.clone()).unwrap();
        let version = region.version("Orders", &item).unwrap().unwrap();
        assert_eq!(version.written_micros, lab_.clock().now_micros());
    }
}
