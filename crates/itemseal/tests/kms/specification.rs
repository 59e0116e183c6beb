//! The KMS keyrings of the specification, rule by rule.

use crate::scripted::{Behaviour, ScriptedKms, order, with};
use itemseal::keyring::{
    DiscoveryFilter, DiscoveryKeyring, KmsAccess, KmsKeyring, KmsMultiKeyring, MrkDiscoveryKeyring,
    MrkDiscoveryMultiKeyring, MrkMultiKeyring,
};
use itemseal::{ErrorKind, Item, ItemDescription, Keyring, MrkKeyring, MultiKeyring, Result};

const US: &str = "us-east-1";
const EU: &str = "eu-west-1";
const AP: &str = "ap-south-1";

fn arn(region: &str, id: &str) -> String {
    format!("arn:aws:kms:{region}:111122223333:key/{id}")
}

fn kms() -> ScriptedKms {
    ScriptedKms::new([US, EU, AP].map(|region| (region, Behaviour::Works)))
}

async fn write(keyring: impl Keyring + 'static) -> Item {
    with(keyring).encrypt_item(order()).await.unwrap()
}

async fn read(stored: &Item, keyring: impl Keyring + 'static) -> Result<Item> {
    with(keyring).decrypt_item(stored.clone()).await
}

/// An item under the key with this ARN.
async fn under(arn: &str) -> Item {
    write(KmsKeyring::new(arn, kms()).unwrap()).await
}

fn providers(stored: &Item) -> Vec<String> {
    let description = ItemDescription::of(stored).unwrap();
    let edks = description.edks().iter();
    edks.map(|edk| {
        assert_eq!(edk.provider_id(), "aws-kms");
        String::from_utf8(edk.provider_info().to_vec()).unwrap()
    })
    .collect()
}

#[tokio::test]
async fn strict_writes_and_reads_in_the_arn_s_region() {
    let kms = kms();
    let keyring = || KmsKeyring::new(arn(EU, "1234"), kms.clone()).unwrap();
    let stored = write(keyring()).await;
    assert_eq!(providers(&stored), [arn(EU, "1234")]);
    assert_eq!(read(&stored, keyring()).await.unwrap(), order());
    assert_eq!(kms.calls(), ["GenerateDataKey eu-west-1", "Decrypt eu-west-1"]);
}

#[tokio::test]
async fn strict_opens_its_own_key_s_items_only_and_asks_for_no_other() {
    let kms = kms();
    let keyring = KmsKeyring::new(arn(US, "mrk-1"), kms.clone()).unwrap();
    let related = under(&arn(EU, "mrk-1")).await;
    assert_eq!(read(&related, keyring).await.unwrap_err().kind(), ErrorKind::Authentication);
    assert!(kms.calls().is_empty());
}

#[tokio::test]
async fn the_mrk_keyring_opens_what_a_related_key_wrapped_with_its_own() {
    let kms = kms();
    let keyring = || MrkKeyring::builder(arn(US, "mrk-1")).build(kms.clone()).unwrap();
    assert_eq!(read(&under(&arn(EU, "mrk-1")).await, keyring()).await.unwrap(), order());
    assert_eq!(kms.calls(), ["Decrypt us-east-1"]);
    for other in [arn(EU, "mrk-2"), arn(US, "1234")] {
        assert!(read(&under(&other).await, keyring()).await.is_err(), "{other}");
    }
}

#[test]
fn every_key_is_a_full_arn() {
    for key in ["", "mrk-1", "1234", "alias/a", "arn:aws:kms:us-east-1:111122223333:alias/a"] {
        let misuse = |error: itemseal::Error| assert_eq!(error.kind(), ErrorKind::Misuse, "{key}");
        misuse(KmsKeyring::new(key, kms()).unwrap_err());
        misuse(KmsMultiKeyring::new([&arn(US, "1"), key], kms()).unwrap_err());
        misuse(MrkMultiKeyring::new([&arn(US, "1"), key], kms()).unwrap_err());
    }
    assert!(KmsMultiKeyring::new([""; 0], kms()).is_err());
    assert!(MrkMultiKeyring::new([""; 0], kms()).is_err());
}

