//! Compares itemseal and `aws-db-esdk`, live and both ways.
//!
//! ```text
//! cargo run --bin interop -- [--items N] [--seed S] [--mutations N] [--only I]
//! ```
//! `--only I` replays item (and mutation) number I of the run with that seed.

use std::process::ExitCode;
use std::sync::Arc;

use fastrand::Rng;
use itemseal::Item;

use itemseal_oracle::coverage::Coverage;
use itemseal_oracle::differences::{INTENDED, Kind};
use itemseal_oracle::generate::{self, TABLES, seed_of};
use itemseal_oracle::parties::{Party, Setting, Side};
use itemseal_oracle::{aws, compare, differences, mutate, ours, probes};

struct Options {
    items: usize,
    mutations: usize,
    seed: u64,
    only: Option<usize>,
}

fn options() -> Result<Options, String> {
    let mut options = Options { items: 2_400, mutations: 600, seed: 1, only: None };
    let mut arguments = std::env::args().skip(1);
    while let Some(option) = arguments.next() {
        let value = arguments.next().and_then(|value| value.parse::<u64>().ok());
        let value = value.ok_or_else(|| format!("{option} needs a number"))?;
        let size = usize::try_from(value).map_err(|_| format!("{option}: too large"))?;
        match option.as_str() {
            "--items" => options.items = size,
            "--mutations" => options.mutations = size,
            "--seed" => options.seed = value,
            "--only" => options.only = Some(size),
            other => return Err(format!("{other} is no option")),
        }
    }
    Ok(options)
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(options) => options,
        Err(message) => {
            eprintln!("interop: {message}");
            return ExitCode::from(2);
        }
    };
    itemseal_oracle::aws::runtime().block_on(run(&options))
}

async fn run(options: &Options) -> ExitCode {
    let mut run = Run::new(options).await;
    run.round_trips(options.items, options.only).await;
    run.mutations(options.mutations, options.only).await;
    if options.only.is_none() {
        run.probes().await;
    }
    run.finish(options)
}

/// Everything that a run has seen.
struct Run {
    seed: u64,
    settings: Arc<[Setting]>,
    coverage: Coverage,
    outcomes: Coverage,
    differences: usize,
    intended: usize,
}

/// Who writes and who reads.
const DIRECTIONS: [(Side, Side); 2] = [(Side::Aws, Side::Ours), (Side::Ours, Side::Aws)];

impl Run {
    async fn new(options: &Options) -> Self {
        let mut settings = Vec::with_capacity(TABLES);
        for n in 0..TABLES {
            let (table, keys) = generate::table(options.seed, n);
            settings.push(Setting::new(table, keys).await);
        }
        Self {
            seed: options.seed,
            settings: settings.into(),
            coverage: Coverage::default(),
            outcomes: Coverage::default(),
            differences: 0,
            intended: 0,
        }
    }

    fn differ(&mut self, what: &str, n: usize, message: &str) {
        self.differences += 1;
        eprintln!(
            "DIFFERENCE {what} {n} (table {}; replay: --seed {} --only {n}): {message}",
            n % TABLES,
            self.seed
        );
    }

    async fn round_trips(&mut self, items: usize, only: Option<usize>) {
        let settings = Arc::clone(&self.settings);
        for n in (0..items).filter(|n| only.is_none_or(|only| only == *n)) {
            let mut rng = Rng::with_seed(seed_of(self.seed, "item", n));
            let setting = &settings[n % TABLES];
            let item = generate::item(&mut rng, &setting.table);
            self.coverage.observe(&setting.table, setting.keys.len(), &item);
            // Reader 0, 1, … holds one key; behind the last, the writer itself with all of them.
            let reader = rng.usize(..=setting.keys.len());
            self.coverage.count(match reader {
                reader if reader == setting.keys.len() => "reader: holds all keys".to_owned(),
                reader => {
                    format!("reader: holds only key {} of {}", reader + 1, setting.keys.len())
                }
            });
            let mut stored = Vec::new();
            for (writer, reader_side) in DIRECTIONS {
                match round_trip(setting, writer, reader_side, reader, &item).await {
                    Ok(written) => stored.push(written),
                    Err(message) => {
                        let message =
                            format!("{writer:?} writes, {reader_side:?} reads: {message}");
                        self.differ("item", n, &message);
                    }
                }
            }
            if let [aws, ours] = &stored[..]
                && let Err(message) = compare::same_lengths(aws, ours)
            {
                self.differ("item", n, &message);
            }
        }
    }

    async fn mutations(&mut self, mutations: usize, only: Option<usize>) {
        let settings = Arc::clone(&self.settings);
        for n in (0..mutations).filter(|n| only.is_none_or(|only| only == *n)) {
            let mut rng = Rng::with_seed(seed_of(self.seed, "mutation", n));
            let setting = &settings[n % TABLES];
            let item = generate::item(&mut rng, &setting.table);
            // Each table's items are mutated as either side has written them.
            let (writer, _) = DIRECTIONS[n / TABLES % 2];
            let reader = rng.usize(..setting.keys.len());
            let stored = match setting.writer.encrypt(writer, &item).await {
                Ok(stored) => stored,
                Err(message) => {
                    self.differ("mutation", n, &format!("{writer:?} does not write: {message}"));
                    continue;
                }
            };
            let mutation =
                std::iter::repeat_with(|| mutate::mutate(&mut rng, &setting.table, &stored))
                    .flatten()
                    .next()
                    .expect("a header has bytes to change");
            let verdict = verdict(&setting.readers[reader], &mutation.item).await;
            self.outcomes.count(format!("{}: {}", mutation.place, verdict.word()));
            self.outcomes.count(format!("TOTAL written by {writer:?}: {}", verdict.word()));
            if let Err(message) = verdict.check() {
                let detail = &mutation.detail;
                self.differ("mutation", n, &format!("written by {writer:?}, {detail}: {message}"));
            }
        }
    }

