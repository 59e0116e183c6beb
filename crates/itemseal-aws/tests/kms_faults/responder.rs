//! An HTTP endpoint of KMS that misbehaves as it is told. What it would answer is the lab's answer.

use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use itemseal::EncryptionContext;
use itemseal::kms::{Decrypt, GenerateDataKey, Kms, KmsError};
use itemseal_lab::Lab;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::table::{Fault, Handshake};

/// Starts an endpoint for one Region on a port of its own; it ends with the runtime.
pub(crate) async fn start(lab: Lab, region: &'static str, fault: Fault) -> SocketAddr {
    if matches!(fault, Fault::Refused) {
        // Bound, so that no other endpoint gets the port, and nobody listens there.
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let address = socket.local_addr().unwrap();
        tokio::spawn(async move {
            let _kept = socket;
            std::future::pending::<()>().await;
        });
        return address;
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let lab = lab.clone();
            tokio::spawn(async move {
                // A client that goes away is its own business.
                let _ = serve(stream, &lab, region, fault).await;
            });
        }
    });
    address
}

async fn serve(
    mut stream: TcpStream,
    lab: &Lab,
    region: &str,
    fault: Fault,
) -> std::io::Result<()> {
    match fault {
        Fault::ClosesAtOnce | Fault::Tls(Handshake::Closes) => return Ok(()),
        Fault::Tls(Handshake::Hangs) => return std::future::pending().await,
        Fault::Tls(Handshake::Plain) => {
            return stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
        _ => {}
    }
    while let Some((operation, request)) = read(&mut stream).await? {
        let right = answer(lab, region, &operation, &request).await;
        match fault {
            Fault::Changed(change) => {
                let right = right.map(|mut answer| {
                    change(&mut answer);
                    answer
                });
                stream.write_all(&response(right)).await?;
            }
            Fault::Error(status, code) => {
                let body = json!({"__type": code, "message": "the secret text of AWS"}).to_string();
                stream.write_all(&http(status, &body)).await?;
            }
            Fault::Body(status, body) => stream.write_all(&http(status, body)).await?,
            Fault::Long(length) => stream.write_all(&http(200, &"[".repeat(length))).await?,
            Fault::Bytes(bytes) => return stream.write_all(bytes).await,
            Fault::Closes => return Ok(()),
            Fault::Resets => return stream.set_zero_linger(),
            Fault::Half => {
                let bytes = response(right);
                return stream.write_all(&bytes[..bytes.len() - 20]).await;
            }
            Fault::HangsAfter(bytes) => {
                stream.write_all(bytes).await?;
                return std::future::pending().await;
            }
            Fault::Drips => {
                for byte in response(right) {
                    stream.write_all(&[byte]).await?;
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
            _ => return std::future::pending().await,
        }
    }
    Ok(())
}

/// The operation and the JSON of a request; `None` when the client has closed.
async fn read(stream: &mut TcpStream) -> std::io::Result<Option<(String, Value)>> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let field = |name: &str| {
                let of = |line: &str| Some(line.split_once(": ")?.1.to_owned());
                head.lines().find(|l| l.to_ascii_lowercase().starts_with(name)).and_then(of)
            };
            let length: usize = field("content-length").unwrap().parse().unwrap();
            if body.len() >= length {
                let operation = field("x-amz-target").unwrap().replace("TrentService.", "");
                return Ok(Some((operation, serde_json::from_str(body).unwrap())));
            }
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    }
}

async fn answer(
    lab: &Lab,
    region: &str,
    operation: &str,
    request: &Value,
) -> Result<Value, KmsError> {
    let context = request["EncryptionContext"].as_object().cloned().unwrap_or_default();
    let context: EncryptionContext =
        context.into_iter().map(|(key, value)| (key, value.as_str().unwrap().to_owned())).collect();
    let key = request["KeyId"].as_str().unwrap();
    let kms: &dyn Kms = lab.kms();
    if operation == "GenerateDataKey" {
        let made = kms.generate_data_key(region, GenerateDataKey::new(key, 32, &context)).await?;
        let plaintext = STANDARD.encode(&*made.plaintext);
        let ciphertext = STANDARD.encode(&made.ciphertext);
        Ok(json!({"KeyId": made.key_id, "Plaintext": plaintext, "CiphertextBlob": ciphertext}))
    } else {
        let ciphertext = STANDARD.decode(request["CiphertextBlob"].as_str().unwrap()).unwrap();
        let opened = kms.decrypt(region, Decrypt::new(Some(key), &ciphertext, &context)).await?;
        Ok(json!({"KeyId": opened.key_id, "Plaintext": STANDARD.encode(&*opened.plaintext)}))
    }
}

fn response(answer: Result<Value, KmsError>) -> Vec<u8> {
    match answer {
        Ok(answer) => http(200, &answer.to_string()),
        Err(error) => http(400, &json!({"__type": error.code}).to_string()),
    }
}

fn http(status: u16, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} Status\r\ncontent-type: application/x-amz-json-1.1\r\n\
         content-length: {length}\r\nx-amzn-requestid: request-1\r\n\r\n{body}"
    )
    .into_bytes()
}
