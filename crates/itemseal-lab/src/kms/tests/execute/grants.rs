use super::*;

const ROLE: &str = "arn:aws:iam::111122223333:role/app";
const ADMIN: &str = "arn:aws:iam::111122223333:role/admin";

/// A grant to the role: its id and token.
fn grant(
    kms: &LabKms,
    region: &str,
    id: &str,
    operations: &[&str],
    more: Value,
) -> (String, String) {
    let mut request = json!({ "KeyId": id, "GranteePrincipal": ROLE, "Operations": operations });
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let made = ok(kms, region, "CreateGrant", request);
    (text(&made["GrantId"]), text(&made["GrantToken"]))
}

fn encrypt(id: &str, tokens: &[&str]) -> Value {
    json!({ "KeyId": id, "Plaintext": b64(b"x"), "GrantTokens": tokens })
}

#[test]
fn a_grant_is_listed_as_it_was_made() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    let constraints = json!({ "EncryptionContextSubset": { "tenant": "7" } });
    let more = json!({ "Name": "app", "RetiringPrincipal": ADMIN, "Constraints": constraints });
    let (grant_id, token) = grant(&b.kms, US, &id, &["Encrypt", "Decrypt"], more);
    assert_eq!(grant_id.len(), 64);
    assert_ne!(token, grant_id);
    let listed = ok(&b.kms, US, "ListGrants", json!({ "KeyId": id }));
    let expected = json!({
        "KeyId": arn(US, &id), "GrantId": grant_id, "Name": "app", "CreationDate": seconds(&b),
        "GranteePrincipal": ROLE, "RetiringPrincipal": ADMIN,
        "IssuingAccount": "arn:aws:iam::111122223333:root",
        "Operations": ["Encrypt", "Decrypt"], "Constraints": constraints,
    });
    assert_eq!(listed, json!({ "Grants": [expected], "Truncated": false }));
    assert!(!listed.to_string().contains(&token), "tokens are shown once");
}

#[test]
fn grants_are_listed_by_id_and_by_principals() {
    let b = bench();
    let (one, other) = (create(&b.kms, json!({})), create(&b.kms, json!({})));
    let (first, _) = grant(&b.kms, US, &one, &["Encrypt"], json!({ "RetiringPrincipal": ADMIN }));
    let (second, _) =
        grant(&b.kms, US, &other, &["Encrypt"], json!({ "RetiringPrincipal": ADMIN }));
    let (third, _) = grant(&b.kms, US, &one, &["Decrypt"], json!({}));
    let ids = |operation: &str, request: Value| {
        let listed = ok(&b.kms, US, operation, request);
        let grants = listed["Grants"].as_array().unwrap().clone();
        let mut ids: Vec<String> = grants.iter().map(|grant| text(&grant["GrantId"])).collect();
        ids.sort();
        ids
    };
    let sorted = |mut ids: Vec<&String>| {
        ids.sort();
        ids.into_iter().cloned().collect::<Vec<_>>()
    };
    assert_eq!(ids("ListGrants", json!({ "KeyId": one })), sorted(vec![&first, &third]));
    assert_eq!(ids("ListGrants", json!({ "KeyId": one, "GrantId": third })), sorted(vec![&third]));
    let by_grantee = |grantee: &str| json!({ "KeyId": one, "GranteePrincipal": grantee });
    assert_eq!(ids("ListGrants", by_grantee(ROLE)).len(), 2);
    assert_eq!(ids("ListGrants", by_grantee(ADMIN)).len(), 0);
    let retirable = json!({ "RetiringPrincipal": ADMIN });
    assert_eq!(ids("ListRetirableGrants", retirable), sorted(vec![&first, &second]));
    assert_eq!(ids("ListRetirableGrants", json!({ "RetiringPrincipal": ROLE })).len(), 0);
    refused(&b.kms, US, "ListRetirableGrants", json!({}), "ValidationException");
}

