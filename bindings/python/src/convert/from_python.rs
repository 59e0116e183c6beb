//! Items as boto3's resources have them.
//!
//! Source: [boto3's types](https://docs.aws.amazon.com/boto3/latest/reference/customizations/dynamodb.html#valid-dynamodb-types).

use std::collections::BTreeMap;

use itemseal::{AttributeValue, Item};
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PyMapping, PySet, PyString, PyTuple,
};

use super::types::{Bad, bytes, decimal, read_item, text};
use crate::errors::type_name;

pub(crate) fn item_from_python(item: &Bound<'_, PyAny>) -> PyResult<Item> {
    read_item(item, |value| value_from_python(value, 1))
}

fn value_from_python(value: &Bound<'_, PyAny>, depth: usize) -> Result<AttributeValue, Bad> {
    if depth > itemseal::MAX_DEPTH {
        return Err(Bad::Value(format!("it is nested deeper than {} levels", itemseal::MAX_DEPTH)));
    }
    if let Ok(string) = value.cast::<PyString>() {
        return Ok(AttributeValue::S(text(string)?));
    }
    // Before int, whose subclass it is.
    if let Ok(boolean) = value.cast::<PyBool>() {
        return Ok(AttributeValue::Bool(boolean.is_true()));
    }
    // What a type's flags say at once comes before what a class has to be looked up for.
    if let Ok(dict) = value.cast::<PyDict>() {
        let pairs = dict.iter().map(|(name, value)| entry(&name, &value, depth));
        return Ok(AttributeValue::M(pairs.collect::<Result<_, _>>()?));
    }
    if let Ok(list) = value.cast::<PyList>() {
        let values = list.iter().map(|value| value_from_python(&value, depth + 1));
        return Ok(AttributeValue::L(values.collect::<Result<_, _>>()?));
    }
    if let Ok(tuple) = value.cast::<PyTuple>() {
        let values = tuple.iter().map(|value| value_from_python(&value, depth + 1));
        return Ok(AttributeValue::L(values.collect::<Result<_, _>>()?));
    }
    if value.is_none() {
        return Ok(AttributeValue::Null);
    }
    if let Some(number) = number(value)? {
        return Ok(AttributeValue::N(number));
    }
    if value.is_instance_of::<PySet>() || value.is_instance_of::<PyFrozenSet>() {
        return set(value);
    }
    if let Some(bytes) = bytes(value)? {
        return Ok(AttributeValue::B(bytes));
    }
    if let Ok(mapping) = value.cast::<PyMapping>() {
        let mut map = BTreeMap::new();
        for pair in mapping.items()? {
            let (name, value) = pair.extract()?;
            let (name, value) = entry(&name, &value, depth)?;
            map.insert(name, value);
        }
        return Ok(AttributeValue::M(map));
    }
    Err(unsupported(value))
}

fn entry(
    name: &Bound<'_, PyAny>,
    value: &Bound<'_, PyAny>,
    depth: usize,
) -> Result<(String, AttributeValue), Bad> {
    let name = name.cast::<PyString>().map_err(|_| {
        Bad::Type(format!("a map's keys are str, not {}; make them str", type_name(name)))
    })?;
    Ok((text(name)?, value_from_python(value, depth + 1)?))
}

/// A number's text, all of its digits: an int's or a Decimal's.
fn number(value: &Bound<'_, PyAny>) -> Result<Option<String>, Bad> {
    let is_number =
        value.is_instance_of::<PyInt>() || value.is_instance(decimal(value.py())?.as_any())?;
    if !is_number {
        return Ok(None);
    }
    // An enumeration that is an int prints its name: int.__repr__ prints the number.
    let text = match value.cast::<PyInt>() {
        Ok(int) if !int.is_exact_instance_of::<PyInt>() => {
            value.py().get_type::<PyInt>().call_method1("__repr__", (int,))?
        }
        _ => value.str()?.into_any(),
    };
    let text: String = text.extract()?;
    if itemseal::normalize_number(&text).is_err() {
        let message = "the number does not fit: DynamoDB keeps 38 significant digits, from 1E-130 to \
                       9.99E+125, and no infinity; round it";
        return Err(Bad::Value(message.to_owned()));
    }
    Ok(Some(text))
}

fn set(set: &Bound<'_, PyAny>) -> Result<AttributeValue, Bad> {
    let elements: Vec<Bound<'_, PyAny>> = set.try_iter()?.collect::<PyResult<_>>()?;
    let Some(first) = elements.first() else {
        return Err(Bad::Value("DynamoDB has no empty sets; leave the attribute out".to_owned()));
    };
    let mixed = || Bad::Type("a set's elements are all str, all numbers or all bytes".to_owned());
    if first.is_instance_of::<PyString>() {
        let texts = elements.iter().map(|e| text(e.cast().map_err(|_| mixed())?));
        return Ok(AttributeValue::Ss(texts.collect::<Result<_, _>>()?));
    }
    if first.is_instance_of::<PyBool>() {
        return Err(mixed());
    }
    if number(first)?.is_some() {
        let numbers = elements.iter().map(|element| match element.is_instance_of::<PyBool>() {
            true => Err(mixed()),
            false => number(element)?.ok_or_else(mixed),
        });
        return Ok(AttributeValue::Ns(numbers.collect::<Result<_, _>>()?));
    }
    let all = elements.iter().map(|element| bytes(element)?.ok_or_else(mixed));
    Ok(AttributeValue::Bs(all.collect::<Result<_, _>>()?))
}

fn unsupported(value: &Bound<'_, PyAny>) -> Bad {
    Bad::Type(match value.is_instance_of::<PyFloat>() {
        true => {
            "a float is not kept exactly; use Decimal, for example Decimal(str(value))".to_owned()
        }
        false => format!(
            "{} is no type of DynamoDB; use str, int, Decimal, bytes, bool, None, set, list or dict",
            type_name(value)
        ),
    })
}
