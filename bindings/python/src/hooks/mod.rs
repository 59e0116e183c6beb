//! Encryption in the clients of botocore, by hooks on its events.
//!
//! Before a request is built, its items are encrypted; before an answer is handed on, its items are opened. What a
//! request leaves for its answer is in the call's own context. One file a group of operations; what no file knows
//! is refused where it names an encrypted table.

mod answer;
mod batch_get;
mod batch_write;
mod one_item;
mod others;
mod pages;
mod parts;
mod request;
mod shape;
mod streams;
mod tables;
mod tokens;
mod transact_get;
mod transact_write;
mod work;
mod writes;

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use crate::errors::{misuse, raise};
use crate::keyring::Keyring;
use crate::runtime::{awaitable, wait};
use answer::State;
use parts::Parts;
use streams::Iterators;
use tables::Tables;
use tokens::Tokens;
use work::{Before, Work};

/// What attach registers. It works on the requests and answers that botocore's events hand out.
#[pyclass(frozen, module = "itemseal")]
pub(crate) struct Hooks {
    tables: Tables,
    complete_index_reads: bool,
    tokens: Arc<Tokens>,
    iterators: Arc<Iterators>,
}

impl Hooks {
    /// What is to be done with a request of DynamoDB; nothing if it is about no encrypted table.
    fn plan(&self, operation: &str, params: &Bound<'_, PyDict>) -> PyResult<Option<Before>> {
        let tables = &self.tables;
        match operation {
            "GetItem" => one_item::get(tables, params),
            "PutItem" => writes::put(tables, params),
            "UpdateItem" => writes::update(tables, params),
            "DeleteItem" => writes::delete(tables, params),
            "Query" | "Scan" => pages::page(tables, operation, params, self.complete_index_reads),
            "BatchGetItem" => batch_get::batch(tables, params),
            "BatchWriteItem" => batch_write::batch(tables, params),
            "TransactGetItems" => transact_get::transaction(tables, params),
            "TransactWriteItems" => transact_write::transaction(tables, &self.tokens, params),
            _ => others::check(tables, operation, params).map(|()| None),
        }
    }

    /// The same for DynamoDB Streams.
    fn plan_stream(&self, operation: &str, params: &Bound<'_, PyDict>) -> PyResult<Option<Before>> {
        streams::plan(&self.tables, &self.iterators, operation, params)
    }

    fn begin(
        &self,
        service: &str,
        operation: &str,
        params: &Bound<'_, PyDict>,
        context: &Bound<'_, PyDict>,
    ) -> PyResult<Work> {
        let planned = match service {
            "dynamodb" => self.plan(operation, params)?,
            _ => self.plan_stream(operation, params)?,
        };
        Ok(match planned {
            Some(before) => {
                if let Some(answer) = before.answer {
                    State::put(context, answer)?;
                }
                before.work
            }
            None => Work::none(),
        })
    }
}

#[pymethods]
impl Hooks {
    #[new]
    fn new(
        py: Python<'_>,
        config: &Bound<'_, PyAny>,
        keyring: Option<&Bound<'_, Keyring>>,
        aws: &Bound<'_, PyAny>,
        legacy: Option<&Bound<'_, PyDict>>,
        complete_index_reads: bool,
    ) -> PyResult<Self> {
        let tables = Tables::read(py, config, keyring)?.reading(legacy)?.over(aws)?;
        let (tokens, iterators) = (Arc::default(), Arc::default());
        Ok(Self { tables, complete_index_reads, tokens, iterators })
    }

    /// The tables' names.
    #[getter]
    fn tables(&self) -> Vec<String> {
        self.tables.names()
    }

    /// Whether these would do what others do.
    fn same_as(&self, other: &Bound<'_, Self>) -> bool {
        let other = other.get();
        self.tables == other.tables && self.complete_index_reads == other.complete_index_reads
    }

