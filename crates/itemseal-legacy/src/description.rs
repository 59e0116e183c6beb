//! The material description: how an item's keys are found. It is not signed.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use itemseal::{AttributeValue, Error, ErrorKind, Result};

use crate::error::malformed;
use crate::wire::Reader;

/// The attribute that holds it.
pub(crate) const DESCRIPTION: &str = "*amzn-ddb-map-desc*";

pub(crate) const WRAPPED_KEY: &str = "amzn-ddb-env-key";
pub(crate) const CONTENT_ALGORITHM: &str = "amzn-ddb-env-alg";
pub(crate) const SIGNATURE_ALGORITHM: &str = "amzn-ddb-sig-alg";
pub(crate) const WRAP_ALGORITHM: &str = "amzn-ddb-wrap-alg";
pub(crate) const META_STORE_ID: &str = "amzn-ddb-meta-id";
const CIPHER_MODE: &str = "amzn-ddb-map-sym-mode";

/// The only mode that the legacy clients write.
const CBC: &str = "/CBC/PKCS5Padding";
const VERSION: [u8; 4] = [0; 4];
/// A description has a wrapped key of some hundred bytes and a handful of names.
const MOST_BYTES: usize = 64 * 1024;
const MOST_ENTRIES: usize = 256;

/// Texts by name.
#[derive(Default)]
pub(crate) struct Description(BTreeMap<String, String>);

impl Description {
    /// `u32 version, (u32 length, name, u32 length, text)*`; no attribute is an empty description.
    pub(crate) fn parse(attribute: Option<&AttributeValue>) -> Result<Self> {
        let Some(attribute) = attribute else { return Ok(Self::default()) };
        let bytes = attribute.as_b().ok_or_else(|| wrong("it is not binary"))?;
        if bytes.len() > MOST_BYTES {
            let message = "the material description has over 64 KiB; no legacy client writes that";
            return Err(Error::new(ErrorKind::TooLarge, message).with_attribute(DESCRIPTION));
        }
        let mut reader = Reader::new(bytes);
        let version = reader.take(VERSION.len()).ok_or_else(|| wrong("it is cut off"))?;
        if version != VERSION {
            return Err(wrong("its version is unknown; this reads version 0"));
        }
        let mut entries = BTreeMap::new();
        while !reader.is_empty() {
            let (name, text) = reader
                .text()
                .and_then(|name| Some((name, reader.text()?)))
                .ok_or_else(|| wrong("it is cut off, or not text"))?;
            if entries.insert(name.to_owned(), text.to_owned()).is_some() {
                return Err(wrong("it has an entry twice"));
            }
            if entries.len() > MOST_ENTRIES {
                return Err(wrong("it has too many entries"));
            }
        }
        Ok(Self(entries))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(crate) fn need(&self, name: &'static str) -> Result<&str> {
        self.get(name).ok_or_else(|| {
            wrong(format!("it has no {name}; is this the kind of keys that the item has?"))
        })
    }

    /// The wrapped key. Java's writers break its base64 into lines.
    pub(crate) fn wrapped_key(&self) -> Result<Vec<u8>> {
        let mut text = self.need(WRAPPED_KEY)?.to_owned();
        text.retain(|c| !c.is_ascii_whitespace());
        STANDARD.decode(text).map_err(|_| wrong("its wrapped key is not base64"))
    }

    /// Refuses a content key algorithm that is not AES, and how many bits it asks for, if it says.
    pub(crate) fn content_key_bits(&self) -> Result<Option<usize>> {
        let Some(text) = self.get(CONTENT_ALGORITHM) else { return Ok(None) };
        match key_bits(text) {
            Some(("AES", bits @ (None | Some(128 | 192 | 256)))) => Ok(bits),
            _ => Err(wrong("its content key algorithm is not AES; only AES can be read")),
        }
    }

    /// Refuses a mode other than CBC with PKCS #5 padding.
    pub(crate) fn check_mode(&self) -> Result<()> {
        match self.need(CIPHER_MODE)? {
            CBC => Ok(()),
            _ => {
                Err(wrong("its cipher mode is unknown; the legacy clients write /CBC/PKCS5Padding"))
            }
        }
    }
}

/// An algorithm's name and the bits of its key, as in `AES/256`.
pub(crate) fn key_bits(text: &str) -> Option<(&str, Option<usize>)> {
    match text.split_once('/') {
        None => Some((text, None)),
        Some((name, bits)) => bits.parse().ok().map(|bits| (name, Some(bits))),
    }
}

pub(crate) fn wrong(what: impl std::fmt::Display) -> Error {
    malformed(format!("the material description cannot be read: {what}"))
        .with_attribute(DESCRIPTION)
}
