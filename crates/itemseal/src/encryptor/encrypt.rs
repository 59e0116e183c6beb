//! The encryption machine: prepares an item, asks for its data key to be wrapped, writes it.

use crate::config::{CryptographicAction, TableConfig};
use crate::crypto;
use crate::error::{Error, Result};
use crate::format::commitment::ItemKeys;
use crate::format::digest::RecordDigest;
use crate::format::field::{FieldKeys, OVERHEAD_BYTES};
use crate::format::header::{Header, MESSAGE_ID_LEN_BYTES};
use crate::format::legend::Signed;
use crate::format::path::{self, Paths};
use crate::format::value::{self, MAX_NAME_LEN_BYTES};
use crate::format::{FOOTER_ATTRIBUTE, HEADER_ATTRIBUTE, footer, item_context};
use crate::item::{AttributeValue, CONTEXT_PREFIX, Item, RESERVED_PREFIX};
use crate::materials::{EncryptionMaterials, Recipient, WrapRequest};

/// A signed attribute on its way to the stored form.
struct Field {
    name: String,
    signed: Signed,
    /// `type id ‖ serialized value`, encrypted in place later if it is to be.
    bytes: Vec<u8>,
    /// The value as it is stored in clear.
    clear: Option<AttributeValue>,
}

/// An item that waits for its data key to be wrapped.
pub(super) struct Encryption {
    fields: Vec<Field>,
    stored: Item,
    materials: EncryptionMaterials,
}

impl Encryption {
    pub(super) fn begin(table: &TableConfig, item: Item) -> Result<Self> {
        check_present(table, &item)?;
        let mut fields = Vec::with_capacity(item.len());
        let mut stored = Item::new();
        for (name, value) in item {
            check_name(&name)?;
            let signed = match table.action(&name) {
                CryptographicAction::DoNothing => {
                    stored.insert(name, value);
                    continue;
                }
                CryptographicAction::EncryptAndSign => Signed::Encrypted,
                CryptographicAction::SignOnly => Signed::Plain,
                CryptographicAction::SignAndIncludeInEncryptionContext => Signed::Context,
            };
            if name.starts_with(CONTEXT_PREFIX) {
                let error =
                    Error::misuse("names that start with aws-crypto- are reserved; rename it");
                return Err(error.with_attribute(name));
            }
            let bytes =
                value::to_field(&value, OVERHEAD_BYTES).map_err(|e| e.with_attribute(&name))?;
            let clear = (signed != Signed::Encrypted).then_some(value);
            fields.push(Field { name, signed, bytes, clear });
        }
        fields.sort_unstable_by(|a, b| path::compare(&a.name, &b.name));
        let context = item_context::of_item(
            table,
            table.format_version(),
            fields.iter().filter(|field| is_in_context(table, field)).map(Field::as_entry),
        )?;
        // A context that is too long is found here, before the keyring is asked.
        context.to_bytes()?;
        let materials = EncryptionMaterials::generate(table.suite(), context)?;
        Ok(Self { fields, stored, materials })
    }

    pub(super) fn request(&self) -> WrapRequest<'_> {
        self.materials.request()
    }

    pub(super) fn finish(mut self, table: &TableConfig, recipients: &[Recipient]) -> Result<Item> {
        let mut message_id = [0; MESSAGE_ID_LEN_BYTES];
        crypto::random(&mut message_id)?;
        let keys = ItemKeys::derive(&self.materials.data_key, &message_id)?;
        let header = self.header(table, message_id, recipients).to_bytes()?;
        let header = [&header[..], &keys.commitment(&header)?].concat();

        let mut paths = Paths::of_table(table.logical_name());
        self.encrypt_fields(&keys, &mut paths)?;

        let mut digest = RecordDigest::start(&header, &self.materials.context)?;
        for field in &self.fields {
            digest.add(field.signed, &field.name, &mut paths, &field.bytes);
        }
        let mac_keys = recipients.iter().map(|recipient| &recipient.mac_key);
        let signing_key = self.materials.signing_key.as_ref();
        let footer = footer::write(mac_keys, signing_key, &digest.finish())?;

        for field in self.fields {
            self.stored.insert(field.name, field.clear.unwrap_or(AttributeValue::B(field.bytes)));
        }
        self.stored.insert(HEADER_ATTRIBUTE, header);
        self.stored.insert(FOOTER_ATTRIBUTE, footer);
        Ok(self.stored)
    }

    fn header(
        &self,
        table: &TableConfig,
        message_id: [u8; MESSAGE_ID_LEN_BYTES],
        recipients: &[Recipient],
    ) -> Header {
        // Everything else of the context follows from the item and the table, so it is not stored.
        let public_key = self.materials.context.get(crate::context::PUBLIC_KEY);
        Header {
            version: table.format_version(),
            suite: self.materials.suite,
            message_id,
            legend: self.fields.iter().map(|field| field.signed).collect(),
            stored_context: public_key
                .map(|key| (crate::context::PUBLIC_KEY, key))
                .into_iter()
                .collect(),
            edks: recipients.iter().map(|recipient| recipient.edk.clone()).collect(),
        }
    }

    fn encrypt_fields(&mut self, keys: &ItemKeys, paths: &mut Paths) -> Result<()> {
        let encrypted = self.fields.iter_mut().filter(|field| field.signed == Signed::Encrypted);
        let encrypted: Vec<_> = encrypted.collect();
        let field_keys = FieldKeys::derive(&keys.field_root, encrypted.len())?;
        for (n, field) in encrypted.into_iter().enumerate() {
            field_keys.seal(n, &field.name, paths, &mut field.bytes)?;
        }
        Ok(())
    }
}

impl Field {
    fn as_entry(&self) -> (&str, &[u8]) {
        (&self.name, &self.bytes)
    }
}

/// Version 1 binds the key attributes' values, version 2 those of every context attribute.
fn is_in_context(table: &TableConfig, field: &Field) -> bool {
    field.signed == Signed::Context || table.key_attributes().any(|key| key == field.name)
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
