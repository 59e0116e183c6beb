use super::*;
use crate::kms::KeyState;

#[test]
fn a_disabled_key_refuses_cryptography_in_its_region() {
    let b = bench();
    let key = mrk(&b, &[EU]);
    let made = b.kms.encrypt(US, &key.key_id, b"x", &none()).unwrap().ciphertext;
    b.kms.disable_key(US, &key.key_id).unwrap();
    let text = format!("{} is disabled.", key.arn);
    let expected = ("DisabledException".to_owned(), text);
    assert_eq!(code_and_text(b.kms.encrypt(US, &key.key_id, b"x", &none())), expected);
    assert_eq!(code_and_text(b.kms.generate_data_key(US, &key.key_id, 32, &none())), expected);
    assert_eq!(code_and_text(b.kms.decrypt(US, Some(&key.arn), &made, &none())), expected);
    assert_eq!(code_and_text(b.kms.decrypt(US, None, &made, &none())), expected);
    assert_eq!(code_and_text(b.kms.rotate_key_on_demand(US, &key.key_id)), expected);
    b.kms.enable_key(US, &key.key_id).unwrap();
    b.kms.decrypt(US, None, &made, &none()).unwrap();
}

#[test]
fn a_key_pending_deletion_refuses_all_but_describing_and_cancelling() {
    let b = bench();
    let key = mrk(&b, &[EU]);
    let made = b.kms.encrypt(US, &key.key_id, b"x", &none()).unwrap().ciphertext;
    b.kms.schedule_key_deletion(EU, &key.key_id, None).unwrap();
    b.kms.schedule_key_deletion(US, &key.key_id, None).unwrap();
    for (region, state) in [(US, KeyState::PendingReplicaDeletion), (EU, KeyState::PendingDeletion)]
    {
        let id = key.key_id.as_str();
        assert_eq!(b.kms.describe_key(region, id).unwrap().state, state);
        let text =
            format!("{} is pending deletion (or pending replica deletion).", arn(region, id));
        let expected = ("KMSInvalidStateException".to_owned(), text);
        assert_eq!(code_and_text(b.kms.encrypt(region, id, b"x", &none())), expected);
        assert_eq!(code_and_text(b.kms.generate_data_key(region, id, 32, &none())), expected);
        assert_eq!(code_and_text(b.kms.decrypt(region, None, &made, &none())), expected);
        assert_eq!(code_and_text(b.kms.enable_key(region, id)), expected);
        assert_eq!(code_and_text(b.kms.disable_key(region, id)), expected);
        assert_eq!(code_and_text(b.kms.schedule_key_deletion(region, id, None)), expected);
    }
    let rotated = b.kms.rotate_key_on_demand(US, &key.key_id);
    assert_eq!(code(rotated), "KMSInvalidStateException");
}

#[test]
fn states_have_awss_names() {
    let names = [
        KeyState::Creating,
        KeyState::Enabled,
        KeyState::Disabled,
        KeyState::PendingReplicaDeletion,
        KeyState::PendingDeletion,
        KeyState::Updating,
    ]
    .map(|state| state.to_string());
    let expected = [
        "Creating",
        "Enabled",
        "Disabled",
        "PendingReplicaDeletion",
        "PendingDeletion",
        "Updating",
    ];
    assert_eq!(names, expected);
}
