use aws_sdk_kms::types::{
    EncryptionAlgorithmSpec, KeyAgreementAlgorithmSpec, MacAlgorithmSpec, MessageType,
    SigningAlgorithmSpec,
};

use super::*;

const ECDSA: SigningAlgorithmSpec = SigningAlgorithmSpec::EcdsaSha256;
const OAEP: EncryptionAlgorithmSpec = EncryptionAlgorithmSpec::RsaesOaepSha256;
const MAC: MacAlgorithmSpec = MacAlgorithmSpec::HmacSha256;

async fn public_key(keys: &Keys, region: &str, id: &str) -> Blob {
    keys.at(region).get_public_key().key_id(id).send().await.unwrap().public_key.unwrap()
}

fn changed(blob: &Blob) -> Blob {
    let mut bytes = blob.clone().into_inner();
    *bytes.last_mut().unwrap() ^= 1;
    Blob::new(bytes)
}

#[tokio::test]
async fn related_keys_have_one_public_key() {
    let keys = keys();
    let id = keys.key_for(KeySpec::EccNistP256, KeyUsageType::SignVerify).await;
    let got = keys.eu.get_public_key().key_id(&id).send().await.unwrap();
    assert_eq!(got.key_id, Some(arn(EU, &id)));
    assert_eq!(got.public_key, Some(public_key(&keys, US, &id).await));
    assert_eq!(got.signing_algorithms(), [ECDSA]);
    assert_eq!(got.key_spec, Some(KeySpec::EccNistP256));
    let symmetric = keys.key(&[]).await;
    let refused = keys.us.get_public_key().key_id(&symmetric).send().await;
    denied("UnsupportedOperationException", refused);
}

#[tokio::test]
async fn one_regions_signature_is_verified_in_another() {
    let keys = keys();
    let id = keys.key_for(KeySpec::EccNistP256, KeyUsageType::SignVerify).await;
    let sign = keys.us.sign().key_id(&id).message(Blob::new("message")).signing_algorithm(ECDSA);
    let signed = sign.send().await.unwrap();
    assert_eq!(signed.key_id, Some(arn(US, &id)));
    let signature = signed.signature.unwrap();
    let verify = |message: &str, signature: Blob| {
        let request = keys.eu.verify().key_id(&id).message(Blob::new(message));
        request.signature(signature).signing_algorithm(ECDSA).send()
    };
    let verified = verify("message", signature.clone()).await.unwrap();
    assert!(verified.signature_valid);
    assert_eq!(verified.key_id, Some(arn(EU, &id)));
    denied("KMSInvalidSignatureException", verify("another", signature.clone()).await);
    denied("KMSInvalidSignatureException", verify("message", changed(&signature)).await);
    let digest = keys.us.sign().key_id(&id).message(Blob::new("short")).signing_algorithm(ECDSA);
    let text = denied("ValidationException", digest.message_type(MessageType::Digest).send().await);
    assert_eq!(text, "Digest is invalid length for algorithm ECDSA_SHA_256.");
}

#[tokio::test]
async fn what_rsa_encrypts_in_one_region_opens_in_another() {
    let keys = keys();
    let id = keys.key_for(KeySpec::Rsa2048, KeyUsageType::EncryptDecrypt).await;
    let encrypt = |bytes: usize| {
        let request = keys.us.encrypt().key_id(&id).plaintext(Blob::new(vec![7; bytes]));
        request.encryption_algorithm(OAEP).send()
    };
    let sealed = encrypt(190).await.unwrap().ciphertext_blob.unwrap();
    denied("ValidationException", encrypt(191).await);
    let decrypt = |sealed: &Blob| {
        keys.eu.decrypt().ciphertext_blob(sealed.clone()).encryption_algorithm(OAEP)
    };
    let opened = decrypt(&sealed).key_id(&id).send().await.unwrap();
    assert_eq!(opened.plaintext, Some(Blob::new(vec![7; 190])));
    assert_eq!(opened.key_id, Some(arn(EU, &id)));
    denied("InvalidCiphertextException", decrypt(&changed(&sealed)).key_id(&id).send().await);
    // It does not say whose it is.
    denied("ValidationException", decrypt(&sealed).send().await);
    let in_context = keys.us.encrypt().key_id(&id).plaintext(Blob::new("x"));
    let in_context = in_context.encryption_algorithm(OAEP).encryption_context("a", "1");
    denied("ValidationException", in_context.send().await);
}

