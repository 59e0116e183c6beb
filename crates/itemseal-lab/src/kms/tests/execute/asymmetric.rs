//! What the lab's keys make is checked, and what they take is made, with AWS-LC alone.

use super::*;
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey,
};
use aws_lc_rs::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use aws_lc_rs::{agreement, digest};

fn key(kms: &LabKms, spec: &str, usage: &str) -> String {
    let id = create(kms, json!({ "KeySpec": spec, "KeyUsage": usage, "MultiRegion": true }));
    ok(kms, US, "ReplicateKey", json!({ "KeyId": id, "ReplicaRegion": EU }));
    id
}

fn public_key(kms: &LabKms, region: &str, id: &str) -> Vec<u8> {
    bytes(&ok(kms, region, "GetPublicKey", json!({ "KeyId": id }))["PublicKey"])
}

fn sign_and_verify(
    kms: &LabKms,
    id: &str,
    algorithm: &str,
    hash: &'static digest::Algorithm,
    outside: &'static dyn VerificationAlgorithm,
) {
    let public = UnparsedPublicKey::new(outside, public_key(kms, EU, id));
    let message = b"message";
    let digest = digest::digest(hash, message);
    for (kind, given) in [("RAW", &message[..]), ("DIGEST", digest.as_ref())] {
        let request = json!({
            "KeyId": id, "Message": b64(given), "MessageType": kind, "SigningAlgorithm": algorithm,
        });
        let signed = ok(kms, US, "Sign", request.clone());
        assert_eq!(signed["KeyId"], arn(US, id));
        assert_eq!(signed["SigningAlgorithm"], algorithm);
        public.verify(message, &bytes(&signed["Signature"])).unwrap();
        let mut verify = request;
        verify["Signature"] = signed["Signature"].clone();
        let verified = ok(kms, EU, "Verify", verify.clone());
        let expected =
            json!({ "KeyId": arn(EU, id), "SignatureValid": true, "SigningAlgorithm": algorithm });
        assert_eq!(verified, expected);
        let mut wrong = bytes(&signed["Signature"]);
        *wrong.last_mut().unwrap() ^= 1;
        verify["Signature"] = json!(b64(&wrong));
        refused(kms, EU, "Verify", verify, "KMSInvalidSignatureException");
    }
    let short = json!({
        "KeyId": id, "Message": b64(&digest.as_ref()[1..]), "MessageType": "DIGEST",
        "SigningAlgorithm": algorithm,
    });
    let says = refused(kms, US, "Sign", short, "ValidationException");
    assert_eq!(says, format!("Digest is invalid length for algorithm {algorithm}."));
}

#[test]
fn rsa_signatures_of_every_algorithm_verify_outside() {
    let b = bench();
    let id = key(&b.kms, "RSA_2048", "SIGN_VERIFY");
    let all: [(&str, &'static digest::Algorithm, &'static dyn VerificationAlgorithm); 6] = [
        ("RSASSA_PSS_SHA_256", &digest::SHA256, &signature::RSA_PSS_2048_8192_SHA256),
        ("RSASSA_PSS_SHA_384", &digest::SHA384, &signature::RSA_PSS_2048_8192_SHA384),
        ("RSASSA_PSS_SHA_512", &digest::SHA512, &signature::RSA_PSS_2048_8192_SHA512),
        ("RSASSA_PKCS1_V1_5_SHA_256", &digest::SHA256, &signature::RSA_PKCS1_2048_8192_SHA256),
        ("RSASSA_PKCS1_V1_5_SHA_384", &digest::SHA384, &signature::RSA_PKCS1_2048_8192_SHA384),
        ("RSASSA_PKCS1_V1_5_SHA_512", &digest::SHA512, &signature::RSA_PKCS1_2048_8192_SHA512),
    ];
    for (algorithm, hash, outside) in all {
        sign_and_verify(&b.kms, &id, algorithm, hash, outside);
    }
}

#[test]
fn signatures_on_every_curve_verify_outside() {
    let b = bench();
    let all: [(&str, &str, &'static digest::Algorithm, &'static dyn VerificationAlgorithm); 4] = [
        ("ECC_NIST_P256", "ECDSA_SHA_256", &digest::SHA256, &signature::ECDSA_P256_SHA256_ASN1),
        ("ECC_NIST_P384", "ECDSA_SHA_384", &digest::SHA384, &signature::ECDSA_P384_SHA384_ASN1),
        ("ECC_NIST_P521", "ECDSA_SHA_512", &digest::SHA512, &signature::ECDSA_P521_SHA512_ASN1),
        ("ECC_SECG_P256K1", "ECDSA_SHA_256", &digest::SHA256, &signature::ECDSA_P256K1_SHA256_ASN1),
    ];
    for (spec, algorithm, hash, outside) in all {
        let id = key(&b.kms, spec, "SIGN_VERIFY");
        sign_and_verify(&b.kms, &id, algorithm, hash, outside);
    }
}

