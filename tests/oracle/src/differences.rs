//! The differences between the two sides that are meant, by name. Any other one is a failure, and
//! so is one of these that no longer shows.

/// In what two sides differ over a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One configuration is taken and the other refused.
    Configuration,
    /// One side writes the item and the other refuses to.
    Writing,
    /// itemseal does not give back what AWS's crate was given.
    AwsToOurs,
    /// AWS's crate does not give back what itemseal was given.
    OursToAws,
}

/// A difference that is meant.
pub struct Intended {
    /// The probe that shows it.
    pub probe: &'static str,
    /// In what the sides differ.
    pub kind: Kind,
    /// Why.
    pub why: &'static str,
}

/// All of them.
pub const INTENDED: &[Intended] = &[
    Intended {
        probe: "reserved attribute name",
        kind: Kind::Writing,
        why: "AWS's writer drops a user's aws_dbe_* attribute silently; itemseal refuses to lose it",
    },
    Intended {
        probe: "reserved attribute name",
        kind: Kind::AwsToOurs,
        why: "and so what AWS's writer was given does not come back",
    },
    Intended {
        probe: "attribute that the configuration does not name",
        kind: Kind::Writing,
        why: "AWS's writer refuses what is not configured; itemseal encrypts it",
    },
    Intended {
        probe: "empty name, signed",
        kind: Kind::Configuration,
        why: "DynamoDB has no attribute without a name; itemseal says so",
    },
    Intended {
        probe: "both keys the same",
        kind: Kind::Configuration,
        why: "DynamoDB has no such table; itemseal says so",
    },
    Intended {
        probe: "logical name empty",
        kind: Kind::Configuration,
        why: "an empty name would bind an item to no table; itemseal refuses it",
    },
];

/// The intended difference of this probe and kind.
pub fn intended(probe: &str, kind: Kind) -> Option<&'static Intended> {
    INTENDED.iter().find(|intended| intended.probe == probe && intended.kind == kind)
}
