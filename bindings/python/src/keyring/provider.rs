//! A key provider written in Python.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use itemseal::keyring::{KeyringFuture, ProviderPart, unwrap_data_key, wrap_data_key};
use itemseal::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};
use itemseal::{EncryptionContext, Error, ErrorKind, IntermediateKey, Result};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCFunction, PyDict, PyList};
use zeroize::Zeroizing;

use super::{Keyring, Recipe, checked};
use crate::attach::attached;
use crate::errors::named;
use crate::event_loop::{self, Call, in_a_thread};
use crate::services::Services;

#[derive(Clone)]
struct Provider {
    id: String,
    /// A `KeyProvider`.
    object: Arc<Py<PyAny>>,
}

impl Recipe for Provider {
    fn build(&self, _: &dyn Services) -> Result<Arc<dyn itemseal::Keyring>> {
        if self.id.is_empty() || self.id.starts_with("aws-kms") {
            let says = "a key provider's provider_id is stored with every item: it is not empty, and does not start \
                        with aws-kms, which is AWS KMS's own";
            return Err(Error::new(ErrorKind::Misuse, says));
        }
        Ok(Arc::new(self.clone()))
    }

    fn waits(&self) -> bool {
        true
    }
}

/// What Python gave for a call: a result, or an exception and the class of itemseal's that it means.
type Given<T> = Result<T, (String, String, PyErr)>;

