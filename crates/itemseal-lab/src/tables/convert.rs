//! Items, between this project's type and the engine's.

use dynoxide::AttributeValue as Engine;
use itemseal::{AttributeValue, Item};

/// An item as the engine's requests take it.
pub fn to_dynoxide(item: Item) -> dynoxide::Item {
    item.into_iter().map(|(name, value)| (name, value_to_dynoxide(value))).collect()
}

/// An item that the engine answered with.
pub fn from_dynoxide(item: dynoxide::Item) -> Item {
    item.into_iter().map(|(name, value)| (name, value_from_dynoxide(value))).collect()
}

fn value_to_dynoxide(value: AttributeValue) -> Engine {
    match value {
        AttributeValue::S(text) => Engine::S(text),
        AttributeValue::N(number) => Engine::N(number),
        AttributeValue::B(bytes) => Engine::B(bytes),
        AttributeValue::Bool(value) => Engine::BOOL(value),
        AttributeValue::Null => Engine::NULL(true),
        AttributeValue::Ss(set) => Engine::SS(set),
        AttributeValue::Ns(set) => Engine::NS(set),
        AttributeValue::Bs(set) => Engine::BS(set),
        AttributeValue::L(list) => Engine::L(list.into_iter().map(value_to_dynoxide).collect()),
        AttributeValue::M(map) => {
            Engine::M(map.into_iter().map(|(name, v)| (name, value_to_dynoxide(v))).collect())
        }
    }
}

fn value_from_dynoxide(value: Engine) -> AttributeValue {
    match value {
        Engine::S(text) => AttributeValue::S(text),
        Engine::N(number) => AttributeValue::N(number),
        Engine::B(bytes) => AttributeValue::B(bytes),
        Engine::BOOL(value) => AttributeValue::Bool(value),
        // The engine stores no NULL that is not true.
        Engine::NULL(_) => AttributeValue::Null,
        Engine::SS(set) => AttributeValue::Ss(set),
        Engine::NS(set) => AttributeValue::Ns(set),
        Engine::BS(set) => AttributeValue::Bs(set),
        Engine::L(list) => AttributeValue::L(list.into_iter().map(value_from_dynoxide).collect()),
        Engine::M(map) => AttributeValue::M(
            map.into_iter().map(|(name, v)| (name, value_from_dynoxide(v))).collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_ten_types_go_there_and_back() {
        let item = Item::from_json(
            r#"{"b":{"B":"AAH/"},"bo":{"BOOL":true},"bs":{"BS":["AA==","AQ=="]},
                "l":{"L":[{"S":"x"},{"L":[]}]},"m":{"M":{"n":{"N":"1E3"}}},"n":{"N":"-0.50"},
                "ns":{"NS":["1","2"]},"nu":{"NULL":true},"s":{"S":"𝄞"},"ss":{"SS":["a","b"]}}"#,
        )
        .unwrap();
        let engine = to_dynoxide(item.clone());
        // The engine reads the same JSON as the same item.
        let read: dynoxide::Item = serde_json::from_str(&item.to_json()).unwrap();
        assert_eq!(engine, read);
        assert_eq!(from_dynoxide(engine), item);
    }
}
