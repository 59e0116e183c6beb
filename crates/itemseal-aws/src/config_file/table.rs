//! `[table."NAME"]`.

use itemseal::{AlgorithmSuite, CryptographicAction, Result, TableConfig};

use super::fields::{Fields, Place};
use super::keyring::check_regions;
use crate::Writes;

/// A table of the file.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) config: TableConfig,
    /// Empty if they are the keyring's.
    pub(super) regions: Vec<String>,
    pub(super) ttl_attribute: Option<String>,
    pub(super) version_attribute: Option<String>,
    pub(super) writes: Writes,
    pub(super) plaintext_reads: bool,
}

impl Table {
    pub(super) fn read(name: &str, mut fields: Fields) -> Result<Self> {
        let place = fields.place().clone();
        let logical_name = fields.text("logical_name")?.unwrap_or_else(|| name.to_owned());
        let partition_key = fields.required_text("partition_key", "OrderID")?;
        let mut builder = TableConfig::builder(logical_name).partition_key(partition_key);
        if let Some(sort_key) = fields.text("sort_key")? {
            builder = builder.sort_key(sort_key);
        }
        builder = builder
            .sign_only(fields.list("sign_only")?)
            .context(fields.list("context")?)
            .unsigned(fields.list("unsigned")?);
        if let Some(prefix) = fields.text("unsigned_prefix")? {
            builder = builder.unsigned_prefix(prefix);
        }
        if let Some(suite) = fields.text("suite")? {
            builder = builder.suite(suite_of(&suite, &place.field("suite"))?);
        }
        let ttl_attribute = fields.text("ttl_attribute")?;
        let version_attribute = fields.text("version_attribute")?;
        let writes = match fields.text("writes")?.as_deref() {
            None | Some("home") => Writes::Home,
            Some("failover") => Writes::Failover,
            Some(_) => return Err(place.field("writes").error("say \"home\" or \"failover\"")),
        };
        let plaintext_reads = match fields.text("plaintext_reads")?.as_deref() {
            None | Some("refuse") => false,
            Some("allow") => true,
            Some(_) => {
                let says = "say \"refuse\", or while the table is being encrypted \"allow\"";
                return Err(place.field("plaintext_reads").error(says));
            }
        };
        let regions = fields.list("regions")?;
        check_regions(&regions, &place.field("regions"))?;
        fields.finish()?;
        let mut config = builder.clone().build().map_err(|error| place.explain(error))?;
        let readable =
            [("ttl_attribute", &ttl_attribute), ("version_attribute", &version_attribute)];
        for (field, name) in readable {
            let Some(name) = name else { continue };
            // DynamoDB reads it, so it is not encrypted; what the file says of it otherwise holds.
            if config.action(name) == CryptographicAction::EncryptAndSign {
                builder = builder.sign_only([name]);
                let built = builder.clone().build();
                config = built.map_err(|error| place.field(field).explain(error))?;
            }
        }
        if let Some(version) = &version_attribute
            && config.action(version) == CryptographicAction::DoNothing
        {
            let says = "a version is signed; take it out of unsigned";
            return Err(place.field("version_attribute").error(says));
        }
        Ok(Self { config, regions, ttl_attribute, version_attribute, writes, plaintext_reads })
    }
}

fn suite_of(name: &str, place: &Place) -> Result<AlgorithmSuite> {
    match name {
        "ecdsa-p384" => Ok(AlgorithmSuite::EcdsaP384),
        "hmac-only" => Ok(AlgorithmSuite::HmacOnly),
        _ => Err(place.error("say \"ecdsa-p384\" or \"hmac-only\"")),
    }
}
