use std::sync::Arc;

use itemseal::{ErrorKind, Item};

use super::round_trips::now;
use super::writer::{Writer, verification, wrapped_materials};
use crate::{
    LegacyAction, LegacyDecryptor, LegacyDecryptorBuilder, LegacyMaterials, UnwrappingKey,
    VerificationKey,
};

fn builder() -> LegacyDecryptorBuilder {
    LegacyDecryptor::builder(Some("table"), Some("pk"), None)
}

#[test]
fn configurations_that_cannot_be_right() {
    for (builder, attribute) in [
        (LegacyDecryptor::builder(Some(""), None, None), None),
        (LegacyDecryptor::builder(None, Some(""), None), None),
        (builder().sign_only([""]), Some("")),
        (builder().sign_only(["*amzn-ddb-map-sig*"]), Some("*amzn-ddb-map-sig*")),
        (builder().encrypt(["*amzn-ddb-map-desc*"]), Some("*amzn-ddb-map-desc*")),
        (builder().sign_only(["a"]).do_nothing(["a"]), Some("a")),
        (builder().default_action(LegacyAction::DoNothing), None),
    ] {
        let error = builder.build(wrapped_materials()).unwrap_err();
        assert_eq!((error.kind(), error.attribute()), (ErrorKind::Misuse, attribute));
    }
    let only = builder().default_action(LegacyAction::DoNothing).sign_only(["a"]);
    assert!(only.build(wrapped_materials()).is_ok());
}

#[test]
fn keys_that_are_none() {
    let misuse = |error: itemseal::Error| assert_eq!(error.kind(), ErrorKind::Misuse);
    misuse(UnwrappingKey::aes(&[0; 24]).unwrap_err());
    misuse(UnwrappingKey::rsa(b"no key").unwrap_err());
    misuse(UnwrappingKey::rsa(b"-----BEGIN PRIVATE KEY-----").unwrap_err());
    misuse(VerificationKey::hmac_sha256(b"").unwrap_err());
    misuse(VerificationKey::new("SHA1withRSA", b"key").unwrap_err());
    misuse(VerificationKey::new("SHA256withRSA", b"key").unwrap_err());
    misuse(LegacyMaterials::fixed(Some(&[0; 31]), verification()).unwrap_err());
}

/// The legacy client's functions on single items encrypt keys too, if told so.
#[test]
fn an_action_that_is_named_goes_before_that_of_keys() {
    let mut writer = Writer::wrapped();
    writer.named = vec![("pk".to_owned(), LegacyAction::EncryptAndSign)];
    let item = Item::new().with("pk", "key").with("sk", "sort");
    let stored = writer.write(&item);
    assert_eq!(now(writer.reader(wrapped_materials()).decrypt_item(stored.clone())).unwrap(), item);
    let others = Writer::wrapped().reader(wrapped_materials());
    assert_eq!(now(others.decrypt_item(stored)).unwrap_err().kind(), ErrorKind::Authentication);
}

#[test]
fn nothing_secret_is_printed_and_threads_share() {
    fn shared<T: Send + Sync + 'static>(_: &T) {}
    fn sent<T: Send>(future: T) -> T {
        future
    }
    let legacy = Arc::new(builder().build(wrapped_materials()).unwrap());
    shared(&legacy);
    let printed = format!("{legacy:?} {:?} {:?}", UnwrappingKey::aes(&[2; 32]), verification());
    assert!(!printed.contains("2, 2") && !printed.contains("3, 3"), "{printed}");
    assert!(now(sent(legacy.decrypt_item(Item::new()))).is_err());
}
