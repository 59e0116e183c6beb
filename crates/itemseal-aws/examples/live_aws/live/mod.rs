//! The same stories against AWS or the lab: made, told, recorded, compared, and torn down.

pub(crate) mod compare;
mod cost;
mod json;
mod options;
mod record;
mod set_up;
mod stories;
mod target;
pub(crate) mod tear_down;
mod wait;

use std::future::Future;

pub(crate) use cost::Estimate;
pub(crate) use options::Options;
pub(crate) use record::Record;
pub(crate) use target::Target;

/// What goes wrong is told and not handled.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// The answers of the lab, which AWS's are compared with.
pub(crate) const LAB: &str = include_str!("../../../tests/live/lab.json");

/// Whether all went well.
pub(crate) async fn main(options: &Options, interrupt: impl Future<Output = ()>) -> Outcome<bool> {
    let target = match options.prefix() {
        Some(_) => Target::aws(options).await?,
        None => Target::lab(options)?,
    };
    let (name, regions) = (target.table(), target.regions().join(", "));
    match target.as_lab() {
        Some(_) => eprintln!("against the lab, in {regions}"),
        None => eprintln!("against AWS, the table {name} in {regions}"),
    }
    if options.tear_down_only {
        return Ok(told(tear_down::all(&target).await));
    }
    let (record, left) = run(&target, options, interrupt).await?;
    let clean = told(left);
    let record = record?;
    if let Some(path) = &options.record {
        std::fs::write(path, record.to_text()?)?;
        eprintln!("recorded in {}", path.display());
    }
    let known = match &options.compare {
        Some(path) => std::fs::read_to_string(path)?,
        None => LAB.to_owned(),
    };
    let differences = compare::differences(&Record::parse(&known)?, &record);
    for difference in &differences {
        println!("{difference}");
    }
    println!(
        "{} stories, {} calls, {} differences",
        record.stories(),
        record.calls(),
        differences.len()
    );
    Ok(clean && differences.is_empty())
}

/// What the stories answered, or why they ended, and what could not be torn down. Nothing is made if the
/// outer result is an error.
pub(crate) async fn run(
    target: &Target,
    options: &Options,
    interrupt: impl Future<Output = ()>,
) -> Outcome<(Outcome<Record>, Vec<String>)> {
    let estimate = Estimate::of(target.regions());
    estimate.check(options.max_usd())?;
    if target.as_lab().is_none() {
        let Estimate { usd, kms_calls } = estimate;
        eprintln!("at most {usd:.3} USD, {kms_calls} calls of KMS among it");
    }
    set_up::refuse_leftovers(target).await?;
    let record = tokio::select! {
        biased;
        () = interrupt => Err("interrupted; what was made is torn down".into()),
        record = whole(target) => record,
    };
    Ok((record, tear_down::all(target).await))
}

async fn whole(target: &Target) -> Outcome<Record> {
    let world = set_up::make(target).await?;
    stories::tell(&world).await
}

/// An error with its causes: the SDK's own says no more than that there is one.
pub(crate) fn explained(error: &(dyn std::error::Error + 'static)) -> String {
    let mut says = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        says = format!("{says}: {error}");
        source = error.source();
    }
    says
}

fn told(left: Vec<String>) -> bool {
    for what in &left {
        eprintln!("LEFT: {what}");
    }
    left.is_empty()
}
