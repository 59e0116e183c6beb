use super::*;
use std::time::Duration;

#[test]
fn a_replica_is_a_key_of_the_same_id_with_an_arn_of_its_own() {
    let b = bench();
    let id = create(&b.kms, json!({ "MultiRegion": true, "Description": "primary's" }));
    assert!(id.starts_with("mrk-") && id.len() == 36, "{id}");
    let answer = ok(&b.kms, US, "ReplicateKey", json!({ "KeyId": id, "ReplicaRegion": EU }));
    let replica = &answer["ReplicaKeyMetadata"];
    assert_eq!(replica["Arn"], arn(EU, &id));
    assert_eq!((&replica["MultiRegion"], &replica["Description"]), (&json!(true), &json!("")));
    assert_eq!(answer["ReplicaTags"], json!([]));
    assert!(text(&answer["ReplicaPolicy"]).contains("key-default-1"));
    let related = |kind: &str| {
        json!({
            "MultiRegionKeyType": kind,
            "PrimaryKey": { "Arn": arn(US, &id), "Region": US },
            "ReplicaKeys": [{ "Arn": arn(EU, &id), "Region": EU }],
        })
    };
    assert_eq!(replica["MultiRegionConfiguration"], related("REPLICA"));
    assert_eq!(describe(&b.kms, US, &id)["MultiRegionConfiguration"], related("PRIMARY"));
}

#[test]
fn a_replica_shares_spec_usage_and_material_but_nothing_else() {
    let b = bench();
    let tags = json!([{ "TagKey": "a", "TagValue": "1" }]);
    let id = create(&b.kms, json!({ "MultiRegion": true, "Tags": tags, "Description": "d" }));
    ok(&b.kms, US, "DisableKey", json!({ "KeyId": id }));
    let replicate = json!({ "KeyId": id, "ReplicaRegion": EU });
    refused(&b.kms, US, "ReplicateKey", replicate.clone(), "DisabledException");
    ok(&b.kms, US, "EnableKey", json!({ "KeyId": id }));
    ok(&b.kms, US, "ReplicateKey", replicate);
    let (one, other) = (describe(&b.kms, US, &id), describe(&b.kms, EU, &id));
    for shared in ["KeyId", "KeySpec", "KeyUsage", "Origin", "CurrentKeyMaterialId"] {
        assert_eq!(one[shared], other[shared], "{shared}");
    }
    assert_eq!(ok(&b.kms, EU, "ListResourceTags", json!({ "KeyId": id }))["Tags"], json!([]));
}

#[test]
fn a_replica_takes_policy_tags_and_description() {
    let b = bench();
    let id = replicated(&b.kms, &[]);
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}}"#;
    let tags = json!([{ "TagKey": "Region", "TagValue": "eu" }]);
    let request = json!({
        "KeyId": id, "ReplicaRegion": EU, "Policy": policy, "Tags": tags, "Description": "eu's",
    });
    let answer = ok(&b.kms, US, "ReplicateKey", request);
    assert_eq!((&answer["ReplicaPolicy"], &answer["ReplicaTags"]), (&json!(policy), &tags));
    assert_eq!(answer["ReplicaKeyMetadata"]["Description"], "eu's");
    assert_eq!(ok(&b.kms, EU, "GetKeyPolicy", json!({ "KeyId": id }))["Policy"], policy);
    assert_ne!(ok(&b.kms, US, "GetKeyPolicy", json!({ "KeyId": id }))["Policy"], policy);
}

#[test]
fn a_region_has_one_related_key_even_one_that_is_going() {
    let b = bench();
    let id = replicated(&b.kms, &[EU]);
    for region in [EU, US] {
        let again = json!({ "KeyId": id, "ReplicaRegion": region });
        refused(&b.kms, US, "ReplicateKey", again, "AlreadyExistsException");
    }
    ok(&b.kms, EU, "ScheduleKeyDeletion", json!({ "KeyId": id, "PendingWindowInDays": 7 }));
    let again = json!({ "KeyId": id, "ReplicaRegion": EU });
    refused(&b.kms, US, "ReplicateKey", again.clone(), "AlreadyExistsException");
    b.clock.advance(7 * DAY);
    ok(&b.kms, US, "ReplicateKey", again);
}

#[test]
fn only_the_primary_replicates_and_only_multi_region_keys() {
    let b = bench();
    let id = replicated(&b.kms, &[EU]);
    let single = create(&b.kms, json!({}));
    let code = "UnsupportedOperationException";
    refused(&b.kms, EU, "ReplicateKey", json!({ "KeyId": id, "ReplicaRegion": AP }), code);
    refused(&b.kms, US, "ReplicateKey", json!({ "KeyId": single, "ReplicaRegion": AP }), code);
    refused(&b.kms, EU, "UpdatePrimaryRegion", json!({ "KeyId": id, "PrimaryRegion": US }), code);
    refused(
        &b.kms,
        US,
        "UpdatePrimaryRegion",
        json!({ "KeyId": single, "PrimaryRegion": EU }),
        code,
    );
    for region in ["Mars", "eu-west", "eu--west-1", "eu-west-1a", "a-b-c-d-1"] {
        let request = json!({ "KeyId": id, "ReplicaRegion": region });
        refused(&b.kms, US, "ReplicateKey", request, "ValidationException");
    }
    refused(&b.kms, US, "ReplicateKey", json!({ "KeyId": id }), "ValidationException");
    ok(&b.kms, US, "ReplicateKey", json!({ "KeyId": id, "ReplicaRegion": "eu-far-west-1" }));
    let other_partition = json!({ "KeyId": id, "ReplicaRegion": "us-gov-west-1" });
    refused(&b.kms, US, "ReplicateKey", other_partition, code);
}

