//! The native part of the Python package `itemseal`.

mod access;
mod attach;
mod boto;
mod client;
mod config;
mod convert;
mod encryptor;
mod errors;
mod event_loop;
mod hooks;
mod key_store;
mod keyring;
mod legacy;
mod nothing;
mod per_process;
mod runtime;
mod seconds;
mod services;
mod table_config;
mod together;

use pyo3::prelude::*;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What the Python package is made of; use `itemseal`.
#[pymodule]
mod _itemseal {
    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "Python's name")]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    #[pymodule_export]
    use super::client::{GlobalTable, Items, StreamOpener};
    #[pymodule_export]
    use super::config::Config;
    #[pymodule_export]
    use super::encryptor::ItemEncryptor;
    #[pymodule_export]
    use super::hooks::Hooks;
    #[pymodule_export]
    use super::key_store::KeyStore;
    #[pymodule_export]
    use super::keyring::{
        CachingKeyring, HierarchicalKeyring, Keyring, KmsKeyring, KmsMultiKeyring,
        MrkDiscoveryKeyring, MrkKeyring, MrkMultiKeyring, MultiKeyring, ProviderKeyring,
        RawAesKeyring, RawRsaKeyring,
    };
    #[pymodule_export]
    use super::legacy::{LegacyDecryptor, LegacyMaterials};
    #[pymodule_export]
    use super::table_config::TableConfig;

    #[pymodule_init]
    fn init(module: &super::Bound<'_, super::PyModule>) -> super::PyResult<()> {
        super::attach::at_exit(module.py())
    }
}
