use super::*;
use crate::kms::{KeyState, MultiRegionKeyType};

fn key_type(b: &Bench, region: &str, id: &str) -> MultiRegionKeyType {
    b.kms.describe_key(region, id).unwrap().multi_region.unwrap().key_type
}

#[test]
fn the_primary_changes_and_no_arn_does() {
    let b = bench();
    let key = mrk(&b, &[EU]);
    b.kms.update_primary_region(US, &key.key_id, EU).unwrap();
    assert_eq!(key_type(&b, EU, &key.key_id), MultiRegionKeyType::Primary);
    assert_eq!(key_type(&b, US, &key.key_id), MultiRegionKeyType::Replica);
    assert_eq!(b.kms.describe_key(US, &key.key_id).unwrap().arn, key.arn);
    b.kms.rotate_key_on_demand(EU, &key.key_id).unwrap();
    b.kms.replicate_key(EU, &key.key_id, AP, "").unwrap();
    let refused = b.kms.replicate_key(US, &key.key_id, "sa-east-1", "");
    assert_eq!(code(refused), "UnsupportedOperationException");
}

#[test]
fn while_updating_cryptography_works_and_changes_do_not() {
    let b = bench_with(Duration::ZERO, Duration::from_secs(60));
    let key = mrk(&b, &[EU]);
    let id = key.key_id.as_str();
    b.kms.update_primary_region(US, id, EU).unwrap();
    for region in [US, EU] {
        assert_eq!(b.kms.describe_key(region, id).unwrap().state, KeyState::Updating);
        let made = b.kms.encrypt(region, id, b"x", &none()).unwrap().ciphertext;
        b.kms.decrypt(region, None, &made, &none()).unwrap();
        let expected =
            ("KMSInvalidStateException".to_owned(), format!("{} is updating.", arn(region, id)));
        assert_eq!(code_and_text(b.kms.enable_key(region, id)), expected);
        assert_eq!(code_and_text(b.kms.disable_key(region, id)), expected);
        assert_eq!(code_and_text(b.kms.schedule_key_deletion(region, id, None)), expected);
    }
    assert_eq!(code(b.kms.replicate_key(EU, id, AP, "")), "KMSInvalidStateException");
    assert_eq!(code(b.kms.update_primary_region(EU, id, US)), "KMSInvalidStateException");
    b.clock.advance(Duration::from_secs(60));
    assert_eq!(b.kms.describe_key(US, id).unwrap().state, KeyState::Enabled);
    b.kms.replicate_key(EU, id, AP, "").unwrap();
}

#[test]
fn the_new_primary_must_be_an_enabled_replica_and_the_old_one_enabled() {
    let b = bench();
    let key = mrk(&b, &[EU]);
    let id = key.key_id.as_str();
    assert_eq!(code(b.kms.update_primary_region(US, id, AP)), "NotFoundException");
    assert_eq!(code(b.kms.update_primary_region(US, id, US)), "UnsupportedOperationException");
    assert_eq!(code(b.kms.update_primary_region(EU, id, US)), "UnsupportedOperationException");
    b.kms.disable_key(EU, id).unwrap();
    assert_eq!(code(b.kms.update_primary_region(US, id, EU)), "DisabledException");
    b.kms.schedule_key_deletion(EU, id, None).unwrap();
    assert_eq!(code(b.kms.update_primary_region(US, id, EU)), "KMSInvalidStateException");
    b.kms.cancel_key_deletion(EU, id).unwrap();
    b.kms.enable_key(EU, id).unwrap();
    b.kms.disable_key(US, id).unwrap();
    assert_eq!(code(b.kms.update_primary_region(US, id, EU)), "DisabledException");
    assert_eq!(key_type(&b, US, id), MultiRegionKeyType::Primary, "nothing has changed");
    let single = b.kms.create_key(US, false, "").unwrap().key_id;
    let refused = b.kms.update_primary_region(US, &single, EU);
    assert_eq!(code(refused), "UnsupportedOperationException");
}
