//! `/_lab/deliver` and `/_lab/converge`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::status::waiting_json;
use super::{Answer, failed, refuse};
use crate::Lab;
use crate::tables::{Delivery, ReplicationError};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Deliver {
    from: Option<String>,
    to: Option<String>,
    most: Option<u64>,
}

pub(super) fn deliver(lab: &Lab, request: Deliver) -> Answer {
    let delivery = match request {
        Deliver { from: Some(from), to: Some(to), most } => {
            lab.tables().deliver(&from, &to, most.unwrap_or(1))
        }
        Deliver { from: None, to: None, most: None } => lab.tables().deliver_once(),
        _ => return Err(refuse(400, "the body has \"from\" and \"to\", or nothing")),
    };
    Ok((200, delivery_json(delivery.map_err(failed)?)))
}

pub(super) fn converge(lab: &Lab) -> Answer {
    match lab.tables().converge() {
        Ok(delivery) => Ok((200, delivery_json(delivery))),
        Err(ReplicationError::Table(error)) => Err(failed(error)),
        Err(error) => {
            let message = error.to_string();
            let body = match error {
                ReplicationError::Lagging { waiting, next } => json!({
                    "message": message,
                    "lagging": waiting_json(&waiting),
                    "next_delivery_at_us": next,
                }),
                ReplicationError::CutOff(waiting) => {
                    json!({"message": message, "cut_off": waiting_json(&waiting)})
                }
                ReplicationError::Table(_) => json!({ "message": message }),
            };
            Ok((409, body))
        }
    }
}

fn delivery_json(delivery: Delivery) -> Value {
    json!({"applied": delivery.applied, "superseded": delivery.superseded})
}
