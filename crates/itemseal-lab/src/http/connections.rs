//! The endpoint's connections.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, HeaderValue};
use http::{Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;

use super::answer;
use super::dispatch::handle;
use super::errors::Refusal;
use super::sigv4::Credentials;
use super::target::{Service, Target};
use crate::Lab;
use crate::faults::Unanswered;

/// The most that a request's body may hold, in bytes:
/// [16 MB](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
const MAX_BODY_LEN_BYTES: usize = 16 * 1024 * 1024;
/// A longer body is read up to this, and thrown away, so that the client gets to read the answer.
const MAX_DISCARDED_LEN_BYTES: usize = 4 * MAX_BODY_LEN_BYTES;
/// How long until the next connection is taken after one could not be, as when the process has no
/// file descriptor left.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// How long requests may go on once the server is told to end.
const GRACE: Duration = Duration::from_secs(2);

/// What answers requests.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) lab: Lab,
    pub(super) credentials: Option<Credentials>,
}

/// Where connections come from, and one queue of them for every thread.
pub(super) type Listening = (std::net::TcpListener, Vec<UnboundedSender<std::net::TcpStream>>);

/// Serves the connections of one thread until it is told to stop; then what has begun is ended, for
/// [`GRACE`], and idle connections are closed. One thread takes connections for all.
pub(super) async fn serve(
    listening: Option<Listening>,
    mut streams: UnboundedReceiver<std::net::TcpStream>,
    endpoint: Arc<Endpoint>,
    mut stopped: watch::Receiver<()>,
) {
    let accepting = listening.map(|listening| tokio::spawn(accept(listening)));
    let graceful = GracefulShutdown::new();
    loop {
        let stream = tokio::select! {
            Some(stream) = streams.recv() => stream,
            // Nothing is ever sent: the sender goes.
            _ = stopped.changed() => break,
        };
        let Ok(stream) = TcpStream::from_std(stream) else { continue };
        // Small answers must not wait for the client's acknowledgement of the ones before.
        let _ = stream.set_nodelay(true);
        let endpoint = Arc::clone(&endpoint);
        let service = service_fn(move |request| serve_one(Arc::clone(&endpoint), request));
        let mut http = http1::Builder::new();
        // With a timer, a request's head has to come within 30 seconds.
        let connection = http.timer(TokioTimer::new());
        let connection = connection.serve_connection(TokioIo::new(stream), service);
        let watched = graceful.watch(connection);
        // It ends in an error if the client broke off, or was to be left without an answer.
        tokio::spawn(async move { drop(watched.await) });
    }
    if let Some(accepting) = accepting {
        accepting.abort();
    }
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}

/// Gives each thread a connection in its turn.
async fn accept((listener, threads): Listening) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    for thread in threads.iter().cycle() {
        let stream = loop {
            match listener.accept().await {
                Ok((stream, _)) => break stream,
                Err(_) => tokio::time::sleep(ACCEPT_AGAIN).await,
            }
        };
        let Ok(stream) = stream.into_std() else { continue };
        // A thread that has ended is told to end with all others.
        let _ = thread.send(stream);
    }
}

/// Answers a request; with an error the connection is closed without an answer.
async fn serve_one(
    endpoint: Arc<Endpoint>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Refused> {
    let (parts, body) = request.into_parts();
    let response = match collect(body).await {
        Ok(Some(body)) => endpoint.answer(Request::from_parts(parts, body)).await,
        Ok(None) => refuse_large(&endpoint.lab),
        // The client has gone, or sends what is not HTTP: nobody reads the answer.
        Err(()) => closing(answer::plain(400, "text/plain", Vec::new())),
    };
    if response.extensions().get::<Unanswered>().is_some() {
        return Err(Refused);
    }
    Ok(response.map(Full::new))
}

impl Endpoint {
    async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        if let Some(credentials) = &self.credentials
            && request.method() == http::Method::POST
            && !request.uri().path().starts_with(crate::admin::PREFIX)
            && let Err(refusal) = credentials.verify(&request)
        {
            let target = Target::read(request.headers());
            let service = target.map_or(Service::DynamoDb, |target| target.service);
            return answer::of(service, Err(refusal), self.lab.entropy());
        }
        handle(&self.lab, request).await
    }
}

/// A body; none if it is too long.
async fn collect(body: Incoming) -> Result<Option<Bytes>, ()> {
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

/// A fault wants the connection closed.
#[derive(Debug)]
struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the lab was told to refuse the connection")
    }
}

impl std::error::Error for Refused {}
