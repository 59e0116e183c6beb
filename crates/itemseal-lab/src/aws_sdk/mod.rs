//! Clients of AWS's SDKs for Rust in the lab's own process (feature `aws-sdk`).
//!
//! `aws_sdk_kms::Client::new(&lab.sdk_config("eu-west-1"))` is a real client, with its own
//! serialisation, signatures, retries and timeouts, and no socket: its requests are answered in the
//! same task. On a [manual clock](crate::clock::ManualClock) its waits are moves of the clock, and
//! so take no time, and its retries come at once. With the lab's seed a history is the same to the byte
//! in every run, if one task does it.

mod connector;
#[cfg(test)]
mod tests;
mod time;

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::SharedAsyncSleep;
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;

use crate::Lab;
use connector::LabHttpClient;
use time::{LabSleep, LabTime};

impl Lab {
    /// An HTTP client whose requests this lab answers, whatever address they are for.
    pub fn http_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(LabHttpClient::new(self.clone()))
    }

    /// All that a client for a Region needs: the lab's HTTP client, credentials, the lab's time, and
    /// on a manual clock waits that move it. On the machine's clock the SDK waits as it always does.
    pub fn sdk_config(&self, region: impl Into<String>) -> SdkConfig {
        let credentials = Credentials::new("lab", "lab", None, None, "itemseal-lab");
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.into()))
            .endpoint_url("http://itemseal-lab.localhost")
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(self.http_client())
            .time_source(SharedTimeSource::new(LabTime::new(self.clock().clone())))
            // Answers come whole.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        if let Some(clock) = self.clock().as_manual() {
            // The jitter of a backoff is from the SDK's own randomness, which has no seed.
            let retries = RetryConfig::standard().with_initial_backoff(Duration::ZERO);
            config.set_retry_config(Some(retries));
            config.set_sleep_impl(Some(SharedAsyncSleep::new(LabSleep::new(clock.clone()))));
        }
        config.build()
    }
}
