use aws_sdk_kms::types::GrantConstraints;

use super::*;

const ADMIN: &str = "arn:aws:iam::111122223333:role/admin";

/// A new grant's id and token.
async fn grant(keys: &Keys, region: &str, id: &str, operation: GrantOperation) -> (String, String) {
    let request = keys.at(region).create_grant().key_id(id).grantee_principal(ROLE);
    let made = request.operations(operation).send().await.unwrap();
    (made.grant_id.unwrap(), made.grant_token.unwrap())
}

async fn encrypt(keys: &Keys, region: &str, id: &str, token: &str) -> Result<(), Says> {
    let request = keys.at(region).encrypt().key_id(id).plaintext(Blob::new("x"));
    request.grant_tokens(token).send().await.map(drop).map_err(said)
}

fn code(answer: Result<(), Says>) -> String {
    answer.unwrap_err().0
}

#[tokio::test]
async fn a_grant_is_the_regions_own() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    let request = keys.us.create_grant().key_id(&id).grantee_principal(ROLE).name("app");
    let request = request.operations(GrantOperation::Encrypt).retiring_principal(ADMIN);
    let made = request.send().await.unwrap();
    let listed = keys.us.list_grants().key_id(&id).send().await.unwrap();
    let entry = &listed.grants()[0];
    assert_eq!((entry.grant_id(), entry.name()), (made.grant_id(), Some("app")));
    assert_eq!(entry.key_id(), Some(&*arn(US, &id)));
    assert_eq!((entry.grantee_principal(), entry.retiring_principal()), (Some(ROLE), Some(ADMIN)));
    assert_eq!(entry.operations(), [GrantOperation::Encrypt]);
    assert_eq!(entry.issuing_account(), Some("arn:aws:iam::111122223333:root"));
    assert_eq!(listed.grants().len(), 1);
    assert!(keys.eu.list_grants().key_id(&id).send().await.unwrap().grants().is_empty());
    let token = made.grant_token.unwrap();
    assert_eq!(encrypt(&keys, US, &id, &token).await, Ok(()));
    assert_eq!(code(encrypt(&keys, EU, &id, &token).await), "InvalidGrantTokenException");
    let elsewhere = keys.eu.revoke_grant().key_id(&id).grant_id(made.grant_id.unwrap());
    denied("NotFoundException", elsewhere.send().await);
}

#[tokio::test]
async fn a_token_must_be_a_living_grants_on_this_key() {
    let keys = keys();
    let (id, other) = (keys.key(&[]).await, keys.key(&[]).await);
    let (grant_id, token) = grant(&keys, US, &id, GrantOperation::Encrypt).await;
    assert_eq!(encrypt(&keys, US, &id, &token).await, Ok(()));
    let invalid = "InvalidGrantTokenException";
    assert_eq!(code(encrypt(&keys, US, &id, "nonsense").await), invalid);
    assert_eq!(code(encrypt(&keys, US, &other, &token).await), invalid);
    keys.us.revoke_grant().key_id(&id).grant_id(grant_id).send().await.unwrap();
    assert_eq!(code(encrypt(&keys, US, &id, &token).await), invalid);
}

#[tokio::test]
async fn a_grant_allows_its_operations_only() {
    let keys = keys();
    let id = keys.key(&[]).await;
    let (_, token) = grant(&keys, US, &id, GrantOperation::Decrypt).await;
    assert_eq!(code(encrypt(&keys, US, &id, &token).await), "AccessDeniedException");
    let sealed = keys.seal(US, &id).await;
    let request = keys.us.decrypt().ciphertext_blob(sealed).grant_tokens(&token);
    assert_eq!(request.send().await.unwrap().plaintext, Some(Blob::new("secret")));
    let describe = keys.us.describe_key().key_id(&id).grant_tokens(&token).send().await;
    denied("AccessDeniedException", describe);
}

