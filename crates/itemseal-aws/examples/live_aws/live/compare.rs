use super::Record;

/// Where two records differ, story by story.
pub(crate) fn differences(known: &Record, found: &Record) -> Vec<String> {
    let mut differences = Vec::new();
    for story in known.stories.keys().filter(|story| !found.stories.contains_key(*story)) {
        differences.push(format!("{story}: was not told"));
    }
    for (story, steps) in &found.stories {
        let Some(expected) = known.stories.get(story) else {
            differences.push(format!("{story}: is not in the record that it is compared with"));
            continue;
        };
        if steps.len() != expected.len() {
            let (found, expected) = (steps.len(), expected.len());
            differences.push(format!("{story}: {found} calls, expected {expected}"));
        }
        for (number, (step, expected)) in (1..).zip(steps.iter().zip(expected)) {
            if step != expected {
                differences.push(format!(
                    "{story}, {number}, {}:\n  expected {}\n  found    {}",
                    step.call, expected.answer, step.answer
                ));
            }
        }
    }
    differences
}
