//! `[table."NAME"]`.

use itemseal::{AlgorithmSuite, CryptographicAction, Result, TableConfig};

use super::fields::{Fields, Place};
use super::keyring::check_regions;

/// A table of the file.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) config: TableConfig,
    /// Empty if they are the keyring's.
    pub(super) regions: Vec<String>,
    pub(super) ttl_attribute: Option<String>,
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
        if fields.text("version_attribute")?.is_some() {
            return Err(place.field("version_attribute").error(
                "raising a version with each write is not supported yet; leave it out, and use a \
                 condition of your own",
            ));
        }
        match fields.text("writes")?.as_deref() {
            None | Some("home") => {}
            Some("failover") => {
                let says = "writes that fail over are not supported yet; \
                            leave it out or say \"home\"";
                return Err(place.field("writes").error(says));
            }
            Some(_) => return Err(place.field("writes").error("say \"home\" or \"failover\"")),
        }
        let regions = fields.list("regions")?;
        check_regions(&regions, &place.field("regions"))?;
        fields.finish()?;
        let mut config = builder.clone().build().map_err(|error| place.explain(error))?;
        if let Some(ttl) = &ttl_attribute {
            // DynamoDB reads it, so it is not encrypted; what the file says of it otherwise holds.
            if config.action(ttl) == CryptographicAction::EncryptAndSign {
                let built = builder.sign_only([ttl]).build();
                config = built.map_err(|error| place.field("ttl_attribute").explain(error))?;
            }
        }
        Ok(Self { config, regions, ttl_attribute })
    }
}

fn suite_of(name: &str, place: &Place) -> Result<AlgorithmSuite> {
    match name {
        "ecdsa-p384" => Ok(AlgorithmSuite::EcdsaP384),
        "hmac-only" => Ok(AlgorithmSuite::HmacOnly),
        _ => Err(place.error("say \"ecdsa-p384\" or \"hmac-only\"")),
    }
}
