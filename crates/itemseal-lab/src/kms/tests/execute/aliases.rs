use super::*;

const NAME: &str = "alias/orders";

fn alias_arn(region: &str) -> String {
    format!("arn:aws:kms:{region}:111122223333:{NAME}")
}

fn alias_of(name: &str, id: &str) -> Value {
    json!({ "AliasName": name, "TargetKeyId": id })
}

#[test]
fn all_four_forms_of_a_key_id_find_the_key() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    ok(&b.kms, US, "CreateAlias", alias_of(NAME, &id));
    for named in [id.clone(), arn(US, &id), NAME.to_owned(), alias_arn(US)] {
        assert_eq!(describe(&b.kms, US, &named)["KeyId"], id, "{named}");
        let request = json!({ "KeyId": named, "Plaintext": b64(b"x") });
        let made = ok(&b.kms, US, "Encrypt", request);
        assert_eq!(made["KeyId"], arn(US, &id), "the answer has the key's ARN");
        let request = json!({ "KeyId": named, "CiphertextBlob": made["CiphertextBlob"] });
        assert_eq!(ok(&b.kms, US, "Decrypt", request)["KeyId"], arn(US, &id));
    }
}

#[test]
fn what_manages_a_key_takes_no_alias() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    ok(&b.kms, US, "CreateAlias", alias_of(NAME, &id));
    for operation in ["DisableKey", "ScheduleKeyDeletion", "GetKeyPolicy", "EnableKeyRotation"] {
        for named in [NAME.to_owned(), alias_arn(US)] {
            refused(&b.kms, US, operation, json!({ "KeyId": named }), "NotFoundException");
        }
    }
}

#[test]
fn an_alias_is_the_regions_own() {
    let b = bench();
    let id = replicated(&b.kms, &[EU]);
    ok(&b.kms, US, "CreateAlias", alias_of(NAME, &id));
    let request = json!({ "KeyId": NAME });
    let says = refused(&b.kms, EU, "DescribeKey", request, "NotFoundException");
    assert_eq!(says, format!("Alias {} is not found.", alias_arn(EU)));
    refused(&b.kms, EU, "DescribeKey", json!({ "KeyId": alias_arn(US) }), "NotFoundException");
    let other = create(&b.kms, json!({}));
    refused(&b.kms, EU, "CreateAlias", alias_of(NAME, &other), "NotFoundException");
    ok(&b.kms, EU, "CreateAlias", alias_of(NAME, &id));
    assert_eq!(describe(&b.kms, EU, NAME)["Arn"], arn(EU, &id));
}

#[test]
fn an_alias_names_one_key_until_it_is_updated_or_deleted() {
    let b = bench();
    let (one, other) = (create(&b.kms, json!({})), create(&b.kms, json!({})));
    assert_eq!(ok(&b.kms, US, "CreateAlias", alias_of(NAME, &one)), json!({}));
    let says = refused(&b.kms, US, "CreateAlias", alias_of(NAME, &other), "AlreadyExistsException");
    assert!(says.contains(&alias_arn(US)), "{says}");
    let created = seconds(&b);
    b.clock.advance(DAY);
    ok(&b.kms, US, "UpdateAlias", alias_of(NAME, &other));
    assert_eq!(describe(&b.kms, US, NAME)["KeyId"], other);
    let listed = ok(&b.kms, US, "ListAliases", json!({}));
    let expected = json!({
        "AliasName": NAME, "AliasArn": alias_arn(US), "TargetKeyId": other,
        "CreationDate": created, "LastUpdatedDate": seconds(&b),
    });
    assert_eq!(listed, json!({ "Aliases": [expected], "Truncated": false }));
    ok(&b.kms, US, "DeleteAlias", json!({ "AliasName": NAME }));
    refused(&b.kms, US, "DeleteAlias", json!({ "AliasName": NAME }), "NotFoundException");
    refused(&b.kms, US, "UpdateAlias", alias_of(NAME, &one), "NotFoundException");
    refused(&b.kms, US, "DescribeKey", json!({ "KeyId": NAME }), "NotFoundException");
}

