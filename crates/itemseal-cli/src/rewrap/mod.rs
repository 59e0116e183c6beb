//! `itemseal rewrap`: a table's items under other keys, in place.

mod saved;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use itemseal::ItemEncryptor;
use itemseal_aws::{BadItem, ConfigFile, Rewrap, RewrapCounts};

use self::saved::Saved;
use crate::items::bad::printable;
use crate::items::progress::Progress;
use crate::setup::{self, Source};

/// What a shell says of a command that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    source: Source,
    /// The configuration file that items are to be under; --config unless given. That is enough where a branch key
    /// was rotated.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// The table, by its name in the configuration; needless if there is one only.
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
    /// Encrypt everything again in items that are not current, under new data keys.
    #[arg(long)]
    whole: bool,
    /// Encrypt items that have neither header nor footer; without this they are bad items.
    #[arg(long)]
    encrypt_plaintext: bool,
    /// The most items that are written in a second.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,
    /// In how many parts the table is read at a time.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    segments: u32,
    /// How many items are read at a time in each part: how often the checkpoint is written.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    page_items: u32,
    /// Where it is kept how far the work has come, to go on there if it is interrupted. It has key values, and mode
    /// 0600; it is removed when all is done.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Read and count, and write nothing.
    #[arg(long, conflicts_with = "checkpoint")]
    dry_run: bool,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
    let from = options.source.read()?;
    let to = options.to.as_ref().map(ConfigFile::read).transpose()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut rewrap = build(options, &from, to.as_ref().unwrap_or(&from)).await?;
        let saved = options.checkpoint.as_deref().map(Saved::at);
        if let Some(checkpoint) = saved.as_ref().map(Saved::read).transpose()?.flatten() {
            rewrap = rewrap.resume(&checkpoint)?;
            eprintln!("itemseal: going on after {} items", rewrap.counts().read);
        }
        work(rewrap, saved.as_ref(), options.dry_run).await
    })
}

async fn build(
    options: &Options,
    from: &ConfigFile,
    to: &ConfigFile,
) -> Result<Rewrap, Box<dyn Error>> {
    let table = setup::table_name(from, options.table.as_deref())?;
    let aws = setup::aws().await;
    let encryptor = |config: &ConfigFile| -> itemseal::Result<ItemEncryptor> {
        Ok(ItemEncryptor::new(config.table(table)?.clone(), config.keyring(&aws)?))
    };
    let rewrap = Rewrap::builder(table, encryptor(from)?, encryptor(to)?);
    let mut rewrap = rewrap.segments(options.segments).page_items(options.page_items);
    // The home Region, of the file that says more.
    for config in [from, to] {
        if let Some(home) = config.regions(table)?.into_iter().next() {
            rewrap = rewrap.region(home);
        }
    }
    if let Some(rate) = options.rate {
        rewrap = rewrap.rate(rate);
    }
    for (chosen, choose) in [
        (options.whole, itemseal_aws::RewrapBuilder::whole as fn(_) -> _),
        (options.encrypt_plaintext, itemseal_aws::RewrapBuilder::encrypt_plaintext),
        (options.dry_run, itemseal_aws::RewrapBuilder::dry_run),
    ] {
        if chosen {
            rewrap = choose(rewrap);
        }
    }
    Ok(rewrap.build(&aws).await?)
}

async fn work(
    mut rewrap: Rewrap,
    saved: Option<&Saved>,
    dry_run: bool,
) -> Result<ExitCode, Box<dyn Error>> {
    let total = rewrap.approximate_items().await.ok();
    let (mut progress, before) = (Progress::new(), rewrap.counts().read);
    let interrupted = on_interrupt();
    let ended = loop {
        let more = rewrap.next_pages().await;
        for bad in rewrap.take_bad_items() {
            progress.clear();
            eprintln!("itemseal: {}", told(&bad));
        }
        if let Some(saved) = saved {
            saved.write(&rewrap.checkpoint())?;
        }
        let read = rewrap.counts().read;
        progress.show(read - before, (read, total));
        match more {
            Ok(true) if interrupted.load(Ordering::Relaxed) => break Ok(false),
            Ok(true) => {}
            Ok(false) => break Ok(true),
            Err(error) => break Err(error),
        }
    };
    progress.clear();
    let counts = rewrap.counts();
    eprintln!("itemseal: {}", summary(&counts, dry_run));
    let again = match saved {
        Some(_) => "the same command goes on where this one ended",
        None => "what was written stays so; the same command does the rest",
    };
    match ended {
        Ok(true) => {
            saved.map(Saved::remove).transpose()?;
            Ok(if counts.bad > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
        }
        Ok(false) => {
            eprintln!("itemseal: interrupted; {again}");
            Ok(ExitCode::from(INTERRUPTED))
        }
        Err(error) => {
            eprintln!("itemseal: not all is done; {again}");
            Err(error.into())
        }
    }
}

/// What the first Ctrl-C sets; the second ends the command at once, and the last checkpoint stays.
fn on_interrupt() -> Arc<AtomicBool> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&interrupted);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_err() {
            return;
        }
        set.store(true, Ordering::Relaxed);
        eprintln!("itemseal: ending after the items that were read; Ctrl-C again ends at once");
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(i32::from(INTERRUPTED));
        }
    });
    interrupted
}

fn told(bad: &BadItem) -> String {
    format!("key {}: {}", printable(&bad.key_json()), bad.error())
}

fn summary(counts: &RewrapCounts, dry_run: bool) -> String {
    let RewrapCounts { read, current, rewrapped, whole, conflicts, gone, bad, .. } = counts;
    let done = if dry_run { "to re-wrap" } else { "re-wrapped" };
    let mut text =
        format!("{read} items read: {rewrapped} {done} ({whole} of them whole), {current} current");
    for (count, what) in [(gone, "gone"), (bad, "bad")] {
        if *count > 0 {
            text += &format!(", {count} {what}");
        }
    }
    if *conflicts > 0 {
        text += &format!("; {conflicts} times others had written meanwhile");
    }
    text
}
