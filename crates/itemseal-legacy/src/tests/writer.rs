//! A writer of the legacy format, for tests alone: the library only reads it.

use aws_lc_rs::cipher::{AES_256, DecryptionContext, PaddedBlockEncryptingKey, UnboundCipherKey};
use aws_lc_rs::hmac;
use aws_lc_rs::key_wrap::{self, AesKek, KeyWrap};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use itemseal::{AttributeValue, Item};

use crate::actions::{Actions, LegacyAction, SIGNATURE};
use crate::canonical::{Dialect, serialized, string_to_sign};
use crate::description::DESCRIPTION;
use crate::wire::put_bytes;
use crate::{LegacyDecryptor, LegacyMaterials, UnwrappingKey, VerificationKey};

pub(crate) const CONTENT: [u8; 32] = [1; 32];
pub(crate) const WRAPPING: [u8; 32] = [2; 32];
pub(crate) const SIGNING: [u8; 32] = [3; 32];

/// Writes items of a table with the keys `pk` and `sk`.
pub(crate) struct Writer {
    pub(crate) table: Option<&'static str>,
    pub(crate) dialect: Dialect,
    pub(crate) named: Vec<(String, LegacyAction)>,
    pub(crate) content: Vec<u8>,
    pub(crate) signing: Vec<u8>,
    pub(crate) description: Vec<(&'static str, String)>,
}

impl Writer {
    pub(crate) fn wrapped() -> Self {
        let mut wrapped = [0; 40];
        let kek = AesKek::new(&key_wrap::AES_256, &WRAPPING).unwrap();
        kek.wrap(&CONTENT, &mut wrapped).unwrap();
        Self {
            table: Some("table"),
            dialect: Dialect::Python,
            named: Vec::new(),
            content: CONTENT.to_vec(),
            signing: SIGNING.to_vec(),
            description: vec![
                ("amzn-ddb-env-alg", "AES/256".to_owned()),
                ("amzn-ddb-env-key", STANDARD.encode(wrapped)),
                ("amzn-ddb-map-sym-mode", "/CBC/PKCS5Padding".to_owned()),
                ("amzn-ddb-wrap-alg", "AESWrap".to_owned()),
            ],
        }
    }

    pub(crate) fn described(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.description.retain(|(other, _)| *other != name);
        self.description.push((name, text.into()));
        self
    }

    pub(crate) fn write(&self, item: &Item) -> Item {
        let default = LegacyAction::EncryptAndSign;
        let keys = ["pk", "sk"].into_iter();
        let actions = Actions::new(default, self.named.clone(), keys).unwrap();
        let encrypt = |(name, value): (&String, &AttributeValue)| {
            let value = match actions.of(name) {
                LegacyAction::EncryptAndSign => self.encrypt(value),
                _ => value.clone(),
            };
            (name.clone(), value)
        };
        let mut stored: Item = item.iter().map(encrypt).collect();
        let message = string_to_sign(&stored, self.table, &actions, self.dialect).unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.signing);
        stored.insert(SIGNATURE, hmac::sign(&key, &message).as_ref().to_vec());
        let mut description = vec![0; 4];
        for (name, text) in &self.description {
            put_bytes(&mut description, name.as_bytes());
            put_bytes(&mut description, text.as_bytes());
        }
        stored.insert(DESCRIPTION, description);
        stored
    }

    fn encrypt(&self, value: &AttributeValue) -> AttributeValue {
        self.encrypt_bytes(serialized(value, self.dialect).unwrap())
    }

    pub(crate) fn encrypt_bytes(&self, mut bytes: Vec<u8>) -> AttributeValue {
        let key = UnboundCipherKey::new(&AES_256, &self.content).unwrap();
        let key = PaddedBlockEncryptingKey::cbc_pkcs7(key).unwrap();
        let context = key.encrypt(&mut bytes).unwrap();
        let DecryptionContext::Iv128(iv) = context else { panic!("CBC has an IV") };
        AttributeValue::B([iv.as_ref().as_slice(), &bytes].concat())
    }

    /// What reads what this writes.
    pub(crate) fn reader(&self, materials: impl Into<LegacyMaterials>) -> LegacyDecryptor {
        let builder = LegacyDecryptor::builder(self.table, Some("pk"), Some("sk"));
        let named = self.named.iter().cloned();
        named
            .fold(builder, |builder, (name, action)| builder.action(name, action))
            .build(materials)
            .unwrap()
    }
}

pub(crate) fn wrapped_materials() -> LegacyMaterials {
    LegacyMaterials::wrapped(UnwrappingKey::aes(&WRAPPING).unwrap(), verification())
}

pub(crate) fn verification() -> VerificationKey {
    VerificationKey::hmac_sha256(&SIGNING).unwrap()
}
