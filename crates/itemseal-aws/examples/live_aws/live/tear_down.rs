//! Deletes what was made, and says what could not be deleted.
//!
//! DynamoDB keeps the replica that others were copied from for 24 hours while there are others, so those go
//! first; if it refuses nevertheless, `--tear-down-only` a day later ends it. A table without calls costs
//! nothing but its few kilobytes. Keys go after KMS's shortest waiting time, seven days, in which they cost
//! nothing.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{
    DeleteReplicationGroupMemberAction, ReplicationGroupUpdate, TableDescription, TableStatus,
};
use aws_sdk_kms::types::KeyState;

use super::wait::until;
use super::{Outcome, Target, explained};

const WAITING_DAYS: i32 = 7;

/// The table and the keys that are there now.
pub(crate) async fn find(target: &Target) -> Outcome<Vec<String>> {
    let mut found = Vec::new();
    for region in target.regions() {
        if describe(&target.tables_in(region), &target.table()).await?.is_some() {
            found.push(format!("the table {} in {region}", target.table()));
        }
        let keys = keys_in(target, region).await?;
        found.extend(keys.iter().map(|id| format!("the key {id} in {region}")));
    }
    Ok(found)
}

/// Deletes everything that it can, and gives what is left.
pub(crate) async fn all(target: &Target) -> Vec<String> {
    eprintln!("tearing down; with AWS this takes some minutes");
    let mut left = Vec::new();
    if let Err(error) = replicas(target).await {
        left.push(format!("replicas of the table {}: {}", target.table(), explained(&*error)));
    }
    for region in target.regions() {
        if let Err(error) = table(target, region).await {
            let says = explained(&*error);
            left.push(format!(
                "the table {} in {region}: {says}; if it was copied from in the last 24 hours, run \
                 --tear-down-only when they are over",
                target.table()
            ));
        }
        if let Err(error) = keys(target, region).await {
            let says = explained(&*error);
            let what = target.key_description();
            left.push(format!("the key in {region} with the description {what:?}: {says}"));
        }
    }
    left
}

/// None if there is no such table.
pub(super) async fn describe(tables: &Client, name: &str) -> Outcome<Option<TableDescription>> {
    match tables.describe_table().table_name(name).send().await {
        Ok(described) => Ok(described.table),
        Err(error)
            if error.as_service_error().is_some_and(|e| e.is_resource_not_found_exception()) =>
        {
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Removes all replicas but the one in the first Region that has the table, one at a time.
async fn replicas(target: &Target) -> Outcome<()> {
    let name = target.table();
    for region in target.regions() {
        let tables = target.tables_in(region);
        let Some(table) = describe(&tables, &name).await? else { continue };
        for replica in table.replicas().iter().filter_map(|replica| replica.region_name()) {
            settled(&tables, &name).await?;
            let delete =
                DeleteReplicationGroupMemberAction::builder().region_name(replica).build()?;
            let update = ReplicationGroupUpdate::builder().delete(delete).build();
            let update = tables.update_table().table_name(&name).replica_updates(update);
            until("the table, to remove a replica", || async {
                match update.clone().send().await {
                    Ok(_) => Ok(Ok(())),
                    Err(error) => busy(error.into_service_error()),
                }
            })
            .await?;
            until(&format!("the end of the replica in {replica}"), || async {
                let table = describe(&tables, &name).await?;
                let replicas = table.iter().flat_map(TableDescription::replicas);
                let mut replicas = replicas.filter(|other| other.region_name() == Some(replica));
                Ok(match replicas.next() {
                    Some(replica) => Err(format!("{:?}", replica.replica_status())),
                    None => Ok(()),
                })
            })
            .await?;
        }
        return Ok(());
    }
    Ok(())
}

/// One change of a table at a time: whether this error says that another is still going on.
pub(super) fn busy<E>(error: E) -> Outcome<Result<(), String>>
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match error.code() {
        Some(code @ "ResourceInUseException") => Ok(Err(code.to_owned())),
        _ => Err(error.into()),
    }
}

/// Waits until a table can be changed, or is gone.
async fn settled(tables: &Client, name: &str) -> Outcome<()> {
    until(&format!("the table {name}"), || async {
        let table = describe(tables, name).await?;
        Ok(match table.as_ref().and_then(TableDescription::table_status) {
            None | Some(TableStatus::Active) => Ok(()),
            Some(status) => Err(status.as_str().to_owned()),
        })
    })
    .await
}

async fn table(target: &Target, region: &str) -> Outcome<()> {
    let (tables, name) = (target.tables_in(region), target.table());
    settled(&tables, &name).await?;
    let Some(table) = describe(&tables, &name).await? else { return Ok(()) };
    if table.deletion_protection_enabled() == Some(true) {
        let update = tables.update_table().table_name(&name).deletion_protection_enabled(false);
        update.send().await?;
        settled(&tables, &name).await?;
    }
    let delete = tables.delete_table().table_name(&name);
    until("the table, to delete it", || async {
        match delete.clone().send().await {
            Ok(_) => Ok(Ok(())),
            Err(error) => busy(error.into_service_error()),
        }
    })
    .await?;
    until(&format!("the end of the table in {region}"), || async {
        let table = describe(&tables, &name).await?;
        Ok(table.map_or(Ok(()), |table| Err(format!("{:?}", table.table_status()))))
    })
    .await
}

/// The keys that were made and are not scheduled for deletion.
async fn keys_in(target: &Target, region: &str) -> Outcome<Vec<String>> {
    let (kms, description) = (target.kms_in(region), target.key_description());
    let mut found = Vec::new();
    let mut pages = kms.list_keys().into_paginator().items().send();
    while let Some(key) = pages.next().await {
        let id = key?.key_id.unwrap_or_default();
        // Others' keys may be nobody's to look at.
        let Ok(described) = kms.describe_key().key_id(&id).send().await else { continue };
        let ours =
            described.key_metadata.filter(|key| key.description() == Some(description.as_str()));
        let over = [Some(&KeyState::PendingDeletion), Some(&KeyState::PendingReplicaDeletion)];
        if ours.is_some_and(|key| !over.contains(&key.key_state())) {
            found.push(id);
        }
    }
    Ok(found)
}

async fn keys(target: &Target, region: &str) -> Outcome<()> {
    let kms = target.kms_in(region);
    for id in keys_in(target, region).await? {
        let schedule = kms.schedule_key_deletion().key_id(id);
        schedule.pending_window_in_days(WAITING_DAYS).send().await?;
    }
    Ok(())
}
