use super::*;

#[test]
fn a_key_is_described_completely() {
    let b = bench();
    let made = ok(&b.kms, US, "CreateKey", json!({ "Description": "orders" }));
    let key = &made["KeyMetadata"];
    let id = text(&key["KeyId"]);
    assert_eq!(id.len(), 36);
    let expected = json!({
        "AWSAccountId": "111122223333",
        "KeyId": id,
        "Arn": arn(US, &id),
        "CreationDate": seconds(&b),
        "Enabled": true,
        "Description": "orders",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "KeyState": "Enabled",
        "Origin": "AWS_KMS",
        "KeyManager": "CUSTOMER",
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
        "MultiRegion": false,
        "CurrentKeyMaterialId": key["CurrentKeyMaterialId"],
    });
    assert_eq!(*key, expected);
    assert_eq!(text(&key["CurrentKeyMaterialId"]).len(), 64);
    assert_eq!(describe(&b.kms, US, &id), expected);
}

#[test]
fn timestamps_are_seconds_to_the_millisecond() {
    let b = bench();
    b.clock.set(1_700_000_000_123_456);
    let made = ok(&b.kms, US, "CreateKey", json!({}));
    assert_eq!(made["KeyMetadata"]["CreationDate"].as_f64(), Some(1_700_000_000.123));
}

