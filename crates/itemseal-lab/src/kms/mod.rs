//! AWS KMS with multi-Region keys, in this process: one account, any Regions.
//!
//! Keys obey the rules of AWS KMS: a multi-Region key is created as one, replicated on request, shares
//! its id and all its materials with its replicas, and has a state, a description and an ARN of its
//! own in each Region. What is not modelled: policies, grants, aliases, imported and asymmetric keys.

mod blob;
mod counters;
mod cryptography;
mod deletion;
mod errors;
mod key;
mod keys;
mod lifecycle;
mod metadata;
mod replication;
mod rotation;
mod secret;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use itemseal::kms::{
    Decrypt, Decrypted, GenerateDataKey, GeneratedDataKey, Kms, KmsError, KmsFuture,
};

pub use cryptography::{DataKeyOutput, DecryptOutput, EncryptOutput};
pub use deletion::ScheduledDeletion;
pub use key::KeyState;
pub use metadata::{KeyMetadata, MultiRegionConfiguration, MultiRegionKey, MultiRegionKeyType};

use crate::clock::{Clock, Micros, SystemClock};
use crate::entropy::{Entropy, SystemEntropy, uuid};
use counters::Counters;
use keys::Keys;

/// The account, unless another is given.
pub(crate) const ACCOUNT: &str = "111122223333";

/// AWS KMS in every Region of one account. Clones are handles on the same keys.
#[derive(Clone)]
pub struct LabKms {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    creating: Duration,
    updating: Duration,
    keys: Mutex<Keys>,
    calls: Counters,
}

/// Builds a [`LabKms`].
#[derive(Debug)]
pub struct LabKmsBuilder {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    account: String,
    creating: Duration,
    updating: Duration,
}

impl Default for LabKmsBuilder {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            account: ACCOUNT.to_owned(),
            creating: Duration::ZERO,
            updating: Duration::ZERO,
        }
    }
}

impl LabKmsBuilder {
    /// The clock that states and deletions follow; the machine's unless given.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Where key material, ids and nonces come from; the machine unless given.
    #[must_use]
    pub fn entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.entropy = entropy;
        self
    }

    /// The account's id, 12 digits; `111122223333` unless given.
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = account.into();
        self
    }

    /// How long a new replica is [`Creating`](KeyState::Creating); no time unless given.
    #[must_use]
    pub fn creating_for(mut self, duration: Duration) -> Self {
        self.creating = duration;
        self
    }

    /// How long a change of the primary has keys [`Updating`](KeyState::Updating); no time unless
    /// given.
    #[must_use]
    pub fn updating_for(mut self, duration: Duration) -> Self {
        self.updating = duration;
        self
    }

    /// The KMS, without keys.
    pub fn build(self) -> LabKms {
        LabKms {
            inner: Arc::new(Inner {
                clock: self.clock,
                entropy: self.entropy,
                creating: self.creating,
                updating: self.updating,
                keys: Mutex::new(Keys::new("aws".to_owned(), self.account)),
                calls: Counters::default(),
            }),
        }
    }
}

impl LabKms {
    /// Builds a KMS.
    pub fn builder() -> LabKmsBuilder {
        LabKmsBuilder::default()
    }

    /// How often `operation`, such as `GenerateDataKey`, was called in `region`, refused calls
    /// included.
    pub fn calls(&self, region: &str, operation: &str) -> u64 {
        self.inner.calls.of(region, operation)
    }

    /// How many calls there were, of every operation in every Region.
    pub fn total_calls(&self) -> u64 {
        self.inner.calls.total()
    }

    /// All counts, by Region and operation.
    pub fn call_counts(&self) -> BTreeMap<(String, String), u64> {
        self.inner.calls.snapshot()
    }

    /// Counts from zero again.
    pub fn reset_calls(&self) {
        self.inner.calls.reset();
    }

    /// Counts the call, runs it under the lock, and gives its error a request id.
    fn call<T>(
        &self,
        region: &str,
        operation: &'static str,
        run: impl FnOnce(&mut Keys, Micros) -> Result<T, KmsError>,
    ) -> Result<T, KmsError> {
        self.inner.calls.count(region, operation);
        let now = self.inner.clock.now_micros();
        // A panic in a call leaves no half-made change that matters to another one.
        let mut keys = self.inner.keys.lock().unwrap_or_else(PoisonError::into_inner);
        run(&mut keys, now).map_err(|mut error| {
            error.request_id = uuid(&*self.inner.entropy).ok();
            error
        })
    }
}

impl Default for LabKms {
    /// On the machine's clock and randomness.
    fn default() -> Self {
        Self::builder().build()
    }
}

impl fmt::Debug for LabKms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LabKms").finish_non_exhaustive()
    }
}

impl Kms for LabKms {
    fn generate_data_key<'a>(
        &'a self,
        region: &'a str,
        request: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, GeneratedDataKey> {
        Box::pin(async move {
            let length = request.number_of_bytes;
            let made =
                Self::generate_data_key(self, region, request.key_id, length, request.context)?;
            Ok(GeneratedDataKey::new(made.key_id, made.plaintext, made.ciphertext))
        })
    }

    fn decrypt<'a>(&'a self, region: &'a str, request: Decrypt<'a>) -> KmsFuture<'a, Decrypted> {
        Box::pin(async move {
            let opened =
                Self::decrypt(self, region, request.key_id, request.ciphertext, request.context)?;
            Ok(Decrypted::new(opened.key_id, opened.plaintext))
        })
    }
}

/// A Region's name is a field of every ARN.
fn check_region(region: &str) -> Result<(), KmsError> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !region.is_empty() && region.len() <= 32 && region.chars().all(allowed) {
        return Ok(());
    }
    Err(errors::validation(format!("{region:?} is not the name of a Region, such as eu-west-1")))
}
