use std::collections::BTreeSet;

use crate::error::{Error, Result};
use crate::kms::KeyArn;

/// Refuses keys among which a multi-Region key stands twice, whatever the Region: a second recipient
/// that is the same key protects nothing.
///
/// Source: [AWS KMS MRK are unique](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/aws-kms/aws-kms-mrk-are-unique.md).
pub(super) fn check_unique(keys: &[KeyArn]) -> Result<()> {
    let is_twin = |key: &&KeyArn| {
        let same = |other: &&KeyArn| other.key_id() == key.key_id();
        key.is_multi_region() && keys.iter().filter(same).count() > 1
    };
    let twins: BTreeSet<String> = keys.iter().filter(is_twin).map(KeyArn::to_string).collect();
    if twins.is_empty() {
        return Ok(());
    }
    let twins: Vec<String> = twins.into_iter().collect();
    Err(Error::misuse(format!(
        "these are the same multi-Region key: {}; list each key once, and its Regions with \
         MrkKeyring::builder(…).regions(…)",
        twins.join(", ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(keys: &[&str]) -> Result<()> {
        let arn = |key: &&str| format!("arn:aws:kms:{key}").parse().unwrap();
        check_unique(&keys.iter().map(arn).collect::<Vec<_>>())
    }

    #[test]
    fn a_multi_region_key_stands_once_whatever_its_region() {
        check(&["r:1:key/mrk-a", "s:1:key/mrk-b", "r:1:key/c", "r:1:key/c"]).unwrap();
        let keys =
            ["r:1:key/mrk-a", "s:1:key/mrk-a", "r:1:key/mrk-b", "r:1:key/mrk-b", "r:1:key/mrk-c"];
        let error = check(&keys).unwrap_err().to_string();
        for twin in &keys[..4] {
            assert!(error.contains(twin), "{error}");
        }
        assert!(!error.contains("mrk-c"), "{error}");
    }
}
