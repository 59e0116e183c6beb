use std::sync::{Arc, Mutex};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeySize, PrivateDecryptingKey};
use base64::Engine;
use zeroize::Zeroizing;

use super::*;
use crate::crypto::rsa::{RsaPadding, RsaPrivateKey, RsaPublicKey};
use crate::error::ErrorKind;
use crate::keyring::{KeyringFuture, KmsAccess, MultiKeyring, RawAesKeyring, wrap_data_key};
use crate::kms::{
    Decrypt, Decrypted, EncryptionAlgorithm, GenerateDataKey, GeneratedDataKey, GetPublicKey, Kms,
    KmsError, KmsFuture, PublicKey,
};
use crate::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};
use crate::secret::IntermediateKey;
use crate::{AlgorithmSuite, Item, ItemDescription, ItemEncryptor, Keyring, TableConfig};

const ARN: &str = "arn:aws:kms:us-east-1:111122223333:key/mrk-1";
const EU: &str = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1";

struct Pair {
    public: Vec<u8>,
    private: Vec<u8>,
}

fn pair() -> Pair {
    let key = PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap();
    let private: Pkcs8V1Der<'_> = key.as_der().unwrap();
    let public: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
    Pair { public: public.as_ref().to_vec(), private: private.as_ref().to_vec() }
}

fn pem(label: &str, der: &[u8]) -> String {
    let body = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<_> = body.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

fn with(suite: AlgorithmSuite, keyring: impl Keyring + 'static) -> ItemEncryptor {
    let table = TableConfig::builder("Orders").partition_key("OrderID").suite(suite);
    ItemEncryptor::new(table.build().unwrap(), keyring)
}

fn order() -> Item {
    Item::new().with("OrderID", "1").with("Card", "4111")
}

#[tokio::test]
async fn raw_rsa_writes_with_the_public_and_reads_with_the_private_key_in_every_padding() {
    use RsaPadding::*;
    let pair = pair();
    for padding in [Pkcs1, OaepSha1, OaepSha256, OaepSha384, OaepSha512] {
        let keyring = || RawRsaKeyring::new("ns", "key-1", padding).unwrap();
        let writer = keyring().public_key(pem("PUBLIC KEY", &pair.public)).unwrap();
        let reader = keyring().private_key(pem("PRIVATE KEY", &pair.private)).unwrap();
        let keyless = with(AlgorithmSuite::HmacOnly, keyring());
        assert_eq!(keyless.encrypt_item(order()).await.unwrap_err().kind(), ErrorKind::Misuse);
        let stored = with(AlgorithmSuite::EcdsaP384, writer).encrypt_item(order()).await.unwrap();
        let description = ItemDescription::of(&stored).unwrap();
        let edk = &description.edks()[0];
        assert_eq!((edk.provider_id(), edk.provider_info()), ("ns", &b"key-1"[..]));
        assert_eq!(edk.ciphertext().len(), 48 + 256);
        let reader = with(AlgorithmSuite::EcdsaP384, reader);
        assert_eq!(reader.decrypt_item(stored).await.unwrap(), order());
    }
}

#[tokio::test]
async fn raw_rsa_opens_its_own_name_key_and_padding_only() {
    let (pair, other) = (pair(), pair());
    let keyring = |namespace: &str, name: &str, padding| {
        RawRsaKeyring::new(namespace, name, padding).unwrap().private_key(&pair.private).unwrap()
    };
    let writer = RawRsaKeyring::new("ns", "key-1", RsaPadding::OaepSha256).unwrap();
    let writer = writer.public_key(&pair.public).unwrap();
    let stored = with(AlgorithmSuite::HmacOnly, writer).encrypt_item(order()).await.unwrap();
    let of_other = RawRsaKeyring::new("ns", "key-1", RsaPadding::OaepSha256).unwrap();
    for (reader, opens) in [
        (keyring("ns", "key-1", RsaPadding::OaepSha256), true),
        (keyring("ns", "key-2", RsaPadding::OaepSha256), false),
        (keyring("other", "key-1", RsaPadding::OaepSha256), false),
        (keyring("ns", "key-1", RsaPadding::OaepSha1), false),
        (of_other.private_key(&other.private).unwrap(), false),
    ] {
        let read = with(AlgorithmSuite::HmacOnly, reader).decrypt_item(stored.clone()).await;
        match read {
            Ok(opened) => assert!(opens && opened == order()),
            Err(error) => assert_eq!((opens, error.kind()), (false, ErrorKind::Authentication)),
        }
    }
    let only_writes = RawRsaKeyring::new("ns", "key-1", RsaPadding::OaepSha256).unwrap();
    let only_writes = with(AlgorithmSuite::HmacOnly, only_writes.public_key(&pair.public).unwrap());
    assert_eq!(only_writes.decrypt_item(stored).await.unwrap_err().kind(), ErrorKind::Misuse);
    assert!(RawRsaKeyring::new("aws-kms", "n", RsaPadding::OaepSha256).is_err());
}

/// A KMS with one RSA key in every Region.
#[derive(Debug)]
struct RsaKms {
    public: Vec<u8>,
    private: Vec<u8>,
    calls: Arc<Mutex<Vec<String>>>,
    answers_as: Option<&'static str>,
}

impl Kms for RsaKms {
    fn generate_data_key<'a>(
        &'a self,
        _: &'a str,
        _: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, GeneratedDataKey> {
        Box::pin(async { Err(KmsError::new("InvalidKeyUsageException", "")) })
    }

    fn decrypt<'a>(&'a self, region: &'a str, request: Decrypt<'a>) -> KmsFuture<'a, Decrypted> {
        Box::pin(async move {
            let (key_id, name) = (request.key_id.unwrap(), request.algorithm.as_str());
            self.calls.lock().unwrap().push(format!("{name} {region}"));
            assert!(request.context.is_empty(), "RSA has no context");
            let padding = match request.algorithm {
                EncryptionAlgorithm::RsaesOaepSha1 => RsaPadding::OaepSha1,
                _ => RsaPadding::OaepSha256,
            };
            let private = RsaPrivateKey::read(&self.private).unwrap();
            let opened = private.decrypt(padding, request.ciphertext);
            let opened = opened.map_err(|_| KmsError::new("InvalidCiphertextException", ""))?;
            let opened = Zeroizing::new(opened.to_vec());
            Ok(Decrypted::new(self.answers_as.unwrap_or(key_id), opened))
        })
    }

    fn get_public_key<'a>(
        &'a self,
        _: &'a str,
        request: GetPublicKey<'a>,
    ) -> KmsFuture<'a, PublicKey> {
        let answer = PublicKey::new(request.key_id, self.public.clone(), "ENCRYPT_DECRYPT");
        Box::pin(async { Ok(answer) })
    }
}