#[test]
fn a_replica_being_created_refuses_cryptography() {
    let b = bench_with(Duration::from_secs(5), Duration::ZERO);
    let id = replicated(&b.kms, &[EU]);
    assert_eq!(describe(&b.kms, EU, &id)["KeyState"], "Creating");
    let request = json!({ "KeyId": id, "Plaintext": b64(b"x") });
    let says = refused(&b.kms, EU, "Encrypt", request.clone(), "KMSInvalidStateException");
    assert_eq!(says, format!("{} is creating.", arn(EU, &id)));
    refused(
        &b.kms,
        EU,
        "TagResource",
        json!({ "KeyId": id, "Tags": [] }),
        "KMSInvalidStateException",
    );
    b.clock.advance(Duration::from_secs(5));
    ok(&b.kms, EU, "Encrypt", request);
}

#[test]
fn while_the_primary_changes_cryptography_works_and_changes_do_not() {
    let b = bench_with(Duration::ZERO, Duration::from_secs(5));
    let id = replicated(&b.kms, &[EU]);
    let request = json!({ "KeyId": id, "PrimaryRegion": EU });
    assert_eq!(ok(&b.kms, US, "UpdatePrimaryRegion", request), json!({}));
    for region in [US, EU] {
        assert_eq!(describe(&b.kms, region, &id)["KeyState"], "Updating");
        ok(&b.kms, region, "Encrypt", json!({ "KeyId": id, "Plaintext": b64(b"x") }));
        for operation in ["EnableKey", "DisableKey", "ScheduleKeyDeletion"] {
            let request = json!({ "KeyId": id });
            let says = refused(&b.kms, region, operation, request, "KMSInvalidStateException");
            assert_eq!(says, format!("{} is updating.", arn(region, &id)));
        }
    }
    let replicate = json!({ "KeyId": id, "ReplicaRegion": AP });
    refused(&b.kms, EU, "ReplicateKey", replicate.clone(), "KMSInvalidStateException");
    b.clock.advance(Duration::from_secs(5));
    let configuration = &describe(&b.kms, EU, &id)["MultiRegionConfiguration"];
    assert_eq!(configuration["MultiRegionKeyType"], "PRIMARY");
    assert_eq!(configuration["ReplicaKeys"], json!([{ "Arn": arn(US, &id), "Region": US }]));
    ok(&b.kms, EU, "ReplicateKey", replicate.clone());
    refused(&b.kms, US, "ReplicateKey", replicate, "UnsupportedOperationException");
}

#[test]
fn the_new_primary_must_be_an_enabled_replica() {
    let b = bench();
    let id = replicated(&b.kms, &[EU]);
    let to = |region: &str| json!({ "KeyId": id, "PrimaryRegion": region });
    refused(&b.kms, US, "UpdatePrimaryRegion", to(AP), "NotFoundException");
    refused(&b.kms, US, "UpdatePrimaryRegion", to(US), "UnsupportedOperationException");
    ok(&b.kms, EU, "DisableKey", json!({ "KeyId": id }));
    let says = refused(&b.kms, US, "UpdatePrimaryRegion", to(EU), "DisabledException");
    assert_eq!(says, format!("{} is disabled.", arn(EU, &id)));
}

#[test]
fn a_primary_with_replicas_waits_for_them_before_its_period_begins() {
    let b = bench();
    let id = replicated(&b.kms, &[EU]);
    let request = json!({ "KeyId": id, "PendingWindowInDays": 10 });
    let scheduled = ok(&b.kms, US, "ScheduleKeyDeletion", request);
    assert_eq!(scheduled["KeyState"], "PendingReplicaDeletion");
    assert!(scheduled.get("DeletionDate").is_none());
    let key = describe(&b.kms, US, &id);
    assert_eq!(key["PendingDeletionWindowInDays"], 10);
    assert!(key.get("DeletionDate").is_none());
    ok(&b.kms, EU, "ScheduleKeyDeletion", json!({ "KeyId": id, "PendingWindowInDays": 7 }));
    b.clock.advance(8 * DAY);
    let key = describe(&b.kms, US, &id);
    assert_eq!(key["KeyState"], "PendingDeletion");
    assert_eq!(key["DeletionDate"].as_f64(), Some(seconds(&b) + 9.0 * 86_400.0));
    assert!(key.get("PendingDeletionWindowInDays").is_none());
}
