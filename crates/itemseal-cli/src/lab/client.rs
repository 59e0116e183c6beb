//! A client for the lab's own API: HTTP/1.1 to a server on this machine or near it.
//!
//! One request a connection, JSON both ways, bodies with a length: not a client for anything else.

use std::error::Error;
use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use serde_json::Value;

/// Connecting, and each read and write.
const TIMEOUT: Duration = Duration::from_secs(10);

pub(super) struct Client {
    authority: String,
}

impl Client {
    /// A client for `http://HOST:PORT`.
    pub(super) fn new(endpoint: &str) -> Result<Self, Box<dyn Error>> {
        let authority = endpoint.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
        let authority =
            authority.filter(|rest| !rest.is_empty() && !rest.contains(['/', '@', ' ']));
        let authority = authority.ok_or_else(|| {
            format!("{endpoint:?} is not an endpoint, such as http://127.0.0.1:8320")
        })?;
        Ok(Self { authority: authority.to_owned() })
    }

    /// The body of the lab's answer, if it is not an error.
    pub(super) fn call(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Box<dyn Error>> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let answer = self.exchange(method, path, &body).map_err(|error| {
            format!(
                "no lab answers at http://{} ({error}); start one: itemseal lab up",
                self.authority
            )
        })?;
        let (status, body) = parse(&answer)
            .ok_or_else(|| format!("what answers at http://{} is not a lab", self.authority))?;
        if (200..300).contains(&status) {
            return Ok(body);
        }
        let message = body.get("message").and_then(Value::as_str).unwrap_or("no reason given");
        Err(format!("the lab says {status}: {message}").into())
    }

    fn exchange(&self, method: &str, path: &str, body: &str) -> Result<Vec<u8>, Box<dyn Error>> {
        let mut last = None;
        // A name such as localhost has several addresses, of which one may not listen.
        for address in self.authority.to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, TIMEOUT) {
                Ok(mut stream) => {
                    stream.set_read_timeout(Some(TIMEOUT))?;
                    stream.set_write_timeout(Some(TIMEOUT))?;
                    write!(
                        stream,
                        "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
                         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                        self.authority,
                        body.len()
                    )?;
                    let mut answer = Vec::new();
                    stream.read_to_end(&mut answer)?;
                    return Ok(answer);
                }
                Err(error) => last = Some(error),
            }
        }
        Err(last.map_or_else(|| "no such host".into(), Into::into))
    }
}

/// The status and the JSON of an answer; none if it is no answer of a lab.
fn parse(answer: &[u8]) -> Option<(u16, Value)> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let (head, rest) = answer.split_at_checked(end)?;
    let mut lines = std::str::from_utf8(head).ok()?.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    })?;
    // An answer that was cut short is none.
    let body = rest.get(4..)?.get(..length)?;
    Some((status, serde_json::from_slice(body).ok()?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn an_answer_is_read_by_its_length() {
        let whole = b"HTTP/1.1 409 Conflict\r\nx: y\r\ncontent-length: 7\r\n\r\n{\"a\":1}";
        assert_eq!(parse(whole), Some((409, serde_json::json!({"a": 1}))));
        for cut in 0..whole.len() {
            assert_eq!(parse(&whole[..cut]), None, "{cut}");
        }
    }

    #[test]
    fn an_endpoint_is_a_host_and_a_port() {
        assert_eq!(Client::new("http://localhost:1/").unwrap().authority, "localhost:1");
        for wrong in ["https://localhost", "localhost:1", "http://", "http://a/b", "http://u@h"] {
            assert!(Client::new(wrong).is_err(), "{wrong}");
        }
    }
}
