//! Branch keys and beacon keys that one side makes and rotates, read by both.

use std::collections::BTreeMap;

use itemseal::keyring::{BranchKey, BranchKeyring, HierarchicalKeyring};
use itemseal::{AttributeValue, Item, ItemEncryptor, Keyring, TableConfig};
use itemseal_oracle::world::Outcome;

use crate::aws::AwsKey;
use crate::stage::{STORE, Stage, text};
use crate::tally::Tally;

const OWN: &[(&str, &str)] = &[("department", "admin"), ("country", "中国")];

/// The table that one side makes is the other's too.
pub async fn tables(stage: &Stage, tally: &mut Tally) -> Outcome {
    let made = stage.aws()?.create_table().await?;
    let writer = itemseal_oracle::world::WRITER;
    tally.same("AWS's table", &made, &stage.table_on(STORE, writer)?.create_table().await?);
    let made = stage.table_on("OurKeys", writer)?.create_table().await?;
    let kms = aws_db_esdk::key_store::types::KmsConfiguration::KmsKeyArn(stage.mrk.clone());
    let found = stage.aws_on("OurKeys", writer, kms)?.create_table().await?;
    tally.same("our table", &found, &made);
    stage.replicate(STORE).await
}

/// How many versions were made and read.
pub async fn compare(stage: &Stage, tally: &mut Tally) -> Outcome<usize> {
    let (aws, ours) = (stage.aws()?, stage.ours()?);
    let owned = || OWN.iter().copied();
    let made = [
        aws.create(None, &[]).await?,
        aws.create(None, OWN).await?,
        aws.create(Some("aws-made"), OWN).await?,
        ours.create_key(None, [("", ""); 0]).await?,
        ours.create_key(None, owned()).await?,
        ours.create_key(Some("ours"), owned()).await?,
    ];
    let mut versions = 0;
    let mut kept: BTreeMap<&str, Vec<Item>> = BTreeMap::new();
    // Who rotates them after each look: both sides' keys are rotated by both sides.
    for round in ["", "aws", "ours", "aws"] {
        for id in &made {
            match round {
                "" => {}
                "aws" => aws.rotate(id).await?,
                _ => ours.rotate(id).await?,
            }
            versions += 1;
            kept.entry(id).or_default().push(one(stage, tally, id).await?);
            let items = kept.get(&**id).map(Vec::as_slice).unwrap_or_default();
            every_version(stage, tally, id, items).await?;
        }
        // As they are stored: by AWS's with a chosen id, and by ours.
        let theirs = shapes(&stage.stored("aws-made").await?);
        tally.same("the stored items' shapes", &theirs, &shapes(&stage.stored("ours").await?));
    }
    refusals(stage, tally).await?;
    Ok(versions)
}

/// The active version and the beacon key; an item under that version.
async fn one(stage: &Stage, tally: &mut Tally, id: &str) -> Outcome<Item> {
    let (aws, ours) = (stage.aws()?, stage.ours()?);
    let theirs = aws.active(id).await?;
    let active = ours.active_key(id).await?;
    tally.same("the active key's id", &&*theirs.id, &active.id());
    tally.same("the active version", &theirs.version, &uuid(active.version()));
    let listing = ours.list().await?.into_iter().find(|key| key.id == id).ok_or("not listed")?;
    tally.same("what is bound to it", &theirs.context, &listing.context);
    tally.same("the KMS key", &&*stage.mrk, &&*listing.kms_arn);
    let marked: Vec<_> =
        listing.versions.iter().filter(|v| v.active).map(|v| v.version.clone()).collect();
    tally.same("the listing's active version", &vec![theirs.version.clone()], &marked);
    tally.same(
        "the beacon key",
        &aws.beacon(id).await?,
        &ours.beacon_key(id).await?.expose().to_vec(),
    );
    let keyring = HierarchicalKeyring::builder(ours, id).build()?;
    let item = with(keyring)?.encrypt_item(order()).await?;
    // Its 32 bytes open what ours has wrapped.
    let opened = with(given(&theirs)?)?.decrypt_item(item.clone()).await?;
    tally.same("an item under the active key", &opened, &order());
    Ok(item)
}

