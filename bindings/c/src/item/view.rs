//! Looking at values where they are.

use std::ffi::c_void;

use itemseal::AttributeValue;

use super::value::{itemseal_value, wrong};
use crate::error::itemseal_error;
use crate::guard::{Failure, Outcome, guard};
use crate::handle::{self, Out};
use crate::status::itemseal_status;
use crate::views::{itemseal_bytes, itemseal_text};

/// The types of values.
#[non_exhaustive]
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum itemseal_type {
    /// Text: DynamoDB's S.
    String = 1,
    /// A number, as text: N.
    Number = 2,
    /// Bytes: B.
    Binary = 3,
    /// True or false: BOOL.
    Bool = 4,
    /// NULL.
    Null = 5,
    /// A set of strings: SS.
    StringSet = 6,
    /// A set of numbers, as text: NS.
    NumberSet = 7,
    /// A set of byte strings: BS.
    BinarySet = 8,
    /// A list of values: L.
    List = 9,
    /// Values by name: M.
    Map = 10,
}

/// A value where it is, in an item or a value: borrowed until that is changed or freed. To be passed on by value; its
/// fields are the library's own.
#[allow(clippy::exhaustive_structs, reason = "C makes it")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct itemseal_view {
    /// Not to be used.
    pub value: *const c_void,
    /// Not to be used.
    pub check: usize,
}

/// A view that no function filled in is not likely to hold both an address and this of it.
const CHECK: usize = 0x6973_7677;

impl itemseal_view {
    pub(crate) fn of(value: &AttributeValue) -> Self {
        let value: *const AttributeValue = value;
        Self { value: value.cast(), check: value.addr() ^ CHECK }
    }

    /// # Safety
    /// It is of a value that is alive and unchanged, or no function filled it in.
    pub(crate) unsafe fn value<'a>(self) -> Outcome<&'a AttributeValue> {
        let value = self.value.cast::<AttributeValue>();
        if value.is_null() || !value.is_aligned() || self.check != value.addr() ^ CHECK {
            return Err(Failure::argument("this view was never filled in by itemseal"));
        }
        // SAFETY: `of` made it from a reference, and the caller says that this is as it was.
        Ok(unsafe { &*value })
    }
}

/// The value's type, in `*out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_view_type(
    view: itemseal_view,
    out: *mut itemseal_type,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires a view that is still borrowed, and an `out` that may be written.
        let (value, out) = unsafe { (view.value()?, Out::new(out, "out")?) };
        out.put(match value {
            AttributeValue::S(_) => itemseal_type::String,
            AttributeValue::N(_) => itemseal_type::Number,
            AttributeValue::B(_) => itemseal_type::Binary,
            AttributeValue::Bool(_) => itemseal_type::Bool,
            AttributeValue::Null => itemseal_type::Null,
            AttributeValue::Ss(_) => itemseal_type::StringSet,
            AttributeValue::Ns(_) => itemseal_type::NumberSet,
            AttributeValue::Bs(_) => itemseal_type::BinarySet,
            AttributeValue::L(_) => itemseal_type::List,
            AttributeValue::M(_) => itemseal_type::Map,
        });
        Ok(())
    })
}

/// The text of a string (S), in `*out`: borrowed as long as the view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_view_string(
    view: itemseal_view,
    out: *mut itemseal_text,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires a view that is still borrowed, and an `out` that may be written.
        let (value, out) = unsafe { (view.value()?, Out::new(out, "out")?) };
        out.put(string(value)?.into());
        Ok(())
    })
}

/// The text of a number (N), in `*out`: borrowed as long as the view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_view_number(
    view: itemseal_view,
    out: *mut itemseal_text,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires a view that is still borrowed, and an `out` that may be written.
        let (value, out) = unsafe { (view.value()?, Out::new(out, "out")?) };
        out.put(number(value)?.into());
        Ok(())
    })
}

/// The bytes of a binary value (B), in `*out`: borrowed as long as the view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_view_binary(
    view: itemseal_view,
    out: *mut itemseal_bytes,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires a view that is still borrowed, and an `out` that may be written.
        let (value, out) = unsafe { (view.value()?, Out::new(out, "out")?) };
        out.put(binary(value)?.into());
        Ok(())
    })
}

/// True or false (BOOL), in `*out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_view_bool(
    view: itemseal_view,
    out: *mut bool,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires a view that is still borrowed, and an `out` that may be written.
        let (value, out) = unsafe { (view.value()?, Out::new(out, "out")?) };
        out.put(boolean(value)?);
        Ok(())
    })
}

/// A view of a value that is in no item yet, in `*out`: borrowed until `value` is changed, moved or freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_value_view(
    value: *const itemseal_value,
    out: *mut itemseal_view,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a value that is alive, and an `out` that may be written.
        let (value, out) = unsafe { (handle::shared(value)?, Out::new(out, "out")?) };
        out.put(itemseal_view::of(value));
        Ok(())
    })
}

pub(super) fn string(value: &AttributeValue) -> Outcome<&str> {
    value.as_s().ok_or_else(|| wrong(value, "a string"))
}

pub(super) fn number(value: &AttributeValue) -> Outcome<&str> {
    value.as_n().ok_or_else(|| wrong(value, "a number"))
}

pub(super) fn binary(value: &AttributeValue) -> Outcome<&[u8]> {
    value.as_b().ok_or_else(|| wrong(value, "binary"))
}

pub(super) fn boolean(value: &AttributeValue) -> Outcome<bool> {
    match value {
        AttributeValue::Bool(value) => Ok(*value),
        other => Err(wrong(other, "a boolean")),
    }
}
