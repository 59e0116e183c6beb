//! The decryption machine: parses an item, asks for its data key, verifies it, opens it.

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
use crate::format::path::{self, Paths};
use crate::format::{FOOTER_ATTRIBUTE, HEADER_ATTRIBUTE, item_context, value};
use crate::item::{AttributeValue, Item, RESERVED_PREFIX};
use crate::materials::{UnwrapRequest, Unwrapped};

/// A signed attribute on its way back.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) signed: Signed,
    /// `type id ‖ ciphertext ‖ tag`, or `type id ‖ serialized value`.
    pub(super) bytes: Vec<u8>,
    /// The value, if it was stored in clear.
    clear: Option<AttributeValue>,
}

/// A parsed item that waits for its data key.
pub(super) struct Decryption {
    pub(super) header: Header,
    header_bytes: Vec<u8>,
    footer_bytes: Vec<u8>,
    /// The full context: what follows from the item and what the header adds.
    pub(super) context: EncryptionContext,
    pub(super) fields: Vec<Field>,
    pub(super) plain: Item,
}

impl Decryption {
    pub(super) fn begin(table: &TableConfig, mut stored: Item) -> Result<Self> {
        if !stored.contains(HEADER_ATTRIBUTE) && !stored.contains(FOOTER_ATTRIBUTE) {
            return Err(not_encrypted());
        }
        let header_bytes = take_binary(&mut stored, HEADER_ATTRIBUTE)?;
        let footer_bytes = take_binary(&mut stored, FOOTER_ATTRIBUTE)?;
        let (header, _) =
            Header::parse(&header_bytes).map_err(|e| e.with_attribute(HEADER_ATTRIBUTE))?;
        // Nothing of an item whose footer cannot be right is worth a call to the keyring.
        Footer::parse(&footer_bytes, header.suite, header.edks.len())
            .map_err(|e| e.with_attribute(FOOTER_ATTRIBUTE))?;
        check_keys(table, &stored)?;

        let (fields, plain) = signed_fields(table, stored, &header.legend)?;
        let in_context = |field: &&Field| match header.version {
            1 => table.key_attributes().any(|key| key == field.name),
            _ => field.signed == Signed::Context,
        };
        if header.version == 2 && !keys_are_in_context(table, &fields) {
            return Err(Error::malformed(
                "header: a key attribute is not in the encryption context",
            )
            .with_attribute(HEADER_ATTRIBUTE));
        }
        let entries = fields.iter().filter(in_context).map(|field| (&*field.name, &*field.bytes));
        let mut context = item_context::of_item(table, header.version, entries)?;
        context.merge(&header.stored_context)?;
        // A verification key belongs to the signed suite, and only to it.
        if context.get(PUBLIC_KEY).is_some() != header.suite.is_signed() {
            return Err(Error::authentication());
        }
        Ok(Self { header, header_bytes, footer_bytes, context, fields, plain })
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
        for field in self.fields {
            let value = match field.clear {
                Some(value) => value,
                None => {
                    value::from_field(&field.bytes).map_err(|e| e.with_attribute(&field.name))?
                }
            };
            self.plain.insert(field.name, value);
        }
        Ok(self.plain)
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
        for field in &self.fields {
            digest.add(field.signed, &field.name, paths, &field.bytes);
        }
        let footer = Footer::parse(&self.footer_bytes, self.header.suite, self.header.edks.len())?;
        footer.verify(&unwrapped.mac_key, &self.context, &digest.finish())
    }

    fn decrypt_fields(&mut self, keys: &ItemKeys, paths: &mut Paths) -> Result<()> {
        let encrypted = self.fields.iter_mut().filter(|field| field.signed == Signed::Encrypted);
        let encrypted: Vec<_> = encrypted.collect();
        let field_keys = FieldKeys::derive(&keys.field_root, encrypted.len())?;
        for (n, field) in encrypted.into_iter().enumerate() {
            field_keys.open(n, &field.name, paths, &mut field.bytes)?;
        }
        Ok(())
    }
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

/// The signed attributes in canonical order, with what the legend says was done with each; and
/// the others. The format's own attributes are in neither.
fn signed_fields(
    table: &TableConfig,
    stored: Item,
    legend: &[Signed],
) -> Result<(Vec<Field>, Item)> {
    let (unsigned, mut signed): (Vec<_>, Vec<_>) =
        stored.into_iter().partition(|(name, _)| table.is_unsigned(name));
    if signed.len() != legend.len() {
        return Err(Error::authentication());
    }
    signed.sort_unstable_by(|(a, _), (b, _)| path::compare(a, b));
    let fields = signed
        .into_iter()
        .zip(legend)
        .map(|((name, value), &signed)| field(name, value, signed))
        .collect::<Result<_>>()?;
    let plain =
        unsigned.into_iter().filter(|(name, _)| !name.starts_with(RESERVED_PREFIX)).collect();
    Ok((fields, plain))
}

fn field(name: String, value: AttributeValue, signed: Signed) -> Result<Field> {
    match (signed, value) {
        (Signed::Encrypted, AttributeValue::B(bytes)) => {
            Ok(Field { name, signed, bytes, clear: None })
        }
        (Signed::Encrypted, _) => Err(Error::authentication()),
        (Signed::Plain | Signed::Context, value) => {
            let bytes = value::to_field(&value, 0).map_err(|e| e.with_attribute(&name))?;
            Ok(Field { name, signed, bytes, clear: Some(value) })
        }
    }
}

fn keys_are_in_context(table: &TableConfig, fields: &[Field]) -> bool {
    table
        .key_attributes()
        .all(|key| fields.iter().any(|field| field.name == key && field.signed == Signed::Context))
}
