//! AWS KMS's errors, by AWS's names. Texts are AWS's where its documentation gives them.

use itemseal::kms::KmsError;

use super::key::KeyState;

pub(super) fn not_found(message: impl Into<String>) -> KmsError {
    KmsError::new("NotFoundException", message)
}

pub(super) fn invalid_arn(message: impl Into<String>) -> KmsError {
    KmsError::new("InvalidArnException", message)
}

pub(super) fn validation(message: impl Into<String>) -> KmsError {
    KmsError::new("ValidationException", message)
}

pub(super) fn unsupported(message: impl Into<String>) -> KmsError {
    KmsError::new("UnsupportedOperationException", message)
}

pub(super) fn already_exists(message: impl Into<String>) -> KmsError {
    KmsError::new("AlreadyExistsException", message)
}

pub(super) fn limit_exceeded(message: impl Into<String>) -> KmsError {
    KmsError::new("LimitExceededException", message)
}

pub(super) fn internal(error: &itemseal::Error) -> KmsError {
    KmsError::new("KMSInternalException", error.to_string())
}

/// AWS gives no text: it says nothing of what is wrong with a ciphertext.
pub(super) fn invalid_ciphertext() -> KmsError {
    KmsError::new("InvalidCiphertextException", "")
}

pub(super) fn incorrect_key() -> KmsError {
    KmsError::new(
        "IncorrectKeyException",
        "The key ID in the request does not identify a CMK that can perform this operation.",
    )
}

pub(super) fn unknown_ciphertext_key() -> KmsError {
    KmsError::new(
        "AccessDeniedException",
        "The ciphertext refers to a customer master key that does not exist, does not exist in \
         this region, or you are not allowed to access.",
    )
}

pub(super) fn other_account() -> KmsError {
    KmsError::new(
        "AccessDeniedException",
        "The key belongs to another account, and no key policy of the lab allows that.",
    )
}

/// What a state refuses with.
pub(super) fn refused_in(state: KeyState, arn: &str) -> KmsError {
    let invalid_state =
        |says: &str| KmsError::new("KMSInvalidStateException", format!("{arn} {says}"));
    match state {
        KeyState::Disabled => KmsError::new("DisabledException", format!("{arn} is disabled.")),
        KeyState::Creating => invalid_state("is creating."),
        KeyState::Updating => invalid_state("is updating."),
        KeyState::PendingDeletion | KeyState::PendingReplicaDeletion => {
            invalid_state("is pending deletion (or pending replica deletion).")
        }
        KeyState::Enabled => invalid_state("is enabled."),
    }
}

pub(super) fn not_pending_deletion(arn: &str) -> KmsError {
    KmsError::new(
        "KMSInvalidStateException",
        format!("{arn} is not pending deletion (or pending replica deletion)."),
    )
}
