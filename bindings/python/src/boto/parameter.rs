use itemseal::{EncryptionContext, Item};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};

use crate::convert::Layer;

/// An operation's parameters, by their names in AWS's API.
pub(super) type Parameters = Vec<(&'static str, Parameter)>;

/// What a parameter can be.
pub(super) enum Parameter {
    Bytes(Vec<u8>),
    Flag(bool),
    Item(Item),
    List(Vec<Parameter>),
    Number(usize),
    Object(Parameters),
    Text(String),
    Texts(Vec<(String, String)>),
}

impl Parameter {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub(super) fn context(context: &EncryptionContext) -> Self {
        let entries = context.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self::Texts(entries.collect())
    }

    pub(super) fn texts(texts: &[String]) -> Self {
        Self::List(texts.iter().map(|text| Self::text(text)).collect())
    }

    /// Whether there is nothing in it: then it is left out, as AWS's clients do.
    fn is_empty(&self) -> bool {
        match self {
            Self::List(list) => list.is_empty(),
            Self::Texts(texts) => texts.is_empty(),
            _ => false,
        }
    }

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        Ok(match self {
            Self::Bytes(bytes) => PyBytes::new(py, &bytes).into_any(),
            Self::Flag(flag) => flag.into_pyobject(py)?.to_owned().into_any(),
            Self::Item(item) => Layer::DynamoDb.write(py, item)?.into_any(),
            Self::List(list) => {
                let list = list.into_iter().map(|one| one.into_python(py));
                PyList::new(py, list.collect::<PyResult<Vec<_>>>()?)?.into_any()
            }
            Self::Number(number) => number.into_pyobject(py)?.into_any(),
            Self::Object(parameters) => into_python(py, parameters)?.into_any(),
            Self::Text(text) => text.into_pyobject(py)?.into_any(),
            Self::Texts(texts) => {
                let dict = PyDict::new(py);
                for (name, value) in texts {
                    dict.set_item(name, value)?;
                }
                dict.into_any()
            }
        })
    }
}

pub(super) fn into_python(py: Python<'_>, parameters: Parameters) -> PyResult<Bound<'_, PyDict>> {
    let dict = PyDict::new(py);
    for (name, parameter) in parameters {
        if !parameter.is_empty() {
            dict.set_item(name, parameter.into_python(py)?)?;
        }
    }
    Ok(dict)
}
