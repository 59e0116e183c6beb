use super::*;
use crate::clock::ManualClock;
use crate::entropy::SeededEntropy;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// A KMS whose changes are kept, or refused.
struct Saved {
    kms: LabKms,
    clock: ManualClock,
    last: Arc<Mutex<Option<Vec<u8>>>>,
    broken: Arc<AtomicBool>,
}

fn saved() -> Saved {
    let (last, broken) = (Arc::new(Mutex::new(None)), Arc::new(AtomicBool::new(false)));
    let clock = ManualClock::default();
    let (kept, failing) = (Arc::clone(&last), Arc::clone(&broken));
    let on_change = move |snapshot: &[u8]| {
        if failing.load(Ordering::SeqCst) {
            return Err(io::Error::other("the disk is full"));
        }
        *kept.lock().unwrap() = Some(snapshot.to_vec());
        Ok(())
    };
    let kms = LabKms::builder()
        .clock(Arc::new(clock.clone()))
        .entropy(Arc::new(SeededEntropy::new(2)))
        .on_change(Arc::new(on_change))
        .build();
    Saved { kms, clock, last, broken }
}

fn restored(snapshot: &[u8], clock: &ManualClock) -> LabKms {
    let builder = LabKms::builder().clock(Arc::new(clock.clone()));
    builder.entropy(Arc::new(SeededEntropy::new(3))).restore(snapshot).unwrap().build()
}

#[test]
fn a_snapshot_holds_everything() {
    let Saved { kms, clock, .. } = saved();
    let tags = json!([{ "TagKey": "a", "TagValue": "b" }]);
    let id = create(&kms, json!({ "MultiRegion": true, "Tags": tags, "Description": "d" }));
    ok(&kms, US, "ReplicateKey", json!({ "KeyId": id, "ReplicaRegion": EU }));
    ok(&kms, US, "CreateAlias", json!({ "AliasName": "alias/a", "TargetKeyId": id }));
    ok(&kms, US, "EnableKeyRotation", json!({ "KeyId": id, "RotationPeriodInDays": 90 }));
    let old = ok(&kms, US, "Encrypt", json!({ "KeyId": id, "Plaintext": b64(b"old") }));
    ok(&kms, US, "RotateKeyOnDemand", json!({ "KeyId": id }));
    let new = ok(&kms, US, "Encrypt", json!({ "KeyId": id, "Plaintext": b64(b"new") }));
    let policy =
        r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#;
    ok(&kms, EU, "PutKeyPolicy", json!({ "KeyId": id, "Policy": policy }));
    let grant = json!({
        "KeyId": id, "GranteePrincipal": "arn:aws:iam::1:role/x", "Operations": ["Encrypt"],
        "Constraints": { "EncryptionContextEquals": { "a": "b" } },
    });
    let token = ok(&kms, US, "CreateGrant", grant)["GrantToken"].clone();
    ok(&kms, EU, "DisableKey", json!({ "KeyId": id }));
    let sign = create(&kms, json!({ "KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY" }));
    let mac = create(&kms, json!({ "KeySpec": "HMAC_512", "KeyUsage": "GENERATE_VERIFY_MAC" }));
    ok(&kms, US, "ScheduleKeyDeletion", json!({ "KeyId": create(&kms, json!({})) }));

    let again = restored(&kms.snapshot().unwrap(), &clock);
    for (region, operation, request) in [
        (US, "ListKeys", json!({})),
        (EU, "ListKeys", json!({})),
        (US, "ListAliases", json!({})),
        (US, "DescribeKey", json!({ "KeyId": id })),
        (EU, "DescribeKey", json!({ "KeyId": id })),
        (US, "ListResourceTags", json!({ "KeyId": id })),
        (EU, "GetKeyPolicy", json!({ "KeyId": id })),
        (US, "ListGrants", json!({ "KeyId": id })),
        (US, "GetKeyRotationStatus", json!({ "KeyId": id })),
        (US, "ListKeyRotations", json!({ "KeyId": id })),
        (US, "GetPublicKey", json!({ "KeyId": sign })),
        (US, "Decrypt", json!({ "CiphertextBlob": old["CiphertextBlob"] })),
        (US, "Decrypt", json!({ "CiphertextBlob": new["CiphertextBlob"] })),
        (
            US,
            "GenerateMac",
            json!({ "KeyId": mac, "Message": b64(b"m"), "MacAlgorithm": "HMAC_SHA_512" }),
        ),
    ] {
        let before = ok(&kms, region, operation, request.clone());
        assert_eq!(ok(&again, region, operation, request), before, "{operation} in {region}");
    }
    let request = json!({ "KeyId": id, "Plaintext": b64(b"x"), "GrantTokens": [token] });
    refused(&again, US, "Encrypt", request, "AccessDeniedException");
    assert_eq!(*again.snapshot().unwrap(), *kms.snapshot().unwrap());
}

