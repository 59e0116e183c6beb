//! A wrapping key in a file that nobody else can read.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use itemseal::Result;
use zeroize::Zeroizing;

use super::fields::Place;

const LEN_BYTES: usize = 32;
/// As hexadecimal digits, with a line's end after them.
const LONGEST_BYTES: usize = 2 * LEN_BYTES + 2;

/// Reads 32 bytes, as they are or as 64 hexadecimal digits.
///
/// # Errors
/// [`Misuse`](itemseal::ErrorKind::Misuse) if it cannot be read, others can read it, or it holds
/// something else.
pub(super) fn read(path: &Path, place: &Place) -> Result<Zeroizing<Vec<u8>>> {
    let shown = path.display();
    let unreadable = |error: std::io::Error| {
        place.error(format!("{shown} cannot be read; name a file with the key")).with_source(error)
    };
    let file = File::open(path).map_err(unreadable)?;
    check_mode(&file, path, place)?;
    // All of it at once: a buffer that grew would leave copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST_BYTES + 1));
    let mut file = file.take(LONGEST_BYTES as u64 + 1);
    file.read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() == LEN_BYTES {
        return Ok(bytes);
    }
    from_hex(&bytes).ok_or_else(|| {
        place.error(format!(
            "{shown} does not hold a key: 32 bytes, or 64 hexadecimal digits. To make one: \
             (umask 077; head -c 32 /dev/urandom > {shown})"
        ))
    })
}

fn from_hex(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let text = text.trim_ascii_end();
    if text.len() != 2 * LEN_BYTES {
        return None;
    }
    let mut key = Zeroizing::new(Vec::with_capacity(LEN_BYTES));
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|n| u8::try_from(n).ok());
    for pair in text.chunks_exact(2) {
        let [high, low] = pair else { return None };
        key.push((digit(high)? << 4) | digit(low)?);
    }
    Some(key)
}

#[cfg(unix)]
fn check_mode(file: &File, path: &Path, place: &Place) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let shown = path.display();
    let metadata = file.metadata().map_err(|error| {
        place.error(format!("{shown}: its mode cannot be read")).with_source(error)
    })?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let says = format!("{shown} is open to others (mode {mode:04o}); run: chmod 600 {shown}");
        return Err(place.error(says));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_mode(_: &File, _: &Path, _: &Place) -> Result<()> {
    Ok(())
}
