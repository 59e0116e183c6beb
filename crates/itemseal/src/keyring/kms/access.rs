use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::answer::check_key;
use crate::context::EncryptionContext;
use crate::error::Result;
use crate::failover::Budget;
use crate::kms::{Decrypt, Decrypted, Kms, KmsError, KmsFuture};
use crate::timer::{Timer, within};

/// How long a keyring may take over all its Regions, unless it is told otherwise.
const DEADLINE: Duration = Duration::from_secs(5);

/// KMS as a keyring uses it: with grant tokens and a deadline. Any [`Kms`] is one, with a deadline
/// of 5 seconds.
///
/// ```
/// # use std::time::Duration;
/// # use itemseal::keyring::{KmsAccess, KmsKeyring};
/// # fn keyring(kms: impl itemseal::kms::Kms + 'static) -> itemseal::Result<KmsKeyring> {
/// let key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
/// KmsKeyring::new(key, KmsAccess::new(kms).deadline(Duration::from_secs(2)))
/// # }
/// ```
#[derive(Clone)]
pub struct KmsAccess {
    pub(super) kms: Arc<dyn Kms>,
    pub(super) timer: Option<Arc<dyn Timer>>,
    pub(super) grant_tokens: Arc<[String]>,
    pub(super) verify_writes: bool,
    deadline: Duration,
}

impl KmsAccess {
    /// Access through `kms`, with its timer.
    pub fn new(kms: impl Kms + 'static) -> Self {
        let kms: Arc<dyn Kms> = Arc::new(kms);
        let timer = kms.timer();
        Self { kms, timer, grant_tokens: Arc::new([]), verify_writes: false, deadline: DEADLINE }
    }

    /// The most time that wrapping or unwrapping one item's data key may take: all Regions, all
    /// repetitions and all pauses together. A keyring of several keys divides it among them.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// [Grant tokens](https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#grant_token),
    /// sent with each call.
    #[must_use]
    pub fn grant_tokens<T: Into<String>>(mut self, tokens: impl IntoIterator<Item = T>) -> Self {
        self.grant_tokens = tokens.into_iter().map(Into::into).collect();
        self
    }

    /// Has each new data key decrypted by KMS before anything is written under it: one call more an
    /// item. Without this a KMS, or a proxy before it, that answers with a plaintext and a ciphertext
    /// that do not belong together makes an item that nobody can open.
    #[must_use]
    pub fn verify_writes(mut self) -> Self {
        self.verify_writes = true;
        self
    }

    /// Measures deadlines with another timer than the one of the [`Kms`].
    #[must_use]
    pub fn timer(mut self, timer: impl Timer + 'static) -> Self {
        self.timer = Some(Arc::new(timer));
        self
    }

    /// The same, with an equal share of the deadline for each of `parts`.
    pub(super) fn divided(mut self, parts: usize) -> Self {
        self.deadline /= u32::try_from(parts.max(1)).unwrap_or(u32::MAX);
        self
    }

    pub(crate) fn kms(&self) -> &dyn Kms {
        &*self.kms
    }

    pub(crate) fn grant_tokens_given(&self) -> &[String] {
        &self.grant_tokens
    }

    pub(crate) fn clock(&self) -> Option<Arc<dyn Timer>> {
        self.timer.clone()
    }

    /// What one operation may spend from now on: the deadline, and the calls of a
    /// [`Route`](crate::failover::Route).
    pub fn budget(&self) -> Budget {
        Budget::new(self.timer.clone(), self.deadline)
    }

    /// One Decrypt of a symmetric key's ciphertext in `region`, with the grant tokens, dropped when
    /// `limit` has passed: for those who read what no keyring wrote. Without a `key_id` KMS uses the
    /// key that the ciphertext names, so the caller must compare the answer's.
    ///
    /// # Errors
    /// KMS's own; of a changed ciphertext or context [`Authentication`](crate::ErrorKind::Authentication).
    /// [`Service`](crate::ErrorKind::Service) if another key answers than `key_id`.
    pub async fn decrypt(
        &self,
        region: &str,
        key_id: Option<&str>,
        limit: Option<Duration>,
        ciphertext: &[u8],
        context: &EncryptionContext,
    ) -> Result<Decrypted> {
        let call = Decrypt::new(key_id, ciphertext, context).with_grant_tokens(&self.grant_tokens);
        let call = self.kms.decrypt(region, call);
        let answer = self.call(region, "Decrypt", limit, call).await?;
        if let Some(asked) = key_id {
            check_key(region, asked, &answer.key_id)?;
        }
        Ok(answer)
    }

    /// One call, which is dropped when `limit` has passed.
    pub(crate) async fn call<T>(
        &self,
        region: &str,
        operation: &'static str,
        limit: Option<Duration>,
        call: KmsFuture<'_, T>,
    ) -> Result<T> {
        let answer = match (&self.timer, limit) {
            (Some(timer), Some(limit)) => {
                within(timer, limit, call).await.unwrap_or_else(|| Err(late(limit)))
            }
            _ => call.await,
        };
        answer.map_err(|error| error.into_error(region, operation))
    }
}

fn late(limit: Duration) -> KmsError {
    KmsError::unreachable(format!("no answer within {} ms", limit.as_millis()))
}

impl fmt::Debug for KmsAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A grant token is as good as a permission.
        f.debug_struct("KmsAccess")
            .field("kms", &self.kms)
            .field("deadline", &self.deadline)
            .field("grant_tokens", &self.grant_tokens.len())
            .finish_non_exhaustive()
    }
}

impl<K: Kms + 'static> From<K> for KmsAccess {
    fn from(kms: K) -> Self {
        Self::new(kms)
    }
}
