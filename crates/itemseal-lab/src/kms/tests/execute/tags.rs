use super::*;

fn tags(entries: &[(&str, &str)]) -> Value {
    entries.iter().map(|(key, value)| json!({ "TagKey": key, "TagValue": value })).collect()
}

fn tags_of(kms: &LabKms, region: &str, id: &str) -> Value {
    ok(kms, region, "ListResourceTags", json!({ "KeyId": id }))["Tags"].clone()
}

#[test]
fn tags_are_set_changed_and_removed_in_one_region() {
    let b = bench();
    let id = replicated(&b.kms, &[EU]);
    let request = json!({ "KeyId": id, "Tags": tags(&[("b", "1"), ("a", "")]) });
    assert_eq!(ok(&b.kms, US, "TagResource", request), json!({}));
    assert_eq!(tags_of(&b.kms, US, &id), tags(&[("a", ""), ("b", "1")]));
    assert_eq!(tags_of(&b.kms, EU, &id), tags(&[]));
    ok(&b.kms, US, "TagResource", json!({ "KeyId": id, "Tags": tags(&[("b", "2")]) }));
    ok(&b.kms, US, "UntagResource", json!({ "KeyId": id, "TagKeys": ["a", "unknown"] }));
    assert_eq!(tags_of(&b.kms, US, &id), tags(&[("b", "2")]));
}

#[test]
fn tags_can_be_given_at_creation() {
    let b = bench();
    let id = create(&b.kms, json!({ "Tags": tags(&[("a", "1")]) }));
    assert_eq!(tags_of(&b.kms, US, &id), tags(&[("a", "1")]));
}

#[test]
fn tags_have_rules() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    let many: Vec<(String, String)> = (0..51).map(|n| (n.to_string(), String::new())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    for (bad, code) in [
        (tags(&[("a", "1"), ("a", "2")]), "TagException"),
        (tags(&[("aws:a", "1")]), "TagException"),
        (tags(&[("", "1")]), "ValidationException"),
        (tags(&[(&"x".repeat(129), "1")]), "ValidationException"),
        (tags(&[("a", &"x".repeat(257))]), "ValidationException"),
        (json!([{ "TagKey": "a" }]), "ValidationException"),
        (json!(["a"]), "SerializationException"),
        (tags(&many), "LimitExceededException"),
    ] {
        refused(&b.kms, US, "TagResource", json!({ "KeyId": id, "Tags": bad }), code);
        refused(&b.kms, US, "CreateKey", json!({ "Tags": bad }), code);
    }
    assert_eq!(tags_of(&b.kms, US, &id), tags(&[]), "what is refused changes nothing");
    assert_eq!(ok(&b.kms, US, "ListKeys", json!({}))["Keys"].as_array().map(Vec::len), Some(1));
    ok(&b.kms, US, "TagResource", json!({ "KeyId": id, "Tags": tags(&many[..50]) }));
    let one_more = json!({ "KeyId": id, "Tags": tags(&[("more", "")]) });
    refused(&b.kms, US, "TagResource", one_more, "LimitExceededException");
    assert_eq!(tags_of(&b.kms, US, &id).as_array().map(Vec::len), Some(50));
}
