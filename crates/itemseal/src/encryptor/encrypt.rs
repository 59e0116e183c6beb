//! The encryption machine: prepares an item, asks for its data key to be wrapped, writes it.

use super::field::Fields;
use crate::config::{CryptographicAction, TableConfig};
use crate::context::{EncryptionContext, PUBLIC_KEY};
use crate::crypto;
use crate::error::{Error, Result};
use crate::format::commitment::ItemKeys;
use crate::format::digest::RecordDigest;
use crate::format::field::{FieldKeys, OVERHEAD_BYTES};
use crate::format::header::{self, MESSAGE_ID_LEN_BYTES};
use crate::format::legend::Signed;
use crate::format::path::Paths;
use crate::format::value::{self, MAX_NAME_LEN_BYTES};
use crate::format::{FOOTER_ATTRIBUTE, HEADER_ATTRIBUTE, footer, item_context};
use crate::item::{AttributeValue, CONTEXT_PREFIX, Item, RESERVED_PREFIX};
use crate::materials::{EncryptionMaterials, Recipient, WrapRequest};

/// An item that waits for its data key to be wrapped.
pub(super) struct Encryption {
    item: Item,
    fields: Fields,
    materials: EncryptionMaterials,
}

impl Encryption {
    pub(super) fn begin(table: &TableConfig, item: Item) -> Result<Self> {
        check_present(table, &item)?;
        let mut fields = Fields::with_capacity(item.len());
        for (at, (name, value)) in item.iter().enumerate() {
            check_name(name)?;
            let signed = match table.action(name) {
                CryptographicAction::DoNothing => continue,
                CryptographicAction::EncryptAndSign => Signed::Encrypted,
                CryptographicAction::SignOnly => Signed::Plain,
                CryptographicAction::SignAndIncludeInEncryptionContext => Signed::Context,
            };
            if name.starts_with(CONTEXT_PREFIX) {
                let error =
                    Error::misuse("names that start with aws-crypto- are reserved; rename it");
                return Err(error.with_attribute(name));
            }
            let pushed = if signed == Signed::Encrypted {
                let bytes = value::to_field(value, OVERHEAD_BYTES);
                bytes.map(|bytes| fields.push_encrypted(at, name, bytes))
            } else {
                fields.push_clear(at, name, signed, value)
            };
            pushed.map_err(|error| error.with_attribute(name))?;
        }
        let context = context(table, &item, &fields)?;
        fields.order();
        // A context that is too long is found here, before the keyring is asked.
        context.as_bytes()?;
        let materials = EncryptionMaterials::generate(table.suite(), context)?;
        Ok(Self { item, fields, materials })
    }

    pub(super) fn request(&self) -> WrapRequest<'_> {
        self.materials.request()
    }

    pub(super) fn finish(mut self, table: &TableConfig, recipients: &[Recipient]) -> Result<Item> {
        let mut message_id = [0; MESSAGE_ID_LEN_BYTES];
        crypto::random(&mut message_id)?;
        let keys = ItemKeys::derive(&self.materials.data_key, &message_id)?;
        let header = self.header(table, &message_id, recipients, &keys)?;

        let mut paths = Paths::of_table(table.logical_name());
        let mut digest = RecordDigest::start(&header, &self.materials.context)?;
        let mut field_keys = FieldKeys::derive(keys.field_root(), self.fields.encrypted())?;
        let mut attributes: Vec<_> = self.item.iter_mut().collect();
        let (fields, clear) = self.fields.iter_mut();
        for field in fields {
            let attribute = attributes.get_mut(field.at);
            let (name, value) = attribute.ok_or_else(|| Error::internal("no attribute there"))?;
            let path = paths.path(name);
            if field.signed == Signed::Encrypted {
                field_keys.seal_next(path, &mut field.own)?;
                digest.add(field.signed, path, &field.own);
                **value = AttributeValue::B(std::mem::take(&mut field.own));
            } else {
                digest.add(field.signed, path, field.bytes(clear));
            }
        }
        let mac_keys = recipients.iter().map(|recipient| &recipient.mac_key);
        let signing_key = self.materials.signing_key.as_ref();
        let footer = footer::write(mac_keys, signing_key, &digest.finish())?;
        self.item.insert(HEADER_ATTRIBUTE, header);
        self.item.insert(FOOTER_ATTRIBUTE, footer);
        Ok(self.item)
    }

    /// The header, with its commitment.
    fn header(
        &self,
        table: &TableConfig,
        message_id: &[u8; MESSAGE_ID_LEN_BYTES],
        recipients: &[Recipient],
        keys: &ItemKeys,
    ) -> Result<Vec<u8>> {
        // Everything else of the context follows from the item and the table, so it is not stored.
        let mut header = header::write(
            (table.format_version(), self.materials.suite),
            message_id,
            self.fields.legend(),
            &self.materials.context.only(PUBLIC_KEY),
            recipients.iter().map(|recipient| &recipient.edk),
        )?;
        let commitment = keys.commitment(&header)?;
        header.extend(commitment);
        Ok(header)
    }
}

/// Version 1 binds the key attributes' values, version 2 those of every context attribute.
fn context(table: &TableConfig, item: &Item, fields: &Fields) -> Result<EncryptionContext> {
    let mut entries = Vec::with_capacity(2);
    let mut signed = fields.iter().peekable();
    for (at, (name, _)) in item.iter().enumerate() {
        let Some((field, bytes)) = signed.next_if(|(field, _)| field.at == at) else { continue };
        if field.signed == Signed::Context || table.key_attributes().any(|key| key == name) {
            entries.push((name.as_str(), bytes));
        }
    }
    item_context::of_item(table, table.format_version(), entries)
}

fn check_present(table: &TableConfig, item: &Item) -> Result<()> {
    if let Some(key) = table.key_attributes().find(|key| !item.contains(key)) {
        return Err(Error::misuse("the item does not have this key attribute").with_attribute(key));
    }
    if let Some(name) = table.context_attributes().find(|name| !item.contains(name)) {
        let error =
            Error::misuse("every item must have this attribute: it is in the encryption context");
        return Err(error.with_attribute(name));
    }
    Ok(())
}

fn check_name(name: &str) -> Result<()> {
    if name.starts_with(RESERVED_PREFIX) {
        let error = Error::misuse(
            "names that start with aws_dbe_ belong to the format; rename it, or decrypt the item first \
             if it is an encrypted one",
        );
        return Err(error.with_attribute(name));
    }
    if name.is_empty() || name.len() > MAX_NAME_LEN_BYTES {
        return Err(Error::misuse(format!(
            "an attribute's name has 1 to 65,535 bytes of UTF-8, not {}",
            name.len()
        )));
    }
    Ok(())
}