#[test]
fn algorithms_follow_from_spec_and_usage() {
    let b = bench();
    for (spec, usage, member, expected) in [
        (
            "RSA_2048",
            "ENCRYPT_DECRYPT",
            "EncryptionAlgorithms",
            json!(["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]),
        ),
        (
            "RSA_2048",
            "SIGN_VERIFY",
            "SigningAlgorithms",
            json!([
                "RSASSA_PKCS1_V1_5_SHA_256",
                "RSASSA_PKCS1_V1_5_SHA_384",
                "RSASSA_PKCS1_V1_5_SHA_512",
                "RSASSA_PSS_SHA_256",
                "RSASSA_PSS_SHA_384",
                "RSASSA_PSS_SHA_512"
            ]),
        ),
        ("ECC_NIST_P256", "SIGN_VERIFY", "SigningAlgorithms", json!(["ECDSA_SHA_256"])),
        ("ECC_NIST_P384", "SIGN_VERIFY", "SigningAlgorithms", json!(["ECDSA_SHA_384"])),
        ("ECC_NIST_P521", "SIGN_VERIFY", "SigningAlgorithms", json!(["ECDSA_SHA_512"])),
        ("ECC_SECG_P256K1", "SIGN_VERIFY", "SigningAlgorithms", json!(["ECDSA_SHA_256"])),
        ("ECC_NIST_P256", "KEY_AGREEMENT", "KeyAgreementAlgorithms", json!(["ECDH"])),
        ("HMAC_224", "GENERATE_VERIFY_MAC", "MacAlgorithms", json!(["HMAC_SHA_224"])),
        ("HMAC_512", "GENERATE_VERIFY_MAC", "MacAlgorithms", json!(["HMAC_SHA_512"])),
    ] {
        let made = ok(&b.kms, US, "CreateKey", json!({ "KeySpec": spec, "KeyUsage": usage }));
        let key = made["KeyMetadata"].as_object().unwrap();
        assert_eq!(key[member], expected, "{spec} {usage}");
        assert_eq!((&key["KeySpec"], &key["KeyUsage"]), (&json!(spec), &json!(usage)));
        let lists = key.keys().filter(|name| name.ends_with("Algorithms")).count();
        assert_eq!(lists, 1, "{spec} {usage}: no other algorithms");
        assert!(!key.contains_key("CurrentKeyMaterialId"), "{spec} does not rotate");
    }
}

#[test]
fn a_usage_must_be_given_and_fit_the_spec() {
    let b = bench();
    for spec in ["RSA_2048", "ECC_NIST_P256", "HMAC_256"] {
        let request = json!({ "KeySpec": spec });
        let says = refused(&b.kms, US, "CreateKey", request, "ValidationException");
        assert!(says.contains("must specify a KeyUsage"), "{says}");
    }
    for (spec, usage) in [
        ("SYMMETRIC_DEFAULT", "SIGN_VERIFY"),
        ("RSA_2048", "KEY_AGREEMENT"),
        ("ECC_SECG_P256K1", "KEY_AGREEMENT"),
        ("ECC_NIST_P256", "ENCRYPT_DECRYPT"),
        ("HMAC_256", "ENCRYPT_DECRYPT"),
    ] {
        let request = json!({ "KeySpec": spec, "KeyUsage": usage });
        let says = refused(&b.kms, US, "CreateKey", request, "ValidationException");
        assert_eq!(says, format!("KeyUsage {usage} is not compatible with KeySpec {spec}"));
    }
}

#[test]
fn the_spec_has_an_old_name_which_does_not_go_with_the_new() {
    let b = bench();
    let request = json!({ "CustomerMasterKeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC" });
    let made = ok(&b.kms, US, "CreateKey", request);
    assert_eq!(made["KeyMetadata"]["KeySpec"], "HMAC_256");
    let both =
        json!({ "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT", "KeySpec": "SYMMETRIC_DEFAULT" });
    refused(&b.kms, US, "CreateKey", both, "ValidationException");
}

#[test]
fn what_the_lab_has_not_is_refused_not_ignored() {
    let b = bench();
    for request in [
        json!({ "Origin": "EXTERNAL" }),
        json!({ "Origin": "AWS_CLOUDHSM", "CustomKeyStoreId": "cks-1" }),
        json!({ "KeySpec": "SM2", "KeyUsage": "SIGN_VERIFY" }),
        json!({ "KeySpec": "ML_DSA_65", "KeyUsage": "SIGN_VERIFY" }),
    ] {
        refused(&b.kms, US, "CreateKey", request, "UnsupportedOperationException");
    }
    for request in [json!({ "Origin": "MARS" }), json!({ "KeySpec": "DES" })] {
        refused(&b.kms, US, "CreateKey", request, "ValidationException");
    }
}

#[test]
fn a_disabled_key_says_so_and_refuses_cryptography() {
    let b = bench();
    let id = replicated(&b.kms, &[EU]);
    assert_eq!(ok(&b.kms, US, "DisableKey", json!({ "KeyId": id })), json!({}));
    let key = describe(&b.kms, US, &id);
    assert_eq!((&key["Enabled"], &key["KeyState"]), (&json!(false), &json!("Disabled")));
    let request = json!({ "KeyId": id, "Plaintext": b64(b"x") });
    let says = refused(&b.kms, US, "Encrypt", request.clone(), "DisabledException");
    assert_eq!(says, format!("{} is disabled.", arn(US, &id)));
    assert_eq!(describe(&b.kms, EU, &id)["Enabled"], true, "the replica goes on");
    ok(&b.kms, EU, "Encrypt", request.clone());
    ok(&b.kms, US, "EnableKey", json!({ "KeyId": arn(US, &id) }));
    ok(&b.kms, US, "Encrypt", request);
}

#[test]
fn a_description_is_the_regions_own() {
    let b = bench();
    let id = create(&b.kms, json!({ "MultiRegion": true, "Description": "here" }));
    let replicate = json!({ "KeyId": id, "ReplicaRegion": EU, "Description": "there" });
    ok(&b.kms, US, "ReplicateKey", replicate);
    ok(&b.kms, EU, "UpdateKeyDescription", json!({ "KeyId": id, "Description": "new" }));
    assert_eq!(describe(&b.kms, US, &id)["Description"], "here");
    assert_eq!(describe(&b.kms, EU, &id)["Description"], "new");
    ok(&b.kms, EU, "UpdateKeyDescription", json!({ "KeyId": id, "Description": "" }));
    assert_eq!(describe(&b.kms, EU, &id)["Description"], "");
    let long = json!({ "KeyId": id, "Description": "x".repeat(8_193) });
    refused(&b.kms, EU, "UpdateKeyDescription", long, "ValidationException");
    let none = json!({ "KeyId": id });
    refused(&b.kms, EU, "UpdateKeyDescription", none, "ValidationException");
}

#[test]
fn deletion_is_scheduled_shown_cancelled_and_done() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    let request = json!({ "KeyId": id, "PendingWindowInDays": 7 });
    let scheduled = ok(&b.kms, US, "ScheduleKeyDeletion", request.clone());
    let at = seconds(&b) + 7.0 * 86_400.0;
    let expected = json!({
        "KeyId": arn(US, &id), "DeletionDate": at, "KeyState": "PendingDeletion",
        "PendingWindowInDays": 7,
    });
    assert_eq!(scheduled, expected);
    let key = describe(&b.kms, US, &id);
    assert_eq!(key["DeletionDate"].as_f64(), Some(at));
    assert_eq!(key["Enabled"], false);
    let encrypt = json!({ "KeyId": id, "Plaintext": b64(b"x") });
    let says = refused(&b.kms, US, "Encrypt", encrypt, "KMSInvalidStateException");
    assert_eq!(
        says,
        format!("{} is pending deletion (or pending replica deletion).", arn(US, &id))
    );
    for (operation, more) in [
        ("EnableKey", json!({})),
        ("DisableKey", json!({})),
        ("ScheduleKeyDeletion", json!({})),
        ("EnableKeyRotation", json!({})),
        ("DisableKeyRotation", json!({})),
        ("RotateKeyOnDemand", json!({})),
        ("UpdateKeyDescription", json!({ "Description": "x" })),
        ("TagResource", json!({ "Tags": [{ "TagKey": "a", "TagValue": "b" }] })),
        ("UntagResource", json!({ "TagKeys": ["a"] })),
        (
            "CreateGrant",
            json!({ "GranteePrincipal": "arn:aws:iam::111122223333:role/x",
                                "Operations": ["Decrypt"] }),
        ),
    ] {
        let mut request = json!({ "KeyId": id });
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        refused(&b.kms, US, operation, request, "KMSInvalidStateException");
    }
    // Allowed in every state.
    for operation in
        ["DescribeKey", "GetKeyPolicy", "ListKeyPolicies", "ListGrants", "ListResourceTags"]
    {
        ok(&b.kms, US, operation, json!({ "KeyId": id }));
    }
    let cancelled = ok(&b.kms, US, "CancelKeyDeletion", json!({ "KeyId": id }));
    assert_eq!(cancelled, json!({ "KeyId": arn(US, &id) }));
    assert_eq!(describe(&b.kms, US, &id)["KeyState"], "Disabled");
    assert!(describe(&b.kms, US, &id).get("DeletionDate").is_none());
    let says = refused(
        &b.kms,
        US,
        "CancelKeyDeletion",
        json!({ "KeyId": id }),
        "KMSInvalidStateException",
    );
    assert!(says.ends_with("is not pending deletion (or pending replica deletion)."), "{says}");
    ok(&b.kms, US, "ScheduleKeyDeletion", request);
    b.clock.advance(7 * DAY);
    let says = refused(&b.kms, US, "DescribeKey", json!({ "KeyId": id }), "NotFoundException");
    assert_eq!(says, format!("Key '{}' does not exist", arn(US, &id)));
    assert_eq!(ok(&b.kms, US, "ListKeys", json!({}))["Keys"], json!([]));
}

#[test]
fn the_waiting_period_has_limits() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    for days in [0, 6, 31, 366] {
        let request = json!({ "KeyId": id, "PendingWindowInDays": days });
        refused(&b.kms, US, "ScheduleKeyDeletion", request, "ValidationException");
    }
    let scheduled = ok(&b.kms, US, "ScheduleKeyDeletion", json!({ "KeyId": id }));
    assert_eq!(scheduled["PendingWindowInDays"], 30);
}
