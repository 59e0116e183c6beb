use aws_sdk_kms::types::MultiRegionKeyType;

use super::*;

async fn kind(keys: &Keys, region: &str, id: &str) -> MultiRegionKeyType {
    let all = keys.describe(region, id).await.multi_region_configuration.unwrap();
    all.multi_region_key_type.unwrap()
}

#[tokio::test]
async fn the_primary_changes_and_no_arn_does() {
    let keys = keys();
    let id = keys.key(&[EU, AP]).await;
    let sealed = keys.seal(US, &id).await;
    keys.call(US, "UpdatePrimaryRegion", &id).await.unwrap();
    assert_eq!(kind(&keys, EU, &id).await, MultiRegionKeyType::Primary);
    assert_eq!(kind(&keys, US, &id).await, MultiRegionKeyType::Replica);
    for region in [US, EU, AP] {
        let key = keys.describe(region, &id).await;
        assert_eq!(key.arn, Some(arn(region, &id)));
        let all = key.multi_region_configuration.unwrap();
        assert_eq!(all.primary_key.as_ref().unwrap().region(), Some(EU), "as {region} says");
        assert_eq!(all.replica_keys().len(), 2);
        assert_eq!(keys.open(region, &sealed).await.unwrap(), b"secret");
    }
}

#[tokio::test]
async fn what_only_the_primary_may_do_goes_to_the_new_one() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    keys.call(US, "UpdatePrimaryRegion", &id).await.unwrap();
    for operation in ["ReplicateKey", "RotateKeyOnDemand", "EnableKeyRotation"] {
        let (code, _) = keys.call(US, operation, &id).await.unwrap_err();
        assert_eq!(code, "UnsupportedOperationException", "{operation}");
        assert_eq!(keys.call(EU, operation, &id).await, Ok(()), "{operation}");
    }
    assert_eq!(keys.state(AP, &id).await, KeyState::Enabled);
    // And the old primary may go like any replica.
    keys.schedule(US, &id, 7).await;
    assert_eq!(keys.state(US, &id).await, KeyState::PendingDeletion);
}

#[tokio::test]
async fn the_new_primary_must_be_a_replica() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    let update = |to: &str| keys.us.update_primary_region().key_id(&id).primary_region(to).send();
    denied("NotFoundException", update(AP).await);
    denied("UnsupportedOperationException", update(US).await);
    assert_eq!(kind(&keys, US, &id).await, MultiRegionKeyType::Primary);
}

#[tokio::test]
async fn only_the_primary_is_asked_to_change() {
    let keys = keys();
    let id = keys.key(&[EU, AP]).await;
    let update = |id: &str| keys.eu.update_primary_region().key_id(id).primary_region(AP).send();
    denied("UnsupportedOperationException", update(&id).await);
    denied("NotFoundException", update(UNKNOWN).await);
    denied("InvalidArnException", update("arn:x").await);
    assert_eq!(kind(&keys, US, &id).await, MultiRegionKeyType::Primary);
}

#[tokio::test]
async fn both_keys_must_be_enabled() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    keys.call(EU, "DisableKey", &id).await.unwrap();
    assert_eq!(keys.call(US, "UpdatePrimaryRegion", &id).await, is_disabled(EU, &id));
    keys.schedule(EU, &id, 7).await;
    assert_eq!(keys.call(US, "UpdatePrimaryRegion", &id).await, is_pending(EU, &id));
    keys.call(EU, "CancelKeyDeletion", &id).await.unwrap();
    keys.call(EU, "EnableKey", &id).await.unwrap();
    keys.call(US, "DisableKey", &id).await.unwrap();
    assert_eq!(keys.call(US, "UpdatePrimaryRegion", &id).await, is_disabled(US, &id));
    keys.schedule(US, &id, 7).await;
    assert_eq!(keys.call(US, "UpdatePrimaryRegion", &id).await, is_pending(US, &id));
    assert_eq!(kind(&keys, US, &id).await, MultiRegionKeyType::Primary, "nothing has changed");
}

#[tokio::test]
async fn a_replica_that_is_creating_does_not_become_the_primary() {
    let keys = slow_keys();
    let id = keys.key(&[EU]).await;
    let creating = invalid_state(EU, &id, "is creating.");
    assert_eq!(keys.call(US, "UpdatePrimaryRegion", &id).await, creating);
}

async fn updating() -> (Keys, String) {
    let keys = slow_keys();
    let id = keys.key(&[EU]).await;
    keys.pass(MINUTE);
    keys.call(US, "UpdatePrimaryRegion", &id).await.unwrap();
    (keys, id)
}

#[tokio::test]
async fn both_keys_are_updating_and_then_enabled() {
    let (keys, id) = updating().await;
    for region in [US, EU] {
        assert_eq!(keys.state(region, &id).await, KeyState::Updating);
    }
    keys.pass(MINUTE - Duration::from_millis(1));
    assert_eq!(keys.state(US, &id).await, KeyState::Updating);
    keys.pass(Duration::from_millis(1));
    for region in [US, EU] {
        assert_eq!(keys.state(region, &id).await, KeyState::Enabled);
    }
    assert_eq!(keys.call(EU, "ReplicateKey", &id).await, Ok(()));
}

#[tokio::test]
async fn while_updating_cryptography_works() {
    let (keys, id) = updating().await;
    for region in [US, EU] {
        let sealed = keys.seal(region, &id).await;
        for opener in [US, EU] {
            assert_eq!(keys.open(opener, &sealed).await.unwrap(), b"secret");
        }
        for operation in CRYPTOGRAPHIC {
            assert_eq!(keys.call(region, operation, &id).await, Ok(()), "{operation}");
        }
    }
}

#[tokio::test]
async fn while_updating_changes_are_refused() {
    let (keys, id) = updating().await;
    for region in [US, EU] {
        let updating = invalid_state(region, &id, "is updating.");
        for operation in ["EnableKey", "DisableKey", "ScheduleKeyDeletion"] {
            assert_eq!(keys.call(region, operation, &id).await, updating, "{operation}");
        }
    }
    let updating = invalid_state(EU, &id, "is updating.");
    assert_eq!(keys.call(EU, "ReplicateKey", &id).await, updating);
    let back = keys.eu.update_primary_region().key_id(&id).primary_region(US).send().await;
    assert_eq!(back.map(drop).map_err(said), updating);
}
