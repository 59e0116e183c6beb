//! Items that the legacy client for Python 3.3.0 wrote: good ones open to exactly what that client
//! gives, altered ones are refused. The items lie beside the checkout, not in it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

#[path = "../../itemseal/tests/common/shared.rs"]
mod shared;

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use itemseal::kms::{
    Decrypt, Decrypted, GenerateDataKey, GeneratedDataKey, Kms, KmsError, KmsFuture,
};
use itemseal::{AttributeValue, ErrorKind, Item};
use itemseal_legacy::{
    LegacyAction, LegacyDecryptor, LegacyKms, LegacyMaterials, UnwrappingKey, VerificationKey,
    is_legacy,
};
use serde_json::Value;
use zeroize::Zeroizing;

const FILE: &str = "legacy_ddbec_python.json";
const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// A KMS that has one data key, and the context that it must be asked with.
#[derive(Debug)]
struct OneDataKey {
    plaintext: Vec<u8>,
    context: BTreeMap<String, String>,
}

impl Kms for OneDataKey {
    fn generate_data_key<'a>(
        &'a self,
        _: &'a str,
        _: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, GeneratedDataKey> {
        unreachable!("nothing is written")
    }

    fn decrypt<'a>(&'a self, region: &'a str, request: Decrypt<'a>) -> KmsFuture<'a, Decrypted> {
        assert_eq!((region, request.key_id), ("us-east-1", Some(KEY)));
        let context: BTreeMap<_, _> =
            request.context.iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
        let answer = match context == self.context {
            true => Ok(Decrypted::new(KEY, Zeroizing::new(self.plaintext.clone()))),
            false => Err(KmsError::new("InvalidCiphertextException", "")),
        };
        Box::pin(async move { answer })
    }
}

fn item(json: &Value) -> Item {
    Item::from_json(json.to_string()).unwrap()
}

/// The decryptor that a case is to be read with.
fn decryptor(file: &Value, case: &Value) -> LegacyDecryptor {
    let key = |use_: &str| &file["keys"][case["keys"][use_].as_str().unwrap()];
    let bytes = |key: &Value| STANDARD.decode(key["base64"].as_str().unwrap()).unwrap();
    let materials = match case["provider"].as_str().unwrap() {
        "wrapped-aes-hmac" => LegacyMaterials::wrapped(
            UnwrappingKey::aes(&bytes(key("wrap"))).unwrap(),
            VerificationKey::hmac_sha256(&bytes(key("sign"))).unwrap(),
        ),
        "wrapped-rsa-rsa" => {
            let (private, public) = (&key("wrap")["private_pem"], &key("sign")["public_pem"]);
            LegacyMaterials::wrapped(
                UnwrappingKey::rsa(private.as_str().unwrap().as_bytes()).unwrap(),
                VerificationKey::new("SHA256withRSA", public.as_str().unwrap().as_bytes()).unwrap(),
            )
        }
        "aws-kms" => {
            let context = serde_json::from_value(case["kms_encryption_context"].clone()).unwrap();
            let kms: Arc<dyn Kms> = Arc::new(OneDataKey { plaintext: bytes(key("ikm")), context });
            LegacyKms::builder(kms).keys([KEY]).build().unwrap().into()
        }
        other => panic!("{other}"),
    };
    let action = |letter: &Value| match letter.as_str().unwrap() {
        "E" => LegacyAction::EncryptAndSign,
        "S" => LegacyAction::SignOnly,
        _ => LegacyAction::DoNothing,
    };
    let context = &case["context"];
    let mut builder = LegacyDecryptor::builder(
        context["table_name"].as_str(),
        context["partition_key"].as_str(),
        context["sort_key"].as_str(),
    )
    .default_action(action(&case["default_action"]));
    for (name, letter) in case["actions"].as_object().unwrap() {
        builder = builder.action(name, action(letter));
    }
    builder.build(materials).unwrap()
}

fn cases<'a>(file: &'a Value, lists: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let all = lists.iter().flat_map(|list| file[*list].as_array().unwrap());
    all.map(|case| (case["id"].as_str().unwrap(), case))
}

const GOOD: &[&str] = &["items", "extra_items"];

#[tokio::test]
async fn good_items_open_to_what_the_legacy_client_gives() {
    let Some(file) = shared::vectors(FILE) else { return };
    let mut opened = 0;
    for (id, case) in cases(&file, GOOD) {
        let stored = item(&case["encrypted"]);
        assert!(is_legacy(&stored), "{id}");
        let plaintext = decryptor(&file, case).decrypt_item(stored).await;
        let plaintext = plaintext.unwrap_or_else(|error| panic!("{id}: {error}"));
        assert!(!is_legacy(&plaintext), "{id}");
        assert_eq!(plaintext.to_json(), item(&case["decrypted"]).to_json(), "{id}");
        opened += 1;
    }
    assert_eq!(opened, 8);
}

#[tokio::test]
async fn tampered_items_are_refused_and_nothing_is_said() {
    let Some(file) = shared::vectors(FILE) else { return };
    let mut sentences = std::collections::BTreeSet::new();
    for (id, case) in cases(&file, &["tampered"]) {
        let refusal =
            decryptor(&file, case).decrypt_item(item(&case["encrypted"])).await.unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::Authentication, "{id}");
        sentences.insert(refusal.to_string());
    }
    assert_eq!(sentences.len(), 1, "{sentences:?}");
}

