//! AWS's key store and hierarchical keyring beside ours, on one key store table and one encrypted table of
//! the lab: keys that one makes the other reads, and items that one writes the other opens, across rotations.
//!
//! ```text
//! cargo run --features aws --bin keystores
//! ```

mod aws;
mod items;
mod keys;
mod kms_keys;
mod stage;
mod tally;
mod tampered;

use std::process::ExitCode;

use itemseal_oracle::world::{self, Outcome};

use crate::stage::Stage;
use crate::tally::Tally;

fn main() -> ExitCode {
    world::run("keystores", story())
}

async fn story() -> Outcome {
    let stage = Stage::new().await?;
    let mut tally = Tally::default();
    keys::tables(&stage, &mut tally).await?;
    let versions = keys::compare(&stage, &mut tally).await?;
    println!("keys: {} comparisons of {versions} versions", tally.compared);
    let before = tally.compared;
    let items = items::compare(&stage, &mut tally).await?;
    println!("items: {} comparisons of {items} items", tally.compared - before);
    let before = tally.compared;
    kms_keys::compare(&stage, &mut tally).await?;
    println!("KMS configurations: {} comparisons", tally.compared - before);
    let before = tally.compared;
    tampered::compare(&stage, &mut tally).await?;
    println!("tampered key store items: {} comparisons", tally.compared - before);
    let Tally { compared, differences } = tally;
    for difference in &differences {
        println!("{difference}");
    }
    println!(
        "keystores: {compared} comparisons of AWS's and ours, each on the other's keys and items, {} differences",
        differences.len()
    );
    stage.server.shutdown().await;
    match differences.is_empty() {
        true => Ok(()),
        false => Err("AWS's and ours differ".into()),
    }
}