impl Provider {
    /// Calls a method of the provider's, in a thread that may wait.
    async fn call<T: Send + 'static>(
        &self,
        method: &'static str,
        arguments: Vec<Zeroizing<Vec<u8>>>,
        context: &EncryptionContext,
        read: fn(&Bound<'_, PyAny>) -> PyResult<T>,
    ) -> Result<T> {
        let entries = context.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let context: Vec<(String, String)> = entries.collect();
        let (object, event_loop) = (Arc::clone(&self.object), event_loop::current());
        let pending = Pending::default();
        let cancels = Cancels(pending.clone());
        let begin = |py: Python<'_>| -> PyResult<Call> {
            let python_context = PyDict::new(py);
            for (name, value) in &context {
                python_context.set_item(name, value)?;
            }
            let arguments = arguments.iter().map(|bytes| PyBytes::new(py, bytes));
            let arguments = PyList::new(py, arguments.collect::<Vec<_>>())?;
            let event_loop = event_loop.as_ref().map(|event_loop| event_loop.bind(py));
            let begun = PyCFunction::new_closure(py, None, None, move |args, _| {
                args.get_item(0).and_then(|call| pending.begun(&call))
            })?;
            let provider = object.bind(py);
            let arguments = (provider, method, arguments, python_context, event_loop, begun);
            let module = py.import("itemseal._provider")?;
            let arguments = arguments.into_pyobject(py)?.unbind();
            let function = module.getattr("call")?.unbind();
            Ok(Call { function, arguments, explain: module.getattr("explain")?.unbind() })
        };
        let given: Given<T> = in_a_thread(begin, move |_, given| match given {
            Ok(given) => read(&given).map_err(|_| mistake(method)),
            Err((cause, explained)) => Err(explain(cause, &explained)),
        })
        .await?;
        drop(cancels);
        given.map_err(|(class, message, cause)| {
            let message = format!("the key provider {:?}: {message}", self.id);
            Error::new(kind(&class), message).with_source(cause)
        })
    }

    async fn wrap_now(&self, request: WrapRequest<'_>) -> Result<Vec<Recipient>> {
        let intermediate = IntermediateKey::random()?;
        let key = Zeroizing::new(intermediate.expose().to_vec());
        let read = |given: &Bound<'_, PyAny>| given.extract::<(Vec<u8>, Vec<u8>)>();
        let (info, wrapped) = self.call("wrap_key", vec![key], request.context, read).await?;
        let key = intermediate.expose().as_slice();
        if [&info, &wrapped].iter().any(|part| part.windows(key.len()).any(|some| some == key)) {
            let message = format!(
                "the key provider {:?} gave the key back as it was; wrap_key returns its info and the key encrypted",
                self.id
            );
            return Err(Error::new(ErrorKind::Refused, message));
        }
        Ok(vec![wrap_data_key(request, &intermediate, &self.id, &info, &wrapped)?])
    }

    async fn unwrap_first(&self, request: UnwrapRequest<'_>) -> Result<Unwrapped> {
        let mut told = None;
        for edk in request.edks.iter().filter(|edk| edk.provider_id() == self.id) {
            let Some(part) = ProviderPart::of(edk) else { continue };
            let arguments = [edk.provider_info(), part.bytes];
            let arguments = arguments.map(|bytes| Zeroizing::new(bytes.to_vec())).into();
            let read = |given: &Bound<'_, PyAny>| given.extract().map(Zeroizing::<Vec<u8>>::new);
            let unwrapped = self
                .call("unwrap_key", arguments, request.context, read)
                .await
                .and_then(|key| IntermediateKey::from_provider(&key))
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

impl itemseal::Keyring for Provider {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(self.wrap_now(request))
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        Box::pin(self.unwrap_first(request))
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A call that is under way.
#[derive(Clone, Default)]
struct Pending(Arc<Mutex<Calling>>);

#[derive(Default)]
struct Calling {
    call: Option<Py<PyAny>>,
    /// Nobody waits for it any more.
    abandoned: bool,
}

impl Pending {
    fn begun(&self, call: &Bound<'_, PyAny>) -> PyResult<()> {
        let mut calling = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if calling.abandoned {
            drop(calling);
            return call.call_method0("cancel").map(drop);
        }
        calling.call = Some(call.clone().unbind());
        Ok(())
    }
}

/// Cancels the call, if it is a coroutine, when nobody waits for it any more.
struct Cancels(Pending);

impl Drop for Cancels {
    fn drop(&mut self) {
        let call = {
            let mut calling = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
            calling.abandoned = true;
            calling.call.take()
        };
        if let Some(call) = call {
            // One that is over stays as it is. Nothing can be done about a failure here.
            let _ = attached(|py| call.call_method0(py, "cancel").map(drop));
        }
    }
}

/// An exception, and the class and the text that `_provider.explain` gave for it.
fn explain(cause: PyErr, explained: &Bound<'_, PyAny>) -> (String, String, PyErr) {
    let (class, message) = explained
        .extract()
        .unwrap_or_else(|_| ("InternalError".to_owned(), "its exception is unknown".to_owned()));
    (class, message, cause)
}

/// An answer that is none.
fn mistake(method: &str) -> (String, String, PyErr) {
    let message = "wrap_key returns two bytes objects, and unwrap_key one of 32 bytes";
    let cause = PyTypeError::new_err(format!("{method} returned something else"));
    ("MisuseError".to_owned(), message.to_owned(), cause)
}

fn kind(class: &str) -> ErrorKind {
    match class {
        "AuthenticationError" => ErrorKind::Authentication,
        "MalformedError" => ErrorKind::Malformed,
        "MisuseError" => ErrorKind::Misuse,
        "RefusedError" => ErrorKind::Refused,
        "TooLargeError" => ErrorKind::TooLarge,
        "KeyDeniedError" => ErrorKind::KeyDenied,
        "KeyUnavailableError" => ErrorKind::KeyUnavailable,
        "ServiceError" => ErrorKind::Service,
        "ConflictError" => ErrorKind::Conflict,
        _ => ErrorKind::Internal,
    }
}

/// Wraps data keys by a KeyProvider, an object of the program's.
///
/// Its methods are called in other threads, several at a time; if they are coroutines, on the event loop that waits
/// for the item, or on one of their own where none does. The exceptions of itemseal that they raise are raised with
/// their class and the original as __cause__. So are others: OSError and what is not named here as
/// KeyUnavailableError, PermissionError as KeyDeniedError, and what shows a mistake in the provider (TypeError,
/// AttributeError, NameError, NotImplementedError, AssertionError) as MisuseError.
#[pyclass(frozen, extends = Keyring, module = "itemseal")]
pub(crate) struct ProviderKeyring {
    id: String,
}

#[pymethods]
impl ProviderKeyring {
    #[new]
    fn new(provider: &Bound<'_, PyAny>) -> PyResult<PyClassInitializer<Self>> {
        let py = provider.py();
        let id = provider.getattr("provider_id").and_then(|id| id.extract::<String>());
        let callable = |name| provider.getattr(name).is_ok_and(|method| method.is_callable());
        let (Ok(id), true, true) = (id, callable("wrap_key"), callable("unwrap_key")) else {
            let message =
                "a key provider has provider_id, a text, and the methods wrap_key and unwrap_key";
            return Err(named(py, "UnsupportedTypeError", message, None));
        };
        let object = Arc::new(provider.clone().unbind());
        Ok(checked(py, Provider { id: id.clone(), object })?.add_subclass(Self { id }))
    }

    fn __repr__(&self) -> String {
        format!("ProviderKeyring({:?})", self.id)
    }
}
