//! Requests that no SDK sends: each is answered or its connection closed, and nothing else suffers.

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;

use common::*;

const AUTHORIZATION: &str = "Authorization: AWS4-HMAC-SHA256 \
    Credential=AK/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00\r\n";

fn request(target: &str, headers: &str, body: &str) -> Vec<u8> {
    let head = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Amz-Target: {target}\r\n\
         Content-Type: application/x-amz-json-1.0\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    );
    [head.as_bytes(), body.as_bytes()].concat()
}

const LIST: &str = "DynamoDB_20120810.ListTables";

#[tokio::test]
async fn what_is_not_json_is_a_serialization_exception() {
    let bench = Bench::manual();
    for body in ["", "{", "[]", "\"x\"", "null", "{\"a\":1}x", "\u{0}"] {
        let answer = bench.raw(&request(LIST, AUTHORIZATION, body));
        assert!(answer.starts_with("HTTP/1.1 400 "), "{body}: {answer}");
        assert!(answer.contains("com.amazon.coral.service#SerializationException"), "{answer}");
        assert!(answer.contains("x-amz-crc32: "), "{answer}");
    }
    // Far deeper than anything that a parser should follow.
    let deep = "[".repeat(1_000_000);
    let answer = bench.raw(&request(LIST, AUTHORIZATION, &format!("{{\"a\":{deep}")));
    assert!(answer.contains("SerializationException"), "{answer}");
    assert!(bench.raw(&request(LIST, AUTHORIZATION, "{}")).starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn an_unknown_target_is_an_unknown_operation() {
    let bench = Bench::manual();
    for target in ["DynamoDB_20120810.Nothing", "S3.PutObject", "", "ListTables"] {
        let answer = bench.raw(&request(target, AUTHORIZATION, "{}"));
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        assert!(answer.contains("com.amazon.coral.service#UnknownOperationException"), "{answer}");
    }
    let answer = bench.raw(b"DELETE / HTTP/1.1\r\nHost: l\r\nConnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
    let answer = bench.raw(b"GET / HTTP/1.1\r\nHost: l\r\nConnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("healthy"), "{answer}");
    let answer = bench.raw(b"GET /_lab/x HTTP/1.1\r\nHost: l\r\nConnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 404 ") && answer.contains("the lab has no"), "{answer}");
}

#[tokio::test]
async fn credentials_that_are_missing_broken_or_for_another_service_are_refused() {
    let bench = Bench::manual();
    for (header, code) in [
        ("", "MissingAuthenticationTokenException"),
        ("Authorization: Bearer x\r\n", "IncompleteSignatureException"),
        (&AUTHORIZATION.replace("dynamodb/aws4", "kms/aws4"), "InvalidSignatureException"),
        (&AUTHORIZATION.replace("us-east-1", "../etc"), "InvalidSignatureException"),
        (&AUTHORIZATION.replace("us-east-1", "Mars"), "InvalidSignatureException"),
    ] {
        let answer = bench.raw(&request(LIST, header, "{}"));
        assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains(code), "{code}: {answer}");
    }
    let answer = bench.raw(&request("TrentService.ListKeys", "", "{}"));
    assert!(answer.contains("{\"__type\":\"MissingAuthenticationTokenException\""), "{answer}");
    assert_eq!(bench.lab.tables().regions().count(), 0, "no Region opened for these");
}

#[tokio::test]
async fn twenty_megabytes_are_too_many() {
    let bench = Bench::manual();
    let body = "x".repeat(20 * 1024 * 1024);
    let answer = bench.raw(&request(LIST, AUTHORIZATION, &body));
    assert!(answer.starts_with("HTTP/1.1 413 "), "{}", answer.len());
    assert!(answer.contains("RequestEntityTooLargeException"), "{answer}");
    // The limit itself is allowed: refused for what it is, not for its length.
    let body = "x".repeat(16 * 1024 * 1024);
    let answer = bench.raw(&request(LIST, AUTHORIZATION, &body));
    assert!(answer.contains("SerializationException"), "{answer}");
}

#[tokio::test]
async fn half_a_request_and_what_is_not_http_harm_nobody() {
    let bench = Bench::manual();
    let whole = request(LIST, AUTHORIZATION, "{\"Limit\": 1}");
    for end in [1, 20, 100, whole.len() - 5] {
        let mut socket = bench.connect();
        socket.write_all(&whole[..end]).unwrap();
        drop(socket);
    }
    let answer =
        bench.raw(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 what TLS starts with\r\n\r\n");
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{answer}");
    let us = bench.table(US).await;
    put(&us, "1", "works").await;
    assert_eq!(get(&us, "1").await.as_deref(), Some("works"));
}

#[tokio::test]
async fn a_thousand_idle_connections_leave_room_for_work() {
    let bench = Bench::manual();
    let mut idle: Vec<TcpStream> = (0..1_000).map(|_| bench.connect()).collect();
    // Half of them have begun to say something.
    for socket in idle.iter_mut().step_by(2) {
        socket.write_all(b"POST / HTTP/1.1\r\nHost: l\r\nContent-Le").unwrap();
    }
    let us = bench.table(US).await;
    for n in 0..50 {
        put(&us, &n.to_string(), "works").await;
        assert_eq!(get(&us, &n.to_string()).await.as_deref(), Some("works"));
    }
    // They do not keep the server from ending either, and it closes them.
    bench.server.shutdown().await;
    for mut socket in idle {
        let mut rest = Vec::new();
        let _ = socket.read_to_end(&mut rest);
        assert!(rest.is_empty());
    }
}
