//! Handles: what C holds a pointer to and cannot look into.

use std::ptr::NonNull;

use crate::guard::{Failure, Outcome, guard_value};

/// An opaque type of the header, and what is behind it.
pub(crate) trait Handle {
    /// What is behind it.
    type Inner;
    /// The header's name of it.
    const NAME: &'static str;
    /// Stands at its start, and is one type's only.
    const TAG: u64;
}

/// What a handle points to. The tag finds a handle of another type, and most that were freed: it costs one comparison.
#[repr(C)]
struct Tagged<T> {
    tag: u64,
    value: T,
}

/// A new handle.
pub(crate) fn boxed<H: Handle>(value: H::Inner) -> *mut H {
    Box::into_raw(Box::new(Tagged { tag: H::TAG, value })).cast()
}

/// Finds out whether it is a handle of this type.
///
/// # Safety
/// `handle` is NULL, or points to a handle of any type that is alive.
unsafe fn checked<H: Handle>(handle: *const H) -> Outcome<*mut Tagged<H::Inner>> {
    if handle.is_null() {
        return Err(Failure::argument(format!("the {} is NULL", H::NAME)));
    }
    let tagged = handle.cast::<Tagged<H::Inner>>().cast_mut();
    // SAFETY: every handle starts with its tag, whatever its type; alignment is looked at first.
    if tagged.is_aligned() && unsafe { tagged.cast::<u64>().read() } == H::TAG {
        return Ok(tagged);
    }
    Err(Failure::argument(format!("this is no {}, or it was freed", H::NAME)))
}

/// What is behind a handle, to read it.
///
/// # Safety
/// `handle` is NULL or a handle that is alive during the call, and nobody changes it meanwhile.
pub(crate) unsafe fn shared<'a, H: Handle>(handle: *const H) -> Outcome<&'a H::Inner> {
    // SAFETY: as this function's.
    let tagged = unsafe { checked(handle) }?;
    // SAFETY: its tag says that `boxed` made it, and the caller that it is alive and unchanged.
    Ok(unsafe { &(*tagged).value })
}

/// What is behind a handle, to change it.
///
/// # Safety
/// `handle` is NULL or a handle that is alive during the call, and nobody else uses it meanwhile.
pub(crate) unsafe fn exclusive<'a, H: Handle>(handle: *mut H) -> Outcome<&'a mut H::Inner> {
    // SAFETY: as this function's.
    let tagged = unsafe { checked(handle.cast_const()) }?;
    // SAFETY: its tag says that `boxed` made it, and the caller that it is alive and nobody else's.
    Ok(unsafe { &mut (*tagged).value })
}

/// Frees a handle; nothing happens if it is NULL or of another type.
///
/// # Safety
/// `handle` is NULL or a handle that nobody uses any more.
pub(crate) unsafe fn free<H: Handle>(handle: *mut H, wipe: impl FnOnce(&mut H::Inner)) {
    guard_value((), || {
        // SAFETY: as this function's.
        let Ok(tagged) = (unsafe { checked(handle.cast_const()) }) else { return };
        // SAFETY: its tag says that `boxed` made it, and the caller that nobody else uses it.
        let mut owned = unsafe { Box::from_raw(tagged) };
        // Volatile, or it would be left out: nobody reads it in Rust. A second free most often finds it.
        // SAFETY: a field that is owned here.
        unsafe { (&raw mut owned.tag).write_volatile(0) };
        wipe(&mut owned.value);
    });
}

/// Where a result goes. It is written by success only.
pub(crate) struct Out<T>(NonNull<T>);

impl<T> Out<T> {
    /// Looks at the pointer, before any work is done.
    ///
    /// # Safety
    /// `to` is NULL or may be written during the call.
    pub(crate) unsafe fn new(to: *mut T, name: &'static str) -> Outcome<Self> {
        let to = NonNull::new(to).filter(|to| to.is_aligned());
        to.map(Self).ok_or_else(|| {
            Failure::argument(format!("{name} is NULL or unaligned; it says where the result goes"))
        })
    }

    pub(crate) fn put(self, value: T) {
        // SAFETY: `new`'s caller says that it may be written during the call.
        unsafe { self.0.write(value) };
    }
}

impl<H: Handle> Out<*mut H> {
    pub(crate) fn give(self, value: H::Inner) {
        self.put(boxed(value));
    }
}
