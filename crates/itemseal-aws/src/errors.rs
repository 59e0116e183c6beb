//! From the SDK's errors to KMS's: what a keyring can act on, and nothing of an account.

use std::error::Error as StdError;

use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_kms::operation::RequestId;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use itemseal::kms::KmsError;

use crate::endpoints::Insecure;

/// AWS's own text is left out: it can name callers, roles and resources. The request id finds it.
pub(crate) fn kms_error<E>(error: SdkError<E, HttpResponse>) -> KmsError
where
    E: ProvideErrorMetadata + RequestId + StdError + 'static,
{
    if let Some(insecure) = causes(&error).find_map(|cause| cause.downcast_ref::<Insecure>()) {
        return KmsError::new(KmsError::INSECURE_ENDPOINT, insecure.to_string());
    }
    match &error {
        SdkError::ServiceError(answer) => {
            let status = answer.raw().status().as_u16();
            // The SDK counts what it cannot parse among the service's errors. KMS gives a code.
            let Some(code) = answer.err().code() else { return unreadable(status) };
            let text = format!("AWS KMS answered with HTTP status {status}");
            let error = KmsError::new(code, text);
            let error = if status == 429 || status >= 500 { error.transient() } else { error };
            match answer.err().request_id() {
                Some(id) => error.with_request_id(id),
                None => error,
            }
        }
        SdkError::TimeoutError(_) => KmsError::unreachable("no answer in the SDK's time"),
        SdkError::DispatchFailure(failure) if failure.is_user() => not_sent(&error),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => {
            KmsError::unreachable("no connection in the SDK's time")
        }
        SdkError::DispatchFailure(failure) if failure.is_io() => {
            KmsError::unreachable(format!("the connection failed: {}", last_cause(&error)))
        }
        SdkError::DispatchFailure(failure) if failure.as_connector_error().is_some() => {
            KmsError::unreachable(format!("nothing was answered: {}", last_cause(&error)))
        }
        SdkError::ResponseError(answer) => unreadable(answer.raw().status().as_u16()),
        _ => not_sent(&error),
    }
}

/// Something before KMS answered, or half of an answer came: another Region may do better.
fn unreadable(status: u16) -> KmsError {
    let text = format!("what answered with HTTP status {status} does not speak as KMS does");
    KmsError::new("UnreadableAnswer", text).transient()
}

fn not_sent(error: &(dyn StdError + 'static)) -> KmsError {
    let text = format!("the request could not be made: {}", last_cause(error));
    KmsError::new("RequestNotSent", text)
}

/// The error, what caused it, what caused that, and so on.
fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let this = next?;
        next = this.source();
        Some(this)
    })
}

fn last_cause(error: &(dyn StdError + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}
