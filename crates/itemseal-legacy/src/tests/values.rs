//! Plaintexts and descriptions that no legacy client writes.

use itemseal::{AttributeValue, ErrorKind, Item, MAX_DEPTH};

use super::round_trips::now;
use super::writer::{CONTENT, Writer, verification, wrapped_materials};
use crate::canonical::{Dialect, serialized};
use crate::description::{DESCRIPTION, Description};
use crate::value::parse;
use crate::{LegacyMaterials, is_legacy};

fn item() -> Item {
    Item::new().with("pk", "key").with("a", "text")
}

fn refused(bytes: &[u8]) {
    let error = parse(bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed, "{bytes:?}");
}

#[test]
fn nothing_but_one_whole_value() {
    for bytes in [
        &b""[..],
        b"\0",
        b"\x01s\0\0\0\0",
        b"\0x",
        b"\0?\x02",
        b"\0?",
        b"\0\0\0",
        b"\0s\0\0\0\x02a",
        b"\0s\0\0\0\x01\xff",
        b"\0s\xff\xff\xff\xff",
        b"\0n\0\0\0\x01x",
        b"\0L\xff\xff\xff\xff",
        b"\0M\xff\xff\xff\xff\0s\0\0\0\0\0\0",
        b"\0M\0\0\0\x01\0b\0\0\0\0\0\0",
    ] {
        refused(bytes);
    }
}

#[test]
fn sets_and_maps_have_nothing_twice() {
    refused(b"\0S\0\0\0\x02\0\0\0\x01a\0\0\0\x01a");
    refused(b"\0B\0\0\0\x02\0\0\0\x01a\0\0\0\x01a");
    refused(b"\0N\0\0\0\x02\0\0\0\x011\0\0\0\x031.0");
    refused(b"\0M\0\0\0\x02\0s\0\0\0\x01a\0\0\0s\0\0\0\x01a\0\0");
    // And none in clear.
    let twice = AttributeValue::Ns(vec!["1".into(), "1.0".into()]);
    let stored = Writer::wrapped().write(&item()).with("pk", twice);
    let reader = Writer::wrapped().reader(wrapped_materials());
    let error = now(reader.decrypt_item(stored)).unwrap_err();
    assert_eq!((error.kind(), error.attribute()), (ErrorKind::Malformed, Some("pk")));
}

#[test]
fn nesting_ends() {
    let nested = |levels: usize| {
        let mut bytes = b"\0L\0\0\0\x01".repeat(levels - 1);
        bytes.extend(b"\0\0");
        bytes
    };
    let deepest = parse(&nested(MAX_DEPTH)).unwrap();
    refused(&nested(MAX_DEPTH + 1));
    assert!(serialized(&deepest, Dialect::Python).is_ok());
    let deeper = AttributeValue::L(vec![deepest]);
    assert_eq!(serialized(&deeper, Dialect::Java).unwrap_err().kind(), ErrorKind::Malformed);
}

#[test]
fn descriptions() {
    let parse = |bytes: &[u8]| Description::parse(Some(&AttributeValue::B(bytes.to_vec())));
    assert_eq!(parse(b"\0\0\0\0\0\0\0\x01a\0\0\0\x01b").unwrap().get("a"), Some("b"));
    for bytes in [
        &b""[..],
        b"\0\0\0\x01",
        b"\0\0\0\0\0",
        b"\0\0\0\0\0\0\0\x01a",
        b"\0\0\0\0\0\0\0\x01\xff\0\0\0\0",
        b"\0\0\0\0\0\0\0\x01a\xff\xff\xff\xff",
        b"\0\0\0\0\0\0\0\x01a\0\0\0\0\0\0\0\x01a\0\0\0\0",
    ] {
        let error = parse(bytes).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert_eq!(error.attribute(), Some(DESCRIPTION));
    }
    assert_eq!(parse(&[0; 65 * 1024]).err().unwrap().kind(), ErrorKind::TooLarge);
    let text = AttributeValue::S(String::new());
    assert_eq!(Description::parse(Some(&text)).err().unwrap().kind(), ErrorKind::Malformed);
}

