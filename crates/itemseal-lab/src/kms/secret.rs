//! Key material: boxed, wiped on drop, unprintable.

use std::fmt;

use itemseal::Result;
use zeroize::ZeroizeOnDrop;

use crate::entropy::Entropy;

/// 256 bits of key material. Boxed, so that moving the owner leaves no copy behind.
#[derive(ZeroizeOnDrop)]
pub(super) struct KeyMaterial(Box<[u8]>);

impl KeyMaterial {
    pub(super) fn random(entropy: &dyn Entropy) -> Result<Self> {
        let mut material = Self(Box::new([0; 32]));
        entropy.fill(&mut material.0)?;
        Ok(material)
    }

    pub(super) fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for KeyMaterial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyMaterial(256 bits)")
    }
}
