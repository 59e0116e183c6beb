//! AWS's side: `aws-db-esdk`'s item encryptor.

use std::collections::HashMap;

use aws_db_esdk::CryptoAction;
use aws_db_esdk::item_encryptor::client::Client as EncryptorClient;
use aws_db_esdk::item_encryptor::types::dynamo_db_item_encryptor_config::DynamoDbItemEncryptorConfig;
use aws_db_esdk::material_providers::client::Client as Providers;
use aws_db_esdk::material_providers::types::keyring::KeyringRef;
use aws_db_esdk::material_providers::types::material_providers_config::MaterialProvidersConfig;
use aws_db_esdk::material_providers::types::{AesWrappingAlg, DbeAlgorithmSuiteId};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue as Value;
use itemseal::{AlgorithmSuite, AttributeValue, Item};

use crate::keys::WrappingKey;
use crate::table::{Action, Table};

/// An item in the form of AWS's SDK.
pub type SdkItem = HashMap<String, Value>;

/// AWS's item encryptor for one table and its keys.
#[derive(Clone)]
pub struct Encryptor(EncryptorClient);

impl Encryptor {
    /// An encryptor that writes for all of `keys` and reads with any of them.
    ///
    /// # Panics
    /// If AWS's crate refuses the configuration: those of this crate are meant to be right.
    pub async fn new(table: &Table, keys: &[WrappingKey]) -> Self {
        Self::try_new(table, keys).await.expect("a table configuration that aws-db-esdk accepts")
    }

    /// The same, with the refusal as text.
    ///
    /// # Errors
    /// What AWS's crate says of the configuration.
    pub async fn try_new(table: &Table, keys: &[WrappingKey]) -> Result<Self, String> {
        Self::over(table, keyring(keys).await?)
    }

    /// An encryptor over one of AWS's keyrings.
    ///
    /// # Errors
    /// What AWS's crate says of the configuration.
    pub fn over(table: &Table, keyring: KeyringRef) -> Result<Self, String> {
        let mut builder = DynamoDbItemEncryptorConfig::builder()
            .logical_table_name(&table.logical_name)
            .partition_key_name(&table.partition_key)
            .attribute_actions_on_encrypt(actions(table))
            .algorithm_suite_id(suite(table.suite))
            .keyring(keyring);
        if let Some(name) = &table.sort_key {
            builder = builder.sort_key_name(name);
        }
        let unsigned: Vec<String> = table.unsigned_by_name().map(str::to_owned).collect();
        if !unsigned.is_empty() {
            builder = builder.allowed_unsigned_attributes(unsigned);
        }
        if let Some(prefix) = &table.unsigned_prefix {
            builder = builder.allowed_unsigned_attribute_prefix(prefix);
        }
        let config = builder.build().map_err(text)?;
        EncryptorClient::from_conf(config).map(Self).map_err(text)
    }

    /// Encrypts an item.
    ///
    /// # Errors
    /// What AWS's crate says, or that it panicked.
    pub async fn encrypt(&self, item: &Item) -> Result<Item, String> {
        let call = self.0.encrypt_item().plaintext_item(to_sdk(item));
        let output = outcome(tokio::spawn(call.send()).await)?;
        output.encrypted_item.map(|item| from_sdk(&item)).ok_or_else(|| "no item".to_owned())
    }

    /// Verifies and decrypts an item.
    ///
    /// # Errors
    /// What AWS's crate says, or that it panicked.
    pub async fn decrypt(&self, stored: &Item) -> Result<Item, String> {
        let call = self.0.decrypt_item().encrypted_item(to_sdk(stored));
        let output = outcome(tokio::spawn(call.send()).await)?;
        output.plaintext_item.map(|item| from_sdk(&item)).ok_or_else(|| "no item".to_owned())
    }
}

/// A runtime whose threads have the stack that AWS's crate needs: as built here (`opt-level = 1`)
/// it overflows 16 MiB, and ends the process, on a map key of 65,535 bytes.
///
/// # Panics
/// If the machine gives no threads.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_stack_size(STACK_BYTES)
        .enable_all()
        .build()
        .expect("a runtime")
}

/// Stack of a thread that calls AWS's crate.
const STACK_BYTES: usize = 64 << 20;

/// How a refusal by panic starts.
pub const PANICKED: &str = "panicked";

fn outcome<T, E: std::fmt::Debug>(
    joined: Result<Result<T, E>, tokio::task::JoinError>,
) -> Result<T, String> {
    match joined {
        Ok(result) => result.map_err(text),
        Err(error) => Err(format!("{PANICKED}: {error}")),
    }
}

fn text(error: impl std::fmt::Debug) -> String {
    format!("{error:?}")
}

