use super::*;

fn waiting(from: &str, to: &str, changes: u64) -> Waiting {
    Waiting { from: from.to_owned(), to: to.to_owned(), changes }
}

#[test]
fn nothing_moves_until_it_is_delivered() {
    let b = bench(&[US, EU]);
    b.put(US, "a", "1");
    b.put(US, "b", "1");
    assert_eq!((b.get(EU, "a"), b.get(EU, "b")), (None, None));
    assert_eq!(b.tables.waiting().unwrap(), [waiting(US, EU, 2)]);
    assert_eq!(b.tables.deliver_once().unwrap().applied, 1);
    assert_eq!((b.get(EU, "a"), b.get(EU, "b")), (some("1"), None), "oldest first");
    b.converge();
    assert_eq!(b.everywhere("b"), [some("1"), some("1")]);
    assert_eq!(b.tables.waiting().unwrap(), []);
}

#[test]
fn what_waits_is_readable() {
    let b = bench(&[US, EU]);
    let put = b.put(US, "a", "1");
    let deleted = b.delete(US, "a");
    let pending = b.tables.pending(US, EU).unwrap();
    assert_eq!(pending.len(), 2);
    assert_eq!((pending[0].table.as_str(), &pending[0].key), (T, &key("a")));
    assert_eq!((&pending[0].item, &pending[0].version), (&Some(item("a", "1")), &put));
    assert_eq!((&pending[1].item, &pending[1].version), (&None, &deleted));
    assert_eq!(pending[1].key, key("a"));
    assert_eq!(b.tables.pending(EU, US).unwrap(), []);
}

#[test]
fn a_cut_region_serves_its_callers_and_converges_when_healed() {
    let b = bench(&[US, EU, AP]);
    b.put(US, "c", "0");
    b.converge();
    b.tables.cut(US).unwrap();
    b.put(US, "a", "us");
    b.put(US, "b", "us");
    b.delete(US, "c");
    b.advance(1_000);
    b.put(EU, "a", "eu, later");
    assert_eq!(b.get(US, "a"), some("us"));
    let error = b.tables.converge().unwrap_err();
    let expected = [waiting(EU, US, 1), waiting(US, AP, 3), waiting(US, EU, 3)];
    assert_eq!(error, ReplicationError::CutOff(expected.to_vec()));
    assert!(error.to_string().contains("us-east-1 to eu-west-1: 3 waiting"), "{error}");
    assert_eq!(b.get(AP, "a"), some("eu, later"), "what can be delivered is");
    b.tables.heal(US).unwrap();
    b.converge();
    assert_eq!(b.everywhere("a"), vec![some("eu, later"); 3]);
    assert_eq!(b.everywhere("b"), vec![some("us"); 3]);
    assert_eq!(b.everywhere("c"), vec![None; 3]);
}

#[test]
fn both_sides_of_a_cut_write_and_the_later_writes_win() {
    let b = bench(&[US, EU]);
    b.put(US, "c", "0");
    b.converge();
    b.tables.cut_between(US, EU).unwrap();
    b.put(EU, "a", "eu");
    b.put(US, "b", "us");
    b.put(US, "c", "us");
    b.advance(10);
    b.put(US, "a", "us, later");
    b.put(EU, "b", "eu, later");
    b.delete(EU, "c");
    b.tables.heal_between(EU, US).unwrap();
    b.converge();
    assert_eq!(b.everywhere("a"), vec![some("us, later"); 2]);
    assert_eq!(b.everywhere("b"), vec![some("eu, later"); 2]);
    assert_eq!(b.everywhere("c"), vec![None; 2]);
}

#[test]
fn a_cut_between_two_leaves_the_third_to_both() {
    let b = bench(&[US, EU, AP]);
    b.tables.cut_between(US, EU).unwrap();
    b.put(US, "a", "1");
    let error = b.tables.converge().unwrap_err();
    assert_eq!(error, ReplicationError::CutOff(vec![waiting(US, EU, 1)]));
    // A Region does not hand on what it was given.
    assert_eq!((b.get(AP, "a"), b.get(EU, "a")), (some("1"), None));
    assert_eq!(b.tables.deliver(US, EU, 1).unwrap().delivered(), 0);
    b.tables.heal_all();
    b.converge();
    assert_eq!(b.get(EU, "a"), some("1"));
}

#[test]
fn healing_a_region_undoes_all_its_cuts_and_healing_a_pair_only_that() {
    let b = bench(&[US, EU, AP]);
    let connected = || [(US, EU), (US, AP), (EU, AP)].map(|(x, y)| b.tables.are_connected(x, y));
    b.tables.cut(US).unwrap();
    b.tables.cut_between(US, EU).unwrap();
    b.tables.cut_between(EU, AP).unwrap();
    assert_eq!(connected(), [false, false, false]);
    b.tables.heal_between(US, EU).unwrap();
    assert_eq!(connected(), [false, false, false], "us-east-1 is still cut off from all");
    b.tables.cut_between(US, EU).unwrap();
    b.tables.heal(US).unwrap();
    assert_eq!(connected(), [true, true, false]);
}

#[test]
fn a_region_that_is_not_there_is_named() {
    let b = bench(&[US, EU]);
    let no = "eu-north-1";
    for refused in [
        b.tables.cut(no),
        b.tables.heal(no),
        b.tables.cut_between(US, no),
        b.tables.heal_between(no, US),
        b.tables.set_clock_skew(no, 1),
        b.tables.add_replica(T, no),
        b.tables.pending(US, no).map(drop),
        b.tables.deliver(no, US, 1).map(drop),
        b.tables.region(no).map(drop),
    ] {
        assert_eq!(code(refused), "UnknownRegion");
    }
}
