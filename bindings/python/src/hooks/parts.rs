//! Reads of an index that has parts of the items only: what the table has of them takes their place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use itemseal::Item;
use itemseal_aws::rules::{Key, Projection};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::list;
use super::tables::Table;
use crate::convert::{Layer, item_from_dynamodb};
use crate::errors::raise;

/// What of a page is to be read from the table. The client does that, which then opens it too.
#[pyclass(frozen, module = "itemseal")]
pub(crate) struct Parts {
    table: Arc<Table>,
    /// As the request has it.
    name: String,
    projection: Option<Arc<Projection>>,
    report_capacity: Option<String>,
    order: Vec<Key>,
    keys: Py<PyList>,
}

impl Parts {
    /// None if the page has no items.
    pub(super) fn of(
        table: &Arc<Table>,
        name: String,
        projection: Option<&Arc<Projection>>,
        report_capacity: Option<String>,
        items: &Bound<'_, PyAny>,
    ) -> PyResult<Option<Self>> {
        let py = items.py();
        let config = table.config();
        let (keys, mut order, mut seen) = (PyList::empty(py), Vec::new(), BTreeSet::new());
        for part in list(items, "Items")? {
            let mut part = item_from_dynamodb(&part)?;
            let key = Key::of(config, &part).map_err(|error| raise(py, &error))?;
            // While an item changes its place in the index it may be there twice; a batch has each key once.
            if !seen.insert(key.clone()) {
                continue;
            }
            order.push(key);
            let names = std::iter::once(config.partition_key()).chain(config.sort_key());
            let key: Item =
                names.filter_map(|name| Some((name.to_owned(), part.remove(name)?))).collect();
            keys.append(Layer::DynamoDb.write(py, key)?)?;
        }
        if order.is_empty() {
            return Ok(None);
        }
        let (table, projection) = (Arc::clone(table), projection.cloned());
        Ok(Some(Self { table, name, projection, report_capacity, order, keys: keys.unbind() }))
    }
}

#[pymethods]
impl Parts {
    /// The table, as the request names it.
    #[getter]
    fn table(&self) -> &str {
        &self.name
    }

    /// The keys to read, as DynamoDB JSON.
    #[getter]
    fn keys(&self, py: Python<'_>) -> Py<PyList> {
        self.keys.clone_ref(py)
    }

    /// ReturnConsumedCapacity of the request, if it is given.
    #[getter]
    fn report_capacity(&self) -> Option<&str> {
        self.report_capacity.as_deref()
    }

    /// Puts the items, which are opened, in the place of their parts, in the index's order. What was deleted meanwhile
    /// is left out.
    fn complete(&self, parsed: &Bound<'_, PyDict>, items: &Bound<'_, PyList>) -> PyResult<()> {
        let py = parsed.py();
        let mut found = BTreeMap::new();
        for item in items {
            let item = item_from_dynamodb(&item)?;
            let key = Key::of(self.table.config(), &item).map_err(|error| raise(py, &error))?;
            found.insert(key, item);
        }
        let whole = PyList::empty(py);
        for item in self.order.iter().filter_map(|key| found.remove(key)) {
            let item = match &self.projection {
                Some(projection) => projection.of(&item),
                None => item,
            };
            whole.append(Layer::DynamoDb.write(py, item)?)?;
        }
        parsed.set_item("Items", whole)
    }

    fn __repr__(&self) -> String {
        format!("Parts({}, {} items)", self.name, self.order.len())
    }
}
