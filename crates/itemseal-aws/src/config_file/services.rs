//! Where the file's keyring sends its calls.

use std::sync::Arc;

use itemseal::Result;
use itemseal::keystore::KeyStoreTable;
use itemseal::kms::Kms;

type KeyStoreOf<'a> = dyn Fn(&str, &[String]) -> Result<Arc<dyn KeyStoreTable>> + 'a;

/// What makes the clients, when they are needed.
#[derive(Clone, Copy)]
pub(super) struct Services<'a> {
    pub(super) kms: &'a dyn Fn() -> Result<Arc<dyn Kms>>,
    pub(super) key_store: &'a KeyStoreOf<'a>,
}
