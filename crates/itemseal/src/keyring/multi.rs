use super::{Keyring, KeyringFuture};
use crate::error::{Error, ErrorKind, Result};
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

    async fn unwrap_with_first(&self, request: UnwrapRequest<'_>) -> Result<Unwrapped> {
        let mut worst: Option<Error> = None;
        for keyring in &self.keyrings {
            match keyring.unwrap(request).await {
                Ok(unwrapped) => return Ok(unwrapped),
                Err(error) => worst = Some(more_telling(worst, error)),
            }
        }
        Err(worst.unwrap_or_else(Error::authentication))
    }
}

/// Of two keyrings' errors the one that a caller can act on: a key that could not be reached may
/// be reached later, a key that was denied may be granted; that the others did not fit says little.
fn more_telling(earlier: Option<Error>, later: Error) -> Error {
    let weight = |error: &Error| match error.kind() {
        ErrorKind::KeyUnavailable => 3,
        ErrorKind::KeyDenied => 2,
        ErrorKind::Authentication => 0,
        _ => 1,
    };
    match earlier {
        Some(earlier) if weight(&earlier) >= weight(&later) => earlier,
        _ => later,
    }
}

impl Keyring for MultiKeyring {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(self.wrap_for_all(request))
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        Box::pin(self.unwrap_with_first(request))
    }
}
