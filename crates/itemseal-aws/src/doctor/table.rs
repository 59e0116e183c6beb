//! A table's replicas.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{Builder, Region};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{
    AttributeValue, BillingMode, ScalarAttributeType, TableDescription, TableStatus,
    TimeToLiveStatus,
};
use aws_types::SdkConfig;

use super::{Finding, Subject, code_of, remedy_for};
use crate::TableShape;

/// The longest that one call may take, with its repetitions.
const LONGEST_CALL: std::time::Duration = std::time::Duration::from_secs(5);
/// The key of an item that nobody has.
const NO_ITEM: &str = "itemseal-doctor-c0f8b5a2";

/// A table in each of its Regions, or the code that DynamoDB gave instead.
pub(super) struct Replicas {
    home: String,
    seen: BTreeMap<String, Result<Replica, String>>,
}

struct Replica {
    client: Client,
    table: TableDescription,
    ttl: Result<Option<String>, String>,
}

impl Replicas {
    pub(super) async fn look(subject: &Subject<'_>, regions: &[String], aws: &SdkConfig) -> Self {
        let mut seen = BTreeMap::new();
        for region in regions {
            let timeouts = TimeoutConfig::builder().operation_timeout(LONGEST_CALL).build();
            let config = Builder::from(aws).region(Region::new(region.clone()));
            let client = Client::from_conf(config.timeout_config(timeouts).build());
            seen.insert(region.clone(), Replica::look(client, subject.name).await);
        }
        Self { home: regions.first().cloned().unwrap_or_default(), seen }
    }

    fn home(&self) -> Option<&Replica> {
        self.seen.get(&self.home)?.as_ref().ok()
    }

    pub(super) async fn findings(&self, region: &str, subject: &Subject<'_>) -> Vec<Finding> {
        let Some(seen) = self.seen.get(region) else { return Vec::new() };
        let name = subject.name;
        let replica = match seen {
            Ok(replica) => replica,
            Err(code) if code == "ResourceNotFoundException" => {
                return vec![Finding::wrong("table MISSING", self.create(name, region))];
            }
            Err(code) => {
                let says = format!("table not seen ({code})");
                let remedy = remedy_for(code, "dynamodb:DescribeTable", region);
                return vec![Finding::wrong(says, remedy)];
            }
        };
        let mut findings = vec![replica.status(name, region)];
        if let Some(home) = self.home() {
            findings.extend(self.differs(home, replica, name, region));
        }
        findings.extend(replica.time_to_live(subject, region));
        if let Err(error) = TableShape::of(&replica.table).check(subject.table) {
            let says = "table DOES NOT FIT the configuration";
            findings.push(Finding::wrong(says, format!("correct the configuration: {error}")));
        }
        findings.extend(replica.may_read(name, region).await);
        findings
    }

    /// What has to be the same in all Regions.
    fn differs(&self, home: &Replica, here: &Replica, name: &str, region: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        if region != self.home && !home.regions().any(|replica| replica == region) {
            let says = format!("table is NO REPLICA of that in {}", self.home);
            let remedy = format!("delete it if it is empty, then {}", self.create(name, region));
            findings.push(Finding::wrong(says, remedy));
        }
        let (mode, there) = (here.billing_mode(), home.billing_mode());
        if mode != there {
            let (mode, there) = (mode.as_str(), there.as_str());
            let says = format!("capacity mode {mode}, and {there} in {}", self.home);
            let remedy = format!(
                "run: aws dynamodb update-table --table-name {name} --billing-mode {there} \
                 --region {region}"
            );
            findings.push(Finding::wrong(says, remedy));
        }
        if let (Ok(ttl), Ok(there)) = (&here.ttl, &home.ttl)
            && ttl != there
        {
            let says = format!("time to live differs from that in {}", self.home);
            findings.push(Finding::wrong(says, update_ttl(name, there.as_deref(), region)));
        }
        findings
    }

    /// Replicas in Regions that are not listed.
    pub(super) fn elsewhere(&self, listed: &[String]) -> impl Iterator<Item = (String, Finding)> {
        let regions = self.home().into_iter().flat_map(Replica::regions);
        let strangers = regions.filter(|region| !listed.iter().any(|known| known == region));
        strangers.map(|region| {
            let remedy = format!(
                "add {region:?} to regions, or, if nobody reads there, delete that replica"
            );
            (region.to_owned(), Finding::wrong("table replica NOT LISTED", remedy))
        })
    }

