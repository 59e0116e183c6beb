//! AWS's crate, as an application calls it.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hint::black_box;
use std::time::{Duration, Instant};

use aws_db_esdk::CryptoAction;
use aws_db_esdk::item_encryptor::client::Client as Encryptor;
use aws_db_esdk::item_encryptor::types::dynamo_db_item_encryptor_config::DynamoDbItemEncryptorConfig;
use aws_db_esdk::material_providers::client::Client as Providers;
use aws_db_esdk::material_providers::types::material_providers_config::MaterialProvidersConfig;
use aws_db_esdk::material_providers::types::{AesWrappingAlg, DbeAlgorithmSuiteId};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue as Value;
use itemseal::AttributeValue;
use itemseal_benches::case::{Case, Direction};
use itemseal_benches::items::SIGN_ONLY;
use tokio::runtime::Runtime;

type SdkItem = HashMap<String, Value>;

/// An encryptor and what goes in.
pub struct Peer {
    runtime: Runtime,
    encryptor: Encryptor,
    given: SdkItem,
    direction: Direction,
}

fn text(error: impl Debug) -> String {
    format!("{error:?}")
}

fn value(value: &AttributeValue) -> Value {
    match value.clone() {
        AttributeValue::S(text) => Value::S(text),
        AttributeValue::N(text) => Value::N(text),
        AttributeValue::B(bytes) => Value::B(Blob::new(bytes)),
        AttributeValue::Bool(flag) => Value::Bool(flag),
        AttributeValue::Null => Value::Null(true),
        AttributeValue::Ss(set) => Value::Ss(set),
        AttributeValue::Ns(set) => Value::Ns(set),
        AttributeValue::Bs(set) => Value::Bs(set.into_iter().map(Blob::new).collect()),
        AttributeValue::L(list) => Value::L(list.iter().map(self::value).collect()),
        AttributeValue::M(map) => {
            Value::M(map.iter().map(|(name, inner)| (name.clone(), self::value(inner))).collect())
        }
    }
}

impl Peer {
    /// The contender for a row. It must give the item back that it was given.
    pub fn new(case: &Case) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(text)?;
        let plain: SdkItem =
            case.item.iter().map(|(name, inner)| (name.clone(), value(inner))).collect();
        let encryptor = runtime.block_on(encryptor(case))?;
        let mut peer = Self { runtime, encryptor, given: plain, direction: Direction::Encrypt };
        let stored = peer.one(peer.given.clone())?;
        peer.direction = Direction::Decrypt;
        if peer.one(stored.clone())? != peer.given {
            return Err("the item does not come back".to_owned());
        }
        if case.direction == Direction::Decrypt {
            peer.given = stored;
        }
        peer.direction = case.direction;
        Ok(peer)
    }

    fn one(&self, item: SdkItem) -> Result<SdkItem, String> {
        match self.direction {
            Direction::Encrypt => {
                let call = self.encryptor.encrypt_item().plaintext_item(item).send();
                self.runtime.block_on(call).map_err(text)?.encrypted_item
            }
            Direction::Decrypt => {
                let call = self.encryptor.decrypt_item().encrypted_item(item).send();
                self.runtime.block_on(call).map_err(text)?.plaintext_item
            }
        }
        .ok_or_else(|| "no item".to_owned())
    }

    /// The time of `count` items. Their copies are made before and dropped after it.
    pub fn time(&mut self, count: u32) -> Result<Duration, String> {
        let given: Vec<_> = (0..count).map(|_| self.given.clone()).collect();
        let mut done = Vec::with_capacity(given.len());
        let begun = Instant::now();
        for item in given {
            done.push(self.one(black_box(item))?);
        }
        let time = begun.elapsed();
        drop(black_box(done));
        Ok(time)
    }
}

async fn encryptor(case: &Case) -> Result<Encryptor, String> {
    let config = MaterialProvidersConfig::builder().build().map_err(text)?;
    let keyring = Providers::from_conf(config)
        .map_err(text)?
        .create_raw_aes_keyring()
        .key_namespace("bench")
        .key_name("key-1")
        .wrapping_key(Blob::new([7; 32]))
        .wrapping_alg(AesWrappingAlg::AlgAes256GcmIv12Tag16)
        .send()
        .await
        .map_err(text)?;
    let action = |name: &str| match name {
        "pk" | "sk" => CryptoAction::SignOnly,
        name if SIGN_ONLY.contains(&name) => CryptoAction::SignOnly,
        _ => CryptoAction::EncryptAndSign,
    };
    let actions = case.item.iter().map(|(name, _)| (name.clone(), action(name)));
    let suite = if case.is_signed() {
        DbeAlgorithmSuiteId::AlgAes256GcmHkdfSha512CommitKeyEcdsaP384SymsigHmacSha384
    } else {
        DbeAlgorithmSuiteId::AlgAes256GcmHkdfSha512CommitKeySymsigHmacSha384
    };
    let config = DynamoDbItemEncryptorConfig::builder()
        .logical_table_name("Orders")
        .partition_key_name("pk")
        .sort_key_name("sk")
        .attribute_actions_on_encrypt(actions.collect::<HashMap<_, _>>())
        .algorithm_suite_id(suite)
        .keyring(keyring)
        .build()
        .map_err(text)?;
    Encryptor::from_conf(config).map_err(text)
}
