//! KMS at its worst: every row of a table of faults, at the end of a real socket, against the real SDK
//! client, for encryption and decryption, in keyrings of one to three Regions.
//!
//! Each ends inside the deadline; none yields an item that is not the right one; whatever was
//! written a healthy keyring opens.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod endpoints;
mod responder;
mod table;
mod world;

use std::time::{Duration, Instant};

use itemseal::ErrorKind;
use tokio::task::JoinSet;

use table::{Outcome, Row, rows};
use world::{DEADLINE, REGIONS, World, order};

/// Which of a keyring's Regions have the fault.
#[derive(Clone, Copy, Debug)]
enum Faulty {
    First,
    All,
}

const CASES: [(usize, Faulty); 5] =
    [(1, Faulty::All), (2, Faulty::First), (2, Faulty::All), (3, Faulty::First), (3, Faulty::All)];

#[tokio::test]
async fn every_fault_ends_in_time_and_yields_nothing_wrong() {
    let rows = rows();
    assert!(rows.len() >= 30);
    let (mut cases, mut longest, mut wrong) = (0, (Duration::ZERO, ""), Vec::new());
    for row in &rows {
        // A row's cases at once: most of them only wait.
        let mut running = JoinSet::new();
        for (regions, faulty) in CASES {
            running.spawn(encrypt(row.clone(), regions, faulty));
            running.spawn(decrypt(row.clone(), regions, faulty));
        }
        while let Some(case) = running.join_next().await {
            cases += 1;
            match case.unwrap() {
                Ok(took) => longest = longest.max((took, row.name)),
                Err(what) => wrong.push(what),
            }
        }
    }
    let (took, of) = (longest.0.as_millis(), DEADLINE.as_millis());
    let name = longest.1;
    println!("{} faults, {cases} cases; the longest, {name:?}, took {took} ms of {of}", rows.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

async fn encrypt(row: Row, regions: usize, faulty: Faulty) -> Result<Duration, String> {
    let world = World::new(&row, regions, faulty).await;
    let start = Instant::now();
    let written = world.encryptor(&row).encrypt_item(order()).await;
    let took = start.elapsed();
    let case = format!("{}: encrypt, {faulty:?} of {regions}", row.name);
    check(row.encrypt, regions, faulty, written.as_ref().err(), took)
        .map_err(|what| format!("{case}: {what}"))?;
    if let Ok(stored) = written {
        let opened = world.healthy().decrypt_item(stored).await;
        if opened.ok() != Some(order()) {
            return Err(format!("{case}: written, and not readable"));
        }
    }
    Ok(took)
}

async fn decrypt(row: Row, regions: usize, faulty: Faulty) -> Result<Duration, String> {
    let world = World::new(&row, regions, faulty).await;
    let stored = world.healthy().encrypt_item(order()).await.unwrap();
    let start = Instant::now();
    let read = world.encryptor(&row).decrypt_item(stored).await;
    let took = start.elapsed();
    let case = format!("{}: decrypt, {faulty:?} of {regions}", row.name);
    check(row.decrypt, regions, faulty, read.as_ref().err(), took)
        .map_err(|what| format!("{case}: {what}"))?;
    if read.is_ok_and(|opened| opened != order()) {
        return Err(format!("{case}: opened, and not what was written"));
    }
    Ok(took)
}

fn check(
    outcome: Outcome,
    regions: usize,
    faulty: Faulty,
    error: Option<&itemseal::Error>,
    took: Duration,
) -> Result<(), String> {
    // The machine may be busy; a call that were not stopped would go on for five seconds.
    if took > DEADLINE * 2 {
        return Err(format!("it took {} ms", took.as_millis()));
    }
    let expected = match (outcome, faulty) {
        (Outcome::Works, _) => None,
        (Outcome::MovesOn, Faulty::First) if regions > 1 => None,
        (Outcome::MovesOn, _) => Some(ErrorKind::KeyUnavailable),
        (Outcome::Stops(kind), _) => Some(kind),
    };
    if error.map(itemseal::Error::kind) != expected {
        return Err(format!("expected {expected:?}, not {error:?}"));
    }
    let Some(error) = error else { return Ok(()) };
    let told = format!("{error:?}");
    let region = match error.kind() {
        // It says nothing more.
        ErrorKind::Authentication => None,
        _ => Some(REGIONS[0]),
    };
    if error.region() != region {
        return Err(format!("which Region? {told}"));
    }
    let secrets = ["AKIAEXAMPLE", "the secret text of AWS", "Orders", "4111"];
    match secrets.iter().any(|secret| told.contains(secret)) {
        true => Err(format!("it tells too much: {told}")),
        false => Ok(()),
    }
}
