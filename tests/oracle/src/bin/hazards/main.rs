//! What AWS's encrypting client (its interceptor, unmodified) does to those who do not look out, and what
//! ours does instead, hazard by hazard. Each is provoked against the lab. A hazard of AWS's client that no
//! longer shows fails the program, as one of ours that does.
//!
//! ```text
//! cargo run --features aws --bin hazards
//! ```

mod batches;
mod configs;
mod faults;
mod indexes;
mod plaintext;
mod reads;
mod requests;
mod row;
mod stage;
mod transactions;
mod unknown;
mod updates;
mod writes;

use std::process::ExitCode;

use itemseal_oracle::world::{self, Outcome};

use row::Row;
use stage::Stage;

fn main() -> ExitCode {
    world::run("hazards", story())
}

async fn story() -> Outcome {
    let stage = Stage::new().await?;
    let mut rows: Vec<Row> = Vec::new();
    row::add(&mut rows, "unknown", unknown::rows(&stage).await);
    row::add(&mut rows, "writes", writes::rows(&stage).await);
    row::add(&mut rows, "updates", updates::rows(&stage).await);
    row::add(&mut rows, "reads", reads::rows(&stage).await);
    row::add(&mut rows, "indexes", indexes::rows(&stage).await);
    row::add(&mut rows, "plaintext", plaintext::rows(&stage).await);
    row::add(&mut rows, "batches", batches::rows(&stage).await);
    row::add(&mut rows, "transactions", transactions::rows(&stage).await);
    row::add(&mut rows, "configs", configs::rows(&stage).await);
    row::add(&mut rows, "faults", faults::rows(&stage).await);
    stage.end().await?;
    row::report(&rows)
}
