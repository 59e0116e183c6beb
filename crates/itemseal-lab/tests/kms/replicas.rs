use super::*;

async fn policy(kms: &Client, id: &str) -> String {
    kms.get_key_policy().key_id(id).send().await.unwrap().policy.unwrap()
}

async fn tags(kms: &Client, id: &str) -> Vec<Tag> {
    kms.list_resource_tags().key_id(id).send().await.unwrap().tags.unwrap()
}

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().tag_key(key).tag_value(value).build().unwrap()
}

#[tokio::test]
async fn a_region_has_one_related_key_also_when_that_is_pending_deletion() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    let again = || keys.us.replicate_key().key_id(&id).replica_region(EU).send();
    denied("AlreadyExistsException", again().await);
    let own = keys.us.replicate_key().key_id(&id).replica_region(US).send().await;
    denied("AlreadyExistsException", own);
    keys.schedule(EU, &id, 7).await;
    denied("AlreadyExistsException", again().await);
    keys.pass(7 * DAY);
    let made = again().await.unwrap().replica_key_metadata.unwrap();
    assert_eq!(made.arn, Some(arn(EU, &id)), "there is room for another");
}

#[tokio::test]
async fn only_the_primary_replicates() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    let from_replica = keys.eu.replicate_key().key_id(&id).replica_region(AP).send().await;
    denied("UnsupportedOperationException", from_replica);
    denied("NotFoundException", keys.ap.describe_key().key_id(&id).send().await);
}

#[tokio::test]
async fn a_single_region_key_never_replicates() {
    let keys = keys();
    let id = keys.single().await;
    let refused = keys.us.replicate_key().key_id(&id).replica_region(EU).send().await;
    denied("UnsupportedOperationException", refused);
    denied("NotFoundException", keys.eu.describe_key().key_id(&id).send().await);
}

#[tokio::test]
async fn a_replica_stays_in_its_partition() {
    let keys = keys();
    let id = keys.key(&[]).await;
    for elsewhere in ["cn-north-1", "us-gov-west-1"] {
        let refused = keys.us.replicate_key().key_id(&id).replica_region(elsewhere).send().await;
        let text = denied("UnsupportedOperationException", refused);
        assert!(text.contains("partition"), "{text}");
    }
}

#[tokio::test]
async fn id_material_spec_usage_and_origin_are_shared() {
    let keys = keys();
    for id in [
        keys.key(&[EU]).await,
        keys.key_for(KeySpec::EccNistP384, KeyUsageType::SignVerify).await,
        keys.key_for(KeySpec::Hmac512, KeyUsageType::GenerateVerifyMac).await,
    ] {
        let (us, eu) = (keys.describe(US, &id).await, keys.describe(EU, &id).await);
        assert_eq!((&us.key_id, &us.key_spec), (&eu.key_id, &eu.key_spec));
        assert_eq!(us.key_usage, eu.key_usage);
        assert_eq!((&us.origin, &us.key_manager), (&eu.origin, &eu.key_manager));
        assert_eq!(us.current_key_material_id, eu.current_key_material_id);
        assert_eq!(us.encryption_algorithms, eu.encryption_algorithms);
        assert_eq!(us.signing_algorithms, eu.signing_algorithms);
        assert_eq!(us.mac_algorithms, eu.mac_algorithms);
    }
}

#[tokio::test]
async fn a_new_replica_has_no_description_no_tags_and_the_default_policy() {
    let keys = keys();
    let request = keys.us.create_key().multi_region(true).description("of the primary");
    let request = request.tags(tag("team", "a")).policy(policies::OPEN);
    let id = request.send().await.unwrap().key_metadata.unwrap().key_id;
    let made = keys.us.replicate_key().key_id(&id).replica_region(EU).send().await.unwrap();
    let replica = made.replica_key_metadata.as_ref().unwrap();
    assert_eq!(replica.description.as_deref(), Some(""));
    assert!(made.replica_tags().is_empty());
    assert!(tags(&keys.eu, &id).await.is_empty());
    let default = policy(&keys.eu, &id).await;
    assert_eq!(made.replica_policy(), Some(default.as_str()));
    assert!(default.contains("Enable IAM User Permissions"), "{default}");
    assert_eq!(policy(&keys.us, &id).await, policies::OPEN);
}

#[tokio::test]
async fn a_new_replica_gets_the_description_the_tags_and_the_policy_that_are_given() {
    let keys = keys();
    let id = keys.key(&[]).await;
    let request = keys.us.replicate_key().key_id(&id).replica_region(EU).description("mine");
    let request = request.tags(tag("team", "b")).policy(policies::OPEN);
    let made = request.send().await.unwrap();
    assert_eq!(made.replica_policy(), Some(policies::OPEN));
    assert_eq!(made.replica_tags(), [tag("team", "b")]);
    assert_eq!(keys.describe(EU, &id).await.description.as_deref(), Some("mine"));
    assert_eq!(tags(&keys.eu, &id).await, [tag("team", "b")]);
    assert_eq!(policy(&keys.eu, &id).await, policies::OPEN);
    assert!(tags(&keys.us, &id).await.is_empty());
}

