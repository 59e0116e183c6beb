//! Key stores: a table of branch keys.

use std::ffi::c_char;

use itemseal::keystore::{KeyStore, KeyStoreKms};
use itemseal::kms::KeyArn;
use itemseal_aws::DynamoDbKeyStore;
use serde_json::json;
use zeroize::Zeroizing;

use crate::arguments;
use crate::aws::{self, itemseal_aws_config};
use crate::buffer::itemseal_buffer;
use crate::error::itemseal_error;
use crate::guard::guard;
use crate::handle::{self, Handle, Out};
use crate::keyring::kms_options::{Options, itemseal_kms_options};
use crate::process::Homed;
use crate::status::itemseal_status;
use crate::views::{itemseal_context_entry, itemseal_text};
use crate::wait;

/// A table of branch keys, for `itemseal_keyring_hierarchical`. Never changes: may be used by many threads, in the process that made it.
/// What is made with it keeps what it needs, so it may be freed before that.
pub struct itemseal_key_store {
    _opaque: [u8; 0],
}

impl Handle for itemseal_key_store {
    type Inner = Homed<Store>;
    const NAME: &'static str = "itemseal_key_store";
    const TAG: u64 = u64::from_le_bytes(*b"iskeysto");
}

pub(crate) struct Store {
    table: DynamoDbKeyStore,
    pub(crate) keys: KeyStore,
}

/// A key store. `table` is its table's name, with the partition key `branch-key-id` and the sort key `type`, both text; `logical_name` is
/// bound to every key in it, and may be NULL for the table's name. `key_arn` is the KMS key that branch keys are under, and `regions` are the
/// `region_count` Regions of table and key, home first; with none it is the one of the ARN. `aws` and `options` may be NULL. Nothing is asked
/// yet. On success `*out` is the caller's, to be freed with `itemseal_key_store_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_key_store_new(
    aws: *const itemseal_aws_config,
    table: *const c_char,
    table_length: usize,
    logical_name: *const c_char,
    logical_name_length: usize,
    key_arn: *const c_char,
    key_arn_length: usize,
    regions: *const itemseal_text,
    region_count: usize,
    options: *const itemseal_kms_options,
    out: *mut *mut itemseal_key_store,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires that as many bytes and texts can be read as is said.
        let (name, logical_name, arn, mut regions) = unsafe {
            (
                arguments::text(table, table_length, "table")?,
                arguments::optional_text(logical_name, logical_name_length, "logical_name")?,
                arguments::text(key_arn, key_arn_length, "key_arn")?,
                arguments::texts(regions, region_count, "regions")?,
            )
        };
        if regions.is_empty() {
            regions.push(arn.parse::<KeyArn>()?.region().to_owned());
        }
        // SAFETY: the header requires NULL or a handle that is alive.
        let aws = unsafe { aws::given(aws) }?;
        // SAFETY: the header requires NULL or options that can be read.
        let access = unsafe { Options::read(options, aws) }?.access;
        let table = aws.key_store(name, &regions)?;
        let kms = KeyStoreKms::mrk(arn, &regions)?;
        let keys = KeyStore::new(table.clone(), logical_name.unwrap_or(name), kms, access)?;
        out.give(Homed::here(Store { table, keys }));
        Ok(())
    })
}

/// Makes the table in its first Region, paid by request, or finds that it is there. It is ready a little later, when DynamoDB says ACTIVE;
/// replicas are added as to any global table.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_key_store_create_table(
    store: *const itemseal_key_store,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a key store that is alive.
        let store = unsafe { handle::shared(store) }?;
        wait::at(store.home(), store.get()?.table.create_table())?;
        Ok(())
    })
}

/// Makes a branch key. `branch_key_id` may be NULL for a new UUID; to choose an id takes a context of one entry or more, which is bound to
/// the key for ever. On success `*out` has the id, without a NUL, and is the caller's, to be freed with `itemseal_buffer_free`.
/// `ITEMSEAL_STATUS_CONFLICT` if there is such a key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_key_store_create_key(
    store: *const itemseal_key_store,
    branch_key_id: *const c_char,
    branch_key_id_length: usize,
    context: *const itemseal_context_entry,
    context_count: usize,
    out: *mut *mut itemseal_buffer,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a key store that is alive, and an `out` that may be written.
        let (store, out) = unsafe { (handle::shared(store)?, Out::new(out, "out")?) };
        // SAFETY: the header requires that as many bytes and entries can be read as is said.
        let (id, context) = unsafe {
            (
                arguments::optional_text(branch_key_id, branch_key_id_length, "branch_key_id")?,
                arguments::elements(context, context_count, "context")?,
            )
        };
        let mut entries = Vec::with_capacity(context.len());
        for entry in context {
            // SAFETY: the header requires that each can be read.
            entries.push(unsafe { (entry.name.read("context")?, entry.value.read("context")?) });
        }
        let id = wait::at(store.home(), store.get()?.keys.create_key(id, entries))?;
        out.give(Zeroizing::new(id.into_bytes()));
        Ok(())
    })
}

/// Makes a new version of a branch key, which new items are written with; old items still open. A keyring that has the old one goes on with
/// it for its ttl. `ITEMSEAL_STATUS_CONFLICT` if somebody else has made one meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_key_store_rotate(
    store: *const itemseal_key_store,
    branch_key_id: *const c_char,
    branch_key_id_length: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a key store that is alive.
        let store = unsafe { handle::shared(store) }?;
        // SAFETY: the header requires that as many bytes can be read as is said.
        let id = unsafe { arguments::text(branch_key_id, branch_key_id_length, "branch_key_id") }?;
        wait::at(store.home(), store.get()?.keys.rotate(id))?;
        Ok(())
    })
}

/// The branch keys and their versions, as JSON: `[{"id", "kms_arn", "context": {}, "versions": [{"version", "create_time", "active"}]}]`, in
/// the order of their ids, the oldest version first. No key is opened, and nothing of it is verified. On success `*out` is the caller's, to be
/// freed with `itemseal_buffer_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_key_store_list(
    store: *const itemseal_key_store,
    out: *mut *mut itemseal_buffer,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a key store that is alive, and an `out` that may be written.
        let (store, out) = unsafe { (handle::shared(store)?, Out::new(out, "out")?) };
        let keys = wait::at(store.home(), store.get()?.keys.list())?;
        let keys = keys.into_iter().map(|key| {
            let versions = key.versions.into_iter().map(|of| {
                json!({"version": of.version, "create_time": of.create_time, "active": of.active})
            });
            let versions: Vec<_> = versions.collect();
            json!({"id": key.id, "kms_arn": key.kms_arn, "context": key.context, "versions": versions})
        });
        let keys: serde_json::Value = keys.collect();
        out.give(Zeroizing::new(keys.to_string().into_bytes()));
        Ok(())
    })
}

/// Frees a key store. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_key_store_free(store: *mut itemseal_key_store) {
    // SAFETY: the header requires NULL or a key store that the caller uses no more.
    unsafe { handle::free(store, |_| {}) }
}