#[test]
fn a_token_must_be_a_living_grants_on_this_key() {
    let b = bench();
    let (id, other) = (replicated(&b.kms, &[EU]), create(&b.kms, json!({})));
    let (grant_id, token) = grant(&b.kms, US, &id, &["Encrypt"], json!({}));
    ok(&b.kms, US, "Encrypt", encrypt(&id, &[&token]));
    let code = "InvalidGrantTokenException";
    refused(&b.kms, US, "Encrypt", encrypt(&id, &["nonsense"]), code);
    refused(&b.kms, US, "Encrypt", encrypt(&id, &[&token, "nonsense"]), code);
    refused(&b.kms, US, "Encrypt", encrypt(&other, &[&token]), code);
    refused(&b.kms, EU, "Encrypt", encrypt(&id, &[&token]), code);
    ok(&b.kms, US, "RevokeGrant", json!({ "KeyId": id, "GrantId": grant_id }));
    refused(&b.kms, US, "Encrypt", encrypt(&id, &[&token]), code);
    ok(&b.kms, US, "Encrypt", encrypt(&id, &[]));
}

#[test]
fn a_grant_allows_its_operations_only() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    let (_, encrypting) = grant(&b.kms, US, &id, &["Encrypt", "DescribeKey"], json!({}));
    let (_, decrypting) = grant(&b.kms, US, &id, &["Decrypt"], json!({}));
    let made = ok(&b.kms, US, "Encrypt", encrypt(&id, &[&encrypting]))["CiphertextBlob"].clone();
    let decrypt = |tokens: &[&str]| json!({ "CiphertextBlob": made, "GrantTokens": tokens });
    refused(&b.kms, US, "Decrypt", decrypt(&[&encrypting]), "AccessDeniedException");
    ok(&b.kms, US, "Decrypt", decrypt(&[&encrypting, &decrypting]));
    let describe = |token: &str| json!({ "KeyId": id, "GrantTokens": [token] });
    ok(&b.kms, US, "DescribeKey", describe(&encrypting));
    refused(&b.kms, US, "DescribeKey", describe(&decrypting), "AccessDeniedException");
}

#[test]
fn constraints_on_the_context_are_enforced() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    let constrained = |kind: &str| {
        let more = json!({ "Constraints": { kind: { "tenant": "7" } } });
        grant(&b.kms, US, &id, &["Encrypt", "GenerateDataKey", "DescribeKey"], more).1
    };
    let (subset, equals) =
        (constrained("EncryptionContextSubset"), constrained("EncryptionContextEquals"));
    let allowed = |token: &str, context: Value| {
        let request = json!({ "KeyId": id, "Plaintext": b64(b"x"), "GrantTokens": [token],
                    "EncryptionContext": context });
        match b.kms.execute(US, "Encrypt", request) {
            Ok(_) => true,
            Err(error) => {
                assert_eq!(error.code, "AccessDeniedException");
                false
            }
        }
    };
    for (context, in_subset, in_equals) in [
        (json!({ "tenant": "7" }), true, true),
        (json!({ "tenant": "7", "more": "1" }), true, false),
        (json!({ "tenant": "8" }), false, false),
        (json!({ "more": "7" }), false, false),
        (json!({}), false, false),
    ] {
        assert_eq!(allowed(&subset, context.clone()), in_subset, "subset {context}");
        assert_eq!(allowed(&equals, context.clone()), in_equals, "equals {context}");
    }
    let request = json!({ "KeyId": id, "KeySpec": "AES_256", "GrantTokens": [subset] });
    refused(&b.kms, US, "GenerateDataKey", request, "AccessDeniedException");
    ok(&b.kms, US, "DescribeKey", json!({ "KeyId": id, "GrantTokens": [equals] }));
}

#[test]
fn a_grant_is_retired_by_its_token_or_by_its_id() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    let (_, token) = grant(&b.kms, US, &id, &["Encrypt"], json!({}));
    let (grant_id, _) = grant(&b.kms, US, &id, &["Encrypt"], json!({}));
    assert_eq!(ok(&b.kms, US, "RetireGrant", json!({ "GrantToken": token })), json!({}));
    refused(
        &b.kms,
        US,
        "RetireGrant",
        json!({ "GrantToken": token }),
        "InvalidGrantTokenException",
    );
    let by_id = json!({ "KeyId": arn(US, &id), "GrantId": grant_id });
    ok(&b.kms, US, "RetireGrant", by_id.clone());
    refused(&b.kms, US, "RetireGrant", by_id.clone(), "NotFoundException");
    refused(&b.kms, US, "RevokeGrant", by_id, "NotFoundException");
    let listed = ok(&b.kms, US, "ListGrants", json!({ "KeyId": id }));
    assert_eq!(listed["Grants"], json!([]));
    for bad in [json!({}), json!({ "KeyId": id }), json!({ "GrantToken": "t", "KeyId": id })] {
        refused(&b.kms, US, "RetireGrant", bad, "ValidationException");
    }
    let bad = json!({ "KeyId": id, "GrantId": "not hexadecimal" });
    refused(&b.kms, US, "RevokeGrant", bad.clone(), "InvalidGrantIdException");
    refused(&b.kms, US, "ListGrants", bad, "InvalidGrantIdException");
}

