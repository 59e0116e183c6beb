//! Every intermediate value of 72 items, step by step, beside values computed apart from this code.

#[path = "../../tests/common/shared.rs"]
mod shared;

use serde_json::Value;

use super::commitment::ItemKeys;
use super::digest::RecordDigest;
use super::field::FieldKeys;
use super::header::Header;
use super::legend::{self, Signed};
use super::path::{self, Paths};
use super::{HEADER_ATTRIBUTE, footer, value};
use crate::context::{EncryptionContext, TABLE_NAME};
use crate::item::Item;
use crate::keyring::branch_key::{BranchKey, Sealed};
use crate::keyring::wrapping;
use crate::secret::{DataKey, IntermediateKey, RecipientMacKey, Secret};

#[test]
fn traces_match_step_by_step() {
    let Some(traces) = shared::vectors("dbesdk/trace.json") else { return };
    let (mut derivations, mut items) = (0, 0);
    for trace in traces.as_array().unwrap() {
        let name = format!("{} {}", trace["file"], trace["test"]);
        keys_and_paths(trace, &name);
        derivations += 1;
        if trace.get("derived_branch_key").is_some() {
            whole_item(trace, &name);
            items += 1;
        }
    }
    println!("trace.json: {derivations} items' keys, paths and contexts; {items} whole items");
    assert_eq!((derivations, items), (72, 24));
}

fn bytes(json: &Value) -> Vec<u8> {
    hex::decode(json.as_str().unwrap()).unwrap()
}

fn array<const N: usize>(json: &Value) -> [u8; N] {
    bytes(json).try_into().unwrap()
}

fn secret(json: &Value) -> Secret<32> {
    Secret::copy_of(&bytes(json)).unwrap()
}

fn context(json: &Value) -> EncryptionContext {
    let entries = json.as_object().unwrap().iter();
    entries.map(|(key, value)| (key.clone(), value.as_str().unwrap())).collect()
}

fn names(json: &Value) -> Vec<&str> {
    json.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect()
}

fn keys_and_paths(trace: &Value, name: &str) {
    // Order and canonical paths.
    let order = names(&trace["order"]);
    let mut sorted = order.clone();
    sorted.sort_by(|a, b| path::compare(a, b));
    assert_eq!(sorted, order, "{name}: order");
    let full = context(&trace["full_context"]);
    let mut paths = Paths::of_table(full.get(TABLE_NAME).unwrap());
    for (attribute, expected) in order.iter().zip(names(&trace["canonical_paths"])) {
        assert_eq!(hex::encode(paths.path(attribute)), expected, "{name}: path of {attribute}");
    }

    // The context's canonical form.
    assert_eq!(full.as_bytes().unwrap(), bytes(&trace["full_context_bytes"]), "{name}: context");

    // From the intermediate key.
    let intermediate = IntermediateKey(secret(&trace["intermediate_key"]));
    let mut encryption = wrapping::EncryptionKey::default();
    let mac = wrapping::derive(&intermediate, &mut encryption).unwrap();
    assert_eq!(mac.0.expose()[..], bytes(&trace["symmetric_signing_key"]), "{name}");
    assert_eq!(encryption[..], bytes(&trace["data_key_wrapping_key"]), "{name}");

    // From the data key.
    let data_key = DataKey(secret(&trace["data_key"]));
    let keys = ItemKeys::derive(&data_key, &array(&trace["message_id"])).unwrap();
    assert_eq!(keys.commit_key(), bytes(&trace["commit_key"]), "{name}: commit key");
    assert_eq!(keys.field_root(), bytes(&trace["field_root_key"]), "{name}: field root");
    let legend = legend::parse(trace["legend"].as_str().unwrap().as_bytes()).unwrap();
    let encrypted = order.iter().zip(&legend).filter(|(_, signed)| **signed == Signed::Encrypted);
    let encrypted: Vec<_> = encrypted.map(|(attribute, _)| *attribute).collect();
    let expected = trace["field_key_and_nonce"].as_object().unwrap();
    assert_eq!(encrypted.len(), expected.len(), "{name}: encrypted attributes");
    let field_keys = FieldKeys::derive(keys.field_root(), encrypted.len()).unwrap();
    for (n, attribute) in encrypted.iter().enumerate() {
        let key = field_keys.key_and_nonce_bytes(n);
        assert_eq!(key, bytes(&expected[*attribute]), "{name}: field key of {attribute}");
    }

    // From digest and signing key to the tag.
    let digest = array(&trace["canonical_record_sha384"]);
    let mac_key = RecipientMacKey(secret(&trace["symmetric_signing_key"]));
    let tag = footer::recipient_tag(&mac_key, &digest).unwrap();
    assert_eq!(tag[..], bytes(&trace["recipient_tag"]), "{name}: recipient tag");
}

