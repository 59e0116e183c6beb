use super::*;

#[test]
fn old_and_new_ciphertexts_open_in_all_regions_after_a_rotation() {
    let b = bench();
    let key = mrk(&b, &[EU]);
    let mut made = Vec::new();
    for _ in 0..3 {
        for region in [US, EU] {
            made.push(b.kms.generate_data_key(region, &key.key_id, 32, &none()).unwrap());
        }
        assert_eq!(b.kms.rotate_key_on_demand(US, &key.key_id).unwrap(), key.arn);
    }
    // A replica made later has the older materials too.
    b.kms.replicate_key(US, &key.key_id, AP, "").unwrap();
    for region in [US, EU, AP] {
        for made in &made {
            let opened = b.kms.decrypt(region, None, &made.ciphertext, &none()).unwrap();
            assert_eq!(opened.plaintext, made.plaintext);
        }
    }
    let ids: std::collections::BTreeSet<_> = made.iter().map(|m| &m.key_material_id).collect();
    assert_eq!(ids.len(), 3, "each rotation brings new material, in both Regions at once");
}

#[test]
fn the_key_says_which_material_is_current() {
    let b = bench();
    let key = mrk(&b, &[EU]);
    b.kms.rotate_key_on_demand(US, &key.key_id).unwrap();
    let now = b.kms.describe_key(EU, &key.key_id).unwrap().current_key_material_id;
    assert_ne!(now, key.current_key_material_id);
    assert_eq!(now.len(), 64);
    let made = b.kms.generate_data_key(EU, &key.key_id, 32, &none()).unwrap();
    assert_eq!(made.key_material_id, now);
}

#[test]
fn only_the_primary_rotates() {
    let b = bench();
    let key = mrk(&b, &[EU]);
    let refused = b.kms.rotate_key_on_demand(EU, &key.key_id);
    assert_eq!(code(refused), "UnsupportedOperationException");
}

#[test]
fn a_key_rotates_on_demand_25_times() {
    let b = bench();
    let key = b.kms.create_key(US, false, "").unwrap();
    for _ in 0..25 {
        b.kms.rotate_key_on_demand(US, &key.key_id).unwrap();
    }
    let refused = b.kms.rotate_key_on_demand(US, &key.key_id);
    assert_eq!(code(refused), "LimitExceededException");
}
