//! The keys of an item: what verifies it, what unwraps its content key, and that key.

mod content;
mod pem;
mod rsa;
mod unwrapping;
mod verification;

pub(crate) use content::ContentKey;
pub use unwrapping::UnwrappingKey;
pub use verification::VerificationKey;
pub(crate) use verification::hmac_by_name;