fn kms(pair: &Pair) -> Arc<RsaKms> {
    let (public, private) = (pair.public.clone(), pair.private.clone());
    Arc::new(RsaKms { public, private, calls: Arc::default(), answers_as: None })
}

const SHA_256: EncryptionAlgorithm = EncryptionAlgorithm::RsaesOaepSha256;

#[tokio::test]
async fn kms_rsa_writes_without_a_call_and_reads_with_one_in_its_own_region() {
    for algorithm in [SHA_256, EncryptionAlgorithm::RsaesOaepSha1] {
        let kms = kms(&pair());
        let public = KmsAccess::new(kms.clone()).rsa_public_key(ARN).await.unwrap();
        let keyring = |arn| KmsRsaKeyring::new(arn, algorithm, kms.clone()).unwrap();
        let writer = with(AlgorithmSuite::HmacOnly, keyring(ARN).public_key(&public).unwrap());
        let stored = writer.encrypt_item(order()).await.unwrap();
        assert!(kms.calls.lock().unwrap().is_empty());
        let description = ItemDescription::of(&stored).unwrap();
        let edk = &description.edks()[0];
        assert_eq!((edk.provider_id(), edk.provider_info()), ("aws-kms-rsa", ARN.as_bytes()));
        // The related key of another Region opens it.
        let reader = with(AlgorithmSuite::HmacOnly, keyring(EU));
        assert_eq!(reader.decrypt_item(stored.clone()).await.unwrap(), order());
        let calls = std::mem::take(&mut *kms.calls.lock().unwrap());
        assert_eq!(calls, [format!("{} eu-west-1", algorithm.as_str())]);
        let other = keyring("arn:aws:kms:eu-west-1:111122223333:key/mrk-2");
        assert!(with(AlgorithmSuite::HmacOnly, other).decrypt_item(stored).await.is_err());
        assert!(kms.calls.lock().unwrap().is_empty(), "another key's item costs no call");
    }
}

