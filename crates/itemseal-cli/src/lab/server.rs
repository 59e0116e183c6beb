//! The lab behind a socket: the seam to the lab's HTTP server.
//!
//! It answers the lab's own API only; the services of AWS are answered by the lab's server, which
//! takes this one's place.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use itemseal_lab::Lab;
use itemseal_lab::admin::admin;

pub(super) struct Server {
    address: SocketAddr,
}

impl Server {
    pub(super) fn start(lab: Lab, address: SocketAddr) -> Result<Self, Box<dyn Error>> {
        let listener = TcpListener::bind(address)
            .map_err(|error| format!("cannot listen on {address}: {error}"))?;
        let address = listener.local_addr()?;
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A caller that goes away has no answer to miss.
                let _ = answer(&lab, &stream);
            }
        });
        Ok(Self { address })
    }

    pub(super) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The thread goes with the process.
    pub(super) async fn shutdown(self) {}
}

fn answer(lab: &Lab, mut stream: &TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut reader = BufReader::new(stream).take(1 << 20);
    let (mut request, mut length) = (String::new(), 0);
    reader.read_line(&mut request)?;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? <= 2 {
            break;
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    let mut words = request.split_whitespace();
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (status, body) = admin(lab, method, path, &body);
    let body = body.to_string();
    write!(
        stream,
        "HTTP/1.1 {status} -\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    )
}
