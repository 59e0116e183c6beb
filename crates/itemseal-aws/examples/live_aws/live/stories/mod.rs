//! What is told: the rules of `tests/table`, through calls that AWS answers too.

mod batches;
mod conditions;
mod doctor;
mod items;
mod keys;
mod pages;
mod regions;
mod transactions;
mod world;

use super::{Outcome, Record};
pub(crate) use world::World;

/// All stories, one after the other. Each has orders of its own.
pub(crate) async fn tell(world: &World<'_>) -> Outcome<Record> {
    let mut record = Record::new(world.target, &world.key_arn);
    items::tell(world, &mut record).await?;
    conditions::tell(world, &mut record).await?;
    pages::tell(world, &mut record).await?;
    batches::tell(world, &mut record).await?;
    transactions::tell(world, &mut record).await?;
    regions::tell(world, &mut record).await?;
    doctor::tell(world, &mut record).await?;
    keys::tell(world, &mut record).await?;
    Ok(record)
}
