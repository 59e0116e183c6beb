use itemseal::{EncryptionContext, Result};

use crate::description::Description;
use crate::error::misuse;
use crate::keys::{ContentKey, UnwrappingKey, VerificationKey};
use crate::kms::LegacyKms;
use crate::meta_store::MetaStoreKeys;

/// The keys of a table's items: the legacy client's *cryptographic materials provider*.
///
/// Source: [cryptographic materials providers](https://docs.aws.amazon.com/database-encryption-sdk/latest/devguide/crypto-materials-providers.html).
#[derive(Debug)]
pub struct LegacyMaterials(Kind);

enum Kind {
    Wrapped { unwrapping: UnwrappingKey, verification: VerificationKey },
    Static { content: Option<ContentKey>, verification: VerificationKey },
    Kms(Box<LegacyKms>),
    MetaStore(MetaStoreKeys),
}

impl LegacyMaterials {
    /// Of the Wrapped Materials Provider: each item has a content key of its own, wrapped by one key.
    pub fn wrapped(unwrapping: UnwrappingKey, verification: VerificationKey) -> Self {
        Self(Kind::Wrapped { unwrapping, verification })
    }

    /// Of the Static Materials Provider: all items are under one AES key. Without it (`None`) items
    /// are only verified.
    ///
    /// # Errors
    /// [`Misuse`](itemseal::ErrorKind::Misuse) if the AES key has not 16, 24 or 32 bytes.
    pub fn fixed(content_key: Option<&[u8]>, verification: VerificationKey) -> Result<Self> {
        let wrong = || misuse("an AES content key has 16, 24 or 32 bytes");
        let read = |key| ContentKey::new(key).ok_or_else(wrong);
        Ok(Self(Kind::Static { content: content_key.map(read).transpose()?, verification }))
    }

    /// What `description` tells of the keys. Only KMS is waited for.
    pub(crate) async fn find<'a>(
        &'a self,
        description: &Description,
        kms_context: impl FnOnce() -> Result<EncryptionContext>,
    ) -> Result<Found<'a>> {
        Ok(match &self.0 {
            Kind::Wrapped { unwrapping, verification } => {
                Found::Given(verification, Some(Content::Wrapped(unwrapping)))
            }
            Kind::Static { content, verification } => {
                Found::Given(verification, content.as_ref().map(Content::Key))
            }
            Kind::MetaStore(keys) => {
                let (unwrapping, verification) = keys.named_by(description)?;
                Found::Given(verification, Some(Content::Wrapped(unwrapping)))
            }
            Kind::Kms(kms) => {
                let (content, verification) = kms.derive(description, kms_context()?).await?;
                Found::Derived(verification, content)
            }
        })
    }
}

impl From<LegacyKms> for LegacyMaterials {
    fn from(kms: LegacyKms) -> Self {
        Self(Kind::Kms(Box::new(kms)))
    }
}

impl From<MetaStoreKeys> for LegacyMaterials {
    fn from(keys: MetaStoreKeys) -> Self {
        Self(Kind::MetaStore(keys))
    }
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Wrapped { .. } => f.write_str("Wrapped"),
            Self::Static { .. } => f.write_str("Static"),
            Self::Kms(kms) => kms.fmt(f),
            Self::MetaStore(keys) => keys.fmt(f),
        }
    }
}

/// Where an item's content key comes from.
pub(crate) enum Content<'a> {
    Key(&'a ContentKey),
    Wrapped(&'a UnwrappingKey),
}

/// The keys of one item.
pub(crate) enum Found<'a> {
    Given(&'a VerificationKey, Option<Content<'a>>),
    Derived(VerificationKey, ContentKey),
}

impl Found<'_> {
    pub(crate) fn verification(&self) -> &VerificationKey {
        match self {
            Self::Given(verification, _) => verification,
            Self::Derived(verification, _) => verification,
        }
    }
}
