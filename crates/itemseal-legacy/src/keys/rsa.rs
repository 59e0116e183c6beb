//! RSA decryption over AWS-LC's EVP functions. Java's OAEP has SHA-256 for its label and SHA-1 for its
//! mask, which the safe API of `aws-lc-rs` does not offer; the pure Rust implementation leaks its
//! private key by time (RUSTSEC-2023-0071). This is the only file with `unsafe` code.
#![allow(unsafe_code, reason = "AWS-LC's C functions; each call says why it is sound")]

use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};

use aws_lc_sys::{
    CBS, CBS_init, CBS_len, ERR_clear_error, EVP_MD, EVP_PKEY, EVP_PKEY_CTX, EVP_PKEY_CTX_free,
    EVP_PKEY_CTX_new, EVP_PKEY_CTX_set_rsa_mgf1_md, EVP_PKEY_CTX_set_rsa_oaep_md,
    EVP_PKEY_CTX_set_rsa_padding, EVP_PKEY_RSA, EVP_PKEY_bits, EVP_PKEY_decrypt,
    EVP_PKEY_decrypt_init, EVP_PKEY_free, EVP_PKEY_id, EVP_PKEY_size, EVP_parse_private_key,
    EVP_sha1, EVP_sha256, EVP_sha384, EVP_sha512, RSA_PKCS1_OAEP_PADDING, RSA_PKCS1_PADDING,
};
use zeroize::Zeroizing;

/// How a key is padded before it is encrypted with RSA. OAEP's mask is made with SHA-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Padding {
    Pkcs1,
    OaepSha1,
    OaepSha256,
    OaepSha384,
    OaepSha512,
}

/// An RSA private key of 2048 to 8192 bits. AWS-LC wipes it when it is freed.
pub(super) struct RsaPrivateKey(NonNull<EVP_PKEY>);

// SAFETY: an `EVP_PKEY` belongs to no thread; its reference count is atomic.
unsafe impl Send for RsaPrivateKey {}
// SAFETY: the key is not changed after it was parsed, and AWS-LC lets any number of threads use one
// that nobody changes: what its RSA keeps for blinding is behind its own lock.
unsafe impl Sync for RsaPrivateKey {}

impl RsaPrivateKey {
    /// From a PKCS #8 PrivateKeyInfo in DER.
    pub(super) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        let mut cbs = MaybeUninit::<CBS>::uninit();
        // SAFETY: `CBS_init` writes the whole of `cbs`, which then refers to `der`; that outlives it.
        unsafe { CBS_init(cbs.as_mut_ptr(), der.as_ptr(), der.len()) };
        // SAFETY: `cbs` was initialized; a key that is returned is ours to free, which `Drop` does.
        let key = unsafe { EVP_parse_private_key(cbs.as_mut_ptr()) };
        let key = NonNull::new(key).map(Self).or_else(|| {
            clear_errors();
            None
        })?;
        // SAFETY: `cbs` was initialized, and the key is alive. None of these calls changes them.
        let (rest, kind, bits) = unsafe {
            (CBS_len(cbs.as_ptr()), EVP_PKEY_id(key.0.as_ptr()), EVP_PKEY_bits(key.0.as_ptr()))
        };
        (rest == 0 && kind == EVP_PKEY_RSA && (2048..=8192).contains(&bits)).then_some(key)
    }

    /// `None` whatever is wrong.
    pub(super) fn decrypt(&self, padding: Padding, bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        // SAFETY: the key is alive and not changed.
        let size = usize::try_from(unsafe { EVP_PKEY_size(self.0.as_ptr()) }).ok()?;
        if bytes.len() != size {
            return None;
        }
        let mut out = Zeroizing::new(vec![0; size]);
        let mut length = out.len();
        let context = Context::decrypting(self, padding)?;
        // SAFETY: `out` has `length` bytes to write to and `bytes` its own to read; AWS-LC writes no
        // more than `length` says, which it sets to what it wrote.
        let done = unsafe {
            EVP_PKEY_decrypt(
                context.0.as_ptr(),
                out.as_mut_ptr(),
                &mut length,
                bytes.as_ptr(),
                bytes.len(),
            )
        };
        if done != 1 {
            clear_errors();
            return None;
        }
        out.truncate(length);
        Some(out)
    }
}

impl Drop for RsaPrivateKey {
    fn drop(&mut self) {
        // SAFETY: the reference that was parsed is given back, once.
        unsafe { EVP_PKEY_free(self.0.as_ptr()) }
    }
}

/// One operation with a key.
struct Context(NonNull<EVP_PKEY_CTX>);

impl Context {
    fn decrypting(key: &RsaPrivateKey, padding: Padding) -> Option<Self> {
        // SAFETY: the key is alive, and the context takes a reference of its own; no engine is given.
        let context = unsafe { EVP_PKEY_CTX_new(key.0.as_ptr(), ptr::null_mut()) };
        let context = Self(NonNull::new(context)?);
        // SAFETY: these functions return pointers to constants.
        let (sha1, label) = unsafe {
            (
                EVP_sha1(),
                match padding {
                    Padding::Pkcs1 => None,
                    Padding::OaepSha1 => Some(EVP_sha1()),
                    Padding::OaepSha256 => Some(EVP_sha256()),
                    Padding::OaepSha384 => Some(EVP_sha384()),
                    Padding::OaepSha512 => Some(EVP_sha512()),
                },
            )
        };
        if context.set(label, sha1).is_none() {
            clear_errors();
            return None;
        }
        Some(context)
    }

    fn set(&self, label: Option<*const EVP_MD>, mask: *const EVP_MD) -> Option<()> {
        let context = self.0.as_ptr();
        let padding = if label.is_some() { RSA_PKCS1_OAEP_PADDING } else { RSA_PKCS1_PADDING };
        // SAFETY: the context is alive and this thread's alone.
        let mut done = unsafe {
            EVP_PKEY_decrypt_init(context) == 1
                && EVP_PKEY_CTX_set_rsa_padding(context, padding) == 1
        };
        if let Some(label) = label {
            // SAFETY: as above; the digests are constants that are never freed.
            done = done
                && unsafe {
                    EVP_PKEY_CTX_set_rsa_oaep_md(context, label) == 1
                        && EVP_PKEY_CTX_set_rsa_mgf1_md(context, mask) == 1
                };
        }
        done.then_some(())
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: the context is ours, and freed once.
        unsafe { EVP_PKEY_CTX_free(self.0.as_ptr()) }
    }
}

/// AWS-LC remembers why it failed; nobody is to find that later.
fn clear_errors() {
    // SAFETY: it touches this thread's own list only.
    unsafe { ERR_clear_error() }
}
