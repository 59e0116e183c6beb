use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_types::SdkConfig;
use aws_types::region::Region;
use itemseal_lab::http::LabServer;
use itemseal_lab::{Lab, Replication};

use super::{Options, Outcome};

/// AWS in some Regions, or a lab at a socket.
pub(crate) struct Target {
    pub(crate) config: SdkConfig,
    regions: Vec<String>,
    prefix: String,
    lab: Option<(Lab, LabServer)>,
}

impl Target {
    pub(crate) async fn aws(options: &Options) -> Outcome<Self> {
        let prefix = options.prefix().ok_or("no prefix was given")?.to_owned();
        let regions = options.regions().to_vec();
        let home = Region::new(regions.first().ok_or("no Region was given")?.clone());
        let config = aws_config::defaults(BehaviorVersion::latest()).region(home);
        let config = config.load().await;
        Ok(Self { config, regions, prefix, lab: None })
    }

    pub(crate) fn lab(options: &Options) -> Outcome<Self> {
        let lab = Lab::builder().every_region().replication(Replication::Automatic).build()?;
        let server = LabServer::start(&lab)?;
        let regions = options.regions().to_vec();
        let home = Region::new(regions.first().ok_or("no Region was given")?.clone());
        let credentials = Credentials::new("lab", "lab", None, None, "lab");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(home)
            .endpoint_url(server.endpoint())
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(
                aws_smithy_async::rt::sleep::TokioSleep::new(),
            ))
            .build();
        Ok(Self { config, regions, prefix: "against-lab".to_owned(), lab: Some((lab, server)) })
    }

    /// None if it is AWS.
    pub(crate) fn as_lab(&self) -> Option<&Lab> {
        self.lab.as_ref().map(|(lab, _)| lab)
    }

    /// The home Region first.
    pub(crate) fn regions(&self) -> &[String] {
        &self.regions
    }

    pub(crate) fn home(&self) -> &str {
        self.regions.first().map_or("", String::as_str)
    }

    /// The one table that is made.
    pub(crate) fn table(&self) -> String {
        format!("{}-Orders", self.prefix)
    }

    /// By which the keys that were made are known again.
    pub(crate) fn key_description(&self) -> String {
        format!("itemseal live test {}", self.prefix)
    }

    pub(crate) fn tables_in(&self, region: &str) -> aws_sdk_dynamodb::Client {
        let config = aws_sdk_dynamodb::config::Builder::from(&self.config);
        aws_sdk_dynamodb::Client::from_conf(config.region(Region::new(region.to_owned())).build())
    }

    pub(crate) fn kms_in(&self, region: &str) -> aws_sdk_kms::Client {
        let config = aws_sdk_kms::config::Builder::from(&self.config);
        aws_sdk_kms::Client::from_conf(config.region(Region::new(region.to_owned())).build())
    }
}
