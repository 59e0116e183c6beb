//! Items of the key store that somebody has changed: both refuse them, to read and to rotate.

use itemseal::{AttributeValue, Item};
use itemseal_oracle::world::Outcome;

use crate::keys::of_kind;
use crate::stage::{Stage, text};
use crate::tally::Tally;

pub async fn compare(stage: &Stage, tally: &mut Tally) -> Outcome {
    let own = [("department", "admin")];
    stage.aws()?.create(Some("tampered-aws"), &own).await?;
    stage.ours()?.create_key(Some("tampered-ours"), own).await?;
    let other = stage.ours()?.create_key(None, own).await?;
    let other = stage.stored(&other).await?;
    for id in ["tampered-aws", "tampered-ours"] {
        let whole = stage.stored(id).await?;
        for kind in ["branch:ACTIVE", "branch:version:", "beacon:ACTIVE"] {
            let item = of_kind(&whole, kind).ok_or("no such item")?;
            let foreign = of_kind(&other, kind).ok_or("no such item")?;
            for (change, changed) in changes(item, foreign, stage) {
                stage.put(&changed).await?;
                look(stage, tally, &format!("{id}, {kind} with {change}"), item, false).await?;
            }
            stage.put(item).await?;
            look(stage, tally, &format!("{id}, {kind} as it was"), item, true).await?;
        }
    }
    Ok(())
}

fn changes(item: &Item, other: &Item, stage: &Stage) -> Vec<(&'static str, Item)> {
    let with = |name: &str, value: AttributeValue| item.clone().with(name, value);
    let s = |text: &str| AttributeValue::S(text.to_owned());
    let without = |name: &str| {
        item.iter().filter(|(n, _)| *n != name).map(|(n, v)| (n.clone(), v.clone())).collect()
    };
    let mut shorter =
        item.get("enc").and_then(|value| value.as_b()).map(<[u8]>::to_vec).unwrap_or_default();
    shorter.pop();
    vec![
        ("another create-time", with("create-time", s("2020-01-01T00:00:00.000000Z"))),
        ("no create-time", without("create-time")),
        ("another context", with("aws-crypto-ec:department", s("sales"))),
        ("no context", without("aws-crypto-ec:department")),
        ("more context", with("aws-crypto-ec:more", s("x"))),
        ("one attribute more", with("more", s("x"))),
        (
            "another version",
            with("version", s("branch:version:83eec007-5659-4554-bf11-699b90f41ac6")),
        ),
        ("hierarchy version 2", with("hierarchy-version", AttributeValue::N("2".to_owned()))),
        ("another KMS key", with("kms-arn", s(&stage.single))),
        ("the KMS key's replica", with("kms-arn", s(&stage.related()))),
        ("another's key", with("enc", other.get("enc").cloned().unwrap_or(AttributeValue::Null))),
        ("a key that is cut", with("enc", AttributeValue::B(shorter))),
        ("no key", without("enc")),
    ]
}

/// Both read what was changed; the active one they rotate too.
async fn look(stage: &Stage, tally: &mut Tally, what: &str, item: &Item, whole: bool) -> Outcome {
    let (aws, ours) = (stage.aws()?, stage.ours()?);
    let id = text(item, "branch-key-id");
    let kind = text(item, "type");
    match kind.strip_prefix("branch:version:") {
        Some(version) => {
            let bytes: [u8; 16] =
                hex::decode(version.replace('-', ""))?.try_into().map_err(|_| "not a UUID")?;
            let theirs = aws.version(id, version).await;
            tally.verdicts(what, &theirs, &ours.version_key(id, bytes).await, whole);
        }
        None if kind == "beacon:ACTIVE" => {
            tally.verdicts(what, &aws.beacon(id).await, &ours.beacon_key(id).await, whole);
        }
        None => {
            tally.verdicts(what, &aws.active(id).await, &ours.active_key(id).await, whole);
            if !whole {
                let rotated = (aws.rotate(id).await, ours.rotate(id).await);
                tally.verdicts(&format!("{what}, rotated"), &rotated.0, &rotated.1, false);
            }
        }
    }
    Ok(())
}
