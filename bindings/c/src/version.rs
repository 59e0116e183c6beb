//! Which library this is.

use std::ffi::{CStr, c_char};

/// The first number of this header's version.
pub const ITEMSEAL_VERSION_MAJOR: u32 = 0;
/// The second number of this header's version.
pub const ITEMSEAL_VERSION_MINOR: u32 = 1;
/// The third number of this header's version.
pub const ITEMSEAL_VERSION_PATCH: u32 = 0;
/// This header's ABI. Programs run with any library of the same number; it is the number in the library's soname.
pub const ITEMSEAL_ABI_VERSION: u32 = 0;

const VERSION: &CStr =
    match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    };

/// The library's version, such as `0.1.0`, with a NUL at its end. It lives for ever.
#[unsafe(no_mangle)]
pub extern "C" fn itemseal_version() -> *const c_char {
    VERSION.as_ptr()
}

/// The library's ABI, to compare with `ITEMSEAL_ABI_VERSION` where it was loaded at run time.
#[unsafe(no_mangle)]
pub extern "C" fn itemseal_abi_version() -> u32 {
    ITEMSEAL_ABI_VERSION
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_says_the_version_of_the_library() {
        let said =
            format!("{ITEMSEAL_VERSION_MAJOR}.{ITEMSEAL_VERSION_MINOR}.{ITEMSEAL_VERSION_PATCH}");
        assert_eq!(said, env!("CARGO_PKG_VERSION"));
        assert_eq!(VERSION.to_str().unwrap(), said);
        assert_eq!(ITEMSEAL_ABI_VERSION.to_string(), env!("CARGO_PKG_VERSION_MAJOR"));
    }
}
