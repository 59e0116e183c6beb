use super::*;

#[test]
fn any_related_key_decrypts_and_answers_with_the_local_arn() {
    let b = bench();
    let key = mrk(&b, &[EU, AP]);
    let made = b.kms.generate_data_key(AP, &key.key_id, 32, &context(&[("a", "1")])).unwrap();
    assert_eq!((made.key_id, made.plaintext.len()), (arn(AP, &key.key_id), 32));
    for region in [US, EU, AP] {
        for key_id in [None, Some(key.key_id.as_str()), Some(&arn(region, &key.key_id))] {
            let context = context(&[("a", "1")]);
            let opened = b.kms.decrypt(region, key_id, &made.ciphertext, &context).unwrap();
            assert_eq!(opened.key_id, arn(region, &key.key_id));
            assert_eq!(opened.plaintext, made.plaintext);
            assert_eq!(opened.key_material_id, made.key_material_id);
        }
    }
}

#[test]
fn without_a_replica_it_opens_in_no_other_region() {
    let b = bench();
    let key = mrk(&b, &[EU]);
    let made = b.kms.encrypt(US, &key.key_id, b"secret", &none()).unwrap().ciphertext;
    let (code_, text) = code_and_text(b.kms.decrypt(AP, None, &made, &none()));
    assert_eq!(code_, "AccessDeniedException");
    assert!(text.starts_with("The ciphertext refers to a customer master key that does not exist"));
    for key_id in [key.key_id.as_str(), &arn(AP, &key.key_id)] {
        let refused = b.kms.decrypt(AP, Some(key_id), &made, &none());
        assert_eq!(code(refused), "NotFoundException");
    }
}

#[test]
fn a_single_region_keys_ciphertext_opens_in_its_region_only() {
    let b = bench();
    let key = b.kms.create_key(US, false, "").unwrap();
    let made = b.kms.encrypt(US, &key.arn, b"secret", &none()).unwrap();
    assert_eq!(made.key_id, key.arn);
    assert_eq!(*b.kms.decrypt(US, None, &made.ciphertext, &none()).unwrap().plaintext, b"secret");
    assert_eq!(code(b.kms.decrypt(EU, None, &made.ciphertext, &none())), "AccessDeniedException");
}

#[test]
fn another_keys_ciphertext_is_an_incorrect_key() {
    let b = bench();
    let (one, two) = (mrk(&b, &[]), mrk(&b, &[]));
    let made = b.kms.encrypt(US, &one.key_id, b"x", &none()).unwrap().ciphertext;
    let refused = b.kms.decrypt(US, Some(&two.arn), &made, &none());
    assert_eq!(code(refused), "IncorrectKeyException");
}

#[test]
fn every_changed_byte_is_an_invalid_ciphertext() {
    let b = bench();
    let key = mrk(&b, &[]);
    let made = b.kms.encrypt(US, &key.key_id, b"secret", &none()).unwrap().ciphertext;
    for key_id in [None, Some(key.arn.as_str())] {
        for at in 0..made.len() {
            let mut changed = made.clone();
            changed[at] ^= 1;
            let refused = b.kms.decrypt(US, key_id, &changed, &none());
            assert_eq!(code(refused), "InvalidCiphertextException", "byte {at}");
        }
        for length in 0..made.len() {
            let refused = b.kms.decrypt(US, key_id, &made[..length], &none());
            assert_eq!(code(refused), "InvalidCiphertextException", "length {length}");
        }
    }
}

#[test]
fn the_context_is_bound() {
    let b = bench();
    let key = mrk(&b, &[EU]);
    let right = context(&[("table", "Orders"), ("tenant", "7")]);
    let made = b.kms.encrypt(US, &key.key_id, b"x", &right).unwrap().ciphertext;
    for wrong in [
        none(),
        context(&[("table", "Orders")]),
        context(&[("table", "Orders"), ("tenant", "8")]),
        context(&[("table", "Orders"), ("tenant", "7"), ("more", "")]),
    ] {
        let refused = b.kms.decrypt(EU, None, &made, &wrong);
        assert_eq!(code(refused), "InvalidCiphertextException");
    }
    b.kms.decrypt(EU, None, &made, &right).unwrap();
}

#[test]
fn contexts_that_read_alike_when_joined_are_not_alike() {
    let b = bench();
    let key = mrk(&b, &[]);
    for (one, other) in [
        (context(&[("a", "bc")]), context(&[("ab", "c")])),
        (context(&[("a", "b"), ("c", "d")]), context(&[("a", "bcd")])),
        (context(&[("a", ""), ("b", "")]), context(&[("a", "b")])),
    ] {
        let made = b.kms.encrypt(US, &key.key_id, b"x", &one).unwrap().ciphertext;
        let refused = b.kms.decrypt(US, None, &made, &other);
        assert_eq!(code(refused), "InvalidCiphertextException");
    }
}

#[test]
fn two_encryptions_of_one_plaintext_differ() {
    let b = bench();
    let key = mrk(&b, &[]);
    let made = || b.kms.encrypt(US, &key.key_id, b"x", &none()).unwrap().ciphertext;
    assert_ne!(made(), made());
}

#[test]
fn lengths_have_limits() {
    let b = bench();
    let key = mrk(&b, &[]);
    for bytes in [0, 1_025] {
        let refused = b.kms.generate_data_key(US, &key.key_id, bytes, &none());
        assert_eq!(code(refused), "ValidationException");
        let refused = b.kms.encrypt(US, &key.key_id, &vec![0; 4 * bytes], &none());
        assert_eq!(code(refused), "ValidationException");
    }
    assert_eq!(
        b.kms.generate_data_key(US, &key.key_id, 1_024, &none()).unwrap().plaintext.len(),
        1_024
    );
    b.kms.encrypt(US, &key.key_id, &[0; 4_096], &none()).unwrap();
    let long = context(&[("a", &"x".repeat(65_536))]);
    assert_eq!(code(b.kms.encrypt(US, &key.key_id, b"x", &long)), "ValidationException");
}
