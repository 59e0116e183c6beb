use std::collections::BTreeMap;
use std::error::Error as _;

use itemseal::Error;
use itemseal_aws::{Answer, ConditionFailed};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::json::item;
use super::{Outcome, Target};

/// What was answered, story by story, without what is another each time: ids, times, lengths of DER
/// signatures, names of keys and tables. Regions have their places.
#[derive(Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Record {
    pub(super) stories: BTreeMap<String, Vec<Step>>,
    #[serde(skip)]
    names: Vec<(String, String)>,
    #[serde(skip)]
    current: String,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Step {
    pub(super) call: String,
    pub(super) answer: Value,
}

impl Record {
    pub(crate) fn new(target: &Target, key_arn: &str) -> Self {
        let key_id = key_arn.rsplit('/').next().unwrap_or_default();
        let mut names =
            vec![(target.table(), "TABLE".to_owned()), (key_id.to_owned(), "KEY".to_owned())];
        for (place, region) in target.regions().iter().enumerate() {
            let place =
                if place == 0 { "HOME".to_owned() } else { format!("REGION-{}", place + 1) };
            names.push((region.clone(), place));
        }
        Self { names, ..Self::default() }
    }

    pub(crate) fn begin(&mut self, story: &str) {
        eprintln!("story: {story}");
        self.current = story.to_owned();
    }

    /// An answer or a refusal.
    pub(crate) fn step<T>(
        &mut self,
        call: &str,
        answer: itemseal::Result<Answer<T>>,
        told: impl FnOnce(&T) -> Value,
    ) -> Option<T> {
        match answer {
            Ok(answer) => {
                let region = answer.region().to_owned();
                let told = json!({ "region": region, "output": told(&answer) });
                self.note(call, told);
                Some(answer.into_output())
            }
            Err(error) => {
                self.note(call, refusal(&error));
                None
            }
        }
    }

    /// Anything else.
    pub(crate) fn note(&mut self, call: &str, answer: Value) {
        let answer = self.without_names(answer);
        let story = self.stories.entry(self.current.clone()).or_default();
        story.push(Step { call: call.to_owned(), answer });
    }

    fn without_names(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(
                self.names.iter().fold(text, |text, (name, place)| text.replace(name, place)),
            ),
            Value::Array(values) => {
                values.into_iter().map(|value| self.without_names(value)).collect()
            }
            Value::Object(members) => members
                .into_iter()
                .map(|(name, value)| (name, self.without_names(value)))
                .collect::<Map<_, _>>()
                .into(),
            other => other,
        }
    }

    pub(crate) fn stories(&self) -> usize {
        self.stories.len()
    }

    pub(crate) fn calls(&self) -> usize {
        self.stories.values().map(Vec::len).sum()
    }

    pub(crate) fn to_text(&self) -> Outcome<String> {
        // A line for a call, which is easy to compare.
        let mut stories = Vec::new();
        for (name, steps) in &self.stories {
            let steps = steps.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
            stories.push(format!("{}: [\n  {}\n]", json!(name), steps.join(",\n  ")));
        }
        Ok(format!("{{\"stories\": {{\n{}\n}}}}\n", stories.join(",\n")))
    }

    pub(crate) fn parse(text: &str) -> Outcome<Self> {
        Ok(serde_json::from_str(text)?)
    }
}

fn refusal(error: &Error) -> Value {
    let mut told = Map::new();
    told.insert("kind".to_owned(), format!("{:?}", error.kind()).into());
    for (name, value) in
        [("code", error.code()), ("region", error.region()), ("attribute", error.attribute())]
    {
        if let Some(value) = value {
            told.insert(name.to_owned(), value.into());
        }
    }
    let failed = error.source().and_then(|source| source.downcast_ref::<ConditionFailed>());
    if let Some(failed) = failed {
        told.insert("item".to_owned(), item(failed.item()));
    }
    json!({ "refused": told })
}
