use aws_sdk_kms::types::{MultiRegionKeyType, OriginType};

use super::*;

#[tokio::test]
async fn a_multi_region_key_id_is_mrk_and_32_hex_digits() {
    let keys = keys();
    let made = keys.us.create_key().multi_region(true).description("orders").send().await.unwrap();
    let key = made.key_metadata.unwrap();
    let digits = key.key_id.strip_prefix("mrk-").unwrap();
    assert_eq!(digits.len(), 32);
    assert!(digits.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c)), "{digits}");
    assert_eq!(key.arn, Some(arn(US, &key.key_id)));
    assert_eq!(key.multi_region, Some(true));
    assert_eq!(key.key_state, Some(KeyState::Enabled));
    assert!(key.enabled);
    assert_eq!(key.description.as_deref(), Some("orders"));
    assert_eq!(key.aws_account_id.as_deref(), Some(ACCOUNT));
}

#[tokio::test]
async fn a_single_region_key_id_is_a_uuid() {
    let keys = keys();
    let key = keys.us.create_key().send().await.unwrap().key_metadata.unwrap();
    let lengths: Vec<usize> = key.key_id.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12]);
    assert_eq!(key.multi_region, Some(false));
    assert_eq!(key.multi_region_configuration, None);
}

#[tokio::test]
async fn related_arns_differ_in_the_region_only() {
    let keys = keys();
    let id = keys.key(&[EU, AP]).await;
    for region in [US, EU, AP] {
        let key = keys.describe(region, &id).await;
        assert_eq!((&key.key_id, key.arn), (&id, Some(arn(region, &id))));
    }
}

#[tokio::test]
async fn a_description_names_the_primary_and_all_replicas_in_every_region() {
    let keys = keys();
    let id = keys.key(&[EU, AP]).await;
    for (region, kind) in [
        (US, MultiRegionKeyType::Primary),
        (EU, MultiRegionKeyType::Replica),
        (AP, MultiRegionKeyType::Replica),
    ] {
        let all = keys.describe(region, &id).await.multi_region_configuration.unwrap();
        assert_eq!(all.multi_region_key_type, Some(kind));
        let primary = all.primary_key.as_ref().unwrap();
        assert_eq!((primary.region(), primary.arn()), (Some(US), Some(&*arn(US, &id))));
        let mut replicas: Vec<_> =
            all.replica_keys().iter().map(|key| key.arn().unwrap()).collect();
        replicas.sort_unstable();
        assert_eq!(replicas, [arn(AP, &id), arn(EU, &id)]);
        let mut regions: Vec<_> = all.replica_keys().iter().map(|k| k.region().unwrap()).collect();
        regions.sort_unstable();
        assert_eq!(regions, [AP, EU]);
    }
}

#[tokio::test]
async fn whether_a_key_is_multi_region_is_fixed_at_creation() {
    let keys = keys();
    let id = keys.single().await;
    let refused = keys.us.update_primary_region().key_id(&id).primary_region(EU).send().await;
    denied("UnsupportedOperationException", refused);
    for operation in ["DisableKey", "EnableKey", "UpdateKeyDescription", "RotateKeyOnDemand"] {
        keys.call(US, operation, &id).await.unwrap();
    }
    assert_eq!(keys.describe(US, &id).await.multi_region, Some(false));
    let id = keys.key(&[]).await;
    assert_eq!(keys.describe(US, &id).await.multi_region, Some(true), "also without a replica");
}

#[tokio::test]
async fn a_key_is_in_no_other_region_until_it_is_replicated() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    let text = denied("NotFoundException", keys.ap.describe_key().key_id(&id).send().await);
    assert_eq!(text, format!("Key '{}' does not exist", arn(AP, &id)));
    assert_eq!(keys.ap.list_keys().send().await.unwrap().keys().len(), 0);
}

#[tokio::test]
async fn keys_are_listed_in_each_region_that_has_them() {
    let keys = keys();
    let (related, single) = (keys.key(&[EU]).await, keys.single().await);
    let listed = keys.us.list_keys().send().await.unwrap();
    let mut arns: Vec<_> = listed.keys().iter().map(|key| key.key_arn().unwrap()).collect();
    arns.sort_unstable();
    let mut expected = [arn(US, &related), arn(US, &single)];
    expected.sort_unstable();
    assert_eq!(arns, expected);
    let listed = keys.eu.list_keys().send().await.unwrap();
    assert_eq!(listed.keys()[0].key_arn(), Some(&*arn(EU, &related)));
    assert_eq!(listed.keys().len(), 1);
    // In pages too.
    let first = keys.us.list_keys().limit(1).send().await.unwrap();
    assert!(first.truncated);
    let rest = keys.us.list_keys().marker(first.next_marker().unwrap()).send().await.unwrap();
    assert!(!rest.truncated);
    assert_ne!(first.keys()[0].key_id(), rest.keys()[0].key_id());
}

#[tokio::test]
async fn a_key_is_found_by_id_and_by_its_arn_in_this_region() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    for name in [&id, &arn(EU, &id)] {
        assert_eq!(keys.describe(EU, name).await.arn, Some(arn(EU, &id)));
    }
}

#[tokio::test]
async fn an_arn_of_another_region_is_not_found() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    // Although both Regions have the key.
    let elsewhere = arn(US, &id);
    denied("NotFoundException", keys.eu.describe_key().key_id(&elsewhere).send().await);
    let encrypt = keys.eu.encrypt().key_id(&elsewhere).plaintext(Blob::new("x"));
    denied("NotFoundException", encrypt.send().await);
    let sealed = keys.seal(US, &id).await;
    let decrypt = keys.eu.decrypt().key_id(&elsewhere).ciphertext_blob(sealed);
    denied("NotFoundException", decrypt.send().await);
}

#[tokio::test]
async fn an_unknown_key_is_not_found_and_what_is_no_arn_is_refused() {
    let keys = keys();
    let text = denied("NotFoundException", keys.us.describe_key().key_id(UNKNOWN).send().await);
    assert_eq!(text, format!("Key '{}' does not exist", arn(US, UNKNOWN)));
    for operation in CRYPTOGRAPHIC {
        let (code, _) = keys.call(US, operation, UNKNOWN).await.unwrap_err();
        assert_eq!(code, "NotFoundException", "{operation}");
    }
    let no_arn = "arn:aws:kms:nonsense";
    denied("InvalidArnException", keys.us.describe_key().key_id(no_arn).send().await);
    denied("InvalidArnException", keys.us.enable_key().key_id(no_arn).send().await);
    // The cryptographic operations' lists of errors have no InvalidArnException.
    let (code, _) = keys.call(US, "GenerateDataKey", no_arn).await.unwrap_err();
    assert_eq!(code, "NotFoundException");
    let id = keys.key(&[]).await;
    let others = arn(US, &id).replace(ACCOUNT, "999988887777");
    denied("AccessDeniedException", keys.us.describe_key().key_id(others).send().await);
}

#[tokio::test]
async fn a_multi_region_key_is_in_no_custom_key_store() {
    let keys = keys();
    let request = keys.us.create_key().multi_region(true).origin(OriginType::AwsCloudhsm);
    denied("UnsupportedOperationException", request.custom_key_store_id("cks-1").send().await);
    assert_eq!(keys.us.list_keys().send().await.unwrap().keys().len(), 0);
}
