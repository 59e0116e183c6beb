//! The endpoint on a socket.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use itemseal::{Error, ErrorKind, Result};
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::connections::{Endpoint, serve};
use super::sigv4::Credentials;
use crate::{Lab, Replication};

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
        let (stop, stopped) = oneshot::channel();
        let served = runtime.spawn(serve(listener, endpoint, stopped));
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
