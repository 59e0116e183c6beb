use std::borrow::Cow;

use itemseal::{Error, ErrorKind};

/// The one authentication failure there is: it has no parameters, so it cannot say more.
pub(crate) fn authentication() -> Error {
    Error::new(
        ErrorKind::Authentication,
        "the legacy item could not be authenticated: it was altered or is incomplete (a \
         projection?), or its keys, table name or attribute actions are not those it was written with",
    )
}

pub(crate) fn malformed(message: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Malformed, message)
}

pub(crate) fn misuse(message: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Misuse, message)
}
