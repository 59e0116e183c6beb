//! Items that only somebody who holds a key could make.

use base64::Engine;

use super::decrypt::Decryption;
use super::encrypt::Encryption;
use crate::config::TableConfig;
use crate::context::{EncryptionContext, PUBLIC_KEY};
use crate::crypto::SigningKey;
use crate::error::{Error, ErrorKind, Result};
use crate::format::commitment::ItemKeys;
use crate::format::digest::RecordDigest;
use crate::format::field::FieldKeys;
use crate::format::header::Header;
use crate::format::legend::Signed;
use crate::format::path::{self, Paths};
use crate::format::{FOOTER_ATTRIBUTE, HEADER_ATTRIBUTE, footer, item_context, value};
use crate::item::{AttributeValue, Item};
use crate::keyring::{Keyring, KeyringFuture, wrap_data_key};
use crate::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};
use crate::secret::{DataKey, IntermediateKey, Secret};
use crate::suite::AlgorithmSuite;
use crate::{ItemEncryptor, RawAesKeyring};

fn table(suite: AlgorithmSuite) -> TableConfig {
    TableConfig::builder("Orders").partition_key("OrderID").suite(suite).build().unwrap()
}

fn order() -> Item {
    Item::new().with("OrderID", "1").with("Card", "4111")
}

fn raw_aes(name: &str) -> RawAesKeyring {
    RawAesKeyring::new("ns", name, [7; 32]).unwrap()
}

/// Gives its second recipient another data key than its first.
#[derive(Debug)]
struct TwoDataKeys;

impl Keyring for TwoDataKeys {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(async move {
            let mut recipients = raw_aes("first").wrap(request).await?;
            let other = DataKey(Secret::random()?);
            let request = WrapRequest { data_key: &other, ..request };
            recipients.append(&mut raw_aes("second").wrap(request).await?);
            Ok(recipients)
        })
    }

    fn unwrap<'a>(&'a self, _: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        Box::pin(async { Err(Error::authentication()) })
    }
}

/// Without the commitment one ciphertext could be two plaintexts, one for each recipient. This item
/// has no encrypted attribute, so it is the commitment alone that refuses: the tag is right.
#[tokio::test]
async fn recipients_with_different_data_keys_are_refused() {
    for suite in [AlgorithmSuite::HmacOnly, AlgorithmSuite::EcdsaP384] {
        let table = || {
            let table = TableConfig::builder("Orders").partition_key("OrderID").suite(suite);
            table.sign_only(["Card"]).build().unwrap()
        };
        let stored = ItemEncryptor::new(table(), TwoDataKeys).encrypt_item(order()).await.unwrap();
        let first = ItemEncryptor::new(table(), raw_aes("first"));
        assert_eq!(first.decrypt_item(stored.clone()).await.unwrap(), order());
        let second = ItemEncryptor::new(table(), raw_aes("second"));
        let error = second.decrypt_item(stored).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication);
    }
}

/// What a forger who holds the wrapping key may vary.
struct Forgery {
    suite: AlgorithmSuite,
    version: u8,
    /// The key attribute's entry in the legend.
    key: Signed,
    /// Entries of the legend that no attribute belongs to.
    more_legend: usize,
    /// Added to the stored context.
    stored_context: EncryptionContext,
    /// The plaintext of `Card`, as `type id ‖ serialized value`.
    card: Vec<u8>,
}

impl Forgery {
    fn honest(suite: AlgorithmSuite) -> Self {
        let card = value::to_field(&"4111".into(), 0).unwrap();
        Self {
            suite,
            version: 1,
            key: Signed::Plain,
            more_legend: 0,
            stored_context: EncryptionContext::new(),
            card,
        }
    }

    /// Writes the item by the format's own steps, as the encryptor does, but with these parts.
    async fn write(self) -> Result<Item> {
        let table = table(self.suite);
        let key_field = value::to_field(&"1".into(), 0)?;
        let bound = [("OrderID", &key_field[..])];
        let bound = bound.into_iter().filter(|_| self.version == 1 || self.key == Signed::Context);
        let mut context = item_context::of_item(&table, self.version, bound.collect())?;
        let mut stored_context = self.stored_context;
        let signing_key = self.suite.is_signed().then(SigningKey::generate).transpose()?;
        if let Some(key) = &signing_key {
            let text = base64::engine::general_purpose::STANDARD.encode(key.public_key());
            stored_context.insert(PUBLIC_KEY, text);
        }
        context.merge(&stored_context)?;
        let data_key = DataKey(Secret::random()?);
        let request = WrapRequest { suite: self.suite, context: &context, data_key: &data_key };
        let recipients = raw_aes("first").wrap(request).await?;
        let mut legend = vec![Signed::Encrypted, self.key];
        legend.extend(std::iter::repeat_n(Signed::Plain, self.more_legend));
        let header = Header {
            version: self.version,
            suite: self.suite,
            message_id: [5; 32],
            legend,
            stored_context,
            edks: recipients.iter().map(|recipient| recipient.edk.clone()).collect(),
        };
        let keys = ItemKeys::derive(&data_key, &header.message_id)?;
        let header = header.to_bytes()?;
        let header = [&header[..], &keys.commitment(&header)?].concat();
        let mut paths = Paths::of_table("Orders");
        let mut card = self.card;
        FieldKeys::derive(keys.field_root(), 1)?.seal_next(paths.path("Card"), &mut card)?;
        assert!(path::compare("Card", "OrderID").is_lt());
        let mut digest = RecordDigest::start(&header, &context)?;
        digest.add(Signed::Encrypted, paths.path("Card"), &card);
        digest.add(self.key, paths.path("OrderID"), &key_field);
        let mac_keys = recipients.iter().map(|recipient| &recipient.mac_key);
        let footer = footer::write(mac_keys, signing_key.as_ref(), &digest.finish())?;
        Ok(Item::new()
            .with("OrderID", "1")
            .with("Card", card)
            .with(HEADER_ATTRIBUTE, header)
            .with(FOOTER_ATTRIBUTE, footer))
    }