#[tokio::test]
async fn related_keys_agree_on_a_secret() {
    let keys = keys();
    let one = keys.key_for(KeySpec::EccNistP256, KeyUsageType::KeyAgreement).await;
    let other = keys.key_for(KeySpec::EccNistP256, KeyUsageType::KeyAgreement).await;
    let agree = |region: &str, id: &str, peer: Blob| {
        let request = keys.at(region).derive_shared_secret().key_id(id).public_key(peer);
        request.key_agreement_algorithm(KeyAgreementAlgorithmSpec::Ecdh).send()
    };
    let (ours, theirs) = (public_key(&keys, US, &one).await, public_key(&keys, US, &other).await);
    let secret = agree(US, &one, theirs.clone()).await.unwrap();
    let there = agree(EU, &one, theirs).await.unwrap();
    assert_eq!(there.key_id, Some(arn(EU, &one)));
    assert_eq!(secret.shared_secret, there.shared_secret);
    let peers = agree(EU, &other, ours).await.unwrap();
    assert_eq!(secret.shared_secret, peers.shared_secret);
    denied("ValidationException", agree(US, &one, Blob::new("nonsense")).await);
}

#[tokio::test]
async fn one_regions_mac_is_verified_in_another() {
    let keys = keys();
    let id = keys.key_for(KeySpec::Hmac256, KeyUsageType::GenerateVerifyMac).await;
    let made = keys.us.generate_mac().key_id(&id).message(Blob::new("message")).mac_algorithm(MAC);
    let made = made.send().await.unwrap();
    assert_eq!(made.key_id, Some(arn(US, &id)));
    let mac = made.mac.unwrap();
    assert_eq!(mac.as_ref().len(), 32);
    let verify = |message: &str, mac: Blob| {
        let request = keys.eu.verify_mac().key_id(&id).message(Blob::new(message));
        request.mac(mac).mac_algorithm(MAC).send()
    };
    let verified = verify("message", mac.clone()).await.unwrap();
    assert!(verified.mac_valid);
    assert_eq!(verified.key_id, Some(arn(EU, &id)));
    denied("KMSInvalidMacException", verify("another", mac.clone()).await);
    denied("KMSInvalidMacException", verify("message", changed(&mac)).await);
}

#[tokio::test]
async fn a_key_for_something_else_is_an_invalid_usage() {
    let keys = keys();
    let invalid = "InvalidKeyUsageException";
    let symmetric = keys.key(&[]).await;
    let mac = keys.key_for(KeySpec::Hmac256, KeyUsageType::GenerateVerifyMac).await;
    let sign = keys.key_for(KeySpec::EccNistP256, KeyUsageType::SignVerify).await;
    let encrypt = keys.us.encrypt().key_id(&mac).plaintext(Blob::new("x")).send().await;
    let text = denied(invalid, encrypt);
    let says = "key usage is GENERATE_VERIFY_MAC which is not valid for Encrypt.";
    assert_eq!(text, format!("{} {says}", arn(US, &mac)));
    let data_key = keys.us.generate_data_key().key_id(&sign).number_of_bytes(32).send().await;
    denied(invalid, data_key);
    let request = keys.us.sign().key_id(&symmetric).message(Blob::new("x"));
    let text = denied(invalid, request.signing_algorithm(ECDSA).send().await);
    assert!(text.ends_with("ENCRYPT_DECRYPT which is not valid for Sign."), "{text}");
    let request = keys.us.sign().key_id(&sign).message(Blob::new("x"));
    denied(invalid, request.signing_algorithm(SigningAlgorithmSpec::EcdsaSha384).send().await);
    let request = keys.us.generate_mac().key_id(&symmetric).message(Blob::new("x"));
    let text = denied(invalid, request.mac_algorithm(MAC).send().await);
    assert!(text.ends_with("ENCRYPT_DECRYPT which is not valid for GenerateMac."), "{text}");
    let request = keys.us.generate_mac().key_id(&mac).message(Blob::new("x"));
    denied(invalid, request.mac_algorithm(MacAlgorithmSpec::HmacSha512).send().await);
    let request = keys.us.encrypt().key_id(&symmetric).plaintext(Blob::new("x"));
    let text = denied(invalid, request.encryption_algorithm(OAEP).send().await);
    let says = "Algorithm RSAES_OAEP_SHA_256 and key spec SYMMETRIC_DEFAULT are incompatible.";
    assert_eq!(text, says);
}

#[tokio::test]
async fn a_spec_has_its_usages() {
    let keys = keys();
    let create = |spec: KeySpec, usage: Option<KeyUsageType>| {
        keys.us.create_key().key_spec(spec).set_key_usage(usage).send()
    };
    denied("ValidationException", create(KeySpec::Rsa2048, None).await);
    let agree = Some(KeyUsageType::KeyAgreement);
    denied("ValidationException", create(KeySpec::Rsa2048, agree.clone()).await);
    denied("ValidationException", create(KeySpec::EccSecgP256K1, agree).await);
    let sign = Some(KeyUsageType::SignVerify);
    denied("ValidationException", create(KeySpec::SymmetricDefault, sign).await);
    let made = create(KeySpec::SymmetricDefault, None).await.unwrap().key_metadata.unwrap();
    assert_eq!(made.key_usage, Some(KeyUsageType::EncryptDecrypt));
}
