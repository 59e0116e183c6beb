//! Going through an item's attributes, or a map's entries, in the order of their names.

use std::collections::btree_map::Iter;

use itemseal::AttributeValue;

use super::itemseal_item;
use super::value::wrong;
use super::view::itemseal_view;
use crate::error::itemseal_error;
use crate::guard::guard;
use crate::handle::{self, Handle, Out};
use crate::status::itemseal_status;
use crate::views::itemseal_text;

/// Goes through names and values. One thread at a time; borrowed from the item or value, so to be used no more once that is
/// changed or freed. It may be freed after it.
pub struct itemseal_cursor {
    _opaque: [u8; 0],
}

impl Handle for itemseal_cursor {
    // Not really 'static: the header says how long it may be used.
    type Inner = Iter<'static, String, AttributeValue>;
    const NAME: &'static str = "itemseal_cursor";
    const TAG: u64 = u64::from_le_bytes(*b"iscursor");
}

/// Starts before an item's first attribute. On success `*out` is the caller's, to be freed with `itemseal_cursor_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_cursor_of_item(
    item: *const itemseal_item,
    out: *mut *mut itemseal_cursor,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or an item that is alive, unchanged as long as the cursor is used, and an `out`
        // that may be written.
        let (item, out) = unsafe { (handle::shared(item)?, Out::new(out, "out")?) };
        out.give(item.iter());
        Ok(())
    })
}

/// Starts before a map's (M) first entry. On success `*out` is the caller's, to be freed with `itemseal_cursor_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_cursor_of_map(
    view: itemseal_view,
    out: *mut *mut itemseal_cursor,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires a view that is borrowed as long as the cursor is used, and an `out` that may be
        // written.
        let (value, out) = unsafe { (view.value()?, Out::new(out, "out")?) };
        let AttributeValue::M(map) = value else { return Err(wrong(value, "a map")) };
        out.give(map.iter());
        Ok(())
    })
}

/// Goes on to the next name and value, and says in `*found` whether there is one. If not, `*name` and `*value` are not written.
/// Both are borrowed from the item or value that the cursor goes through, not from the cursor. `name` and `value` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_cursor_next(
    cursor: *mut itemseal_cursor,
    found: *mut bool,
    name: *mut itemseal_text,
    value: *mut itemseal_view,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a cursor that nobody else uses, whose item is unchanged, and a `found` that may
        // be written.
        let (cursor, found) = unsafe { (handle::exclusive(cursor)?, Out::new(found, "found")?) };
        // SAFETY: the header requires NULL or that it may be written.
        let name = (!name.is_null()).then(|| unsafe { Out::new(name, "name") }).transpose()?;
        // SAFETY: the header requires NULL or that it may be written.
        let value = (!value.is_null()).then(|| unsafe { Out::new(value, "value") }).transpose()?;
        let next = cursor.next();
        found.put(next.is_some());
        if let Some((its_name, its_value)) = next {
            if let Some(name) = name {
                name.put(its_name.as_str().into());
            }
            if let Some(value) = value {
                value.put(itemseal_view::of(its_value));
            }
        }
        Ok(())
    })
}

/// Frees a cursor. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_cursor_free(cursor: *mut itemseal_cursor) {
    // SAFETY: the header requires NULL or a cursor that nobody uses any more.
    unsafe { handle::free(cursor, |_| {}) }
}
