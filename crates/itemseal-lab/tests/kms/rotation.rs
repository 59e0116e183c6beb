use aws_sdk_kms::operation::get_key_rotation_status::GetKeyRotationStatusOutput;
use aws_sdk_kms::primitives::DateTime;
use aws_sdk_kms::types::{RotationType, RotationsListEntry};
use itemseal_lab::clock::Clock;

use super::*;

const ROTATING: [&str; 3] = ["EnableKeyRotation", "DisableKeyRotation", "RotateKeyOnDemand"];

async fn material(keys: &Keys, region: &str, id: &str) -> String {
    keys.describe(region, id).await.current_key_material_id.unwrap()
}

async fn status(keys: &Keys, region: &str, id: &str) -> GetKeyRotationStatusOutput {
    keys.at(region).get_key_rotation_status().key_id(id).send().await.unwrap()
}

async fn rotations(keys: &Keys, region: &str, id: &str) -> Vec<RotationsListEntry> {
    let listed = keys.at(region).list_key_rotations().key_id(id).send().await.unwrap();
    listed.rotations.unwrap()
}

async fn enable(keys: &Keys, id: &str, days: i32) {
    let request = keys.us.enable_key_rotation().key_id(id).rotation_period_in_days(days);
    request.send().await.unwrap();
}

#[tokio::test]
async fn old_and_new_ciphertexts_open_in_all_regions_after_a_rotation() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    let mut sealed = Vec::new();
    for _ in 0..3 {
        sealed.extend([keys.seal(US, &id).await, keys.seal(EU, &id).await]);
        let rotated = keys.us.rotate_key_on_demand().key_id(&id).send().await.unwrap();
        assert_eq!(rotated.key_id, Some(arn(US, &id)));
    }
    // A replica made later has the older materials too.
    keys.call(US, "ReplicateKey", &id).await.unwrap();
    for (region, sealed) in sealed.iter().flat_map(|blob| [US, EU, AP].map(|r| (r, blob))) {
        assert_eq!(keys.open(region, sealed).await.unwrap(), b"secret");
    }
}

#[tokio::test]
async fn new_material_is_used_in_all_regions_at_once() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    let old = material(&keys, US, &id).await;
    keys.call(US, "RotateKeyOnDemand", &id).await.unwrap();
    let new = material(&keys, US, &id).await;
    assert_ne!(old, new);
    assert_eq!(new.len(), 64);
    assert_eq!(material(&keys, EU, &id).await, new);
    for region in [US, EU] {
        let made = keys.at(region).generate_data_key().key_id(&id).number_of_bytes(32);
        assert_eq!(made.send().await.unwrap().key_material_id, Some(new.clone()));
    }
}

#[tokio::test]
async fn only_the_primary_rotates() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    for operation in ROTATING {
        let (code, _) = keys.call(EU, operation, &id).await.unwrap_err();
        assert_eq!(code, "UnsupportedOperationException", "{operation}");
        assert_eq!(keys.call(US, operation, &id).await, Ok(()), "{operation}");
    }
}

#[tokio::test]
async fn the_status_of_rotation_is_shared() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    for region in [US, EU] {
        let status = status(&keys, region, &id).await;
        assert!(!status.key_rotation_enabled);
        assert_eq!((status.rotation_period_in_days, status.next_rotation_date), (None, None));
    }
    enable(&keys, &id, 90).await;
    let next = keys.bench.clock.now_micros() / 1_000_000 + 90 * 86_400;
    for region in [US, EU] {
        let status = status(&keys, region, &id).await;
        assert!(status.key_rotation_enabled, "{region}");
        assert_eq!(status.rotation_period_in_days, Some(90));
        assert_eq!(status.next_rotation_date, Some(DateTime::from_secs(next)));
    }
    keys.call(US, "DisableKeyRotation", &id).await.unwrap();
    assert!(!status(&keys, EU, &id).await.key_rotation_enabled);
}

#[tokio::test]
async fn the_period_is_90_to_2560_days_and_365_if_not_given() {
    let keys = keys();
    let id = keys.key(&[]).await;
    for days in [89, 2_561] {
        let refused = keys.us.enable_key_rotation().key_id(&id).rotation_period_in_days(days);
        denied("ValidationException", refused.send().await);
    }
    assert!(!status(&keys, US, &id).await.key_rotation_enabled);
    for days in [90, 2_560] {
        enable(&keys, &id, days).await;
        assert_eq!(status(&keys, US, &id).await.rotation_period_in_days, Some(days));
    }
    keys.call(US, "EnableKeyRotation", &id).await.unwrap();
    assert_eq!(status(&keys, US, &id).await.rotation_period_in_days, Some(365));
}

