//! The endpoint on a socket.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::serve::ListenerExt;
use bytes::Bytes;
use http::header::{CONNECTION, HeaderValue};
use http::{Request, Response};
use http_body_util::{BodyExt, Limited};
use itemseal::{Error, ErrorKind, Result};
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::answer;
use super::dispatch::handle;
use super::errors::Refusal;
use super::sigv4::Credentials;
use super::target::Service;
use crate::{Lab, Replication};

/// The most that a request's body may hold, in bytes:
/// [16 MB](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
const MAX_BODY_LEN_BYTES: usize = 16 * 1024 * 1024;
/// A longer body is read up to this, and thrown away, so that the client gets to read the answer.
const MAX_DISCARDED_LEN_BYTES: usize = 4 * MAX_BODY_LEN_BYTES;
/// How many connections may wait to be accepted: a test suite can open hundreds at once.
const BACKLOG: u32 = 1024;
/// How long requests may go on once the server is told to end.
const GRACE: Duration = Duration::from_secs(2);

/// DynamoDB and KMS of a [`Lab`] behind one HTTP endpoint, for every AWS SDK. Ends when it is
/// [shut down](Self::shutdown) or dropped.
///
/// A request's Region and service are those of its signature's scope, so `AWS_ENDPOINT_URL` alone is
/// enough. The server has threads of its own, and needs no runtime where it is started.
#[derive(Debug)]
pub struct LabServer {
    address: SocketAddr,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    runtime: Runtime,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

/// Builds a [`LabServer`].
#[derive(Debug)]
pub struct LabServerBuilder {
    lab: Lab,
    address: SocketAddr,
    replication: Replication,
    credentials: Option<Credentials>,
}

#[derive(Debug)]
struct Endpoint {
    lab: Lab,
    credentials: Option<Credentials>,
}

impl LabServerBuilder {
    /// Where to listen; 127.0.0.1 and any free port unless given. Whoever reaches the address can
    /// use every key of the lab.
    #[must_use]
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// When changes go from Region to Region; by themselves, unless
    /// [`Manual`](Replication::Manual) is given here and to the lab.
    #[must_use]
    pub fn replication(mut self, replication: Replication) -> Self {
        self.replication = replication;
        self
    }

    /// Refuses requests that are not signed with this access key. Unless given, no signature is
    /// checked. A signature's date is not held against any clock.
    #[must_use]
    pub fn credentials(
        mut self,
        access_key_id: impl Into<String>,
        secret_access_key: impl Into<String>,
    ) -> Self {
        let (id, secret) = (access_key_id.into(), secret_access_key.into());
        self.credentials = Some(Credentials::new(id, secret));
        self
    }

    /// Listens and serves.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if the address cannot be listened on;
    /// [`Internal`](ErrorKind::Internal) if there are no threads to be had.
    pub fn start(self) -> Result<LabServer> {
        let taken = |error: std::io::Error| {
            let message = format!("cannot listen on {}", self.address);
            Error::new(ErrorKind::Misuse, message).with_source(error)
        };
        let internal = |message: &str| Error::new(ErrorKind::Internal, message.to_owned());
        if self.replication == Replication::Automatic {
            let started = self.lab.tables().replicate_automatically();
            started.map_err(|error| internal("replication does not start").with_source(error))?;
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_io()
            .enable_time()
            .thread_name("itemseal-lab-http")
            .build()
            .map_err(|error| internal("the server's threads do not start").with_source(error))?;
        let listener = {
            let _within = runtime.enter();
            listen(self.address).map_err(taken)?
        };
        let address = listener.local_addr().map_err(taken)?;
        let endpoint = Arc::new(Endpoint { lab: self.lab, credentials: self.credentials });
        let router = Router::new().fallback(serve_one).with_state(endpoint);
        let (stop, stopped) = oneshot::channel();
        // Small answers must not wait for the client's acknowledgement of the ones before.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let served = runtime.spawn(async move {
            let ended = async { drop(stopped.await) };
            // It never fails: what cannot be accepted is tried again.
            let _ = axum::serve(listener, router).with_graceful_shutdown(ended).await;
        });
        Ok(LabServer { address, running: Some(Running { runtime, stop, served }) })
    }
}

impl LabServer {
    /// Builds a server for a lab.
    pub fn builder(lab: &Lab) -> LabServerBuilder {
        LabServerBuilder {
            lab: lab.clone(),
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            replication: Replication::Automatic,
            credentials: None,
        }
    }

    /// Serves a lab on 127.0.0.1 and a free port, and lets it replicate by itself.
    ///
    /// # Errors
    /// As of [`LabServerBuilder::start`].
    pub fn start(lab: &Lab) -> Result<Self> {
        Self::builder(lab).start()
    }

    /// The endpoint's URL, such as `http://127.0.0.1:4566`: what `AWS_ENDPOINT_URL` is set to.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends the server: it accepts nothing more, and requests that are being served get two seconds
    /// to end. Idle connections are closed.
    pub async fn shutdown(mut self) {
        if let Some(Running { runtime, stop, served }) = self.running.take() {
            let _ = stop.send(());
            // On the server's own timer, since the caller's runtime may have none.
            let wait =
                runtime.spawn(async move { drop(tokio::time::timeout(GRACE, served).await) });
            let _ = wait.await;
            runtime.shutdown_background();
        }
    }
}

impl Drop for LabServer {
    fn drop(&mut self) {
        if let Some(Running { runtime, stop, .. }) = self.running.take() {
            let _ = stop.send(());
            // Waiting is not allowed where this may be dropped, in another runtime.
            runtime.shutdown_background();
        }
    }
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A server that ended a moment ago must not keep the port from its successor.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

async fn serve_one(
    State(endpoint): State<Arc<Endpoint>>,
    request: Request<Body>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let response = match collect(body).await {
        Ok(Some(body)) => endpoint.answer(Request::from_parts(parts, body)).await,
        Ok(None) => refuse_large(&endpoint.lab),
        // The client has gone, or sends what is not HTTP: nobody reads the answer.
        Err(()) => closing(answer::plain(400, "text/plain", Vec::new())),
    };
    response.map(Body::from)
}

impl Endpoint {
    async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        if let Some(credentials) = &self.credentials
            && request.method() == http::Method::POST
            && let Err(refusal) = credentials.verify(&request)
        {
            let target = super::target::Target::read(request.headers());
            let service = target.map_or(Service::DynamoDb, |target| target.service);
            return answer::of(service, Err(refusal), self.lab.entropy());
        }
        handle(&self.lab, request).await
    }
}

/// A body; none if it is too long.
async fn collect(body: Body) -> Result<Option<Bytes>, ()> {
    let mut body = Limited::new(body, MAX_DISCARDED_LEN_BYTES);
    let mut whole = Vec::new();
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            // Either the client broke off, or there is no end of it.
            return if length > MAX_BODY_LEN_BYTES { Ok(None) } else { Err(()) };
        };
        if let Ok(data) = frame.into_data() {
            length = length.saturating_add(data.len());
            if length <= MAX_BODY_LEN_BYTES {
                whole.extend_from_slice(&data);
            } else {
                whole = Vec::new();
            }
        }
    }
    Ok((length <= MAX_BODY_LEN_BYTES).then(|| whole.into()))
}

fn refuse_large(lab: &Lab) -> Response<Bytes> {
    let refusal = Refusal::too_large(MAX_BODY_LEN_BYTES);
    closing(answer::of(Service::DynamoDb, Err(refusal), lab.entropy()))
}

fn closing(mut response: Response<Bytes>) -> Response<Bytes> {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
