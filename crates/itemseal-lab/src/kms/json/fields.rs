//! What a request's JSON holds, read member by member: wrong types, missing members and values that
//! the service model does not allow are refused as AWS refuses them.
//!
//! Source: [AWS JSON 1.1](https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html).

use std::collections::BTreeMap;
use std::fmt::Display;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use itemseal::EncryptionContext;
use itemseal::kms::KmsError;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::kms::errors;

/// The members of a JSON object.
#[derive(Clone, Copy)]
pub(super) struct Fields<'r>(&'r Map<String, Value>);

impl<'r> Fields<'r> {
    pub(super) fn new(request: &'r Value) -> Result<Self, KmsError> {
        match request {
            Value::Object(members) => Ok(Self(members)),
            other => Err(wrong_type(other, "a structure")),
        }
    }

    /// A member; `null` is none.
    fn get(self, name: &str) -> Option<&'r Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(self, name: &str) -> Result<Option<&'r str>, KmsError> {
        self.get(name).map(as_text).transpose()
    }

    /// A text of `min` to `max` characters.
    pub(super) fn text_within(
        self,
        name: &str,
        min: usize,
        max: usize,
    ) -> Result<Option<&'r str>, KmsError> {
        let text = self.text(name)?;
        if let Some(text) = text {
            check_length(name, &text, text.chars().count(), min, max)?;
        }
        Ok(text)
    }

    /// A text of 1 to `max` characters, which must be there.
    pub(super) fn required(self, name: &str, max: usize) -> Result<&'r str, KmsError> {
        self.text_within(name, 1, max)?.ok_or_else(|| missing(name))
    }

    /// The `KeyId`, or another member of its form.
    pub(super) fn key_id(self, name: &str) -> Result<&'r str, KmsError> {
        self.required(name, 2_048)
    }

    pub(super) fn boolean(self, name: &str) -> Result<bool, KmsError> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(value)) => Ok(*value),
            Some(other) => Err(wrong_type(other, "a Boolean")),
        }
    }

    /// A whole number of `min` to `max`.
    pub(super) fn number(self, name: &str, min: u32, max: u32) -> Result<Option<u32>, KmsError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let number = value.as_i64().ok_or_else(|| wrong_type(value, "an Integer"))?;
        if number < i64::from(min) {
            let rule = format!("Member must have value greater than or equal to {min}");
            return Err(constraint(name, &number, &rule));
        }
        match u32::try_from(number) {
            Ok(number) if number <= max => Ok(Some(number)),
            _ => {
                let rule = format!("Member must have value less than or equal to {max}");
                Err(constraint(name, &number, &rule))
            }
        }
    }

    /// A base64 member of 1 to `max` bytes, which must be there. Wiped on drop.
    pub(super) fn blob(self, name: &str, max: usize) -> Result<Zeroizing<Vec<u8>>, KmsError> {
        let value = self.get(name).ok_or_else(|| missing(name))?;
        let bytes = STANDARD
            .decode(as_text(value)?)
            .map_err(|_| errors::serialization(format!("{name} is not base64")))?;
        let bytes = Zeroizing::new(bytes);
        // The value may be secret: the length is enough.
        check_length(name, &"(blob)", bytes.len(), 1, max)?;
        Ok(bytes)
    }

    /// One of AWS's names for a thing; `ALL` of them are named if it is none.
    pub(super) fn named<T: Copy + Display>(
        self,
        name: &str,
        all: &[T],
        from_name: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, KmsError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        from_name(text).map(Some).ok_or_else(|| not_one_of(name, text, all))
    }

    /// A list of texts; empty if it is not there.
    pub(super) fn texts(self, name: &str) -> Result<Vec<String>, KmsError> {
        self.list(name)?.iter().map(|value| as_text(value).map(str::to_owned)).collect()
    }

    /// A list of structures; empty if it is not there.
    pub(super) fn structures(self, name: &str) -> Result<Vec<Fields<'r>>, KmsError> {
        self.list(name)?.iter().map(Fields::new).collect()
    }

    pub(super) fn structure(self, name: &str) -> Result<Option<Fields<'r>>, KmsError> {
        self.get(name).map(Fields::new).transpose()
    }

    /// A map of texts.
    pub(super) fn map(self, name: &str) -> Result<Option<BTreeMap<String, String>>, KmsError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let Value::Object(members) = value else { return Err(wrong_type(value, "a map")) };
        let entry =
            |(key, value): (&String, &'r Value)| Ok((key.clone(), as_text(value)?.to_owned()));
        members.iter().map(entry).collect::<Result<_, _>>().map(Some)
    }

    /// An encryption context; empty if it is not there.
    pub(super) fn context(self, name: &str) -> Result<EncryptionContext, KmsError> {
        Ok(self.map(name)?.unwrap_or_default().into_iter().collect())
    }

    /// Whether the member is there.
    pub(super) fn has(self, name: &str) -> bool {
        self.get(name).is_some()
    }

    fn list(self, name: &str) -> Result<&'r [Value], KmsError> {
        match self.get(name) {
            None => Ok(&[]),
            Some(Value::Array(list)) => Ok(list),
            Some(other) => Err(wrong_type(other, "a list")),
        }
    }
}

pub(super) fn missing(name: &str) -> KmsError {
    constraint_of("null", name, "Member must not be null")
}

/// A value that the service model does not allow.
pub(super) fn constraint(name: &str, value: &dyn Display, rule: &str) -> KmsError {
    constraint_of(&format!("'{value}'"), name, rule)
}

pub(super) fn not_one_of<T: Display>(name: &str, text: &str, all: &[T]) -> KmsError {
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    let rule = format!("Member must satisfy enum value set: [{}]", all.join(", "));
    constraint(name, &text, &rule)
}

/// Refuses texts with other characters than `allowed`, which `pattern` says in AWS's words.
pub(super) fn check_characters(
    name: &str,
    text: &str,
    pattern: &str,
    allowed: impl Fn(char) -> bool,
) -> Result<(), KmsError> {
    if text.chars().all(allowed) {
        return Ok(());
    }
    let rule = format!("Member must satisfy regular expression pattern: {pattern}");
    Err(constraint(name, &text, &rule))
}

fn constraint_of(value: &str, name: &str, rule: &str) -> KmsError {
    // AWS names members by their path, in lower camel case.
    let mut characters = name.chars();
    let first = characters.next().map(|c| c.to_ascii_lowercase());
    let path: String = first.into_iter().chain(characters).collect();
    errors::validation(format!(
        "1 validation error detected: Value {value} at '{path}' failed to satisfy constraint: {rule}"
    ))
}

fn check_length(
    name: &str,
    value: &dyn Display,
    length: usize,
    min: usize,
    max: usize,
) -> Result<(), KmsError> {
    let rule = if length < min {
        format!("Member must have length greater than or equal to {min}")
    } else if length > max {
        format!("Member must have length less than or equal to {max}")
    } else {
        return Ok(());
    };
    Err(constraint(name, value, &rule))
}

fn as_text(value: &Value) -> Result<&str, KmsError> {
    value.as_str().ok_or_else(|| wrong_type(value, "a String"))
}

fn wrong_type(value: &Value, expected: &str) -> KmsError {
    let found = match value {
        Value::Null => "NULL",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        Value::Number(number) if number.is_f64() => "DECIMAL_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::String(_) => "STRING_VALUE",
        Value::Array(_) => "Start of list",
        Value::Object(_) => "Start of structure or map",
    };
    errors::serialization(format!("{found} can not be converted to {expected}"))
}
