//! Branch keys of a key store.

use std::sync::Arc;
use std::time::Duration;

use itemseal::keyring::{self, BranchKeyIdSupplier};
use itemseal::{AttributeValue, Error, ErrorKind, Item, Result};
use pyo3::prelude::*;

use super::{Keyring, Recipe, checked};
use crate::access::Access;
use crate::attach::attached;
use crate::convert::Layer;
use crate::errors::{named, type_name};
use crate::key_store::StoreRecipe;
use crate::seconds::some_seconds;
use crate::services::Services;

struct Hierarchical {
    store: StoreRecipe,
    branch_key: BranchKeyOf,
    ttl: Option<Duration>,
    most_age: Option<Duration>,
}

#[derive(Clone)]
enum BranchKeyOf {
    All(String),
    /// The value of an attribute.
    Each(String),
    /// What a function of Python's says.
    Said(Arc<Py<PyAny>>),
}

impl Recipe for Hierarchical {
    fn build(&self, services: &dyn Services) -> Result<Arc<dyn itemseal::Keyring>> {
        let store = self.store.open(services)?;
        let builder = match &self.branch_key {
            BranchKeyOf::All(id) => keyring::HierarchicalKeyring::builder(store, id),
            each => keyring::HierarchicalKeyring::with_supplier(store, each.clone()),
        };
        let builder = match self.ttl {
            Some(ttl) => builder.ttl(ttl),
            None => builder,
        };
        let builder = match self.most_age {
            Some(most_age) => builder.most_age(most_age),
            None => builder,
        };
        Ok(Arc::new(builder.build()?))
    }

    fn waits(&self) -> bool {
        true
    }
}

impl BranchKeyIdSupplier for BranchKeyOf {
    fn branch_key_id(&self, attributes: &Item) -> Result<String> {
        match self {
            Self::All(id) => Ok(id.clone()),
            Self::Each(name) => value(attributes, name),
            Self::Said(function) => {
                let said = attached(|py| say(function.bind(py), attributes));
                let ending = || Error::new(ErrorKind::Internal, "the Python interpreter is ending");
                said.ok_or_else(ending)?.map_err(|error| {
                    let message = "branch_key_id_from did not give the id of a branch key, as text, for an item";
                    Error::new(ErrorKind::Misuse, message).with_source(error)
                })
            }
        }
    }
}

fn say(function: &Bound<'_, PyAny>, attributes: &Item) -> PyResult<String> {
    let item = Layer::Python.write(function.py(), attributes.clone())?;
    function.call1((item,))?.extract()
}

fn value(item: &Item, name: &str) -> Result<String> {
    match item.get(name) {
        Some(AttributeValue::S(text)) => Ok(text.clone()),
        Some(_) => Err(Error::new(ErrorKind::Misuse, "a branch key's id is text").with_attribute(name)),
        None => Err(Error::new(
            ErrorKind::Misuse,
            "it says whose branch key the item is under, so it has to be a key attribute, or be listed in context \
             and be there",
        )
        .with_attribute(name)),
    }
}

/// Wraps data keys under branch keys of a key store: one KMS call for each branch key version and process, whatever
/// the number of items.
///
/// key_store is the name of the key store's table, and key_store_name the logical name that its keys were made with
/// (the table's unless given). key_arn is the KMS key that they are under, and regions are those of the table and the
/// key, home first, and without them the one of the ARN.
///
/// Give one of branch_key_id, the id of one branch key for all items, and branch_key_id_from: the name of the key or
/// context attribute that has each item's, or a function that takes a dict of these attributes and returns the id. It
/// is called in other threads, must not wait, and must go on saying the same for an item. What it raises is the cause
/// of a MisuseError.
///
/// A branch key is used for ttl, 10 minutes unless given, and then asked for again; while nobody answers, the old one
/// serves up to most_age, six times the ttl unless given. Both are seconds or a timedelta, as is deadline: 5 seconds
/// for KMS unless given.
#[pyclass(frozen, extends = Keyring, module = "itemseal")]
pub(crate) struct HierarchicalKeyring {
    table: String,
    key_arn: String,
    regions: Vec<String>,
}

#[pymethods]
impl HierarchicalKeyring {
    #[new]
    #[pyo3(signature = (key_store, key_arn, regions=Vec::new(), *, branch_key_id=None, branch_key_id_from=None,
        key_store_name=None, ttl=None, most_age=None, deadline=None, grant_tokens=Vec::new()))]
    #[allow(clippy::too_many_arguments, reason = "Python's keyword arguments")]
    fn new(
        py: Python<'_>,
        key_store: String,
        key_arn: String,
        regions: Vec<String>,
        branch_key_id: Option<String>,
        branch_key_id_from: Option<&Bound<'_, PyAny>>,
        key_store_name: Option<String>,
        ttl: Option<&Bound<'_, PyAny>>,
        most_age: Option<&Bound<'_, PyAny>>,
        deadline: Option<&Bound<'_, PyAny>>,
        grant_tokens: Vec<String>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let this =
            Self { table: key_store.clone(), key_arn: key_arn.clone(), regions: regions.clone() };
        let access = Access::new(deadline, grant_tokens)?;
        let logical_name = key_store_name.unwrap_or_else(|| key_store.clone());
        let store = StoreRecipe { table: key_store, logical_name, key_arn, regions, access };
        let branch_key = branch_key_of(py, branch_key_id, branch_key_id_from)?;
        let (ttl, most_age) = (some_seconds("ttl", ttl)?, some_seconds("most_age", most_age)?);
        let recipe = Hierarchical { store, branch_key, ttl, most_age };
        Ok(checked(py, recipe)?.add_subclass(this))
    }

    fn __repr__(&self) -> String {
        let Self { table, key_arn, regions } = self;
        format!("HierarchicalKeyring({table:?}, {key_arn:?}, regions={regions:?})")
    }
}

fn branch_key_of(
    py: Python<'_>,
    one: Option<String>,
    each: Option<&Bound<'_, PyAny>>,
) -> PyResult<BranchKeyOf> {
    match (one, each) {
        (Some(id), None) => Ok(BranchKeyOf::All(id)),
        (None, Some(each)) => match each.extract::<String>() {
            Ok(attribute) => Ok(BranchKeyOf::Each(attribute)),
            Err(_) if each.is_callable() => Ok(BranchKeyOf::Said(Arc::new(each.clone().unbind()))),
            Err(_) => {
                let given = type_name(each);
                let message = format!(
                    "branch_key_id_from is an attribute's name or a function from an item to an id, not {given}"
                );
                Err(named(py, "UnsupportedTypeError", &message, None))
            }
        },
        _ => {
            let message = "say one of branch_key_id, the id of one branch key for all items, and branch_key_id_from, \
                           the key or context attribute that has each item's, or a function";
            Err(named(py, "MisuseError", message, None))
        }
    }
}
