//! `itemseal lab up`.

use std::error::Error;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Args;
use itemseal_lab::Lab;
use itemseal_lab::http::LabServer;

use super::client::Client;
use super::ready::ReadyFile;

/// Any will do, unless signatures are checked.
const ACCESS_KEY_ID: &str = "lab";
const SECRET_ACCESS_KEY: &str = "lab";

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The Regions that have DynamoDB, separated by commas; the first is AWS_REGION. KMS is in every
    /// Region.
    #[arg(long, value_name = "REGIONS", value_delimiter = ',',
        default_values_t = ["us-east-1".to_owned(), "eu-west-1".to_owned()])]
    regions: Vec<String>,
    /// The port to listen on; 0 takes any that is free.
    #[arg(long, default_value_t = super::PORT)]
    port: u16,
    /// The address to listen on. The lab asks for no credentials: whoever reaches it can use every
    /// key in it.
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// Keep tables and keys in this directory, and start with those that are there; in memory
    /// otherwise. The keys are in it in the clear: it is for development.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// A file to write the endpoint's URL to, one line, once it answers. It goes when the lab ends.
    #[arg(long, value_name = "PATH")]
    ready_file: Option<PathBuf>,
    /// Refuse requests whose signature is not made with the access key that is printed. (The lab's own
    /// API, which these commands use, stays open.)
    #[arg(long)]
    check_signatures: bool,
    /// Make key material, ids and faults the same in every run with this number: for tests.
    #[arg(long, value_name = "NUMBER", conflicts_with = "dir")]
    seed: Option<u64>,
}

pub(super) fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    // The signals are taken before anything is ready: whoever sees the file may end the lab.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let ended = runtime.block_on(async { Ended::listen() })?;
    let ready = options.ready_file.as_deref().map(ReadyFile::prepare).transpose()?;
    let mut lab = Lab::builder().regions(options.regions.iter().map(|name| name.trim().to_owned()));
    if let Some(dir) = &options.dir {
        eprintln!(
            "itemseal: {} will hold key material in the clear; it is for development only",
            dir.display()
        );
        lab = lab.dir(dir);
    }
    if let Some(seed) = options.seed {
        lab = lab.seed(seed);
    }
    let lab = lab.every_region().build()?;
    let address = SocketAddr::new(options.address, options.port);
    let mut server = LabServer::builder(&lab).address(address);
    if options.check_signatures {
        server = server.credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY);
    }
    let server = server.start()?;
    let endpoint = server.endpoint();
    Client::new(&endpoint)?.call("GET", "/_lab/status", None)?;
    let region = options.regions.first().map_or("us-east-1", |name| name.trim());
    print_exports(&endpoint, region)?;
    if let Some(ready) = &ready {
        ready.write(&endpoint)?;
    }
    eprintln!("itemseal: the lab is up; Ctrl-C ends it");
    runtime.block_on(async {
        ended.wait().await;
        server.shutdown().await;
    });
    Ok(())
}

fn print_exports(endpoint: &str, region: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for (name, value) in [
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID),
        ("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY),
        ("AWS_REGION", region),
        // What boto3 reads.
        ("AWS_DEFAULT_REGION", region),
    ] {
        writeln!(out, "export {name}={value}")?;
    }
    // A pipe gets the lines at once, not when the lab ends.
    out.flush()
}

/// What ends a lab from outside.
#[cfg(unix)]
struct Ended {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Ended {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn wait(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Ended;

#[cfg(not(unix))]
impl Ended {
    fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    async fn wait(self) {
        // If it cannot be listened for, the lab ends with its window.
        let _ = tokio::signal::ctrl_c().await;
    }
}
