use super::*;
use std::time::Duration;

fn status(kms: &LabKms, region: &str, id: &str) -> Value {
    ok(kms, region, "GetKeyRotationStatus", json!({ "KeyId": id }))
}

fn rotations(kms: &LabKms, region: &str, id: &str) -> Vec<Value> {
    let listed = ok(kms, region, "ListKeyRotations", json!({ "KeyId": id }));
    listed["Rotations"].as_array().unwrap().clone()
}

fn material(kms: &LabKms, region: &str, id: &str) -> String {
    text(&describe(kms, region, id)["CurrentKeyMaterialId"])
}

#[test]
fn automatic_rotation_is_off_until_enabled_on_the_primary_for_all_regions() {
    let b = bench();
    let id = replicated(&b.kms, &[EU]);
    let off = json!({ "KeyId": id, "KeyRotationEnabled": false });
    assert_eq!(status(&b.kms, US, &id), off);
    let code = "UnsupportedOperationException";
    for operation in ["EnableKeyRotation", "DisableKeyRotation", "RotateKeyOnDemand"] {
        refused(&b.kms, EU, operation, json!({ "KeyId": id }), code);
    }
    assert_eq!(ok(&b.kms, US, "EnableKeyRotation", json!({ "KeyId": id })), json!({}));
    let on = json!({
        "KeyId": id, "KeyRotationEnabled": true, "RotationPeriodInDays": 365,
        "NextRotationDate": seconds(&b) + 365.0 * 86_400.0,
    });
    for region in [US, EU] {
        assert_eq!(status(&b.kms, region, &id), on);
    }
    let period = json!({ "KeyId": id, "RotationPeriodInDays": 90 });
    ok(&b.kms, US, "EnableKeyRotation", period);
    assert_eq!(status(&b.kms, EU, &id)["RotationPeriodInDays"], 90);
    ok(&b.kms, US, "DisableKeyRotation", json!({ "KeyId": id }));
    assert_eq!(status(&b.kms, EU, &id), off);
}

#[test]
fn the_period_is_90_to_2560_days() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    for (days, right) in [(89, false), (90, true), (2_560, true), (2_561, false), (-1, false)] {
        let request = json!({ "KeyId": id, "RotationPeriodInDays": days });
        let answer = b.kms.execute(US, "EnableKeyRotation", request);
        let code = answer.err().map(|error| error.code);
        assert_eq!(code.as_deref(), (!right).then_some("ValidationException"), "{days}");
    }
}

#[test]
fn a_key_rotates_by_the_clock_in_all_regions_at_once() {
    let b = bench();
    let id = replicated(&b.kms, &[EU]);
    let first = material(&b.kms, US, &id);
    ok(&b.kms, US, "EnableKeyRotation", json!({ "KeyId": id, "RotationPeriodInDays": 90 }));
    let enabled = seconds(&b);
    let request = json!({ "KeyId": id, "Plaintext": b64(b"old") });
    let old = ok(&b.kms, EU, "Encrypt", request)["CiphertextBlob"].clone();
    b.clock.advance(90 * DAY - Duration::from_micros(1));
    assert_eq!(material(&b.kms, EU, &id), first);
    b.clock.advance(Duration::from_micros(1));
    let second = material(&b.kms, EU, &id);
    assert_ne!(second, first);
    assert_eq!(material(&b.kms, US, &id), second);
    // Nobody looks for three periods.
    b.clock.advance(270 * DAY);
    let listed = rotations(&b.kms, EU, &id);
    let dates: Vec<f64> = listed.iter().map(|r| r["RotationDate"].as_f64().unwrap()).collect();
    let expected: Vec<f64> = (1..=4).map(|n| enabled + f64::from(n) * 90.0 * 86_400.0).collect();
    assert_eq!(dates, expected);
    assert!(listed.iter().all(|rotation| rotation["RotationType"] == "AUTOMATIC"));
    for region in [US, EU] {
        let opened = ok(&b.kms, region, "Decrypt", json!({ "CiphertextBlob": old }));
        assert_eq!(bytes(&opened["Plaintext"]), b"old");
        assert_eq!(opened["KeyMaterialId"], first);
    }
}

#[test]
fn rotations_are_listed_with_their_materials() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    let first = material(&b.kms, US, &id);
    assert_eq!(rotations(&b.kms, US, &id), Vec::<Value>::new());
    b.clock.advance(DAY);
    let answer = ok(&b.kms, US, "RotateKeyOnDemand", json!({ "KeyId": id }));
    assert_eq!(answer, json!({ "KeyId": arn(US, &id) }));
    let rotation = json!({
        "KeyId": id, "KeyMaterialId": material(&b.kms, US, &id), "KeyMaterialState": "CURRENT",
        "RotationDate": seconds(&b), "RotationType": "ON_DEMAND",
    });
    assert_eq!(rotations(&b.kms, US, &id), std::slice::from_ref(&rotation));
    let all = json!({ "KeyId": id, "IncludeKeyMaterial": "ALL_KEY_MATERIAL" });
    let created = json!({ "KeyId": id, "KeyMaterialId": first, "KeyMaterialState": "NON_CURRENT" });
    let listed = ok(&b.kms, US, "ListKeyRotations", all);
    assert_eq!(listed["Rotations"], json!([created, rotation]));
    let bad = json!({ "KeyId": id, "IncludeKeyMaterial": "SOME" });
    refused(&b.kms, US, "ListKeyRotations", bad, "ValidationException");
}

