//! Checking signatures, for who wants a wrong secret to be refused.
//!
//! Source: [signing requests](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
//! The date is not held against the lab's clock, which a test may have set to any time.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use http::Request;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::errors::Refusal;
use super::scope::{ALGORITHM, Authorization};
use crate::entropy::hex;

/// The one access key that requests may be signed with.
#[derive(Clone)]
pub(super) struct Credentials {
    access_key_id: String,
    secret_access_key: Zeroizing<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Credentials").field(&self.access_key_id).finish()
    }
}

impl Credentials {
    pub(super) fn new(access_key_id: String, secret_access_key: String) -> Self {
        Self { access_key_id, secret_access_key: Zeroizing::new(secret_access_key) }
    }

    /// Checks a request's signature.
    ///
    /// # Errors
    /// `UnrecognizedClientException` for another access key; `InvalidSignatureException`.
    pub(super) fn verify<B: AsRef<[u8]>>(&self, request: &Request<B>) -> Result<(), Refusal> {
        let given = Authorization::read(request.headers())?;
        if given.access_key_id != self.access_key_id {
            let message = "The security token included in the request is invalid.";
            return Err(Refusal::service("UnrecognizedClientException", message));
        }
        let expected = self.signature(&given, request);
        if bool::from(expected.as_bytes().ct_eq(given.signature.as_bytes())) {
            return Ok(());
        }
        let message = "The request signature we calculated does not match the signature you \
                       provided. Check your AWS Secret Access Key and signing method. Consult the \
                       service documentation for details.";
        Err(Refusal::service("InvalidSignatureException", message))
    }

    fn signature<B: AsRef<[u8]>>(&self, given: &Authorization<'_>, request: &Request<B>) -> String {
        let Authorization { date, region, service, .. } = given;
        let time = request.headers().get("x-amz-date").and_then(|value| value.to_str().ok());
        let scope = format!("{date}/{region}/{service}/aws4_request");
        let canonical = hex(&Sha256::digest(canonical(given, request)));
        let to_sign = format!("{ALGORITHM}\n{}\n{scope}\n{canonical}", time.unwrap_or_default());
        let start = Zeroizing::new(format!("AWS4{}", *self.secret_access_key).into_bytes());
        let key = [*date, *region, *service, "aws4_request"]
            .iter()
            .fold(start, |key, part| Zeroizing::new(mac(&key, part.as_bytes())));
        hex(&mac(&key, to_sign.as_bytes()))
    }
}

fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

fn canonical<B: AsRef<[u8]>>(given: &Authorization<'_>, request: &Request<B>) -> String {
    let mut query: Vec<&str> = request.uri().query().unwrap_or_default().split('&').collect();
    query.sort_unstable();
    let headers: String = given
        .signed_headers
        .split(';')
        .map(|name| {
            let values = request.headers().get_all(name).iter();
            let values = values.filter_map(|value| value.to_str().ok()).map(single_spaced);
            format!("{name}:{}\n", values.collect::<Vec<_>>().join(","))
        })
        .collect();
    format!(
        "{}\n{}\n{}\n{headers}\n{}\n{}",
        request.method(),
        request.uri().path(),
        query.join("&"),
        given.signed_headers,
        hex(&Sha256::digest(request.body().as_ref())),
    )
}

fn single_spaced(value: &str) -> String {
    value.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A request of AWS's signing test suite (`get-vanilla-query-order-key-case`).
    fn published() -> Request<&'static [u8]> {
        Request::get("/?Param2=value2&Param1=value1")
            .header("host", "example.amazonaws.com")
            .header("x-amz-date", "20150830T123600Z")
            .header(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
                 SignedHeaders=host;x-amz-date, \
                 Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            )
            .body(&b""[..])
            .unwrap()
    }

    fn verify(id: &str, secret: &str, request: &Request<&[u8]>) -> Result<(), String> {
        let credentials = Credentials::new(id.to_owned(), secret.to_owned());
        credentials.verify(request).map_err(|refusal| refusal.code().to_owned())
    }

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    #[test]
    fn a_published_signature_is_right_and_every_change_makes_it_wrong() {
        verify("AKIDEXAMPLE", SECRET, &published()).unwrap();
        let wrong = Err("InvalidSignatureException".to_owned());
        assert_eq!(verify("AKIDEXAMPLE", "short", &published()), wrong);
        let mut request = published();
        *request.body_mut() = b"x";
        assert_eq!(verify("AKIDEXAMPLE", SECRET, &request), wrong);
        let mut request = published();
        *request.uri_mut() = "/?Param2=value2&Param1=value2".parse().unwrap();
        assert_eq!(verify("AKIDEXAMPLE", SECRET, &request), wrong);
        let mut request = published();
        request.headers_mut().insert("host", "example.org".parse().unwrap());
        assert_eq!(verify("AKIDEXAMPLE", SECRET, &request), wrong);
        let unknown = Err("UnrecognizedClientException".to_owned());
        assert_eq!(verify("AKIDOTHER", SECRET, &published()), unknown);
    }

    #[test]
    fn a_secret_is_not_printed() {
        let credentials = Credentials::new("AK".to_owned(), "hush".to_owned());
        assert_eq!(format!("{credentials:?}"), "Credentials(\"AK\")");
    }
}
