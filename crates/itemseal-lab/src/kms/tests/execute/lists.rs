use super::*;

/// Reads all pages of `limit`; gives the entries and how many pages there were.
fn read_all(
    kms: &LabKms,
    operation: &str,
    list: &str,
    request: Value,
    limit: usize,
) -> (Vec<Value>, usize) {
    let (mut all, mut pages, mut marker) = (Vec::new(), 0, Value::Null);
    loop {
        let mut request = request.clone();
        request["Limit"] = json!(limit);
        request["Marker"] = marker;
        let page = ok(kms, US, operation, request);
        let entries = page[list].as_array().unwrap();
        assert!(entries.len() <= limit);
        all.extend(entries.clone());
        pages += 1;
        assert!(pages < 100, "{operation} does not end");
        if page["Truncated"] == false {
            assert!(page.get("NextMarker").is_none());
            return (all, pages);
        }
        assert_eq!(entries.len(), limit, "only the last page is short");
        marker = page["NextMarker"].clone();
    }
}

#[test]
fn every_list_comes_in_pages_without_gaps_or_repetitions() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    for at in 0..6 {
        create(&b.kms, json!({}));
        let alias = json!({ "AliasName": format!("alias/{at}"), "TargetKeyId": id });
        ok(&b.kms, US, "CreateAlias", alias);
        let tag = json!([{ "TagKey": at.to_string(), "TagValue": "" }]);
        ok(&b.kms, US, "TagResource", json!({ "KeyId": id, "Tags": tag }));
        let grant = json!({
            "KeyId": id, "GranteePrincipal": "arn:aws:iam::111122223333:role/app",
            "RetiringPrincipal": "arn:aws:iam::111122223333:role/app", "Operations": ["Encrypt"],
        });
        ok(&b.kms, US, "CreateGrant", grant);
        ok(&b.kms, US, "RotateKeyOnDemand", json!({ "KeyId": id }));
        b.clock.advance(DAY);
    }
    let key = json!({ "KeyId": id });
    let retiring = json!({ "RetiringPrincipal": "arn:aws:iam::111122223333:role/app" });
    for (operation, list, request, count) in [
        ("ListKeys", "Keys", json!({}), 7),
        ("ListAliases", "Aliases", json!({}), 6),
        ("ListResourceTags", "Tags", key.clone(), 6),
        ("ListGrants", "Grants", key.clone(), 6),
        ("ListRetirableGrants", "Grants", retiring, 6),
        ("ListKeyRotations", "Rotations", key.clone(), 6),
        ("ListKeyPolicies", "PolicyNames", key, 1),
    ] {
        let (once, pages) = read_all(&b.kms, operation, list, request.clone(), 1_000);
        assert_eq!((once.len(), pages), (count, 1), "{operation}");
        for limit in [1, 2, 3] {
            let (paged, pages) = read_all(&b.kms, operation, list, request.clone(), limit);
            assert_eq!(paged, once, "{operation} by {limit}");
            assert_eq!(pages, count.div_ceil(limit), "{operation} by {limit}");
        }
    }
}

#[test]
fn a_list_goes_on_where_it_was_though_entries_went() {
    let b = bench();
    let id = create(&b.kms, json!({}));
    for name in ["a", "b", "c"] {
        let alias = json!({ "AliasName": format!("alias/{name}"), "TargetKeyId": id });
        ok(&b.kms, US, "CreateAlias", alias);
    }
    let first = ok(&b.kms, US, "ListAliases", json!({ "Limit": 2 }));
    for name in ["alias/a", "alias/b"] {
        ok(&b.kms, US, "DeleteAlias", json!({ "AliasName": name }));
    }
    let rest = ok(&b.kms, US, "ListAliases", json!({ "Marker": first["NextMarker"] }));
    assert_eq!(rest["Aliases"][0]["AliasName"], "alias/c");
}

#[test]
fn limits_and_markers_have_rules() {
    let b = bench();
    for limit in [0, 1_001] {
        refused(&b.kms, US, "ListKeys", json!({ "Limit": limit }), "ValidationException");
    }
    for marker in ["***", "/////w=="] {
        refused(&b.kms, US, "ListKeys", json!({ "Marker": marker }), "InvalidMarkerException");
    }
}

#[test]
fn keys_are_listed_in_the_regions_that_have_them() {
    let b = bench();
    let id = replicated(&b.kms, &[EU]);
    for region in [US, EU] {
        let entry = json!({ "KeyId": id, "KeyArn": arn(region, &id) });
        let expected = json!({ "Keys": [entry], "Truncated": false });
        assert_eq!(ok(&b.kms, region, "ListKeys", json!({})), expected);
    }
    assert_eq!(ok(&b.kms, AP, "ListKeys", json!({}))["Keys"], json!([]));
}
