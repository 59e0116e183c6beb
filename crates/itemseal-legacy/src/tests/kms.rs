//! Items of the Direct KMS Provider, over a KMS that has some keys and tells what it was asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use itemseal::kms::{
    Decrypt, Decrypted, GenerateDataKey, GeneratedDataKey, Kms, KmsError, KmsFuture,
};
use itemseal::{AttributeValue, ErrorKind, Item};
use zeroize::Zeroizing;

use super::round_trips::now;
use super::writer::Writer;
use crate::{LegacyKms, LegacyKmsBuilder};

const OWN: &str = "arn:aws:kms:us-east-1:111122223333:key/1234";
const OTHER: &str = "arn:aws:kms:us-east-1:111122223333:key/5678";
const FOREIGN: &str = "arn:aws:kms:us-east-1:999999999999:key/1234";
const MRK: &str = "arn:aws:kms:us-east-1:111122223333:key/mrk-1";
const MRK_EU: &str = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1";

/// The item's data key is under one key; a multi-Region key's id is the same everywhere.
#[derive(Debug)]
struct FakeKms {
    under: &'static str,
    answers_as: &'static str,
    down: &'static str,
    data_key_bytes: usize,
    asked: Mutex<Vec<(String, Option<String>)>>,
}

impl FakeKms {
    fn new(under: &'static str) -> Arc<Self> {
        Arc::new(Self {
            under,
            answers_as: under,
            down: "",
            data_key_bytes: 32,
            asked: Mutex::default(),
        })
    }

    fn answer(&self, region: &str, request: &Decrypt<'_>) -> Result<Decrypted, KmsError> {
        let key = request.key_id.map(str::to_owned);
        self.asked.lock().unwrap().push((region.to_owned(), key.clone()));
        if region == self.down {
            return Err(KmsError::unreachable("no route"));
        }
        let here = if region == "eu-west-1" { MRK_EU } else { self.under };
        let has = region == "us-east-1" || self.under == MRK;
        if !has {
            return Err(KmsError::new("AccessDeniedException", ""));
        }
        if key.is_some_and(|key| key != here) {
            return Err(KmsError::new("IncorrectKeyException", ""));
        }
        let context: BTreeMap<&str, &str> = request.context.iter().collect();
        let expected = BTreeMap::from([
            ("*amzn-ddb-env-alg*", "AES/256"),
            ("*amzn-ddb-sig-alg*", "HmacSHA256/256"),
            ("*aws-kms-table*", "table"),
            ("pk", "a2V5"),
            ("sk", "7.0"),
        ]);
        if context != expected || request.ciphertext != b"ciphertext" {
            return Err(KmsError::new("InvalidCiphertextException", ""));
        }
        let key_id = if region == "eu-west-1" { MRK_EU } else { self.answers_as };
        Ok(Decrypted::new(key_id, Zeroizing::new(vec![4; self.data_key_bytes])))
    }
}

impl Kms for FakeKms {
    fn generate_data_key<'a>(
        &'a self,
        _: &'a str,
        _: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, GeneratedDataKey> {
        unreachable!("nothing is written")
    }

    fn decrypt<'a>(&'a self, region: &'a str, request: Decrypt<'a>) -> KmsFuture<'a, Decrypted> {
        let answer = self.answer(region, &request);
        Box::pin(async move { answer })
    }
}

struct Bytes32;

impl KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

fn derived(info: &[u8]) -> Vec<u8> {
    let mut key = vec![0; 32];
    let secret = Salt::new(HKDF_SHA256, &[]).extract(&[4; 32]);
    secret.expand(&[info], Bytes32).unwrap().fill(&mut key).unwrap();
    key
}

fn writer() -> Writer {
    let mut writer = Writer::wrapped()
        .described("amzn-ddb-wrap-alg", "kms")
        .described("amzn-ddb-sig-alg", "HmacSHA256/256")
        .described("amzn-ddb-env-key", STANDARD.encode(b"ciphertext"));
    (writer.content, writer.signing) = (derived(b"Encryption"), derived(b"Signing"));
    writer
}

