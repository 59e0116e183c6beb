//! What answers are made of.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use itemseal::kms::KmsError;
use serde_json::{Map, Value, json};

use super::fields::Fields;
use crate::clock::Micros;
use crate::kms::metadata::{KeyMetadata, MultiRegionKey, MultiRegionKeyType};
use crate::kms::{KeyUsage, errors};

/// The most entries of a page that can be asked for.
const MAX_LIMIT: u32 = 1_000;

/// A timestamp: seconds since the Unix epoch, to the millisecond.
pub(super) fn timestamp(micros: Micros) -> Value {
    // Milliseconds of any date that is meant are well within 53 bits.
    #[allow(clippy::cast_precision_loss)]
    let seconds = micros.div_euclid(1_000) as f64 / 1_000.0;
    json!(seconds)
}

/// A blob: base64.
pub(super) fn blob(bytes: &[u8]) -> Value {
    Value::String(STANDARD.encode(bytes))
}

/// An object without the members that are `null`.
pub(super) fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let given = members.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(given.map(|(name, value)| (name.to_owned(), value)).collect())
}

/// One page of a list. `all` are in ascending order of their keys, which tell where a page ends.
pub(super) fn page(
    fields: Fields<'_>,
    name: &str,
    default_limit: u32,
    all: impl IntoIterator<Item = (String, Value)>,
) -> Result<Value, KmsError> {
    let limit = fields.number("Limit", 1, MAX_LIMIT)?.unwrap_or(default_limit);
    let marker = fields.text_within("Marker", 1, 1_024)?.map(read_marker).transpose()?;
    let mut rest = all
        .into_iter()
        .skip_while(|(key, _)| marker.as_ref().is_some_and(|marker| key <= marker))
        .peekable();
    let (mut values, mut last) = (Vec::new(), String::new());
    for _ in 0..limit {
        let Some((key, value)) = rest.next() else { break };
        values.push(value);
        last = key;
    }
    let truncated = rest.peek().is_some();
    let next = if truncated { Value::String(STANDARD.encode(last)) } else { Value::Null };
    Ok(object([
        (name, Value::Array(values)),
        ("Truncated", Value::Bool(truncated)),
        ("NextMarker", next),
    ]))
}

fn read_marker(marker: &str) -> Result<String, KmsError> {
    let bytes = STANDARD.decode(marker).map_err(|_| errors::invalid_marker())?;
    String::from_utf8(bytes).map_err(|_| errors::invalid_marker())
}

/// KeyMetadata, as [AWS](https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html)
/// shapes it.
pub(super) fn metadata(key: &KeyMetadata) -> Value {
    let names = |names: Vec<&'static str>| {
        if names.is_empty() { Value::Null } else { json!(names) }
    };
    let (spec, usage) = (key.spec, key.usage);
    let encryption = spec.encryption_algorithms(usage).iter().map(|a| a.as_str()).collect();
    let signing = spec.signing_algorithms(usage).iter().map(|a| a.as_str()).collect();
    let mac = spec.mac_algorithm().iter().map(|a| a.as_str()).collect();
    let agreement = if usage == KeyUsage::KeyAgreement { vec!["ECDH"] } else { Vec::new() };
    // Only a symmetric key's material has an id.
    let material = spec.material_has_id().then_some(&key.current_key_material_id);
    object([
        ("AWSAccountId", json!(key.account)),
        ("KeyId", json!(key.key_id)),
        ("Arn", json!(key.arn)),
        ("CreationDate", timestamp(key.created_micros)),
        ("Enabled", json!(key.is_enabled())),
        ("Description", json!(key.description)),
        ("KeyUsage", json!(usage.as_str())),
        ("KeyState", json!(key.state.to_string())),
        ("DeletionDate", key.deletion_micros.map_or(Value::Null, timestamp)),
        ("PendingDeletionWindowInDays", json!(key.pending_deletion_window_days)),
        ("Origin", json!("AWS_KMS")),
        ("KeyManager", json!("CUSTOMER")),
        ("CustomerMasterKeySpec", json!(spec.as_str())),
        ("KeySpec", json!(spec.as_str())),
        ("EncryptionAlgorithms", names(encryption)),
        ("SigningAlgorithms", names(signing)),
        ("MacAlgorithms", names(mac)),
        ("KeyAgreementAlgorithms", names(agreement)),
        ("MultiRegion", json!(key.multi_region.is_some())),
        ("MultiRegionConfiguration", multi_region(key)),
        ("CurrentKeyMaterialId", json!(material)),
    ])
}

fn multi_region(key: &KeyMetadata) -> Value {
    let Some(configuration) = &key.multi_region else { return Value::Null };
    let related = |key: &MultiRegionKey| json!({ "Arn": key.arn, "Region": key.region });
    let key_type = match configuration.key_type {
        MultiRegionKeyType::Primary => "PRIMARY",
        MultiRegionKeyType::Replica => "REPLICA",
    };
    json!({
        "MultiRegionKeyType": key_type,
        "PrimaryKey": related(&configuration.primary),
        "ReplicaKeys": configuration.replicas.iter().map(related).collect::<Vec<_>>(),
    })
}

/// The answer of operations that give nothing.
pub(super) fn nothing() -> Value {
    Value::Object(Map::new())
}
