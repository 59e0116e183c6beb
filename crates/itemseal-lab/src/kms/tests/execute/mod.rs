//! The rules of AWS KMS once more, as an SDK sees them: JSON in, JSON out.

mod aliases;
mod asymmetric;
mod data_keys;
mod encrypt;
mod grants;
mod keys;
mod lists;
mod macs;
mod policies;
mod random_histories;
mod regions;
mod requests;
mod rotation;
mod saving;
mod tags;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{AP, Bench, DAY, EU, US, arn, bench, bench_with};
use crate::clock::Clock;
use crate::kms::LabKms;

/// The answer of a call that must succeed.
fn ok(kms: &LabKms, region: &str, operation: &str, request: Value) -> Value {
    kms.execute(region, operation, request.clone())
        .unwrap_or_else(|error| panic!("{operation} {request} in {region}: {error:?}"))
}

/// The text of a call that must be refused with `code`.
fn refused(kms: &LabKms, region: &str, operation: &str, request: Value, code: &str) -> String {
    match kms.execute(region, operation, request.clone()) {
        Ok(answer) => panic!("{operation} {request} in {region} is not refused: {answer}"),
        Err(error) => {
            assert_eq!(error.code, code, "{operation} {request} in {region}: {}", error.message);
            assert_eq!(error.request_id.map(|id| id.len()), Some(36));
            error.message
        }
    }
}

/// The id of a new key.
fn create(kms: &LabKms, request: Value) -> String {
    text(&ok(kms, US, "CreateKey", request)["KeyMetadata"]["KeyId"])
}

/// The id of a symmetric multi-Region key with its primary in us-east-1.
fn replicated(kms: &LabKms, replicas: &[&str]) -> String {
    let id = create(kms, json!({ "MultiRegion": true }));
    for region in replicas {
        ok(kms, US, "ReplicateKey", json!({ "KeyId": id, "ReplicaRegion": region }));
    }
    id
}

fn describe(kms: &LabKms, region: &str, id: &str) -> Value {
    ok(kms, region, "DescribeKey", json!({ "KeyId": id }))["KeyMetadata"].clone()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is not a text")).to_owned()
}

fn b64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn bytes(value: &Value) -> Vec<u8> {
    STANDARD.decode(text(value)).unwrap()
}

fn seconds(bench: &Bench) -> f64 {
    bench.clock.now_micros() as f64 / 1e6
}