fn item() -> Item {
    let number = AttributeValue::N("7.0".into());
    Item::new().with("pk", b"key".to_vec()).with("sk", number).with("a", "text")
}

fn open(kms: LegacyKmsBuilder) -> itemseal::Result<Item> {
    let writer = writer();
    now(writer.reader(kms.build().unwrap()).decrypt_item(writer.write(&item())))
}

fn asked(kms: &FakeKms) -> Vec<(String, Option<String>)> {
    kms.asked.lock().unwrap().clone()
}

fn call(region: &str, key: &str) -> (String, Option<String>) {
    (region.to_owned(), Some(key.to_owned()))
}

#[test]
fn the_key_is_asked_for_by_its_arn_in_its_region() {
    let kms = FakeKms::new(OWN);
    let keys = LegacyKms::builder(kms.clone() as Arc<dyn Kms>).keys([OWN]).regions(["eu-west-1"]);
    assert_eq!(open(keys).unwrap(), item());
    assert_eq!(asked(&kms), [call("us-east-1", OWN)]);
}

#[test]
fn keys_in_turn_and_no_others() {
    let kms = FakeKms::new(OWN);
    assert_eq!(open(LegacyKms::builder(kms.clone()).keys([OTHER, OWN])).unwrap(), item());
    assert_eq!(asked(&kms), [call("us-east-1", OTHER), call("us-east-1", OWN)]);
    let refusal = open(LegacyKms::builder(kms).keys([OTHER])).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::KeyDenied);
    // A KMS, or who stands before it, that answers with another length or key than was asked for.
    let short = FakeKms { data_key_bytes: 31, ..FakeKms::take(OWN) };
    let refusal = open(LegacyKms::builder(short).keys([OWN])).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::Service);
    let lying = FakeKms { answers_as: FOREIGN, ..FakeKms::take(OWN) };
    let refusal = open(LegacyKms::builder(lying).keys([OWN])).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::Service);
}

impl FakeKms {
    fn take(under: &'static str) -> Self {
        Arc::into_inner(Self::new(under)).unwrap()
    }
}

#[test]
fn replicas_of_a_multi_region_key() {
    let kms = FakeKms::new(MRK);
    let keys = |kms| LegacyKms::builder(kms).keys([MRK]).regions(["eu-west-1", "us-east-1"]);
    assert_eq!(open(keys(kms.clone())).unwrap(), item());
    assert_eq!(asked(&kms), [call("eu-west-1", MRK_EU)]);
    // A Region that does not answer is passed over.
    let kms = Arc::new(FakeKms { down: "eu-west-1", ..FakeKms::take(MRK) });
    assert_eq!(open(keys(kms.clone())).unwrap(), item());
    assert_eq!(asked(&kms), [call("eu-west-1", MRK_EU), call("us-east-1", MRK)]);
    // Without Regions: the one in the ARN.
    let kms = FakeKms::new(MRK);
    assert_eq!(open(LegacyKms::builder(kms.clone()).keys([MRK])).unwrap(), item());
    assert_eq!(asked(&kms), [call("us-east-1", MRK)]);
}

#[test]
fn discovery_is_of_accounts_unless_it_is_of_all() {
    let discovery = |kms| LegacyKms::builder(kms).regions(["eu-west-1", "us-east-1"]);
    let ours = |kms| discovery(kms).accounts("aws", ["111122223333"]);
    let kms = FakeKms::new(OWN);
    assert_eq!(open(ours(kms.clone())).unwrap(), item());
    assert_eq!(asked(&kms), [("eu-west-1".to_owned(), None), ("us-east-1".to_owned(), None)]);
    assert_eq!(open(ours(FakeKms::new(FOREIGN))).unwrap_err().kind(), ErrorKind::KeyDenied);
    let china = discovery(FakeKms::new(OWN)).accounts("aws-cn", ["111122223333"]);
    assert_eq!(open(china).unwrap_err().kind(), ErrorKind::KeyDenied);
    assert_eq!(open(discovery(FakeKms::new(FOREIGN)).any_key()).unwrap(), item());
    let elsewhere = FakeKms { answers_as: MRK_EU, ..FakeKms::take(OWN) };
    assert_eq!(
        open(discovery(elsewhere.into()).any_key()).unwrap_err().kind(),
        ErrorKind::KeyDenied
    );
}

