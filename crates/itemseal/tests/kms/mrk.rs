//! The MRK keyring beside a scripted KMS: which Region is asked, what is believed, what is final.

use crate::scripted::{Behaviour, ScriptedKms, order, with};
use itemseal::{Error, ErrorKind, Item, ItemDescription, ItemEncryptor, MrkKeyring, RawAesKeyring};

const US: &str = "arn:aws:kms:us-east-1:111122223333:key/mrk-1";
const EU: &str = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1";

fn encryptor(kms: &ScriptedKms, regions: &[&str]) -> ItemEncryptor {
    let keyring = MrkKeyring::builder(US).regions(regions.iter().copied());
    with(keyring.build(kms.clone()).unwrap())
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
    for length in [0, 6145, 65_536] {
        assert_eq!(encrypt_with(Behaviour::Ciphertext(length)).await.kind(), ErrorKind::Service);
    }
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
    let other = MrkKeyring::builder("arn:aws:kms:us-east-1:111122223333:key/mrk-2");
    let other = with(other.build(kms.clone()).unwrap());
    let error = other.decrypt_item(stored().await).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    let raw = with(RawAesKeyring::new("ns", "n", [1; 32]).unwrap());
    let raw = raw.encrypt_item(order()).await.unwrap();
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
