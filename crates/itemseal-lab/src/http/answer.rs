//! HTTP answers with the headers that AWS sends.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use serde_json::Value;

use super::crc32;
use super::errors::Refusal;
use super::target::Service;
use crate::entropy::Entropy;

/// RFC 4648's base 32, which DynamoDB writes request ids in.
const BASE_32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// An operation's answer, or its refusal.
pub(super) fn of(
    service: Service,
    result: Result<Value, Refusal>,
    entropy: &dyn Entropy,
) -> Response<Bytes> {
    let (status, body) = match result {
        Ok(body) => (200, body),
        Err(refusal) if service == Service::Kms => {
            let refusal = refusal.unprefixed();
            (refusal.status, refusal.body)
        }
        Err(refusal) => (refusal.status, refusal.body),
    };
    // What was parsed from JSON or made from our types can be written as JSON.
    let body = serde_json::to_vec(&body).unwrap_or_default();
    let mut response = plain(status, service.content_type(), body);
    let headers = response.headers_mut();
    if service == Service::DynamoDb {
        let checksum = crc32::header_value(response.body());
        insert(response.headers_mut(), "x-amz-crc32", &checksum);
    } else {
        insert(headers, "cache-control", "no-cache, no-store, must-revalidate, private");
    }
    insert(response.headers_mut(), "x-amzn-requestid", &request_id(service, entropy));
    response
}

/// An answer with a body of any type.
pub(super) fn plain(status: u16, content_type: &'static str, body: Vec<u8>) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

fn insert(headers: &mut http::HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// DynamoDB's are 52 characters of base 32; KMS's are UUIDs.
fn request_id(service: Service, entropy: &dyn Entropy) -> String {
    if service == Service::Kms {
        return crate::entropy::uuid(entropy).unwrap_or_default();
    }
    let mut bytes = [0_u8; 52];
    if entropy.fill(&mut bytes).is_err() {
        return String::new();
    }
    let digit = |byte: &u8| BASE_32.get(usize::from(byte % 32)).copied().map(char::from);
    bytes.iter().filter_map(digit).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn dynamodb_answers_have_checksum_and_id() {
        let entropy = SeededEntropy::new(1);
        let answer = of(Service::DynamoDb, Ok(json!({})), &entropy);
        let header = |name| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!((answer.status().as_u16(), &answer.body()[..]), (200, &b"{}"[..]));
        assert_eq!(header("content-type"), "application/x-amz-json-1.0");
        // zlib.crc32(b"{}")
        assert_eq!(header("x-amz-crc32"), "2745614147");
        let id = header("x-amzn-requestid");
        assert!(id.len() == 52 && id.bytes().all(|b| BASE_32.contains(&b)), "{id}");
        let next = of(Service::DynamoDb, Ok(json!({})), &entropy);
        assert_ne!(next.headers()["x-amzn-requestid"], id.as_str());
    }

    #[test]
    fn kms_errors_have_no_prefix() {
        let answer =
            of(Service::Kms, Err(Refusal::missing_authentication()), &SeededEntropy::new(1));
        assert_eq!(answer.headers()["content-type"], "application/x-amz-json-1.1");
        assert_eq!(answer.headers()["x-amzn-requestid"].len(), 36);
        assert!(!answer.headers().contains_key("x-amz-crc32"));
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!(body["__type"], "MissingAuthenticationTokenException");
    }
}