#[test]
fn a_signature_needs_its_keys_algorithm_and_usage() {
    let b = bench();
    let curve = key(&b.kms, "ECC_NIST_P256", "SIGN_VERIFY");
    let agree = key(&b.kms, "ECC_NIST_P256", "KEY_AGREEMENT");
    let request = |id: &str, algorithm: &str| json!({ "KeyId": id, "Message": b64(b"m"), "SigningAlgorithm": algorithm });
    let code = "InvalidKeyUsageException";
    refused(&b.kms, US, "Sign", request(&curve, "ECDSA_SHA_384"), code);
    refused(&b.kms, US, "Sign", request(&curve, "RSASSA_PSS_SHA_256"), code);
    let says = refused(&b.kms, US, "Sign", request(&agree, "ECDSA_SHA_256"), code);
    assert!(says.ends_with("key usage is KEY_AGREEMENT which is not valid for Sign."), "{says}");
    refused(&b.kms, US, "Sign", request(&curve, "MD5"), "ValidationException");
    let mut other = request(&curve, "ECDSA_SHA_256");
    other["MessageType"] = json!("EXTERNAL_MU");
    refused(&b.kms, US, "Sign", other, "ValidationException");
}

#[test]
fn rsa_decrypts_what_was_encrypted_outside_with_its_public_key() {
    let b = bench();
    let id = key(&b.kms, "RSA_2048", "ENCRYPT_DECRYPT");
    let public = PublicEncryptingKey::from_der(&public_key(&b.kms, EU, &id)).unwrap();
    let public = OaepPublicEncryptingKey::new(public).unwrap();
    for (algorithm, oaep, longest) in [
        ("RSAES_OAEP_SHA_1", &OAEP_SHA1_MGF1SHA1, 214),
        ("RSAES_OAEP_SHA_256", &OAEP_SHA256_MGF1SHA256, 190),
    ] {
        let mut outside = vec![0; public.ciphertext_size()];
        public.encrypt(oaep, b"secret", &mut outside, None).unwrap();
        let with = |blob: &str, key: Value| json!({ "CiphertextBlob": blob, "KeyId": key, "EncryptionAlgorithm": algorithm });
        for region in [US, EU] {
            let opened = ok(&b.kms, region, "Decrypt", with(&b64(&outside), json!(id)));
            let expected = json!({
                "KeyId": arn(region, &id), "Plaintext": b64(b"secret"),
                "EncryptionAlgorithm": algorithm,
            });
            assert_eq!(opened, expected);
        }
        // An RSA ciphertext does not say whose it is.
        refused(&b.kms, US, "Decrypt", with(&b64(&outside), json!(null)), "ValidationException");
        outside[5] ^= 1;
        let request = with(&b64(&outside), json!(id));
        refused(&b.kms, US, "Decrypt", request, "InvalidCiphertextException");

        let encrypt = |length: usize| {
            json!({
                "KeyId": id, "Plaintext": b64(&vec![7; length]), "EncryptionAlgorithm": algorithm,
            })
        };
        let made = ok(&b.kms, US, "Encrypt", encrypt(longest));
        let request = with(&text(&made["CiphertextBlob"]), json!(id));
        assert_eq!(bytes(&ok(&b.kms, EU, "Decrypt", request)["Plaintext"]), vec![7; longest]);
        refused(&b.kms, US, "Encrypt", encrypt(longest + 1), "ValidationException");
    }
}

#[test]
fn an_rsa_key_needs_its_algorithm_and_takes_no_context() {
    let b = bench();
    let id = key(&b.kms, "RSA_2048", "ENCRYPT_DECRYPT");
    let request = json!({ "KeyId": id, "Plaintext": b64(b"x") });
    let says = refused(&b.kms, US, "Encrypt", request, "InvalidKeyUsageException");
    assert_eq!(says, "Algorithm SYMMETRIC_DEFAULT and key spec RSA_2048 are incompatible.");
    let request = json!({
        "KeyId": id, "Plaintext": b64(b"x"), "EncryptionAlgorithm": "RSAES_OAEP_SHA_1",
        "EncryptionContext": { "a": "b" },
    });
    refused(&b.kms, US, "Encrypt", request, "ValidationException");
    let request = json!({ "KeyId": id, "KeySpec": "AES_256" });
    refused(&b.kms, US, "GenerateDataKey", request, "InvalidKeyUsageException");
}

#[test]
fn re_encrypt_goes_from_symmetric_to_rsa_and_back() {
    let b = bench();
    let (rsa, symmetric) = (key(&b.kms, "RSA_2048", "ENCRYPT_DECRYPT"), create(&b.kms, json!({})));
    let request = json!({ "KeyId": symmetric, "Plaintext": b64(b"secret") });
    let made = ok(&b.kms, US, "Encrypt", request);
    let request = json!({
        "CiphertextBlob": made["CiphertextBlob"], "DestinationKeyId": rsa,
        "DestinationEncryptionAlgorithm": "RSAES_OAEP_SHA_256",
    });
    let moved = ok(&b.kms, US, "ReEncrypt", request);
    assert!(moved.get("DestinationKeyMaterialId").is_none());
    let request = json!({
        "CiphertextBlob": moved["CiphertextBlob"], "SourceKeyId": rsa,
        "SourceEncryptionAlgorithm": "RSAES_OAEP_SHA_256", "DestinationKeyId": symmetric,
    });
    let back = ok(&b.kms, US, "ReEncrypt", request);
    let opened = ok(&b.kms, US, "Decrypt", json!({ "CiphertextBlob": back["CiphertextBlob"] }));
    assert_eq!(bytes(&opened["Plaintext"]), b"secret");
}

