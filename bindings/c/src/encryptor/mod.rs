//! Encryptors.

pub mod batch;
pub mod cbor;
pub mod describe;
pub mod items;
pub mod json;

use std::ffi::c_char;
use std::sync::Arc;

use itemseal::{Item, ItemEncryptor};

use crate::arguments;
use crate::config::file::itemseal_config_file;
use crate::config::{file, itemseal_config};
use crate::error::itemseal_error;
use crate::guard::guard;
use crate::handle::{self, Handle, Out};
use crate::keyring::itemseal_keyring;
use crate::process::{Home, Homed};
use crate::status::itemseal_status;
use crate::wait;

/// Encrypts and decrypts the items of one table. Never changes: may be used by many threads, without a lock. The calling thread waits
/// where the keyring has to ask AWS or the program.
pub struct itemseal_encryptor {
    _opaque: [u8; 0],
}

impl Handle for itemseal_encryptor {
    type Inner = Encryptor;
    const NAME: &'static str = "itemseal_encryptor";
    const TAG: u64 = u64::from_le_bytes(*b"isencryp");
}

pub(crate) struct Encryptor(Homed<ItemEncryptor>);

/// Which way an item goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    Encrypt,
    Decrypt,
}

impl Encryptor {
    /// Whether it asks AWS or the program for keys.
    pub(crate) fn waits(&self) -> bool {
        self.0.home() != Home::Anywhere
    }

    /// Encrypts or decrypts an item, and waits for its key.
    pub(crate) fn one(&self, way: Way, item: Item) -> itemseal::Result<Item> {
        let (encryptor, home) = (self.0.get()?, self.0.home());
        match way {
            Way::Encrypt => wait::at(home, encryptor.encrypt_item(item)),
            Way::Decrypt => wait::at(home, encryptor.decrypt_item(item)),
        }
    }
}

/// An encryptor for the items of a table. `config` and `keyring` stay the caller's, and may be freed before it. On success `*out` is
/// the caller's, to be freed with `itemseal_encryptor_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_encryptor_new(
    config: *const itemseal_config,
    keyring: *const itemseal_keyring,
    out: *mut *mut itemseal_encryptor,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or handles that are alive, and an `out` that may be written.
        let (config, keyring, out) =
            unsafe { (handle::shared(config)?, handle::shared(keyring)?, Out::new(out, "out")?) };
        let encryptor = ItemEncryptor::new(config.clone(), Arc::clone(keyring.get()?));
        out.give(Encryptor(Homed::new(encryptor, keyring.home())));
        Ok(())
    })
}

/// An encryptor for the items of a table of a file, by its name in DynamoDB, under the file's keyring; AWS is reached as the process's
/// environment says. `table` may be NULL if the file has
/// one only. On success `*out` is the caller's, to be freed with `itemseal_encryptor_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_encryptor_from_file(
    file: *const itemseal_config_file,
    table: *const c_char,
    table_length: usize,
    out: *mut *mut itemseal_encryptor,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a file that is alive, and an `out` that may be written.
        let (file, out) = unsafe { (handle::shared(file)?, Out::new(out, "out")?) };
        // SAFETY: the header requires that as many bytes can be read as is said.
        let table = unsafe { arguments::optional_text(table, table_length, "table") }?;
        let config = file::table(file, table)?.clone();
        // SAFETY: NULL is one that may be given.
        let keyring = unsafe { file::keyring(file, std::ptr::null()) }?;
        let encryptor = ItemEncryptor::new(config, Arc::clone(keyring.get()?));
        out.give(Encryptor(Homed::new(encryptor, keyring.home())));
        Ok(())
    })
}

/// Frees an encryptor. NULL is fine. Wait for the calls of other threads first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_encryptor_free(encryptor: *mut itemseal_encryptor) {
    // SAFETY: the header requires NULL or an encryptor that nobody uses any more.
    unsafe { handle::free(encryptor, |_| {}) }
}