#[tokio::test]
async fn a_multi_keyring_writes_for_every_key_and_one_failing_region_fails_the_write() {
    let kms = kms();
    let keys = [arn(US, "mrk-1"), arn(EU, "1234")];
    let strict = || KmsMultiKeyring::new(&keys, kms.clone()).unwrap();
    let mrk = || MrkMultiKeyring::new(&keys, kms.clone()).unwrap();
    assert_eq!(providers(&write(strict()).await), keys);
    assert_eq!(providers(&write(mrk()).await), keys);
    kms.calls();
    kms.set(EU, Behaviour::Fails("ThrottlingException"));
    for encryptor in [with(strict()), with(mrk())] {
        let error = encryptor.encrypt_item(order()).await.unwrap_err();
        assert_eq!((error.kind(), error.region()), (ErrorKind::KeyUnavailable, Some(EU)));
    }
}

#[tokio::test]
async fn a_multi_keyring_reads_with_the_first_that_can() {
    let kms = kms();
    let keys = [arn(US, "mrk-1"), arn(EU, "1234")];
    let both = write(KmsMultiKeyring::new(&keys, kms.clone()).unwrap()).await;
    kms.calls();
    kms.set(US, Behaviour::Fails("DisabledException"));
    let strict = KmsMultiKeyring::new(&keys, kms.clone()).unwrap();
    assert_eq!(read(&both, strict).await.unwrap(), order());
    assert_eq!(kms.calls(), ["Decrypt us-east-1", "Decrypt eu-west-1"]);
    // Only the MRK form opens what a related key wrapped.
    let related = under(&arn(AP, "mrk-1")).await;
    kms.set(US, Behaviour::Works);
    assert!(read(&related, KmsMultiKeyring::new(&keys, kms.clone()).unwrap()).await.is_err());
    let mrk = MrkMultiKeyring::new(&keys, kms.clone()).unwrap();
    assert_eq!(read(&related, mrk).await.unwrap(), order());
}

#[test]
fn one_multi_region_key_is_not_two_recipients() {
    let error = MrkMultiKeyring::new([arn(US, "mrk-1"), arn(EU, "mrk-1")], kms()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse);
    MrkMultiKeyring::new([arn(US, "mrk-1"), arn(EU, "mrk-2"), arn(EU, "1")], kms()).unwrap();
}

#[tokio::test]
async fn where_several_keys_fail_the_one_to_act_on_is_told_with_all_others() {
    let keys = [arn(US, "1"), arn(EU, "2"), arn(AP, "3")];
    let both = write(KmsMultiKeyring::new(&keys, kms()).unwrap()).await;
    let kms = ScriptedKms::new([
        (US, Behaviour::Fails("InvalidCiphertextException")),
        (EU, Behaviour::Fails("DisabledException")),
        (AP, Behaviour::Fails("ThrottlingException")),
    ]);
    let error = read(&both, KmsMultiKeyring::new(&keys, kms).unwrap()).await.unwrap_err();
    assert_eq!((error.kind(), error.region()), (ErrorKind::KeyUnavailable, Some(AP)));
    let all = std::error::Error::source(&error).unwrap().to_string();
    assert!(all.contains("DisabledException") && all.contains(EU), "{all}");
}

#[tokio::test]
async fn discovery_asks_for_the_stored_key_and_never_writes() {
    let kms = kms();
    let discovery = || DiscoveryKeyring::new(EU, kms.clone()).unwrap();
    let mrk_discovery = || MrkDiscoveryKeyring::new(EU, kms.clone()).unwrap();
    let multi = || MrkDiscoveryMultiKeyring::new([US, EU], kms.clone()).unwrap();
    let single = under(&arn(EU, "1234")).await;
    assert_eq!(read(&single, discovery()).await.unwrap(), order());
    assert_eq!(read(&single, mrk_discovery()).await.unwrap(), order());
    assert_eq!(read(&single, multi()).await.unwrap(), order());
    assert_eq!(kms.calls(), ["Decrypt eu-west-1"; 3]);
    let writers: [Box<dyn Keyring>; 3] =
        [Box::new(discovery()), Box::new(mrk_discovery()), Box::new(multi())];
    for writer in writers {
        let error = with(writer).encrypt_item(order()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misuse);
    }
    assert!(kms.calls().is_empty());
}

