//! The same work as `cost.c`'s, done by Rust calling itemseal directly. A library of its own, that `cost.c` links beside
//! libitemseal: so both are timed by the same clock, interleaved in one run.

#![allow(missing_docs, reason = "a benchmark")]
#![allow(clippy::unwrap_used, reason = "a benchmark")]

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use itemseal::{AlgorithmSuite, AttributeValue, Item, ItemEncryptor, RawAesKeyring, TableConfig};

pub struct Direct {
    encryptor: ItemEncryptor,
    stored: Item,
}

/// The typical item of benches/python/compare.py: 14 attributes, ten of them encrypted, about 1 KB.
fn typical() -> Item {
    let text = |length: usize, of: &str| AttributeValue::S(of.repeat(length));
    let number = |text: &str| AttributeValue::N(text.to_owned());
    let strings = |of: &[&str]| of.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let line = [("count", number("3")), ("sku", "A-1".into())];
    let profile = [("language", "en".into()), ("notes", text(80, "z")), ("since", number("2019"))];
    let map = |of: Vec<(&str, AttributeValue)>| {
        AttributeValue::M(of.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    };
    Item::new()
        .with("pk", "customer-4711")
        .with("sk", number("20261121"))
        .with("status", "shipped")
        .with("region", "eu-west-1")
        .with("name", text(120, "n"))
        .with("address", text(300, "a"))
        .with("amount", number("1234567.89"))
        .with("photo", AttributeValue::B(vec![0x17; 200]))
        .with("active", AttributeValue::Bool(true))
        .with("nothing", AttributeValue::Null)
        .with("tags", AttributeValue::Ss(strings(&["alpha", "beta", "gamma"])))
        .with("codes", AttributeValue::Ns(strings(&["1", "22", "333"])))
        .with("lines", AttributeValue::L(vec!["first line".into(), number("2"), map(line.into())]))
        .with("profile", map(profile.into()))
}

/// A raw keyring waits for nothing.
fn done<T>(future: impl Future<Output = itemseal::Result<T>>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done.unwrap(),
        Poll::Pending => unreachable!("a raw keyring waits for nothing"),
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn direct_new(suite: u32) -> *mut Direct {
    let suite = if suite == 0x6700 { AlgorithmSuite::HmacOnly } else { AlgorithmSuite::EcdsaP384 };
    let table = TableConfig::builder("Orders").partition_key("pk").sort_key("sk");
    let table = table.sign_only(["status", "region"]).suite(suite).build().unwrap();
    let key: Vec<u8> = (0..32).collect();
    let encryptor = ItemEncryptor::new(table, RawAesKeyring::new("bench", "key-1", &key).unwrap());
    let stored = done(encryptor.encrypt_item(typical()));
    Box::into_raw(Box::new(Direct { encryptor, stored }))
}

/// Builds the item and encrypts it.
#[unsafe(no_mangle)]
pub extern "C" fn direct_encrypt(direct: &Direct) -> usize {
    done(direct.encryptor.encrypt_item(typical())).len()
}

/// Decrypts a stored item that stays as it is, as in C.
#[unsafe(no_mangle)]
pub extern "C" fn direct_decrypt(direct: &Direct) -> usize {
    done(direct.encryptor.decrypt_item(direct.stored.clone())).len()
}

/// The typical item in JSON, to see that C builds the same one. `length` is the room in `to`.
///
/// # Safety
/// `length` bytes may be written to `to`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn direct_json(to: *mut u8, length: usize) -> usize {
    let json = typical().to_json();
    if json.len() <= length {
        // SAFETY: as this function's.
        unsafe { to.copy_from_nonoverlapping(json.as_ptr(), json.len()) };
    }
    json.len()
}
