//! All keys as bytes, and back: CBOR, with a version in front.

use std::io;

use itemseal::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::LabKms;
use super::keys::Keys;

const FORMAT: &str = "itemseal-lab kms";
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Written<'k> {
    format: &'static str,
    version: u32,
    keys: &'k Keys,
}

#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

#[derive(Deserialize)]
struct Body {
    keys: Keys,
}

impl LabKms {
    /// Everything that this KMS holds: keys with all their materials, aliases, tags, policies, grants
    /// and rotations, in every Region. **The key material is in it in clear**; the buffer is wiped on
    /// drop.
    ///
    /// [`LabKmsBuilder::restore`](super::LabKmsBuilder::restore) takes it.
    ///
    /// # Errors
    /// [`Internal`](ErrorKind::Internal) if there is no memory for it.
    pub fn snapshot(&self) -> Result<Zeroizing<Vec<u8>>> {
        let state = self.inner.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        write(&state.keys)
    }
}

/// How many bytes are written.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(super) fn write(keys: &Keys) -> Result<Zeroizing<Vec<u8>>> {
    let failed = |error: &dyn std::fmt::Display| {
        Error::new(ErrorKind::Internal, format!("the snapshot cannot be written: {error}"))
    };
    let written = Written { format: FORMAT, version: VERSION, keys };
    // A buffer that grows would leave copies of key material behind.
    let mut length = Length(0);
    ciborium::into_writer(&written, &mut length).map_err(|error| failed(&error))?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(length.0));
    ciborium::into_writer(&written, &mut *bytes).map_err(|error| failed(&error))?;
    Ok(bytes)
}

/// The head is read first: another version's body may have another form.
pub(super) fn read(bytes: &[u8]) -> Result<Keys> {
    let malformed = |what: String| Error::new(ErrorKind::Malformed, what);
    let not_one = |_| malformed("this is not a snapshot of the lab's KMS".to_owned());
    let head: Head = ciborium::from_reader(bytes).map_err(not_one)?;
    if head.format != FORMAT || head.version != VERSION {
        return Err(malformed(format!(
            "the snapshot is of {:?}, version {}; this program reads {FORMAT:?}, version {VERSION}",
            head.format, head.version
        )));
    }
    let body: Body = ciborium::from_reader(bytes)
        .map_err(|_| malformed("the snapshot of the lab's KMS is damaged".to_owned()))?;
    Ok(body.keys)
}
