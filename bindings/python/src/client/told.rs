//! Answers as boto3's clients have them.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{
    AttributeValue, Capacity, ConsumedCapacity, ItemCollectionMetrics, KeysAndAttributes,
    WriteRequest,
};
use itemseal_aws::item_from_sdk;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::given::Attributes;
use crate::convert::Layer;
use crate::errors::raise;

/// A result that is being written. What DynamoDB left out is left out.
pub(super) struct Told<'py> {
    pub(super) dict: Bound<'py, PyDict>,
    pub(super) layer: Layer,
}

impl<'py> Told<'py> {
    pub(super) fn new(py: Python<'py>, layer: Layer) -> Self {
        Self { dict: PyDict::new(py), layer }
    }

    pub(super) fn py(&self) -> Python<'py> {
        self.dict.py()
    }

    pub(super) fn one_item(&self, item: Attributes) -> PyResult<Bound<'py, PyDict>> {
        let item = item_from_sdk(item).map_err(|error| raise(self.py(), &error))?;
        self.layer.write(self.py(), item)
    }

    pub(super) fn list(&self, items: Vec<Attributes>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        items.into_iter().map(|item| self.one_item(item)).collect()
    }

    pub(super) fn set(&self, name: &str, value: impl IntoPyObject<'py>) -> PyResult<()> {
        self.dict.set_item(name, value)
    }

    pub(super) fn item(&self, name: &str, item: Option<Attributes>) -> PyResult<()> {
        match item {
            Some(item) => self.set(name, self.one_item(item)?),
            None => Ok(()),
        }
    }

    pub(super) fn items(&self, name: &str, items: Option<Vec<Attributes>>) -> PyResult<()> {
        match items {
            Some(items) => self.set(name, self.list(items)?),
            None => Ok(()),
        }
    }

    pub(super) fn capacity(&self, capacity: Option<ConsumedCapacity>) -> PyResult<()> {
        match capacity {
            Some(capacity) => self.set("ConsumedCapacity", self.one_capacity(capacity)?),
            None => Ok(()),
        }
    }

    pub(super) fn capacities(&self, all: Option<Vec<ConsumedCapacity>>) -> PyResult<()> {
        let Some(all) = all else { return Ok(()) };
        let all = all.into_iter().map(|capacity| self.one_capacity(capacity));
        self.set("ConsumedCapacity", all.collect::<PyResult<Vec<_>>>()?)
    }

    fn one_capacity(&self, of: ConsumedCapacity) -> PyResult<Bound<'py, PyDict>> {
        let told = Self::new(self.py(), self.layer);
        if let Some(name) = of.table_name {
            told.set("TableName", name)?;
        }
        told.units(of.capacity_units, of.read_capacity_units, of.write_capacity_units)?;
        if let Some(table) = of.table {
            told.set("Table", told.one_place(table)?)?;
        }
        for (name, indexes) in [
            ("LocalSecondaryIndexes", of.local_secondary_indexes),
            ("GlobalSecondaryIndexes", of.global_secondary_indexes),
        ] {
            if let Some(indexes) = indexes {
                let all = Self::new(self.py(), self.layer);
                for (index, capacity) in indexes {
                    all.set(&index, told.one_place(capacity)?)?;
                }
                told.set(name, all.dict)?;
            }
        }
        Ok(told.dict)
    }

    fn one_place(&self, of: Capacity) -> PyResult<Bound<'py, PyDict>> {
        let told = Self::new(self.py(), self.layer);
        told.units(of.capacity_units, of.read_capacity_units, of.write_capacity_units)?;
        Ok(told.dict)
    }

    fn units(&self, all: Option<f64>, read: Option<f64>, write: Option<f64>) -> PyResult<()> {
        let named =
            [("CapacityUnits", all), ("ReadCapacityUnits", read), ("WriteCapacityUnits", write)];
        for (name, units) in named {
            if let Some(units) = units {
                self.set(name, units)?;
            }
        }
        Ok(())
    }

    pub(super) fn collection(&self, metrics: Option<ItemCollectionMetrics>) -> PyResult<()> {
        match metrics {
            Some(metrics) => self.set("ItemCollectionMetrics", self.one_collection(metrics)?),
            None => Ok(()),
        }
    }

    pub(super) fn collections(
        &self,
        metrics: Option<HashMap<String, Vec<ItemCollectionMetrics>>>,
    ) -> PyResult<()> {
        let Some(metrics) = metrics else { return Ok(()) };
        let tables = PyDict::new(self.py());
        for (table, all) in metrics {
            let all = all.into_iter().map(|one| self.one_collection(one));
            tables.set_item(table, all.collect::<PyResult<Vec<_>>>()?)?;
        }
        self.set("ItemCollectionMetrics", tables)
    }

    fn one_collection(&self, metrics: ItemCollectionMetrics) -> PyResult<Bound<'py, PyDict>> {
        let told = Self::new(self.py(), self.layer);
        told.item("ItemCollectionKey", metrics.item_collection_key)?;
        if let Some(range) = metrics.size_estimate_range_gb {
            told.set("SizeEstimateRangeGB", range)?;
        }
        Ok(told.dict)
    }

    /// What of a batch is left to write, as it was given.
    pub(super) fn write_request(&self, request: WriteRequest) -> PyResult<Bound<'py, PyDict>> {
        let told = Self::new(self.py(), self.layer);
        let within = |name: &str, item: HashMap<String, AttributeValue>| {
            let within = Self::new(self.py(), self.layer);
            within.item(name, Some(item))?;
            PyResult::Ok(within.dict)
        };
        if let Some(put) = request.put_request {
            told.set("PutRequest", within("Item", put.item)?)?;
        }
        if let Some(delete) = request.delete_request {
            told.set("DeleteRequest", within("Key", delete.key)?)?;
        }
        Ok(told.dict)
    }

    /// What of a batch is left to read, as it was given.
    pub(super) fn keys(&self, request: KeysAndAttributes) -> PyResult<Bound<'py, PyDict>> {
        let told = Self::new(self.py(), self.layer);
        told.items("Keys", Some(request.keys))?;
        if let Some(consistent) = request.consistent_read {
            told.set("ConsistentRead", consistent)?;
        }
        if let Some(expression) = request.projection_expression {
            told.set("ProjectionExpression", expression)?;
        }
        if let Some(names) = request.expression_attribute_names {
            told.set("ExpressionAttributeNames", names)?;
        }
        Ok(told.dict)
    }
}