#[test]
fn an_alias_stays_with_keys_of_one_type_and_usage() {
    let b = bench();
    let symmetric = create(&b.kms, json!({}));
    let mac = json!({ "KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC" });
    let mac = create(&b.kms, mac);
    let curve = |usage: &str| json!({ "KeySpec": "ECC_NIST_P256", "KeyUsage": usage });
    let sign = create(&b.kms, curve("SIGN_VERIFY"));
    let agree = create(&b.kms, curve("KEY_AGREEMENT"));
    ok(&b.kms, US, "CreateAlias", alias_of(NAME, &sign));
    for other in [&symmetric, &mac, &agree] {
        refused(&b.kms, US, "UpdateAlias", alias_of(NAME, other), "ValidationException");
    }
}

#[test]
fn only_the_destinations_state_counts_for_an_update() {
    let b = bench();
    let (going, staying) = (create(&b.kms, json!({})), create(&b.kms, json!({})));
    ok(&b.kms, US, "CreateAlias", alias_of(NAME, &going));
    ok(&b.kms, US, "CreateAlias", alias_of("alias/b", &staying));
    ok(&b.kms, US, "ScheduleKeyDeletion", json!({ "KeyId": going }));
    let code = "KMSInvalidStateException";
    refused(&b.kms, US, "UpdateAlias", alias_of("alias/b", &going), code);
    refused(&b.kms, US, "CreateAlias", alias_of("alias/c", &going), code);
    ok(&b.kms, US, "UpdateAlias", alias_of(NAME, &staying));
    // And none counts for a deletion.
    ok(&b.kms, US, "UpdateAlias", alias_of(NAME, &staying));
    ok(&b.kms, US, "ScheduleKeyDeletion", json!({ "KeyId": staying }));
    ok(&b.kms, US, "DeleteAlias", json!({ "AliasName": NAME }));
}

#[test]
fn a_keys_aliases_go_with_it() {
    let b = bench();
    let id = replicated(&b.kms, &[EU]);
    for region in [US, EU] {
        ok(&b.kms, region, "CreateAlias", alias_of(NAME, &id));
    }
    ok(&b.kms, EU, "ScheduleKeyDeletion", json!({ "KeyId": id, "PendingWindowInDays": 7 }));
    b.clock.advance(7 * DAY);
    assert_eq!(ok(&b.kms, EU, "ListAliases", json!({}))["Aliases"], json!([]));
    assert_eq!(describe(&b.kms, US, NAME)["KeyId"], id);
    let other = create(&b.kms, json!({}));
    ok(&b.kms, US, "UpdateAlias", alias_of(NAME, &other));
}

#[test]
fn alias_names_have_rules() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    for (name, code) in [
        ("orders", "ValidationException"),
        ("alias/or ders", "ValidationException"),
        ("alias/", "InvalidAliasNameException"),
        ("alias/aws/dynamodb", "InvalidAliasNameException"),
        (&format!("alias/{}", "x".repeat(251)), "ValidationException"),
    ] {
        refused(&b.kms, US, "CreateAlias", alias_of(name, &id), code);
    }
    ok(&b.kms, US, "CreateAlias", alias_of(&format!("alias/{}", "x".repeat(250)), &id));
    // A name that looks like a key's id is still an alias's.
    ok(&b.kms, US, "CreateAlias", alias_of("alias/mrk-1234", &id));
    assert_eq!(describe(&b.kms, US, "alias/mrk-1234")["KeyId"], id);
    let only = ok(&b.kms, US, "ListAliases", json!({ "KeyId": id }))["Aliases"].clone();
    assert_eq!(only.as_array().map(Vec::len), Some(2));
    let other = create(&b.kms, json!({}));
    assert_eq!(ok(&b.kms, US, "ListAliases", json!({ "KeyId": other }))["Aliases"], json!([]));
    refused(&b.kms, US, "ListAliases", json!({ "KeyId": "nonsense" }), "NotFoundException");
}

#[test]
fn a_key_has_at_most_50_aliases_in_a_region() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    for at in 0..50 {
        ok(&b.kms, US, "CreateAlias", alias_of(&format!("alias/{at}"), &id));
    }
    refused(&b.kms, US, "CreateAlias", alias_of("alias/50", &id), "LimitExceededException");
}
