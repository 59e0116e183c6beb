use std::sync::Arc;

use pyo3::prelude::*;

use super::failure::Failure;
use super::parameter::{Parameters, into_python};
use super::{Clients, outcome};
use crate::event_loop::{self, Call, in_a_thread};

/// Which call.
#[derive(Clone, Copy)]
pub(super) struct Operation {
    /// boto3's names.
    pub(super) service: &'static str,
    pub(super) method: &'static str,
}

impl Clients {
    /// Makes a call in a thread that may wait, and takes from the answer what `read` does.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        region: &str,
        operation: Operation,
        parameters: Parameters,
        read: fn(&Bound<'_, PyAny>) -> PyResult<T>,
    ) -> Result<T, Failure> {
        let (clients, region) = (Arc::clone(&self.0), region.to_owned());
        let event_loop = event_loop::current();
        let begin = move |py: Python<'_>| -> PyResult<Call> {
            let Operation { service, method } = operation;
            let parameters = into_python(py, parameters)?;
            let event_loop = event_loop.as_ref().map(|event_loop| event_loop.bind(py));
            let arguments =
                (service, region, method, parameters, event_loop).into_pyobject(py)?.unbind();
            let function = clients.getattr(py, "call")?;
            Ok(Call { function, arguments, explain: outcome(py)? })
        };
        let called = in_a_thread(begin, move |_, given| match given {
            Ok(answer) => read(&answer).map_err(Failure::of_answer),
            Err((cause, outcome)) => Err(Failure::of(cause, &outcome)),
        });
        called.await.unwrap_or_else(|error| Err(Failure::unsent(&error.to_string())))
    }
}
