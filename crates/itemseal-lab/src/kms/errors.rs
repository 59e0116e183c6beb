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

pub(super) fn invalid_key_usage(message: impl Into<String>) -> KmsError {
    KmsError::new("InvalidKeyUsageException", message)
}

pub(super) fn incompatible(algorithm: &dyn std::fmt::Display, spec: super::KeySpec) -> KmsError {
    invalid_key_usage(format!("Algorithm {algorithm} and key spec {spec} are incompatible."))
}

pub(super) fn access_denied(message: impl Into<String>) -> KmsError {
    KmsError::new("AccessDeniedException", message)
}

pub(super) fn malformed_policy(message: impl Into<String>) -> KmsError {
    KmsError::new("MalformedPolicyDocumentException", message)
}

pub(super) fn tag(message: impl Into<String>) -> KmsError {
    KmsError::new("TagException", message)
}

pub(super) fn invalid_alias_name(message: impl Into<String>) -> KmsError {
    KmsError::new("InvalidAliasNameException", message)
}

pub(super) fn invalid_grant_token() -> KmsError {
    KmsError::new("InvalidGrantTokenException", "The grant token is not valid.")
}

pub(super) fn invalid_grant_id(message: impl Into<String>) -> KmsError {
    KmsError::new("InvalidGrantIdException", message)
}

pub(super) fn invalid_marker() -> KmsError {
    KmsError::new("InvalidMarkerException", "Could not deserialize marker")
}

pub(super) fn conflict(message: impl Into<String>) -> KmsError {
    KmsError::new("ConflictException", message)
}

pub(super) fn dry_run() -> KmsError {
    KmsError::new(
        "DryRunOperationException",
        "The request would have succeeded, but the DryRun option is set.",
    )
}

/// A member of the wrong JSON type, or a blob that is not base64.
pub(super) fn serialization(message: impl Into<String>) -> KmsError {
    KmsError::new("SerializationException", message)
}

/// AWS gives no text.
pub(super) fn unknown_operation() -> KmsError {
    KmsError::new("UnknownOperationException", "")
}

pub(super) fn invalid_signature() -> KmsError {
    KmsError::new("KMSInvalidSignatureException", "")
}

pub(super) fn invalid_mac() -> KmsError {
    KmsError::new("KMSInvalidMacException", "")
}

pub(super) fn not_saved(error: &std::io::Error) -> KmsError {
    KmsError::new("KMSInternalException", format!("the change could not be saved: {error}"))
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