/// All versions by their names, each with the item that was written while it was active.
async fn every_version(stage: &Stage, tally: &mut Tally, id: &str, items: &[Item]) -> Outcome {
    let (aws, ours) = (stage.aws()?, stage.ours()?);
    let listing = ours.list().await?.into_iter().find(|key| key.id == id).ok_or("not listed")?;
    tally.same("versions", &items.len(), &listing.versions.len());
    for (version, item) in listing.versions.iter().zip(items) {
        let theirs = aws.version(id, &version.version).await?;
        let key = ours.version_key(id, bytes_of(&version.version)?).await?;
        tally.same("the version", &theirs.version, &uuid(key.version()));
        tally.same("the version's id", &&*theirs.id, &key.id());
        tally.same("what is bound to it", &theirs.context, &listing.context);
        let opened = with(given(&theirs)?)?.decrypt_item(item.clone()).await?;
        tally.same("an item under AWS's version", &opened, &order());
        let opened = with(BranchKeyring::new([key]))?.decrypt_item(item.clone()).await?;
        tally.same("an item under our version", &opened, &order());
    }
    Ok(())
}

async fn refusals(stage: &Stage, tally: &mut Tally) -> Outcome {
    let (aws, ours) = (stage.aws()?, stage.ours()?);
    let none = [("", ""); 0];
    for id in ["aws-made", "ours"] {
        let own = OWN.iter().copied();
        let theirs = aws.create(Some(id), OWN).await;
        tally.verdicts("a second key", &theirs, &ours.create_key(Some(id), own).await, false);
        let missing = "83eec007-5659-4554-bf11-699b90f41ac6";
        let theirs = aws.version(id, missing).await;
        let answer = ours.version_key(id, bytes_of(missing)?).await;
        tally.verdicts("a version that is not there", &theirs, &answer, false);
    }
    let theirs = aws.create(Some("bare"), &[]).await;
    tally.verdicts("a chosen id alone", &theirs, &ours.create_key(Some("bare"), none).await, false);
    let theirs = aws.create(Some(""), OWN).await;
    let answer = ours.create_key(Some(""), OWN.iter().copied()).await;
    tally.verdicts("an empty id", &theirs, &answer, false);
    let id = "nobody";
    tally.verdicts("no active key", &aws.active(id).await, &ours.active_key(id).await, false);
    tally.verdicts("no beacon key", &aws.beacon(id).await, &ours.beacon_key(id).await, false);
    tally.verdicts("nothing to rotate", &aws.rotate(id).await, &ours.rotate(id).await, false);
    Ok(())
}

/// Kind by kind: names and types of what is stored, with the create time's form.
fn shapes(items: &[Item]) -> Vec<BTreeMap<String, String>> {
    let shape = |item: &Item| {
        let of = |(name, value): (&String, &AttributeValue)| {
            let shape = match value {
                AttributeValue::S(text) if name == "create-time" => digits(text),
                AttributeValue::S(text) if name == "kms-arn" => text.clone(),
                AttributeValue::S(text) if name == "type" || name == "version" => {
                    text.chars().take("branch:version:".len()).collect()
                }
                AttributeValue::B(bytes) => format!("B {}", bytes.len()),
                AttributeValue::N(number) => format!("N {number}"),
                AttributeValue::S(_) => "S".to_owned(),
                other => format!("{other:?}"),
            };
            (name.clone(), shape)
        };
        item.iter().map(of).collect()
    };
    items.iter().map(shape).collect()
}

fn digits(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

fn given(key: &AwsKey) -> Outcome<BranchKeyring> {
    Ok(BranchKeyring::new([BranchKey::new(&*key.id, bytes_of(&key.version)?, &key.bytes)?]))
}

fn with(keyring: impl Keyring + 'static) -> Outcome<ItemEncryptor> {
    let table = TableConfig::builder("Orders").partition_key("OrderID").build()?;
    Ok(ItemEncryptor::new(table, keyring))
}

fn order() -> Item {
    Item::new().with("OrderID", "o-1").with("Card", "4111 1111 1111 1111")
}

fn uuid(bytes: &[u8; 16]) -> String {
    let hex = hex::encode(bytes);
    let parts = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
    parts.map(|(from, to)| hex[from..to].to_owned()).join("-")
}

fn bytes_of(uuid: &str) -> Outcome<[u8; 16]> {
    let bytes = hex::decode(uuid.replace('-', ""))?;
    bytes.try_into().map_err(|_| format!("not a UUID: {uuid}").into())
}

/// The branch key's items of one kind.
pub fn of_kind<'a>(items: &'a [Item], kind: &str) -> Option<&'a Item> {
    items.iter().find(|item| text(item, "type").starts_with(kind))
}
