use super::*;

/// What a key's state never stands in the way of.
const ALWAYS: [&str; 8] = [
    "DescribeKey",
    "GetKeyPolicy",
    "GetKeyRotationStatus",
    "ListAliases",
    "ListGrants",
    "ListKeyPolicies",
    "ListResourceTags",
    "PutKeyPolicy",
];

#[tokio::test]
async fn a_disabled_key_refuses_cryptography_in_its_region() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    let sealed = keys.seal(US, &id).await;
    keys.call(US, "DisableKey", &id).await.unwrap();
    assert_eq!(keys.state(US, &id).await, KeyState::Disabled);
    assert!(!keys.describe(US, &id).await.enabled);
    for operation in CRYPTOGRAPHIC {
        assert_eq!(keys.call(US, operation, &id).await, is_disabled(US, &id), "{operation}");
        assert_eq!(keys.call(EU, operation, &id).await, Ok(()), "{operation}");
    }
    assert_eq!(keys.open(US, &sealed).await.map(drop), is_disabled(US, &id));
    let named = keys.us.decrypt().key_id(arn(US, &id)).ciphertext_blob(sealed.clone());
    assert_eq!(named.send().await.map(drop).map_err(said), is_disabled(US, &id));
    assert_eq!(keys.call(US, "CreateGrant", &id).await, is_disabled(US, &id));
    assert_eq!(keys.open(EU, &sealed).await.unwrap(), b"secret");
}

#[tokio::test]
async fn an_enabled_key_works_again() {
    let keys = keys();
    let id = keys.key(&[]).await;
    let sealed = keys.seal(US, &id).await;
    for operation in ["DisableKey", "DisableKey", "EnableKey", "EnableKey"] {
        assert_eq!(keys.call(US, operation, &id).await, Ok(()), "{operation}");
    }
    assert_eq!(keys.state(US, &id).await, KeyState::Enabled);
    assert!(keys.describe(US, &id).await.enabled);
    assert_eq!(keys.open(US, &sealed).await.unwrap(), b"secret");
}

/// A primary that waits for its replica, and the replica that is pending deletion.
async fn pending(keys: &Keys) -> (String, Blob) {
    let id = keys.key(&[EU]).await;
    let sealed = keys.seal(US, &id).await;
    keys.schedule(EU, &id, 7).await;
    keys.schedule(US, &id, 7).await;
    assert_eq!(keys.state(US, &id).await, KeyState::PendingReplicaDeletion);
    assert_eq!(keys.state(EU, &id).await, KeyState::PendingDeletion);
    (id, sealed)
}

#[tokio::test]
async fn a_key_pending_deletion_refuses_cryptography() {
    let keys = keys();
    let (id, sealed) = pending(&keys).await;
    for region in [US, EU] {
        for operation in CRYPTOGRAPHIC {
            assert_eq!(keys.call(region, operation, &id).await, is_pending(region, &id));
        }
        assert_eq!(keys.open(region, &sealed).await.map(drop), is_pending(region, &id));
        assert!(!keys.describe(region, &id).await.enabled);
    }
}

#[tokio::test]
async fn a_key_pending_deletion_refuses_changes() {
    let keys = keys();
    let (id, _) = pending(&keys).await;
    for region in [US, EU] {
        for operation in [
            "EnableKey",
            "DisableKey",
            "ScheduleKeyDeletion",
            "UpdateKeyDescription",
            "TagResource",
            "UntagResource",
            "CreateAlias",
            "CreateGrant",
        ] {
            let answer = keys.call(region, operation, &id).await;
            assert_eq!(answer, is_pending(region, &id), "{operation}");
        }
    }
    for operation in ["RotateKeyOnDemand", "EnableKeyRotation", "ReplicateKey"] {
        assert_eq!(keys.call(US, operation, &id).await, is_pending(US, &id), "{operation}");
    }
}

#[tokio::test]
async fn reading_and_the_policy_are_allowed_in_every_state() {
    let keys = slow_keys();
    let id = keys.key(&[EU]).await;
    assert_eq!(keys.state(EU, &id).await, KeyState::Creating);
    for operation in ALWAYS {
        assert_eq!(keys.call(EU, operation, &id).await, Ok(()), "creating: {operation}");
    }
    keys.pass(MINUTE);
    keys.call(US, "UpdatePrimaryRegion", &id).await.unwrap();
    assert_eq!(keys.state(US, &id).await, KeyState::Updating);
    for operation in ALWAYS {
        assert_eq!(keys.call(US, operation, &id).await, Ok(()), "updating: {operation}");
    }
    keys.pass(MINUTE);
    keys.call(US, "DisableKey", &id).await.unwrap();
    for operation in ALWAYS {
        assert_eq!(keys.call(US, operation, &id).await, Ok(()), "disabled: {operation}");
    }
    keys.schedule(US, &id, 7).await;
    keys.schedule(EU, &id, 7).await;
    assert_eq!(keys.state(EU, &id).await, KeyState::PendingReplicaDeletion);
    for (region, operation) in ALWAYS.iter().flat_map(|o| [(US, o), (EU, o)]) {
        assert_eq!(keys.call(region, operation, &id).await, Ok(()), "pending: {operation}");
    }
}

#[tokio::test]
async fn aliases_and_grants_go_in_every_state() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    keys.call(US, "CreateAlias", &id).await.unwrap();
    let grant = || async {
        let made = keys.us.create_grant().key_id(&id).grantee_principal(ROLE);
        let made = made.operations(GrantOperation::Decrypt).send().await.unwrap();
        (made.grant_id.unwrap(), made.grant_token.unwrap())
    };
    let ((revoked, _), (_, retired), (by_id, _)) = (grant().await, grant().await, grant().await);
    keys.schedule(US, &id, 7).await;
    keys.us.revoke_grant().key_id(&id).grant_id(revoked).send().await.unwrap();
    keys.us.retire_grant().grant_token(retired).send().await.unwrap();
    keys.us.retire_grant().key_id(arn(US, &id)).grant_id(by_id).send().await.unwrap();
    keys.us.delete_alias().alias_name("alias/called").send().await.unwrap();
    assert!(keys.us.list_grants().key_id(&id).send().await.unwrap().grants().is_empty());
    assert!(keys.us.list_aliases().key_id(&id).send().await.unwrap().aliases().is_empty());
}

#[tokio::test]
async fn an_error_of_the_state_comes_after_that_of_the_name() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    keys.call(EU, "DisableKey", &id).await.unwrap();
    let elsewhere = keys.eu.encrypt().key_id(arn(US, &id)).plaintext(Blob::new("x"));
    denied("NotFoundException", elsewhere.send().await);
    let (code, _) = keys.call(EU, "RotateKeyOnDemand", &id).await.unwrap_err();
    assert_eq!(code, "UnsupportedOperationException", "a replica, enabled or not");
}
