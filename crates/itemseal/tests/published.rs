//! The ciphertexts that AWS publishes with its library, under their static branch key.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

#[path = "common/shared.rs"]
mod shared;

use std::collections::BTreeMap;

use itemseal::keyring::{BranchKey, BranchKeyring};
use itemseal::{AttributeValue, Item, ItemEncryptor, TableConfig, normalize_number};
use serde_json::Value;

/// Every file, with how many ciphertexts it has to open and how many to refuse.
const FILES: [(&str, usize, usize); 9] = [
    ("decrypt_java_32.json", 8, 1),
    ("decrypt_java_33.json", 11, 1),
    ("decrypt_dotnet_32.json", 8, 1),
    ("decrypt_dotnet_33.json", 11, 1),
    ("iotest.json", 2, 0),
    ("history_java_b.json", 3, 1),
    ("history_dotnet_b.json", 3, 1),
    ("history_iotest_a.json", 2, 0),
    ("history_iotest_b.json", 2, 0),
];

#[tokio::test]
async fn published_ciphertexts() {
    let (mut positives, mut negatives) = (0, 0);
    for (name, opens, refuses) in FILES {
        let Some(file) = shared::vectors(&format!("dbesdk/{name}")) else { return };
        let cases = cases(&file);
        let mut counted = (0, 0);
        for case in &cases {
            let opened = encryptor(&case.config).decrypt_item(item(&case.encrypted)).await;
            match &case.plaintext {
                Some(plaintext) => {
                    let opened =
                        opened.unwrap_or_else(|error| panic!("{name} {}: {error:?}", case.name));
                    assert_eq!(
                        canonical(opened),
                        canonical(untyped_item(plaintext)),
                        "{name} {}",
                        case.name
                    );
                    counted.0 += 1;
                }
                None => {
                    assert!(opened.is_err(), "{name} {} must be refused", case.name);
                    counted.1 += 1;
                }
            }
        }
        println!("{name}: {} opened, {} refused", counted.0, counted.1);
        assert_eq!(counted, (opens, refuses), "{name}");
        positives += counted.0;
        negatives += counted.1;
    }
    println!("published ciphertexts: {positives} opened, {negatives} refused, 0 wrong");
    assert_eq!((positives, negatives), (50, 6));
}

struct Case {
    name: String,
    config: Value,
    encrypted: Value,
    plaintext: Option<Value>,
}

/// The two shapes of file: decrypt manifests, and the tests that came before them.
fn cases(file: &Value) -> Vec<Case> {
    if let Some(tests) = file.get("tests") {
        let positive = |test: &Value| test["type"] == "positive-decrypt";
        let case = |(name, test): (&String, &Value)| Case {
            name: name.clone(),
            config: test["config"].clone(),
            encrypted: test["encrypted"].clone(),
            plaintext: positive(test).then(|| test["plaintext"].clone()),
        };
        return tests.as_object().unwrap().iter().map(case).collect();
    }
    let mut cases = Vec::new();
    for (index, test) in file["DecryptTests"].as_array().unwrap().iter().enumerate() {
        let encrypted = test["EncryptedRecords"].as_array().unwrap();
        let plaintext = test["PlainTextRecords"].as_array().unwrap();
        assert_eq!(encrypted.len(), plaintext.len());
        for (encrypted, plaintext) in encrypted.iter().zip(plaintext) {
            cases.push(Case {
                name: format!("DecryptTests {index}"),
                config: test["Config"].clone(),
                encrypted: encrypted.clone(),
                plaintext: Some(plaintext.clone()),
            });
        }
    }
    cases
}

