use crate::crypto::{SHA384_LEN_BYTES, Sha384};
use crate::error::Result;
use crate::materials::UnwrapRequest;

/// The only policy there is: a data key is committed to when it is written and when it is read. It
/// is in the key all the same, so that a policy that may come cannot find what this one left
/// (CVE-2026-6550 was such a case).
const REQUIRE_ENCRYPT_REQUIRE_DECRYPT: u8 = 2;

/// SHA-384 over all that a keyring is asked, each part with its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct CacheKey([u8; SHA384_LEN_BYTES]);

impl CacheKey {
    pub(super) fn of(request: UnwrapRequest<'_>) -> Result<Self> {
        let mut hash = Sha384::new();
        let mut part = |bytes: &[u8]| {
            hash.update(&(bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        };
        part(b"itemseal decrypt cache");
        part(&[REQUIRE_ENCRYPT_REQUIRE_DECRYPT]);
        part(&request.suite.id().to_be_bytes());
        part(request.context.as_bytes()?);
        for edk in request.edks {
            part(edk.provider_id().as_bytes());
            part(edk.provider_info());
            part(edk.ciphertext());
        }
        Ok(Self(hash.finish()))
    }

    #[cfg(test)]
    pub(super) fn numbered(number: u8) -> Self {
        Self([number; SHA384_LEN_BYTES])
    }
}
