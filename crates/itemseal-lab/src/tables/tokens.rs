//! `ClientRequestToken`: a transaction that is sent twice is done once.
//!
//! Source: [TransactWriteItems](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html).
//! The engine has this too, but only behind its own lock.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

use super::error::TableError;
use crate::clock::Micros;

/// A token is good for ten minutes.
const VALID_MICROS: Micros = 10 * 60 * 1_000_000;

/// Answers by token.
pub(super) struct Tokens<T>(HashMap<String, Answered<T>>);

struct Answered<T> {
    at: Micros,
    request: Value,
    answer: T,
}

impl<T> Default for Tokens<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: Clone> Tokens<T> {
    /// What the token's request was answered with, if it was done.
    pub(super) fn answered(
        &mut self,
        token: Option<&str>,
        request: &impl Serialize,
        now: Micros,
    ) -> Result<Option<T>, TableError> {
        self.0.retain(|_, done| done.at.saturating_add(VALID_MICROS) > now);
        let Some(done) = token.and_then(|token| self.0.get(token)) else { return Ok(None) };
        if done.request == material(request)? {
            return Ok(Some(done.answer.clone()));
        }
        Err(TableError::new(
            "IdempotentParameterMismatchException",
            "An error occurred (IdempotentParameterMismatchException)",
        ))
    }

    pub(super) fn remember(
        &mut self,
        token: Option<&str>,
        request: &impl Serialize,
        now: Micros,
        answer: &T,
    ) -> Result<(), TableError> {
        if let Some(token) = token {
            let done = Answered { at: now, request: material(request)?, answer: answer.clone() };
            self.0.insert(token.to_owned(), done);
        }
        Ok(())
    }
}

/// Compared as JSON values, in which the order of a map's entries does not count.
fn material(request: &impl Serialize) -> Result<Value, TableError> {
    serde_json::to_value(request).map_err(|error| TableError::internal(error.to_string()))
}
