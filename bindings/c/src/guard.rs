//! What stands around every exported function: panics stay inside, failures become a status and an error.

use std::any::Any;
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Told, itemseal_error};
use crate::handle;
use crate::status::itemseal_status;

pub(crate) type Outcome<T = ()> = Result<T, Failure>;

/// Why a call did not succeed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What the core says.
    Core(itemseal::Error),
    /// What only this boundary can say.
    Here(itemseal_status, Cow<'static, str>),
}

impl Failure {
    pub(crate) fn argument(message: impl Into<Cow<'static, str>>) -> Self {
        Self::Here(itemseal_status::InvalidArgument, message.into())
    }

    pub(crate) fn not_found(message: impl Into<Cow<'static, str>>) -> Self {
        Self::Here(itemseal_status::NotFound, message.into())
    }

    /// What is wrong with an attribute, with its name before it.
    pub(crate) fn of_attribute(self, name: &str) -> Self {
        match self {
            Self::Core(error) => Self::Core(error.with_attribute(name)),
            Self::Here(status, message) => {
                Self::Here(status, format!("attribute {name:?}: {message}").into())
            }
        }
    }

    fn status(&self) -> itemseal_status {
        match self {
            Self::Core(error) => error.kind().into(),
            Self::Here(status, _) => *status,
        }
    }
}

impl From<itemseal::Error> for Failure {
    fn from(error: itemseal::Error) -> Self {
        Self::Core(error)
    }
}

/// Runs a function's body. `error` is NULL or may be written: each function's own caller answers for that.
pub(crate) fn guard(
    error: *mut *mut itemseal_error,
    body: impl FnOnce() -> Outcome,
) -> itemseal_status {
    // What a body changes before it panics belongs to handles of which the header says what a panic leaves.
    let failure = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => return itemseal_status::Ok,
        Ok(Err(failure)) => failure,
        Err(payload) => {
            discard(payload);
            Failure::Here(itemseal_status::Panic, PANICKED.into())
        }
    };
    let status = failure.status();
    if !error.is_null() {
        let told = handle::boxed::<itemseal_error>(Told::of(status, &failure));
        // SAFETY: the header requires of `error` that it is NULL or points to a pointer that may be written.
        unsafe { error.write(told) };
    }
    status
}

/// Runs a body that cannot fail, such as a getter's; after a panic it gives `otherwise`.
pub(crate) fn guard_value<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| {
        discard(payload);
        otherwise
    })
}

const PANICKED: &str =
    "itemseal panicked, which is a defect in it: please report what standard error says";

/// A panic's payload can panic when it is dropped.
fn discard(payload: Box<dyn Any + Send>) {
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(again);
    }
}
