//! What calls cost, together.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{Capacity, ConsumedCapacity};

/// Adds what a call cost that the caller did not make.
pub(super) fn add(sum: &mut Option<ConsumedCapacity>, more: Option<ConsumedCapacity>) {
    let Some(more) = more else { return };
    let Some(sum) = sum else {
        *sum = Some(more);
        return;
    };
    add_units(&mut sum.capacity_units, more.capacity_units);
    add_units(&mut sum.read_capacity_units, more.read_capacity_units);
    add_units(&mut sum.write_capacity_units, more.write_capacity_units);
    if let Some(more) = more.table {
        add_capacity(sum.table.get_or_insert_with(|| Capacity::builder().build()), more);
    }
    add_indexes(&mut sum.global_secondary_indexes, more.global_secondary_indexes);
    add_indexes(&mut sum.local_secondary_indexes, more.local_secondary_indexes);
}

/// One entry a table, as DynamoDB answers one call.
pub(super) fn by_table(all: Vec<ConsumedCapacity>) -> Vec<ConsumedCapacity> {
    let mut tables: Vec<Option<ConsumedCapacity>> = Vec::new();
    for one in all {
        let same = |sum: &&mut Option<ConsumedCapacity>| {
            sum.as_ref().is_some_and(|sum| sum.table_name == one.table_name)
        };
        match tables.iter_mut().find(same) {
            Some(sum) => add(sum, Some(one)),
            None => tables.push(Some(one)),
        }
    }
    tables.into_iter().flatten().collect()
}

fn add_units(sum: &mut Option<f64>, more: Option<f64>) {
    if let Some(more) = more {
        *sum = Some(sum.unwrap_or(0.0) + more);
    }
}

fn add_capacity(sum: &mut Capacity, more: Capacity) {
    add_units(&mut sum.capacity_units, more.capacity_units);
    add_units(&mut sum.read_capacity_units, more.read_capacity_units);
    add_units(&mut sum.write_capacity_units, more.write_capacity_units);
}

fn add_indexes(
    sum: &mut Option<HashMap<String, Capacity>>,
    more: Option<HashMap<String, Capacity>>,
) {
    for (name, more) in more.into_iter().flatten() {
        let indexes = sum.get_or_insert_default();
        add_capacity(indexes.entry(name).or_insert_with(|| Capacity::builder().build()), more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(table: &str, units: f64) -> ConsumedCapacity {
        let capacity = || Capacity::builder().capacity_units(units).build();
        ConsumedCapacity::builder()
            .table_name(table)
            .capacity_units(units)
            .table(capacity())
            .global_secondary_indexes("by", capacity())
            .build()
    }

    #[test]
    fn every_part_is_added_up_table_by_table() {
        let sums = by_table(vec![of("a", 1.0), of("b", 2.0), of("a", 4.0)]);
        assert_eq!(sums, [of("a", 5.0), of("b", 2.0)]);
        let mut sum = None;
        add(&mut sum, None);
        assert_eq!(sum, None);
        add(&mut sum, Some(of("a", 1.0)));
        add(&mut sum, Some(ConsumedCapacity::builder().read_capacity_units(3.0).build()));
        let sum = sum.unwrap();
        assert_eq!((sum.capacity_units, sum.read_capacity_units), (Some(1.0), Some(3.0)));
    }
}
