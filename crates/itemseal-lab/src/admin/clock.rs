//! `/_lab/clock/advance`.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::{Answer, refuse};
use crate::Lab;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Advance {
    by_ms: u64,
}

pub(super) fn advance(lab: &Lab, request: &Advance) -> Answer {
    let clock = lab.clock();
    let Some(manual) = clock.as_manual() else {
        return Err(refuse(409, "the lab runs on the machine's clock, which moves by itself"));
    };
    manual.advance(Duration::from_millis(request.by_ms));
    lab.tables().look_again();
    Ok((200, json!({ "now_us": clock.now_micros() })))
}
