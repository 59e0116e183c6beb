//! `GET /_lab/status`.

use serde_json::{Value, json};

use super::{Answer, failed};
use crate::Lab;
use crate::tables::{TableError, Waiting};

pub(super) fn status(lab: &Lab) -> Answer {
    let tables = lab.tables();
    let regions = tables.regions().map(|region| of_region(lab, &region));
    let regions = regions.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let waiting = tables.waiting().map_err(failed)?;
    let next = tables.next_delivery_at().map_err(failed)?;
    let calls = lab.kms().call_counts().into_iter().map(|((region, operation), calls)| {
        json!({"region": region, "operation": operation, "calls": calls})
    });
    let clock = lab.clock();
    let body = json!({
        "regions": regions,
        "waiting": waiting_json(&waiting),
        "next_delivery_at_us": next,
        "kms_calls": calls.collect::<Vec<_>>(),
        "faults": lab.faults().list(),
        "clock": {"now_us": clock.now_micros(), "manual": clock.as_manual().is_some()},
        "dir": lab.dir().map(|path| path.display().to_string()),
    });
    Ok((200, body))
}

fn of_region(lab: &Lab, region: &str) -> Result<Value, TableError> {
    let names = lab.region(region)?.table_names()?.into_iter();
    let tables = names.map(|name| {
        let replicas = lab.tables().replicas(region, &name)?;
        Ok(json!({"name": name, "replicas": replicas}))
    });
    let tables = tables.collect::<Result<Vec<_>, TableError>>()?;
    Ok(json!({"name": region, "tables": tables}))
}

pub(super) fn waiting_json(waiting: &[Waiting]) -> Value {
    let pair = |w: &Waiting| json!({"from": w.from, "to": w.to, "changes": w.changes});
    Value::Array(waiting.iter().map(pair).collect())
}
