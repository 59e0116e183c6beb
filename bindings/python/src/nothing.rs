//! No service at all: to see whether a keyring can be right, and for keyrings that ask none.

use std::sync::Arc;
use std::time::Duration;

use itemseal::keystore::{KeyStoreFuture, KeyStorePut, KeyStoreTable};
use itemseal::kms::{
    Decrypt, Decrypted, GenerateDataKey, GeneratedDataKey, Kms, KmsError, KmsFuture,
};
use itemseal::timer::Timer;
use itemseal::{Error, ErrorKind, Item, Result};
use itemseal_aws::TokioTimer;

use crate::services::Services;

pub(crate) struct Nothing;

impl Services for Nothing {
    fn kms(&self) -> Result<Arc<dyn Kms>> {
        Ok(Arc::new(NoKms))
    }

    fn key_store(&self, _: &str, regions: &[String]) -> Result<Arc<dyn KeyStoreTable>> {
        Ok(Arc::new(NoTable(regions.to_vec())))
    }
}

#[derive(Debug)]
struct NoKms;

fn nothing<'a, T: Send + 'a>() -> KmsFuture<'a, T> {
    Box::pin(async { Err(KmsError::unreachable("no KMS is to be had here")) })
}

impl Kms for NoKms {
    fn generate_data_key<'a>(
        &'a self,
        _: &'a str,
        _: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, GeneratedDataKey> {
        nothing()
    }

    fn decrypt<'a>(&'a self, _: &'a str, _: Decrypt<'a>) -> KmsFuture<'a, Decrypted> {
        nothing()
    }

    fn timer(&self) -> Option<Arc<dyn Timer>> {
        Some(Arc::new(TokioTimer::new()))
    }
}

#[derive(Debug)]
struct NoTable(Vec<String>);

fn no_table<'a, T: Send + 'a>() -> KeyStoreFuture<'a, T> {
    Box::pin(async { Err(Error::new(ErrorKind::Internal, "no key store is to be had here")) })
}

impl KeyStoreTable for NoTable {
    fn regions(&self) -> Vec<String> {
        self.0.clone()
    }

    fn get<'a>(
        &'a self,
        _: &'a str,
        _: &'a str,
        _: &'a str,
        _: bool,
        _: Option<Duration>,
    ) -> KeyStoreFuture<'a, Option<Item>> {
        no_table()
    }

    fn put_all<'a>(&'a self, _: Vec<KeyStorePut>) -> KeyStoreFuture<'a, ()> {
        no_table()
    }

    fn list<'a>(&'a self) -> KeyStoreFuture<'a, Vec<Item>> {
        no_table()
    }
}