#[test]
fn every_change_is_saved_before_it_is_answered_and_nothing_else_is() {
    let s = saved();
    let id = create(&s.kms, json!({}));
    let take = || s.last.lock().unwrap().take();
    let again = restored(&take().unwrap(), &s.clock);
    assert_eq!(describe(&again, US, &id), describe(&s.kms, US, &id));
    ok(&s.kms, US, "Encrypt", json!({ "KeyId": id, "Plaintext": b64(b"x") }));
    refused(&s.kms, EU, "DisableKey", json!({ "KeyId": id }), "NotFoundException");
    let dry = json!({
        "KeyId": id, "GranteePrincipal": "arn:x", "Operations": ["Encrypt"], "DryRun": true,
    });
    refused(&s.kms, US, "CreateGrant", dry, "DryRunOperationException");
    assert!(take().is_none());
    for (operation, request) in [
        ("DisableKey", json!({ "KeyId": id })),
        ("EnableKey", json!({ "KeyId": id })),
        ("CreateAlias", json!({ "AliasName": "alias/a", "TargetKeyId": id })),
        ("RotateKeyOnDemand", json!({ "KeyId": id })),
    ] {
        ok(&s.kms, US, operation, request);
        assert_eq!(take().unwrap(), **s.kms.snapshot().unwrap(), "{operation}");
    }
}

#[test]
fn a_change_that_cannot_be_saved_is_undone() {
    let s = saved();
    let id = create(&s.kms, json!({ "MultiRegion": true }));
    let before = s.kms.snapshot().unwrap();
    s.broken.store(true, Ordering::SeqCst);
    for (operation, request) in [
        ("CreateKey", json!({})),
        ("ReplicateKey", json!({ "KeyId": id, "ReplicaRegion": EU })),
        ("RotateKeyOnDemand", json!({ "KeyId": id })),
        ("DisableKey", json!({ "KeyId": id })),
        ("TagResource", json!({ "KeyId": id, "Tags": [{ "TagKey": "a", "TagValue": "b" }] })),
    ] {
        let says = refused(&s.kms, US, operation, request, "KMSInternalException");
        assert!(says.contains("the disk is full"), "{says}");
        assert_eq!(*s.kms.snapshot().unwrap(), *before, "{operation}");
    }
    assert!(s.kms.create_key(US, true, "").is_err(), "typed calls too");
    ok(&s.kms, US, "Encrypt", json!({ "KeyId": id, "Plaintext": b64(b"x") }));
    s.broken.store(false, Ordering::SeqCst);
    ok(&s.kms, US, "DisableKey", json!({ "KeyId": id }));
}

#[test]
fn material_that_time_brings_is_saved_before_it_is_used() {
    let s = saved();
    let id = create(&s.kms, json!({}));
    ok(&s.kms, US, "EnableKeyRotation", json!({ "KeyId": id, "RotationPeriodInDays": 90 }));
    s.clock.advance(90 * DAY);
    s.broken.store(true, Ordering::SeqCst);
    let request = json!({ "KeyId": id, "Plaintext": b64(b"x") });
    refused(&s.kms, US, "Encrypt", request.clone(), "KMSInternalException");
    s.broken.store(false, Ordering::SeqCst);
    let made = ok(&s.kms, US, "Encrypt", request);
    let saved = s.last.lock().unwrap().take().unwrap();
    let again = restored(&saved, &s.clock);
    let opened = ok(&again, US, "Decrypt", json!({ "CiphertextBlob": made["CiphertextBlob"] }));
    assert_eq!(bytes(&opened["Plaintext"]), b"x");
}

#[test]
fn what_is_no_snapshot_is_refused() {
    let kms = bench().kms;
    create(&kms, json!({}));
    let snapshot = kms.snapshot().unwrap();
    let refused = |bytes: &[u8]| LabKms::builder().restore(bytes).unwrap_err();
    for at in [0, 1, 10, snapshot.len() / 2, snapshot.len() - 1] {
        assert_eq!(refused(&snapshot[..at]).kind(), itemseal::ErrorKind::Malformed, "{at}");
    }
    let mut later = snapshot.to_vec();
    let version = later.windows(7).position(|bytes| bytes == b"version").unwrap() + 7;
    assert_eq!(later[version], 1);
    later[version] = 2;
    let says = refused(&later).to_string();
    assert!(says.contains("version 2"), "{says}");
}

#[test]
fn a_restored_kms_has_the_snapshots_account() {
    let builder = LabKms::builder().account("999988887777");
    let kms = builder.build();
    let id = create(&kms, json!({}));
    let again = LabKms::builder().restore(&kms.snapshot().unwrap()).unwrap().build();
    assert_eq!(describe(&again, US, &id)["AWSAccountId"], "999988887777");
}
