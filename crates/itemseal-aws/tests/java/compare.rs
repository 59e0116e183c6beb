//! Items side by side, whole.

use std::collections::BTreeSet;

use itemseal::{AttributeValue, Item};

/// Fails with the attributes that differ. Items and the elements of sets have no order.
pub fn same(what: &str, got: &[Item], expected: &[Item]) {
    let (got, expected) = (in_order(got), in_order(expected));
    assert_eq!(got.len(), expected.len(), "{what}: number of items");
    for (got, expected) in got.iter().zip(&expected) {
        let names: BTreeSet<_> = got.iter().chain(expected).map(|(name, _)| name).collect();
        for name in names {
            // In JSON: values do not print what they are.
            assert_eq!(json(got, name), json(expected, name), "{what}: {name:?}");
        }
    }
}

fn json(item: &Item, name: &str) -> Option<String> {
    item.get(name).map(|value| Item::new().with(name, value.clone()).to_json())
}

fn in_order(items: &[Item]) -> Vec<Item> {
    let sorted = items.iter().map(|item| {
        item.iter().map(|(name, value)| (name.clone(), sorted(value))).collect::<Item>()
    });
    let mut items: Vec<Item> = sorted.collect();
    items.sort_by_key(|item| crate::bench::key_of(item).to_json());
    items
}

fn sorted(value: &AttributeValue) -> AttributeValue {
    let mut value = value.clone();
    match &mut value {
        AttributeValue::Ss(set) | AttributeValue::Ns(set) => set.sort(),
        AttributeValue::Bs(set) => set.sort(),
        AttributeValue::L(list) => list.iter_mut().for_each(|value| *value = sorted(value)),
        AttributeValue::M(map) => map.values_mut().for_each(|value| *value = sorted(value)),
        _ => {}
    }
    value
}
