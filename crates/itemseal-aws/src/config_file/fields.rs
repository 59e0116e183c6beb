//! A table of TOML, read field by field: what is not taken is unknown, and refused.

use std::fmt;

use itemseal::{Error, ErrorKind, Result};
use toml::Value;

/// Where in which file: `itemseal.toml: table."Orders".suite`.
#[derive(Clone, Debug)]
pub(super) struct Place {
    file: String,
    path: String,
}

impl Place {
    pub(super) fn of_file(file: &str) -> Self {
        Self { file: file.to_owned(), path: String::new() }
    }

    /// A field of the table here.
    pub(super) fn field(&self, name: &str) -> Self {
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        let name = if plain { name.to_owned() } else { format!("{name:?}") };
        let path = if self.path.is_empty() { name } else { format!("{}.{name}", self.path) };
        Self { path, ..self.clone() }
    }

    /// A table by its own name, which is always quoted.
    fn named(&self, name: &str) -> Self {
        Self { path: format!("{}.{name:?}", self.path), ..self.clone() }
    }

    fn element(&self, index: usize) -> Self {
        Self { path: format!("{}[{index}]", self.path), ..self.clone() }
    }

    pub(super) fn error(&self, says: impl fmt::Display) -> Error {
        Error::new(ErrorKind::Misuse, format!("{self}: {says}"))
    }

    /// What the core says, with the place before it.
    pub(super) fn explain(&self, error: Error) -> Error {
        Error::new(error.kind(), format!("{self}: {error}"))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.file),
            path => write!(f, "{}: {path}", self.file),
        }
    }
}

/// The fields of a table that have not been taken yet.
pub(super) struct Fields {
    place: Place,
    values: toml::Table,
    known: Vec<&'static str>,
}

impl Fields {
    pub(super) fn new(place: Place, values: toml::Table) -> Self {
        Self { place, values, known: Vec::new() }
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    fn take(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        self.values.remove(name)
    }

    pub(super) fn text(&mut self, name: &'static str) -> Result<Option<String>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.wrong(name, "text in quotes", &other)),
        }
    }

    pub(super) fn required_text(&mut self, name: &'static str, example: &str) -> Result<String> {
        let text = self.text(name)?;
        text.ok_or_else(|| self.missing(name, &format!("add {name} = {example:?}")))
    }

    /// A list of text; empty if it is not there.
    pub(super) fn list(&mut self, name: &'static str) -> Result<Vec<String>> {
        let expected = "a list of text, like [\"a\", \"b\"]";
        let values = match self.take(name) {
            None => return Ok(Vec::new()),
            Some(Value::Array(values)) => values,
            Some(other) => return Err(self.wrong(name, expected, &other)),
        };
        let text = |value| match value {
            Value::String(text) => Ok(text),
            other => Err(self.wrong(name, expected, &other)),
        };
        values.into_iter().map(text).collect()
    }

    /// A number above zero.
    pub(super) fn number(&mut self, name: &'static str) -> Result<Option<u64>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Integer(number)) if number > 0 => Ok(Some(number.unsigned_abs())),
            Some(other) => Err(self.wrong(name, "a whole number above zero", &other)),
        }
    }

    pub(super) fn required_fields(&mut self, name: &'static str, example: &str) -> Result<Self> {
        match self.take(name) {
            None => Err(self.missing(name, &format!("add {example}"))),
            Some(Value::Table(values)) => Ok(Self::new(self.place.field(name), values)),
            Some(other) => Err(self.wrong(name, &format!("a table, {example}"), &other)),
        }
    }

    /// Tables one after the other: `[[keyring.children]]`.
    pub(super) fn array_of_fields(&mut self, name: &'static str) -> Result<Vec<Self>> {
        let expected = "an array of tables, [[…]]";
        let values = match self.take(name) {
            None => return Ok(Vec::new()),
            Some(Value::Array(values)) => values,
            Some(other) => return Err(self.wrong(name, expected, &other)),
        };
        let place = self.place.field(name);
        let fields = |(index, value)| match value {
            Value::Table(values) => Ok(Self::new(place.element(index), values)),
            other => Err(self.wrong(name, expected, &other)),
        };
        values.into_iter().enumerate().map(fields).collect()
    }

    /// Tables by names that the user chose.
    pub(super) fn into_tables(self) -> Result<Vec<(String, Self)>> {
        let place = self.place;
        let table = |(name, value): (String, Value)| match value {
            Value::Table(values) => {
                let fields = Self::new(place.named(&name), values);
                Ok((name, fields))
            }
            other => {
                let found = other.type_str();
                Err(place
                    .named(&name)
                    .error(format!("expected a table, [table.{name:?}], and found: {found}")))
            }
        };
        self.values.into_iter().map(table).collect()
    }

    /// Refuses what has not been taken.
    pub(super) fn finish(self) -> Result<()> {
        let Some(name) = self.values.keys().next() else { return Ok(()) };
        let secret = match holds_a_secret(name) {
            true => "; a key or secret is never written here: name a file of mode 0600 in key_file",
            false => "",
        };
        let known = self.known.join(", ");
        Err(self.place.field(name).error(format!("unknown field; known are: {known}{secret}")))
    }

    fn missing(&self, name: &str, remedy: &str) -> Error {
        self.place.field(name).error(format!("it is missing; {remedy}"))
    }

    fn wrong(&self, name: &str, expected: &str, found: &Value) -> Error {
        let found = found.type_str();
        self.place.field(name).error(format!("expected {expected}, and found: {found}"))
    }
}

fn holds_a_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["key", "secret", "plaintext", "password", "material"].iter().any(|word| name.contains(word))
}
