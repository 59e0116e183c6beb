//! AWS KMS with multi-Region keys, in this process: one account, any Regions.
//!
//! Keys obey the rules of AWS KMS: a multi-Region key is created as one, replicated on request, shares
//! its id, all its materials and its rotation with its replicas, and has a state, a description, a
//! policy, tags, grants, aliases and an ARN of its own in each Region.
//!
//! The methods of [`LabKms`] are typed; [`LabKms::execute`] takes and gives AWS's JSON, for every
//! operation in [`OPERATIONS`]. There is no caller, so nothing asks who may do what, with two
//! exceptions: a key policy that denies an action to everyone is obeyed, and so are the grants whose
//! tokens a call presents. Not modelled: imported key material, custom key stores, post-quantum keys.

mod aliases;
mod asymmetric;
mod blob;
mod counters;
mod cryptography;
mod deletion;
mod errors;
mod grants;
mod json;
mod key;
mod keys;
mod lifecycle;
mod mac;
mod metadata;
mod policy;
mod replication;
mod rotation;
mod secret;
mod snapshot;
mod spec;
mod tags;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use itemseal::kms::{
    Decrypt, Decrypted, GenerateDataKey, GeneratedDataKey, Kms, KmsError, KmsFuture,
};

pub use cryptography::{DataKeyOutput, DecryptOutput, EncryptOutput};
pub use deletion::ScheduledDeletion;
pub use json::OPERATIONS;
pub use key::KeyState;
pub use metadata::{KeyMetadata, MultiRegionConfiguration, MultiRegionKey, MultiRegionKeyType};
pub use spec::{EncryptionAlgorithm, KeySpec, KeyUsage, MacAlgorithm, SigningAlgorithm};

use crate::clock::{Clock, Micros, SystemClock, duration_micros};
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

/// What is told of each change: gets the [snapshot](LabKms::snapshot) after it.
pub type OnChange = Arc<dyn Fn(&[u8]) -> io::Result<()> + Send + Sync>;

struct Inner {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    creating: Duration,
    updating: Duration,
    on_change: Option<OnChange>,
    state: Mutex<State>,
    calls: Counters,
}

struct State {
    keys: Keys,
    /// Before this, time changes nothing.
    due: Micros,
}

/// One call: where, when, and what it may use.
pub(in crate::kms) struct Call<'c> {
    region: &'c str,
    /// The operation's name, which is also the action that policies and grants know it by.
    operation: &'c str,
    now: Micros,
    entropy: &'c dyn Entropy,
    creating: Micros,
    updating: Micros,
    grant_tokens: Vec<String>,
}

impl<'c> Call<'c> {
    /// The same call under another action's name: ReEncrypt is two.
    fn acting(&self, operation: &'c str) -> Self {
        Self { operation, grant_tokens: self.grant_tokens.clone(), ..*self }
    }

    fn random<const N: usize>(&self) -> Result<[u8; N], KmsError> {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes).map_err(|error| errors::internal(&error))?;
        Ok(bytes)
    }
}

/// Builds a [`LabKms`].
pub struct LabKmsBuilder {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    account: String,
    creating: Duration,
    updating: Duration,
    on_change: Option<OnChange>,
    restored: Option<Keys>,
}

impl fmt::Debug for LabKmsBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LabKmsBuilder")
            .field("account", &self.account)
            .field("creating", &self.creating)
            .field("updating", &self.updating)
            .finish_non_exhaustive()
    }
}

impl Default for LabKmsBuilder {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            account: ACCOUNT.to_owned(),
            creating: Duration::ZERO,
            updating: Duration::ZERO,
            on_change: None,
            restored: None,
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

    /// Called with the [snapshot](LabKms::snapshot) after each change, before the call that made it
    /// is answered and while no other call runs: it must not call this KMS. If it fails, the change is
    /// undone, and the call answers `KMSInternalException`.
    #[must_use]
    pub fn on_change(mut self, on_change: OnChange) -> Self {
        self.on_change = Some(on_change);
        self
    }

    /// Begins with the keys of a [snapshot](LabKms::snapshot), and with its account.
    ///
    /// # Errors
    /// [`Malformed`](itemseal::ErrorKind::Malformed) if the bytes are not a snapshot of a version that
    /// this one reads.
    pub fn restore(mut self, snapshot: &[u8]) -> itemseal::Result<Self> {
        self.restored = Some(snapshot::read(snapshot)?);
        Ok(self)
    }

