//! The parameters of a call, read one by one: what nobody asked for is unknown.

use std::borrow::Cow;
use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use itemseal_aws::item_to_sdk;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyInt, PyList, PyString, PyTuple};

use super::conditions::Conditions;
use crate::convert::Layer;
use crate::errors::{named, type_name};

/// An item, or a part of one, as the SDK has it.
pub(super) type Attributes = HashMap<String, AttributeValue>;
/// Placeholders in expressions.
pub(super) type Names = HashMap<String, String>;

/// What of DynamoDB's API is not used any more, and what is used instead.
const LEGACY: [(&str, &str); 8] = [
    ("AttributesToGet", "ProjectionExpression"),
    ("AttributeUpdates", "UpdateExpression"),
    ("ConditionalOperator", "AND and OR in the expression"),
    ("Expected", "ConditionExpression"),
    ("KeyConditions", "KeyConditionExpression"),
    ("QueryFilter", "FilterExpression"),
    ("ScanFilter", "FilterExpression"),
    ("Filter", "FilterExpression"),
];

/// A dict of parameters: a call's own, or one within them.
pub(super) struct Given<'py> {
    py: Python<'py>,
    /// For messages: the operation, and where in its parameters this is.
    place: Cow<'static, str>,
    values: Option<Bound<'py, PyDict>>,
    pub(super) layer: Layer,
    /// The parameters that were asked for.
    known: Vec<&'static str>,
    conditions: Conditions<'py>,
}

impl<'py> Given<'py> {
    pub(super) fn call(
        py: Python<'py>,
        operation: &'static str,
        values: Option<&Bound<'py, PyDict>>,
        layer: Layer,
    ) -> Self {
        let (place, values) = (Cow::Borrowed(operation), values.cloned());
        Self { py, place, values, layer, known: Vec::new(), conditions: Conditions::default() }
    }

    /// The parameters that are the value of one.
    pub(super) fn inner(&self, name: &str, value: &Bound<'py, PyAny>) -> PyResult<Self> {
        let place = format!("{}: {name}", self.place);
        let values = value.cast::<PyDict>().map_err(|_| self.wrong(name, "a dict", value))?;
        let mut inner = Self::call(self.py, "", Some(values), self.layer);
        inner.place = Cow::Owned(place);
        Ok(inner)
    }

    pub(super) fn misuse(&self, message: &str) -> PyErr {
        named(self.py, "MisuseError", &format!("{}: {message}", self.place), None)
    }

    fn wrong(&self, name: &str, kind: &str, value: &Bound<'_, PyAny>) -> PyErr {
        let found = type_name(value);
        let message = format!("{}: {name} is {kind}, not {found}", self.place);
        named(self.py, "UnsupportedTypeError", &message, None)
    }

