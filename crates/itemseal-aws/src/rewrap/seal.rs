//! What is to be written in an item's place.

use itemseal::{Error, ErrorKind, Item, Result, Rewrapped};

use super::Rewrap;
use crate::table::{FOOTER, HEADER};

/// What becomes of an item as it was read.
pub(super) enum Sealed {
    Current,
    Anew { item: Item, whole: bool },
}

impl From<Rewrapped> for Sealed {
    fn from(of: Rewrapped) -> Self {
        Self::Anew { item: of.item, whole: of.whole }
    }
}

pub(super) fn is_bare(item: &Item) -> bool {
    !item.contains(HEADER) && !item.contains(FOOTER)
}

impl Rewrap {
    pub(super) async fn seal(&self, item: &Item) -> Result<Sealed> {
        let Self { from, to, options, .. } = self;
        if options.encrypt_plaintext && is_bare(item) {
            let plaintext = from.decrypt_item_or_plaintext(item.clone()).await?;
            let item = to.encrypt_item(plaintext).await?;
            return Ok(Sealed::Anew { item, whole: true });
        }
        match from.is_current(item, to).await {
            Ok(true) => return Ok(Sealed::Current),
            Err(error) if ends(&error) => return Err(error),
            // What the one configuration cannot parse may have the other's form.
            Ok(false) | Err(_) => {}
        }
        let error = match from.rewrap_item(item.clone(), to, options.whole).await {
            Ok(rewrapped) => return Ok(rewrapped.into()),
            Err(error) if ends(&error) => return Err(error),
            Err(error) => error,
        };
        // A run that was interrupted, or a writer, has it there already; if not, the first error says more.
        match self.seal_of_to(item).await {
            Err(other) if !ends(&other) => Err(error),
            sealed => sealed,
        }
    }

    /// Of an item that is not from `from`. Another configuration can take an item of the first for its own, so it
    /// has to open before it is passed by.
    async fn seal_of_to(&self, item: &Item) -> Result<Sealed> {
        let Self { to, options, .. } = self;
        if to.is_current(item, to).await? {
            to.decrypt_item(item.clone()).await?;
            return Ok(Sealed::Current);
        }
        Ok(to.rewrap_item(item.clone(), to, options.whole).await?.into())
    }
}

/// Whether it is not about the item: the next one would fare no better.
pub(super) fn ends(error: &Error) -> bool {
    error.is_retryable() || error.kind() == ErrorKind::Internal
}
