use aws_sdk_kms::types::DataKeySpec;
use serde_json::Value;

use super::World;
use super::regions::arrived;
use super::world::order;
use crate::live::json::some_item;
use crate::live::wait::until;
use crate::live::{Outcome, Record};

pub(super) async fn tell(world: &World<'_>, record: &mut Record) -> Outcome<()> {
    let (home, away) = (world.home(), world.away());
    let (here, there) = (world.client(&[home]).await?, world.client(&[away]).await?);
    let both = world.client(&[home, away]).await?;
    here.put_item(world.put(order("keys-1"))).await?;
    arrived(world, away, "keys-1").await?;

    record.begin("a key that is disabled in one Region works in the others");
    world.target.kms_in(home).disable_key().key_id(&world.key_arn).send().await?;
    usable(world, false).await?;
    let got = here.get_item(world.get("keys-1")).await;
    record.step("GetItem there", got, |got| some_item(got.item()));
    let put = here.put_item(world.put(order("keys-2"))).await;
    record.step("PutItem there", put, |_| Value::Null);
    let got = there.get_item(world.get("keys-1")).await;
    record.step("GetItem in another Region", got, |got| some_item(got.item()));
    let got = both.get_item(world.get("keys-1")).await;
    record.step("GetItem with both Regions", got, |got| some_item(got.item()));

    record.begin("a key that is enabled again");
    world.target.kms_in(home).enable_key().key_id(&world.key_arn).send().await?;
    usable(world, true).await?;
    let got = here.get_item(world.get("keys-1")).await;
    record.step("GetItem", got, |got| some_item(got.item()));
    Ok(())
}

/// KMS takes some time to follow: several answers in a row say that it has.
async fn usable(world: &World<'_>, expected: bool) -> Outcome<()> {
    let kms = world.target.kms_in(world.home());
    until("KMS", || async {
        for _ in 0..5 {
            let call = kms.generate_data_key().key_id(&world.key_arn).key_spec(DataKeySpec::Aes256);
            let usable = match call.send().await {
                Ok(_) => true,
                Err(error)
                    if error.as_service_error().is_some_and(|e| e.is_disabled_exception()) =>
                {
                    false
                }
                Err(error) => return Err(error.into()),
            };
            if usable != expected {
                return Ok(Err(if usable { "usable".to_owned() } else { "disabled".to_owned() }));
            }
        }
        Ok(Ok(()))
    })
    .await
}
