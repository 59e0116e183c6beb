//! The credential scope of a request: where it says which Region it is for.
//!
//! Source: [SigV4 elements](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html).

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::errors::Refusal;

/// What the `Authorization` header of SigV4 says. Nothing of it is verified here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Authorization<'h> {
    pub(super) access_key_id: &'h str,
    /// `YYYYMMDD`.
    pub(super) date: &'h str,
    pub(super) region: &'h str,
    pub(super) service: &'h str,
    /// The names of the signed headers, with `;` between.
    pub(super) signed_headers: &'h str,
    /// 64 hexadecimal digits.
    pub(super) signature: &'h str,
}

pub(super) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

impl<'h> Authorization<'h> {
    /// Reads the header.
    ///
    /// # Errors
    /// `MissingAuthenticationTokenException` without one; `IncompleteSignatureException` if it is
    /// not SigV4's, or lacks a part.
    pub(super) fn read(headers: &'h HeaderMap) -> Result<Self, Refusal> {
        let Some(header) = headers.get(AUTHORIZATION) else {
            return Err(Refusal::missing_authentication());
        };
        let text = header.to_str().unwrap_or_default();
        let Some(rest) = text.strip_prefix(ALGORITHM) else {
            return Err(incomplete(&format!("it does not start with {ALGORITHM}")));
        };
        let part = |name: &str| {
            let mut parts = rest.split(',').map(str::trim);
            let found = parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
            found.filter(|value| !value.is_empty()).ok_or_else(|| {
                incomplete(&format!("Authorization header requires '{name}' parameter."))
            })
        };
        let credential = part("Credential")?;
        let mut fields = credential.rsplitn(5, '/');
        let (end, service, region, date, access_key_id) =
            (fields.next(), fields.next(), fields.next(), fields.next(), fields.next());
        let (Some("aws4_request"), Some(service), Some(region), Some(date), Some(access_key_id)) =
            (end, service, region, date, access_key_id)
        else {
            let wanted = "Credential must be KEYID/DATE/REGION/SERVICE/aws4_request";
            return Err(incomplete(wanted));
        };
        Ok(Self {
            access_key_id,
            date,
            region,
            service,
            signed_headers: part("SignedHeaders")?,
            signature: part("Signature")?,
        })
    }
}

fn incomplete(what: &str) -> Refusal {
    Refusal::service("IncompleteSignatureException", what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &'static str) -> Result<Vec<String>, String> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, header.parse().unwrap());
        let read = Authorization::read(&headers).map_err(|refusal| refusal.code().to_owned())?;
        let Authorization { access_key_id, date, region, service, signed_headers, signature } =
            read;
        let all = [access_key_id, date, region, service, signed_headers, signature];
        Ok(all.map(str::to_owned).to_vec())
    }

    #[test]
    fn the_scope_is_read_with_and_without_spaces() {
        for header in [
            "AWS4-HMAC-SHA256 Credential=AK/20260101/eu-west-1/kms/aws4_request, SignedHeaders=a;b, Signature=0f",
            "AWS4-HMAC-SHA256 Credential=AK/20260101/eu-west-1/kms/aws4_request,SignedHeaders=a;b,Signature=0f",
        ] {
            let wanted = ["AK", "20260101", "eu-west-1", "kms", "a;b", "0f"];
            assert_eq!(read(header).unwrap(), wanted);
        }
        // A key id may hold slashes; the scope is what follows.
        let header = "AWS4-HMAC-SHA256 Credential=a/b/20260101/r/s/aws4_request, SignedHeaders=h, Signature=0";
        assert_eq!(read(header).unwrap()[0], "a/b");
    }

    #[test]
    fn what_is_not_sigv4_is_incomplete() {
        for header in [
            "Basic dXNlcg==",
            "AWS4-HMAC-SHA256",
            "AWS4-HMAC-SHA256 Credential=AK/20260101/eu-west-1/kms, SignedHeaders=a, Signature=0",
            "AWS4-HMAC-SHA256 Credential=AK/1/r/s/aws4_request, Signature=0",
            "AWS4-HMAC-SHA256 Credential=AK/1/r/s/aws4_request, SignedHeaders=a, Signature=",
        ] {
            assert_eq!(read(header).unwrap_err(), "IncompleteSignatureException", "{header}");
        }
        let refusal = Authorization::read(&HeaderMap::new()).unwrap_err();
        assert_eq!(refusal.code(), "MissingAuthenticationTokenException");
    }
}
