//! Writes the test vectors that the project ships, `tests/vectors/*.json`, with `aws-db-esdk`.
//!
//! ```text
//! cargo run --bin vectors
//! ```
//! Keys, tables and items are the same in every run; message ids, data keys, nonces and signatures
//! are AWS's own randomness, so the bytes differ. Each case is checked against both
//! implementations before anything is written.

use std::path::Path;
use std::process::ExitCode;

use itemseal_oracle::{aws, cases};
use serde_json::json;

/// What wrote the ciphertexts; the version is pinned in `Cargo.toml`.
const WRITER: &str = "aws-db-esdk 1.3.0";

fn main() -> ExitCode {
    aws::runtime().block_on(write())
}

async fn write() -> ExitCode {
    let files = cases::all().await;
    let mut failures = 0;
    for file in &files {
        for case in &file.cases {
            if let Err(message) = case.check().await {
                failures += 1;
                eprintln!("vectors: {}, case {}: {message}", file.name, case.name);
            }
        }
    }
    if failures > 0 {
        eprintln!("vectors: {failures} cases are not what they say; nothing was written");
        return ExitCode::FAILURE;
    }
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors");
    let mut total = 0;
    for file in &files {
        let lines: Vec<String> = file.cases.iter().map(cases::Case::to_json).collect();
        let text = format!(
            "{{\"about\":{},\n\"writer\":{},\n\"cases\":[\n{}\n]}}\n",
            json!(file.about),
            json!(WRITER),
            lines.join(",\n")
        );
        if let Err(error) = std::fs::write(directory.join(file.name), &text) {
            eprintln!("vectors: {}: {error}", file.name);
            return ExitCode::FAILURE;
        }
        total += lines.len();
        println!("{:>4} cases, {:>7} bytes  {}", lines.len(), text.len(), file.name);
    }
    println!("vectors: {total} cases, each checked with {WRITER} and itemseal");
    ExitCode::SUCCESS
}
