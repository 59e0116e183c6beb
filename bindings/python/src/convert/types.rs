//! Python's and boto3's types for values.

use itemseal::{AttributeValue, Item};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyMapping, PyString, PyType};

use crate::errors::{named, type_name};

/// What is wrong with a value, before it is known whose it is.
pub(super) enum Bad {
    /// It is of a type that DynamoDB has nothing for.
    Type(String),
    /// Its type is right.
    Value(String),
    Python(PyErr),
}

impl From<PyErr> for Bad {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

impl Bad {
    pub(super) fn of(self, py: Python<'_>, attribute: &str) -> PyErr {
        let says = |message: &str| format!("attribute {attribute:?}: {message}");
        match self {
            Self::Type(message) => {
                named(py, "UnsupportedTypeError", &says(&message), Some(attribute))
            }
            Self::Value(message) => named(py, "MisuseError", &says(&message), Some(attribute)),
            Self::Python(error) => error,
        }
    }
}

/// An item that is no mapping, or an attribute's name that is no text.
fn no_item(value: &Bound<'_, PyAny>) -> PyErr {
    let message = format!("an item is a dict of attributes by name, not {}", type_name(value));
    named(value.py(), "UnsupportedTypeError", &message, None)
}

fn no_name(value: &Bound<'_, PyAny>) -> PyErr {
    let message = format!("an attribute's name is a str, not {}", type_name(value));
    named(value.py(), "UnsupportedTypeError", &message, None)
}

/// An item's attributes, each value by `read`.
pub(super) fn read_item(
    item: &Bound<'_, PyAny>,
    read: impl Fn(&Bound<'_, PyAny>) -> Result<AttributeValue, Bad>,
) -> PyResult<Item> {
    let py = item.py();
    let mut attributes = Item::new();
    let mut add = |name: Bound<'_, PyAny>, value: Bound<'_, PyAny>| {
        let name = name.cast::<PyString>().map_err(|_| no_name(&name))?;
        let name = text(name).map_err(|bad| bad.of(py, "?"))?;
        let value = read(&value).map_err(|bad| bad.of(py, &name))?;
        attributes.insert(name, value);
        PyResult::Ok(())
    };
    if let Ok(dict) = item.cast::<PyDict>() {
        for (name, value) in dict {
            add(name, value)?;
        }
    } else {
        let mapping = item.cast::<PyMapping>().map_err(|_| no_item(item))?;
        for pair in mapping.items()? {
            let (name, value) = pair.extract()?;
            add(name, value)?;
        }
    }
    Ok(attributes)
}

pub(super) fn text(value: &Bound<'_, PyString>) -> Result<String, Bad> {
    match value.to_str() {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => {
            Err(Bad::Value("the text has half of a surrogate pair, which is no UTF-8".to_owned()))
        }
    }
}

pub(super) fn decimal(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CELL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CELL.import(py, "decimal", "Decimal")
}

/// boto3's class for bytes: if it is installed, for it is what boto3's own items have.
pub(super) fn binary(py: Python<'_>) -> PyResult<Option<&Bound<'_, PyAny>>> {
    static CELL: PyOnceLock<Option<Py<PyAny>>> = PyOnceLock::new();
    let class = CELL.get_or_try_init(py, || match py.import("boto3.dynamodb.types") {
        Ok(module) => module.getattr("Binary").map(|class| Some(class.unbind())),
        Err(error) if error.is_instance_of::<pyo3::exceptions::PyImportError>(py) => Ok(None),
        Err(error) => Err(error),
    });
    Ok(class?.as_ref().map(|class| class.bind(py)))
}

/// The bytes of what boto3 takes for bytes.
pub(super) fn bytes(value: &Bound<'_, PyAny>) -> PyResult<Option<Vec<u8>>> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(Some(bytes.as_bytes().to_vec()));
    }
    if let Ok(bytes) = value.cast::<PyByteArray>() {
        return Ok(Some(bytes.to_vec()));
    }
    // Nobody has one who has not imported boto3.
    let class = value.get_type();
    let is_binary =
        class.name()?.to_str()? == "Binary" && class.module()?.to_str()? == "boto3.dynamodb.types";
    match is_binary {
        true => bytes(&value.getattr(intern!(value.py(), "value"))?),
        false => Ok(None),
    }
}
