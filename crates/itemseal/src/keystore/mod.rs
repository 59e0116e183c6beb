//! Key stores: branch keys on a DynamoDB table, each version encrypted by KMS.
//!
//! One KMS call opens a branch key, and a branch key wraps the data keys of any number of items: that is the
//! [hierarchical keyring](crate::keyring::HierarchicalKeyring). The table is AWS's, item for item.
//!
//! On a global table: a version that has not arrived in a Region is taken from that Region's active item, if
//! it is the active version, or from the other Regions in their order. Two Regions that rotate a key at once
//! both succeed; the later active item wins, and both versions stay.
//! Source: [branch key store](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/branch-key-store.md).

mod create;
mod kms;
mod kms_key;
mod listing;
mod read;
mod record;
mod table;
mod time;
pub(crate) mod uuid;

use std::fmt;
use std::sync::Arc;

pub use kms_key::KeyStoreKms;
pub use listing::{BranchKeyListing, BranchKeyVersion};
pub use read::BeaconKey;
pub use table::{KeyStoreFuture, KeyStorePut, KeyStoreTable};

use crate::error::{Error, Result};
use crate::failover::Route;
use crate::keyring::KmsAccess;
use crate::timer::Timer;

/// Branch keys on a table. Cheap to clone; may be used from many tasks at once.
///
/// Reads are made in the first Region that answers, KMS calls too; new keys and versions are written in the
/// table's first Region.
#[derive(Clone)]
pub struct KeyStore {
    inner: Arc<Inner>,
}

struct Inner {
    table: Box<dyn KeyStoreTable>,
    access: KmsAccess,
    kms: KeyStoreKms,
    logical_name: String,
    /// Regions of the table.
    route: Route,
    /// Regions of the KMS key.
    kms_route: Route,
}

impl KeyStore {
    /// A key store on `table`, whose logical name is bound to every key in it: its name when the first key was
    /// made, whatever it is called now.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if the name is empty, or there is no Region.
    pub fn new(
        table: impl KeyStoreTable + 'static,
        logical_name: impl Into<String>,
        kms: KeyStoreKms,
        access: impl Into<KmsAccess>,
    ) -> Result<Self> {
        let (access, logical_name) = (access.into(), logical_name.into());
        if logical_name.is_empty() {
            return Err(Error::misuse(
                "the key store's logical name is empty; give its table's name",
            ));
        }
        let regions = table.regions();
        if regions.is_empty() {
            return Err(Error::misuse("the key store's table has no Region"));
        }
        let (route, kms_route) = (Route::new(regions), Route::new(kms.regions()));
        let table = Box::new(table);
        Ok(Self { inner: Arc::new(Inner { table, access, kms, logical_name, route, kms_route }) })
    }

    /// The name that is bound to every key in it.
    pub fn logical_name(&self) -> &str {
        &self.inner.logical_name
    }

    pub(crate) fn timer(&self) -> Option<Arc<dyn Timer>> {
        self.inner.access.clock()
    }

    /// The Regions of its table, the one that writes go to first.
    pub fn regions(&self) -> Vec<String> {
        self.inner.route.regions().map(str::to_owned).collect()
    }
}

impl fmt::Debug for KeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyStore")
            .field("logical_name", &self.inner.logical_name)
            .field("table", &self.inner.table)
            .field("kms", &self.inner.kms)
            .finish_non_exhaustive()
    }
}
