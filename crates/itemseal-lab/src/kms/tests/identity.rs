use super::*;
use crate::kms::{KeyState, MultiRegionKeyType};

#[test]
fn a_multi_region_key_id_is_mrk_and_32_hex_digits() {
    let b = bench();
    let key = b.kms.create_key(US, true, "orders").unwrap();
    let digits = key.key_id.strip_prefix("mrk-").unwrap();
    assert_eq!(digits.len(), 32);
    assert!(digits.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c)));
    assert_eq!(key.arn, arn(US, &key.key_id));
    assert_eq!((key.state, key.description.as_str()), (KeyState::Enabled, "orders"));
    assert!(key.is_enabled());
}

#[test]
fn a_single_region_key_id_is_a_uuid() {
    let b = bench();
    let key = b.kms.create_key(US, false, "").unwrap();
    let lengths: Vec<usize> = key.key_id.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12]);
    assert_eq!(key.multi_region, None);
}

#[test]
fn related_arns_differ_in_the_region_only() {
    let b = bench();
    let key = mrk(&b, &[EU, AP]);
    let replica = b.kms.describe_key(EU, &key.key_id).unwrap();
    assert_eq!((replica.key_id.as_str(), replica.arn), (&*key.key_id, arn(EU, &key.key_id)));
    let all = replica.multi_region.unwrap();
    assert_eq!(all.key_type, MultiRegionKeyType::Replica);
    assert_eq!((all.primary.arn, all.primary.region), (arn(US, &key.key_id), US.to_owned()));
    let replicas: Vec<String> = all.replicas.into_iter().map(|key| key.arn).collect();
    assert_eq!(replicas, [arn(AP, &key.key_id), arn(EU, &key.key_id)]);
}

#[test]
fn a_key_is_found_by_id_and_by_its_arn_in_this_region() {
    let b = bench();
    let key = mrk(&b, &[EU]);
    for name in [key.key_id.as_str(), &arn(EU, &key.key_id)] {
        assert_eq!(b.kms.describe_key(EU, name).unwrap().arn, arn(EU, &key.key_id));
    }
}

#[test]
fn an_arn_of_another_region_is_not_found() {
    let b = bench();
    let key = mrk(&b, &[EU]);
    // Although both Regions have the key.
    assert_eq!(code(b.kms.describe_key(EU, &key.arn)), "NotFoundException");
    assert_eq!(code(b.kms.generate_data_key(EU, &key.arn, 32, &none())), "NotFoundException");
    let made = b.kms.encrypt(US, &key.key_id, b"x", &none()).unwrap().ciphertext;
    assert_eq!(code(b.kms.decrypt(EU, Some(&key.arn), &made, &none())), "NotFoundException");
}

#[test]
fn an_unknown_key_is_not_found_and_what_is_no_arn_is_refused() {
    let b = bench();
    let key = mrk(&b, &[]);
    let unknown = "mrk-00000000000000000000000000000000";
    let (code_, text) = code_and_text(b.kms.describe_key(US, unknown));
    assert_eq!(code_, "NotFoundException");
    assert_eq!(text, format!("Key '{}' does not exist", arn(US, unknown)));
    assert_eq!(code(b.kms.describe_key(EU, &key.key_id)), "NotFoundException");
    assert_eq!(code(b.kms.describe_key(US, "arn:aws:kms:nonsense")), "InvalidArnException");
    // The error list of the cryptographic operations has no InvalidArnException.
    let refused = b.kms.generate_data_key(US, "arn:aws:kms:nonsense", 32, &none());
    assert_eq!(code(refused), "NotFoundException");
    let other_account = key.arn.replace("111122223333", "999988887777");
    assert_eq!(code(b.kms.describe_key(US, &other_account)), "AccessDeniedException");
    let other_partition = key.arn.replace("arn:aws:", "arn:aws-cn:");
    assert_eq!(code(b.kms.describe_key(US, &other_partition)), "NotFoundException");
}

#[test]
fn a_region_has_a_regions_name() {
    let b = bench();
    for region in ["", "EU", "eu:west", "eu west"] {
        assert_eq!(code(b.kms.create_key(region, true, "")), "ValidationException");
    }
}

#[test]
fn calls_are_counted_by_region_and_operation_refused_ones_too() {
    let b = bench();
    let key = mrk(&b, &[EU]);
    b.kms.reset_calls();
    b.kms.generate_data_key(US, &key.key_id, 32, &none()).unwrap();
    b.kms.generate_data_key(EU, &key.key_id, 32, &none()).unwrap();
    b.kms.generate_data_key(EU, "no-such-key", 32, &none()).unwrap_err();
    assert_eq!(b.kms.calls(US, "GenerateDataKey"), 1);
    assert_eq!(b.kms.calls(EU, "GenerateDataKey"), 2);
    assert_eq!(b.kms.calls(EU, "Decrypt"), 0);
    assert_eq!(b.kms.total_calls(), 3);
    assert_eq!(b.kms.call_counts().len(), 2);
}

#[test]
fn the_same_seed_gives_the_same_keys() {
    let first = mrk(&bench(), &[]);
    assert_eq!(first, mrk(&bench(), &[]));
}

#[test]
fn secrets_are_not_printed() {
    let b = bench();
    let key = mrk(&b, &[]);
    let made = b.kms.generate_data_key(US, &key.key_id, 4, &none()).unwrap();
    let bytes = format!("{:?}", *made.plaintext);
    for text in [format!("{made:?}"), format!("{:?}", b.kms)] {
        assert!(!text.contains(&bytes) && !text.contains("plaintext"), "{text}");
    }
    let material = crate::kms::secret::KeyMaterial::random(&SeededEntropy::new(1), 32).unwrap();
    assert_eq!(format!("{material:?}"), "KeyMaterial(32 bytes)");
}
