//! A hazard, and what was seen of it.

use itemseal_oracle::world::Outcome;

/// What one client does, and whether it was seen to.
struct Seen {
    does: String,
    holds: bool,
}

/// A hazard: what AWS's client was seen to do, and ours.
pub struct Row {
    hazard: &'static str,
    shown: bool,
    aws: Vec<Seen>,
    ours: Vec<Seen>,
}

impl Row {
    /// A hazard that AWS's client has.
    pub fn new(hazard: &'static str) -> Self {
        Self { hazard, shown: true, aws: Vec::new(), ours: Vec::new() }
    }

    /// One that it has not, though it could be thought of it: both do well.
    pub fn not_shown(hazard: &'static str) -> Self {
        Self { shown: false, ..Self::new(hazard) }
    }

    pub fn aws(mut self, holds: bool, does: impl Into<String>) -> Self {
        self.aws.push(Seen { does: does.into(), holds });
        self
    }

    pub fn ours(mut self, holds: bool, does: impl Into<String>) -> Self {
        self.ours.push(Seen { does: does.into(), holds });
        self
    }

    /// What was not seen.
    fn missing(&self) -> impl Iterator<Item = String> {
        let missing = |client: &'static str, seen: &[Seen]| {
            let missing = seen.iter().filter(|seen| !seen.holds);
            let missing =
                missing.map(|seen| format!("{}: {client} does not: {}", self.hazard, seen.does));
            missing.collect::<Vec<_>>()
        };
        let unseen = (self.aws.is_empty() || self.ours.is_empty())
            .then(|| format!("{}: one of the clients was not asked", self.hazard));
        let (aws, ours) = (missing("AWS's client", &self.aws), missing("ours", &self.ours));
        aws.into_iter().chain(ours).chain(unseen)
    }
}

/// Adds a group of hazards. An error where none was expected fails the group, not the program.
pub fn add(rows: &mut Vec<Row>, group: &'static str, shown: Outcome<Vec<Row>>) {
    match shown {
        Ok(shown) => rows.extend(shown),
        Err(error) => {
            let ended = format!("go on: {error:?}");
            rows.push(Row::new(group).aws(false, ended.clone()).ours(false, ended));
        }
    }
}

/// Prints the table.
///
/// # Errors
/// The hazards that did not show as they are listed.
pub fn report(rows: &[Row]) -> Outcome {
    let all =
        |seen: &[Seen]| seen.iter().map(|seen| seen.does.as_str()).collect::<Vec<_>>().join("; ");
    println!("| hazard | AWS's client | ours |\n| --- | --- | --- |");
    for row in rows {
        let not_shown = if row.shown { "" } else { "*not shown:* " };
        println!("| {} | {not_shown}{} | {} |", row.hazard, all(&row.aws), all(&row.ours));
    }
    let missing: Vec<String> = rows.iter().flat_map(Row::missing).collect();
    if !missing.is_empty() {
        let missing = missing.join("\n  ");
        return Err(format!(
            "not as listed; if AWS's client has closed a hazard, say so:\n  {missing}"
        )
        .into());
    }
    let shown = rows.iter().filter(|row| row.shown).count();
    println!(
        "hazards: {shown} of AWS's client shown, none of ours; {} looked for and not shown",
        rows.len() - shown
    );
    Ok(())
}
