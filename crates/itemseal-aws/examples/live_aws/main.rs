//! What the tests tell of encrypted global tables, told by AWS itself, or by the lab.
//!
//! `make live-aws`; `cargo run -p itemseal-aws --example live_aws -- --help` has the options.

mod live;

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let options =
        match live::Options::parse(std::env::args().skip(1), |name| std::env::var(name).ok()) {
            Ok(options) => options,
            Err(usage) => {
                eprintln!("{usage}");
                return ExitCode::from(2);
            }
        };
    let interrupt = async { drop(tokio::signal::ctrl_c().await) };
    match live::main(&options, interrupt).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("live-aws: {}", live::explained(&*error));
            ExitCode::FAILURE
        }
    }
}
