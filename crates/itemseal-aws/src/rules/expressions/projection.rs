//! Projections, which are made after an item is opened: to verify it takes all of it.

use itemseal::{AttributeValue, Item, Result};

use super::Names;
use super::lexer::tokens;
use super::paths::{Path, Step, paths};

/// A `ProjectionExpression`.
#[derive(Clone, Debug)]
pub struct Projection(Vec<Path>);

impl Projection {
    /// Reads a projection; none if there is none.
    ///
    /// # Errors
    /// [`Misuse`](itemseal::ErrorKind::Misuse) for a `#...` that is not defined.
    pub fn read(expression: Option<&str>, names: Option<&Names>) -> Result<Option<Self>> {
        let Some(expression) = expression else { return Ok(None) };
        Ok(Some(Self(paths(&tokens(expression, names)?, &[]))))
    }

    /// What of an item was asked for.
    pub fn of(&self, item: &Item) -> Item {
        let mut cut = Item::new();
        for name in item.iter().map(|(name, _)| name) {
            let steps: Vec<&[Step]> =
                self.0.iter().filter(|p| p.attribute == *name).map(|p| &*p.steps).collect();
            let part = item.get(name).filter(|_| !steps.is_empty()).and_then(|v| part(v, &steps));
            if let Some(part) = part {
                cut.insert(name.clone(), part);
            }
        }
        cut
    }
}

/// The parts of a value below these paths; none if it has none of them.
fn part(value: &AttributeValue, paths: &[&[Step]]) -> Option<AttributeValue> {
    if paths.iter().any(|path| path.is_empty()) {
        return Some(value.clone());
    }
    let below = |step: &Step| -> Vec<&[Step]> {
        paths
            .iter()
            .filter_map(|path| path.split_first())
            .filter(|(first, _)| *first == step)
            .map(|(_, rest)| rest)
            .collect()
    };
    match value {
        AttributeValue::M(map) => {
            let parts = map.iter().filter_map(|(key, value)| {
                let below = below(&Step::Key(key.clone()));
                let part = part(value, &below).filter(|_| !below.is_empty());
                part.map(|part| (key.clone(), part))
            });
            let parts: std::collections::BTreeMap<_, _> = parts.collect();
            (!parts.is_empty()).then_some(AttributeValue::M(parts))
        }
        AttributeValue::L(list) => {
            let parts = list.iter().enumerate().filter_map(|(index, value)| {
                let below = below(&Step::Index(index));
                part(value, &below).filter(|_| !below.is_empty())
            });
            let parts: Vec<_> = parts.collect();
            (!parts.is_empty()).then_some(AttributeValue::L(parts))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_projection_cuts_as_dynamodb_does() {
        let json = r#"{"pk": {"S": "1"}, "a": {"M": {"b": {"L": [{"S": "x"}, {"S": "y"}, {"S": "z"}]},
            "c": {"N": "1"}}}, "and": {"S": "&"}, "s": {"S": "t"}}"#;
        let item = Item::from_json(json).unwrap();
        let names: Names = [("#n".to_owned(), "and".to_owned())].into();
        for (expression, expected) in [
            ("pk", r#"{"pk": {"S": "1"}}"#),
            ("pk, #n", r#"{"pk": {"S": "1"}, "and": {"S": "&"}}"#),
            ("a.c", r#"{"a": {"M": {"c": {"N": "1"}}}}"#),
            ("a.b[2], a.b[0]", r#"{"a": {"M": {"b": {"L": [{"S": "x"}, {"S": "z"}]}}}}"#),
            ("nothing, a.nothing, s.t, a.b[9]", "{}"),
            ("s, s", r#"{"s": {"S": "t"}}"#),
        ] {
            let projection = Projection::read(Some(expression), Some(&names)).unwrap().unwrap();
            assert_eq!(projection.of(&item), Item::from_json(expected).unwrap(), "{expression}");
        }
        assert!(Projection::read(None, None).unwrap().is_none());
        assert!(Projection::read(Some("#x"), Some(&names)).is_err());
    }
}
