//! Known bytes: what the two clients' sources say, not what this library says of itself.

use aws_lc_rs::digest::{SHA256, digest};
use itemseal::{AttributeValue, Item};

use crate::LegacyAction;
use crate::actions::Actions;
use crate::canonical::Dialect::{Java, Python};
use crate::canonical::{Dialect, serialized, string_to_sign};

/// In UTF-16 its first unit is D800, so Java sorts it before the other.
const ASTRAL: &str = "\u{10000}";
const PRIVATE: &str = "\u{ffff}";

#[test]
fn java_orders_by_utf16_units_and_signed_bytes() {
    let bytes = |value: &AttributeValue, dialect| serialized(value, dialect).unwrap();
    let texts = AttributeValue::Ss(vec![PRIVATE.into(), ASTRAL.into()]);
    let (private, astral) = (b"\0\0\0\x03\xef\xbf\xbf", b"\0\0\0\x04\xf0\x90\x80\x80");
    let set = |one: &[u8], other: &[u8]| [b"\0S\0\0\0\x02", one, other].concat();
    assert_eq!(bytes(&texts, Python), set(private, astral));
    assert_eq!(bytes(&texts, Java), set(astral, private));

    let binaries = AttributeValue::Bs(vec![vec![0x7f], vec![0x80]]);
    assert_eq!(bytes(&binaries, Python), b"\0B\0\0\0\x02\0\0\0\x01\x7f\0\0\0\x01\x80");
    assert_eq!(bytes(&binaries, Java), b"\0B\0\0\0\x02\0\0\0\x01\x80\0\0\0\x01\x7f");

    let map = [PRIVATE, ASTRAL].map(|name| (name.to_owned(), AttributeValue::Null));
    let map = AttributeValue::M(map.into());
    let map_of =
        |one: &[u8], other: &[u8]| [b"\0M\0\0\0\x02\0s", one, b"\0\0\0s", other, b"\0\0"].concat();
    assert_eq!(bytes(&map, Python), map_of(private, astral));
    assert_eq!(bytes(&map, Java), map_of(astral, private));
}

#[test]
fn one_value_of_each_type() {
    let numbers = AttributeValue::Ns(vec!["2.50".into(), "1E2".into(), "-3".into()]);
    for (value, expected) in [
        (AttributeValue::S("a".into()), &b"\0s\0\0\0\x01a"[..]),
        (AttributeValue::N("1.0".into()), b"\0n\0\0\0\x011"),
        (AttributeValue::B(vec![9]), b"\0b\0\0\0\x01\x09"),
        (true.into(), b"\0?\x01"),
        (false.into(), b"\0?\0"),
        (AttributeValue::Null, b"\0\0"),
        (numbers, b"\0N\0\0\0\x03\0\0\0\x02-3\0\0\0\x03100\0\0\0\x032.5"),
        (AttributeValue::L(vec![AttributeValue::Null]), b"\0L\0\0\0\x01\0\0"),
    ] {
        for dialect in [Python, Java] {
            assert_eq!(serialized(&value, dialect).unwrap(), expected);
        }
    }
}

#[test]
fn a_string_to_sign() {
    let named = vec![
        (ASTRAL.to_owned(), LegacyAction::SignOnly),
        ("unsigned".to_owned(), LegacyAction::DoNothing),
    ];
    let actions = Actions::new(LegacyAction::EncryptAndSign, named, [].into_iter()).unwrap();
    let item = Item::new().with(ASTRAL, "a").with(PRIVATE, "b").with("unsigned", "c");
    let string = |table, dialect: Dialect| string_to_sign(&item, table, &actions, dialect).unwrap();
    let digests = |parts: [&[u8]; 7]| parts.map(|part| digest(&SHA256, part).as_ref().to_vec());
    let astral: [&[u8]; 3] = [ASTRAL.as_bytes(), b"PLAINTEXT", b"\0s\0\0\0\x01a"];
    let private: [&[u8]; 3] = [PRIVATE.as_bytes(), b"ENCRYPTED", b"\0s\0\0\0\x01b"];
    let expected = |table: &'static [u8], [a, b, c]: [&[u8]; 3], [d, e, f]: [&[u8]; 3]| {
        digests([table, a, b, c, d, e, f]).concat()
    };
    assert_eq!(string(Some("t"), Python), expected(b"TABLE>t<TABLE", private, astral));
    assert_eq!(string(None, Python), expected(b"TABLE>None<TABLE", private, astral));
    assert_eq!(string(None, Java), expected(b"TABLE>null<TABLE", astral, private));
}