    pub(super) fn value(&mut self, name: &'static str) -> PyResult<Option<Bound<'py, PyAny>>> {
        if !self.known.contains(&name) {
            self.known.push(name);
        }
        match &self.values {
            Some(values) => values.get_item(name),
            None => Ok(None),
        }
    }

    pub(super) fn needed(&mut self, name: &'static str) -> PyResult<Bound<'py, PyAny>> {
        self.value(name)?.ok_or_else(|| self.misuse(&format!("{name} is missing")))
    }

    pub(super) fn text(&mut self, name: &'static str) -> PyResult<Option<String>> {
        let Some(value) = self.value(name)? else { return Ok(None) };
        let text = value.cast::<PyString>().map_err(|_| self.wrong(name, "a str", &value))?;
        Ok(Some(text.to_str()?.to_owned()))
    }

    /// The name of the table, which every request has.
    pub(super) fn table(&mut self) -> PyResult<Option<String>> {
        match self.text("TableName")? {
            Some(name) => Ok(Some(name)),
            None => Err(self.misuse("TableName is missing")),
        }
    }

    pub(super) fn flag(&mut self, name: &'static str) -> PyResult<Option<bool>> {
        let Some(value) = self.value(name)? else { return Ok(None) };
        let flag = value.cast::<PyBool>().map_err(|_| self.wrong(name, "a bool", &value))?;
        Ok(Some(flag.is_true()))
    }

    pub(super) fn number(&mut self, name: &'static str) -> PyResult<Option<i32>> {
        let Some(value) = self.value(name)? else { return Ok(None) };
        if !value.is_instance_of::<PyInt>() || value.is_instance_of::<PyBool>() {
            return Err(self.wrong(name, "an int", &value));
        }
        let number = value.extract();
        Ok(Some(number.map_err(|_| self.misuse(&format!("{name} does not fit 32 bits")))?))
    }

    /// One of DynamoDB's own words.
    pub(super) fn word<E: for<'a> From<&'a str>>(
        &mut self,
        name: &'static str,
        words: &[&str],
    ) -> PyResult<Option<E>> {
        let Some(word) = self.text(name)? else { return Ok(None) };
        if !words.contains(&word.as_str()) {
            let message = format!("{name} is {word:?}; it can be {}", words.join(", "));
            return Err(self.misuse(&message));
        }
        Ok(Some(E::from(&word)))
    }

    pub(super) fn item(&mut self, name: &'static str) -> PyResult<Option<Attributes>> {
        let value = self.value(name)?;
        value.map(|value| self.one_item(&value)).transpose()
    }

    pub(super) fn needed_item(&mut self, name: &'static str) -> PyResult<Option<Attributes>> {
        let value = self.needed(name)?;
        self.one_item(&value).map(Some)
    }

    pub(super) fn one_item(&self, value: &Bound<'py, PyAny>) -> PyResult<Attributes> {
        Ok(item_to_sdk(self.layer.read(value)?))
    }

    /// A list's elements.
    pub(super) fn list(&mut self, name: &'static str) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let value = self.needed(name)?;
        self.elements(name, &value)
    }

    pub(super) fn elements(
        &self,
        name: &str,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        if let Ok(list) = value.cast::<PyList>() {
            return Ok(list.iter().collect());
        }
        let tuple = value.cast::<PyTuple>().map_err(|_| self.wrong(name, "a list", value))?;
        Ok(tuple.iter().collect())
    }

    /// A dict's entries, whose keys are names.
    pub(super) fn entries(
        &mut self,
        name: &'static str,
    ) -> PyResult<Vec<(String, Bound<'py, PyAny>)>> {
        let value = self.needed(name)?;
        let dict = value.cast::<PyDict>().map_err(|_| self.wrong(name, "a dict", &value))?;
        let entry = |(key, value): (Bound<'py, PyAny>, _)| {
            let key =
                key.cast::<PyString>().map_err(|_| self.wrong("a table's name", "a str", &key))?;
            Ok((key.to_str()?.to_owned(), value))
        };
        dict.iter().map(entry).collect()
    }

    /// An expression; as boto3's resources have them also one of its conditions.
    pub(super) fn condition(&mut self, name: &'static str) -> PyResult<Option<String>> {
        let Some(value) = self.value(name)? else { return Ok(None) };
        if let Ok(text) = value.cast::<PyString>() {
            return Ok(Some(text.to_str()?.to_owned()));
        }
        if self.layer == Layer::Python
            && let Some(text) = self.conditions.build(&value, name == "KeyConditionExpression")?
        {
            return Ok(Some(text));
        }
        Err(self.wrong(name, "a str", &value))
    }

    /// ExpressionAttributeNames, and what boto3's conditions add. To be read after all expressions.
    pub(super) fn names(&mut self) -> PyResult<Option<Names>> {
        const NAME: &str = "ExpressionAttributeNames";
        let given = self.value(NAME)?;
        let mut names = Names::new();
        if let Some(given) = &given {
            let dict = given.cast::<PyDict>().map_err(|_| self.wrong(NAME, "a dict", given))?;
            for (placeholder, name) in dict.iter() {
                let text = |value: &Bound<'_, PyAny>| match value.cast::<PyString>() {
                    Ok(text) => Ok(text.to_str()?.to_owned()),
                    Err(_) => Err(self.wrong(NAME, "a dict of str by str", value)),
                };
                names.insert(text(&placeholder)?, text(&name)?);
            }
        }
        names.extend(self.conditions.take_names());
        Ok((given.is_some() || !names.is_empty()).then_some(names))
    }

    /// ExpressionAttributeValues, and what boto3's conditions add. To be read after all expressions.
    pub(super) fn expression_values(&mut self) -> PyResult<Option<Attributes>> {
        let mut values = self.item("ExpressionAttributeValues")?;
        if let Some(more) = self.conditions.take_values() {
            values.get_or_insert_default().extend(self.one_item(&more)?);
        }
        Ok(values)
    }

    /// Nothing else may have been given.
    pub(super) fn finish(self) -> PyResult<()> {
        for name in self.values.iter().flat_map(|values| values.keys()) {
            let name =
                name.cast::<PyString>().map_err(|_| self.wrong("a parameter", "a str", &name))?;
            let name = name.to_str()?;
            if self.known.contains(&name) {
                continue;
            }
            let legacy = LEGACY.iter().find(|(legacy, _)| *legacy == name);
            let remedy = match legacy {
                Some((_, instead)) => format!("it is a legacy one; use {instead}"),
                None => format!("it has: {}", self.known.join(", ")),
            };
            return Err(self.misuse(&format!("there is no parameter {name}; {remedy}")));
        }
        Ok(())
    }
}
