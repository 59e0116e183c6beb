use super::*;

fn policy(statements: Value) -> String {
    json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
}

fn allow_all() -> Value {
    json!({ "Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*" })
}

fn deny(action: Value) -> Value {
    json!({ "Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*" })
}

fn put(id: &str, policy: &str) -> Value {
    json!({ "KeyId": id, "PolicyName": "default", "Policy": policy })
}

#[test]
fn a_key_begins_with_the_default_policy() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    let answer = ok(&b.kms, US, "GetKeyPolicy", json!({ "KeyId": id }));
    assert_eq!(answer["PolicyName"], "default");
    let document: Value = serde_json::from_str(&text(&answer["Policy"])).unwrap();
    assert_eq!(document["Id"], "key-default-1");
    let statement = &document["Statement"][0];
    assert_eq!(statement["Principal"]["AWS"], "arn:aws:iam::111122223333:root");
    assert_eq!((&statement["Effect"], &statement["Action"]), (&json!("Allow"), &json!("kms:*")));
    let names = ok(&b.kms, US, "ListKeyPolicies", json!({ "KeyId": id }));
    assert_eq!(names, json!({ "PolicyNames": ["default"], "Truncated": false }));
}

#[test]
fn a_policy_is_kept_as_it_was_given_in_one_region() {
    let b = bench();
    let id = replicated(&b.kms, &[EU]);
    let document = format!(" {} \n", policy(json!([allow_all()])));
    assert_eq!(ok(&b.kms, EU, "PutKeyPolicy", put(&id, &document)), json!({}));
    let of = |region| ok(&b.kms, region, "GetKeyPolicy", json!({ "KeyId": id }))["Policy"].clone();
    assert_eq!(of(EU), document);
    assert_ne!(of(US), document);
    let other = json!({ "KeyId": id, "PolicyName": "other" });
    refused(&b.kms, US, "GetKeyPolicy", other, "NotFoundException");
}

#[test]
fn a_malformed_policy_is_refused_wherever_it_is_given() {
    let b = bench();
    let id = replicated(&b.kms, &[]);
    let statement = |changed: &[(&str, Value)]| {
        let mut statement = allow_all();
        for (member, value) in changed {
            statement[*member] = value.clone();
        }
        policy(json!([statement]))
    };
    for bad in [
        "not JSON".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        policy(json!(["text"])),
        statement(&[("Effect", json!("Maybe"))]),
        statement(&[("Action", json!("Decrypt"))]),
        statement(&[("Action", json!([]))]),
        statement(&[("NotAction", json!("kms:Decrypt"))]),
        policy(json!([{ "Effect": "Allow", "Action": "kms:*", "Resource": "*" }])),
        policy(json!([{ "Effect": "Allow", "Principal": "*", "Action": "kms:*" }])),
    ] {
        let code = "MalformedPolicyDocumentException";
        refused(&b.kms, US, "PutKeyPolicy", put(&id, &bad), code);
        refused(&b.kms, US, "CreateKey", json!({ "Policy": bad }), code);
        let replicate = json!({ "KeyId": id, "ReplicaRegion": EU, "Policy": bad });
        refused(&b.kms, US, "ReplicateKey", replicate, code);
    }
}

#[test]
fn a_policy_that_cannot_be_changed_again_needs_the_bypass() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    for locked in [
        policy(json!([])),
        policy(json!([allow_all(), deny(json!("kms:Put*"))])),
        policy(json!([deny(json!("kms:Decrypt"))])),
    ] {
        let code = "MalformedPolicyDocumentException";
        let says = refused(&b.kms, US, "PutKeyPolicy", put(&id, &locked), code);
        assert!(says.contains("will not allow you to update the key policy"), "{says}");
    }
    let mut request = put(&id, &policy(json!([allow_all(), deny(json!("kms:PutKeyPolicy"))])));
    request["BypassPolicyLockoutSafetyCheck"] = json!(true);
    ok(&b.kms, US, "PutKeyPolicy", request.clone());
    refused(&b.kms, US, "PutKeyPolicy", request, "AccessDeniedException");
}

