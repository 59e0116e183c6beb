use super::Outcome;

/// Upper bounds in US dollars: at least twice what AWS asked in its dearest commercial Regions in 2026.
/// Sources: [DynamoDB](https://aws.amazon.com/dynamodb/pricing/on-demand/),
/// [KMS](https://aws.amazon.com/kms/pricing/).
mod price {
    pub(super) const KEY_MONTH: f64 = 1.0;
    pub(super) const KMS_CALL: f64 = 0.06 / 10_000.0;
    /// A write request unit: 1 KB, in one Region.
    pub(super) const WRITE: f64 = 2.5 / 1_000_000.0;
    pub(super) const REPLICATED_WRITE: f64 = 4.0 / 1_000_000.0;
    pub(super) const READ: f64 = 0.6 / 1_000_000.0;
}

/// What the stories do at most, waiting and repeating included.
const KMS_CALLS: u32 = 3_000;
const WRITE_UNITS: u32 = 3_000;
const READ_UNITS: u32 = 5_000;
/// Keys are charged by the hour until they are scheduled for deletion.
const HOURS: f64 = 2.0;
const HOURS_A_MONTH: f64 = 730.0;

/// What a run costs at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Estimate {
    pub(crate) usd: f64,
    pub(crate) kms_calls: u32,
}

impl Estimate {
    pub(crate) fn of(regions: &[String]) -> Self {
        let regions = regions.len() as f64;
        let usd = regions * price::KEY_MONTH * HOURS / HOURS_A_MONTH
            + f64::from(KMS_CALLS) * price::KMS_CALL
            + f64::from(WRITE_UNITS) * (price::WRITE + (regions - 1.0) * price::REPLICATED_WRITE)
            + f64::from(READ_UNITS) * price::READ;
        Self { usd, kms_calls: KMS_CALLS }
    }

    /// Refuses what could cost more than it may.
    pub(crate) fn check(self, max_usd: f64) -> Outcome<()> {
        let Self { usd, .. } = self;
        if usd > max_usd {
            let says = format!(
                "this could cost {usd:.3} USD, and may cost {max_usd:.3}; nothing was made"
            );
            return Err(says.into());
        }
        Ok(())
    }
}
