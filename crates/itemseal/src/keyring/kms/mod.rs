//! Keyrings over AWS KMS's symmetric keys. All of them write and read the same encrypted data keys.

mod access;
mod answer;
#[cfg(feature = "aws-lc")]
mod asymmetric;
mod discovery;
mod filter;
mod mrk;
mod mrk_discovery;
mod mrk_multi;
mod multi;
mod strict;
mod unique;

pub use access::KmsAccess;
pub use discovery::DiscoveryKeyring;
pub use filter::DiscoveryFilter;
pub use mrk::{MrkKeyring, MrkKeyringBuilder};
pub use mrk_discovery::{MrkDiscoveryKeyring, MrkDiscoveryMultiKeyring};
pub use mrk_multi::MrkMultiKeyring;
pub use multi::KmsMultiKeyring;
pub use strict::KmsKeyring;

use crate::kms::KeyArn;
use crate::materials::EncryptedDataKey;

/// The provider id of every keyring over a symmetric KMS key.
const PROVIDER_ID: &str = "aws-kms";

/// The key that wrapped an encrypted data key, if KMS did.
fn key_of(edk: &EncryptedDataKey) -> Option<KeyArn> {
    if edk.provider_id() != PROVIDER_ID {
        return None;
    }
    std::str::from_utf8(edk.provider_info()).ok()?.parse().ok()
}
