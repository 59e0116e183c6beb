//! Numbers normalise as AWS's library normalises them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

#[path = "common/shared.rs"]
mod shared;

use itemseal::{ErrorKind, normalize_number};

#[test]
fn as_the_official_library_has_them() {
    let Some(file) = shared::vectors("dbesdk/official_numbers.json") else { return };
    let cases = file["cases"].as_array().unwrap();
    for case in cases {
        let given = case[0].as_str().unwrap();
        match case[1].as_str() {
            Some(normal) => assert_eq!(normalize_number(given).unwrap(), normal, "{given:?}"),
            None => {
                let error = normalize_number(given).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Malformed, "{given:?}");
            }
        }
    }
    assert_eq!(cases.len(), 1_688);
    println!("official_numbers.json: {} numbers", cases.len());
}
