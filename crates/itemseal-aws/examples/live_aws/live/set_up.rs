//! A key and a table, each in every Region.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, CreateReplicationGroupMemberAction, GlobalSecondaryIndex,
    IndexStatus, KeySchemaElement, KeyType, Projection, ProjectionType, ReplicaStatus,
    ReplicationGroupUpdate, ScalarAttributeType, StreamSpecification, StreamViewType,
    TableDescription, TableStatus,
};
use aws_sdk_kms::error::ProvideErrorMetadata;
use aws_sdk_kms::types::DataKeySpec;

use super::stories::World;
use super::wait::until;
use super::{Outcome, Target, tear_down};

/// Nothing that was there before is used, or torn down.
pub(crate) async fn refuse_leftovers(target: &Target) -> Outcome<()> {
    let found = tear_down::find(target).await?;
    if found.is_empty() {
        return Ok(());
    }
    let found = found.join(", ");
    Err(format!("there is {found}; run --tear-down-only first, or take another prefix").into())
}

pub(crate) async fn make(target: &Target) -> Outcome<World<'_>> {
    let key_arn = make_key(target).await?;
    make_table(target).await?;
    Ok(World { target, key_arn })
}

async fn make_key(target: &Target) -> Outcome<String> {
    let home = target.kms_in(target.home());
    let created = home.create_key().multi_region(true).description(target.key_description());
    let key = created.send().await?.key_metadata.ok_or("the key has no metadata")?;
    let arn = key.arn.ok_or("the key has no ARN")?;
    for region in target.regions().iter().skip(1) {
        let replicate = home.replicate_key().key_id(&arn).replica_region(region);
        replicate.description(target.key_description()).send().await?;
    }
    for region in target.regions() {
        let kms = target.kms_in(region);
        until(&format!("the key in {region}"), || async {
            let call = kms.generate_data_key().key_id(&key.key_id).key_spec(DataKeySpec::Aes256);
            // A key that was just made is creating, or is not seen yet.
            let error = match call.send().await {
                Ok(_) => return Ok(Ok(())),
                Err(error) => error,
            };
            match error.code() {
                Some(code @ ("KMSInvalidStateException" | "NotFoundException")) => {
                    Ok(Err(code.to_owned()))
                }
                _ => Err(error.into()),
            }
        })
        .await?;
    }
    eprintln!("a key in {}", target.regions().join(", "));
    Ok(arn)
}

async fn make_table(target: &Target) -> Outcome<()> {
    let (home, name) = (target.tables_in(target.home()), target.table());
    let mut create = home.create_table().table_name(&name).billing_mode(BillingMode::PayPerRequest);
    for attribute in ["OrderID", "CustomerID", "OrderStatus"] {
        let attribute = AttributeDefinition::builder().attribute_name(attribute);
        create =
            create.attribute_definitions(attribute.attribute_type(ScalarAttributeType::S).build()?);
    }
    for (index, projection) in
        [("by-status", ProjectionType::All), ("by-status-keys", ProjectionType::KeysOnly)]
    {
        let projection = Projection::builder().projection_type(projection).build();
        let index = GlobalSecondaryIndex::builder().index_name(index).projection(projection);
        let index = index.key_schema(schema("OrderStatus", KeyType::Hash)?).build()?;
        create = create.global_secondary_indexes(index);
    }
    // Replication goes over streams.
    let stream = StreamSpecification::builder().stream_enabled(true);
    let stream = stream.stream_view_type(StreamViewType::NewAndOldImages).build()?;
    create
        .key_schema(schema("OrderID", KeyType::Hash)?)
        .key_schema(schema("CustomerID", KeyType::Range)?)
        .stream_specification(stream)
        .deletion_protection_enabled(false)
        .send()
        .await?;
    active(target, target.home(), &[]).await?;
    let mut replicas: Vec<&str> = Vec::new();
    for region in target.regions().iter().skip(1) {
        let replica = CreateReplicationGroupMemberAction::builder().region_name(region).build()?;
        let update = ReplicationGroupUpdate::builder().create(replica).build();
        let update = home.update_table().table_name(&name).replica_updates(update);
        until("the table, to add a replica", || async {
            match update.clone().send().await {
                Ok(_) => Ok(Ok(())),
                Err(error) => tear_down::busy(error.into_service_error()),
            }
        })
        .await?;
        replicas.push(region);
        // One at a time.
        active(target, target.home(), &replicas).await?;
        active(target, region, &[]).await?;
    }
    eprintln!("the table {name} in {}", target.regions().join(", "));
    Ok(())
}

fn schema(name: &str, kind: KeyType) -> Outcome<KeySchemaElement> {
    Ok(KeySchemaElement::builder().attribute_name(name).key_type(kind).build()?)
}

/// Waits for a table, its indexes and those replicas.
async fn active(target: &Target, region: &str, replicas: &[&str]) -> Outcome<()> {
    let (tables, name) = (target.tables_in(region), target.table());
    until(&format!("the table in {region}"), || async {
        // A table that was just made may not be seen at once.
        let table = tear_down::describe(&tables, &name).await?;
        Ok(table.map_or_else(|| Err("not there".to_owned()), |table| state(&table, replicas)))
    })
    .await
}

fn state(table: &TableDescription, replicas: &[&str]) -> Result<(), String> {
    if table.table_status() != Some(&TableStatus::Active) {
        return Err(format!("{:?}", table.table_status()));
    }
    for index in table.global_secondary_indexes() {
        if index.index_status() != Some(&IndexStatus::Active) {
            return Err(format!("index {:?}", index.index_status()));
        }
    }
    for region in replicas {
        let replica = table.replicas().iter().find(|replica| replica.region_name() == Some(region));
        let status = replica.and_then(|replica| replica.replica_status());
        if status != Some(&ReplicaStatus::Active) {
            return Err(format!("replica in {region} {status:?}"));
        }
    }
    Ok(())
}