#[test]
fn a_shared_secret_is_what_the_other_side_derives() {
    let b = bench();
    for (spec, curve) in [
        ("ECC_NIST_P256", &agreement::ECDH_P256),
        ("ECC_NIST_P384", &agreement::ECDH_P384),
        ("ECC_NIST_P521", &agreement::ECDH_P521),
    ] {
        let id = key(&b.kms, spec, "KEY_AGREEMENT");
        let peer = agreement::PrivateKey::generate(curve).unwrap();
        let peer_public = peer.compute_public_key().unwrap();
        let peer_der: PublicKeyX509Der<'_> = peer_public.as_der().unwrap();
        let with = |public: &[u8]| json!({ "KeyId": id, "KeyAgreementAlgorithm": "ECDH", "PublicKey": b64(public) });
        let derived = ok(&b.kms, EU, "DeriveSharedSecret", with(peer_der.as_ref()));
        assert_eq!(derived["KeyId"], arn(EU, &id));
        assert_eq!(
            (&derived["KeyAgreementAlgorithm"], &derived["KeyOrigin"]),
            (&json!("ECDH"), &json!("AWS_KMS"))
        );
        let ours = agreement::UnparsedPublicKey::new(curve, public_key(&b.kms, US, &id));
        let theirs = agreement::agree(&peer, ours, (), |secret| Ok(secret.to_vec())).unwrap();
        assert_eq!(bytes(&derived["SharedSecret"]), theirs);
        // Not a key, not a SubjectPublicKeyInfo, not on this curve.
        let other =
            if spec == "ECC_NIST_P256" { &agreement::ECDH_P384 } else { &agreement::ECDH_P256 };
        let other = agreement::PrivateKey::generate(other).unwrap().compute_public_key().unwrap();
        let other: PublicKeyX509Der<'_> = other.as_der().unwrap();
        for bad in [&b"nonsense"[..], peer_public.as_ref(), other.as_ref()] {
            refused(&b.kms, US, "DeriveSharedSecret", with(bad), "ValidationException");
        }
    }
    let signing = key(&b.kms, "ECC_NIST_P256", "SIGN_VERIFY");
    let request =
        json!({ "KeyId": signing, "KeyAgreementAlgorithm": "ECDH", "PublicKey": b64(b"x") });
    refused(&b.kms, US, "DeriveSharedSecret", request, "InvalidKeyUsageException");
}

#[test]
fn a_public_key_is_the_same_everywhere_and_says_what_it_is_for() {
    let b = bench();
    let id = key(&b.kms, "ECC_NIST_P384", "SIGN_VERIFY");
    let mut answer = ok(&b.kms, US, "GetPublicKey", json!({ "KeyId": id }));
    assert_eq!(bytes(&answer["PublicKey"].take()), public_key(&b.kms, EU, &id));
    let expected = json!({
        "KeyId": arn(US, &id), "PublicKey": null, "CustomerMasterKeySpec": "ECC_NIST_P384",
        "KeySpec": "ECC_NIST_P384", "KeyUsage": "SIGN_VERIFY",
        "SigningAlgorithms": ["ECDSA_SHA_384"],
    });
    assert_eq!(answer, expected);
    let symmetric = create(&b.kms, json!({}));
    let request = json!({ "KeyId": symmetric });
    refused(&b.kms, US, "GetPublicKey", request, "UnsupportedOperationException");
    ok(&b.kms, US, "DisableKey", json!({ "KeyId": id }));
    refused(&b.kms, US, "GetPublicKey", json!({ "KeyId": id }), "DisabledException");
}

#[test]
fn rsa_keys_have_the_size_that_was_asked_for() {
    let b = bench();
    for (spec, modulus) in [("RSA_3072", 384), ("RSA_4096", 512)] {
        let id = create(&b.kms, json!({ "KeySpec": spec, "KeyUsage": "ENCRYPT_DECRYPT" }));
        for (algorithm, overhead) in [("RSAES_OAEP_SHA_1", 42), ("RSAES_OAEP_SHA_256", 66)] {
            let encrypt = |length: usize| {
                json!({
                    "KeyId": id, "Plaintext": b64(&vec![1; length]),
                    "EncryptionAlgorithm": algorithm,
                })
            };
            let made = ok(&b.kms, US, "Encrypt", encrypt(modulus - overhead));
            assert_eq!(bytes(&made["CiphertextBlob"]).len(), modulus);
            refused(&b.kms, US, "Encrypt", encrypt(modulus - overhead + 1), "ValidationException");
        }
    }
}
