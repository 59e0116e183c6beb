//! Keys that the program wraps and unwraps itself.

use std::ffi::{c_char, c_void};
use std::fmt;
use std::sync::Arc;

use itemseal::keyring::{Keyring, KeyringFuture, ProviderPart, unwrap_data_key, wrap_data_key};
use itemseal::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};
use itemseal::{EncryptionContext, Error, ErrorKind, IntermediateKey, Result};
use zeroize::Zeroizing;

use super::{in_this_process, itemseal_keyring};
use crate::answer::{Answered, ask, itemseal_answer};
use crate::arguments;
use crate::error::itemseal_error;
use crate::guard::{Failure, guard};
use crate::handle::Out;
use crate::status::itemseal_status;
use crate::views::{itemseal_bytes, itemseal_context_entry};

/// Wraps `key`, 32 bytes, under a key of the program's, and gives the wrapped key and its info with `itemseal_answer_key`. `context` is the
/// item's encryption context, in the order of its names: where the key service can, it binds it to the wrapped key.
pub type itemseal_wrap_key_fn = Option<
    unsafe extern "C" fn(
        userdata: *mut c_void,
        key: itemseal_bytes,
        context: *const itemseal_context_entry,
        context_count: usize,
        answer: *mut itemseal_answer,
    ) -> u32,
>;

/// Unwraps `wrapped`, of which `info` was stored, and gives the 32 bytes with `itemseal_answer_key`. Both come from the table: whoever can
/// write it chooses them. `ITEMSEAL_STATUS_AUTHENTICATION` says that it does not unwrap; then the next wrapped key of the item is tried.
pub type itemseal_unwrap_key_fn = Option<
    unsafe extern "C" fn(
        userdata: *mut c_void,
        info: itemseal_bytes,
        wrapped: itemseal_bytes,
        context: *const itemseal_context_entry,
        context_count: usize,
        answer: *mut itemseal_answer,
    ) -> u32,
>;

/// Frees a program's userdata.
pub type itemseal_destroy_fn = Option<unsafe extern "C" fn(userdata: *mut c_void)>;

/// The program's own key service.
///
/// `wrap_key` and `unwrap_key` are called on threads of the library's that are there for calls which wait, never on the thread that
/// encrypts or decrypts, and **several at the same time**: what `userdata` points to is protected by the program. They may wait as long as they
/// must: the calls that need them wait with them, without a limit, and nothing else does (up to 512 of them at a time; more wait for
/// their turn). They may call this library, for other keyrings than this one. What is passed to them may be read until they return;
/// the key is wiped then. They return an `itemseal_status`, and say more with `itemseal_answer_message`.
/// They must return: a C++ exception or a longjmp out of them ends the program.
#[allow(clippy::exhaustive_structs, reason = "C makes it")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct itemseal_key_provider {
    /// Passed to each function; may be NULL.
    pub userdata: *mut c_void,
    /// Wraps a key. Required.
    pub wrap_key: itemseal_wrap_key_fn,
    /// Unwraps a key. Required.
    pub unwrap_key: itemseal_unwrap_key_fn,
    /// Called once, from any thread, when the keyring and all that was made with it is freed and no call is under way any more. May be
    /// NULL. It is not called if the keyring could not be made: `userdata` is still the program's then.
    pub destroy: itemseal_destroy_fn,
}

/// The program's functions, and its userdata.
struct Functions(itemseal_key_provider);

// SAFETY: the header requires functions and userdata that may be used by several threads at the same time.
unsafe impl Send for Functions {}
// SAFETY: as above.
unsafe impl Sync for Functions {}

impl Drop for Functions {
    fn drop(&mut self) {
        if let Some(destroy) = self.0.destroy {
            // SAFETY: the header requires a function that may be called once nothing else uses its userdata; this was the last.
            unsafe { destroy(self.0.userdata) }
        }
    }
}

struct Callback {
    id: String,
    functions: Arc<Functions>,
}

/// What a call needs, so that it can outlive whoever waits for it.
struct Call {
    functions: Arc<Functions>,
    context: Vec<(String, String)>,
}

impl Call {
    fn with_context<T>(&self, run: impl FnOnce(&Functions, &[itemseal_context_entry]) -> T) -> T {
        let entries = self.context.iter().map(|(name, value)| itemseal_context_entry {
            name: name.as_str().into(),
            value: value.as_str().into(),
        });
        run(&self.functions, &entries.collect::<Vec<_>>())
    }

    fn wrap(&self, key: &[u8]) -> (u32, Answered) {
        self.with_context(|functions, context| {
            let of = &functions.0;
            ask(|answer| match of.wrap_key {
                // SAFETY: the header requires a function that may be called from any thread; what it gets lives until it returns.
                Some(wrap) => unsafe {
                    wrap(of.userdata, key.into(), context.as_ptr(), context.len(), answer)
                },
                None => itemseal_status::Internal as u32,
            })
        })
    }