#[test]
fn a_key_rotates_on_demand_25_times_whatever_the_schedule() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    ok(&b.kms, US, "EnableKeyRotation", json!({ "KeyId": id }));
    let next = status(&b.kms, US, &id)["NextRotationDate"].clone();
    for _ in 0..25 {
        ok(&b.kms, US, "RotateKeyOnDemand", json!({ "KeyId": id }));
    }
    refused(&b.kms, US, "RotateKeyOnDemand", json!({ "KeyId": id }), "LimitExceededException");
    assert_eq!(status(&b.kms, US, &id)["NextRotationDate"], next, "the schedule stays");
}

#[test]
fn there_is_no_rotation_on_demand_within_20_minutes_of_an_automatic_one() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    ok(&b.kms, US, "EnableKeyRotation", json!({ "KeyId": id, "RotationPeriodInDays": 90 }));
    b.clock.advance(90 * DAY - Duration::from_secs(20 * 60 + 1));
    ok(&b.kms, US, "RotateKeyOnDemand", json!({ "KeyId": id }));
    b.clock.advance(Duration::from_secs(1));
    refused(&b.kms, US, "RotateKeyOnDemand", json!({ "KeyId": id }), "ConflictException");
    b.clock.advance(Duration::from_secs(20 * 60));
    ok(&b.kms, US, "RotateKeyOnDemand", json!({ "KeyId": id }));
    let kinds: Vec<Value> =
        rotations(&b.kms, US, &id).iter().map(|r| r["RotationType"].clone()).collect();
    assert_eq!(kinds, ["ON_DEMAND", "AUTOMATIC", "ON_DEMAND"]);
}

#[test]
fn a_disabled_key_rotates_once_when_it_is_enabled_again() {
    let b = bench();
    let id = replicated(&b.kms, &[EU]);
    let first = material(&b.kms, US, &id);
    ok(&b.kms, US, "EnableKeyRotation", json!({ "KeyId": id, "RotationPeriodInDays": 90 }));
    ok(&b.kms, US, "DisableKey", json!({ "KeyId": id }));
    for operation in ["EnableKeyRotation", "DisableKeyRotation", "RotateKeyOnDemand"] {
        refused(&b.kms, US, operation, json!({ "KeyId": id }), "DisabledException");
    }
    b.clock.advance(300 * DAY);
    assert_eq!(material(&b.kms, EU, &id), first);
    assert_eq!(status(&b.kms, US, &id)["KeyRotationEnabled"], true, "the status does not change");
    ok(&b.kms, US, "EnableKey", json!({ "KeyId": id }));
    let listed = rotations(&b.kms, US, &id);
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["RotationDate"].as_f64(), Some(seconds(&b)));
    assert_ne!(material(&b.kms, EU, &id), first);
}

#[test]
fn a_disabled_replica_does_not_keep_the_key_from_rotating() {
    let b = bench();
    let id = replicated(&b.kms, &[EU]);
    ok(&b.kms, US, "EnableKeyRotation", json!({ "KeyId": id, "RotationPeriodInDays": 90 }));
    ok(&b.kms, EU, "DisableKey", json!({ "KeyId": id }));
    b.clock.advance(90 * DAY);
    assert_eq!(rotations(&b.kms, US, &id).len(), 1);
}

#[test]
fn a_key_pending_deletion_does_not_rotate_and_says_so() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    ok(&b.kms, US, "EnableKeyRotation", json!({ "KeyId": id, "RotationPeriodInDays": 90 }));
    b.clock.advance(80 * DAY);
    ok(&b.kms, US, "ScheduleKeyDeletion", json!({ "KeyId": id }));
    assert_eq!(status(&b.kms, US, &id)["KeyRotationEnabled"], false);
    b.clock.advance(15 * DAY);
    assert_eq!(rotations(&b.kms, US, &id).len(), 0);
    ok(&b.kms, US, "CancelKeyDeletion", json!({ "KeyId": id }));
    assert_eq!(status(&b.kms, US, &id)["KeyRotationEnabled"], true);
    ok(&b.kms, US, "EnableKey", json!({ "KeyId": id }));
    assert_eq!(rotations(&b.kms, US, &id).len(), 1);
}

#[test]
fn rotation_goes_with_the_primary() {
    let b = bench();
    let id = replicated(&b.kms, &[EU]);
    ok(&b.kms, US, "EnableKeyRotation", json!({ "KeyId": id, "RotationPeriodInDays": 90 }));
    ok(&b.kms, US, "UpdatePrimaryRegion", json!({ "KeyId": id, "PrimaryRegion": EU }));
    refused(
        &b.kms,
        US,
        "RotateKeyOnDemand",
        json!({ "KeyId": id }),
        "UnsupportedOperationException",
    );
    ok(&b.kms, EU, "RotateKeyOnDemand", json!({ "KeyId": id }));
    ok(&b.kms, US, "DisableKey", json!({ "KeyId": id }));
    b.clock.advance(90 * DAY);
    assert_eq!(rotations(&b.kms, US, &id).len(), 2, "the old primary's state does not count");
}

#[test]
fn only_symmetric_keys_rotate() {
    let b = bench();
    for (spec, usage) in [("ECC_NIST_P256", "SIGN_VERIFY"), ("HMAC_256", "GENERATE_VERIFY_MAC")] {
        let id = create(&b.kms, json!({ "KeySpec": spec, "KeyUsage": usage }));
        for operation in [
            "EnableKeyRotation",
            "DisableKeyRotation",
            "RotateKeyOnDemand",
            "GetKeyRotationStatus",
            "ListKeyRotations",
        ] {
            let code = "UnsupportedOperationException";
            refused(&b.kms, US, operation, json!({ "KeyId": id }), code);
        }
    }
}
