//! Rotation.

use serde_json::{Value, json};

use super::Answer;
use super::fields::{Fields, not_one_of};
use super::shapes::{nothing, object, page, timestamp};
use crate::kms::key::{Generation, KeyState, Rotated};
use crate::kms::keys::Keys;
use crate::kms::{Call, rotation};

const INCLUDE: [&str; 2] = ["ALL_KEY_MATERIAL", "ROTATIONS_ONLY"];

pub(super) fn enable_key_rotation(keys: &mut Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let period = fields.number("RotationPeriodInDays", 90, 2_560)?;
    let period = period.unwrap_or(rotation::DEFAULT_PERIOD_DAYS);
    rotation::enable(keys, call, fields.key_id("KeyId")?, period)?;
    Ok(nothing())
}

pub(super) fn disable_key_rotation(keys: &mut Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    rotation::disable(keys, call, fields.key_id("KeyId")?)?;
    Ok(nothing())
}

pub(super) fn rotate_key_on_demand(keys: &mut Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let arn = rotation::on_demand(keys, call, fields.key_id("KeyId")?)?;
    Ok(json!({ "KeyId": arn }))
}

pub(super) fn get_key_rotation_status(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let found = rotation::find_of_kind(keys, call, fields.key_id("KeyId")?)?;
    // While a key is pending deletion it does not rotate, and says so.
    let pending = [KeyState::PendingDeletion, KeyState::PendingReplicaDeletion];
    let schedule = found.related.schedule.filter(|_| !pending.contains(&found.state));
    Ok(object([
        ("KeyId", json!(found.related.id)),
        ("KeyRotationEnabled", json!(schedule.is_some())),
        ("RotationPeriodInDays", json!(schedule.map(|schedule| schedule.period_days))),
        ("NextRotationDate", schedule.map_or(Value::Null, |schedule| timestamp(schedule.next))),
    ]))
}

pub(super) fn list_key_rotations(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let found = rotation::find_of_kind(keys, call, fields.key_id("KeyId")?)?;
    let include = fields.text("IncludeKeyMaterial")?.unwrap_or("ROTATIONS_ONLY");
    if !INCLUDE.contains(&include) {
        return Err(not_one_of("IncludeKeyMaterial", include, &INCLUDE));
    }
    let generations = &found.related.generations;
    let current = generations.last().map(|newest| newest.id);
    let listed = generations.iter().enumerate().filter(|(_, generation)| {
        include == "ALL_KEY_MATERIAL" || generation.rotated != Rotated::Created
    });
    let all = listed.map(|(at, generation)| {
        let is_current = current == Some(generation.id);
        (format!("{at:010}"), shape(&found.related.id, generation, is_current))
    });
    page(fields, "Rotations", 100, all)
}

fn shape(key_id: &str, generation: &Generation, is_current: bool) -> Value {
    let (date, kind) = match generation.rotated {
        Rotated::Created => (Value::Null, Value::Null),
        Rotated::Automatically(at) => (timestamp(at), json!("AUTOMATIC")),
        Rotated::OnDemand(at) => (timestamp(at), json!("ON_DEMAND")),
    };
    object([
        ("KeyId", json!(key_id)),
        ("KeyMaterialId", json!(generation.material_id())),
        ("KeyMaterialState", json!(if is_current { "CURRENT" } else { "NON_CURRENT" })),
        ("RotationDate", date),
        ("RotationType", kind),
    ])
}
