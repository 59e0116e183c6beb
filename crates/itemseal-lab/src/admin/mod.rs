//! The lab's own API, in JSON: what is there, what goes wrong, and time.
//!
//! | request | body | answer |
//! | --- | --- | --- |
//! | `GET /_lab/status` | | Regions with their tables, what waits, calls, faults, the clock |
//! | `GET /_lab/faults` | | `{"faults": [...]}`, each with its `id` |
//! | `POST /_lab/faults` | a [fault](crate::faults::Fault) | 201, `{"id": 1}` |
//! | `DELETE /_lab/faults` | | all faults end |
//! | `DELETE /_lab/faults/1` | | the one ends |
//! | `POST /_lab/deliver` | `{"from", "to", "most"}`, or nothing for one change each way | what was delivered |
//! | `POST /_lab/converge` | | what was delivered; 409 and what still waits |
//! | `POST /_lab/expire` | `{"region"}`, or nothing for all | items whose time to live is over are deleted; how many |
//! | `POST /_lab/writes` | `{"region", "table", "key"}` | 201, `{"id": 1}`: the Region is writing that item of a strongly consistent table, as far as others can tell |
//! | `DELETE /_lab/writes/1` | | the write is over |
//! | `POST /_lab/reset` | `{"keys": true}`, or nothing | tables, faults and writes are gone, calls are counted from 0; keys stay unless they are asked for |
//! | `POST /_lab/clock/advance` | `{"by_ms": 500}` | the time; 409 if the clock moves by itself |
//!
//! An error is `{"message": "..."}` with a status of 400 and more. The API is for whoever reaches
//! the lab: like the lab itself it asks for no credentials.

mod clock;
mod expire;
mod faults;
mod replication;
mod status;
#[cfg(test)]
mod tests;
mod writes;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::Lab;
pub(crate) use writes::HeldWrites;

/// Where the paths of the API begin.
pub const PREFIX: &str = "/_lab/";

/// What goes wrong with a request: the HTTP status and what is said.
#[derive(Debug)]
struct Refusal {
    status: u16,
    message: String,
}

type Answer = Result<(u16, Value), Refusal>;

/// Answers a request with an HTTP status and a JSON body. `path` begins with [`PREFIX`]; a query in
/// it is ignored.
pub fn admin(lab: &Lab, method: &str, path: &str, body: &[u8]) -> (u16, Value) {
    route(lab, method, path, body)
        .unwrap_or_else(|refusal| (refusal.status, json!({ "message": refusal.message })))
}

fn route(lab: &Lab, method: &str, path: &str, body: &[u8]) -> Answer {
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    let under = path.strip_prefix(PREFIX).unwrap_or_default();
    let parts: Vec<&str> = under.split('/').collect();
    match (method, parts.as_slice()) {
        ("GET", ["status"]) => status::status(lab),
        ("GET", ["faults"]) => faults::list(lab),
        ("POST", ["faults"]) => faults::add(lab, read(body)?),
        ("DELETE", ["faults"]) => faults::clear(lab),
        ("DELETE", ["faults", id]) => faults::remove(lab, id),
        ("POST", ["deliver"]) => replication::deliver(lab, read_or_default(body)?),
        ("POST", ["converge"]) => replication::converge(lab),
        ("POST", ["expire"]) => expire::expire(lab, &read_or_default(body)?),
        ("POST", ["writes"]) => writes::begin(lab, &read(body)?),
        ("DELETE", ["writes", id]) => writes::end(lab, id),
        ("POST", ["reset"]) => reset(lab, &read_or_default(body)?),
        ("POST", ["clock", "advance"]) => clock::advance(lab, &read(body)?),
        (_, ["status" | "faults" | "deliver" | "converge" | "expire" | "writes" | "reset"])
        | (_, ["faults" | "writes", _] | ["clock", "advance"]) => {
            Err(refuse(405, format!("{path} does not take {method}")))
        }
        _ => Err(refuse(404, format!("the lab has no {path}; see GET {PREFIX}status"))),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    #[serde(default)]
    keys: bool,
}

fn reset(lab: &Lab, request: &Reset) -> Answer {
    lab.tables().delete_all_tables().map_err(failed)?;
    if request.keys {
        lab.kms().delete_all_keys().map_err(|error| refuse(500, error.to_string()))?;
    }
    lab.faults().clear();
    lab.held_writes().clear();
    lab.kms().reset_calls();
    Ok((200, json!({})))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| refuse(400, format!("the body: {error}")))
}

fn read_or_default<T: DeserializeOwned + Default>(body: &[u8]) -> Result<T, Refusal> {
    if body.is_empty() { Ok(T::default()) } else { read(body) }
}

fn refuse(status: u16, message: impl Into<String>) -> Refusal {
    Refusal { status, message: message.into() }
}

/// An error of the tables: the caller's, or the lab's own.
#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn failed(error: crate::tables::TableError) -> Refusal {
    refuse(error.status(), error.to_string())
}
