use super::*;
use crate::clock::{Clock, DAY_MICROS};
use crate::kms::KeyState;

#[test]
fn the_waiting_period_is_7_to_30_days_and_30_if_not_given() {
    let b = bench();
    let key = mrk(&b, &[]);
    for days in [0, 6, 31] {
        let refused = b.kms.schedule_key_deletion(US, &key.key_id, Some(days));
        assert_eq!(code(refused), "ValidationException");
    }
    let scheduled = b.kms.schedule_key_deletion(US, &key.key_id, None).unwrap();
    assert_eq!(scheduled.key_id, key.arn);
    assert_eq!((scheduled.state, scheduled.pending_window_days), (KeyState::PendingDeletion, 30));
    assert_eq!(scheduled.deletion_micros, Some(b.clock.now_micros() + 30 * DAY_MICROS));
    let described = b.kms.describe_key(US, &key.key_id).unwrap();
    assert_eq!(described.deletion_micros, scheduled.deletion_micros);
}

#[test]
fn a_key_is_gone_after_its_waiting_period_and_what_it_encrypted_with_it() {
    let b = bench();
    let key = mrk(&b, &[]);
    let made = b.kms.encrypt(US, &key.key_id, b"x", &none()).unwrap().ciphertext;
    b.kms.schedule_key_deletion(US, &key.key_id, Some(7)).unwrap();
    b.clock.advance(7 * DAY - Duration::from_micros(1));
    assert_eq!(b.kms.describe_key(US, &key.key_id).unwrap().state, KeyState::PendingDeletion);
    b.clock.advance(Duration::from_micros(1));
    assert_eq!(code(b.kms.describe_key(US, &key.key_id)), "NotFoundException");
    assert_eq!(code(b.kms.decrypt(US, None, &made, &none())), "AccessDeniedException");
    assert_eq!(code(b.kms.decrypt(US, Some(&key.arn), &made, &none())), "NotFoundException");
    assert_eq!(code(b.kms.cancel_key_deletion(US, &key.key_id)), "NotFoundException");
}

#[test]
fn a_primary_waits_for_its_replicas_and_then_its_own_period_begins() {
    let b = bench();
    let key = mrk(&b, &[EU, AP]);
    let describe = || b.kms.describe_key(US, &key.key_id);
    let scheduled = b.kms.schedule_key_deletion(US, &key.key_id, Some(10)).unwrap();
    assert_eq!(scheduled.state, KeyState::PendingReplicaDeletion);
    assert_eq!((scheduled.deletion_micros, scheduled.pending_window_days), (None, 10));
    b.clock.advance(100 * DAY);
    let described = describe().unwrap();
    assert_eq!(described.state, KeyState::PendingReplicaDeletion, "replicas are still there");
    assert_eq!(
        (described.deletion_micros, described.pending_deletion_window_days),
        (None, Some(10))
    );

    b.kms.schedule_key_deletion(EU, &key.key_id, Some(7)).unwrap();
    b.kms.schedule_key_deletion(AP, &key.key_id, Some(9)).unwrap();
    let gone = b.clock.now_micros() + 9 * DAY_MICROS;
    b.clock.advance(8 * DAY);
    assert_eq!(describe().unwrap().state, KeyState::PendingReplicaDeletion, "one is still there");
    b.clock.advance(5 * DAY);
    let described = describe().unwrap();
    assert_eq!(described.state, KeyState::PendingDeletion);
    assert_eq!(
        described.deletion_micros,
        Some(gone + 10 * DAY_MICROS),
        "from the last one's going"
    );
    b.clock.advance(6 * DAY);
    assert_eq!(code(describe()), "NotFoundException");
}

#[test]
fn a_primary_and_its_replicas_can_go_while_nobody_looks() {
    let b = bench();
    let key = mrk(&b, &[EU]);
    b.kms.schedule_key_deletion(US, &key.key_id, Some(7)).unwrap();
    b.kms.schedule_key_deletion(EU, &key.key_id, Some(7)).unwrap();
    b.clock.advance(14 * DAY);
    assert_eq!(code(b.kms.describe_key(US, &key.key_id)), "NotFoundException");
}

#[test]
fn a_replica_may_go_at_any_time_and_the_others_stay() {
    let b = bench();
    let key = mrk(&b, &[EU, AP]);
    let made = b.kms.encrypt(EU, &key.key_id, b"x", &none()).unwrap().ciphertext;
    let scheduled = b.kms.schedule_key_deletion(EU, &key.key_id, Some(7)).unwrap();
    assert_eq!(scheduled.state, KeyState::PendingDeletion);
    b.clock.advance(7 * DAY);
    assert_eq!(code(b.kms.decrypt(EU, None, &made, &none())), "AccessDeniedException");
    b.kms.decrypt(AP, None, &made, &none()).unwrap();
    let all = b.kms.describe_key(US, &key.key_id).unwrap().multi_region.unwrap();
    assert_eq!(all.replicas.len(), 1);
}

#[test]
fn a_cancelled_deletion_leaves_the_key_disabled() {
    let b = bench();
    let key = mrk(&b, &[EU]);
    for region in [EU, US] {
        b.kms.schedule_key_deletion(region, &key.key_id, None).unwrap();
        let cancelled = b.kms.cancel_key_deletion(region, &key.key_id).unwrap();
        assert_eq!(cancelled, arn(region, &key.key_id));
        assert_eq!(b.kms.describe_key(region, &key.key_id).unwrap().state, KeyState::Disabled);
    }
    b.clock.advance(40 * DAY);
    b.kms.enable_key(US, &key.key_id).unwrap();
}

#[test]
fn what_is_not_pending_deletion_cannot_be_cancelled() {
    let b = bench();
    let key = mrk(&b, &[]);
    let (code_, text) = code_and_text(b.kms.cancel_key_deletion(US, &key.key_id));
    assert_eq!(code_, "KMSInvalidStateException");
    assert!(text.contains("is not pending deletion (or pending replica deletion)"), "{text}");
}
