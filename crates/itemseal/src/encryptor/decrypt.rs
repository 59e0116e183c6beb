//! The decryption machine: parses an item, asks for its data key, verifies it, opens it.

use super::field::Fields;
use crate::config::TableConfig;
use crate::context::{EncryptionContext, PUBLIC_KEY};
use crate::crypto;
use crate::error::{Error, Result};
use crate::format::commitment::ItemKeys;
use crate::format::describe::not_encrypted;
use crate::format::digest::RecordDigest;
use crate::format::field::FieldKeys;
use crate::format::footer::Footer;
use crate::format::header::{COMMITMENT_LEN_BYTES, Header};
use crate::format::legend::Signed;
use crate::format::path::Paths;
use crate::format::{FOOTER_ATTRIBUTE, HEADER_ATTRIBUTE, item_context, value};
use crate::item::{AttributeValue, Item, RESERVED_PREFIX};
use crate::materials::{UnwrapRequest, Unwrapped};

/// An item's attributes, by their places.
type Attributes<'a> = Vec<(&'a String, &'a mut AttributeValue)>;

/// A parsed item that waits for its data key.
pub(super) struct Decryption {
    pub(super) header: Header,
    header_bytes: Vec<u8>,
    footer_bytes: Vec<u8>,
    /// The full context: what follows from the item and what the header adds.
    pub(super) context: EncryptionContext,
    pub(super) fields: Fields,
    /// The item without header and footer; its encrypted values are in the fields.
    pub(super) item: Item,
}

impl Decryption {
    pub(super) fn begin(table: &TableConfig, mut item: Item) -> Result<Self> {
        if !item.contains(HEADER_ATTRIBUTE) && !item.contains(FOOTER_ATTRIBUTE) {
            return Err(not_encrypted());
        }
        let header_bytes = take_binary(&mut item, HEADER_ATTRIBUTE)?;
        let footer_bytes = take_binary(&mut item, FOOTER_ATTRIBUTE)?;
        let (header, _) =
            Header::parse(&header_bytes).map_err(|e| e.with_attribute(HEADER_ATTRIBUTE))?;
        // Nothing of an item whose footer cannot be right is worth a call to the keyring.
        Footer::parse(&footer_bytes, header.suite, header.edks.len())
            .map_err(|e| e.with_attribute(FOOTER_ATTRIBUTE))?;
        check_keys(table, &item)?;

        let mut attributes: Vec<_> = item.iter_mut().collect();
        let fields = signed_fields(table, &mut attributes, &header.legend)?;
        let mut context = context(table, &attributes, &fields, header.version)?;
        context.merge(&header.stored_context)?;
        // A verification key belongs to the signed suite, and only to it.
        if context.get(PUBLIC_KEY).is_some() != header.suite.is_signed() {
            return Err(Error::authentication());
        }
        Ok(Self { header, header_bytes, footer_bytes, context, fields, item })
    }

    pub(super) fn request(&self) -> UnwrapRequest<'_> {
        UnwrapRequest { suite: self.header.suite, context: &self.context, edks: &self.header.edks }
    }

    pub(super) fn finish(mut self, table: &TableConfig, unwrapped: &Unwrapped) -> Result<Item> {
        let keys = ItemKeys::derive(&unwrapped.data_key, &self.header.message_id)?;
        self.verify_commitment(&keys)?;
        let mut paths = Paths::of_table(table.logical_name());
        self.verify_footer(unwrapped, &mut paths)?;
        self.decrypt_fields(&keys, &mut paths)?;
        self.item.retain(|name| !name.starts_with(RESERVED_PREFIX));
        Ok(self.item)
    }

    pub(super) fn verify_commitment(&self, keys: &ItemKeys) -> Result<()> {
        let split = self.header_bytes.split_last_chunk::<COMMITMENT_LEN_BYTES>();
        let (header, stored) = split.ok_or_else(Error::authentication)?;
        if crypto::equal(&keys.commitment(header)?, stored) {
            Ok(())
        } else {
            Err(Error::authentication())
        }
    }

    pub(super) fn verify_footer(&self, unwrapped: &Unwrapped, paths: &mut Paths) -> Result<()> {
        let mut digest = RecordDigest::start(&self.header_bytes, &self.context)?;
        self.hash_fields(&mut digest, paths)?;
        let footer = Footer::parse(&self.footer_bytes, self.header.suite, self.header.edks.len())?;
        footer.verify(&unwrapped.mac_key, &self.context, &digest.finish())
    }

    pub(super) fn hash_fields(&self, digest: &mut RecordDigest, paths: &mut Paths) -> Result<()> {
        let names: Vec<_> = self.item.iter().map(|(name, _)| name).collect();
        for (field, bytes) in self.fields.iter() {
            digest.add(field.signed, paths.path(names.get(field.at).ok_or_else(lost)?), bytes);
        }
        Ok(())
    }

    fn decrypt_fields(&mut self, keys: &ItemKeys, paths: &mut Paths) -> Result<()> {
        let mut field_keys = FieldKeys::derive(keys.field_root(), self.fields.encrypted())?;
        let mut attributes: Vec<_> = self.item.iter_mut().collect();
        let (fields, _) = self.fields.iter_mut();
        for field in fields.filter(|field| field.signed == Signed::Encrypted) {
            let (name, value) = attributes.get_mut(field.at).ok_or_else(lost)?;
            field_keys.open_next(paths.path(name), &mut field.own)?;
            let opened = value::from_field(std::mem::take(&mut field.own));
            **value = opened.map_err(|error| error.with_attribute(*name))?;
        }
        Ok(())
    }
}

