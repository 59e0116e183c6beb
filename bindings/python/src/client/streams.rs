//! The change records that AWS Lambda hands over.

use std::future::Future;

use itemseal::{Error, ErrorKind, Result};
use itemseal_aws::{LambdaRecords, RecordError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use serde_json::Value;

use super::connection::Connection;
use crate::errors::raise;
use crate::runtime::{awaitable, wait};

/// Opens the images in change records of encrypted tables, as AWS Lambda hands them over: of DynamoDB Streams, and of
/// Kinesis.
///
/// Each result is a dict: Records, those that opened, in their order and as Lambda has them ({"S": …}, binary data in
/// base64); Failed, a dict with SequenceNumber, EventId, TableName, Image, Key and Error for each of the others; and
/// batchItemFailures, with which a function tells Lambda to hand those over again.
#[pyclass(frozen, module = "itemseal", name = "StreamOpener")]
pub(crate) struct StreamOpener {
    connection: Connection,
}

/// Where an event comes from.
#[derive(Clone, Copy)]
enum From {
    DynamoDb,
    Kinesis,
}

impl StreamOpener {
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection }
    }

    fn open(
        &self,
        event: &Bound<'_, PyAny>,
        from: From,
    ) -> PyResult<impl Future<Output = Result<LambdaRecords>> + Send + use<>> {
        let py = event.py();
        let text: String = py.import("json")?.call_method1("dumps", (event,))?.extract()?;
        let event: Value = serde_json::from_str(&text).map_err(|_| {
            raise(py, &Error::new(ErrorKind::Malformed, "the event is not of JSON's types"))
        })?;
        let connection = self.connection.clone();
        Ok(async move {
            let opener = connection.client().await?.stream_opener();
            match from {
                From::DynamoDb => opener.open_lambda_event(event).await,
                From::Kinesis => opener.open_lambda_kinesis_event(event).await,
            }
        })
    }
}

#[pymethods]
impl StreamOpener {
    /// Opens an event of DynamoDB Streams.
    fn open_lambda_event<'py>(&self, event: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
        let py = event.py();
        result(py, wait(py, true, self.open(event, From::DynamoDb)?)?)
    }

    /// open_lambda_event for asyncio.
    fn open_lambda_event_async<'py>(
        &self,
        event: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        awaitable(event.py(), true, self.open(event, From::DynamoDb)?, |py, records| {
            Ok(result(py, records)?.into_any().unbind())
        })
    }

    /// Opens an event of a Kinesis stream that has the changes of DynamoDB tables.
    fn open_lambda_kinesis_event<'py>(
        &self,
        event: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let py = event.py();
        result(py, wait(py, true, self.open(event, From::Kinesis)?)?)
    }

    /// open_lambda_kinesis_event for asyncio.
    fn open_lambda_kinesis_event_async<'py>(
        &self,
        event: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        awaitable(event.py(), true, self.open(event, From::Kinesis)?, |py, records| {
            Ok(result(py, records)?.into_any().unbind())
        })
    }
}

fn result<'py>(py: Python<'py>, records: LambdaRecords) -> PyResult<Bound<'py, PyDict>> {
    let json = |text: String| py.import("json")?.call_method1("loads", (text,));
    let dict = PyDict::new(py);
    let failures = json(records.batch_item_failures().to_string())?;
    dict.set_item("batchItemFailures", failures.get_item("batchItemFailures")?)?;
    let (opened, failed) = (PyList::empty(py), PyList::empty(py));
    for record in records {
        match record {
            Ok(record) => opened.append(json(record.to_string())?)?,
            Err(error) => failed.append(one_failure(py, error, json)?)?,
        }
    }
    dict.set_item("Records", opened)?;
    dict.set_item("Failed", failed)?;
    Ok(dict)
}

fn one_failure<'py>(
    py: Python<'py>,
    error: RecordError,
    json: impl Fn(String) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("SequenceNumber", error.sequence_number())?;
    dict.set_item("EventId", error.event_id())?;
    dict.set_item("TableName", error.table())?;
    dict.set_item("Image", error.image())?;
    dict.set_item("Key", json(error.key().to_json())?)?;
    dict.set_item("Error", raise(py, &error.into_error()).into_value(py))?;
    Ok(dict)
}
