use super::*;

const NAME: &str = "alias/orders";

fn alias_arn(region: &str) -> String {
    format!("arn:aws:kms:{region}:{ACCOUNT}:{NAME}")
}

async fn name(keys: &Keys, region: &str, name: &str, id: &str) {
    let request = keys.at(region).create_alias().alias_name(name).target_key_id(id);
    request.send().await.unwrap();
}

#[tokio::test]
async fn an_alias_is_the_regions_own() {
    let keys = keys();
    let (id, other) = (keys.key(&[EU]).await, keys.key(&[EU]).await);
    name(&keys, US, NAME, &id).await;
    let text = denied("NotFoundException", keys.eu.describe_key().key_id(NAME).send().await);
    assert_eq!(text, format!("Alias {} is not found.", alias_arn(EU)));
    denied("NotFoundException", keys.eu.describe_key().key_id(alias_arn(US)).send().await);
    name(&keys, EU, NAME, &other).await;
    assert_eq!(keys.describe(US, NAME).await.arn, Some(arn(US, &id)));
    assert_eq!(keys.describe(EU, NAME).await.arn, Some(arn(EU, &other)));
    let listed = keys.us.list_aliases().send().await.unwrap();
    let alias = &listed.aliases()[0];
    assert_eq!((alias.alias_name(), alias.target_key_id()), (Some(NAME), Some(&*id)));
    assert_eq!(alias.alias_arn(), Some(&*alias_arn(US)));
    assert_eq!(listed.aliases().len(), 1);
    keys.us.delete_alias().alias_name(NAME).send().await.unwrap();
    assert_eq!(keys.describe(EU, NAME).await.key_id, other);
}

#[tokio::test]
async fn an_alias_and_its_key_are_in_one_region() {
    let keys = keys();
    let id = keys.key(&[]).await;
    let request = keys.eu.create_alias().alias_name(NAME).target_key_id(&id);
    denied("NotFoundException", request.send().await);
    let request = keys.eu.create_alias().alias_name(NAME).target_key_id(arn(US, &id));
    denied("NotFoundException", request.send().await);
}

#[tokio::test]
async fn what_uses_a_key_takes_an_alias_and_what_manages_one_does_not() {
    let keys = keys();
    let id = keys.key(&[]).await;
    name(&keys, US, NAME, &id).await;
    for named in [NAME, &alias_arn(US)] {
        for operation in CRYPTOGRAPHIC {
            assert_eq!(keys.call(US, operation, named).await, Ok(()), "{operation}");
        }
        let made = keys.us.encrypt().key_id(named).plaintext(Blob::new("x")).send().await.unwrap();
        assert_eq!(made.key_id, Some(arn(US, &id)), "the answer names the key");
        for operation in [
            "DisableKey",
            "ScheduleKeyDeletion",
            "GetKeyPolicy",
            "EnableKeyRotation",
            "ReplicateKey",
        ] {
            let (code, _) = keys.call(US, operation, named).await.unwrap_err();
            assert_eq!(code, "NotFoundException", "{operation}");
        }
    }
}

#[tokio::test]
async fn an_alias_names_one_key_until_it_is_updated_or_deleted() {
    let keys = keys();
    let (one, other) = (keys.key(&[]).await, keys.key(&[]).await);
    name(&keys, US, NAME, &one).await;
    let again = keys.us.create_alias().alias_name(NAME).target_key_id(&other).send().await;
    let text = denied("AlreadyExistsException", again);
    assert!(text.contains(&alias_arn(US)), "{text}");
    let update = || keys.us.update_alias().alias_name(NAME).target_key_id(&other).send();
    update().await.unwrap();
    assert_eq!(keys.describe(US, NAME).await.key_id, other);
    let of = |id: String| keys.us.list_aliases().key_id(id).send();
    assert_eq!(of(one).await.unwrap().aliases().len(), 0);
    assert_eq!(of(other.clone()).await.unwrap().aliases().len(), 1);
    keys.us.delete_alias().alias_name(NAME).send().await.unwrap();
    denied("NotFoundException", keys.us.describe_key().key_id(NAME).send().await);
    denied("NotFoundException", update().await);
    denied("NotFoundException", keys.us.delete_alias().alias_name(NAME).send().await);
}

#[tokio::test]
async fn an_update_asks_for_the_destinations_state_only() {
    let keys = keys();
    let (going, staying) = (keys.key(&[]).await, keys.key(&[]).await);
    name(&keys, US, NAME, &going).await;
    keys.schedule(US, &going, 7).await;
    let update = |id: &str| keys.us.update_alias().alias_name(NAME).target_key_id(id).send();
    assert_eq!(update(&going).await.map(drop).map_err(said), is_pending(US, &going));
    update(&staying).await.unwrap();
    assert_eq!(keys.describe(US, NAME).await.key_id, staying);
    keys.call(US, "DisableKey", &staying).await.unwrap();
    assert_eq!(keys.call(US, "CreateAlias", &staying).await, Ok(()), "also disabled");
}

#[tokio::test]
async fn an_alias_stays_with_keys_of_one_type_and_usage() {
    let keys = keys();
    let symmetric = keys.key(&[]).await;
    let mac = keys.key_for(KeySpec::Hmac256, KeyUsageType::GenerateVerifyMac).await;
    let sign = keys.key_for(KeySpec::EccNistP256, KeyUsageType::SignVerify).await;
    let agree = keys.key_for(KeySpec::EccNistP256, KeyUsageType::KeyAgreement).await;
    name(&keys, US, NAME, &sign).await;
    for other in [&symmetric, &mac, &agree] {
        let request = keys.us.update_alias().alias_name(NAME).target_key_id(other);
        denied("ValidationException", request.send().await);
    }
    assert_eq!(keys.describe(US, NAME).await.key_id, sign);
}

#[tokio::test]
async fn a_keys_aliases_go_with_it() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    for region in [US, EU] {
        name(&keys, region, NAME, &id).await;
    }
    keys.schedule(EU, &id, 7).await;
    keys.pass(7 * DAY);
    assert!(keys.eu.list_aliases().send().await.unwrap().aliases().is_empty());
    assert_eq!(keys.describe(US, NAME).await.key_id, id);
}

#[tokio::test]
async fn an_alias_that_is_called_mrk_is_an_alias() {
    let keys = keys();
    let id = keys.key(&[]).await;
    name(&keys, US, "alias/mrk-1234", &id).await;
    assert_eq!(keys.describe(US, "alias/mrk-1234").await.key_id, id);
    denied("NotFoundException", keys.us.describe_key().key_id("mrk-1234").send().await);
}

#[tokio::test]
async fn alias_names_have_rules() {
    let keys = keys();
    let id = keys.key(&[]).await;
    for (name, code) in [
        ("orders", "ValidationException"),
        ("alias/or ders", "ValidationException"),
        ("alias/", "InvalidAliasNameException"),
        ("alias/aws/dynamodb", "InvalidAliasNameException"),
        (&*format!("alias/{}", "x".repeat(251)), "ValidationException"),
    ] {
        let request = keys.us.create_alias().alias_name(name).target_key_id(&id);
        denied(code, request.send().await);
    }
    name(&keys, US, &format!("alias/{}", "x".repeat(250)), &id).await;
}

#[tokio::test]
async fn a_key_has_at_most_50_aliases_in_a_region() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    for at in 0..50 {
        name(&keys, US, &format!("alias/{at}"), &id).await;
    }
    let request = keys.us.create_alias().alias_name(NAME).target_key_id(&id);
    denied("LimitExceededException", request.send().await);
    name(&keys, EU, NAME, &id).await;
}
