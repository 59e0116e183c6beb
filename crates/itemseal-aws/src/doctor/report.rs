//! What was found.

use std::fmt;

/// One thing about a table or key in a Region, and what to do if it is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    says: String,
    remedy: Option<String>,
}

impl Finding {
    pub(super) fn well(says: impl Into<String>) -> Self {
        Self { says: says.into(), remedy: None }
    }

    pub(super) fn wrong(says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { says: says.into(), remedy: Some(remedy.into()) }
    }

    /// Such as `table ACTIVE` or `key replica MISSING`.
    pub fn says(&self) -> &str {
        &self.says
    }

    /// What to do. `None` if all is well.
    pub fn remedy(&self) -> Option<&str> {
        self.remedy.as_deref()
    }
}

/// What was found of a table and its keys in one Region.
#[derive(Clone, Debug)]
pub struct RegionReport {
    table: String,
    region: String,
    findings: Vec<Finding>,
}

impl RegionReport {
    /// The table's name in DynamoDB.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The Region.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// What was found, good and bad.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether nothing is wrong here.
    pub fn is_well(&self) -> bool {
        self.findings.iter().all(|finding| finding.remedy.is_none())
    }
}

/// What [`examine`](super::examine) found: for each table its Regions in the order in which they are
/// configured, and then those where something is that should not be. `Display` has a line a Region.
#[derive(Clone, Debug, Default)]
pub struct Report {
    regions: Vec<RegionReport>,
}

impl Report {
    /// Every table in every Region.
    pub fn regions(&self) -> &[RegionReport] {
        &self.regions
    }

    /// Whether nothing is wrong anywhere.
    pub fn is_well(&self) -> bool {
        self.regions.iter().all(RegionReport::is_well)
    }

    pub(super) fn add(&mut self, table: &str, region: &str, findings: Vec<Finding>) {
        let known = self.regions.iter_mut().find(|r| r.table == table && r.region == region);
        match known {
            Some(known) => known.findings.extend(findings),
            None => self.regions.push(RegionReport {
                table: table.to_owned(),
                region: region.to_owned(),
                findings,
            }),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.regions.iter().map(|report| report.region.len()).max().unwrap_or(0);
        let several = self.regions.windows(2).any(|two| match two {
            [one, other] => one.table != other.table,
            _ => false,
        });
        let mut table = None;
        for report in &self.regions {
            if several && table != Some(&report.table) {
                writeln!(f, "table {}", report.table)?;
                table = Some(&report.table);
            }
            let says: Vec<&str> = report.findings.iter().map(Finding::says).collect();
            write!(f, "{:width$}  {}", report.region, says.join("   "))?;
            let remedies: Vec<&str> = report.findings.iter().filter_map(Finding::remedy).collect();
            match remedies[..] {
                [] => {}
                [one] => write!(f, "   {one}")?,
                _ => remedies.iter().try_for_each(|remedy| write!(f, "\n    {remedy}"))?,
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