/// What is done with each attribute, the keys included.
pub fn actions(table: &Table) -> HashMap<String, CryptoAction> {
    table
        .actions
        .keys()
        .map(String::as_str)
        .chain(table.keys())
        .map(|name| {
            let action = match table.action(name) {
                Action::Encrypt => CryptoAction::EncryptAndSign,
                Action::Sign => CryptoAction::SignOnly,
                Action::Context => CryptoAction::SignAndIncludeInEncryptionContext,
                Action::Nothing => CryptoAction::DoNothing,
            };
            (name.to_owned(), action)
        })
        .collect()
}

/// AWS's name of a suite.
pub fn suite(suite: AlgorithmSuite) -> DbeAlgorithmSuiteId {
    match suite {
        AlgorithmSuite::HmacOnly => {
            DbeAlgorithmSuiteId::AlgAes256GcmHkdfSha512CommitKeySymsigHmacSha384
        }
        _ => DbeAlgorithmSuiteId::AlgAes256GcmHkdfSha512CommitKeyEcdsaP384SymsigHmacSha384,
    }
}

/// AWS's MRK keyring over one client and one Region's ARN.
///
/// # Errors
/// What AWS's crate says of the key.
pub async fn mrk_keyring(kms: aws_sdk_kms::Client, key_arn: &str) -> Result<KeyringRef, String> {
    let config = MaterialProvidersConfig::builder().build().map_err(text)?;
    let providers = Providers::from_conf(config).map_err(text)?;
    let create = providers.create_aws_kms_mrk_keyring().kms_client(kms).kms_key_id(key_arn);
    create.send().await.map_err(text)
}

async fn keyring(keys: &[WrappingKey]) -> Result<KeyringRef, String> {
    let config = MaterialProvidersConfig::builder().build().map_err(text)?;
    let providers = Providers::from_conf(config).map_err(text)?;
    let mut keyrings = Vec::with_capacity(keys.len());
    for key in keys {
        let algorithm = match key.bytes.len() {
            16 => AesWrappingAlg::AlgAes128GcmIv12Tag16,
            24 => AesWrappingAlg::AlgAes192GcmIv12Tag16,
            _ => AesWrappingAlg::AlgAes256GcmIv12Tag16,
        };
        let keyring = providers
            .create_raw_aes_keyring()
            .key_namespace(&key.namespace)
            .key_name(&key.name)
            .wrapping_key(Blob::new(key.bytes.clone()))
            .wrapping_alg(algorithm)
            .send()
            .await
            .map_err(text)?;
        keyrings.push(keyring);
    }
    if let [only] = &keyrings[..] {
        return Ok(only.clone());
    }
    let generator = keyrings.remove(0);
    let multi = providers.create_multi_keyring().generator(generator).child_keyrings(keyrings);
    multi.send().await.map_err(text)
}

/// Our item in the SDK's form.
pub fn to_sdk(item: &Item) -> SdkItem {
    item.iter().map(|(name, value)| (name.clone(), value_to_sdk(value))).collect()
}

/// The SDK's item in our form.
pub fn from_sdk(item: &SdkItem) -> Item {
    item.iter().map(|(name, value)| (name.clone(), value_from_sdk(value))).collect()
}

fn value_to_sdk(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => Value::S(text.clone()),
        AttributeValue::N(text) => Value::N(text.clone()),
        AttributeValue::B(bytes) => Value::B(Blob::new(bytes.clone())),
        AttributeValue::Bool(value) => Value::Bool(*value),
        AttributeValue::Null => Value::Null(true),
        AttributeValue::Ss(set) => Value::Ss(set.clone()),
        AttributeValue::Ns(set) => Value::Ns(set.clone()),
        AttributeValue::Bs(set) => Value::Bs(set.iter().cloned().map(Blob::new).collect()),
        AttributeValue::L(list) => Value::L(list.iter().map(value_to_sdk).collect()),
        AttributeValue::M(map) => {
            Value::M(map.iter().map(|(key, value)| (key.clone(), value_to_sdk(value))).collect())
        }
    }
}

fn value_from_sdk(value: &Value) -> AttributeValue {
    match value {
        Value::S(text) => AttributeValue::S(text.clone()),
        Value::N(text) => AttributeValue::N(text.clone()),
        Value::B(bytes) => AttributeValue::B(bytes.as_ref().to_vec()),
        Value::Bool(value) => AttributeValue::Bool(*value),
        Value::Null(true) => AttributeValue::Null,
        Value::Ss(set) => AttributeValue::Ss(set.clone()),
        Value::Ns(set) => AttributeValue::Ns(set.clone()),
        Value::Bs(set) => AttributeValue::Bs(set.iter().map(|b| b.as_ref().to_vec()).collect()),
        Value::L(list) => AttributeValue::L(list.iter().map(value_from_sdk).collect()),
        Value::M(map) => AttributeValue::M(
            map.iter().map(|(key, value)| (key.clone(), value_from_sdk(value))).collect(),
        ),
        other => panic!("aws-db-esdk gave a value that DynamoDB does not have: {other:?}"),
    }
}
