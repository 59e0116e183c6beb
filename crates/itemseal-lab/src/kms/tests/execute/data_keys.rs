use super::*;
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RsaKeyPair};

#[test]
fn a_data_key_has_the_length_that_was_asked_for() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    for (request, length) in [
        (json!({ "KeySpec": "AES_256" }), 32),
        (json!({ "KeySpec": "AES_128" }), 16),
        (json!({ "NumberOfBytes": 1 }), 1),
        (json!({ "NumberOfBytes": 1_024 }), 1_024),
    ] {
        let mut request = request;
        request["KeyId"] = json!(id);
        request["EncryptionContext"] = json!({ "a": "b" });
        let made = ok(&b.kms, US, "GenerateDataKey", request.clone());
        assert_eq!(bytes(&made["Plaintext"]).len(), length);
        assert_eq!(made["KeyId"], arn(US, &id));
        assert_eq!(made["KeyMaterialId"], describe(&b.kms, US, &id)["CurrentKeyMaterialId"]);
        let open =
            json!({ "CiphertextBlob": made["CiphertextBlob"], "EncryptionContext": { "a": "b" } });
        assert_eq!(ok(&b.kms, US, "Decrypt", open)["Plaintext"], made["Plaintext"]);
        let closed = ok(&b.kms, US, "GenerateDataKeyWithoutPlaintext", request);
        let members: Vec<&String> = closed.as_object().unwrap().keys().collect();
        assert_eq!(members, ["CiphertextBlob", "KeyId", "KeyMaterialId"]);
        let open = json!({ "CiphertextBlob": closed["CiphertextBlob"], "EncryptionContext": { "a": "b" } });
        assert_eq!(bytes(&ok(&b.kms, US, "Decrypt", open)["Plaintext"]).len(), length);
    }
    for bad in [
        json!({}),
        json!({ "KeySpec": "AES_256", "NumberOfBytes": 32 }),
        json!({ "KeySpec": "AES_512" }),
        json!({ "NumberOfBytes": 0 }),
        json!({ "NumberOfBytes": 1_025 }),
    ] {
        let mut bad = bad;
        bad["KeyId"] = json!(id);
        refused(&b.kms, US, "GenerateDataKey", bad, "ValidationException");
    }
}

#[test]
fn a_data_key_pair_is_one() {
    let b = bench();
    let id = replicated(&b.kms, &[EU]);
    for spec in ["RSA_2048", "ECC_NIST_P256"] {
        let request =
            json!({ "KeyId": id, "KeyPairSpec": spec, "EncryptionContext": { "a": "b" } });
        let made = ok(&b.kms, US, "GenerateDataKeyPair", request.clone());
        assert_eq!(made["KeyPairSpec"], spec);
        assert_eq!(made["KeyId"], arn(US, &id));
        let private = bytes(&made["PrivateKeyPlaintext"]);
        let public: PublicKeyX509Der<'_> = if spec == "RSA_2048" {
            RsaKeyPair::from_pkcs8(&private).unwrap().public_key().as_der().unwrap()
        } else {
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &private);
            pair.unwrap().public_key().as_der().unwrap()
        };
        assert_eq!(bytes(&made["PublicKey"]), public.as_ref());
        let open = json!({
            "CiphertextBlob": made["PrivateKeyCiphertextBlob"], "EncryptionContext": { "a": "b" },
        });
        assert_eq!(ok(&b.kms, EU, "Decrypt", open)["Plaintext"], made["PrivateKeyPlaintext"]);
        let closed = ok(&b.kms, US, "GenerateDataKeyPairWithoutPlaintext", request);
        assert!(closed.get("PrivateKeyPlaintext").is_none());
        assert_ne!(closed["PublicKey"], made["PublicKey"]);
    }
    for (spec, code) in [
        ("SM2", "UnsupportedOperationException"),
        ("SYMMETRIC_DEFAULT", "ValidationException"),
        ("HMAC_256", "ValidationException"),
    ] {
        let request = json!({ "KeyId": id, "KeyPairSpec": spec });
        refused(&b.kms, US, "GenerateDataKeyPair", request, code);
    }
}

#[test]
fn random_bytes_are_random() {
    let b = bench();
    let request = json!({ "NumberOfBytes": 32 });
    let one = ok(&b.kms, US, "GenerateRandom", request.clone());
    assert_eq!(bytes(&one["Plaintext"]).len(), 32);
    assert_ne!(ok(&b.kms, US, "GenerateRandom", request), one);
    for bad in [json!({}), json!({ "NumberOfBytes": 0 }), json!({ "NumberOfBytes": 1_025 })] {
        refused(&b.kms, US, "GenerateRandom", bad, "ValidationException");
    }
    let store = json!({ "NumberOfBytes": 1, "CustomKeyStoreId": "cks-1" });
    refused(&b.kms, US, "GenerateRandom", store, "UnsupportedOperationException");
}

#[test]
fn attestation_documents_are_refused_not_ignored() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    let request = json!({ "KeyId": id, "KeySpec": "AES_256", "Recipient": {} });
    refused(&b.kms, US, "GenerateDataKey", request, "UnsupportedOperationException");
}