/// A field's place is none of the item's.
fn lost() -> Error {
    Error::internal("no attribute there")
}

fn take_binary(stored: &mut Item, name: &str) -> Result<Vec<u8>> {
    match stored.remove(name) {
        Some(AttributeValue::B(bytes)) => Ok(bytes),
        Some(_) => Err(Error::malformed("it is not of type B").with_attribute(name)),
        None => Err(Error::malformed(
            "it is missing; a projection of an encrypted item must keep aws_dbe_head and aws_dbe_foot",
        )
        .with_attribute(name)),
    }
}

fn check_keys(table: &TableConfig, stored: &Item) -> Result<()> {
    match table.key_attributes().find(|key| !stored.contains(key)) {
        None => Ok(()),
        Some(key) => Err(Error::malformed(
            "the item does not have this key attribute; a projection must keep it",
        )
        .with_attribute(key)),
    }
}

/// The signed attributes in canonical order, with what the legend says was done with each. The format's own
/// attributes are not among them.
fn signed_fields(
    table: &TableConfig,
    attributes: &mut Attributes<'_>,
    legend: &[Signed],
) -> Result<Fields> {
    let mut fields = Fields::with_capacity(attributes.len());
    for (at, (name, _)) in attributes.iter().enumerate() {
        if !table.is_unsigned(name) {
            fields.push(at, name);
        }
    }
    if fields.len() != legend.len() {
        return Err(Error::authentication());
    }
    fields.order();
    let (list, clear) = fields.iter_mut();
    for (field, &signed) in list.zip(legend) {
        let (name, value) = attributes.get_mut(field.at).ok_or_else(lost)?;
        match (signed, &mut **value) {
            (Signed::Encrypted, AttributeValue::B(bytes)) => field.own = std::mem::take(bytes),
            (Signed::Encrypted, _) => return Err(Error::authentication()),
            (Signed::Plain | Signed::Context, value) => {
                let set = field.set_clear(signed, value, clear);
                set.map_err(|error| error.with_attribute(*name))?;
            }
        }
    }
    Ok(fields)
}

/// Version 1 binds the key attributes' values, version 2 those of every context attribute, and all keys are.
fn context(
    table: &TableConfig,
    attributes: &Attributes<'_>,
    fields: &Fields,
    version: u8,
) -> Result<EncryptionContext> {
    let mut entries = Vec::with_capacity(2);
    let mut keys = 0;
    for (field, bytes) in fields.iter() {
        let (name, _) = attributes.get(field.at).ok_or_else(lost)?;
        let is_key = table.key_attributes().any(|key| key == *name);
        let in_context = if version == 1 { is_key } else { field.signed == Signed::Context };
        keys += usize::from(is_key && in_context);
        if in_context {
            entries.push((name.as_str(), bytes));
        }
    }
    if version == 2 && keys != table.key_attributes().count() {
        let error = Error::malformed("header: a key attribute is not in the encryption context");
        return Err(error.with_attribute(HEADER_ATTRIBUTE));
    }
    item_context::of_item(table, version, entries)
}
