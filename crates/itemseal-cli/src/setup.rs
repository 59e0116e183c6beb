//! The configuration file, and AWS's own configuration.

use std::error::Error;
use std::path::PathBuf;

use aws_config::SdkConfig;
use clap::Args;
use itemseal::ItemEncryptor;
use itemseal_aws::ConfigFile;

/// Which configuration.
#[derive(Debug, Args)]
pub(crate) struct Source {
    /// The configuration file: tables and their keyring, in TOML.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

impl Source {
    pub(crate) fn read(&self) -> itemseal::Result<ConfigFile> {
        ConfigFile::read(&self.config)
    }
}

/// The table that is named, or the only one.
pub(crate) fn table_name<'c>(
    config: &'c ConfigFile,
    named: Option<&'c str>,
) -> Result<&'c str, Box<dyn Error>> {
    if let Some(name) = named {
        config.table(name)?;
        return Ok(name);
    }
    let names: Vec<&str> = config.tables().map(|(name, _)| name).collect();
    match names[..] {
        [name] => Ok(name),
        _ => Err(format!("say which table: --table with one of {}", names.join(", ")).into()),
    }
}

/// Credentials, endpoints and the Region as every AWS SDK finds them: environment, profile, the
/// machine's role.
pub(crate) async fn aws() -> SdkConfig {
    aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await
}

/// The encryptor of a table. AWS is looked for only if the keyring needs it.
pub(crate) async fn encryptor(
    config: &ConfigFile,
    table: &str,
) -> Result<ItemEncryptor, Box<dyn Error>> {
    let aws = if config.needs_aws() { aws().await } else { SdkConfig::builder().build() };
    Ok(ItemEncryptor::new(config.table(table)?.clone(), config.keyring(&aws)?))
}
