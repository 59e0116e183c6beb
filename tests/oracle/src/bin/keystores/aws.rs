//! AWS's key store, with its refusals as text.

use std::collections::{BTreeMap, HashMap};

use aws_db_esdk::key_store::client::Client;
use aws_db_esdk::key_store::types::BranchKeyMaterials;

/// AWS's key store.
#[derive(Clone)]
pub struct AwsStore(pub Client);

/// A version of a branch key, as AWS's key store gives it.
#[derive(Debug)]
pub struct AwsKey {
    pub id: String,
    /// Its UUID.
    pub version: String,
    pub bytes: Vec<u8>,
    /// What is bound to it.
    pub context: BTreeMap<String, String>,
}

pub type Answer<T> = Result<T, String>;

impl AwsStore {
    /// The table's ARN.
    pub async fn create_table(&self) -> Answer<String> {
        let made = self.0.create_key_store().send().await.map_err(text)?;
        made.table_arn.ok_or_else(none)
    }

    pub async fn create(&self, id: Option<&str>, context: &[(&str, &str)]) -> Answer<String> {
        let own: HashMap<_, _> =
            context.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let create = self.0.create_key().set_branch_key_identifier(id.map(str::to_owned));
        let create = create.set_encryption_context((!own.is_empty()).then_some(own));
        create.send().await.map_err(text)?.branch_key_identifier.ok_or_else(none)
    }

    pub async fn rotate(&self, id: &str) -> Answer<()> {
        self.0.version_key().branch_key_identifier(id).send().await.map(drop).map_err(text)
    }

    pub async fn active(&self, id: &str) -> Answer<AwsKey> {
        let get = self.0.get_active_branch_key().branch_key_identifier(id).send().await;
        key(get.map_err(text)?.branch_key_materials)
    }

    pub async fn version(&self, id: &str, version: &str) -> Answer<AwsKey> {
        let get = self.0.get_branch_key_version().branch_key_identifier(id);
        let get = get.branch_key_version(version).send().await;
        key(get.map_err(text)?.branch_key_materials)
    }

    pub async fn beacon(&self, id: &str) -> Answer<Vec<u8>> {
        let get = self.0.get_beacon_key().branch_key_identifier(id).send().await;
        let key =
            get.map_err(text)?.beacon_key_materials.and_then(|materials| materials.beacon_key);
        Ok(key.ok_or_else(none)?.into_inner())
    }
}

fn key(materials: Option<BranchKeyMaterials>) -> Answer<AwsKey> {
    let materials = materials.ok_or_else(none)?;
    Ok(AwsKey {
        id: materials.branch_key_identifier.ok_or_else(none)?,
        version: materials.branch_key_version.ok_or_else(none)?,
        bytes: materials.branch_key.ok_or_else(none)?.into_inner(),
        context: materials.encryption_context.unwrap_or_default().into_iter().collect(),
    })
}

fn none() -> String {
    "AWS's answer has less than it should".to_owned()
}

fn text(error: impl std::fmt::Debug) -> String {
    format!("{error:?}")
}