    /// The tables that a request is about and that have not been described yet, as it names them.
    fn missing<'py>(
        &self,
        operation: &str,
        params: &Bound<'py, PyDict>,
    ) -> PyResult<Vec<Bound<'py, PyString>>> {
        shape::missing(&self.tables, operation, params)
    }

    /// Takes what DescribeTable and DescribeTimeToLive say of a table, and checks its configuration against it.
    fn described(
        &self,
        table: &str,
        described: &Bound<'_, PyDict>,
        time_to_live: &Bound<'_, PyDict>,
    ) -> PyResult<()> {
        let Some(table) = self.tables.named(table) else { return Ok(()) };
        let shape = shape::read(described, time_to_live)?;
        shape.check(table.config()).map_err(|error| raise(described.py(), &error))?;
        table.set_shape(shape);
        Ok(())
    }

    /// Encrypts what a request holds. Only the outermost dict of its parameters is changed. Where tables have to be
    /// described first, it changes nothing and says which.
    fn before<'py>(
        &self,
        service: &str,
        operation: &str,
        params: &Bound<'py, PyDict>,
        context: &Bound<'_, PyDict>,
    ) -> PyResult<Option<Vec<Bound<'py, PyString>>>> {
        if service == "dynamodb" {
            let missing = self.missing(operation, params)?;
            if !missing.is_empty() {
                return Ok(Some(missing));
            }
        }
        run(params.py(), self.begin(service, operation, params, context)?)?;
        Ok(None)
    }

    /// The same for asyncio.
    fn before_async<'py>(
        &self,
        service: &str,
        operation: &str,
        params: &Bound<'py, PyDict>,
        context: &Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, PyAny>> {
        run_async(params.py(), self.begin(service, operation, params, context)?)
    }

    /// Opens what an answer holds, in place. Where it has parts of items only, it changes nothing and says which are to
    /// be read.
    #[staticmethod]
    fn after(
        parsed: &Bound<'_, PyDict>,
        failed: bool,
        context: &Bound<'_, PyDict>,
    ) -> PyResult<Option<Parts>> {
        let Some(answer) = State::take(context)? else { return Ok(None) };
        if !failed && let Some(parts) = answer.parts(parsed)? {
            return Ok(Some(parts));
        }
        run(parsed.py(), answer.work(parsed, failed)?)?;
        Ok(None)
    }

    /// The same for asyncio.
    #[staticmethod]
    fn after_async<'py>(
        parsed: &Bound<'py, PyDict>,
        failed: bool,
        context: &Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = parsed.py();
        let Some(answer) = State::take(context)? else { return run_async(py, Work::none()) };
        if !failed && let Some(parts) = answer.parts(parsed)? {
            let parts = Py::new(py, parts)?.into_any();
            return awaitable(py, false, async { Ok(()) }, |_, ()| Ok(parts));
        }
        run_async(py, answer.work(parsed, failed)?)
    }

    fn __repr__(&self) -> String {
        format!("Hooks(tables: {})", self.tables.names().join(", "))
    }
}

fn run(py: Python<'_>, work: Work) -> PyResult<()> {
    if work.jobs.is_empty() {
        return (work.finish)(py, Vec::new());
    }
    let (waits, finish) = (work.waits(), work.finish);
    let done = wait(py, waits, work::all(work.jobs, work.all_or_none))?;
    finish(py, done)
}

fn run_async(py: Python<'_>, work: Work) -> PyResult<Bound<'_, PyAny>> {
    let (waits, finish) = (work.waits(), work.finish);
    let all = work::all(work.jobs, work.all_or_none);
    awaitable(py, waits, all, move |py, done| finish(py, done).map(|()| py.None()))
}

/// A list of a request, which may be a tuple too.
fn list<'py>(value: &Bound<'py, PyAny>, name: &str) -> PyResult<Vec<Bound<'py, PyAny>>> {
    if let Ok(list) = value.cast::<PyList>() {
        return Ok(list.iter().collect());
    }
    if let Ok(tuple) = value.cast::<pyo3::types::PyTuple>() {
        return Ok(tuple.iter().collect());
    }
    Err(misuse(value.py(), &format!("{name} is a list")))
}
