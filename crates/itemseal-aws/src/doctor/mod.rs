//! What is wrong with the tables and keys of a configuration, and what to run to mend it.

mod key;
mod report;
mod table;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_types::SdkConfig;
use itemseal::{Error, ErrorKind, Result, TableConfig};

use crate::{AwsKms, ConfigFile};
use key::Keys;
pub use report::{Finding, RegionReport, Report};
use table::Replicas;

/// Looks at every table and key of a configuration, in every Region that is configured.
///
/// It asks DynamoDB for `DescribeTable`, `DescribeTimeToLive` and `GetItem` of a key that no item has, and
/// KMS for `DescribeKey`, `GenerateDataKey` and `Decrypt`. It changes nothing, and goes on when a
/// Region does not answer: what it could not see is in the report.
///
/// # Errors
/// [`Misuse`](ErrorKind::Misuse) if there is no Region to look at;
/// [`Refused`](ErrorKind::Refused) as [`AwsKms::new`] does.
pub async fn examine(config: &ConfigFile, aws: &SdkConfig) -> Result<Report> {
    let kms = AwsKms::new(aws)?;
    let mut report = Report::default();
    for (name, table) in config.tables() {
        let regions = regions_of(config, name, aws)?;
        let subject = Subject { name, table, ttl_attribute: config.ttl_attribute(name)? };
        examine_table(&subject, &regions, config, aws, &kms, &mut report).await;
    }
    Ok(report)
}

/// A table as the configuration has it.
struct Subject<'c> {
    name: &'c str,
    table: &'c TableConfig,
    ttl_attribute: Option<&'c str>,
}

async fn examine_table(
    subject: &Subject<'_>,
    regions: &[String],
    config: &ConfigFile,
    aws: &SdkConfig,
    kms: &AwsKms,
    report: &mut Report,
) {
    let replicas = Replicas::look(subject, regions, aws).await;
    let keys = Keys::look(config.keyring_config().keys(), kms).await;
    let mut listed = regions.to_vec();
    listed.extend(keys.regions().filter(|region| !regions.iter().any(|r| r == region)));
    for region in &listed {
        let mut findings = replicas.findings(region, subject).await;
        findings.extend(keys.findings(region, subject, kms).await);
        report.add(subject.name, region, findings);
    }
    for (region, finding) in replicas.elsewhere(&listed).chain(keys.elsewhere(&listed)) {
        report.add(subject.name, &region, vec![finding]);
    }
}

fn regions_of(config: &ConfigFile, table: &str, aws: &SdkConfig) -> Result<Vec<String>> {
    let mut regions = config.regions(table)?;
    if regions.is_empty() {
        regions.extend(aws.region().map(|region| region.as_ref().to_owned()));
    }
    if regions.is_empty() {
        let message = format!(
            "table {table:?} has no Region; add regions = [\"eu-west-1\", …] to it, home first, or \
             set AWS_REGION"
        );
        return Err(Error::new(ErrorKind::Misuse, message));
    }
    Ok(regions)
}

/// AWS's code, or that there was no answer: its text can name callers and resources.
fn code_of<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    match (error.code(), error) {
        (Some(code), _) => code.to_owned(),
        (None, SdkError::TimeoutError(_)) => "no answer in time".to_owned(),
        (None, SdkError::DispatchFailure(_)) => "not reached".to_owned(),
        (None, _) => "no answer that can be read".to_owned(),
    }
}

/// What to do about a call that AWS refused or did not answer.
fn remedy_for(code: &str, action: &str, region: &str) -> String {
    if code.starts_with("AccessDenied") || code.starts_with("UnrecognizedClient") {
        return format!("allow {action} in {region} to these credentials");
    }
    format!("try {action} again; look at credentials, network and AWS_ENDPOINT_URL for {region}")
}