#[test]
fn another_context_is_another_item() {
    let writer = writer();
    let stored = writer.write(&item());
    let kms = || LegacyKms::builder(FakeKms::new(OWN)).keys([OWN]).build().unwrap();
    let normalized = stored.clone().with("sk", 7);
    let refusal = now(writer.reader(kms()).decrypt_item(normalized)).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::Authentication);
    let mut other = super::kms::writer();
    other.table = Some("other");
    let again = now(other.reader(kms()).decrypt_item(stored.clone())).unwrap_err();
    assert_eq!(again.to_string(), refusal.to_string());
    assert_eq!(refusal.to_string(), crate::error::authentication().to_string());
    let listed = stored.with("pk", AttributeValue::L(Vec::new()));
    let malformed = now(other.reader(kms()).decrypt_item(listed)).unwrap_err();
    assert_eq!((malformed.kind(), malformed.attribute()), (ErrorKind::Malformed, Some("pk")));
}

#[test]
fn nobody_to_ask_is_worth_trying_again() {
    let kms = FakeKms { down: "us-east-1", ..FakeKms::take(OWN) };
    let error = open(LegacyKms::builder(kms).keys([OWN, OTHER])).unwrap_err();
    assert!(error.kind() == ErrorKind::KeyUnavailable && error.is_retryable());
    // Also where another key's Region refuses.
    let elsewhere = "arn:aws:kms:eu-central-1:111122223333:key/1234";
    let kms = FakeKms { down: "us-east-1", ..FakeKms::take(OWN) };
    let error = open(LegacyKms::builder(kms).keys([elsewhere, OWN])).unwrap_err();
    assert_eq!((error.kind(), error.region()), (ErrorKind::KeyUnavailable, Some("us-east-1")));
    let kms = FakeKms::new(OWN);
    let error = open(LegacyKms::builder(kms).keys([OTHER, elsewhere])).unwrap_err();
    assert_eq!(error.code(), Some("AccessDeniedException"), "it says more than the wrong key");
}

#[test]
fn descriptions_that_no_kms_item_has() {
    let long = STANDARD.encode([0; 6145]);
    for (name, text) in [
        ("amzn-ddb-sig-alg", "HmacMD5/128"),
        ("amzn-ddb-sig-alg", "SHA256withRSA/256"),
        ("amzn-ddb-sig-alg", "HmacSHA256/1"),
        ("amzn-ddb-env-alg", "DES/56"),
        ("amzn-ddb-env-key", ""),
        ("amzn-ddb-env-key", &*long),
    ] {
        let writer = writer().described(name, text);
        let kms = LegacyKms::builder(FakeKms::new(OWN)).keys([OWN]).build().unwrap();
        let error = now(writer.reader(kms).decrypt_item(writer.write(&item()))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{name} {text}: {error}");
    }
}

#[test]
fn it_must_be_said_whose_keys() {
    let kms = || LegacyKms::builder(FakeKms::new(OWN));
    for builder in [
        kms(),
        kms().regions(["us-east-1"]),
        kms().any_key(),
        kms().accounts("aws", ["111122223333"]),
        kms().accounts("aws", [""]).regions(["us-east-1"]),
        kms().accounts("", ["1"]).regions(["us-east-1"]),
        kms().accounts("aws", Vec::<String>::new()).regions(["us-east-1"]),
        kms().any_key().accounts("aws", ["1"]).regions(["us-east-1"]),
        kms().keys([OWN]).any_key().regions(["us-east-1"]),
        kms().keys(["alias/orders"]),
        kms().keys([MRK]).regions([""]),
        kms().keys([MRK]).regions(["us-east-1", "us-east-1"]),
    ] {
        assert_eq!(builder.build().unwrap_err().kind(), ErrorKind::Misuse);
    }
}
