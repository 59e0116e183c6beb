use super::{Keyring, KeyringFuture};
use crate::error::{Error, Result};
use crate::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};

/// Several keyrings as one: writes for all of them, reads with the first that can.
///
/// Source: [multi-keyring](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/multi-keyring.md).
#[derive(Debug)]
pub struct MultiKeyring {
    keyrings: Vec<Box<dyn Keyring>>,
}

impl MultiKeyring {
    /// A keyring that writes for `generator` and for every child added with [`and`](Self::and).
    pub fn new(generator: impl Keyring + 'static) -> Self {
        Self { keyrings: vec![Box::new(generator)] }
    }

    /// One keyring over these; there is at least one.
    pub(super) fn of<K: Keyring + 'static>(keyrings: impl Iterator<Item = K>) -> Self {
        Self { keyrings: keyrings.map(|keyring| Box::new(keyring) as Box<dyn Keyring>).collect() }
    }

    /// Adds a child: another recipient of every item from now on.
    #[must_use]
    pub fn and(mut self, child: impl Keyring + 'static) -> Self {
        self.keyrings.push(Box::new(child));
        self
    }

    async fn wrap_for_all(&self, request: WrapRequest<'_>) -> Result<Vec<Recipient>> {
        let mut recipients = Vec::with_capacity(self.keyrings.len());
        for keyring in &self.keyrings {
            recipients.append(&mut keyring.wrap(request).await?);
        }
        Ok(recipients)
    }
}

/// Asks the keyrings in turn. If none can, the error that a caller can act on is told.
pub(super) async fn unwrap_with_first<'a>(
    keyrings: impl Iterator<Item = &'a dyn Keyring> + Send,
    request: UnwrapRequest<'_>,
) -> Result<Unwrapped> {
    let mut failures = Vec::new();
    for keyring in keyrings {
        match keyring.unwrap(request).await {
            Ok(unwrapped) => return Ok(unwrapped),
            Err(error) => failures.push(error),
        }
    }
    Err(Error::most_telling_of(failures).unwrap_or_else(Error::authentication))
}

/// Every Region that one of them asks, once, in the order of the keyrings.
pub(super) fn regions_of<'a>(keyrings: impl Iterator<Item = &'a dyn Keyring>) -> Vec<String> {
    let mut regions = Vec::new();
    for region in keyrings.flat_map(Keyring::regions) {
        if !regions.contains(&region) {
            regions.push(region);
        }
    }
    regions
}

impl Keyring for MultiKeyring {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(self.wrap_for_all(request))
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        let keyrings = self.keyrings.iter().map(|keyring| &**keyring);
        Box::pin(unwrap_with_first(keyrings, request))
    }

    fn regions(&self) -> Vec<String> {
        regions_of(self.keyrings.iter().map(|keyring| &**keyring))
    }
}
