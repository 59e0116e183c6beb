use super::*;
use crate::kms::OPERATIONS;

#[test]
fn what_is_not_implemented_is_an_unknown_operation() {
    let b = bench();
    for operation in [
        "ImportKeyMaterial",
        "GetParametersForImport",
        "CreateCustomKeyStore",
        "Encapsulate",
        "decrypt",
        "",
    ] {
        refused(&b.kms, US, operation, json!({}), "UnknownOperationException");
    }
    assert_eq!(OPERATIONS.len(), 44);
    assert!(OPERATIONS.is_sorted());
}

#[test]
fn every_operation_but_three_misses_what_it_requires() {
    let b = bench();
    for operation in OPERATIONS {
        let answer = b.kms.execute(US, operation, json!({}));
        match *operation {
            "CreateKey" | "ListKeys" | "ListAliases" => {
                answer.unwrap();
            }
            _ => assert_eq!(answer.unwrap_err().code, "ValidationException", "{operation}"),
        }
    }
}

#[test]
fn a_missing_member_is_named_in_aws_words() {
    let b = bench();
    let says = refused(&b.kms, US, "DescribeKey", json!({ "KeyId": null }), "ValidationException");
    let expected = "1 validation error detected: Value null at 'keyId' failed to satisfy \
                    constraint: Member must not be null";
    assert_eq!(says, expected);
    let long = json!({ "KeyId": "x".repeat(2_049) });
    let says = refused(&b.kms, US, "DescribeKey", long, "ValidationException");
    assert!(says.ends_with("Member must have length less than or equal to 2048"), "{says}");
    let says = refused(&b.kms, US, "DescribeKey", json!({ "KeyId": "" }), "ValidationException");
    assert!(says.ends_with("Member must have length greater than or equal to 1"), "{says}");
    let number = json!({ "KeyId": "x", "RotationPeriodInDays": 1 });
    let says = refused(&b.kms, US, "EnableKeyRotation", number, "ValidationException");
    let expected = "Value '1' at 'rotationPeriodInDays' failed to satisfy constraint: Member must \
                    have value greater than or equal to 90";
    assert!(says.ends_with(expected), "{says}");
    let says =
        refused(&b.kms, US, "CreateKey", json!({ "KeyUsage": "FUN" }), "ValidationException");
    let expected = "Member must satisfy enum value set: [ENCRYPT_DECRYPT, SIGN_VERIFY, \
                    GENERATE_VERIFY_MAC, KEY_AGREEMENT]";
    assert!(says.ends_with(expected), "{says}");
}

#[test]
fn a_member_of_the_wrong_type_cannot_be_read() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    for (operation, request) in [
        ("DescribeKey", json!({ "KeyId": 7 })),
        ("DescribeKey", json!([])),
        ("DescribeKey", json!("text")),
        ("CreateKey", json!({ "MultiRegion": "true" })),
        ("CreateKey", json!({ "Tags": {} })),
        ("ListKeys", json!({ "Limit": "3" })),
        ("ListKeys", json!({ "Limit": 1.5 })),
        ("Encrypt", json!({ "KeyId": id, "Plaintext": "not base64!" })),
        ("Encrypt", json!({ "KeyId": id, "Plaintext": "AA==", "EncryptionContext": [] })),
        ("Encrypt", json!({ "KeyId": id, "Plaintext": "AA==", "EncryptionContext": { "a": 1 } })),
        ("Encrypt", json!({ "KeyId": id, "Plaintext": "AA==", "GrantTokens": "t" })),
        ("Encrypt", json!({ "KeyId": id, "Plaintext": "AA==", "DryRun": "yes" })),
    ] {
        refused(&b.kms, US, operation, request, "SerializationException");
    }
    let says = refused(&b.kms, US, "DescribeKey", json!({ "KeyId": 7 }), "SerializationException");
    assert_eq!(says, "NUMBER_VALUE can not be converted to a String");
}

#[test]
fn members_that_aws_does_not_know_are_passed_over() {
    let b = bench();
    ok(&b.kms, US, "CreateKey", json!({ "Colour": { "is": ["blue"] } }));
}

#[test]
fn a_refused_blob_is_not_repeated() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    let secret = b64(&[7; 5_000]);
    let request = json!({ "KeyId": id, "Plaintext": secret });
    let says = refused(&b.kms, US, "Encrypt", request, "ValidationException");
    assert!(says.len() < 200 && !says.contains("BwcH"), "{says}");
}

#[test]
fn a_key_id_that_names_no_key_is_not_found() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    for (named, code) in [
        ("1234abcd-12ab-34cd-56ef-1234567890ab".to_owned(), "NotFoundException"),
        (arn(EU, &id), "NotFoundException"),
        (arn(US, &id).replace("arn:aws:", "arn:aws-cn:"), "NotFoundException"),
        (arn(US, &id).replace("111122223333", "444455556666"), "AccessDeniedException"),
        (arn(US, &id).replace(":kms:", ":s3:"), "InvalidArnException"),
        ("arn:aws:kms".to_owned(), "InvalidArnException"),
        ("alias/none".to_owned(), "NotFoundException"),
    ] {
        refused(&b.kms, US, "DescribeKey", json!({ "KeyId": named }), code);
    }
    // Cryptographic operations have no InvalidArnException.
    let request = json!({ "KeyId": "arn:aws:kms", "Plaintext": b64(b"x") });
    refused(&b.kms, US, "Encrypt", request, "NotFoundException");
}

#[test]
fn calls_are_counted_also_if_refused() {
    let b = bench();
    ok(&b.kms, US, "ListKeys", json!({}));
    refused(&b.kms, US, "ListKeys", json!({ "Limit": "x" }), "SerializationException");
    refused(&b.kms, US, "ListKeys", json!({ "Limit": 0 }), "ValidationException");
    assert_eq!(b.kms.calls(US, "ListKeys"), 3);
    assert_eq!(b.kms.total_calls(), 3);
}
