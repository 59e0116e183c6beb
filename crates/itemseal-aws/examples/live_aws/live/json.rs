use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value, json};

pub(crate) type Attributes = HashMap<String, AttributeValue>;

/// DynamoDB JSON, of the types that the stories write. Bytes are ciphertext, another each time: their
/// length is enough.
pub(crate) fn value(own: &AttributeValue) -> Value {
    match own {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(truth) => json!({ "BOOL": truth }),
        AttributeValue::Null(truth) => json!({ "NULL": truth }),
        AttributeValue::L(values) => json!({ "L": values.iter().map(value).collect::<Vec<_>>() }),
        AttributeValue::M(values) => json!({ "M": item(values) }),
        AttributeValue::B(bytes) => json!({ "B": format!("{} bytes", bytes.as_ref().len()) }),
        _ => json!("a type that no story has"),
    }
}

pub(crate) fn item(item: &Attributes) -> Value {
    Value::Object(item.iter().map(|(name, own)| (name.clone(), value(own))).collect::<Map<_, _>>())
}

pub(crate) fn some_item(item: Option<&Attributes>) -> Value {
    item.map_or(Value::Null, self::item)
}

/// Items in the order of their texts: DynamoDB's own is by a hash that it does not tell.
pub(crate) fn items<'i>(items: impl IntoIterator<Item = &'i Attributes>) -> Value {
    let mut items: Vec<Value> = items.into_iter().map(item).collect();
    items.sort_by_key(Value::to_string);
    Value::Array(items)
}
