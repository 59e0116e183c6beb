//! How a client is to work: `GlobalTable`'s keyword arguments.

use std::time::Duration;

use itemseal::failover::RegionOrder;
use itemseal_aws::{GlobalTableBuilder, TableShape, Writes};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::given::Given;

/// What of the builder is said anew, in each process.
pub(super) struct Options {
    regions: Vec<String>,
    allowed_regions: Option<Vec<String>>,
    deadline: Option<Duration>,
    most_per_region: Option<Duration>,
    writes: Option<Writes>,
    read_order: RegionOrder,
    hedged_reads: bool,
    consistent_reads_elsewhere: bool,
    complete_index_reads: bool,
    hand_back_unprocessed: bool,
    plaintext_tables: Vec<String>,
    plaintext_reads: Vec<String>,
    version_attributes: Vec<(String, String)>,
    shapes: Vec<(String, TableShape)>,
}

impl Options {
    pub(super) fn read(given: &mut Given<'_>) -> PyResult<Self> {
        let writes = match given.text("writes")?.as_deref() {
            None => None,
            Some("home") => Some(Writes::Home),
            Some("failover") => Some(Writes::Failover),
            Some(_) => return Err(given.misuse("writes: say \"home\" or \"failover\"")),
        };
        let read_order = match given.text("read_order")?.as_deref() {
            None | Some("given") => RegionOrder::AsGiven,
            Some("nearest") => RegionOrder::Nearest,
            Some(_) => return Err(given.misuse("read_order: say \"given\" or \"nearest\"")),
        };
        Ok(Self {
            regions: strings(given, "regions")?.unwrap_or_default(),
            allowed_regions: strings(given, "allowed_regions")?,
            deadline: seconds(given, "deadline")?,
            most_per_region: seconds(given, "most_per_region")?,
            writes,
            read_order,
            hedged_reads: yes(given, "hedged_reads")?,
            consistent_reads_elsewhere: yes(given, "consistent_reads_elsewhere")?,
            complete_index_reads: yes(given, "complete_index_reads")?,
            hand_back_unprocessed: yes(given, "hand_back_unprocessed")?,
            plaintext_tables: strings(given, "plaintext_tables")?.unwrap_or_default(),
            plaintext_reads: strings(given, "plaintext_reads")?.unwrap_or_default(),
            version_attributes: versions(given)?,
            shapes: shapes(given)?,
        })
    }

    pub(super) fn apply(&self, mut builder: GlobalTableBuilder) -> GlobalTableBuilder {
        if !self.regions.is_empty() {
            builder = builder.regions(self.regions.clone());
        }
        if let Some(allowed) = &self.allowed_regions {
            builder = builder.allowed_regions(allowed.clone());
        }
        if let Some(deadline) = self.deadline {
            builder = builder.deadline(deadline);
        }
        if let Some(most) = self.most_per_region {
            builder = builder.most_per_region(most);
        }
        if let Some(writes) = self.writes {
            builder = builder.writes(writes);
        }
        builder = builder.read_order(self.read_order);
        for (given, say) in [
            (self.hedged_reads, GlobalTableBuilder::hedged_reads as fn(_) -> _),
            (self.consistent_reads_elsewhere, GlobalTableBuilder::consistent_reads_elsewhere),
            (self.complete_index_reads, GlobalTableBuilder::complete_index_reads),
            (self.hand_back_unprocessed, GlobalTableBuilder::hand_back_unprocessed),
        ] {
            if given {
                builder = say(builder);
            }
        }
        for table in &self.plaintext_tables {
            builder = builder.plaintext_table(table);
        }
        for table in &self.plaintext_reads {
            builder = builder.plaintext_reads(table);
        }
        for (table, attribute) in &self.version_attributes {
            builder = builder.version_attribute(table, attribute);
        }
        for (table, shape) in &self.shapes {
            builder = builder.shape(table, shape.clone());
        }
        builder
    }
}

fn yes(given: &mut Given<'_>, name: &'static str) -> PyResult<bool> {
    Ok(given.flag(name)?.unwrap_or_default())
}

fn seconds(given: &mut Given<'_>, name: &'static str) -> PyResult<Option<Duration>> {
    let Some(value) = given.value(name)? else { return Ok(None) };
    let seconds = value.extract::<f64>().ok().filter(|seconds| *seconds > 0.0);
    let period = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let wrong = || given.misuse(&format!("{name} is a number of seconds greater than 0"));
    period.ok_or_else(wrong).map(Some)
}

fn strings(given: &mut Given<'_>, name: &'static str) -> PyResult<Option<Vec<String>>> {
    let Some(value) = given.value(name)? else { return Ok(None) };
    let text = |value: &Bound<'_, PyAny>| match value.cast::<PyString>() {
        Ok(text) => Ok(text.to_str()?.to_owned()),
        Err(_) => Err(given.misuse(&format!("{name} is a list of str"))),
    };
    given.elements(name, &value)?.iter().map(text).collect::<PyResult<_>>().map(Some)
}

fn versions(given: &mut Given<'_>) -> PyResult<Vec<(String, String)>> {
    const NAME: &str = "version_attributes";
    if given.value(NAME)?.is_none() {
        return Ok(Vec::new());
    }
    let entries = given.entries(NAME)?;
    let one = |(table, attribute): (String, Bound<'_, PyAny>)| match attribute.extract() {
        Ok(attribute) => Ok((table, attribute)),
        Err(_) => Err(given.misuse("version_attributes is a dict of attributes' names by table")),
    };
    entries.into_iter().map(one).collect()
}

/// `{"Orders": {"keys": ["pk", "sk"], "indexes": {"by-status": {"keys": [...], "whole": True}}}}`.
fn shapes(given: &mut Given<'_>) -> PyResult<Vec<(String, TableShape)>> {
    if given.value("shapes")?.is_none() {
        return Ok(Vec::new());
    }
    let mut shapes = Vec::new();
    for (table, shape) in given.entries("shapes")? {
        let mut within = given.inner(&format!("shapes of {table}"), &shape)?;
        let mut shape = TableShape::new(strings(&mut within, "keys")?.unwrap_or_default());
        if within.value("indexes")?.is_some() {
            for (index, of) in within.entries("indexes")? {
                let mut of = within.inner(&format!("indexes: {index}"), &of)?;
                let keys = strings(&mut of, "keys")?.unwrap_or_default();
                shape = shape.index(index, keys, yes(&mut of, "whole")?);
                of.finish()?;
            }
        }
        if let Some(attribute) = within.text("ttl_attribute")? {
            shape = shape.ttl_attribute(attribute);
        }
        if yes(&mut within, "strongly_consistent")? {
            shape = shape.strongly_consistent();
        }
        within.finish()?;
        shapes.push((table, shape));
    }
    Ok(shapes)
}
