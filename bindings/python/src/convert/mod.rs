//! Items between Python and the core.

mod from_dynamodb;
mod from_python;
mod names;
mod to_dynamodb;
mod to_python;
mod types;

use itemseal::Item;
use pyo3::prelude::*;
use pyo3::types::PyDict;

pub(crate) use from_dynamodb::item_from_dynamodb;
pub(crate) use from_python::item_from_python;
pub(crate) use names::Names;
use to_dynamodb::item_to_dynamodb;
use to_python::item_to_python;

/// How an item's values look in Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layer {
    /// As boto3's resources have them: `str`, `Decimal`, `set`…
    Python,
    /// As boto3's clients have them: `{"S": …}`.
    DynamoDb,
}

impl Layer {
    pub(crate) fn read(self, item: &Bound<'_, PyAny>) -> PyResult<Item> {
        match self {
            Self::Python => item_from_python(item),
            Self::DynamoDb => item_from_dynamodb(item),
        }
    }

    pub(crate) fn write<'py>(self, py: Python<'py>, item: Item) -> PyResult<Bound<'py, PyDict>> {
        self.write_with(py, item, &mut Names::forgotten())
    }

    /// One of several items.
    pub(crate) fn write_with<'py>(
        self,
        py: Python<'py>,
        item: Item,
        names: &mut Names,
    ) -> PyResult<Bound<'py, PyDict>> {
        match self {
            Self::Python => item_to_python(py, item, names),
            Self::DynamoDb => item_to_dynamodb(py, item, names),
        }
    }
}
