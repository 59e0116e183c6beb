//! `/_lab/faults`.

use serde_json::json;

use super::{Answer, refuse};
use crate::Lab;
use crate::faults::{Fault, FaultId};

pub(super) fn list(lab: &Lab) -> Answer {
    Ok((200, json!({ "faults": lab.faults().list() })))
}

pub(super) fn add(lab: &Lab, fault: Fault) -> Answer {
    let id = lab.faults().add(fault).map_err(|error| refuse(400, error.to_string()))?;
    Ok((201, json!({ "id": id })))
}

pub(super) fn clear(lab: &Lab) -> Answer {
    lab.faults().clear();
    Ok((200, json!({})))
}

pub(super) fn remove(lab: &Lab, id: &str) -> Answer {
    let id = id.parse().map_err(|_| refuse(400, format!("{id:?} is not the id of a fault")))?;
    if lab.faults().remove(FaultId::new(id)) {
        return Ok((200, json!({})));
    }
    Err(refuse(404, format!("there is no fault {id}")))
}
