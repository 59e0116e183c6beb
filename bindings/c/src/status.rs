//! What every function that can fail returns.

use itemseal::ErrorKind;

/// What became of a call. The numbers never change; new ones may be added, so treat one that you do not know as an error.
#[non_exhaustive]
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum itemseal_status {
    /// Success: all outputs are written.
    Ok = 0,
    /// An argument that cannot be right: NULL, too long, not UTF-8, not an enumeration's number, or not a handle of the type.
    InvalidArgument = 1,
    /// There is no attribute or element of this name or index.
    NotFound = 2,
    /// The value is of another type than was asked for.
    WrongType = 3,
    /// A call or a configuration that cannot be right.
    Misuse = 10,
    /// An operation that would leak plaintext, or whose result could not be verified.
    Refused = 11,
    /// A limit of DynamoDB, KMS or the format is passed.
    TooLarge = 12,
    /// The item was altered, or encrypted under another key or in another context. Nothing more is said.
    Authentication = 20,
    /// The bytes or the text cannot be parsed.
    Malformed = 21,
    /// The item has neither header nor footer.
    NotEncrypted = 22,
    /// The key exists, but may not be used: denied, disabled, or pending deletion.
    KeyDenied = 30,
    /// The key could not be reached. Worth trying again.
    KeyUnavailable = 31,
    /// An AWS service refused the request; the error has its code and request id.
    Service = 32,
    /// A condition or an optimistic lock did not hold.
    Conflict = 33,
    /// A defect in itemseal, or a failure of the machine (no randomness, no threads).
    Internal = 40,
    /// A defect in itemseal: a panic, caught. Handles that many threads may use are still usable; items, values, cursors and
    /// builders that took part are to be freed.
    Panic = 41,
}

impl From<ErrorKind> for itemseal_status {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Authentication => Self::Authentication,
            ErrorKind::Malformed => Self::Malformed,
            ErrorKind::NotEncrypted => Self::NotEncrypted,
            ErrorKind::Misuse => Self::Misuse,
            ErrorKind::Refused => Self::Refused,
            ErrorKind::TooLarge => Self::TooLarge,
            ErrorKind::KeyDenied => Self::KeyDenied,
            ErrorKind::KeyUnavailable => Self::KeyUnavailable,
            ErrorKind::Service => Self::Service,
            ErrorKind::Conflict => Self::Conflict,
            _ => Self::Internal,
        }
    }
}
