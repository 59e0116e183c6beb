//! The stories of `make live-aws` against the lab, and that nothing is left of them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

#[path = "../../examples/live_aws/live/mod.rs"]
mod live;
mod options;

use std::future::{Future, pending};
use std::time::Duration;

use itemseal_lab::faults::{Fault, Service};
use live::{Estimate, LAB as KNOWN, Options, Record, Target};

fn lab() -> (Target, Options) {
    let options = Options::parse([], |_| None).unwrap();
    (Target::lab(&options).unwrap(), options)
}

async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(120), work).await.expect("two minutes are enough")
}

/// No table in any Region, and no key that will not be deleted.
async fn nothing_is_left(target: &Target) {
    assert_eq!(live::tear_down::find(target).await.unwrap(), Vec::<String>::new());
    for region in target.regions() {
        let tables = target.tables_in(region).list_tables().send().await.unwrap();
        assert_eq!(tables.table_names(), [""; 0], "{region}");
        for key in target.kms_in(region).list_keys().send().await.unwrap().keys() {
            let describe = target.kms_in(region).describe_key().key_id(key.key_id().unwrap());
            let state = describe.send().await.unwrap().key_metadata.unwrap().key_state.unwrap();
            assert!(state.as_str().starts_with("Pending"), "{region}: {state}");
        }
    }
}

fn refused(operation: &str, region: &str) -> Fault {
    let (region, operations) = (region.to_owned(), vec![operation.to_owned()]);
    Fault::Throttle { region, service: Service::DynamoDb, operations, per_second: 0 }
}

#[tokio::test]
async fn the_lab_answers_as_it_is_known_to_and_nothing_is_left() {
    let (target, options) = lab();
    let (record, left) = in_time(live::run(&target, &options, pending())).await.unwrap();
    let record = record.unwrap();
    let known = Record::parse(KNOWN).unwrap();
    let differences = live::compare::differences(&known, &record);
    assert!(
        differences.is_empty(),
        "if that is as it should be: make live-aws RECORD=crates/itemseal-aws/tests/live/lab.json\n{}",
        differences.join("\n")
    );
    assert_eq!(record.to_text().unwrap(), KNOWN);
    assert_eq!(left, Vec::<String>::new());
    nothing_is_left(&target).await;
    let calls = target.as_lab().unwrap().kms().total_calls();
    let estimate = Estimate::of(target.regions()).kms_calls;
    assert!(calls > 100 && calls < u64::from(estimate), "{calls} calls, estimated {estimate}");
}

