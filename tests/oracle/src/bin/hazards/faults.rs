//! A key service that hangs or is gone.

use std::sync::PoisonError;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use itemseal::{ErrorKind, MrkKeyring};
use itemseal_aws::{AwsKms, GlobalTable};
use itemseal_lab::faults::{Fault, OutageMode, Service};
use itemseal_oracle::world::{self, Outcome, READER, WRITER};
use tokio::time::{Instant, timeout, timeout_at};

use crate::requests::says;
use crate::row::Row;
use crate::stage::{Both, Stage, table};

/// How long AWS's client is waited for: longer than ours takes with all of its Regions.
const PATIENCE: Duration = Duration::from_secs(8);
/// The deadline of our keyring.
const DEADLINE: Duration = Duration::from_secs(5);
/// How long the caller would wait.
const CALLER: Duration = Duration::from_secs(1);

pub async fn rows(stage: &Stage) -> Outcome<Vec<Row>> {
    Ok(vec![gone(stage).await?, hangs(stage).await?])
}

/// Our client of the same table, with a key in two Regions.
async fn two_regions(stage: &Stage, both: &Both) -> Outcome<GlobalTable> {
    let kms = AwsKms::new(&stage.sdk_config())?;
    let keyring = MrkKeyring::builder(&stage.key_arn).regions([WRITER, READER]).build(kms)?;
    let config = itemseal_oracle::ours::config(&table(&both.name))?;
    Ok(GlobalTable::builder(config, keyring).regions([WRITER]).build(&stage.sdk_config()).await?)
}

fn outage(mode: OutageMode) -> Fault {
    Fault::Outage { region: WRITER.to_owned(), service: Service::Kms, mode }
}

async fn gone(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("Gone").await?;
    let ours = two_regions(stage, &both).await?;
    let fault = stage.lab.faults().add(outage(OutageMode::Refuse))?;
    let aws = both.put("1").send_with(&both.aws).await;
    let put = ours.put_item(both.put("1")).await;
    let got = ours.get_item(both.get("1")).await;
    stage.lab.faults().remove(fault);
    Ok(Row::new("KMS of one Region refuses connections")
        .aws(
            says(&aws, &["ModifyBeforeSerialization"]),
            "writes fail: its MRK keyring knows one Region",
        )
        .ours(
            put.is_ok() && got.is_ok_and(|got| got.item().is_some()),
            "written and read with the key's replica in the next Region",
        ))
}

async fn hangs(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("Hangs").await?;
    let two = two_regions(stage, &both).await?;
    let aws = impatient(stage, &both).await?;
    let fault = stage.lab.faults().add(outage(OutageMode::Hang))?;
    let begun = Instant::now();
    let put = both.put("1");
    // In a task of its own: whatever polls it is blocked.
    let mut waiting = tokio::spawn(async move { drop(timeout(CALLER, put.send_with(&aws)).await) });
    let given_up = timeout(CALLER, both.ours.put_item(both.put("2"))).await.is_err();
    let after_caller = begun.elapsed();
    let begun_ours = Instant::now();
    let error = both.ours.put_item(both.put("2")).await.err();
    let after_error = begun_ours.elapsed();
    let begun_two = Instant::now();
    let elsewhere = two.put_item(both.put("2")).await;
    let after_two = begun_two.elapsed();
    let still_waiting = timeout_at(begun + PATIENCE, &mut waiting).await.is_err();
    stage.lab.faults().remove(fault);
    if still_waiting {
        stage.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(waiting);
    }
    let unavailable = error.is_some_and(|error| error.kind() == ErrorKind::KeyUnavailable);
    let in_time = unavailable && after_error < DEADLINE + CALLER;
    Ok(Row::new("KMS of one Region hangs")
        .aws(
            still_waiting,
            format!(
                "still waits after {} s; neither the SDK's operation timeout of {} s nor one around \
                 the call ends it, since the thread is blocked",
                PATIENCE.as_secs(),
                CALLER.as_secs()
            ),
        )
        .ours(in_time, format!("`KeyUnavailable` after {:.1} s", after_error.as_secs_f32()))
        .ours(
            elsewhere.is_ok() && after_two < CALLER * 2,
            format!("with a second Region written after {:.1} s", after_two.as_secs_f32()),
        )
        .ours(given_up && after_caller < CALLER * 2, "a timeout around the call ends it"))
}

/// AWS's client with the SDK's own limit on an operation.
async fn impatient(stage: &Stage, both: &Both) -> Outcome<Client> {
    let config = stage.world.aws_config(WRITER, &table(&both.name), &stage.key_arn).await?;
    let interceptor = world::interceptor(&both.name, config)?;
    let limit = TimeoutConfig::builder().operation_timeout(CALLER).build();
    let config = stage.world.dynamodb_config(WRITER).timeout_config(limit);
    Ok(Client::from_conf(config.interceptor(interceptor).build()))
}