    fn unwrap(&self, info: &[u8], wrapped: &[u8]) -> (u32, Answered) {
        self.with_context(|functions, context| {
            let of = &functions.0;
            let (info, wrapped) = (info.into(), wrapped.into());
            ask(|answer| match of.unwrap_key {
                // SAFETY: as above.
                Some(unwrap) => unsafe {
                    unwrap(of.userdata, info, wrapped, context.as_ptr(), context.len(), answer)
                },
                None => itemseal_status::Internal as u32,
            })
        })
    }
}

type Key = (Vec<u8>, Zeroizing<Vec<u8>>);

impl Callback {
    fn wrong(&self, kind: ErrorKind, says: &str) -> Error {
        Error::new(kind, format!("the key provider {:?}: {says}", self.id))
    }

    /// Calls a function in a thread that may wait.
    async fn call(
        &self,
        context: &EncryptionContext,
        function: impl FnOnce(&Call) -> (u32, Answered) + Send + 'static,
    ) -> Result<Key> {
        let context =
            context.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let call = Call { functions: Arc::clone(&self.functions), context };
        let called = tokio::task::spawn_blocking(move || function(&call)).await;
        let ended = |_| self.wrong(ErrorKind::Internal, "its call ended early");
        let (status, answered) = called.map_err(ended)?;
        if status != itemseal_status::Ok as u32 {
            return Err(answered.error(status, &format!("the key provider {:?}", self.id)));
        }
        let none = || {
            let says =
                "it returned ITEMSEAL_STATUS_OK without a key; give it with itemseal_answer_key";
            self.wrong(ErrorKind::Misuse, says)
        };
        answered.key.ok_or_else(none)
    }

    async fn wrap_now(&self, request: WrapRequest<'_>) -> Result<Vec<Recipient>> {
        let intermediate = IntermediateKey::random()?;
        let key = Zeroizing::new(intermediate.expose().to_vec());
        let (info, wrapped) = self.call(request.context, move |call| call.wrap(&key)).await?;
        let key = intermediate.expose().as_slice();
        let has_key = |part: &[u8]| part.windows(key.len()).any(|some| some == key);
        if has_key(&info) || has_key(&wrapped) {
            let says =
                "it gave the key back as it was; wrap_key gives its info and the key encrypted";
            return Err(self.wrong(ErrorKind::Refused, says));
        }
        if wrapped.is_empty() {
            return Err(self.wrong(ErrorKind::Misuse, "it gave an empty wrapped key"));
        }
        Ok(vec![wrap_data_key(request, &intermediate, &self.id, &info, &wrapped)?])
    }

    async fn unwrap_first(&self, request: UnwrapRequest<'_>) -> Result<Unwrapped> {
        let mut told = None;
        for edk in request.edks.iter().filter(|edk| edk.provider_id() == self.id) {
            let Some(part) = ProviderPart::of(edk) else { continue };
            let (info, wrapped) = (edk.provider_info().to_vec(), part.bytes.to_vec());
            let key = self.call(request.context, move |call| call.unwrap(&info, &wrapped)).await;
            let unwrapped = key
                .and_then(|(_, key)| IntermediateKey::from_provider(&key))
                .and_then(|key| unwrap_data_key(request.context, &key, part));
            match unwrapped {
                Ok(unwrapped) => return Ok(unwrapped),
                Err(error) if error.kind() == ErrorKind::Authentication => {}
                Err(error) => told = told.or(Some(error)),
            }
        }
        Err(told.unwrap_or_else(Error::authentication))
    }
}

impl Keyring for Callback {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(self.wrap_now(request))
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        Box::pin(self.unwrap_first(request))
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callback").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Wraps data keys by functions of the program's, which ask its own key service. `provider_id` is stored with every item in clear, and says whose
/// keys it is under: not empty, and not starting with `aws-kms`, which is AWS KMS's own. `provider` is copied during the call; what it
/// points to lives until its `destroy` is called. On success `*out` is the caller's, to be freed with `itemseal_keyring_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_keyring_callback(
    provider_id: *const c_char,
    provider_id_length: usize,
    provider: *const itemseal_key_provider,
    out: *mut *mut itemseal_keyring,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires that as many bytes can be read as is said, and NULL or a provider that can be.
        let (id, provider) = unsafe {
            (
                arguments::text(provider_id, provider_id_length, "provider_id")?,
                arguments::optional(provider, "provider")?,
            )
        };
        let provider = provider.ok_or_else(|| Failure::argument("provider is NULL"))?;
        if provider.wrap_key.is_none() || provider.unwrap_key.is_none() {
            return Err(Failure::argument("wrap_key or unwrap_key of the provider is NULL"));
        }
        if id.is_empty() || id.starts_with("aws-kms") {
            let says = "provider_id is stored with every item: it is not empty, and does not start with aws-kms, which \
                        is AWS KMS's own";
            return Err(Error::new(ErrorKind::Misuse, says).into());
        }
        // From here on nothing fails: the userdata is the keyring's.
        let functions = Arc::new(Functions(*provider));
        out.give(in_this_process(Callback { id: id.to_owned(), functions }));
        Ok(())
    })
}
