//! `X-Amz-Target`: which operation of which service a request is.

use http::HeaderMap;

use super::errors::Refusal;
use crate::tables::OPERATIONS;

/// The operations that have a target prefix of their own.
const STREAMS: [&str; 4] = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"];

/// A service of the lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    /// DynamoDB and its streams.
    DynamoDb,
    Kms,
}

impl Service {
    /// The name in a credential scope.
    pub(super) fn signing_name(self) -> &'static str {
        match self {
            Self::DynamoDb => "dynamodb",
            Self::Kms => "kms",
        }
    }

    /// The media type of its answers.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::DynamoDb => "application/x-amz-json-1.0",
            Self::Kms => "application/x-amz-json-1.1",
        }
    }
}

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target<'h> {
    pub(super) service: Service,
    pub(super) operation: &'h str,
}

impl<'h> Target<'h> {
    /// Reads the header; whether KMS knows an operation is for KMS to say.
    ///
    /// # Errors
    /// `UnknownOperationException`.
    pub(super) fn read(headers: &'h HeaderMap) -> Result<Self, Refusal> {
        let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok());
        let (prefix, operation) =
            target.and_then(|t| t.split_once('.')).ok_or_else(Refusal::unknown_operation)?;
        let streams = STREAMS.contains(&operation);
        let service = match prefix {
            "DynamoDB_20120810" if OPERATIONS.contains(&operation) && !streams => Service::DynamoDb,
            "DynamoDBStreams_20120810" if streams => Service::DynamoDb,
            "TrentService" => Service::Kms,
            _ => return Err(Refusal::unknown_operation()),
        };
        Ok(Self { service, operation })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(target: &'static str) -> Option<(Service, String)> {
        let mut headers = HeaderMap::new();
        headers.insert("x-amz-target", target.parse().unwrap());
        let target = Target::read(&headers).ok()?;
        Some((target.service, target.operation.to_owned()))
    }

    #[test]
    fn each_operation_has_one_prefix() {
        let table = |operation: &str| Some((Service::DynamoDb, operation.to_owned()));
        assert_eq!(read("DynamoDB_20120810.PutItem"), table("PutItem"));
        assert_eq!(read("DynamoDBStreams_20120810.GetRecords"), table("GetRecords"));
        assert_eq!(read("TrentService.Decrypt"), Some((Service::Kms, "Decrypt".to_owned())));
        for unknown in [
            "DynamoDB_20120810.GetRecords",
            "DynamoDBStreams_20120810.PutItem",
            "DynamoDB_20111205.PutItem",
            "DynamoDB_20120810.MakeCoffee",
            "PutItem",
            "",
        ] {
            assert_eq!(read(unknown), None, "{unknown}");
        }
        assert!(Target::read(&HeaderMap::new()).is_err());
    }
}