#[test]
fn a_named_grant_made_again_is_the_same_with_a_further_token() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    let (first, token) = grant(&b.kms, US, &id, &["Encrypt"], json!({ "Name": "app" }));
    let (again, further) = grant(&b.kms, US, &id, &["Encrypt"], json!({ "Name": "app" }));
    assert_eq!(first, again);
    assert_ne!(token, further);
    let (different, _) = grant(&b.kms, US, &id, &["Decrypt"], json!({ "Name": "app" }));
    assert_ne!(first, different);
    let (unnamed, _) = grant(&b.kms, US, &id, &["Encrypt"], json!({}));
    let (another, _) = grant(&b.kms, US, &id, &["Encrypt"], json!({}));
    assert_ne!(unnamed, another);
    for token in [&token, &further] {
        ok(&b.kms, US, "Encrypt", encrypt(&id, &[token]));
    }
    ok(&b.kms, US, "RetireGrant", json!({ "GrantToken": further }));
    let code = "InvalidGrantTokenException";
    refused(&b.kms, US, "Encrypt", encrypt(&id, &[&token]), code);
}

#[test]
fn each_half_of_re_encrypt_takes_its_keys_tokens() {
    let b = bench();
    let (from, to) = (create(&b.kms, json!({})), create(&b.kms, json!({})));
    let (_, source) = grant(&b.kms, US, &from, &["ReEncryptFrom"], json!({}));
    let (_, target) = grant(&b.kms, US, &to, &["ReEncryptTo"], json!({}));
    let (_, wrong) = grant(&b.kms, US, &to, &["ReEncryptFrom"], json!({}));
    let made = ok(&b.kms, US, "Encrypt", encrypt(&from, &[]))["CiphertextBlob"].clone();
    let request = |tokens: &[&String]| json!({ "CiphertextBlob": made, "DestinationKeyId": to, "GrantTokens": tokens });
    ok(&b.kms, US, "ReEncrypt", request(&[&source, &target]));
    ok(&b.kms, US, "ReEncrypt", request(&[&source]));
    refused(&b.kms, US, "ReEncrypt", request(&[&source, &wrong]), "AccessDeniedException");
    let nobodys = "nonsense".to_owned();
    refused(&b.kms, US, "ReEncrypt", request(&[&source, &nobodys]), "InvalidGrantTokenException");
}

#[test]
fn grants_have_rules() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    let mac = create(&b.kms, json!({ "KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC" }));
    for (key, grantee, operations, constraints, code) in [
        (&id, "role", json!(["Encrypt"]), json!(null), "InvalidArnException"),
        (&id, "ro le", json!(["Encrypt"]), json!(null), "ValidationException"),
        (&id, ROLE, json!([]), json!(null), "ValidationException"),
        (&id, ROLE, json!(null), json!(null), "ValidationException"),
        (&id, ROLE, json!(["Fly"]), json!(null), "ValidationException"),
        (&id, ROLE, json!(["Sign"]), json!(null), "ValidationException"),
        (&mac, ROLE, json!(["Encrypt"]), json!(null), "ValidationException"),
        (
            &mac,
            ROLE,
            json!(["VerifyMac"]),
            json!({ "EncryptionContextEquals": { "a": "b" } }),
            "ValidationException",
        ),
    ] {
        let request = json!({
            "KeyId": key, "GranteePrincipal": grantee, "Operations": operations,
            "Constraints": constraints,
        });
        refused(&b.kms, US, "CreateGrant", request, code);
    }
    refused(
        &b.kms,
        US,
        "CreateGrant",
        json!({ "KeyId": id, "Operations": ["Encrypt"] }),
        "ValidationException",
    );
    ok(&b.kms, US, "DisableKey", json!({ "KeyId": id }));
    let request = json!({ "KeyId": id, "GranteePrincipal": ROLE, "Operations": ["Encrypt"] });
    refused(&b.kms, US, "CreateGrant", request, "DisabledException");
    // At most ten tokens.
    let tokens: Vec<&str> = vec!["t"; 11];
    refused(&b.kms, US, "Encrypt", encrypt(&id, &tokens), "ValidationException");
}
