//! The rules of AWS KMS, a test for each, by the rule's name.

mod ciphertext;
mod deletion;
mod execute;
mod identity;
mod primary;
mod replicas;
mod rotation;
mod states;
mod trait_object;

use std::sync::Arc;
use std::time::Duration;

use itemseal::EncryptionContext;
use itemseal::kms::KmsError;

use super::{KeyMetadata, LabKms};
use crate::clock::ManualClock;
use crate::entropy::SeededEntropy;

const US: &str = "us-east-1";
const EU: &str = "eu-west-1";
const AP: &str = "ap-northeast-1";
const DAY: Duration = Duration::from_secs(86_400);

/// A KMS on a clock that stands still, and the same randomness each time.
struct Bench {
    kms: LabKms,
    clock: ManualClock,
}

fn bench() -> Bench {
    bench_with(Duration::ZERO, Duration::ZERO)
}

fn bench_with(creating: Duration, updating: Duration) -> Bench {
    let clock = ManualClock::default();
    let kms = LabKms::builder()
        .clock(Arc::new(clock.clone()))
        .entropy(Arc::new(SeededEntropy::new(1)))
        .creating_for(creating)
        .updating_for(updating)
        .build();
    Bench { kms, clock }
}

/// A multi-Region key whose primary is in us-east-1, with these replicas.
fn mrk(bench: &Bench, replicas: &[&str]) -> KeyMetadata {
    let key = bench.kms.create_key(US, true, "").unwrap();
    for region in replicas {
        bench.kms.replicate_key(US, &key.key_id, region, "").unwrap();
    }
    key
}

fn context(entries: &[(&str, &str)]) -> EncryptionContext {
    entries.iter().copied().collect()
}

fn none() -> EncryptionContext {
    EncryptionContext::new()
}

fn code<T: std::fmt::Debug>(result: Result<T, KmsError>) -> String {
    let error = result.unwrap_err();
    assert_eq!(error.request_id.as_deref().map(str::len), Some(36), "{error:?}");
    error.code
}

fn code_and_text<T: std::fmt::Debug>(result: Result<T, KmsError>) -> (String, String) {
    let error = result.unwrap_err();
    (error.code, error.message)
}

fn arn(region: &str, id: &str) -> String {
    format!("arn:aws:kms:{region}:111122223333:key/{id}")
}