#[tokio::test]
async fn only_mrk_discovery_crosses_regions_and_only_with_multi_region_keys() {
    let kms = kms();
    let discovery = || DiscoveryKeyring::new(EU, kms.clone()).unwrap();
    let mrk_discovery = || MrkDiscoveryKeyring::new(EU, kms.clone()).unwrap();
    let mrk = under(&arn(US, "mrk-1")).await;
    assert!(read(&mrk, discovery()).await.is_err());
    assert!(kms.calls().is_empty());
    assert_eq!(read(&mrk, mrk_discovery()).await.unwrap(), order());
    assert_eq!(kms.calls(), ["Decrypt eu-west-1"]);
    assert!(read(&under(&arn(US, "1234")).await, mrk_discovery()).await.is_err());
    assert!(kms.calls().is_empty());
}

#[tokio::test]
async fn a_filter_admits_its_partition_and_accounts_only() {
    let stored = under(&arn(EU, "mrk-1")).await;
    for (partition, accounts, admitted) in [
        ("aws", vec!["111122223333"], true),
        ("aws", vec!["999922223333", "111122223333"], true),
        ("aws", vec!["999922223333"], false),
        ("aws-cn", vec!["111122223333"], false),
    ] {
        let kms = kms();
        let filter = || DiscoveryFilter::new(partition, accounts.clone()).unwrap();
        let keyrings: [Box<dyn Keyring>; 3] = [
            Box::new(DiscoveryKeyring::new(EU, kms.clone()).unwrap().filter(filter())),
            Box::new(MrkDiscoveryKeyring::new(EU, kms.clone()).unwrap().filter(filter())),
            Box::new(MrkDiscoveryMultiKeyring::new([EU], kms.clone()).unwrap().filter(filter())),
        ];
        for keyring in keyrings {
            assert_eq!(read(&stored, keyring).await.is_ok(), admitted, "{partition} {accounts:?}");
            assert_eq!(kms.calls().len(), usize::from(admitted));
        }
    }
    assert!(DiscoveryFilter::new("", ["1"]).is_err());
    assert!(DiscoveryFilter::new("aws", [""]).is_err());
    assert!(DiscoveryFilter::new("aws", [""; 0]).is_err());
}

#[tokio::test]
async fn discovery_in_several_regions_takes_them_in_turn() {
    let kms = kms();
    kms.set(US, Behaviour::Fails("AccessDeniedException"));
    let stored = under(&arn(AP, "mrk-1")).await;
    let multi = MrkDiscoveryMultiKeyring::new([US, EU], kms.clone()).unwrap();
    assert_eq!(read(&stored, multi).await.unwrap(), order());
    assert_eq!(kms.calls(), ["Decrypt us-east-1", "Decrypt eu-west-1"]);
    for regions in [vec![], vec![""], vec![US, US]] {
        let refused = MrkDiscoveryMultiKeyring::new(regions, kms.clone()).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Misuse);
    }
    assert!(DiscoveryKeyring::new("", kms.clone()).is_err());
    assert!(MrkDiscoveryKeyring::new("", kms).is_err());
}

#[tokio::test]
async fn every_answer_to_decrypt_is_checked_by_every_keyring() {
    for (behaviour, kind) in [
        (Behaviour::Impostor("arn:aws:kms:us-east-1:111122223333:key/mrk-1"), ErrorKind::Service),
        (Behaviour::Impostor("mrk-1"), ErrorKind::Service),
        (Behaviour::Impostor(""), ErrorKind::Service),
        (Behaviour::Length(31), ErrorKind::Service),
        (Behaviour::Length(0), ErrorKind::Service),
        (Behaviour::WrongPlaintext, ErrorKind::Authentication),
    ] {
        let kms = ScriptedKms::new([(EU, behaviour.clone())]);
        let key = arn(EU, "mrk-1");
        let stored = under(&key).await;
        let keyrings: [Box<dyn Keyring>; 6] = [
            Box::new(KmsKeyring::new(&key, kms.clone()).unwrap()),
            Box::new(MrkKeyring::builder(&key).build(kms.clone()).unwrap()),
            Box::new(MrkMultiKeyring::new([&key], kms.clone()).unwrap()),
            Box::new(DiscoveryKeyring::new(EU, kms.clone()).unwrap()),
            Box::new(MrkDiscoveryKeyring::new(EU, kms.clone()).unwrap()),
            Box::new(MrkDiscoveryMultiKeyring::new([EU], kms.clone()).unwrap()),
        ];
        for keyring in keyrings {
            let error = read(&stored, keyring).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{behaviour:?}");
        }
    }
}

