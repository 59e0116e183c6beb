use aws_sdk_kms::primitives::DateTime;
use itemseal_lab::clock::Clock;

use super::*;

fn in_days(keys: &Keys, days: i64) -> DateTime {
    DateTime::from_secs(keys.bench.clock.now_micros() / 1_000_000 + days * 86_400)
}

#[tokio::test]
async fn the_waiting_period_is_7_to_30_days_and_30_if_not_given() {
    let keys = keys();
    let id = keys.key(&[]).await;
    let schedule = || keys.us.schedule_key_deletion().key_id(&id);
    for days in [6, 31] {
        let refused = schedule().pending_window_in_days(days).send().await;
        denied("ValidationException", refused);
    }
    let scheduled = schedule().send().await.unwrap();
    assert_eq!(scheduled.key_id, Some(arn(US, &id)));
    assert_eq!(scheduled.key_state, Some(KeyState::PendingDeletion));
    assert_eq!(scheduled.pending_window_in_days, Some(30));
    assert_eq!(scheduled.deletion_date, Some(in_days(&keys, 30)));
    let described = keys.describe(US, &id).await;
    assert_eq!(described.deletion_date, Some(in_days(&keys, 30)));
    assert_eq!(described.pending_deletion_window_in_days, None);
    for days in [7, 30] {
        keys.call(US, "CancelKeyDeletion", &id).await.unwrap();
        let scheduled = schedule().pending_window_in_days(days).send().await.unwrap();
        assert_eq!(scheduled.deletion_date, Some(in_days(&keys, days.into())));
    }
}

#[tokio::test]
async fn a_key_is_gone_after_its_waiting_period_and_what_it_encrypted_with_it() {
    let keys = keys();
    let id = keys.key(&[]).await;
    let sealed = keys.seal(US, &id).await;
    keys.schedule(US, &id, 7).await;
    keys.pass(7 * DAY - Duration::from_millis(1));
    assert_eq!(keys.state(US, &id).await, KeyState::PendingDeletion);
    keys.pass(Duration::from_millis(1));
    denied("NotFoundException", keys.us.describe_key().key_id(&id).send().await);
    denied("NotFoundException", keys.us.cancel_key_deletion().key_id(&id).send().await);
    let (code, text) = keys.open(US, &sealed).await.unwrap_err();
    assert_eq!(code, "AccessDeniedException");
    assert!(text.starts_with(ciphertexts::NO_KEY), "{text}");
    assert!(keys.us.list_keys().send().await.unwrap().keys().is_empty());
}

#[tokio::test]
async fn a_primary_with_replicas_waits_for_them_and_shows_its_window() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    let scheduled = keys.us.schedule_key_deletion().key_id(&id).pending_window_in_days(10);
    let scheduled = scheduled.send().await.unwrap();
    assert_eq!(scheduled.key_state, Some(KeyState::PendingReplicaDeletion));
    assert_eq!(scheduled.deletion_date, None);
    assert_eq!(scheduled.pending_window_in_days, Some(10));
    keys.pass(100 * DAY);
    let described = keys.describe(US, &id).await;
    assert_eq!(described.key_state, Some(KeyState::PendingReplicaDeletion));
    assert_eq!(described.deletion_date, None);
    assert_eq!(described.pending_deletion_window_in_days, Some(10));
    assert_eq!(keys.state(EU, &id).await, KeyState::Enabled, "the replica goes on");
}

#[tokio::test]
async fn a_primarys_own_period_begins_when_the_last_replica_is_gone() {
    let keys = keys();
    let id = keys.key(&[EU, AP]).await;
    keys.schedule(US, &id, 10).await;
    keys.schedule(EU, &id, 7).await;
    keys.schedule(AP, &id, 9).await;
    let gone = in_days(&keys, 9 + 10);
    keys.pass(8 * DAY);
    denied("NotFoundException", keys.eu.describe_key().key_id(&id).send().await);
    assert_eq!(keys.state(US, &id).await, KeyState::PendingReplicaDeletion, "one is still there");
    // Nobody looks on the day itself.
    keys.pass(3 * DAY);
    let described = keys.describe(US, &id).await;
    assert_eq!(described.key_state, Some(KeyState::PendingDeletion));
    assert_eq!(described.deletion_date, Some(gone));
    assert_eq!(described.pending_deletion_window_in_days, None);
    keys.pass(8 * DAY);
    denied("NotFoundException", keys.us.describe_key().key_id(&id).send().await);
}

#[tokio::test]
async fn a_primary_whose_replica_stays_waits_on() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    keys.schedule(US, &id, 7).await;
    keys.schedule(EU, &id, 7).await;
    keys.call(EU, "CancelKeyDeletion", &id).await.unwrap();
    keys.pass(60 * DAY);
    assert_eq!(keys.state(US, &id).await, KeyState::PendingReplicaDeletion);
    assert_eq!(keys.state(EU, &id).await, KeyState::Disabled);
}

#[tokio::test]
async fn a_replica_may_go_at_any_time_and_the_others_stay() {
    let keys = keys();
    let id = keys.key(&[EU, AP]).await;
    let sealed = keys.seal(EU, &id).await;
    let scheduled = keys.eu.schedule_key_deletion().key_id(&id).pending_window_in_days(7);
    let scheduled = scheduled.send().await.unwrap();
    assert_eq!(scheduled.key_state, Some(KeyState::PendingDeletion));
    assert_eq!(scheduled.deletion_date, Some(in_days(&keys, 7)));
    keys.pass(7 * DAY);
    let (code, _) = keys.open(EU, &sealed).await.unwrap_err();
    assert_eq!(code, "AccessDeniedException");
    for region in [US, AP] {
        assert_eq!(keys.open(region, &sealed).await.unwrap(), b"secret");
        let all = keys.describe(region, &id).await.multi_region_configuration.unwrap();
        assert_eq!(all.replica_keys()[0].region(), Some(AP));
        assert_eq!(all.replica_keys().len(), 1);
    }
}

#[tokio::test]
async fn a_cancelled_deletion_leaves_the_key_disabled() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    for region in [US, EU] {
        keys.schedule(region, &id, 7).await;
        let cancelled = keys.at(region).cancel_key_deletion().key_id(&id).send().await.unwrap();
        assert_eq!(cancelled.key_id, Some(arn(region, &id)));
        let described = keys.describe(region, &id).await;
        assert_eq!(described.key_state, Some(KeyState::Disabled));
        assert_eq!(
            (described.deletion_date, described.pending_deletion_window_in_days),
            (None, None)
        );
    }
    keys.pass(40 * DAY);
    assert_eq!(keys.call(US, "EnableKey", &id).await, Ok(()), "it was not deleted");
}

#[tokio::test]
async fn what_is_not_pending_deletion_cannot_be_cancelled() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    let says = "is not pending deletion (or pending replica deletion).";
    let expected = invalid_state(US, &id, says);
    assert_eq!(keys.call(US, "CancelKeyDeletion", &id).await, expected);
    keys.call(US, "DisableKey", &id).await.unwrap();
    assert_eq!(keys.call(US, "CancelKeyDeletion", &id).await, expected);
    keys.schedule(EU, &id, 7).await;
    assert_eq!(keys.call(US, "CancelKeyDeletion", &id).await, expected, "another Region's is not");
}
