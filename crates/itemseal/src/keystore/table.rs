//! The table that a key store is on, as far as it needs one.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use crate::error::Result;
use crate::item::Item;

/// What a [`KeyStoreTable`]'s methods return.
pub type KeyStoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// One write of several that are made together.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct KeyStorePut {
    /// The item.
    pub item: Item,
    /// The `enc` that the item which it replaces must have; none if there must be no item.
    pub replaces: Option<Vec<u8>>,
}

/// The table of a key store in every Region that has a replica of it: partition key `branch-key-id`, sort key
/// `type`, both text. `itemseal-aws` implements it over DynamoDB.
pub trait KeyStoreTable: fmt::Debug + Send + Sync {
    /// The Regions that have a replica, the one that writes go to first.
    fn regions(&self) -> Vec<String>;

    /// An item; `consistent` asks for one that has every write of this Region. `limit` is the most that this
    /// may take.
    fn get<'a>(
        &'a self,
        region: &'a str,
        branch_key_id: &'a str,
        kind: &'a str,
        consistent: bool,
        limit: Option<Duration>,
    ) -> KeyStoreFuture<'a, Option<Item>>;

    /// Makes all of these writes or none, in the first Region. On a table that has no transactions they are made
    /// one by one, in their order, up to the first whose condition does not hold.
    ///
    /// # Errors
    /// [`Conflict`](crate::ErrorKind::Conflict) if a condition does not hold.
    fn put_all<'a>(&'a self, puts: Vec<KeyStorePut>) -> KeyStoreFuture<'a, ()>;

    /// The branch key ids and kinds that are there, for a listing.
    fn list<'a>(&'a self) -> KeyStoreFuture<'a, Vec<Item>>;

    /// The time, to be written into a new key's item.
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

macro_rules! forward {
    ($pointer:ty) => {
        impl<T: KeyStoreTable + ?Sized> KeyStoreTable for $pointer {
            fn regions(&self) -> Vec<String> {
                (**self).regions()
            }

            fn get<'a>(
                &'a self,
                region: &'a str,
                branch_key_id: &'a str,
                kind: &'a str,
                consistent: bool,
                limit: Option<Duration>,
            ) -> KeyStoreFuture<'a, Option<Item>> {
                (**self).get(region, branch_key_id, kind, consistent, limit)
            }

            fn put_all<'a>(&'a self, puts: Vec<KeyStorePut>) -> KeyStoreFuture<'a, ()> {
                (**self).put_all(puts)
            }

            fn list<'a>(&'a self) -> KeyStoreFuture<'a, Vec<Item>> {
                (**self).list()
            }

            fn now(&self) -> SystemTime {
                (**self).now()
            }
        }
    };
}
forward!(std::sync::Arc<T>);
forward!(Box<T>);
