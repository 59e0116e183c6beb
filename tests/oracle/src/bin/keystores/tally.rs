//! What was compared, and what differed.

use std::fmt::Debug;

#[derive(Default)]
pub struct Tally {
    pub compared: usize,
    pub differences: Vec<String>,
}

impl Tally {
    /// AWS's beside ours, or what came back beside what was written.
    pub fn same<T: PartialEq + Debug>(&mut self, what: &str, theirs: &T, ours: &T) {
        self.compared += 1;
        if theirs != ours {
            self.differences.push(format!("{what}: {theirs:?}, and ours {ours:?}"));
        }
    }

    /// Both say the same, and it is what was expected.
    pub fn verdicts<T, E: Debug, U, F: Debug>(
        &mut self,
        what: &str,
        theirs: &Result<T, E>,
        ours: &Result<U, F>,
        accepted: bool,
    ) {
        self.compared += 1;
        if (theirs.is_ok(), ours.is_ok()) != (accepted, accepted) {
            let (theirs, ours) = (theirs.as_ref().map(|_| ()), ours.as_ref().map(|_| ()));
            self.differences.push(format!("{what}: {theirs:?}, and ours {ours:?}"));
        }
    }
}