/// What the format cannot detect: these open, and the documentation of the crate says so.
#[tokio::test]
async fn what_the_legacy_format_does_not_protect() {
    let Some(file) = shared::vectors(FILE) else { return };
    for (id, case) in cases(&file, &["undetected_by_legacy"]) {
        let opened = decryptor(&file, case).decrypt_item(item(&case["encrypted"])).await;
        assert!(opened.is_ok(), "{id}: {opened:?}");
    }
}

#[tokio::test]
async fn no_signed_attribute_can_be_altered_removed_added_or_moved() {
    let Some(file) = shared::vectors(FILE) else { return };
    for (id, case) in cases(&file, GOOD) {
        let (legacy, stored) = (decryptor(&file, case), item(&case["encrypted"]));
        let unsigned = |name: &str| {
            name.starts_with("*amzn-ddb-map-") || case["actions"][name].as_str() == Some("N")
        };
        let signed: Vec<_> = stored.iter().filter(|(name, _)| !unsigned(name)).collect();
        for (name, value) in &signed {
            let mut removed = stored.clone();
            removed.remove(name);
            let mut renamed = removed.clone();
            renamed.insert(format!("{name}x"), (*value).clone());
            let altered = match value {
                AttributeValue::B(bytes) => {
                    let mut bytes = bytes.clone();
                    *bytes.last_mut().unwrap() ^= 1;
                    AttributeValue::B(bytes)
                }
                AttributeValue::N(text) => AttributeValue::N(format!("1{text}")),
                AttributeValue::S(text) => AttributeValue::S(format!("{text}x")),
                _ => AttributeValue::Null,
            };
            let altered = stored.clone().with(*name, altered);
            let retyped = stored.clone().with(*name, "plain");
            let added = stored.clone().with(format!("{name}x"), (*value).clone());
            for forged in [removed, renamed, altered, retyped, added] {
                let refusal = legacy.decrypt_item(forged).await.unwrap_err();
                assert_eq!(refusal.kind(), ErrorKind::Authentication, "{id} {name}: {refusal}");
            }
        }
    }
}

/// No byte of description or signature can be changed so that another item comes out, and none makes
/// it panic.
#[tokio::test]
async fn every_bit_of_description_and_signature() {
    let Some(file) = shared::vectors(FILE) else { return };
    let mut refused = 0;
    for (id, case) in cases(&file, GOOD).filter(|(id, _)| !id.contains("01-all")) {
        let (legacy, stored) = (decryptor(&file, case), item(&case["encrypted"]));
        let plaintext = item(&case["decrypted"]);
        for name in ["*amzn-ddb-map-sig*", "*amzn-ddb-map-desc*"] {
            let bytes = stored.get(name).and_then(AttributeValue::as_b).unwrap().to_vec();
            for (index, bit) in (0..bytes.len()).map(|index| (index, index % 8)) {
                let mut changed = bytes.clone();
                changed[index] ^= 1 << bit;
                match legacy.decrypt_item(stored.clone().with(name, changed)).await {
                    // An entry that nobody needs: the description is not signed.
                    Ok(opened) => assert!(name.contains("desc") && opened == plaintext, "{id}"),
                    Err(error) => {
                        let kind = error.kind();
                        let expected = [ErrorKind::Authentication, ErrorKind::Malformed];
                        assert!(expected.contains(&kind), "{id} {name} {index}: {error:?}");
                        refused += 1;
                    }
                }
                let cut = stored.clone().with(name, bytes.get(..index).unwrap().to_vec());
                if name.contains("sig") {
                    assert!(legacy.decrypt_item(cut).await.is_err(), "{id} {index}");
                }
            }
        }
    }
    assert!(refused > 1000, "{refused}");
}

#[tokio::test]
async fn wrong_keys_look_like_altered_items() {
    let Some(file) = shared::vectors(FILE) else { return };
    for (id, case) in cases(&file, &["items"]) {
        if !id.starts_with("aes-0") {
            continue;
        }
        let key = |name: &str| STANDARD.decode(file["keys"][name]["base64"].as_str().unwrap());
        let (wrap, sign) = (key("aes256_wrap").unwrap(), key("hmac256").unwrap());
        for (wrap, sign) in [(&sign, &sign), (&wrap, &wrap)] {
            let materials = LegacyMaterials::wrapped(
                UnwrappingKey::aes(wrap).unwrap(),
                VerificationKey::hmac_sha256(sign).unwrap(),
            );
            let context = &case["context"];
            let mut builder = LegacyDecryptor::builder(context["table_name"].as_str(), None, None);
            for (name, letter) in case["actions"].as_object().unwrap() {
                builder = match letter.as_str().unwrap() {
                    "S" => builder.sign_only([name]),
                    "N" => builder.do_nothing([name]),
                    _ => builder,
                };
            }
            let legacy = builder.build(materials).unwrap();
            let refusal = legacy.decrypt_item(item(&case["encrypted"])).await.unwrap_err();
            assert_eq!(refusal.kind(), ErrorKind::Authentication, "{id}");
        }
    }
}