#[tokio::test]
async fn a_key_rotates_by_itself_after_each_period() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    let first = material(&keys, EU, &id).await;
    let sealed = keys.seal(EU, &id).await;
    enable(&keys, &id, 90).await;
    keys.pass(90 * DAY - Duration::from_millis(1));
    assert_eq!(material(&keys, EU, &id).await, first);
    keys.pass(Duration::from_millis(1));
    let second = material(&keys, EU, &id).await;
    assert_ne!(second, first);
    assert_eq!(material(&keys, US, &id).await, second);
    keys.pass(180 * DAY);
    let listed = rotations(&keys, EU, &id).await;
    assert_eq!(listed.len(), 3);
    assert!(listed.iter().all(|r| r.rotation_type == Some(RotationType::Automatic)));
    assert_eq!(keys.open(US, &sealed).await.unwrap(), b"secret");
}

#[tokio::test]
async fn rotations_are_listed_in_every_region() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    keys.call(US, "RotateKeyOnDemand", &id).await.unwrap();
    let current = material(&keys, US, &id).await;
    for region in [US, EU] {
        let listed = rotations(&keys, region, &id).await;
        assert_eq!(listed.len(), 1, "the first material was not rotated to");
        assert_eq!(listed[0].rotation_type, Some(RotationType::OnDemand));
        assert_eq!(listed[0].key_material_id, Some(current.clone()));
        assert!(listed[0].rotation_date.is_some());
    }
}

#[tokio::test]
async fn a_key_rotates_on_demand_25_times() {
    let keys = keys();
    let id = keys.single().await;
    for _ in 0..25 {
        assert_eq!(keys.call(US, "RotateKeyOnDemand", &id).await, Ok(()));
    }
    let refused = keys.us.rotate_key_on_demand().key_id(&id).send().await;
    denied("LimitExceededException", refused);
}

#[tokio::test]
async fn on_demand_is_a_conflict_within_20_minutes_of_an_automatic_rotation() {
    let keys = keys();
    let id = keys.key(&[]).await;
    enable(&keys, &id, 90).await;
    let rotate = || keys.us.rotate_key_on_demand().key_id(&id).send();
    keys.pass(90 * DAY - 21 * MINUTE);
    rotate().await.unwrap();
    keys.pass(2 * MINUTE);
    denied("ConflictException", rotate().await);
    keys.pass(19 * MINUTE);
    rotate().await.unwrap();
}

#[tokio::test]
async fn disabled_and_pending_keys_do_not_rotate() {
    let keys = keys();
    let id = keys.key(&[]).await;
    let first = material(&keys, US, &id).await;
    enable(&keys, &id, 90).await;
    keys.call(US, "DisableKey", &id).await.unwrap();
    for operation in ROTATING {
        assert_eq!(keys.call(US, operation, &id).await, is_disabled(US, &id), "{operation}");
    }
    keys.pass(200 * DAY);
    assert_eq!(material(&keys, US, &id).await, first);
    keys.schedule(US, &id, 30).await;
    for operation in ROTATING {
        assert_eq!(keys.call(US, operation, &id).await, is_pending(US, &id), "{operation}");
    }
    assert!(!status(&keys, US, &id).await.key_rotation_enabled, "while pending deletion");
    assert_eq!(material(&keys, US, &id).await, first);
    // Enabled again, it makes up for all that it missed with one rotation.
    keys.call(US, "CancelKeyDeletion", &id).await.unwrap();
    keys.call(US, "EnableKey", &id).await.unwrap();
    assert_eq!(rotations(&keys, US, &id).await.len(), 1);
    assert_ne!(material(&keys, US, &id).await, first);
}

#[tokio::test]
async fn only_symmetric_encryption_keys_rotate() {
    let keys = keys();
    let id = keys.key_for(KeySpec::Hmac256, KeyUsageType::GenerateVerifyMac).await;
    for operation in ROTATING {
        let (code, _) = keys.call(US, operation, &id).await.unwrap_err();
        assert_eq!(code, "UnsupportedOperationException", "{operation}");
    }
}