/// The steps that need the stored item: unwrapping, commitment and digest.
fn whole_item(trace: &Value, name: &str) {
    let stored = stored_item(trace);
    let header_bytes = stored.get(HEADER_ATTRIBUTE).unwrap().as_b().unwrap();
    let (header, commitment) = Header::parse(header_bytes).unwrap();
    assert_eq!(header.stored_context, context(&trace["stored_context"]), "{name}: stored context");
    assert_eq!(header.message_id[..], bytes(&trace["message_id"]), "{name}: message id");
    assert_eq!(u64::from(header.version), trace["version"].as_u64().unwrap(), "{name}: version");

    let key = branch_key();
    let full = context(&trace["full_context"]);
    let (part, sealed) = Sealed::of(&header.edks[0]).unwrap();
    let derived = key.derive(sealed.salt).unwrap();
    assert_eq!(derived.expose()[..], bytes(&trace["derived_branch_key"]), "{name}: branch key");
    let intermediate = sealed.open(&key, &full).unwrap();
    assert_eq!(intermediate.expose()[..], bytes(&trace["intermediate_key"]), "{name}");
    let unwrapped = wrapping::unwrap_data_key(&full, &intermediate, part).unwrap();
    assert_eq!(unwrapped.data_key.0.expose()[..], bytes(&trace["data_key"]), "{name}: data key");

    let keys = ItemKeys::derive(&unwrapped.data_key, &header.message_id).unwrap();
    let (uncommitted, _) = header_bytes.split_last_chunk::<32>().unwrap();
    assert_eq!(keys.commitment(uncommitted).unwrap(), *commitment, "{name}: commitment");
    assert_eq!(commitment[..], bytes(&trace["commitment"]), "{name}: commitment");

    let mut digest = RecordDigest::start(header_bytes, &full).unwrap();
    let mut paths = Paths::of_table(full.get(TABLE_NAME).unwrap());
    for (attribute, signed) in names(&trace["order"]).iter().zip(&header.legend) {
        let value = stored.get(attribute).unwrap();
        let field = match signed {
            Signed::Encrypted => value.as_b().unwrap().to_vec(),
            _ => value::to_field(value, 0).unwrap(),
        };
        digest.add(*signed, paths.path(attribute), &field);
    }
    assert_eq!(digest.finish()[..], bytes(&trace["canonical_record_sha384"]), "{name}: digest");
}

fn stored_item(trace: &Value) -> Item {
    let file = trace["file"].as_str().unwrap();
    let json = shared::vectors(&format!("dbesdk/{file}")).unwrap();
    let test = trace["test"]
        .as_u64()
        .map_or_else(|| trace["test"].as_str().unwrap().to_owned(), |number| number.to_string());
    // "iotest-1-0" is DecryptTests 1, record 0.
    let encrypted = match test.strip_prefix("iotest-").and_then(|rest| rest.split_once('-')) {
        Some((test, record)) => {
            let (test, record): (usize, usize) = (test.parse().unwrap(), record.parse().unwrap());
            json["DecryptTests"][test]["EncryptedRecords"][record].clone()
        }
        None => json["tests"][&test]["encrypted"].clone(),
    };
    Item::from_json(encrypted.to_string()).unwrap()
}

fn branch_key() -> BranchKey {
    use base64::Engine;
    let keys = shared::vectors("dbesdk/keys.json").unwrap();
    let key = &keys["keys"]["static-branch-key-1"];
    let version = hex::decode(key["branchKeyVersion"].as_str().unwrap().replace('-', "")).unwrap();
    let engine = base64::engine::general_purpose::STANDARD;
    let bytes = engine.decode(key["branchKey"].as_str().unwrap()).unwrap();
    BranchKey::new(key["key-id"].as_str().unwrap(), version.try_into().unwrap(), bytes).unwrap()
}
