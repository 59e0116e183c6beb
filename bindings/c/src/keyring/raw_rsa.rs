//! An RSA key pair of the program's.

use std::ffi::c_char;

use itemseal::keyring::{RawRsaKeyring, RsaPadding};
use itemseal::{Error, ErrorKind};

use super::{in_memory, itemseal_keyring};
use crate::arguments;
use crate::error::itemseal_error;
use crate::guard::{Failure, Outcome, guard};
use crate::handle::Out;
use crate::status::itemseal_status;

/// How RSA pads what it wraps.
#[non_exhaustive]
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum itemseal_rsa_padding {
    /// RSAES-PKCS1-v1_5. For old items only.
    Pkcs1 = 1,
    /// RSAES-OAEP with SHA-1.
    OaepSha1 = 2,
    /// RSAES-OAEP with SHA-256.
    OaepSha256 = 3,
    /// RSAES-OAEP with SHA-384.
    OaepSha384 = 4,
    /// RSAES-OAEP with SHA-512.
    OaepSha512 = 5,
}

/// C passes any number; an enumeration of Rust may not hold one that it does not know.
fn padding_of(number: u32) -> Outcome<RsaPadding> {
    const ALL: [(itemseal_rsa_padding, RsaPadding); 5] = [
        (itemseal_rsa_padding::Pkcs1, RsaPadding::Pkcs1),
        (itemseal_rsa_padding::OaepSha1, RsaPadding::OaepSha1),
        (itemseal_rsa_padding::OaepSha256, RsaPadding::OaepSha256),
        (itemseal_rsa_padding::OaepSha384, RsaPadding::OaepSha384),
        (itemseal_rsa_padding::OaepSha512, RsaPadding::OaepSha512),
    ];
    let found = ALL.into_iter().find(|(of, _)| *of as u32 == number);
    let found = found.map(|(_, padding)| padding);
    found.ok_or_else(|| Failure::argument(format!("padding: {number} is no itemseal_rsa_padding")))
}

/// Wraps data keys under an RSA key pair that the program has: writes with the public key, reads with the private one; either may be
/// NULL, with length 0. `padding` is one of `itemseal_rsa_padding`, for readers and writers the same. The keys are PEM: BEGIN PUBLIC
/// KEY, and BEGIN PRIVATE KEY (PKCS #8), of 2048 to 8192 bits. Whoever has the public key can write items. On success `*out` is the
/// caller's, to be freed with `itemseal_keyring_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_keyring_raw_rsa(
    key_namespace: *const c_char,
    key_namespace_length: usize,
    name: *const c_char,
    name_length: usize,
    padding: u32,
    public_key: *const c_char,
    public_key_length: usize,
    private_key: *const c_char,
    private_key_length: usize,
    out: *mut *mut itemseal_keyring,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires that as many bytes can be read as is said.
        let (namespace, name, public_key, private_key) = unsafe {
            (
                arguments::text(key_namespace, key_namespace_length, "key_namespace")?,
                arguments::text(name, name_length, "name")?,
                arguments::optional_text(public_key, public_key_length, "public_key")?,
                arguments::optional_text(private_key, private_key_length, "private_key")?,
            )
        };
        if public_key.is_none() && private_key.is_none() {
            let says = "an RSA keyring needs public_key, to write, private_key, to read, or both";
            return Err(Error::new(ErrorKind::Misuse, says).into());
        }
        let mut keyring = RawRsaKeyring::new(namespace, name, padding_of(padding)?)?;
        if let Some(key) = public_key {
            keyring = keyring.public_key(key)?;
        }
        if let Some(key) = private_key {
            keyring = keyring.private_key(key)?;
        }
        out.give(in_memory(keyring));
        Ok(())
    })
}
