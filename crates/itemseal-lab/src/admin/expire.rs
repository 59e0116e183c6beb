//! `/_lab/expire`.

use serde::Deserialize;
use serde_json::json;

use super::{Answer, failed};
use crate::Lab;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expire {
    region: Option<String>,
}

pub(super) fn expire(lab: &Lab, request: &Expire) -> Answer {
    let expired = match &request.region {
        Some(region) => lab.region(region).and_then(|region| region.expire_items()),
        None => lab.tables().sweep_ttl(),
    };
    Ok((200, json!({ "expired": expired.map_err(failed)? })))
}