#[tokio::test]
async fn a_grants_constraints_on_the_context_are_enforced() {
    let keys = keys();
    let id = keys.key(&[]).await;
    let equals = GrantConstraints::builder().encryption_context_equals("tenant", "7").build();
    let subset = GrantConstraints::builder().encryption_context_subset("tenant", "7").build();
    for (constraints, with_more) in [(equals, false), (subset, true)] {
        let request = keys.us.create_grant().key_id(&id).grantee_principal(ROLE);
        let request = request.operations(GrantOperation::Encrypt).constraints(constraints);
        let token = request.send().await.unwrap().grant_token.unwrap();
        let request = || {
            let request = keys.us.encrypt().key_id(&id).plaintext(Blob::new("x"));
            request.grant_tokens(&token)
        };
        request().encryption_context("tenant", "7").send().await.unwrap();
        denied("AccessDeniedException", request().encryption_context("tenant", "8").send().await);
        denied("AccessDeniedException", request().send().await);
        let more = request().encryption_context("tenant", "7").encryption_context("more", "1");
        assert_eq!(more.send().await.is_ok(), with_more);
    }
}

#[tokio::test]
async fn a_grant_is_retired_by_its_token_or_by_its_id() {
    let keys = keys();
    let id = keys.key(&[]).await;
    let (_, token) = grant(&keys, US, &id, GrantOperation::Encrypt).await;
    let (grant_id, _) = grant(&keys, US, &id, GrantOperation::Encrypt).await;
    let by_token = || keys.us.retire_grant().grant_token(&token).send();
    by_token().await.unwrap();
    denied("InvalidGrantTokenException", by_token().await);
    let by_id = || keys.us.retire_grant().key_id(arn(US, &id)).grant_id(&grant_id).send();
    by_id().await.unwrap();
    denied("NotFoundException", by_id().await);
    assert!(keys.us.list_grants().key_id(&id).send().await.unwrap().grants().is_empty());
    denied("ValidationException", keys.us.retire_grant().send().await);
    let no_id = keys.us.revoke_grant().key_id(&id).grant_id("not hexadecimal").send().await;
    denied("InvalidGrantIdException", no_id);
}

#[tokio::test]
async fn a_named_grant_made_again_is_the_same_with_a_further_token() {
    let keys = keys();
    let id = keys.key(&[]).await;
    let named = |name: Option<&str>, operation: GrantOperation| {
        let request = keys.us.create_grant().key_id(&id).grantee_principal(ROLE);
        request.operations(operation).set_name(name.map(str::to_owned)).send()
    };
    let first = named(Some("app"), GrantOperation::Encrypt).await.unwrap();
    let again = named(Some("app"), GrantOperation::Encrypt).await.unwrap();
    assert_eq!(first.grant_id, again.grant_id);
    assert_ne!(first.grant_token, again.grant_token);
    let different = named(Some("app"), GrantOperation::Decrypt).await.unwrap();
    assert_ne!(first.grant_id, different.grant_id);
    let unnamed = named(None, GrantOperation::Encrypt).await.unwrap();
    let another = named(None, GrantOperation::Encrypt).await.unwrap();
    assert_ne!(unnamed.grant_id, another.grant_id);
}

#[tokio::test]
async fn retirable_grants_are_listed_by_who_retires_them() {
    let keys = keys();
    let id = keys.key(&[]).await;
    let request = keys.us.create_grant().key_id(&id).grantee_principal(ROLE);
    let request = request.operations(GrantOperation::Encrypt).retiring_principal(ADMIN);
    let made = request.send().await.unwrap();
    grant(&keys, US, &id, GrantOperation::Encrypt).await;
    let of = |principal: &str| keys.us.list_retirable_grants().retiring_principal(principal).send();
    let listed = of(ADMIN).await.unwrap();
    assert_eq!(listed.grants()[0].grant_id(), made.grant_id());
    assert_eq!(listed.grants().len(), 1);
    assert!(of(ROLE).await.unwrap().grants().is_empty());
}

#[tokio::test]
async fn a_grant_is_for_what_its_key_can_do() {
    let keys = keys();
    let mac = keys.key_for(KeySpec::Hmac256, KeyUsageType::GenerateVerifyMac).await;
    let request = |id: &str, operation: GrantOperation, grantee: &str| {
        keys.us.create_grant().key_id(id).grantee_principal(grantee).operations(operation).send()
    };
    denied("ValidationException", request(&mac, GrantOperation::Encrypt, ROLE).await);
    request(&mac, GrantOperation::VerifyMac, ROLE).await.unwrap();
    let id = keys.key(&[]).await;
    denied("ValidationException", request(&id, GrantOperation::Sign, ROLE).await);
    denied("InvalidArnException", request(&id, GrantOperation::Encrypt, "role").await);
    denied("NotFoundException", request(UNKNOWN, GrantOperation::Encrypt, ROLE).await);
}
