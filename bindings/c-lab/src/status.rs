//! What every function that can fail returns.

use itemseal::ErrorKind;

pub(crate) use itemseal_lab_status as itemseal_status;

/// What became of a call. The numbers never change; new ones may be added, so treat one that you do not know as an error.
#[non_exhaustive]
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum itemseal_lab_status {
    /// Success: all outputs are written.
    Ok = 0,
    /// An argument that cannot be right: NULL, too long, not UTF-8, not an enumeration's number, or not a handle of the type.
    InvalidArgument = 1,
    /// There is no fault of this number.
    NotFound = 2,
    /// A call that cannot be right.
    Misuse = 10,
    /// The lab's KMS or DynamoDB refused; the error has its code.
    Service = 32,
    /// Not as things stand: changes still wait, or the clock moves by itself.
    Conflict = 33,
    /// A defect in itemseal, or a failure of the machine (no threads, no disk).
    Internal = 40,
    /// A defect in itemseal: a panic, caught. Free the lab.
    Panic = 41,
}

impl From<ErrorKind> for itemseal_lab_status {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Misuse => Self::Misuse,
            ErrorKind::Conflict => Self::Conflict,
            ErrorKind::Service => Self::Service,
            _ => Self::Internal,
        }
    }
}
