//! From the SDKs' requests to the lab, and back.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;

use crate::Lab;
use crate::faults::Unanswered;
use crate::http::handle_here;

/// Gives every client of an SDK a connector with that client's timeouts.
#[derive(Debug)]
pub(super) struct LabHttpClient {
    lab: Lab,
}

impl LabHttpClient {
    pub(super) fn new(lab: Lab) -> Self {
        Self { lab }
    }
}

impl HttpClient for LabHttpClient {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(LabConnector {
            lab: self.lab.clone(),
            read_timeout: settings.read_timeout(),
            sleep: components.sleep_impl(),
        })
    }
}

/// Answers requests. There is no connecting, and so no timeout of it.
#[derive(Clone, Debug)]
struct LabConnector {
    lab: Lab,
    read_timeout: Option<Duration>,
    sleep: Option<SharedAsyncSleep>,
}

impl HttpConnector for LabConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let this = self.clone();
        HttpConnectorFuture::new(async move {
            let (Some(timeout), Some(sleep)) = (this.read_timeout, &this.sleep) else {
                return this.answer(request).await;
            };
            let (mut answer, mut waited) = (pin!(this.answer(request)), pin!(sleep.sleep(timeout)));
            // The answer first: the wait is for when there is none.
            poll_fn(|context| {
                if let Poll::Ready(answer) = answer.as_mut().poll(context) {
                    return Poll::Ready(answer);
                }
                let late = || Err(ConnectorError::timeout("the lab was told not to answer".into()));
                waited.as_mut().poll(context).map(|()| late())
            })
            .await
        })
    }
}

impl LabConnector {
    async fn answer(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let user = |message: &str| ConnectorError::user(message.to_owned().into());
        let request =
            request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
        let (parts, body) = request.into_parts();
        let body = body.bytes().map(Bytes::copy_from_slice);
        let body = body.ok_or_else(|| user("the lab takes no body that is streamed"))?;
        let response = handle_here(&self.lab, http::Request::from_parts(parts, body)).await;
        if response.extensions().get::<Unanswered>().is_some() {
            let refused = std::io::ErrorKind::ConnectionRefused;
            let refused = std::io::Error::new(refused, "the lab was told to refuse the connection");
            return Err(ConnectorError::io(refused.into()));
        }
        let response = response.map(SdkBody::from);
        HttpResponse::try_from(response).map_err(|error| ConnectorError::other(error.into(), None))
    }
}
