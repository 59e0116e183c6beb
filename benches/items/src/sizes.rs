//! How many bytes the cryptography of an item has to do with, taken from the item as it is stored.

use std::sync::Mutex;

use itemseal::keyring::KeyringFuture;
use itemseal::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};
use itemseal::{Error, ItemEncryptor, Keyring, Result};

use crate::case::Case;
use crate::items::{self, SIGN_ONLY};
use crate::ours;

/// Lengths in bytes.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Sizes {
    /// The header with its commitment.
    pub header: usize,
    /// The encryption context in its canonical form.
    pub context: usize,
    /// The canonical record, which is hashed.
    pub record: usize,
    /// Each encrypted attribute: its serialized value, and the path that is authenticated with it.
    pub fields: Vec<(usize, usize)>,
    /// Whether there is a signature.
    pub signed: bool,
}

/// Sees how long the context is, and leaves the rest to another.
#[derive(Debug)]
struct Spy<K>(K, std::sync::Arc<Mutex<usize>>);

impl<K: Keyring> Keyring for Spy<K> {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(async move {
            let length = request.context.as_bytes()?.len();
            if let Ok(mut seen) = self.1.lock() {
                *seen = length;
            }
            self.0.wrap(request).await
        })
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        self.0.unwrap(request)
    }
}

impl Sizes {
    /// The sizes of this row's item.
    ///
    /// # Errors
    /// If the item cannot be encrypted.
    pub fn of(case: &Case) -> Result<Self> {
        let table = items::table(case.suite)?;
        let seen = std::sync::Arc::new(Mutex::new(0));
        let keyring = Spy(ours::keyring()?, std::sync::Arc::clone(&seen));
        let encryptor = ItemEncryptor::new(table.clone(), keyring);
        let stored = ours::now(encryptor.encrypt_item(case.item.clone()))?;
        let binary = |name: &str| {
            let bytes = stored.get(name).and_then(|value| value.as_b());
            bytes
                .map(<[u8]>::len)
                .ok_or_else(|| Error::new(itemseal::ErrorKind::Misuse, format!("no {name}")))
        };
        let context = seen.lock().map(|length| *length).unwrap_or_default();
        let header = binary("aws_dbe_head")?;
        let mut sizes = Self { header, context, signed: case.is_signed(), ..Self::default() };
        sizes.record = header + 8 + context;
        for (name, value) in &case.item {
            // logical table name, u64, "$", u64, name
            let path = table.logical_name().len() + 8 + 1 + 8 + name.len();
            let in_clear = SIGN_ONLY.contains(&&**name) || ["pk", "sk"].contains(&&**name);
            let field = match (in_clear, value.as_s().or(value.as_n())) {
                (false, _) => binary(name)?,
                (true, Some(text)) => 2 + text.len(),
                (true, None) => {
                    return Err(Error::new(
                        itemseal::ErrorKind::Misuse,
                        "only texts and numbers are signed here",
                    ));
                }
            };
            // path, u64, "ENCRYPTED" or "PLAINTEXT", type id and value
            sizes.record += path + 8 + 9 + field;
            if !in_clear {
                sizes.fields.push((field - 2 - 16, path));
            }
        }
        Ok(sizes)
    }
}
