//! Items as boto3's clients have them.

use itemseal::{AttributeValue, Item};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyList, PyString};

use super::names::Names;

pub(crate) fn item_to_dynamodb<'py>(
    py: Python<'py>,
    item: Item,
    names: &mut Names,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (name, value) in item {
        dict.set_item(names.of(py, &name), value_to_dynamodb(py, value, names)?)?;
    }
    Ok(dict)
}

fn value_to_dynamodb<'py>(
    py: Python<'py>,
    value: AttributeValue,
    names: &mut Names,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    match value {
        AttributeValue::S(text) => dict.set_item(intern!(py, "S"), PyString::new(py, &text)),
        AttributeValue::N(text) => dict.set_item(intern!(py, "N"), PyString::new(py, &text)),
        AttributeValue::B(bytes) => dict.set_item(intern!(py, "B"), PyBytes::new(py, &bytes)),
        AttributeValue::Bool(value) => dict.set_item(intern!(py, "BOOL"), PyBool::new(py, value)),
        AttributeValue::Null => dict.set_item(intern!(py, "NULL"), PyBool::new(py, true)),
        AttributeValue::Ss(set) => dict.set_item(intern!(py, "SS"), PyList::new(py, set)?),
        AttributeValue::Ns(set) => dict.set_item(intern!(py, "NS"), PyList::new(py, set)?),
        AttributeValue::Bs(set) => {
            let set = set.iter().map(|bytes| PyBytes::new(py, bytes));
            dict.set_item(intern!(py, "BS"), PyList::new(py, set)?)
        }
        AttributeValue::L(values) => {
            let list = PyList::empty(py);
            for value in values {
                list.append(value_to_dynamodb(py, value, names)?)?;
            }
            dict.set_item(intern!(py, "L"), list)
        }
        AttributeValue::M(map) => {
            dict.set_item(intern!(py, "M"), item_to_dynamodb(py, Item::from(map), names)?)
        }
    }?;
    Ok(dict)
}