#[tokio::test]
async fn the_command_records_and_compares() {
    let folder = std::env::temp_dir().join(format!("itemseal-live-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let [recorded, other] =
        ["recorded", "other"].map(|name| folder.join(name).display().to_string());
    let options = |arguments: &[&str]| {
        Options::parse(arguments.iter().map(|argument| (*argument).to_owned()), |_| None).unwrap()
    };
    let record = options(&["--record", &recorded]);
    assert!(in_time(live::main(&record, pending())).await.unwrap(), "as the lab, it is the lab");
    assert_eq!(std::fs::read_to_string(recorded).unwrap(), KNOWN);
    std::fs::write(&other, KNOWN.replacen("5500", "5501", 1)).unwrap();
    let compare = options(&["--compare", &other]);
    assert!(!in_time(live::main(&compare, pending())).await.unwrap());
    let later = options(&["--tear-down-only"]);
    assert!(in_time(live::main(&later, pending())).await.unwrap(), "nothing is there");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn differences_are_told_by_story_and_call() {
    let known = Record::parse(KNOWN).unwrap();
    let other = KNOWN.replacen("\"DisabledException\"", "\"KMSInvalidStateException\"", 1);
    let other = other.replacen("\"two requests about one item\"", "\"something new\"", 1);
    let differences = live::compare::differences(&known, &Record::parse(&other).unwrap());
    assert_eq!(differences.len(), 3, "{differences:?}");
    assert_eq!(differences[0], "two requests about one item: was not told");
    assert!(
        differences[1]
            .starts_with("a key that is disabled in one Region works in the others, 1, GetItem")
    );
    assert!(differences[1].contains("expected") && differences[1].contains("KMSInvalidState"));
    assert!(differences[2].starts_with("something new: is not in the record"));
}

#[tokio::test]
async fn what_was_made_is_torn_down_after_an_interruption() {
    let (target, options) = lab();
    let lab = target.as_lab().unwrap().clone();
    let home = target.home().to_owned();
    let table = target.table();
    let interrupt = async move {
        let told = || {
            lab.region(&home)
                .and_then(|home| home.scan_all(&table))
                .is_ok_and(|items| items.len() > 3)
        };
        while !told() {
            tokio::task::yield_now().await;
        }
    };
    let (record, left) = in_time(live::run(&target, &options, interrupt)).await.unwrap();
    assert!(record.unwrap_err().to_string().starts_with("interrupted"));
    assert_eq!(left, Vec::<String>::new());
    nothing_is_left(&target).await;
}

#[tokio::test]
async fn what_was_made_is_torn_down_when_the_rest_cannot_be_made() {
    let (target, options) = lab();
    target.as_lab().unwrap().faults().add(refused("UpdateTable", target.home())).unwrap();
    let (record, left) = in_time(live::run(&target, &options, pending())).await.unwrap();
    assert!(record.is_err(), "no replica");
    assert_eq!(left, Vec::<String>::new());
    nothing_is_left(&target).await;
}

#[tokio::test]
async fn what_cannot_be_torn_down_is_told_and_goes_later() {
    let (target, options) = lab();
    let faults = target.as_lab().unwrap().faults();
    let fault = faults.add(refused("DeleteTable", target.home())).unwrap();
    let (record, left) = in_time(live::run(&target, &options, pending())).await.unwrap();
    assert!(record.is_ok());
    let [left] = &left[..] else { panic!("{left:?}") };
    let table = format!("the table {} in {}: ", target.table(), target.home());
    assert!(left.starts_with(&table) && left.contains("--tear-down-only"), "{left}");
    // Nothing is made where something is.
    let again = live::run(&target, &options, pending()).await;
    let error = again.err().unwrap().to_string();
    assert!(error.contains("there is the table") && error.contains("--tear-down-only"), "{error}");
    faults.remove(fault);
    assert_eq!(in_time(live::tear_down::all(&target)).await, Vec::<String>::new());
    nothing_is_left(&target).await;
}

#[tokio::test]
async fn a_table_that_is_protected_and_others_keys_and_tables() {
    let (target, _) = lab();
    let tables = target.as_lab().unwrap().tables();
    for name in [target.table(), format!("{}-more", target.table())] {
        tables.create_table(target.home(), &name, "OrderID", None).unwrap();
        let update = target.tables_in(target.home()).update_table().table_name(&name);
        update.deletion_protection_enabled(true).send().await.unwrap();
    }
    let kms = target.as_lab().unwrap().kms();
    let ours = kms.create_key(target.home(), true, &target.key_description()).unwrap();
    kms.create_key(target.home(), true, "another's").unwrap();
    assert_eq!(in_time(live::tear_down::all(&target)).await, Vec::<String>::new());
    let left = target.tables_in(target.home()).list_tables().send().await.unwrap();
    assert_eq!(left.table_names(), [format!("{}-more", target.table())]);
    for key in target.kms_in(target.home()).list_keys().send().await.unwrap().keys() {
        let id = key.key_id().unwrap();
        let describe = target.kms_in(target.home()).describe_key().key_id(id);
        let state = describe.send().await.unwrap().key_metadata.unwrap().key_state.unwrap();
        assert_eq!(state.as_str() == "PendingDeletion", id == ours.key_id, "{state}");
    }
}

#[tokio::test]
async fn what_could_cost_more_than_it_may_makes_nothing() {
    let (target, _) = lab();
    let arguments = ["--prefix", "example", "--max-usd", "0.01"].map(str::to_owned);
    let options = Options::parse(arguments, |_| None).unwrap();
    let error = live::run(&target, &options, pending()).await.err().unwrap().to_string();
    assert!(error.contains("USD, and may cost 0.010; nothing was made"), "{error}");
    assert_eq!(target.as_lab().unwrap().kms().total_calls(), 0);
    let usd = Estimate::of(target.regions()).usd;
    assert!((0.01..0.2).contains(&usd), "{usd}");
}
