//! Items as boto3's clients have them: `{"S": …}`.
//!
//! Source: [AttributeValue](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html).

use itemseal::{AttributeValue, Item};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyList, PyString, PyTuple};

use super::types::{Bad, bytes, read_item, text};
use crate::errors::type_name;

pub(crate) fn item_from_dynamodb(item: &Bound<'_, PyAny>) -> PyResult<Item> {
    read_item(item, |value| value_at(value, 1))
}

fn value_at(value: &Bound<'_, PyAny>, depth: usize) -> Result<AttributeValue, Bad> {
    if depth > itemseal::MAX_DEPTH {
        return Err(Bad::Value(format!("it is nested deeper than {} levels", itemseal::MAX_DEPTH)));
    }
    let no_value = || {
        let found = type_name(value);
        let message = "a value here is a dict of one type, for example {\"S\": \"text\"}, not ";
        Bad::Type(format!("{message}{found}"))
    };
    let dict = value.cast::<PyDict>().map_err(|_| no_value())?;
    let mut entries = dict.iter();
    let (Some((kind, value)), None) = (entries.next(), entries.next()) else {
        return Err(no_value());
    };
    let kind = kind.cast::<PyString>().map_err(|_| no_value())?;
    let kind = kind.to_str()?;
    let wrong = || {
        let found = type_name(&value);
        Bad::Type(format!("{kind} cannot hold {found}; boto3's documentation has the types"))
    };
    let string = |value: &Bound<'_, PyAny>| match value.cast::<PyString>() {
        Ok(value) => text(value),
        Err(_) => Err(wrong()),
    };
    let binary = |value: &Bound<'_, PyAny>| bytes(value)?.ok_or_else(wrong);
    Ok(match kind {
        "S" => AttributeValue::S(string(&value)?),
        "N" => AttributeValue::N(string(&value)?),
        "B" => AttributeValue::B(binary(&value)?),
        "BOOL" => AttributeValue::Bool(value.cast::<PyBool>().map_err(|_| wrong())?.is_true()),
        "NULL" => match value.cast::<PyBool>().map_err(|_| wrong())?.is_true() {
            true => AttributeValue::Null,
            false => return Err(Bad::Value("NULL is always true".to_owned())),
        },
        "SS" => AttributeValue::Ss(each(&value, wrong, string)?),
        "NS" => AttributeValue::Ns(each(&value, wrong, string)?),
        "BS" => AttributeValue::Bs(each(&value, wrong, binary)?),
        "L" => AttributeValue::L(each(&value, wrong, |value| value_at(value, depth + 1))?),
        "M" => {
            let map = value.cast::<PyDict>().map_err(|_| wrong())?;
            let entries = map.iter().map(|(name, value)| {
                let name = name.cast::<PyString>().map_err(|_| wrong())?;
                Ok((text(name)?, value_at(&value, depth + 1)?))
            });
            AttributeValue::M(entries.collect::<Result<_, Bad>>()?)
        }
        _ => return Err(no_value()),
    })
}

fn each<T>(
    values: &Bound<'_, PyAny>,
    wrong: impl Fn() -> Bad,
    one: impl Fn(&Bound<'_, PyAny>) -> Result<T, Bad>,
) -> Result<Vec<T>, Bad> {
    if let Ok(list) = values.cast::<PyList>() {
        return list.iter().map(|value| one(&value)).collect();
    }
    let tuple = values.cast::<PyTuple>().map_err(|_| wrong())?;
    tuple.iter().map(|value| one(&value)).collect()
}
