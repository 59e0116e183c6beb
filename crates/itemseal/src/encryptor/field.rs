//! The signed attributes of an item on its way from one form to the other.
//!
//! They stay in their item meanwhile, and are known by their places in it: nothing is taken out, renamed or put back.

use std::ops::Range;

use crate::error::{Error, Result};
use crate::format::legend::Signed;
use crate::format::path::utf16_len;
use crate::format::value;
use crate::item::AttributeValue;

/// Room for what is in clear: mostly keys, short ones.
const CLEAR_BYTES: usize = 256;

/// A signed attribute.
pub(super) struct Field {
    /// Its place in the item, whose attributes are in the order of their names' bytes.
    pub(super) at: usize,
    /// The length of its name in UTF-16 code units.
    units: usize,
    pub(super) signed: Signed,
    /// Of an encrypted attribute: `type id ‖ ciphertext ‖ tag`, or `type id ‖ serialized value`, in place.
    pub(super) own: Vec<u8>,
    /// Where `type id ‖ serialized value` of one in clear lies.
    clear: Range<usize>,
}

/// All of an item, in canonical order once they are [ordered](Self::order).
pub(super) struct Fields {
    list: Vec<Field>,
    clear: Vec<u8>,
}

impl Fields {
    pub(super) fn with_capacity(count: usize) -> Self {
        Self { list: Vec::with_capacity(count), clear: Vec::with_capacity(CLEAR_BYTES) }
    }

    /// An attribute of the item, to be said more about later.
    pub(super) fn push(&mut self, at: usize, name: &str) {
        self.push_encrypted(at, name, Vec::new());
    }

    pub(super) fn push_encrypted(&mut self, at: usize, name: &str, own: Vec<u8>) {
        let units = utf16_len(name);
        self.list.push(Field { at, units, signed: Signed::Encrypted, own, clear: 0..0 });
    }

    pub(super) fn push_clear(
        &mut self,
        at: usize,
        name: &str,
        signed: Signed,
        value: &AttributeValue,
    ) -> Result<()> {
        self.push(at, name);
        let Self { list, clear } = self;
        let field = list.last_mut().ok_or_else(|| Error::internal("no field"))?;
        field.set_clear(signed, value, clear)
    }

    /// Orders them as the canonical paths are: shorter names first, then by the names' bytes, as their places are.
    pub(super) fn order(&mut self) {
        self.list.sort_unstable_by_key(|field| (field.units, field.at));
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn encrypted(&self) -> usize {
        self.list.iter().filter(|field| field.signed == Signed::Encrypted).count()
    }

    /// Each with its `type id ‖ …`.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Field, &[u8])> {
        self.list.iter().map(|field| (field, field.bytes(&self.clear)))
    }

    /// Each with the buffer of what is in clear.
    pub(super) fn iter_mut(&mut self) -> (std::slice::IterMut<'_, Field>, &mut Vec<u8>) {
        (self.list.iter_mut(), &mut self.clear)
    }

    pub(super) fn legend(&self) -> impl ExactSizeIterator<Item = Signed> {
        self.list.iter().map(|field| field.signed)
    }
}

impl Field {
    pub(super) fn set_clear(
        &mut self,
        signed: Signed,
        value: &AttributeValue,
        clear: &mut Vec<u8>,
    ) -> Result<()> {
        let start = clear.len();
        value::append_field(value, clear)?;
        self.signed = signed;
        self.clear = start..clear.len();
        Ok(())
    }

    /// `type id ‖ …`.
    pub(super) fn bytes<'a>(&'a self, clear: &'a [u8]) -> &'a [u8] {
        match self.signed {
            Signed::Encrypted => &self.own,
            Signed::Plain | Signed::Context => clear.get(self.clear.clone()).unwrap_or_default(),
        }
    }
}
