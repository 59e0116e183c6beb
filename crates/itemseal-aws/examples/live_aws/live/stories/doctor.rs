use itemseal_aws::{ConfigFile, doctor};
use serde_json::json;

use super::World;
use crate::live::{Outcome, Record};

pub(super) async fn tell(world: &World<'_>, record: &mut Record) -> Outcome<()> {
    record.begin("the doctor finds all well");
    let regions = world.target.regions();
    let toml = format!(
        "[table.{:?}]\npartition_key = 'OrderID'\nsort_key = 'CustomerID'\nsign_only = ['OrderStatus']\n\
         unsigned = ['Hits']\n[keyring]\nkind = 'kms-mrk'\nkey_arn = '{}'\nregions = {regions:?}\n",
        world.table(),
        world.key_arn,
    );
    let report = doctor::examine(&ConfigFile::parse(&toml, ".")?, &world.target.config).await?;
    for region in report.regions() {
        let findings = region.findings().iter();
        let findings: Vec<_> =
            findings.map(|finding| json!([finding.says(), finding.remedy()])).collect();
        record.note("examine", json!({ "region": region.region(), "findings": findings }));
    }
    Ok(())
}
