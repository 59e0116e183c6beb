//! Versions of branch keys: UUIDs of version 4.
//! Source: [RFC 9562](https://www.rfc-editor.org/rfc/rfc9562#section-5.4).

use crate::crypto;
use crate::error::Result;

/// A new random UUID of version 4.
pub(super) fn random() -> Result<[u8; 16]> {
    let mut uuid = [0; 16];
    crypto::random(&mut uuid)?;
    let [.., version, _, variant, _, _, _, _, _, _, _] = &mut uuid;
    *version = 0x40 | (*version & 0x0f);
    *variant = 0x80 | (*variant & 0x3f);
    Ok(uuid)
}

/// `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.
pub(crate) fn to_text(uuid: &[u8; 16]) -> String {
    let mut text = String::with_capacity(36);
    for (at, byte) in uuid.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

/// The 16 bytes of a UUID's text, whatever its version.
pub(crate) fn of_text(text: &str) -> Option<[u8; 16]> {
    let well_formed = text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    if !well_formed {
        return None;
    }
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b'-').collect();
    let mut uuid = [0; 16];
    for (byte, pair) in uuid.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(uuid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_bytes_are_the_same() {
        let text = "83eec007-5659-4554-bf11-699b90f41ac6";
        let uuid = of_text(text).unwrap();
        assert_eq!((uuid[0], uuid[15]), (0x83, 0xc6));
        assert_eq!(to_text(&uuid), text);
        assert_eq!(of_text(&text.to_uppercase()), Some(uuid));
        for wrong in [
            "",
            "83eec00756594554bf11699b90f41ac6",
            "3eec007-5659-4554-bf11-699b90f41ac6",
            &text.replace('-', "0"),
        ] {
            assert_eq!(of_text(wrong), None, "{wrong}");
        }
        assert_eq!(of_text("83eec007-5659-4554-bf11-699b90f41a+6"), None);
    }

    #[test]
    fn random_ones_say_that_they_are() {
        let (a, b) = (random().unwrap(), random().unwrap());
        assert_ne!(a, b);
        for uuid in [a, b] {
            assert_eq!((uuid[6] >> 4, uuid[8] >> 6), (4, 2));
        }
    }
}