fn encryptor(config: &Value) -> ItemEncryptor {
    let names = |action: &str| {
        let actions = config["attributeActionsOnEncrypt"].as_object().unwrap();
        let named = actions.iter().filter(|(_, a)| a.as_str() == Some(action));
        named.map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    let table = TableConfig::builder("GazelleVectorTable")
        .partition_key("RecNum")
        .encrypt(names("ENCRYPT_AND_SIGN"))
        .sign_only(names("SIGN_ONLY"))
        .context(names("SIGN_AND_INCLUDE_IN_ENCRYPTION_CONTEXT"))
        .unsigned(names("DO_NOTHING"))
        .build()
        .unwrap();
    ItemEncryptor::new(table, BranchKeyring::new([branch_key()]))
}

fn branch_key() -> BranchKey {
    let keys = shared::vectors("dbesdk/keys.json").unwrap();
    let key = &keys["keys"]["static-branch-key-1"];
    let version = hex::decode(key["branchKeyVersion"].as_str().unwrap().replace('-', "")).unwrap();
    let bytes = binary(&key["branchKey"]);
    BranchKey::new(key["key-id"].as_str().unwrap(), version.try_into().unwrap(), bytes).unwrap()
}

/// Base64, read by our own JSON.
fn binary(text: &Value) -> Vec<u8> {
    let item = Item::from_json(format!(r#"{{"b":{{"B":{text}}}}}"#)).unwrap();
    item.get("b").unwrap().as_b().unwrap().to_vec()
}

fn item(json: &Value) -> Item {
    Item::from_json(json.to_string()).unwrap()
}

/// The manifests' own notation: bare text is S, a bare number is N, an object is a typed value.
fn untyped_item(json: &Value) -> Item {
    json.as_object().unwrap().iter().map(|(name, value)| (name, untyped(value))).collect()
}

fn untyped(json: &Value) -> AttributeValue {
    let texts = |json: &Value| json.as_array().unwrap().iter().map(text).collect();
    match json {
        Value::String(text) => AttributeValue::S(text.clone()),
        Value::Number(number) => AttributeValue::N(number.to_string()),
        Value::Object(typed) => {
            match typed.iter().next().map(|(name, value)| (name.as_str(), value)).unwrap() {
                ("N", value) => AttributeValue::N(text(value)),
                ("S", value) => AttributeValue::S(text(value)),
                ("B", value) => AttributeValue::B(binary(value)),
                ("BOOL", value) => AttributeValue::Bool(value.as_bool().unwrap()),
                ("NULL", _) => AttributeValue::Null,
                ("SS", set) => AttributeValue::Ss(texts(set)),
                ("NS", set) => AttributeValue::Ns(texts(set)),
                ("BS", set) => {
                    AttributeValue::Bs(set.as_array().unwrap().iter().map(binary).collect())
                }
                ("L", list) => {
                    AttributeValue::L(list.as_array().unwrap().iter().map(untyped).collect())
                }
                ("M", map) => {
                    let entries = map.as_object().unwrap().iter();
                    AttributeValue::M(
                        entries.map(|(key, value)| (key.clone(), untyped(value))).collect(),
                    )
                }
                (other, _) => panic!("{other} in a published plaintext"),
            }
        }
        other => panic!("{other} in a published plaintext"),
    }
}

fn text(json: &Value) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}

/// Numbers in normal form and sets in order: encrypting normalises, and older releases of AWS's
/// library normalised attributes that are only signed too.
fn canonical(item: Item) -> BTreeMap<String, String> {
    item.iter().map(|(name, value)| (name.clone(), canonical_value(value))).collect()
}

fn canonical_value(value: &AttributeValue) -> String {
    let sorted = |mut set: Vec<String>| {
        set.sort();
        format!("{set:?}")
    };
    let number = |text: &String| normalize_number(text).unwrap().into_owned();
    let form = match value {
        AttributeValue::S(text) => format!("{text:?}"),
        AttributeValue::N(text) => number(text),
        AttributeValue::B(bytes) => format!("{bytes:?}"),
        AttributeValue::Bool(value) => value.to_string(),
        AttributeValue::Null => String::new(),
        AttributeValue::Ss(set) => sorted(set.clone()),
        AttributeValue::Ns(set) => sorted(set.iter().map(number).collect()),
        AttributeValue::Bs(set) => sorted(set.iter().map(|bytes| format!("{bytes:?}")).collect()),
        AttributeValue::L(list) => {
            format!("{:?}", list.iter().map(canonical_value).collect::<Vec<_>>())
        }
        AttributeValue::M(map) => {
            let entries = map.iter().map(|(key, value)| (key, canonical_value(value)));
            format!("{:?}", entries.collect::<BTreeMap<_, _>>())
        }
    };
    format!("{} {form}", value.type_name())
}
