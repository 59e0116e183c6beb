//! Encrypts one item with AWS's crate and a raw AES key, as `bindings/c/benches/size.c` does with libitemseal: two programs to be
//! weighed (`make c-size`).

use std::collections::HashMap;
use std::error::Error;

use aws_db_esdk::CryptoAction;
use aws_db_esdk::item_encryptor::client::Client as Encryptor;
use aws_db_esdk::item_encryptor::types::dynamo_db_item_encryptor_config::DynamoDbItemEncryptorConfig;
use aws_db_esdk::material_providers::client::Client as Providers;
use aws_db_esdk::material_providers::types::AesWrappingAlg;
use aws_db_esdk::material_providers::types::material_providers_config::MaterialProvidersConfig;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;

async fn encrypted() -> Result<usize, Box<dyn Error>> {
    let providers = Providers::from_conf(MaterialProvidersConfig::builder().build()?)?;
    let keyring = providers
        .create_raw_aes_keyring()
        .key_namespace("shop")
        .key_name("key-1")
        .wrapping_key(Blob::new([7; 32]))
        .wrapping_alg(AesWrappingAlg::AlgAes256GcmIv12Tag16)
        .send()
        .await?;
    let actions = [("OrderID", CryptoAction::SignOnly), ("Total", CryptoAction::EncryptAndSign)];
    let config = DynamoDbItemEncryptorConfig::builder()
        .logical_table_name("Orders")
        .partition_key_name("OrderID")
        .attribute_actions_on_encrypt(
            actions
                .into_iter()
                .map(|(name, action)| (name.to_owned(), action))
                .collect::<HashMap<_, _>>(),
        )
        .keyring(keyring)
        .build()?;
    let item = HashMap::from([
        ("OrderID".to_owned(), AttributeValue::S("12345".to_owned())),
        ("Total".to_owned(), AttributeValue::N("99.95".to_owned())),
    ]);
    let output = Encryptor::from_conf(config)?.encrypt_item().plaintext_item(item).send().await?;
    Ok(output.encrypted_item.ok_or("no item")?.len())
}

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    // The item's two, header and footer.
    match runtime.block_on(encrypted())? {
        4 => Ok(()),
        other => Err(format!("{other} attributes instead of 4").into()),
    }
}
