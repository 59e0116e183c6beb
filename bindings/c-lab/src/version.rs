//! Which library this is.

use std::ffi::{CStr, c_char};

/// This header's ABI. Programs run with any library of the same number; it is the number in the library's soname.
pub const ITEMSEAL_LAB_ABI_VERSION: u32 = 0;

const VERSION: &CStr =
    match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    };

/// The library's version, such as `0.1.0`, with a NUL at its end. It lives for ever.
#[unsafe(no_mangle)]
pub extern "C" fn itemseal_lab_version() -> *const c_char {
    VERSION.as_ptr()
}

/// The library's ABI, to compare with `ITEMSEAL_LAB_ABI_VERSION` where it was loaded at run time.
#[unsafe(no_mangle)]
pub extern "C" fn itemseal_lab_abi_version() -> u32 {
    ITEMSEAL_LAB_ABI_VERSION
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_abi_is_the_first_number_of_the_version() {
        assert_eq!(VERSION.to_str().unwrap(), env!("CARGO_PKG_VERSION"));
        assert_eq!(ITEMSEAL_LAB_ABI_VERSION.to_string(), env!("CARGO_PKG_VERSION_MAJOR"));
    }
}