    /// The KMS, without keys unless they were [restored](Self::restore).
    pub fn build(self) -> LabKms {
        let new = || Keys::new("aws".to_owned(), self.account);
        let keys = self.restored.unwrap_or_else(new);
        LabKms {
            inner: Arc::new(Inner {
                clock: self.clock,
                entropy: self.entropy,
                creating: self.creating,
                updating: self.updating,
                on_change: self.on_change,
                state: Mutex::new(State { keys, due: Micros::MIN }),
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

    /// Forgets all keys and aliases at once, which AWS never does: what they encrypted stays closed.
    ///
    /// # Errors
    /// `KMSInternalException` if that could not be saved; then they are all there.
    pub fn delete_all_keys(&self) -> Result<(), KmsError> {
        let mut state = self.inner.state.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = state.keys.emptied();
        self.save(&keys)?;
        *state = State { keys, due: Micros::MIN };
        Ok(())
    }

    /// Counts a call that changes nothing, runs it under the lock, and gives its error a request id.
    fn read<T>(
        &self,
        region: &str,
        operation: &'static str,
        run: impl FnOnce(&Keys, &Call<'_>) -> Result<T, KmsError>,
    ) -> Result<T, KmsError> {
        let call = self.begin(region, operation, Vec::new());
        self.read_as(&call, run)
    }

    /// Counts a call that changes something, runs it under the lock, has the change saved, and gives
    /// its error a request id. A refused call changes nothing.
    fn change<T>(
        &self,
        region: &str,
        operation: &'static str,
        run: impl FnOnce(&mut Keys, &Call<'_>) -> Result<T, KmsError>,
    ) -> Result<T, KmsError> {
        let call = self.begin(region, operation, Vec::new());
        self.change_as(&call, run)
    }

    fn begin<'c>(
        &'c self,
        region: &'c str,
        operation: &'static str,
        grant_tokens: Vec<String>,
    ) -> Call<'c> {
        self.inner.calls.count(region, operation);
        Call {
            region,
            operation,
            now: self.inner.clock.now_micros(),
            entropy: &*self.inner.entropy,
            creating: duration_micros(self.inner.creating),
            updating: duration_micros(self.inner.updating),
            grant_tokens,
        }
    }

    fn read_as<T>(
        &self,
        call: &Call<'_>,
        run: impl FnOnce(&Keys, &Call<'_>) -> Result<T, KmsError>,
    ) -> Result<T, KmsError> {
        let run = || run(&self.settled(call)?.keys, call);
        run().map_err(|error| self.with_request_id(error))
    }

    fn change_as<T>(
        &self,
        call: &Call<'_>,
        run: impl FnOnce(&mut Keys, &Call<'_>) -> Result<T, KmsError>,
    ) -> Result<T, KmsError> {
        let run = || {
            let mut state = self.settled(call)?;
            // The change is made on a copy, which takes the place of the keys when it is saved.
            // Copies share the key material.
            let mut keys = state.keys.clone();
            let answer = run(&mut keys, call)?;
            self.save(&keys)?;
            // What was changed may itself be due by now.
            *state = State { keys, due: Micros::MIN };
            Ok(answer)
        };
        run().map_err(|error| self.with_request_id(error))
    }

    /// The keys as they are at the time of the call.
    fn settled(&self, call: &Call<'_>) -> Result<MutexGuard<'_, State>, KmsError> {
        // What a panic interrupted was not put in place.
        let mut state = self.inner.state.lock().unwrap_or_else(PoisonError::into_inner);
        if call.now >= state.due {
            let mut keys = state.keys.clone();
            let rotated = keys.settle(call.now, call.entropy);
            // States and deletions follow from what is saved and the time; new material does not.
            if rotated.map_err(|error| errors::internal(&error))? {
                self.save(&keys)?;
            }
            let due = keys.due();
            *state = State { keys, due };
        }
        Ok(state)
    }

    fn save(&self, keys: &Keys) -> Result<(), KmsError> {
        let Some(on_change) = &self.inner.on_change else { return Ok(()) };
        let snapshot = snapshot::write(keys).map_err(|error| errors::internal(&error))?;
        on_change(&snapshot).map_err(|error| errors::not_saved(&error))
    }

    fn with_request_id(&self, mut error: KmsError) -> KmsError {
        error.request_id = uuid(&*self.inner.entropy).ok();
        error
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
