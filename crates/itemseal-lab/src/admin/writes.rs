//! `/_lab/writes`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use itemseal::Item;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, failed, refuse};
use crate::Lab;
use crate::tables::WriteUnderWay;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Begin {
    region: String,
    table: String,
    /// In DynamoDB's JSON.
    key: Value,
}

/// Writes under way, by their ids.
#[derive(Clone, Debug, Default)]
pub(crate) struct HeldWrites(Arc<Mutex<Held>>);

#[derive(Debug, Default)]
struct Held {
    last_id: u64,
    writes: BTreeMap<u64, WriteUnderWay>,
}

impl HeldWrites {
    fn lock(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn clear(&self) {
        self.lock().writes.clear();
    }
}

pub(super) fn begin(lab: &Lab, request: &Begin) -> Answer {
    let key = Item::from_json(request.key.to_string());
    let key = key.map_err(|error| refuse(400, format!("the key: {error}")))?;
    let write = lab.tables().hold_item(&request.region, &request.table, &key).map_err(failed)?;
    let mut held = lab.held_writes().lock();
    held.last_id += 1;
    let id = held.last_id;
    held.writes.insert(id, write);
    Ok((201, json!({ "id": id })))
}

pub(super) fn end(lab: &Lab, id: &str) -> Answer {
    let number = id.parse::<u64>();
    let number = number.map_err(|_| refuse(400, format!("{id:?} is not the id of a write")))?;
    match lab.held_writes().lock().writes.remove(&number) {
        Some(_) => Ok((200, json!({}))),
        None => Err(refuse(404, format!("there is no write {id} under way"))),
    }
}