#[tokio::test]
async fn a_ciphertext_that_kms_could_not_have_written_costs_no_call() {
    let key = arn(EU, "mrk-1");
    let kms = kms();
    let stored = under(&key).await;
    let description = ItemDescription::of(&stored).unwrap();
    let edk = &description.edks()[0];
    let wrapped = edk.ciphertext().len() - 32;
    for provider_part in [vec![], vec![1; 6145]] {
        let ciphertext = [&edk.ciphertext()[..wrapped], &provider_part].concat();
        let changed = itemseal::materials::EncryptedDataKey::new(
            edk.provider_id(),
            edk.provider_info(),
            ciphertext,
        );
        let stored = with_edk(&stored, edk, &changed.unwrap());
        let keyring = KmsKeyring::new(&key, kms.clone()).unwrap();
        assert_eq!(read(&stored, keyring).await.unwrap_err().kind(), ErrorKind::Authentication);
    }
    assert!(kms.calls().is_empty());
}

/// The item with another encrypted data key's ciphertext in its header.
fn with_edk(
    stored: &Item,
    old: &itemseal::materials::EncryptedDataKey,
    new: &itemseal::materials::EncryptedDataKey,
) -> Item {
    let header = stored.get("aws_dbe_head").unwrap().as_b().unwrap().to_vec();
    let part = |bytes: &[u8]| [&(bytes.len() as u16).to_be_bytes(), bytes].concat();
    let (old, new) = (part(old.ciphertext()), part(new.ciphertext()));
    let at = header.windows(old.len()).position(|window| window == old).unwrap();
    let header = [&header[..at], &new, &header[at + old.len()..]].concat();
    stored.clone().with("aws_dbe_head", header)
}

#[tokio::test]
async fn grant_tokens_go_with_every_call_and_are_not_printed() {
    let kms = kms();
    let access = KmsAccess::new(kms.clone()).grant_tokens(["a-secret-token"]);
    let keyring = KmsKeyring::new(arn(EU, "1"), access).unwrap();
    assert!(!format!("{keyring:?}").contains("a-secret-token"));
    let encryptor = with(keyring);
    let stored = encryptor.encrypt_item(order()).await.unwrap();
    assert_eq!(kms.tokens(), ["a-secret-token"]);
    kms.set(EU, Behaviour::Slow(0));
    encryptor.decrypt_item(stored).await.unwrap();
    assert_eq!(kms.tokens(), ["a-secret-token"]);
}

#[tokio::test]
async fn verified_writes_refuse_a_plaintext_that_is_not_the_ciphertext_s() {
    // A ciphertext of the right length, which opens to something else.
    let kms_that_lies = ScriptedKms::new([(EU, Behaviour::Ciphertext(32))]);
    let access = KmsAccess::new(kms_that_lies.clone()).verify_writes();
    let keyring = with(KmsKeyring::new(arn(EU, "1"), access).unwrap());
    assert_eq!(keyring.encrypt_item(order()).await.unwrap_err().kind(), ErrorKind::Service);
    assert_eq!(kms_that_lies.calls(), ["GenerateDataKey eu-west-1", "Decrypt eu-west-1"]);
    let access = KmsAccess::new(kms()).verify_writes();
    write(KmsKeyring::new(arn(EU, "1"), access).unwrap()).await;
}

#[tokio::test]
async fn a_multi_keyring_may_have_failover_keyrings_as_children() {
    let kms = kms();
    kms.set(US, Behaviour::Fails(""));
    let failover = MrkKeyring::builder(arn(US, "mrk-1")).regions([US, EU]).build(kms.clone());
    let keyring = MultiKeyring::new(failover.unwrap())
        .and(KmsKeyring::new(arn(AP, "1"), kms.clone()).unwrap());
    assert_eq!(providers(&write(keyring).await), [arn(EU, "mrk-1"), arn(AP, "1")]);
}
