//! An item from one keyring to another, without touching what is encrypted.

use super::decrypt::Decryption;
use crate::config::{CryptographicAction, TableConfig};
use crate::context::PUBLIC_KEY;
use crate::error::Result;
use crate::format::commitment::ItemKeys;
use crate::format::digest::RecordDigest;
use crate::format::footer;
use crate::format::header;
use crate::format::legend::Signed;
use crate::format::path::Paths;
use crate::item::RESERVED_PREFIX;
use crate::materials::{EncryptionMaterials, Recipient, Unwrapped, WrapRequest};

/// A verified item that waits for its data key to be wrapped again.
pub(super) struct Rewrapping {
    read: Decryption,
    materials: EncryptionMaterials,
}

impl Decryption {
    /// Whether an item that is written with `table` now would have the same form: then a new header and
    /// footer make it one.
    pub(super) fn has_form_of(&self, table: &TableConfig) -> bool {
        let signed = |name: &str| match table.action(name) {
            CryptographicAction::EncryptAndSign => Some(Signed::Encrypted),
            CryptographicAction::SignOnly => Some(Signed::Plain),
            CryptographicAction::SignAndIncludeInEncryptionContext => Some(Signed::Context),
            CryptographicAction::DoNothing => None,
        };
        self.header.version == table.format_version()
            && self.header.suite == table.suite()
            && self.written_as().all(|(name, written)| signed(name) == written)
    }

    /// What was done with each attribute but the format's own.
    fn written_as(&self) -> impl Iterator<Item = (&str, Option<Signed>)> {
        let mut written = vec![None; self.item.len()];
        for (field, _) in self.fields.iter() {
            if let Some(place) = written.get_mut(field.at) {
                *place = Some(field.signed);
            }
        }
        let names = self.item.iter().map(|(name, _)| name.as_str());
        names.zip(written).filter(|(name, _)| !name.starts_with(RESERVED_PREFIX))
    }

    /// Verifies the item.
    pub(super) fn begin_rewrap(
        self,
        table: &TableConfig,
        unwrapped: Unwrapped,
    ) -> Result<Rewrapping> {
        let keys = ItemKeys::derive(&unwrapped.data_key, &self.header.message_id)?;
        self.verify_commitment(&keys)?;
        self.verify_footer(&unwrapped, &mut Paths::of_table(table.logical_name()))?;
        // Nobody has the old private key any more: a new pair signs.
        let mut context = self.context.clone();
        context.remove(PUBLIC_KEY);
        let materials =
            EncryptionMaterials::with_data_key(self.header.suite, context, unwrapped.data_key)?;
        Ok(Rewrapping { read: self, materials })
    }
}

impl Rewrapping {
    pub(super) fn request(&self) -> WrapRequest<'_> {
        self.materials.request()
    }

    /// The new header and footer.
    pub(super) fn finish(
        self,
        table: &TableConfig,
        recipients: &[Recipient],
    ) -> Result<(Vec<u8>, Vec<u8>)> {
        let Self { read, materials } = self;
        let keys = ItemKeys::derive(&materials.data_key, &read.header.message_id)?;
        let mut stored_context = read.header.stored_context.clone();
        if let Some(public_key) = materials.context.get(PUBLIC_KEY) {
            stored_context.insert(PUBLIC_KEY, public_key);
        }
        let mut header = header::write(
            (read.header.version, read.header.suite),
            &read.header.message_id,
            read.header.legend.iter().copied(),
            &stored_context,
            recipients.iter().map(|recipient| &recipient.edk),
        )?;
        let commitment = keys.commitment(&header)?;
        header.extend(commitment);
        let mut paths = Paths::of_table(table.logical_name());
        let mut digest = RecordDigest::start(&header, &materials.context)?;
        read.hash_fields(&mut digest, &mut paths)?;
        let mac_keys = recipients.iter().map(|recipient| &recipient.mac_key);
        let footer = footer::write(mac_keys, materials.signing_key.as_ref(), &digest.finish())?;
        Ok((header, footer))
    }
}
