use super::*;

/// Allows the account everything.
pub(crate) const OPEN: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow",
    "Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}}"#;

/// Allows everything, and denies one thing to everybody.
fn denying(action: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[
            {{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}},
            {{"Effect":"Deny","Principal":"*","Action":"{action}","Resource":"*"}}]}}"#
    )
}

#[tokio::test]
async fn a_policy_is_the_regions_own() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    let policy = |region: &'static str| {
        let request = keys.at(region).get_key_policy().key_id(&id).policy_name("default");
        async move { request.send().await.unwrap().policy.unwrap() }
    };
    let before = policy(US).await;
    keys.call(EU, "PutKeyPolicy", &id).await.unwrap();
    assert_eq!(policy(EU).await, OPEN);
    assert_eq!(policy(US).await, before);
    assert_ne!(before, OPEN);
}

#[tokio::test]
async fn what_a_policy_denies_everybody_is_denied_in_its_region() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    let sealed = keys.seal(US, &id).await;
    let put = keys.us.put_key_policy().key_id(&id).policy(denying("kms:Decrypt"));
    put.send().await.unwrap();
    let (code, text) = keys.open(US, &sealed).await.unwrap_err();
    assert_eq!(code, "AccessDeniedException");
    assert!(text.contains("kms:Decrypt") && text.contains(&arn(US, &id)), "{text}");
    assert_eq!(keys.call(US, "Encrypt", &id).await, Ok(()), "other actions are allowed");
    assert_eq!(keys.open(EU, &sealed).await.unwrap(), b"secret");
    keys.call(US, "PutKeyPolicy", &id).await.unwrap();
    assert_eq!(keys.open(US, &sealed).await.unwrap(), b"secret");
}

#[tokio::test]
async fn a_policy_that_locks_everybody_out_has_to_be_meant() {
    let keys = keys();
    let id = keys.key(&[]).await;
    let put = || keys.us.put_key_policy().key_id(&id).policy(denying("kms:PutKeyPolicy"));
    let text = denied("MalformedPolicyDocumentException", put().send().await);
    assert!(text.contains("will not allow you to update the key policy"), "{text}");
    put().bypass_policy_lockout_safety_check(true).send().await.unwrap();
    let (code, _) = keys.call(US, "PutKeyPolicy", &id).await.unwrap_err();
    assert_eq!(code, "AccessDeniedException");
    // The same for a new key and a new replica.
    let id = keys.key(&[]).await;
    let locked = denying("kms:*");
    let request = keys.us.create_key().policy(&locked).send().await;
    denied("MalformedPolicyDocumentException", request);
    let replicate = || keys.us.replicate_key().key_id(&id).replica_region(EU).policy(&locked);
    denied("MalformedPolicyDocumentException", replicate().send().await);
    replicate().bypass_policy_lockout_safety_check(true).send().await.unwrap();
    assert_eq!(keys.call(EU, "Encrypt", &id).await.unwrap_err().0, "AccessDeniedException");
}

#[tokio::test]
async fn a_policy_has_a_form() {
    let keys = keys();
    let id = keys.key(&[]).await;
    let put = |policy: &str| keys.us.put_key_policy().key_id(&id).policy(policy).send();
    for malformed in [
        "nonsense",
        "[]",
        "{}",
        r#"{"Statement":{"Effect":"Perhaps","Principal":"*","Action":"kms:*","Resource":"*"}}"#,
        r#"{"Statement":{"Effect":"Allow","Action":"kms:*","Resource":"*"}}"#,
        r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"fly","Resource":"*"}}"#,
        r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"kms:*"}}"#,
    ] {
        denied("MalformedPolicyDocumentException", put(malformed).await);
    }
    denied("LimitExceededException", put(&" ".repeat(32_769)).await);
}

#[tokio::test]
async fn the_only_policy_is_called_default() {
    let keys = keys();
    let id = keys.key(&[]).await;
    let listed = keys.us.list_key_policies().key_id(&id).send().await.unwrap();
    assert_eq!(listed.policy_names(), ["default"]);
    let other = keys.us.get_key_policy().key_id(&id).policy_name("other").send().await;
    denied("NotFoundException", other);
    let got = keys.us.get_key_policy().key_id(&id).send().await.unwrap();
    assert_eq!(got.policy_name(), Some("default"));
}