/// The description is not signed, so each of these could come from anybody.
#[test]
fn only_what_the_legacy_clients_write_is_decrypted() {
    for (name, text) in [
        ("amzn-ddb-map-sym-mode", "/ECB/PKCS5Padding"),
        ("amzn-ddb-map-sym-mode", ""),
        ("amzn-ddb-env-alg", "DES"),
        ("amzn-ddb-env-alg", "AES/40"),
        ("amzn-ddb-env-alg", "AES/x"),
        ("amzn-ddb-wrap-alg", "RSA/ECB/PKCS1Padding"),
        ("amzn-ddb-wrap-alg", "AES/ECB/NoPadding"),
        ("amzn-ddb-env-key", "*"),
    ] {
        let writer = Writer::wrapped().described(name, text);
        let reader = writer.reader(wrapped_materials());
        let error = now(reader.decrypt_item(writer.write(&item()))).unwrap_err();
        assert_eq!((error.kind(), error.attribute()), (ErrorKind::Malformed, Some(DESCRIPTION)));
    }
    for (name, text) in [("amzn-ddb-env-alg", "AES/128"), ("amzn-ddb-env-key", "")] {
        let writer = Writer::wrapped().described(name, text);
        let reader = writer.reader(wrapped_materials());
        let error = now(reader.decrypt_item(writer.write(&item()))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication, "{name}");
    }
    let mut unnamed = Writer::wrapped();
    unnamed.description.retain(|(name, _)| *name != "amzn-ddb-wrap-alg");
    let reader = unnamed.reader(wrapped_materials());
    let error = now(reader.decrypt_item(unnamed.write(&item()))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    // As Java writes it: no length, and lines.
    let writer = Writer::wrapped().described("amzn-ddb-env-alg", "AES");
    let key = writer.description.iter().find(|(name, _)| *name == "amzn-ddb-env-key").unwrap();
    let lines = key.1.chars().map(|c| format!("{c}\r\n")).collect::<String>();
    let writer = writer.described("amzn-ddb-env-key", lines);
    let reader = writer.reader(wrapped_materials());
    assert_eq!(now(reader.decrypt_item(writer.write(&item()))).unwrap(), item());
}

#[test]
fn items_without_one_of_the_two_attributes() {
    let writer = Writer::wrapped();
    let (stored, reader) = (writer.write(&item()), writer.reader(wrapped_materials()));
    let kind = |item: Item| now(reader.decrypt_item(item)).unwrap_err().kind();
    let mut bare = stored.clone();
    bare.remove("*amzn-ddb-map-sig*");
    assert!(is_legacy(&bare) && kind(bare.clone()) == ErrorKind::Authentication);
    bare.remove(DESCRIPTION);
    assert!(!is_legacy(&bare) && kind(bare) == ErrorKind::NotEncrypted);
    let mut undescribed = stored.clone();
    undescribed.remove(DESCRIPTION);
    assert!(is_legacy(&undescribed) && kind(undescribed) == ErrorKind::Malformed);
    assert_eq!(kind(stored.clone().with("*amzn-ddb-map-sig*", "")), ErrorKind::Malformed);
    let large = stored.with("a", vec![0; 1024 * 1024]);
    assert_eq!(kind(large), ErrorKind::TooLarge);
}

/// A signature that is right over an attribute that was never encrypted, or not under this key.
#[test]
fn what_is_genuine_but_not_readable() {
    let writer = Writer::wrapped();
    let reader =
        |key| Writer::wrapped().reader(LegacyMaterials::fixed(key, verification()).unwrap());
    let stored = writer.write(&item());
    let kind = |key| now(reader(key).decrypt_item(stored.clone())).unwrap_err().kind();
    assert_eq!(kind(None), ErrorKind::Misuse);
    // Another key leaves a padding that is wrong; one time in 256 it is right, and then the value is not.
    assert!([ErrorKind::Authentication, ErrorKind::Malformed].contains(&kind(Some(&[9; 32]))));
    assert!(now(reader(Some(&CONTENT)).decrypt_item(stored.clone())).is_ok());
}

/// Nothing is unwrapped or decrypted, and nothing said of it, before the signature has been verified.
#[test]
fn the_signature_comes_first() {
    let forged = |stored: Item| stored.with("*amzn-ddb-map-sig*", vec![0; 32]);
    for (name, text) in [
        ("amzn-ddb-map-sym-mode", "/ECB/PKCS5Padding"),
        ("amzn-ddb-wrap-alg", "RSA/ECB/PKCS1Padding"),
        ("amzn-ddb-env-alg", "DES"),
    ] {
        let writer = Writer::wrapped().described(name, text);
        let reader = writer.reader(wrapped_materials());
        let error = now(reader.decrypt_item(forged(writer.write(&item())))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication, "{name}");
    }
}
