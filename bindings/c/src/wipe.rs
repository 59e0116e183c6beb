//! Plaintext that is not needed any more.

use itemseal::{AttributeValue, Item};
use zeroize::Zeroize;

/// Overwrites an item's values, and leaves it empty. Names stay in memory: they are stored in clear.
pub(crate) fn item(item: &mut Item) {
    for (_, mut value) in std::mem::take(item) {
        self::value(&mut value);
    }
}

/// Overwrites a value with everything in it. Names in maps are part of a value, and are overwritten too.
pub(crate) fn value(value: &mut AttributeValue) {
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.zeroize(),
        AttributeValue::B(bytes) => bytes.zeroize(),
        AttributeValue::Bool(value) => value.zeroize(),
        AttributeValue::Null => {}
        AttributeValue::Ss(set) | AttributeValue::Ns(set) => set.zeroize(),
        AttributeValue::Bs(set) => set.zeroize(),
        AttributeValue::L(list) => list.iter_mut().for_each(self::value),
        AttributeValue::M(map) => {
            for (mut name, mut value) in std::mem::take(map) {
                name.zeroize();
                self::value(&mut value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_of_any_type() {
        let json = r#"{"b":{"B":"AAH/"},"l":{"L":[{"S":"x"},{"M":{"n":{"N":"1"}}}]},"ss":{"SS":["a"]},"bs":{"BS":["AA=="]}}"#;
        let mut all = Item::from_json(json).unwrap();
        for name in ["b", "l", "ss", "bs"] {
            value(all.get_mut(name).unwrap());
        }
        let empty = r#"{"b":{"B":""},"bs":{"BS":[]},"l":{"L":[{"S":""},{"M":{}}]},"ss":{"SS":[]}}"#;
        assert_eq!(all.to_json(), empty);
        item(&mut all);
        assert!(all.is_empty());
    }
}
