//! What happened in which phase.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::load::{Done, End, Read, Write};

/// A phase of a scenario.
#[derive(Clone, Debug)]
pub(crate) struct Phase {
    pub(crate) scenario: String,
    pub(crate) kind: Kind,
    pub(crate) from: Duration,
    pub(crate) to: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// All is well.
    Healthy,
    /// A Region has just been taken away.
    FirstSecond,
    /// That is known.
    Known,
    /// It was given back, and that is not known yet.
    GivenBack,
}

impl Phase {
    /// A read counts where it began, but one that a Region was taken away from counts in the first second.
    fn has_read(&self, read: &Read) -> bool {
        match self.kind {
            Kind::Healthy => self.has_whole(read.begun, read.took),
            Kind::FirstSecond => self.overlaps(read.begun, read.took),
            Kind::Known | Kind::GivenBack => (self.from..self.to).contains(&read.begun),
        }
    }

    /// A write that saw a change counts after it.
    fn has_write(&self, write: &Write) -> bool {
        match self.kind {
            Kind::Healthy | Kind::Known => self.has_whole(write.begun, write.took),
            Kind::FirstSecond | Kind::GivenBack => self.overlaps(write.begun, write.took),
        }
    }

    fn has_whole(&self, begun: Duration, took: Duration) -> bool {
        begun >= self.from && begun + took <= self.to
    }

    fn overlaps(&self, begun: Duration, took: Duration) -> bool {
        begun < self.to && begun + took > self.from
    }
}

/// What was seen in a phase.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) phase: Phase,
    took: Vec<Duration>,
    /// How long the same took meanwhile in another Region alone.
    ruler: Vec<Duration>,
    regions: BTreeMap<String, usize>,
    writes: [usize; 3],
}

const ENDS: [End; 3] = [End::Acknowledged, End::Failed, End::Waited];

impl Told {
    pub(crate) fn new(phase: &Phase, done: &Done) -> Self {
        let mut took = Vec::new();
        let mut regions = BTreeMap::new();
        for read in done.reads.iter().filter(|read| phase.has_read(read)) {
            took.push(read.took);
            *regions.entry(read.region.clone()).or_default() += 1;
        }
        took.sort_unstable();
        let ruler = done.ruler.iter().filter(|read| phase.has_read(read));
        let mut ruler: Vec<_> = ruler.map(|read| read.took).collect();
        ruler.sort_unstable();
        let count = |end| done.writes.iter().filter(|w| phase.has_write(w) && w.end == end).count();
        Self { phase: phase.clone(), took, ruler, regions, writes: ENDS.map(count) }
    }

    pub(crate) fn reads(&self) -> usize {
        self.took.len()
    }

    pub(crate) fn reads_in(&self, region: &str) -> usize {
        self.regions.get(region).copied().unwrap_or_default()
    }

    /// How many writes were acknowledged, failed and waited.
    pub(crate) fn writes(&self) -> [usize; 3] {
        self.writes
    }

    /// What this share of the reads did not take longer than.
    pub(crate) fn within(&self, share: f64) -> Duration {
        at(&self.took, share)
    }

    /// What one in a thousand takes where nothing is wrong.
    pub(crate) fn ruler(&self) -> Duration {
        at(&self.ruler, 0.999)
    }
}

fn at(sorted: &[Duration], share: f64) -> Duration {
    let at = (sorted.len().saturating_sub(1) as f64 * share).ceil() as usize;
    sorted.get(at).copied().unwrap_or_default()
}

pub(crate) fn head() -> String {
    format!(
        "{:<22} {:<12} {:>6} {:>6} {:>7} {:>7} {:>7} {:>7} {:>7}  {:<40} writes: done, failed, waited",
        "", "", "s", "reads", "p50 ms", "p99", "p99.9", "max", "ruler", "by Region"
    )
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Phase { scenario, kind, from, to } = &self.phase;
        let kind = format!("{kind:?}");
        let seconds = to.saturating_sub(*from).as_secs_f64();
        write!(f, "{scenario:<22} {kind:<12} {seconds:>6.1} {:>6}", self.reads())?;
        for share in [0.5, 0.99, 0.999, 1.0] {
            write!(f, " {:>7.1}", self.within(share).as_secs_f64() * 1000.0)?;
        }
        write!(f, " {:>7.1}", self.ruler().as_secs_f64() * 1000.0)?;
        let regions = self.regions.iter().map(|(region, count)| format!("{region} {count}"));
        let regions = regions.collect::<Vec<_>>().join(", ");
        let [done, failed, waited] = self.writes;
        write!(f, "  {regions:<40} {done}, {failed}, {waited}")
    }
}