    async fn probes(&mut self) {
        let keys = &generate::table(self.seed, 0).1[..1];
        let mut found = Vec::new();
        for probe in probes::configurations() {
            let aws = aws::Encryptor::try_new(&probe.table, keys).await;
            let ours = ours::config(&probe.table).map_err(|error| error.to_string());
            self.outcomes.count(format!("TOTAL configurations: {}", agreement(&aws, &ours)));
            if aws.is_ok() != ours.is_ok() {
                found.push((probe.name, Kind::Configuration, disagreement(&aws, &ours)));
            }
        }
        for probe in probes::items() {
            let party = Party::new(&probe.table, keys).await;
            let aws = party.encrypt(Side::Aws, &probe.item).await;
            let ours = party.encrypt(Side::Ours, &probe.item).await;
            self.outcomes.count(format!("TOTAL items near a limit: {}", agreement(&aws, &ours)));
            let attributes: Vec<_> = probe.item.iter().map(|(name, _)| name.as_str()).collect();
            if aws.is_ok() != ours.is_ok() {
                let message = format!("{attributes:?}: {}", disagreement(&aws, &ours));
                found.push((probe.name, Kind::Writing, message));
            }
            let ways = [(&aws, Side::Ours, Kind::AwsToOurs), (&ours, Side::Aws, Kind::OursToAws)];
            for (stored, reader, kind) in ways {
                let Ok(stored) = stored else { continue };
                let expected = compare::expected(&probe.table, &probe.item);
                let back = party.decrypt(reader, stored).await;
                if let Err(message) = back.and_then(|back| compare::same_item(&expected, &back)) {
                    found.push((probe.name, kind, format!("{attributes:?}: {message:.600}")));
                }
            }
        }
        self.judge(&found);
    }

    /// Of the differences found with probes, which ones are meant?
    fn judge(&mut self, found: &[(&str, Kind, String)]) {
        for (probe, kind, message) in found {
            match differences::intended(probe, *kind) {
                Some(intended) => {
                    self.intended += 1;
                    println!("intended difference, {probe}: {}", intended.why);
                }
                None => {
                    self.differences += 1;
                    eprintln!("DIFFERENCE probe {probe:?}, {kind:?}: {message}");
                }
            }
        }
        for intended in INTENDED {
            let shown = found.iter().any(|(p, k, _)| (*p, *k) == (intended.probe, intended.kind));
            if !shown {
                self.differences += 1;
                eprintln!("DIFFERENCE that was meant is gone: {:?}", intended.probe);
            }
        }
    }

    fn finish(mut self, options: &Options) -> ExitCode {
        println!("Items with each feature, of {}; each went both ways:", options.items);
        self.coverage.print();
        println!("One byte changed, and items near a limit: verdicts of AWS and itemseal:");
        self.outcomes.print();
        let full = options.only.is_none() && options.items >= 1_000;
        if full && !self.coverage.missing().is_empty() {
            self.differences += 1;
            eprintln!("NOT COVERED: {:?}", self.coverage.missing());
        }
        println!(
            "interop: {} items each way, {} mutations, {} intended differences, {} differences",
            if options.only.is_some() { 1 } else { options.items },
            if options.only.is_some() { 1 } else { options.mutations },
            self.intended,
            self.differences
        );
        if self.differences == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

async fn round_trip(
    setting: &Setting,
    writer: Side,
    reader_side: Side,
    reader: usize,
    item: &Item,
) -> Result<Item, String> {
    let stored = setting.writer.encrypt(writer, item).await.map_err(|e| format!("writing: {e}"))?;
    compare::stored_form(&setting.table, setting.keys.len(), item, &stored)?;
    let reader = setting.readers.get(reader).unwrap_or(&setting.writer);
    let back = reader.decrypt(reader_side, &stored).await.map_err(|e| format!("reading: {e}"))?;
    compare::same_item(&compare::expected(&setting.table, item), &back)?;
    Ok(stored)
}

/// What the two sides make of one stored item.
struct Verdict {
    aws: Result<Item, String>,
    ours: Result<Item, String>,
}

async fn verdict(reader: &Party, stored: &Item) -> Verdict {
    Verdict {
        aws: reader.decrypt(Side::Aws, stored).await,
        ours: reader.decrypt(Side::Ours, stored).await,
    }
}

impl Verdict {
    fn word(&self) -> &'static str {
        agreement(&self.aws, &self.ours)
    }

    fn check(&self) -> Result<(), String> {
        match (&self.aws, &self.ours) {
            (Ok(aws), Ok(ours)) => compare::same_item(aws, ours),
            (Err(aws), Err(_)) if aws.starts_with(aws::PANICKED) => Err(format!("AWS {aws}")),
            (Err(_), Err(_)) => Ok(()),
            (aws, ours) => Err(disagreement(aws, ours)),
        }
    }
}

fn disagreement<A, O>(aws: &Result<A, String>, ours: &Result<O, String>) -> String {
    format!("AWS {}, itemseal {}", short(aws), short(ours))
}

fn agreement<A, O>(aws: &Result<A, String>, ours: &Result<O, String>) -> &'static str {
    match (aws, ours) {
        (Ok(_), Ok(_)) => "both accept",
        (Err(_), Err(_)) => "both refuse",
        (Ok(_), Err(_)) => "only AWS accepts",
        (Err(_), Ok(_)) => "only itemseal accepts",
    }
}

fn short<T>(result: &Result<T, String>) -> String {
    match result {
        Ok(_) => "accepts".to_owned(),
        Err(message) => format!("refuses ({message:.300})"),
    }
}