    fn create(&self, name: &str, region: &str) -> String {
        match &self.home {
            home if home == region => format!("create the table {name} in {region}"),
            home => format!(
                "run: aws dynamodb update-table --table-name {name} --replica-updates \
                 'Create={{RegionName={region}}}' --region {home}"
            ),
        }
    }
}

impl Replica {
    async fn look(client: Client, name: &str) -> Result<Self, String> {
        let answer = client.describe_table().table_name(name).send().await;
        let table = answer.map_err(|error| code_of(&error))?.table;
        let table = table.ok_or_else(|| "no answer that can be read".to_owned())?;
        let answer = client.describe_time_to_live().table_name(name).send().await;
        let ttl = answer.map_err(|error| code_of(&error)).map(|answer| {
            let ttl = answer.time_to_live_description?;
            let on = [Some(TimeToLiveStatus::Enabled), Some(TimeToLiveStatus::Enabling)];
            ttl.attribute_name.filter(|_| on.contains(&ttl.time_to_live_status))
        });
        Ok(Self { client, table, ttl })
    }

    fn regions(&self) -> impl Iterator<Item = &str> {
        self.table.replicas().iter().filter_map(|replica| replica.region_name())
    }

    /// DynamoDB leaves it out of tables that always were provisioned.
    fn billing_mode(&self) -> BillingMode {
        let summary = self.table.billing_mode_summary();
        let mode = summary.and_then(|summary| summary.billing_mode().cloned());
        mode.unwrap_or(BillingMode::Provisioned)
    }

    fn status(&self, name: &str, region: &str) -> Finding {
        match self.table.table_status() {
            Some(TableStatus::Active) => Finding::well("table ACTIVE"),
            status => Finding::wrong(
                format!("table {}", status.map_or("in no known state", TableStatus::as_str)),
                format!(
                    "run: aws dynamodb wait table-exists --table-name {name} --region {region}"
                ),
            ),
        }
    }

    /// The attribute that the configuration names is the table's, and stays readable.
    fn time_to_live(&self, subject: &Subject<'_>, region: &str) -> Option<Finding> {
        let ttl = match &self.ttl {
            Ok(ttl) => ttl.as_deref(),
            Err(code) => {
                let remedy = remedy_for(code, "dynamodb:DescribeTimeToLive", region);
                return Some(Finding::wrong(format!("time to live not seen ({code})"), remedy));
            }
        };
        let Some(wanted) = subject.ttl_attribute else {
            let action = subject.table.action(ttl?);
            let hidden = action == itemseal::CryptographicAction::EncryptAndSign;
            let remedy = format!("add ttl_attribute = {:?} to the table", ttl?);
            return hidden.then(|| Finding::wrong("time to live would be ENCRYPTED", remedy));
        };
        if ttl == Some(wanted) {
            return None;
        }
        let says = format!("time to live is NOT {wanted}");
        Some(Finding::wrong(says, update_ttl(subject.name, Some(wanted), region)))
    }

    /// Asks for an item that nobody has.
    async fn may_read(&self, name: &str, region: &str) -> Option<Finding> {
        let mut call = self.client.get_item().table_name(name);
        for attribute in self.table.attribute_definitions() {
            let key = attribute.attribute_name();
            if !self.table.key_schema().iter().any(|schema| schema.attribute_name() == key) {
                continue;
            }
            let value = match attribute.attribute_type() {
                ScalarAttributeType::N => AttributeValue::N("-8320".to_owned()),
                ScalarAttributeType::B => AttributeValue::B(Blob::new(NO_ITEM)),
                _ => AttributeValue::S(NO_ITEM.to_owned()),
            };
            call = call.key(key, value);
        }
        let code = call.send().await.err().map(|error| code_of(&error))?;
        let remedy = remedy_for(&code, "dynamodb:GetItem", region);
        Some(Finding::wrong(format!("you may NOT GetItem ({code})"), remedy))
    }
}

fn update_ttl(name: &str, attribute: Option<&str>, region: &str) -> String {
    match attribute {
        Some(attribute) => format!(
            "run: aws dynamodb update-time-to-live --table-name {name} --region {region} \
             --time-to-live-specification Enabled=true,AttributeName={attribute}"
        ),
        None => format!("end the time to live of {name} in {region}, or enable it everywhere"),
    }
}