#[test]
fn what_a_policy_denies_to_everyone_is_denied() {
    let b = bench();
    let id = replicated(&b.kms, &[EU]);
    let encrypt = json!({ "KeyId": id, "Plaintext": b64(b"x") });
    let made = ok(&b.kms, US, "Encrypt", encrypt.clone())["CiphertextBlob"].clone();
    let document = policy(json!([allow_all(), deny(json!(["kms:Decrypt", "kms:Generate*"]))]));
    ok(&b.kms, US, "PutKeyPolicy", put(&id, &document));
    let code = "AccessDeniedException";
    for decrypt in
        [json!({ "CiphertextBlob": made }), json!({ "CiphertextBlob": made, "KeyId": id })]
    {
        let says = refused(&b.kms, US, "Decrypt", decrypt, code);
        assert!(says.contains("not authorized to perform: kms:Decrypt"), "{says}");
        assert!(says.contains(&arn(US, &id)), "{says}");
    }
    let data_key = json!({ "KeyId": id, "KeySpec": "AES_256" });
    refused(&b.kms, US, "GenerateDataKey", data_key.clone(), code);
    refused(&b.kms, US, "GenerateDataKeyWithoutPlaintext", data_key.clone(), code);
    ok(&b.kms, US, "Encrypt", encrypt);
    ok(&b.kms, EU, "GenerateDataKey", data_key);
    ok(&b.kms, EU, "Decrypt", json!({ "CiphertextBlob": made }));
}

#[test]
fn only_an_unconditional_deny_to_everyone_counts() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    let request = json!({ "KeyId": id, "Plaintext": b64(b"x") });
    let with = |member: &str, value: Value| {
        let mut statement = deny(json!("kms:Encrypt"));
        statement[member] = value;
        policy(json!([allow_all(), statement]))
    };
    for (document, denied) in [
        (with("Principal", json!("*")), true),
        (with("Principal", json!({ "AWS": "*" })), true),
        (with("Principal", json!({ "AWS": ["arn:aws:iam::1:root", "*"] })), true),
        (with("Principal", json!({ "AWS": "arn:aws:iam::111122223333:root" })), false),
        (with("Principal", json!({ "Service": "*" })), false),
        (with("Condition", json!({ "Bool": { "aws:SecureTransport": "false" } })), false),
        (with("Effect", json!("Allow")), false),
    ] {
        ok(&b.kms, US, "PutKeyPolicy", put(&id, &document));
        let answer = b.kms.execute(US, "Encrypt", request.clone());
        assert_eq!(answer.err().map(|e| e.code == "AccessDeniedException"), denied.then_some(true));
    }
    // Everything but what is named.
    let mut statement = deny(json!(null));
    let members = statement.as_object_mut().unwrap();
    members.remove("Action");
    members.insert("NotAction".to_owned(), json!(["kms:PutKeyPolicy", "kms:DescribeKey"]));
    ok(&b.kms, US, "PutKeyPolicy", put(&id, &policy(json!([allow_all(), statement]))));
    refused(&b.kms, US, "Encrypt", request, "AccessDeniedException");
    ok(&b.kms, US, "DescribeKey", json!({ "KeyId": id }));
}

#[test]
fn re_encrypt_is_two_actions_to_a_policy() {
    let b = bench();
    let (from, to) = (create(&b.kms, json!({})), create(&b.kms, json!({})));
    let encrypt = json!({ "KeyId": from, "Plaintext": b64(b"x") });
    let made = ok(&b.kms, US, "Encrypt", encrypt)["CiphertextBlob"].clone();
    let request = json!({ "CiphertextBlob": made, "DestinationKeyId": to });
    let denying = |action: &str| policy(json!([allow_all(), deny(json!(action))]));
    ok(&b.kms, US, "PutKeyPolicy", put(&from, &denying("kms:ReEncryptTo")));
    ok(&b.kms, US, "ReEncrypt", request.clone());
    ok(&b.kms, US, "PutKeyPolicy", put(&to, &denying("kms:ReEncryptTo")));
    let says = refused(&b.kms, US, "ReEncrypt", request.clone(), "AccessDeniedException");
    assert!(says.contains(&arn(US, &to)), "{says}");
    ok(&b.kms, US, "PutKeyPolicy", put(&to, &policy(json!(allow_all()))));
    ok(&b.kms, US, "PutKeyPolicy", put(&from, &denying("kms:ReEncryptFrom")));
    refused(&b.kms, US, "ReEncrypt", request, "AccessDeniedException");
}
