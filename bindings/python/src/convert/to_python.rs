//! Items as boto3's resources have them.

use itemseal::{AttributeValue, Item};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyList, PySet, PyString};

use super::names::Names;
use super::types::{binary, decimal};

pub(crate) fn item_to_python<'py>(
    py: Python<'py>,
    item: Item,
    names: &mut Names,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (name, value) in item {
        dict.set_item(names.of(py, &name), value_to_python(py, value, names)?)?;
    }
    Ok(dict)
}

fn value_to_python<'py>(
    py: Python<'py>,
    value: AttributeValue,
    names: &mut Names,
) -> PyResult<Bound<'py, PyAny>> {
    let number = |text: &str| decimal(py)?.call1((text,));
    Ok(match value {
        AttributeValue::S(text) => PyString::new(py, &text).into_any(),
        AttributeValue::N(text) => number(&text)?,
        AttributeValue::B(bytes) => bytes_to_python(py, &bytes)?,
        AttributeValue::Bool(value) => PyBool::new(py, value).to_owned().into_any(),
        AttributeValue::Null => py.None().into_bound(py),
        AttributeValue::Ss(set) => PySet::new(py, set)?.into_any(),
        AttributeValue::Ns(set) => {
            let numbers = set.iter().map(|text| number(text)).collect::<PyResult<Vec<_>>>()?;
            PySet::new(py, numbers)?.into_any()
        }
        AttributeValue::Bs(set) => {
            let all = set.iter().map(|bytes| bytes_to_python(py, bytes));
            PySet::new(py, all.collect::<PyResult<Vec<_>>>()?)?.into_any()
        }
        AttributeValue::L(values) => {
            let list = PyList::empty(py);
            for value in values {
                list.append(value_to_python(py, value, names)?)?;
            }
            list.into_any()
        }
        AttributeValue::M(map) => item_to_python(py, Item::from(map), names)?.into_any(),
    })
}

fn bytes_to_python<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let bytes = PyBytes::new(py, bytes);
    match binary(py)? {
        Some(class) => class.new_of(&bytes),
        None => Ok(bytes.into_any()),
    }
}
