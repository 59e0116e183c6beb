use super::*;
use crate::kms::KeyState;

#[test]
fn a_region_has_one_related_key_also_when_that_is_pending_deletion() {
    let b = bench();
    let key = mrk(&b, &[EU]);
    let again = || b.kms.replicate_key(US, &key.key_id, EU, "");
    assert_eq!(code(again()), "AlreadyExistsException");
    assert_eq!(code(b.kms.replicate_key(US, &key.key_id, US, "")), "AlreadyExistsException");
    b.kms.schedule_key_deletion(EU, &key.key_id, Some(7)).unwrap();
    assert_eq!(code(again()), "AlreadyExistsException");
    b.clock.advance(7 * DAY);
    assert_eq!(again().unwrap().arn, arn(EU, &key.key_id));
}

#[test]
fn only_the_primary_replicates() {
    let b = bench();
    let key = mrk(&b, &[EU]);
    let from_replica = b.kms.replicate_key(EU, &key.key_id, AP, "");
    assert_eq!(code(from_replica), "UnsupportedOperationException");
    assert_eq!(code(b.kms.describe_key(AP, &key.key_id)), "NotFoundException");
}

#[test]
fn a_single_region_key_never_replicates() {
    let b = bench();
    let key = b.kms.create_key(US, false, "").unwrap();
    let refused = b.kms.replicate_key(US, &key.key_id, EU, "");
    assert_eq!(code(refused), "UnsupportedOperationException");
    assert_eq!(code(b.kms.describe_key(EU, &key.key_id)), "NotFoundException");
}

#[test]
fn a_replica_has_its_own_description_and_state() {
    let b = bench();
    let key = b.kms.create_key(US, true, "of the primary").unwrap();
    let replica = b.kms.replicate_key(US, &key.key_id, EU, "").unwrap();
    assert_eq!(replica.description, "");
    let other = b.kms.replicate_key(US, &key.key_id, AP, "mine").unwrap();
    assert_eq!(other.description, "mine");
    b.kms.disable_key(EU, &key.key_id).unwrap();
    let state = |region| b.kms.describe_key(region, &key.key_id).unwrap().state;
    assert_eq!(
        [state(US), state(EU), state(AP)].map(|s| s == KeyState::Enabled),
        [true, false, true]
    );
}

#[test]
fn a_replica_works_while_the_primary_is_disabled() {
    let b = bench();
    let key = mrk(&b, &[EU]);
    let made = b.kms.generate_data_key(US, &key.key_id, 32, &none()).unwrap();
    b.kms.disable_key(US, &key.key_id).unwrap();
    b.kms.generate_data_key(EU, &key.key_id, 32, &none()).unwrap();
    let opened = b.kms.decrypt(EU, None, &made.ciphertext, &none()).unwrap();
    assert_eq!(opened.plaintext, made.plaintext);
}

#[test]
fn a_replica_is_creating_and_then_enabled() {
    let b = bench_with(Duration::from_secs(30), Duration::ZERO);
    let key = mrk(&b, &[]);
    let replica = b.kms.replicate_key(US, &key.key_id, EU, "").unwrap();
    assert_eq!(replica.state, KeyState::Creating);
    let generate = || b.kms.generate_data_key(EU, &key.key_id, 32, &none());
    let (code_, text) = code_and_text(generate());
    assert_eq!(code_, "KMSInvalidStateException");
    assert_eq!(text, format!("{} is creating.", replica.arn));
    assert_eq!(code(b.kms.disable_key(EU, &key.key_id)), "KMSInvalidStateException");
    b.clock.advance(Duration::from_secs(29));
    assert_eq!(code(generate()), "KMSInvalidStateException");
    b.clock.advance(Duration::from_secs(1));
    generate().unwrap();
    assert_eq!(b.kms.describe_key(EU, &key.key_id).unwrap().state, KeyState::Enabled);
}

#[test]
fn a_primary_that_is_not_enabled_does_not_replicate() {
    let b = bench();
    let key = mrk(&b, &[]);
    let replicate = || b.kms.replicate_key(US, &key.key_id, EU, "");
    b.kms.disable_key(US, &key.key_id).unwrap();
    assert_eq!(code(replicate()), "DisabledException");
    b.kms.schedule_key_deletion(US, &key.key_id, None).unwrap();
    assert_eq!(code(replicate()), "KMSInvalidStateException");
    assert_eq!(code(b.kms.replicate_key(US, "mrk-unknown", EU, "")), "NotFoundException");
    assert_eq!(code(b.kms.replicate_key(US, "arn:x", EU, "")), "InvalidArnException");
    assert_eq!(code(b.kms.replicate_key(US, &key.key_id, "EU", "")), "ValidationException");
}
