//! How keyrings and key stores use KMS.

use std::time::Duration;

use itemseal::Result;
use itemseal::keyring::KmsAccess;
use pyo3::prelude::*;

use crate::seconds::some_seconds;
use crate::services::Services;

/// How a keyring uses KMS.
pub(crate) struct Access {
    deadline: Option<Duration>,
    /// As good as permissions: never shown.
    grant_tokens: Vec<String>,
}

impl Access {
    pub(crate) fn new(
        deadline: Option<&Bound<'_, PyAny>>,
        grant_tokens: Vec<String>,
    ) -> PyResult<Self> {
        Ok(Self { deadline: some_seconds("deadline", deadline)?, grant_tokens })
    }

    pub(crate) fn over(&self, services: &dyn Services) -> Result<KmsAccess> {
        let access = KmsAccess::new(services.kms()?).grant_tokens(&self.grant_tokens);
        Ok(match self.deadline {
            Some(deadline) => access.deadline(deadline),
            None => access,
        })
    }
}
