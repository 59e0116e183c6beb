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

/// boto3's class for bytes, and what makes an object of it.
pub(super) struct Binary {
    class: Py<PyAny>,
    new: Py<PyAny>,
}

impl Binary {
    /// What `Binary(bytes)` makes. Its `__init__` is Python code that looks at the type once more and takes longer than
    /// all the rest; an item has many.
    pub(super) fn new_of<'py>(&self, bytes: &Bound<'py, PyBytes>) -> PyResult<Bound<'py, PyAny>> {
        let py = bytes.py();
        let object = self.new.bind(py).call1((&self.class,))?;
        object.setattr(intern!(py, "value"), bytes)?;
        Ok(object)
    }
}

/// boto3's class for bytes: if it is installed, for it is what boto3's own items have.
pub(super) fn binary(py: Python<'_>) -> PyResult<Option<&Binary>> {
    static CELL: PyOnceLock<Option<Binary>> = PyOnceLock::new();
    let class = CELL.get_or_try_init(py, || match py.import("boto3.dynamodb.types") {
        Ok(module) => {
            let class = module.getattr("Binary")?;
            let new = class.getattr("__new__")?.unbind();
            Ok(Some(Binary { class: class.unbind(), new }))
        }
        Err(error) if error.is_instance_of::<pyo3::exceptions::PyImportError>(py) => Ok(None),
        Err(error) => Err(error),
    });
    Ok(class?.as_ref())
}

/// The bytes of what boto3 takes for bytes.
pub(super) fn bytes(value: &Bound<'_, PyAny>) -> PyResult<Option<Vec<u8>>> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(Some(bytes.as_bytes().to_vec()));
    }
    if let Ok(bytes) = value.cast::<PyByteArray>() {
        return Ok(Some(bytes.to_vec()));
    }
    match is_binary(&value.get_type())? {
        true => bytes(&value.getattr(intern!(value.py(), "value"))?),
        false => Ok(None),
    }
}

/// Whether this is boto3's class for bytes, which nobody has who has not imported boto3.
fn is_binary(class: &Bound<'_, PyType>) -> PyResult<bool> {
    static KNOWN: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let py = class.py();
    if KNOWN.get(py).is_some_and(|known| class.is(known)) {
        return Ok(true);
    }
    let is =
        class.name()?.to_str()? == "Binary" && class.module()?.to_str()? == "boto3.dynamodb.types";
    if is {
        // The first stays, should boto3 be loaded twice.
        let _ = KNOWN.set(py, class.clone().unbind());
    }
    Ok(is)
}