#[tokio::test]
async fn description_tags_policy_and_state_change_in_their_region_only() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    for operation in ["UpdateKeyDescription", "TagResource", "PutKeyPolicy", "DisableKey"] {
        keys.call(EU, operation, &id).await.unwrap();
    }
    let (us, eu) = (keys.describe(US, &id).await, keys.describe(EU, &id).await);
    assert_eq!((us.description(), eu.description()), (Some(""), Some("d")));
    assert_eq!((us.enabled, eu.enabled), (true, false));
    assert_eq!(tags(&keys.eu, &id).await, [tag("k", "v")]);
    assert!(tags(&keys.us, &id).await.is_empty());
    assert_ne!(policy(&keys.us, &id).await, policy(&keys.eu, &id).await);
    keys.call(EU, "EnableKey", &id).await.unwrap();
    keys.call(EU, "UntagResource", &id).await.unwrap();
    assert!(tags(&keys.eu, &id).await.is_empty());
}

#[tokio::test]
async fn a_replica_works_when_the_primary_or_another_is_disabled() {
    let keys = keys();
    let id = keys.key(&[EU, AP]).await;
    let sealed = keys.seal(US, &id).await;
    keys.call(US, "DisableKey", &id).await.unwrap();
    keys.call(AP, "DisableKey", &id).await.unwrap();
    assert_eq!(keys.open(EU, &sealed).await.unwrap(), b"secret");
    for operation in CRYPTOGRAPHIC {
        assert_eq!(keys.call(EU, operation, &id).await, Ok(()), "{operation}");
    }
    assert_eq!(keys.call(US, "Encrypt", &id).await, is_disabled(US, &id));
}

#[tokio::test]
async fn a_replica_is_creating_and_then_enabled() {
    let keys = slow_keys();
    let id = keys.key(&[EU]).await;
    assert_eq!(keys.state(EU, &id).await, KeyState::Creating);
    assert_eq!(keys.state(US, &id).await, KeyState::Enabled, "the primary goes on");
    let sealed = keys.seal(US, &id).await;
    let creating = invalid_state(EU, &id, "is creating.");
    for operation in CRYPTOGRAPHIC {
        assert_eq!(keys.call(EU, operation, &id).await, creating, "{operation}");
    }
    assert_eq!(keys.open(EU, &sealed).await.map(drop), creating);
    assert_eq!(keys.call(EU, "DisableKey", &id).await, creating);
    keys.pass(MINUTE - Duration::from_millis(1));
    assert_eq!(keys.state(EU, &id).await, KeyState::Creating);
    keys.pass(Duration::from_millis(1));
    assert_eq!(keys.state(EU, &id).await, KeyState::Enabled);
    assert_eq!(keys.open(EU, &sealed).await.unwrap(), b"secret");
}

#[tokio::test]
async fn a_primary_that_is_not_enabled_does_not_replicate() {
    let keys = keys();
    let id = keys.key(&[]).await;
    keys.call(US, "DisableKey", &id).await.unwrap();
    assert_eq!(keys.call(US, "ReplicateKey", &id).await, is_disabled(US, &id));
    keys.schedule(US, &id, 7).await;
    assert_eq!(keys.call(US, "ReplicateKey", &id).await, is_pending(US, &id));
}

#[tokio::test]
async fn a_replica_with_a_bad_name_policy_or_tag_is_refused() {
    let keys = keys();
    let id = keys.key(&[]).await;
    let replicate = |id: &str| keys.us.replicate_key().key_id(id).replica_region(EU);
    denied("NotFoundException", replicate(UNKNOWN).send().await);
    denied("InvalidArnException", replicate("arn:x").send().await);
    denied("MalformedPolicyDocumentException", replicate(&id).policy("{}").send().await);
    denied("TagException", replicate(&id).tags(tag("aws:team", "a")).send().await);
    let twice = replicate(&id).tags(tag("a", "1")).tags(tag("a", "2"));
    denied("TagException", twice.send().await);
    let tags = (0..51).map(|at| tag(&at.to_string(), "")).collect();
    denied("LimitExceededException", replicate(&id).set_tags(Some(tags)).send().await);
    let elsewhere = keys.us.replicate_key().key_id(&id).replica_region("EU").send().await;
    denied("ValidationException", elsewhere);
    denied("NotFoundException", keys.eu.describe_key().key_id(&id).send().await);
}
