//! `itemseal doctor`: each thing that is wrong is named with what mends it.

use std::process::Output;

use crate::bench::{AWAY, TABLE, World, error, out};

const DOCTOR: [&str; 3] = ["doctor", "--config", "c.toml"];
const WELL: &str =
    "eu-west-1  table ACTIVE   key replica enabled   you may Decrypt, GenerateDataKey
us-east-1  table ACTIVE   key replica enabled   you may Decrypt, GenerateDataKey
";

/// Every line of what is told, and that the exit code says that something is wrong.
fn wrong(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}{}", out(output), error(output));
    out(output)
}

#[test]
fn all_is_well() {
    let world = World::new("well");
    let output = world.run(&DOCTOR);
    assert_eq!(out(&output), WELL, "{}", error(&output));
    assert!(output.status.success());
    let output = world.run(&[&DOCTOR[..], &["--json"]].concat());
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&json["well"], &json["regions"][1]["region"]), (&true.into(), &AWAY.into()));
    assert_eq!(json["regions"][1]["findings"][0]["says"], "table ACTIVE");
}

#[test]
fn a_key_replica_that_is_missing_and_then_one_that_is_disabled() {
    let world = World::at_home("key");
    world.lab.tables().add_replica("Orders", AWAY).unwrap();
    let id = world.key_id();
    let missing = format!(
        "us-east-1  table ACTIVE   key replica MISSING   run: aws kms replicate-key --key-id {id} \
         --replica-region us-east-1 --region eu-west-1\n"
    );
    let text = wrong(&world.run(&DOCTOR));
    assert!(text.starts_with(WELL.lines().next().unwrap()) && text.ends_with(&missing), "{text}");
    world.replicate_key(AWAY);
    assert_eq!(out(&world.run(&DOCTOR)), WELL, "the remedy mends it");
    world.lab.kms().disable_key(AWAY, id).unwrap();
    let text = wrong(&world.run(&DOCTOR));
    let disabled = format!(
        "key replica DISABLED   run: aws kms enable-key --key-id {id} --region us-east-1\n"
    );
    assert!(text.ends_with(&disabled), "{text}");
    let json = world.run(&[&DOCTOR[..], &["--json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&wrong(&json)).unwrap();
    assert_eq!(json["regions"][1]["well"], false);
    world.lab.kms().enable_key(AWAY, id).unwrap();
    world.lab.kms().schedule_key_deletion(AWAY, id, None).unwrap();
    let text = wrong(&world.run(&DOCTOR));
    assert!(text.contains("key replica PENDING DELETION   run: aws kms cancel-key"), "{text}");
}

#[test]
fn a_table_replica_that_is_missing() {
    let world = World::at_home("table");
    world.replicate_key(AWAY);
    let text = wrong(&world.run(&DOCTOR));
    let missing = "table MISSING   key replica enabled   you may Decrypt, GenerateDataKey   \
        run: aws dynamodb update-table --table-name Orders --replica-updates \
        'Create={RegionName=us-east-1}' --region eu-west-1\n";
    assert!(text.ends_with(missing), "{text}");
    // A table of the same name is no replica.
    let keys = |name| itemseal_lab::tables::KeyAttribute::s(name);
    let sort = Some(keys("CustomerID"));
    world.lab.tables().create_table(AWAY, "Orders", keys("OrderID"), sort).unwrap();
    let text = wrong(&world.run(&DOCTOR));
    assert!(text.contains("table is NO REPLICA of that in eu-west-1"), "{text}");
}

#[test]
fn replicas_where_nothing_is_configured() {
    let world = World::new("elsewhere");
    world.replicate_key("sa-east-1");
    world.lab.tables().add_replica("Orders", "ap-southeast-1").unwrap();
    let text = wrong(&world.run(&DOCTOR));
    assert!(text.contains("\nap-southeast-1  table replica NOT LISTED   add \"ap-sou"), "{text}");
    let key = format!("\nsa-east-1       key replica of {} NOT LISTED   add", world.key_id());
    assert!(text.contains(&key), "{text}");
}

#[test]
fn a_configuration_that_does_not_fit_the_table() {
    let world = World::new("fit");
    let toml = world.folder.read("c.toml");
    let other = toml.replace("CustomerID", "Customer");
    world.folder.write("c.toml", &other);
    let text = wrong(&world.run(&DOCTOR));
    assert!(text.contains("table DOES NOT FIT the configuration"), "{text}");
    assert!(text.contains("the configuration says OrderID and Customer"), "{text}");
    let ttl = toml.replace(TABLE, &format!("{TABLE}ttl_attribute = 'ExpiresAt'\n"));
    world.folder.write("c.toml", &ttl);
    let text = wrong(&world.run(&DOCTOR));
    assert!(text.contains("time to live is NOT ExpiresAt"), "{text}");
    let mends = "aws dynamodb update-time-to-live --table-name Orders --region us-east-1 \
        --time-to-live-specification Enabled=true,AttributeName=ExpiresAt\n";
    assert!(text.contains(mends), "{text}");
}

#[test]
fn a_region_that_does_not_answer_and_none_at_all() {
    let world = World::new("silent");
    let fault = itemseal_lab::faults::Fault::Outage {
        region: AWAY.to_owned(),
        service: itemseal_lab::faults::Service::All,
        mode: itemseal_lab::faults::OutageMode::Refuse,
    };
    world.lab.faults().add(fault).unwrap();
    let text = wrong(&world.run(&DOCTOR));
    assert!(text.starts_with(WELL.lines().next().unwrap()), "the others are looked at: {text}");
    assert!(text.contains("us-east-1  table not seen (not reached)"), "{text}");
    assert!(text.contains("try dynamodb:DescribeTable again"), "{text}");
    // Nothing to look in.
    let folder = crate::bench::Folder::raw_aes("nowhere");
    let output = folder.run(&DOCTOR);
    assert_eq!(output.status.code(), Some(1));
    assert!(error(&output).contains("add regions = "), "{}", error(&output));
}
