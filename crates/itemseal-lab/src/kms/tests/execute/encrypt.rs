use super::*;

fn encrypt(kms: &LabKms, region: &str, id: &str, context: Value) -> Value {
    let request = json!({ "KeyId": id, "Plaintext": b64(b"secret"), "EncryptionContext": context });
    ok(kms, region, "Encrypt", request)["CiphertextBlob"].clone()
}

#[test]
fn what_one_region_encrypts_every_related_key_decrypts_with_its_own_arn() {
    let b = bench();
    let id = replicated(&b.kms, &[EU, AP]);
    let context = json!({ "table": "Orders" });
    let made = encrypt(&b.kms, US, &id, context.clone());
    for region in [US, EU, AP] {
        for key in [json!(null), json!(id), json!(arn(region, &id))] {
            let request =
                json!({ "CiphertextBlob": made, "EncryptionContext": context, "KeyId": key });
            let opened = ok(&b.kms, region, "Decrypt", request);
            let expected = json!({
                "KeyId": arn(region, &id),
                "Plaintext": b64(b"secret"),
                "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
                "KeyMaterialId": describe(&b.kms, US, &id)["CurrentKeyMaterialId"],
            });
            assert_eq!(opened, expected);
        }
    }
}

#[test]
fn each_wrong_decrypt_has_its_own_error() {
    let b = bench();
    let (id, other) = (replicated(&b.kms, &[EU]), replicated(&b.kms, &[]));
    let made = encrypt(&b.kms, US, &id, json!({ "a": "bc" }));
    let with = |blob: &Value, key: Value, context: Value| json!({ "CiphertextBlob": blob, "KeyId": key, "EncryptionContext": context });
    let right = json!({ "a": "bc" });
    for wrong in [json!({}), json!({ "ab": "c" }), json!({ "a": "bc", "d": "" })] {
        refused(
            &b.kms,
            EU,
            "Decrypt",
            with(&made, json!(null), wrong),
            "InvalidCiphertextException",
        );
    }
    let mut damaged = bytes(&made);
    *damaged.last_mut().unwrap() ^= 1;
    let damaged = json!(b64(&damaged));
    let request = with(&damaged, json!(null), right.clone());
    refused(&b.kms, US, "Decrypt", request, "InvalidCiphertextException");
    let request = with(&made, json!(other), right.clone());
    refused(&b.kms, US, "Decrypt", request, "IncorrectKeyException");
    let request = with(&made, json!(arn(US, &id)), right.clone());
    refused(&b.kms, EU, "Decrypt", request, "NotFoundException");
    let request = with(&made, json!(id), right.clone());
    refused(&b.kms, AP, "Decrypt", request, "NotFoundException");
    let request = with(&made, json!(null), right);
    let says = refused(&b.kms, AP, "Decrypt", request, "AccessDeniedException");
    assert!(says.starts_with("The ciphertext refers to a customer master key"), "{says}");
}

#[test]
fn re_encrypt_moves_between_keys_and_contexts() {
    let b = bench();
    let (from, to) = (replicated(&b.kms, &[EU]), create(&b.kms, json!({ "MultiRegion": true })));
    ok(&b.kms, US, "ReplicateKey", json!({ "KeyId": to, "ReplicaRegion": EU }));
    let made = encrypt(&b.kms, US, &from, json!({ "a": "1" }));
    let request = json!({
        "CiphertextBlob": made, "SourceEncryptionContext": { "a": "1" },
        "SourceKeyId": from, "DestinationKeyId": to,
        "DestinationEncryptionContext": { "b": "2" },
    });
    let moved = ok(&b.kms, EU, "ReEncrypt", request.clone());
    assert_eq!(moved["SourceKeyId"], arn(EU, &from));
    assert_eq!(moved["KeyId"], arn(EU, &to));
    for side in ["SourceEncryptionAlgorithm", "DestinationEncryptionAlgorithm"] {
        assert_eq!(moved[side], "SYMMETRIC_DEFAULT");
    }
    let material = |id: &str| describe(&b.kms, US, id)["CurrentKeyMaterialId"].clone();
    assert_eq!(moved["SourceKeyMaterialId"], material(&from));
    assert_eq!(moved["DestinationKeyMaterialId"], material(&to));
    let opened = json!({
        "CiphertextBlob": moved["CiphertextBlob"], "KeyId": to, "EncryptionContext": { "b": "2" },
    });
    assert_eq!(bytes(&ok(&b.kms, US, "Decrypt", opened)["Plaintext"]), b"secret");
    let changed = |member: &str, value: Value| {
        let mut request = request.clone();
        request[member] = value;
        request
    };
    let code = "InvalidCiphertextException";
    refused(&b.kms, EU, "ReEncrypt", changed("SourceEncryptionContext", json!({})), code);
    let request_ = changed("SourceKeyId", json!(to));
    refused(&b.kms, EU, "ReEncrypt", request_, "IncorrectKeyException");
    let request_ = changed("DestinationKeyId", json!(null));
    refused(&b.kms, EU, "ReEncrypt", request_, "ValidationException");
    ok(&b.kms, EU, "DisableKey", json!({ "KeyId": to }));
    refused(&b.kms, EU, "ReEncrypt", request, "DisabledException");
}

#[test]
fn a_key_for_something_else_does_not_encrypt() {
    let b = bench();
    let mac = create(&b.kms, json!({ "KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC" }));
    let request = json!({ "KeyId": mac, "Plaintext": b64(b"x") });
    let says = refused(&b.kms, US, "Encrypt", request, "InvalidKeyUsageException");
    let expected = format!(
        "{} key usage is GENERATE_VERIFY_MAC which is not valid for Encrypt.",
        arn(US, &mac)
    );
    assert_eq!(says, expected);
    let request = json!({ "KeyId": mac, "KeySpec": "AES_256" });
    refused(&b.kms, US, "GenerateDataKey", request, "InvalidKeyUsageException");
    let symmetric = create(&b.kms, json!({}));
    let request = json!({
        "KeyId": symmetric, "Plaintext": b64(b"x"), "EncryptionAlgorithm": "RSAES_OAEP_SHA_256",
    });
    refused(&b.kms, US, "Encrypt", request, "InvalidKeyUsageException");
}

#[test]
fn a_trial_does_everything_but_the_thing() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    let request = json!({ "KeyId": id, "Plaintext": b64(b"x"), "DryRun": true });
    let says = refused(&b.kms, US, "Encrypt", request.clone(), "DryRunOperationException");
    assert!(says.contains("would have succeeded"), "{says}");
    let grant = json!({
        "KeyId": id, "GranteePrincipal": "arn:aws:iam::111122223333:role/app",
        "Operations": ["Encrypt"], "DryRun": true,
    });
    refused(&b.kms, US, "CreateGrant", grant.clone(), "DryRunOperationException");
    let listed = ok(&b.kms, US, "ListGrants", json!({ "KeyId": id }));
    assert_eq!(listed["Grants"], json!([]));
    let data_key = json!({ "KeyId": id, "KeySpec": "AES_256", "DryRun": true });
    refused(&b.kms, US, "GenerateDataKey", data_key, "DryRunOperationException");
    // What is wrong is said first.
    ok(&b.kms, US, "DisableKey", json!({ "KeyId": id }));
    refused(&b.kms, US, "Encrypt", request, "DisabledException");
    refused(&b.kms, US, "CreateGrant", grant, "DisabledException");
}
