//! One row of the tables: an item, a suite, a direction.

use itemseal::{AlgorithmSuite, Item};

use crate::items::Sample;

/// Which way the item goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "there are two")]
pub enum Direction {
    /// Plain to stored.
    Encrypt,
    /// Stored to plain.
    Decrypt,
}

/// A row.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Case {
    /// The item's name.
    pub sample: &'static str,
    /// The plain item.
    pub item: Item,
    /// The suite.
    pub suite: AlgorithmSuite,
    /// The direction.
    pub direction: Direction,
}

impl Case {
    /// Every sample in both suites and both directions.
    pub fn all(samples: &[Sample]) -> Vec<Self> {
        let suites = [AlgorithmSuite::HmacOnly, AlgorithmSuite::EcdsaP384];
        let directions = [Direction::Encrypt, Direction::Decrypt];
        let rows =
            suites.into_iter().flat_map(|suite| directions.map(|direction| (suite, direction)));
        let rows: Vec<_> = rows.collect();
        let of = |sample: &Sample| {
            let (sample, item) = (sample.name, sample.item.clone());
            rows.clone().into_iter().map(move |(suite, direction)| Self {
                sample,
                item: item.clone(),
                suite,
                direction,
            })
        };
        samples.iter().flat_map(of).collect()
    }

    /// Whether the items of this row are signed.
    pub fn is_signed(&self) -> bool {
        self.suite == AlgorithmSuite::EcdsaP384
    }

    /// The row's name.
    pub fn name(&self) -> String {
        let suite = if self.is_signed() { "ECDSA" } else { "HMAC" };
        let direction = match self.direction {
            Direction::Encrypt => "encrypt",
            Direction::Decrypt => "decrypt",
        };
        format!("{} {suite} {direction}", self.sample)
    }
}
