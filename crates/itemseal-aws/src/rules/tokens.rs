//! Transactions that are sent again.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long DynamoDB compares a request with an earlier one of the same token.
/// Source: [TransactWriteItems](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html).
const REMEMBERED: Duration = Duration::from_secs(600);
/// How many transactions with a token are remembered.
const MOST_REMEMBERED: usize = 1_000;

/// What was sent under which `ClientRequestToken`: the same transaction sent again has to be the same to
/// the byte, and encrypting it again would change it.
pub struct Tokens<G, S>(Mutex<VecDeque<Sent<G, S>>>);

struct Sent<G, S> {
    token: String,
    at: Instant,
    given: G,
    sealed: S,
}

impl<G: PartialEq, S: Clone> Tokens<G, S> {
    /// What was sent for it in the last ten minutes.
    pub fn sealed(&self, token: &str, given: &G) -> Option<S> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|sent| sent.at.elapsed() < REMEMBERED);
        let found = all.iter().find(|sent| sent.token == token && sent.given == *given);
        found.map(|sent| sent.sealed.clone())
    }

    /// Keeps what is sent, unless something is kept for it already: of two that were encrypted at the same
    /// time, the first is the one that counts.
    pub fn remember(&self, token: &str, given: G, sealed: S) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.iter().any(|sent| sent.token == token && sent.given == given) {
            return;
        }
        if all.len() == MOST_REMEMBERED {
            all.pop_front();
        }
        let (token, at) = (token.to_owned(), Instant::now());
        all.push_back(Sent { token, at, given, sealed });
    }
}

impl<G, S> Default for Tokens<G, S> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<G, S> fmt::Debug for Tokens<G, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}
