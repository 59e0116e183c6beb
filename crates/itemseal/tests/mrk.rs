//! The MRK keyring beside a scripted KMS: which Region is asked, what is believed, what is final.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use itemseal::kms::{
    Decrypt, Decrypted, GenerateDataKey, GeneratedDataKey, Kms, KmsError, KmsFuture,
};
use itemseal::{
    Error, ErrorKind, Item, ItemDescription, ItemEncryptor, MrkKeyring, RawAesKeyring, TableConfig,
};
use zeroize::Zeroizing;

const US: &str = "arn:aws:kms:us-east-1:111122223333:key/mrk-1";
const EU: &str = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1";

/// What a Region's KMS does when it is asked.
#[derive(Clone, Debug)]
enum Behaviour {
    Works,
    Fails(&'static str),
    /// Answers in another key's name.
    Impostor(&'static str),
    /// Answers with a plaintext of this many bytes.
    Length(usize),
    /// Answers with an empty ciphertext.
    Empty,
    /// Answers with a plaintext that does not belong to the ciphertext.
    WrongPlaintext,
}

/// "Wraps" by reversing, which is enough to see what the keyring makes of it.
#[derive(Clone, Debug, Default)]
struct ScriptedKms {
    regions: BTreeMap<&'static str, Behaviour>,
    calls: Arc<Mutex<Vec<String>>>,
}

impl ScriptedKms {
    fn new(regions: impl IntoIterator<Item = (&'static str, Behaviour)>) -> Self {
        Self { regions: regions.into_iter().collect(), calls: Arc::default() }
    }

    fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    fn behaviour(&self, region: &str, operation: &str) -> Result<Behaviour, KmsError> {
        self.calls.lock().unwrap().push(format!("{operation} {region}"));
        match self.regions.get(region) {
            Some(Behaviour::Fails(code)) => Err(KmsError::new(*code, "scripted")),
            Some(behaviour) => Ok(behaviour.clone()),
            None => Err(KmsError::unreachable("no such host")),
        }
    }

    fn answer(
        behaviour: &Behaviour,
        key_id: &str,
        plaintext: Vec<u8>,
    ) -> (String, Zeroizing<Vec<u8>>) {
        let key_id = if let Behaviour::Impostor(other) = behaviour { other } else { key_id };
        let plaintext = match behaviour {
            Behaviour::Length(length) => vec![1; *length],
            Behaviour::WrongPlaintext => vec![9; plaintext.len()],
            _ => plaintext,
        };
        (key_id.to_owned(), Zeroizing::new(plaintext))
    }
}

impl Kms for ScriptedKms {
    fn generate_data_key<'a>(
        &'a self,
        region: &'a str,
        request: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, GeneratedDataKey> {
        Box::pin(async move {
            let behaviour = self.behaviour(region, "GenerateDataKey")?;
            assert_eq!(request.context.get("aws-crypto-table-name"), Some("Orders"));
            let plaintext: Vec<u8> = (0..request.number_of_bytes as u8).collect();
            let empty = matches!(behaviour, Behaviour::Empty);
            let ciphertext =
                if empty { Vec::new() } else { plaintext.iter().rev().copied().collect() };
            let (key_id, plaintext) = Self::answer(&behaviour, request.key_id, plaintext);
            Ok(GeneratedDataKey::new(key_id, plaintext, ciphertext))
        })
    }

    fn decrypt<'a>(&'a self, region: &'a str, request: Decrypt<'a>) -> KmsFuture<'a, Decrypted> {
        Box::pin(async move {
            let behaviour = self.behaviour(region, "Decrypt")?;
            let plaintext = request.ciphertext.iter().rev().copied().collect();
            let (key_id, plaintext) =
                Self::answer(&behaviour, request.key_id.expect("always given"), plaintext);
            Ok(Decrypted::new(key_id, plaintext))
        })
    }
}

fn encryptor(kms: &ScriptedKms, regions: &[&str]) -> ItemEncryptor {
    let table = TableConfig::builder("Orders").partition_key("OrderID").build().unwrap();
    let keyring =
        MrkKeyring::builder(US).regions(regions.iter().copied()).build(kms.clone()).unwrap();
    ItemEncryptor::new(table, keyring)
}

fn order() -> Item {
    Item::new().with("OrderID", "1").with("Card", "4111")
}

async fn stored() -> Item {
    let kms = ScriptedKms::new([("us-east-1", Behaviour::Works)]);
    encryptor(&kms, &["us-east-1"]).encrypt_item(order()).await.unwrap()
}

#[tokio::test]
async fn one_edk_with_the_arn_of_the_region_that_answered() {
    let kms = ScriptedKms::new([("eu-west-1", Behaviour::Works)]);
    let encryptor = encryptor(&kms, &["us-east-1", "eu-west-1"]);
    let stored = encryptor.encrypt_item(order()).await.unwrap();
    assert_eq!(kms.calls(), ["GenerateDataKey us-east-1", "GenerateDataKey eu-west-1"]);
    let description = ItemDescription::of(&stored).unwrap();
    assert_eq!(description.edks().len(), 1);
    assert_eq!(description.edks()[0].provider_id(), "aws-kms");
    assert_eq!(description.edks()[0].provider_info(), EU.as_bytes());
}

#[tokio::test]
async fn opens_in_the_reader_s_own_region() {
    let kms = ScriptedKms::new([("eu-west-1", Behaviour::Works)]);
    let opened = encryptor(&kms, &["eu-west-1"]).decrypt_item(stored().await).await.unwrap();
    assert_eq!(opened, order());
    assert_eq!(kms.calls(), ["Decrypt eu-west-1"]);
}

#[tokio::test]
async fn the_home_region_is_asked_first_and_only_first() {
    let kms = ScriptedKms::new([("us-east-1", Behaviour::Works), ("eu-west-1", Behaviour::Works)]);
    let encryptor = encryptor(&kms, &["us-east-1", "eu-west-1"]);
    let stored = encryptor.encrypt_item(order()).await.unwrap();
    encryptor.decrypt_item(stored).await.unwrap();
    assert_eq!(kms.calls(), ["GenerateDataKey us-east-1", "Decrypt us-east-1"]);
}

#[tokio::test]
async fn transient_errors_move_on_and_terminal_ones_stop() {
    for (code, moves_on, kind) in [
        ("", true, ErrorKind::KeyUnavailable),
        ("ThrottlingException", true, ErrorKind::KeyUnavailable),
        ("KMSInternalException", true, ErrorKind::KeyUnavailable),
        ("DependencyTimeoutException", true, ErrorKind::KeyUnavailable),
        ("AccessDeniedException", false, ErrorKind::KeyDenied),
        ("DisabledException", false, ErrorKind::KeyDenied),
        ("KMSInvalidStateException", false, ErrorKind::KeyDenied),
        ("NotFoundException", false, ErrorKind::KeyDenied),
        ("InvalidCiphertextException", false, ErrorKind::Authentication),
        ("SomethingNewException", false, ErrorKind::Service),
    ] {
        let first = |second| {
            ScriptedKms::new([("us-east-1", Behaviour::Fails(code)), ("eu-west-1", second)])
        };
        let both = ["us-east-1", "eu-west-1"];
        let kms = first(Behaviour::Works);
        assert_eq!(encryptor(&kms, &both).encrypt_item(order()).await.is_ok(), moves_on, "{code}");
        assert_eq!(kms.calls().len(), if moves_on { 2 } else { 1 }, "{code}");
        assert_eq!(encryptor(&kms, &both).decrypt_item(stored().await).await.is_ok(), moves_on);
        assert_eq!(kms.calls().len(), if moves_on { 2 } else { 1 }, "{code}");

        let kms = first(Behaviour::Fails(code));
        let error = encryptor(&kms, &both).decrypt_item(stored().await).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{code}");
        assert_eq!(error.is_retryable(), moves_on);
        if kind == ErrorKind::Authentication {
            assert_eq!((error.region(), error.code()), (None, None), "it says nothing more");
        } else {
            assert_eq!(error.region(), Some("us-east-1"), "the home Region's error is told");
            assert_eq!(error.code(), (!code.is_empty()).then_some(code));
        }
    }
}

async fn encrypt_with(behaviour: Behaviour) -> Error {
    let kms = ScriptedKms::new([("us-east-1", behaviour)]);
    encryptor(&kms, &["us-east-1"]).encrypt_item(order()).await.unwrap_err()
}

#[tokio::test]
async fn an_answer_that_could_not_be_read_later_is_not_written() {
    for length in [0, 16, 31, 33, 64] {
        assert_eq!(encrypt_with(Behaviour::Length(length)).await.kind(), ErrorKind::Service);
    }
    assert_eq!(encrypt_with(Behaviour::Empty).await.kind(), ErrorKind::Service);
    for other in [EU, "arn:aws:kms:us-east-1:111122223333:key/mrk-2", "mrk-1", ""] {
        let error = encrypt_with(Behaviour::Impostor(other)).await;
        assert_eq!(
            (error.kind(), error.region()),
            (ErrorKind::Service, Some("us-east-1")),
            "{other}"
        );
    }
}

#[tokio::test]
async fn an_answer_that_is_not_of_the_key_asked_yields_nothing() {
    for (behaviour, kind) in [
        (Behaviour::Impostor(EU), ErrorKind::Service),
        (Behaviour::Impostor("mrk-1"), ErrorKind::Service),
        (Behaviour::Length(31), ErrorKind::Service),
        (Behaviour::WrongPlaintext, ErrorKind::Authentication),
    ] {
        let kms = ScriptedKms::new([("us-east-1", behaviour)]);
        let error = encryptor(&kms, &["us-east-1"]).decrypt_item(stored().await).await.unwrap_err();
        assert_eq!(error.kind(), kind);
    }
}

#[tokio::test]
async fn another_key_s_items_cost_no_call() {
    let kms = ScriptedKms::new([("us-east-1", Behaviour::Works)]);
    let table = TableConfig::builder("Orders").partition_key("OrderID").build().unwrap();
    let other = MrkKeyring::builder("arn:aws:kms:us-east-1:111122223333:key/mrk-2");
    let other = ItemEncryptor::new(table.clone(), other.build(kms.clone()).unwrap());
    let error = other.decrypt_item(stored().await).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    let raw = RawAesKeyring::new("ns", "n", [1; 32]).unwrap();
    let raw = ItemEncryptor::new(table, raw).encrypt_item(order()).await.unwrap();
    let ours = encryptor(&kms, &["us-east-1"]);
    assert_eq!(ours.decrypt_item(raw).await.unwrap_err().kind(), ErrorKind::Authentication);
    assert!(kms.calls().is_empty());
}

#[tokio::test]
async fn an_item_that_cannot_be_written_costs_no_call() {
    let kms = ScriptedKms::new([("us-east-1", Behaviour::Works)]);
    let long = order().with("OrderID", "x".repeat(65_536));
    let error = encryptor(&kms, &["us-east-1"]).encrypt_item(long).await.unwrap_err();
    assert_eq!((error.kind(), error.attribute()), (ErrorKind::TooLarge, Some("OrderID")));
    assert!(kms.calls().is_empty());
}

#[test]
fn only_a_multi_region_key_s_full_arn_and_regions_once() {
    for (key, regions) in [
        ("mrk-1", vec![]),
        ("alias/orders", vec![]),
        ("arn:aws:kms:us-east-1:111122223333:alias/mrk-1", vec![]),
        ("arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", vec![]),
        (US, vec![""]),
        (US, vec!["us-east-1", "eu-west-1", "us-east-1"]),
    ] {
        let error = MrkKeyring::builder(key).regions(regions).build(ScriptedKms::default());
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Misuse, "{key}");
    }
    let keyring = MrkKeyring::builder(US).build(ScriptedKms::default()).unwrap();
    assert!(format!("{keyring:?}").contains("us-east-1"));
}