    async fn open(self) -> Result<Item> {
        let suite = self.suite;
        let stored = self.write().await.unwrap();
        ItemEncryptor::new(table(suite), raw_aes("first")).decrypt_item(stored).await
    }
}

#[tokio::test]
async fn the_forger_writes_what_the_encryptor_writes() {
    for suite in [AlgorithmSuite::HmacOnly, AlgorithmSuite::EcdsaP384] {
        assert_eq!(Forgery::honest(suite).open().await.unwrap(), order());
        let version_2 = Forgery { version: 2, key: Signed::Context, ..Forgery::honest(suite) };
        assert_eq!(version_2.open().await.unwrap(), order());
    }
}

#[tokio::test]
async fn a_version_2_key_attribute_must_be_in_the_context() {
    let forgery = Forgery { version: 2, ..Forgery::honest(AlgorithmSuite::HmacOnly) };
    assert_eq!(forgery.open().await.unwrap_err().kind(), ErrorKind::Malformed);
}

#[tokio::test]
async fn a_legend_that_is_longer_than_the_item_is_refused() {
    let forgery = Forgery { more_legend: 1, ..Forgery::honest(AlgorithmSuite::HmacOnly) };
    assert_eq!(forgery.open().await.unwrap_err().kind(), ErrorKind::Authentication);
}

#[tokio::test]
async fn stored_context_may_repeat_but_not_contradict() {
    let with = |key: &str, text: &str| Forgery {
        stored_context: [(key, text)].into_iter().collect(),
        ..Forgery::honest(AlgorithmSuite::HmacOnly)
    };
    assert!(with("aws-crypto-table-name", "Orders").open().await.is_ok(), "equal");
    assert!(with("purpose", "test").open().await.is_ok(), "more");
    let error = with(PUBLIC_KEY, "").open().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication, "a public key without a signature");
    // A contradiction cannot even be written by these steps, so it is put into the header.
    let table = table(AlgorithmSuite::HmacOnly);
    let honest = Forgery::honest(AlgorithmSuite::HmacOnly).write().await.unwrap();
    let bytes = honest.get(HEADER_ATTRIBUTE).unwrap().as_b().unwrap();
    let (mut header, commitment) = Header::parse(bytes).unwrap();
    header.stored_context.insert("aws-crypto-table-name", "Returns");
    let forged = [&header.to_bytes().unwrap()[..], commitment].concat();
    let error = Decryption::begin(&table, honest.with(HEADER_ATTRIBUTE, forged)).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Authentication);
}

/// Readers accept authenticated plaintext that a careful writer would not have made.
#[tokio::test]
async fn authenticated_but_not_canonical_plaintext() {
    let with =
        |card: &[u8]| Forgery { card: card.to_vec(), ..Forgery::honest(AlgorithmSuite::HmacOnly) };
    let card = |item: Item| item.get("Card").cloned().unwrap();
    let opened = with(b"\x00\x02abc").open().await.unwrap();
    assert_eq!(card(opened), AttributeValue::N("abc".into()));
    let opened = with(b"\x01\x01\0\0\0\x02\0\0\0\x01b\0\0\0\x01a").open().await.unwrap();
    assert_eq!(card(opened), AttributeValue::Ss(vec!["b".into(), "a".into()]));
    // A set in a list that reads past its declared length.
    let error =
        with(b"\x03\0\0\0\0\x01\x01\x01\0\0\0\x04\0\0\0\x01\0\0\0\x01a").open().await.unwrap_err();
    assert_eq!((error.kind(), error.attribute()), (ErrorKind::Malformed, Some("Card")));
}

#[tokio::test]
async fn version_1_items_may_name_context_attributes() {
    // In version 1 the legend's `c` only means signed, as AWS's reader has it.
    let forgery = Forgery { key: Signed::Context, ..Forgery::honest(AlgorithmSuite::EcdsaP384) };
    assert_eq!(forgery.open().await.unwrap(), order());
}

#[test]
fn a_keyring_without_recipients_writes_nothing() {
    let table = table(AlgorithmSuite::HmacOnly);
    let encryption = Encryption::begin(&table, order()).unwrap();
    assert_eq!(encryption.finish(&table, &[]).unwrap_err().kind(), ErrorKind::Misuse);
}

#[test]
fn the_item_s_data_key_is_wrapped_and_not_the_intermediate_key() {
    let table = table(AlgorithmSuite::HmacOnly);
    let encryption = Encryption::begin(&table, order()).unwrap();
    let intermediate = IntermediateKey::random().unwrap();
    let recipient =
        wrap_data_key(encryption.request(), &intermediate, "id", b"info", b"part").unwrap();
    assert_eq!(recipient.edk.ciphertext().len(), 48 + 4);
    assert!(recipient.edk.ciphertext().ends_with(b"part"));
}
