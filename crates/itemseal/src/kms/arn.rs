use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// The ARN of a KMS key: `arn:PARTITION:kms:REGION:ACCOUNT:key/ID`. An alias is not one.
///
/// Source: [key ARN](https://docs.aws.amazon.com/kms/latest/developerguide/concepts-intro.html#key-id-key-ARN),
/// [identifying multi-Region keys](https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyArn {
    partition: String,
    region: String,
    account: String,
    id: String,
}

impl KeyArn {
    /// The AWS partition, such as `aws`.
    pub fn partition(&self) -> &str {
        &self.partition
    }

    /// The AWS Region, such as `eu-west-1`.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The account's id.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The key's id, such as `mrk-1234abcd12ab34cd56ef1234567890ab`.
    pub fn key_id(&self) -> &str {
        &self.id
    }

    /// Whether it is a multi-Region key, by its id.
    pub fn is_multi_region(&self) -> bool {
        self.id.starts_with("mrk-")
    }

    /// The related key of another Region.
    #[must_use]
    pub fn in_region(&self, region: impl Into<String>) -> Self {
        Self { region: region.into(), ..self.clone() }
    }

    /// Whether what one encrypted the other can decrypt: the same key, or related multi-Region keys.
    ///
    /// Source: [MRK match for decrypt](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/aws-kms/aws-kms-mrk-match-for-decrypt.md).
    pub fn matches_for_decrypt(&self, other: &Self) -> bool {
        self == other || (self.is_multi_region() && *self == other.in_region(&self.region))
    }
}

impl FromStr for KeyArn {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let not_an_arn = || {
            Error::misuse(format!(
                "{text:?} is not a KMS key's ARN, like \
                 arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab; \
                 aliases and bare ids are not accepted, as they do not say which key is meant"
            ))
        };
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let [arn, partition, service, region, account, resource] = parts[..] else {
            return Err(not_an_arn());
        };
        let id = resource.strip_prefix("key/").ok_or_else(not_an_arn)?;
        let complete = [partition, region, account, id].iter().all(|part| !part.is_empty());
        if arn != "arn" || service != "kms" || !complete || id.contains(['/', ':']) {
            return Err(not_an_arn());
        }
        Ok(Self {
            partition: partition.to_owned(),
            region: region.to_owned(),
            account: account.to_owned(),
            id: id.to_owned(),
        })
    }
}

impl fmt::Display for KeyArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, region, account, id } = self;
        write!(f, "arn:{partition}:kms:{region}:{account}:key/{id}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arn(text: &str) -> KeyArn {
        text.parse().unwrap()
    }

    #[test]
    fn related_keys_match_and_others_do_not() {
        let mrk = arn("arn:aws:kms:us-east-1:111122223333:key/mrk-1");
        assert!(mrk.matches_for_decrypt(&arn("arn:aws:kms:eu-west-1:111122223333:key/mrk-1")));
        for other in [
            "arn:aws:kms:eu-west-1:111122223333:key/mrk-2",
            "arn:aws:kms:eu-west-1:999922223333:key/mrk-1",
            "arn:aws-cn:kms:eu-west-1:111122223333:key/mrk-1",
        ] {
            assert!(!mrk.matches_for_decrypt(&arn(other)), "{other}");
        }
        let single = arn("arn:aws:kms:us-east-1:111122223333:key/1234");
        assert!(single.matches_for_decrypt(&single));
        assert!(!single.matches_for_decrypt(&single.in_region("eu-west-1")));
    }

    #[test]
    fn only_a_full_key_arn() {
        assert_eq!(arn("arn:aws:kms:r:a:key/mrk-1").to_string(), "arn:aws:kms:r:a:key/mrk-1");
        for text in [
            "",
            "mrk-1234abcd12ab34cd56ef1234567890ab",
            "alias/mrk-1",
            "arn:aws:kms:us-east-1:111122223333:alias/mrk-1",
            "arn:aws:kms:us-east-1:111122223333:key/",
            "arn:aws:kms::111122223333:key/mrk-1",
            "arn:aws:kms:us-east-1::key/mrk-1",
            "arn:aws:s3:us-east-1:111122223333:key/mrk-1",
            "arn:aws:kms:us-east-1:111122223333:key/mrk-1/2",
            "arn:aws:kms:us-east-1:111122223333:key/mrk-1:2",
            "arn:aws:kms:us-east-1:111122223333:key:mrk-1",
            "nra:aws:kms:us-east-1:111122223333:key/mrk-1",
        ] {
            assert!(text.parse::<KeyArn>().is_err(), "{text}");
        }
    }
}
