//! How often the encryption and decryption of a typical or wider item allocate: at most twice for an attribute, and 20
//! times besides.

#![allow(clippy::unwrap_used, reason = "a test")]

use itemseal_benches::allocations::{self, Counting};
use itemseal_benches::case::Case;
use itemseal_benches::items::{self, Sample};
use itemseal_benches::ours::Ours;

#[global_allocator]
static ALLOCATOR: Counting = Counting::new();

/// The allocations of a row, and its item's attributes: those that go in.
fn count(case: &Case) -> (u64, u64) {
    let ours = Ours::new(case).unwrap();
    let given = ours.given();
    let attributes = given.len() as u64;
    let (done, count, _) = allocations::of(|| ours.one(given));
    done.unwrap();
    (count, attributes)
}

#[test]
fn at_most_two_for_an_attribute_and_twenty() {
    let mut samples = items::samples();
    samples.retain(|sample| ["typical", "wide"].contains(&sample.name));
    assert_eq!(samples.len(), 2);
    samples.push(Sample::new("very wide", items::wide(9_998, 30)));
    for case in Case::all(&samples) {
        let (count, attributes) = count(&case);
        assert!(
            count <= 2 * attributes + 20,
            "{}: {count} for {attributes} attributes",
            case.name()
        );
    }
}

#[test]
fn an_allocation_is_counted() {
    let (bytes, count, size) = allocations::of(|| vec![0u8; 100]);
    assert_eq!((bytes.len(), count, size), (100, 1, 100));
}