/// Writes as a KMS RSA keyring does, but for a digest of nothing.
#[derive(Debug)]
struct Forger(Vec<u8>);

impl Keyring for Forger {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(async move {
            let intermediate = IntermediateKey::random()?;
            let plaintext = [&[0; 48][..], intermediate.expose()].concat();
            let part = RsaPublicKey::read(&self.0)?.encrypt(RsaPadding::OaepSha256, &plaintext)?;
            let info = ARN.as_bytes();
            Ok(vec![wrap_data_key(request, &intermediate, "aws-kms-rsa", info, &part)?])
        })
    }

    fn unwrap<'a>(&'a self, _: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        unreachable!("it only writes")
    }
}

#[tokio::test]
async fn kms_rsa_opens_no_key_that_was_bound_to_another_context() {
    let kms = kms(&pair());
    let stored = with(AlgorithmSuite::HmacOnly, Forger(kms.public.clone()));
    let stored = stored.encrypt_item(order()).await.unwrap();
    let reader = with(AlgorithmSuite::HmacOnly, KmsRsaKeyring::new(ARN, SHA_256, kms).unwrap());
    assert_eq!(reader.decrypt_item(stored).await.unwrap_err().kind(), ErrorKind::Authentication);
}

#[tokio::test]
async fn kms_rsa_refuses_signed_items_missing_keys_and_another_key_s_answer() {
    let pair = pair();
    let kms = kms(&pair);
    let keyring = || KmsRsaKeyring::new(ARN, SHA_256, kms.clone()).unwrap();
    let signed = with(AlgorithmSuite::EcdsaP384, keyring().public_key(&pair.public).unwrap());
    assert_eq!(signed.encrypt_item(order()).await.unwrap_err().kind(), ErrorKind::Misuse);
    let reads_only = with(AlgorithmSuite::HmacOnly, keyring());
    assert_eq!(reads_only.encrypt_item(order()).await.unwrap_err().kind(), ErrorKind::Misuse);
    let writer = with(AlgorithmSuite::HmacOnly, keyring().public_key(&pair.public).unwrap());
    let stored = writer.encrypt_item(order()).await.unwrap();
    let Pair { public, private } = pair;
    let liar = RsaKms { public, private, calls: Arc::default(), answers_as: Some(EU) };
    let liar = KmsRsaKeyring::new(ARN, SHA_256, liar).unwrap();
    let error = with(AlgorithmSuite::HmacOnly, liar).decrypt_item(stored).await.unwrap_err();
    assert_eq!((error.kind(), error.region()), (ErrorKind::Service, Some("us-east-1")));
    for arn in ["mrk-1", "arn:aws:kms:us-east-1:111122223333:alias/a"] {
        assert!(KmsRsaKeyring::new(arn, SHA_256, kms.clone()).is_err());
    }
    let symmetric = EncryptionAlgorithm::SymmetricDefault;
    assert!(KmsRsaKeyring::new(ARN, symmetric, kms.clone()).is_err());
    let wrong_use = KmsAccess::new(kms).ecdh_public_key(ARN).await.unwrap_err();
    assert!(wrong_use.to_string().contains("KEY_AGREEMENT"), "{wrong_use}");
}

#[tokio::test]
async fn another_recipient_beside_rsa_opens_too() {
    let pair = pair();
    let raw = || RawAesKeyring::new("aes", "k", [3; 32]).unwrap();
    let rsa = RawRsaKeyring::new("rsa", "k", RsaPadding::OaepSha256).unwrap();
    let both = MultiKeyring::new(rsa.public_key(&pair.public).unwrap()).and(raw());
    let stored = with(AlgorithmSuite::EcdsaP384, both).encrypt_item(order()).await.unwrap();
    let reader = with(AlgorithmSuite::EcdsaP384, raw());
    assert_eq!(reader.decrypt_item(stored).await.unwrap(), order());
}
