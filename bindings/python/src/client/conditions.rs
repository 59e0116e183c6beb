//! boto3's conditions, `Key("pk").eq("1") & Attr("n").gt(2)`: boto3 itself makes expressions of them.

use std::collections::HashMap;

use pyo3::prelude::*;
use pyo3::types::PyDict;

/// The conditions of one request, whose placeholders are counted together.
#[derive(Default)]
pub(super) struct Conditions<'py> {
    builder: Option<Bound<'py, PyAny>>,
    names: HashMap<String, String>,
    values: Option<Bound<'py, PyDict>>,
}

impl<'py> Conditions<'py> {
    /// A condition's expression; none if it is none of boto3's.
    pub(super) fn build(
        &mut self,
        condition: &Bound<'py, PyAny>,
        of_key: bool,
    ) -> PyResult<Option<String>> {
        const MODULE: &str = "boto3.dynamodb.conditions";
        // Nobody has one who has not imported boto3.
        if condition.get_type().module()?.to_str()? != MODULE {
            return Ok(None);
        }
        let py = condition.py();
        let builder = match &self.builder {
            Some(builder) => builder,
            None => {
                let class = py.import(MODULE)?.getattr("ConditionExpressionBuilder")?;
                self.builder.insert(class.call0()?)
            }
        };
        let built = builder.call_method1("build_expression", (condition, of_key))?;
        let names = built.getattr("attribute_name_placeholders")?;
        self.names.extend(names.extract::<HashMap<String, String>>()?);
        let values = built.getattr("attribute_value_placeholders")?;
        let all = self.values.get_or_insert_with(|| PyDict::new(py));
        all.update(values.cast()?)?;
        Ok(Some(built.getattr("condition_expression")?.extract()?))
    }

    pub(super) fn take_names(&mut self) -> HashMap<String, String> {
        std::mem::take(&mut self.names)
    }

    pub(super) fn take_values(&mut self) -> Option<Bound<'py, PyAny>> {
        let values = self.values.take().filter(|values| !values.is_empty());
        values.map(Bound::into_any)
    }
}
