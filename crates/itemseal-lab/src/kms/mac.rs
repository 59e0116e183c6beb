//! HMAC keys.

use aws_lc_rs::hmac;

use super::secret::KeyMaterial;
use super::spec::MacAlgorithm;

/// The message authentication code, of the hash's full length.
pub(super) fn generate(algorithm: MacAlgorithm, material: &KeyMaterial, message: &[u8]) -> Vec<u8> {
    hmac::sign(&key(algorithm, material), message).as_ref().to_vec()
}

/// Whether `mac` is the message's; compared in constant time.
pub(super) fn verify(
    algorithm: MacAlgorithm,
    material: &KeyMaterial,
    message: &[u8],
    mac: &[u8],
) -> bool {
    hmac::verify(&key(algorithm, material), message, mac).is_ok()
}

fn key(algorithm: MacAlgorithm, material: &KeyMaterial) -> hmac::Key {
    let algorithm = match algorithm {
        MacAlgorithm::Sha224 => hmac::HMAC_SHA224,
        MacAlgorithm::Sha256 => hmac::HMAC_SHA256,
        MacAlgorithm::Sha384 => hmac::HMAC_SHA384,
        MacAlgorithm::Sha512 => hmac::HMAC_SHA512,
    };
    hmac::Key::new(algorithm, material.expose())
}
