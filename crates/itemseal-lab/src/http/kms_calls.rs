//! KMS by operation name, as far as its typed methods go.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use itemseal::EncryptionContext;
use itemseal::kms::KmsError;
use serde_json::{Value, json};

use crate::kms::{KeyMetadata, LabKms, MultiRegionKeyType};

/// The operation that HTTP names in `X-Amz-Target`, from and to AWS JSON 1.1.
///
/// # Errors
/// As KMS's; `UnknownOperationException` for what the lab does not do.
pub(super) fn execute(
    kms: &LabKms,
    region: &str,
    operation: &str,
    request: Value,
) -> Result<Value, KmsError> {
    let text = |name: &str| request.get(name).and_then(Value::as_str);
    let required = |name: &str| text(name).ok_or_else(|| validation(name));
    let description = text("Description").unwrap_or_default();
    let context = || -> EncryptionContext {
        let entries = request.get("EncryptionContext").and_then(Value::as_object);
        let entries = entries.into_iter().flatten();
        entries.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))).collect()
    };
    let bytes = |name: &str| STANDARD.decode(required(name)?).map_err(|_| validation(name));
    match operation {
        "CreateKey" => {
            let multi_region = request.get("MultiRegion").and_then(Value::as_bool);
            let key = kms.create_key(region, multi_region.unwrap_or_default(), description)?;
            Ok(json!({ "KeyMetadata": metadata(&key) }))
        }
        "DescribeKey" => {
            let key = kms.describe_key(region, required("KeyId")?)?;
            Ok(json!({ "KeyMetadata": metadata(&key) }))
        }
        "ReplicateKey" => {
            let (id, to) = (required("KeyId")?, required("ReplicaRegion")?);
            let key = kms.replicate_key(region, id, to, description)?;
            Ok(json!({ "ReplicaKeyMetadata": metadata(&key) }))
        }
        "GenerateDataKey" => {
            let given = request.get("NumberOfBytes").and_then(Value::as_u64);
            let length = match text("KeySpec") {
                Some("AES_256") => 32,
                Some("AES_128") => 16,
                _ => given.and_then(|n| usize::try_from(n).ok()).unwrap_or_default(),
            };
            let made = kms.generate_data_key(region, required("KeyId")?, length, &context())?;
            Ok(json!({
                "KeyId": made.key_id, "KeyMaterialId": made.key_material_id,
                "Plaintext": STANDARD.encode(&*made.plaintext),
                "CiphertextBlob": STANDARD.encode(&made.ciphertext),
            }))
        }
        "Encrypt" => {
            let (id, plaintext) = (required("KeyId")?, bytes("Plaintext")?);
            let made = kms.encrypt(region, id, &plaintext, &context())?;
            let blob = STANDARD.encode(&made.ciphertext);
            let algorithm = "SYMMETRIC_DEFAULT";
            Ok(json!({
                "KeyId": made.key_id, "CiphertextBlob": blob, "EncryptionAlgorithm": algorithm,
            }))
        }
        "Decrypt" => {
            let ciphertext = bytes("CiphertextBlob")?;
            let opened = kms.decrypt(region, text("KeyId"), &ciphertext, &context())?;
            Ok(json!({
                "KeyId": opened.key_id, "KeyMaterialId": opened.key_material_id,
                "Plaintext": STANDARD.encode(&*opened.plaintext),
                "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
            }))
        }
        _ => Err(KmsError::new("UnknownOperationException", "")),
    }
}

fn validation(name: &str) -> KmsError {
    KmsError::new("ValidationException", format!("{name} is required, and has to be well formed"))
}

fn metadata(key: &KeyMetadata) -> Value {
    let mut metadata = json!({
        "KeyId": key.key_id, "Arn": key.arn, "AWSAccountId": key.account,
        "CreationDate": key.created_micros as f64 / 1_000_000.0,
        "Enabled": key.is_enabled(), "Description": key.description,
        "KeyState": key.state.to_string(), "KeyUsage": "ENCRYPT_DECRYPT", "Origin": "AWS_KMS",
        "KeyManager": "CUSTOMER", "KeySpec": "SYMMETRIC_DEFAULT",
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"], "MultiRegion": key.multi_region.is_some(),
    });
    if let (Some(related), Some(metadata)) = (&key.multi_region, metadata.as_object_mut()) {
        let one = |key: &crate::kms::MultiRegionKey| json!({"Arn": key.arn, "Region": key.region});
        let primary = related.key_type == MultiRegionKeyType::Primary;
        metadata.insert(
            "MultiRegionConfiguration".to_owned(),
            json!({
                "MultiRegionKeyType": if primary { "PRIMARY" } else { "REPLICA" },
                "PrimaryKey": one(&related.primary),
                "ReplicaKeys": related.replicas.iter().map(one).collect::<Vec<_>>(),
            }),
        );
    }
    metadata
}
