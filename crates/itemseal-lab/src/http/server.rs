//! The endpoint on a socket.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::num::NonZero;
use std::sync::Arc;

use itemseal::{Error, ErrorKind, Result};
use tokio::net::TcpSocket;
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot, watch};

use super::connections::{Endpoint, serve};
use super::sigv4::Credentials;
use crate::{Lab, Replication};

/// How many connections may wait to be accepted: a test suite can open hundreds at once.
const BACKLOG: u32 = 1024;
/// How many threads serve, if the machine has as many cores.
const MAX_THREADS: usize = 8;

/// DynamoDB and KMS of a [`Lab`] behind one HTTP endpoint, for every AWS SDK. Ends when it is
/// [shut down](Self::shutdown) or dropped.
///
/// A request's Region and service are those of its signature's scope, so `AWS_ENDPOINT_URL` alone is
/// enough. The server has threads of its own, and needs no runtime where it is started.
#[derive(Debug)]
pub struct LabServer {
    address: SocketAddr,
    /// When it goes, the server ends.
    stop: watch::Sender<()>,
    /// One a thread: it errs when the thread has ended.
    ended: Vec<oneshot::Receiver<()>>,
}

/// Builds a [`LabServer`].
#[derive(Debug)]
pub struct LabServerBuilder {
    lab: Lab,
    address: SocketAddr,
    replication: Replication,
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
    /// checked. A signature's date is not held against any clock. The lab's own API stays open.
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
        let listener = listen(self.address).map_err(taken)?;
        let address = listener.local_addr().map_err(taken)?;
        let endpoint = Arc::new(Endpoint { lab: self.lab, credentials: self.credentials });
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        let (stop, stopped) = watch::channel(());
        let (queues, streams): (Vec<_>, Vec<_>) =
            (0..threads.min(MAX_THREADS)).map(|_| mpsc::unbounded_channel()).unzip();
        let mut listener = Some((listener, queues));
        let mut ended = Vec::new();
        for streams in streams {
            let (endpoint, stopped) = (Arc::clone(&endpoint), stopped.clone());
            let (end, ends) = oneshot::channel();
            // The first thread takes connections for all of them.
            let listener = listener.take();
            let run = move |runtime: Runtime| {
                runtime.block_on(serve(listener, streams, endpoint, stopped));
                // What hangs, or still runs on a thread that may block, is not waited for.
                runtime.shutdown_background();
                drop(end);
            };
            start_thread(run).map_err(|error| {
                internal("the server's threads do not start").with_source(error)
            })?;
            ended.push(ends);
        }
        Ok(LabServer { address, stop, ended })
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
    pub async fn shutdown(self) {
        drop(self.stop);
        for thread in self.ended {
            // It errs, always: that is the news.
            let _ = thread.await;
        }
    }
}

/// A thread with a runtime of its own. One that all threads share would wake a second one for every
/// request, which costs as much as to answer it.
fn start_thread(run: impl FnOnce(Runtime) + Send + 'static) -> std::io::Result<()> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    let thread = std::thread::Builder::new().name("itemseal-lab-http".to_owned());
    thread.spawn(move || run(runtime)).map(drop)
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    // A socket is registered with the runtime that it is made in, and this one goes on to another.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let listener = {
        let _within = runtime.enter();
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() };
        socket.and_then(|socket| {
            // A server that ended a moment ago must not keep the port from its successor.
            socket.set_reuseaddr(true)?;
            socket.bind(address)?;
            socket.listen(BACKLOG)?.into_std()
        })
    };
    // To wait for it, as dropping it does, is not allowed where the caller is in a runtime.
    runtime.shutdown_background();
    listener
}
