//! Keys as text: RFC 7468.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// The DER bytes of a key: as given, or out of the first PEM block with this label.
pub(crate) fn der_of(key: &[u8], label: &str) -> Option<Zeroizing<Vec<u8>>> {
    let Ok(text) = std::str::from_utf8(key) else { return Some(Zeroizing::new(key.to_vec())) };
    if !text.contains("-----BEGIN") {
        return Some(Zeroizing::new(key.to_vec()));
    }
    let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
    let mut base64 = Zeroizing::new(String::with_capacity(body.len()));
    base64.extend(body.chars().filter(|c| !c.is_ascii_whitespace()));
    STANDARD.decode(base64.as_bytes()).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_of_the_label_or_der_as_it_is() {
        let pem = "-----BEGIN A-----\nAQ==\n-----END A-----\n-----BEGIN B-----\r\nAg\r\n==\r\n-----END B-----";
        assert_eq!(*der_of(pem.as_bytes(), "A").unwrap(), [1]);
        assert_eq!(*der_of(pem.as_bytes(), "B").unwrap(), [2]);
        assert_eq!(*der_of(&[0x30, 0xff], "A").unwrap(), [0x30, 0xff]);
        for wrong in ["-----BEGIN A-----\nAQ==", "-----BEGIN A-----\n*\n-----END A-----"] {
            assert!(der_of(wrong.as_bytes(), "A").is_none(), "{wrong}");
        }
        assert!(der_of(pem.as_bytes(), "C").is_none());
    }
}
