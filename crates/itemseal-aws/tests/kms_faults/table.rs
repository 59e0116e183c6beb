//! The faults, one a row.

use itemseal::ErrorKind;
use serde_json::{Value, json};

/// What must come of it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outcome {
    /// The fault does not concern this operation.
    Works,
    /// Another Region is asked; without one the key is unavailable.
    MovesOn,
    /// An error of this kind at once.
    Stops(ErrorKind),
}

use Outcome::{MovesOn, Stops, Works};

/// How the endpoint misbehaves.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// Answers with the right answer, changed.
    Changed(fn(&mut Value)),
    /// Answers with this status and AWS error code.
    Error(u16, &'static str),
    /// Answers with this status and body.
    Body(u16, &'static str),
    /// Answers with this many bytes of JSON before the end.
    Long(usize),
    /// Sends these bytes for an answer, and closes.
    Bytes(&'static [u8]),
    /// Closes without having read.
    ClosesAtOnce,
    /// Closes having read the request.
    Closes,
    /// Resets the connection having read the request.
    Resets,
    /// Sends half of the right answer, and closes.
    Half,
    /// Reads, and never answers.
    Hangs,
    /// Sends these bytes, and never the rest.
    HangsAfter(&'static [u8]),
    /// Sends the right answer, a byte in 50 milliseconds.
    Drips,
    /// Nobody listens.
    Refused,
    /// The name cannot be resolved.
    NoName,
    /// The name server does not answer.
    SilentNames,
    /// An https endpoint where this happens instead of a handshake.
    Tls(Handshake),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Handshake {
    Plain,
    Closes,
    Hangs,
}

#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) fault: Fault,
    pub(crate) encrypt: Outcome,
    pub(crate) decrypt: Outcome,
    /// Whether each write is verified by a call more: some lies are seen in no other way.
    pub(crate) verify: bool,
}

fn row(name: &'static str, fault: Fault, encrypt: Outcome, decrypt: Outcome) -> Row {
    Row { name, fault, encrypt, decrypt, verify: false }
}

fn set(answer: &mut Value, field: &str, value: impl Into<Value>) {
    answer[field] = value.into();
}

/// Another plaintext, in the answer to GenerateDataKey or to Decrypt.
fn lie(answer: &mut Value, made: bool) {
    if answer.get("CiphertextBlob").is_some() == made {
        set(answer, "Plaintext", bytes(32));
    }
}

/// Base64 of `length` bytes.
fn bytes(length: usize) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(vec![7; length])
}

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = answers();
    rows.extend(refusals());
    rows.extend(connections());
    rows
}

fn answers() -> Vec<Row> {
    use Fault::{Body, Changed, Long};
    let service = Stops(ErrorKind::Service);
    let both = |name, change| row(name, Changed(change), service, service);
    // A Decrypt answer has no ciphertext.
    let write = |name, change| row(name, Changed(change), service, Works);
    let verified = |name, change, encrypt, decrypt| Row {
        verify: true,
        ..row(name, Changed(change), encrypt, decrypt)
    };
    let garbled = |name, fault| row(name, fault, MovesOn, MovesOn);
    let authentication = Stops(ErrorKind::Authentication);
    vec![
        both("no plaintext", |a| drop(a.as_object_mut().unwrap().remove("Plaintext"))),
        both("plaintext null", |a| set(a, "Plaintext", Value::Null)),
        both("plaintext empty", |a| set(a, "Plaintext", "")),
        both("plaintext of 16 bytes", |a| set(a, "Plaintext", bytes(16))),
        both("plaintext of 31 bytes", |a| set(a, "Plaintext", bytes(31))),
        both("plaintext of 33 bytes", |a| set(a, "Plaintext", bytes(33))),
        both("plaintext of 4096 bytes", |a| set(a, "Plaintext", bytes(4096))),
        both("no key id", |a| drop(a.as_object_mut().unwrap().remove("KeyId"))),
        both("key id empty", |a| set(a, "KeyId", "")),
        both("another key's ARN", |a| {
            let id = a["KeyId"].as_str().unwrap().replace("mrk-", "mrk-0");
            set(a, "KeyId", id);
        }),
        both("the related key's ARN of another Region", |a| {
            let mut parts: Vec<String> =
                a["KeyId"].as_str().unwrap().split(':').map(str::to_owned).collect();
            parts[3] = "sa-east-1".to_owned();
            set(a, "KeyId", parts.join(":"));
        }),
        both("another account's ARN", |a| {
            let id = a["KeyId"].as_str().unwrap().replace(":111122223333:", ":999922223333:");
            set(a, "KeyId", id);
        }),
        both("a bare key id", |a| {
            let id = a["KeyId"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
            set(a, "KeyId", id);
        }),
        both("an alias", |a| set(a, "KeyId", "arn:aws:kms:eu-west-1:111122223333:alias/orders")),
        both("an empty object", |a| *a = json!({})),
        write("no ciphertext", |a| drop(a.as_object_mut().unwrap().remove("CiphertextBlob"))),
        write("ciphertext empty", |a| set(a, "CiphertextBlob", "")),
        write("ciphertext of 6145 bytes", |a| set(a, "CiphertextBlob", bytes(6145))),
        write("ciphertext of 1 MiB", |a| set(a, "CiphertextBlob", bytes(1 << 20))),
        verified("another plaintext made", |a| lie(a, true), service, Works),
        row("another plaintext opened", Changed(|a| lie(a, false)), Works, authentication),
        verified(
            "another ciphertext",
            |a| set(a, "CiphertextBlob", bytes(185)),
            authentication,
            Works,
        ),
        garbled("plaintext is not base64", Changed(|a| set(a, "Plaintext", "*"))),
        garbled("plaintext is a number", Changed(|a| set(a, "Plaintext", 1))),
        garbled("an array", Changed(|a| *a = json!([]))),
        garbled("not JSON", Body(200, "<html>Welcome to the hotel's network</html>")),
        garbled("half a JSON", Body(200, "{\"Plaintext\":\"")),
        garbled("8 MiB that are no JSON", Long(8 << 20)),
        row("no body", Body(200, ""), service, service),
    ]
}

fn refusals() -> Vec<Row> {
    use Fault::{Body, Error};
    let stops = |code, kind| row(code, Error(400, code), Stops(kind), Stops(kind));
    let moves_on = |status, code| row(code, Error(status, code), MovesOn, MovesOn);
    let denied = |code| stops(code, ErrorKind::KeyDenied);
    vec![
        denied("AccessDeniedException"),
        denied("DisabledException"),
        denied("KMSInvalidStateException"),
        denied("NotFoundException"),
        denied("IncorrectKeyException"),
        denied("InvalidKeyUsageException"),
        denied("InvalidGrantTokenException"),
        stops("InvalidCiphertextException", ErrorKind::Authentication),
        stops("UnrecognizedClientException", ErrorKind::Service),
        stops("ExpiredTokenException", ErrorKind::Service),
        stops("SomethingNewException", ErrorKind::Service),
        moves_on(400, "ThrottlingException"),
        moves_on(400, "LimitExceededException"),
        moves_on(500, "KMSInternalException"),
        moves_on(500, "KeyUnavailableException"),
        moves_on(503, "DependencyTimeoutException"),
        moves_on(500, "SomethingNewException of the service"),
        row("429 without a code", Body(429, "{}"), MovesOn, MovesOn),
        row("500 without a body", Body(500, ""), MovesOn, MovesOn),
        row("502 of a proxy", Body(502, "<html>Bad gateway</html>"), MovesOn, MovesOn),
        row("503 of a balancer", Body(503, "{}"), MovesOn, MovesOn),
    ]
}

fn connections() -> Vec<Row> {
    use Fault::*;
    let moves_on = |name, fault| row(name, fault, MovesOn, MovesOn);
    vec![
        moves_on("closed at once", ClosesAtOnce),
        moves_on("closed after the request", Closes),
        moves_on("reset after the request", Resets),
        moves_on("closed amid the answer", Half),
        moves_on("closed amid the head", Bytes(b"HTTP/1.1 200 OK\r\ncontent-le")),
        moves_on("not HTTP", Bytes(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")),
        moves_on("zeros", Bytes(&[0; 64])),
        moves_on("hangs", Hangs),
        moves_on("hangs amid the head", HangsAfter(b"HTTP/1.1 200 OK\r\n")),
        moves_on(
            "hangs before the body",
            HangsAfter(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"),
        ),
        moves_on("hangs in 100 Continue", HangsAfter(b"HTTP/1.1 100 Continue\r\n\r\n")),
        moves_on("drips", Drips),
        moves_on("nobody listens", Refused),
        moves_on("no such name", NoName),
        moves_on("name server silent", SilentNames),
        moves_on("TLS: plain HTTP instead", Tls(Handshake::Plain)),
        moves_on("TLS: closed", Tls(Handshake::Closes)),
        moves_on("TLS: hangs", Tls(Handshake::Hangs)),
    ]
}
