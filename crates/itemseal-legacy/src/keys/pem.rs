//! Keys as text: RFC 7468.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// The DER bytes of a key: as given, or out of the first PEM block with this label.
pub(super) fn der_of(key: &[u8], label: &str) -> Option<Zeroizing<Vec<u8>>> {
    let pem = std::str::from_utf8(key).ok().filter(|text| text.contains("-----BEGIN"));
    let Some(text) = pem else { return Some(Zeroizing::new(key.to_vec())) };
    let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
    let mut base64 = Zeroizing::new(String::with_capacity(body.len()));
    base64.extend(body.chars().filter(|c| !c.is_ascii_whitespace()));
    STANDARD.decode(base64.as_bytes()).ok().map(Zeroizing::new)
}
