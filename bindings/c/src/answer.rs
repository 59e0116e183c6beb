//! What a function of the program's answers, when the library calls it.

use std::ffi::c_char;

use itemseal::{Error, ErrorKind};
use zeroize::Zeroizing;

use crate::arguments;
use crate::error::itemseal_error;
use crate::guard::guard;
use crate::handle::{self, Handle};
use crate::status::itemseal_status;

/// Takes what a function of the program's answers. The library makes it and frees it: it may be used until that function returns, by one
/// thread at a time. The function returns `ITEMSEAL_STATUS_OK`, or why it failed: the call that needed it then fails with that status
/// (with `ITEMSEAL_STATUS_INTERNAL` if it is none of 10 and above).
pub struct itemseal_answer {
    _opaque: [u8; 0],
}

impl Handle for itemseal_answer {
    type Inner = Answered;
    const NAME: &'static str = "itemseal_answer";
    const TAG: u64 = u64::from_le_bytes(*b"isanswer");
}

#[derive(Default)]
pub(crate) struct Answered {
    /// Provider info, and a key: wrapped or not.
    pub(crate) key: Option<(Vec<u8>, Zeroizing<Vec<u8>>)>,
    message: Option<String>,
    retryable: bool,
}

/// Runs a function of the program's, which gets where its answer goes, and gives the status and the answer.
pub(crate) fn ask(function: impl FnOnce(*mut itemseal_answer) -> u32) -> (u32, Answered) {
    let answer = handle::boxed::<itemseal_answer>(Answered::default());
    let status = function(answer);
    // SAFETY: made above; the header says that nobody uses it after the function has returned.
    let answered = unsafe { handle::exclusive(answer) }.map(std::mem::take).unwrap_or_default();
    // SAFETY: as above.
    unsafe { handle::free(answer, |_| {}) }
    (status, answered)
}

impl Answered {
    /// The error of a status that is not OK; `whose` stands before its message.
    pub(crate) fn error(self, status: u32, whose: &str) -> Error {
        let kind = KINDS.into_iter().find(|(known, _)| *known as u32 == status);
        let kind = kind.map_or(ErrorKind::Internal, |(_, kind)| kind);
        // There is one authentication failure, whoever found it.
        if kind == ErrorKind::Authentication {
            return Error::authentication();
        }
        let message = self.message.unwrap_or_else(|| format!("it returned the status {status}"));
        let error = Error::new(kind, format!("{whose}: {message}"));
        if self.retryable { error.retryable() } else { error }
    }
}

const KINDS: [(itemseal_status, ErrorKind); 10] = [
    (itemseal_status::Misuse, ErrorKind::Misuse),
    (itemseal_status::Refused, ErrorKind::Refused),
    (itemseal_status::TooLarge, ErrorKind::TooLarge),
    (itemseal_status::Authentication, ErrorKind::Authentication),
    (itemseal_status::Malformed, ErrorKind::Malformed),
    (itemseal_status::NotEncrypted, ErrorKind::NotEncrypted),
    (itemseal_status::KeyDenied, ErrorKind::KeyDenied),
    (itemseal_status::KeyUnavailable, ErrorKind::KeyUnavailable),
    (itemseal_status::Service, ErrorKind::Service),
    (itemseal_status::Conflict, ErrorKind::Conflict),
];

/// Answers with a key. A `itemseal_wrap_key_fn` gives the wrapped key, and in `info` what it needs to know to unwrap it again, such as
/// which of its keys it was: both are stored with the item in clear. A `itemseal_unwrap_key_fn` gives the key as it was before it was wrapped, and no
/// `info` (NULL). Both are copied, and the copy of a key is wiped; the last answer counts.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_answer_key(
    answer: *mut itemseal_answer,
    info: *const u8,
    info_length: usize,
    key: *const u8,
    key_length: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or an answer that is alive, and that nobody else uses.
        let answer = unsafe { handle::exclusive(answer) }?;
        // SAFETY: the header requires that as many bytes can be read as is said.
        let (info, key) = unsafe {
            (
                arguments::elements(info, info_length, "info")?,
                arguments::elements(key, key_length, "key")?,
            )
        };
        answer.key = Some((info.to_vec(), Zeroizing::new(key.to_vec())));
        Ok(())
    })
}

/// Says why the function fails, in a sentence for the error's message; it should name no secret. `retryable` says whether the same call can
/// succeed later: `itemseal_error_is_retryable` gives it back, and it is so in any case with `ITEMSEAL_STATUS_KEY_UNAVAILABLE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_answer_message(
    answer: *mut itemseal_answer,
    message: *const c_char,
    message_length: usize,
    retryable: bool,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or an answer that is alive, and that nobody else uses.
        let answer = unsafe { handle::exclusive(answer) }?;
        // SAFETY: the header requires that as many bytes can be read as is said.
        let message = unsafe { arguments::text(message, message_length, "message") }?;
        answer.message = Some(message.to_owned());
        answer.retryable = retryable;
        Ok(())
    })
}
