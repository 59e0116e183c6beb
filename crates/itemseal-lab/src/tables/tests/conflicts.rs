use super::*;

#[test]
fn the_later_write_wins_wherever_it_was_made() {
    for (first, second) in [(US, EU), (EU, US)] {
        let b = bench(&[US, EU]);
        b.put(first, "a", "earlier");
        b.advance(1);
        b.put(second, "a", "later");
        b.converge();
        assert_eq!(b.everywhere("a"), [some("later"), some("later")]);
        assert_eq!(b.version(US, "a"), b.version(EU, "a"));
        assert_eq!(b.version(US, "a").region, second);
    }
}

#[test]
fn of_two_in_the_same_microsecond_the_greater_region_name_wins() {
    let b = bench(&[AP, US, EU]);
    for (id, order) in [("a", [US, EU, AP]), ("b", [AP, EU, US])] {
        for region in order {
            b.put(region, id, region);
        }
        // A Region stamps its writes one after the other, so only the first ones tie.
        if id == "a" {
            assert_eq!(b.version(US, id).written_micros, b.version(AP, id).written_micros);
        }
    }
    b.converge();
    assert_eq!(b.everywhere("a"), [some(US), some(US), some(US)]);
    assert_eq!(b.everywhere("b"), [some(US), some(US), some(US)]);
}

#[test]
fn a_later_delete_wins_over_a_put() {
    let b = bench(&[US, EU]);
    b.put(US, "a", "1");
    b.converge();
    b.put(US, "a", "2");
    b.advance(10);
    b.delete(EU, "a");
    b.converge();
    assert_eq!(b.everywhere("a"), [None, None]);
}

#[test]
fn a_later_put_wins_over_a_delete() {
    let b = bench(&[US, EU]);
    b.put(US, "a", "1");
    b.converge();
    b.delete(US, "a");
    b.advance(10);
    b.put(EU, "a", "2");
    b.converge();
    assert_eq!(b.everywhere("a"), [some("2"), some("2")]);
}

#[test]
fn an_earlier_put_that_arrives_after_the_delete_stays_deleted() {
    let b = bench(&[US, EU, AP]);
    b.put(US, "a", "1");
    b.tables.deliver(US, EU, 1).unwrap();
    b.advance(1);
    b.delete(EU, "a");
    // The delete is in ap-northeast-1 before the put that it deletes.
    b.tables.deliver(EU, AP, 1).unwrap();
    assert_eq!(b.get(AP, "a"), None);
    let late = b.tables.deliver(US, AP, 1).unwrap();
    assert_eq!((late.applied, late.superseded), (0, 1));
    b.converge();
    assert_eq!(b.everywhere("a"), [None, None, None]);
}

#[test]
fn a_delayed_change_does_not_undo_a_later_one() {
    let b = bench(&[US, EU]);
    b.put(US, "a", "earlier");
    b.advance(1);
    b.put(EU, "a", "later");
    let delivery = b.tables.deliver(US, EU, 1).unwrap();
    assert_eq!((delivery.applied, delivery.superseded), (0, 1));
    assert_eq!(b.get(EU, "a"), some("later"));
}

#[test]
fn a_fast_clock_wins_over_a_write_that_was_really_later() {
    let b = bench(&[US, EU]);
    b.tables.set_clock_skew(US, 1_000_000).unwrap();
    b.put(US, "a", "fast");
    b.advance(1_000);
    b.put(EU, "a", "really later");
    b.converge();
    assert_eq!(b.everywhere("a"), [some("fast"), some("fast")]);
}

#[test]
fn a_write_that_replaces_one_it_has_seen_wins_however_slow_its_clock() {
    let b = bench(&[US, EU]);
    b.tables.set_clock_skew(EU, -1_000_000).unwrap();
    let seen = b.put(US, "a", "1");
    b.converge();
    let written = b.put(EU, "a", "2");
    assert!(written > seen);
    b.converge();
    assert_eq!(b.everywhere("a"), [some("2"), some("2")]);
}

#[test]
fn write_times_rise_in_a_region_though_its_clock_stands_or_goes_back() {
    let b = bench(&[US, EU]);
    let first = b.put(US, "a", "1");
    let second = b.put(US, "b", "1");
    b.tables.set_clock_skew(US, -1_000_000).unwrap();
    let third = b.put(US, "a", "2");
    assert!(first < second && second < third, "{first}; {second}; {third}");
}

#[test]
fn a_put_that_changes_nothing_is_no_change() {
    let b = bench(&[US, EU]);
    // Enough attributes that the engine writes them in another order the second time.
    let wide = (0..20).fold(key("a"), |item, n| item.with(format!("n{n}"), i64::from(n)));
    b.region(US).put(T, wide.clone()).unwrap();
    let version = b.version(US, "a");
    b.converge();
    b.advance(5);
    b.region(US).put(T, wide.clone()).unwrap();
    assert_eq!(b.version(US, "a"), version);
    assert_eq!(b.tables.waiting().unwrap(), []);
    b.region(US).put(T, wide.with("n0", 1_i64)).unwrap();
    assert_eq!(b.tables.pending(US, EU).unwrap().len(), 1);
}

#[test]
fn equal_items_of_two_regions_have_the_later_ones_version_everywhere() {
    let b = bench(&[US, EU]);
    b.put(US, "a", "same");
    b.advance(10);
    let later = b.put(EU, "a", "same");
    b.converge();
    assert_eq!((b.version(US, "a"), b.version(EU, "a")), (later.clone(), later));
}

#[test]
fn what_arrives_is_not_sent_on() {
    let b = bench(&[US, EU, AP]);
    b.put(US, "a", "1");
    b.delete(US, "a");
    let delivery = b.tables.converge().unwrap();
    assert_eq!((delivery.applied, delivery.superseded), (4, 0), "two changes to two Regions");
    assert_eq!(b.tables.converge().unwrap().delivered(), 0);
}

#[test]
fn an_item_arrives_whole() {
    let b = bench(&[US, EU]);
    let all = Item::from_json(
        r#"{"id":{"S":"a"},"b":{"B":"AAH/"},"bo":{"BOOL":true},"bs":{"BS":["AA==","AQ=="]},
            "l":{"L":[{"S":"x"},{"L":[]}]},"m":{"M":{"n":{"N":"-0.5"}}},"n":{"N":"1000"},
            "ns":{"NS":["1","2"]},"nu":{"NULL":true},"ss":{"SS":["a","b"]}}"#,
    )
    .unwrap();
    b.region(US).put(T, all.clone()).unwrap();
    b.converge();
    assert_eq!(b.region(EU).get(T, key("a")).unwrap(), Some(all));
}

#[test]
fn keys_are_compared_as_dynamodb_does() {
    let b = bench(&[US, EU]);
    b.tables.create_table(US, "Lines", KeyAttribute::b("p"), Some(KeyAttribute::n("s"))).unwrap();
    b.tables.add_replica("Lines", EU).unwrap();
    let at = |number: &str| {
        let number = AttributeValue::N(number.to_owned());
        Item::new().with("p", vec![1_u8, 255]).with("s", number)
    };
    let region = b.region(US);
    region.put("Lines", at("1").with("value", "x")).unwrap();
    // 1 and 1.0 are one key.
    assert!(region.version("Lines", &at("1.0")).unwrap().is_some());
    assert_eq!(region.version("Lines", &at("2")).unwrap(), None);
    assert_eq!(code(region.version("Lines", &key("a"))), "ValidationException");
    assert_eq!(code(region.version("NoTable", &key("a"))), "ResourceNotFoundException");
}
