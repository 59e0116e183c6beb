//! Test data that lies beside a checkout, not in it.

use std::path::PathBuf;

/// The file `name` of `../shared/vectors` beside the checkout, as JSON. Where there is no such
/// folder it is `None`, and the test says that it skipped; under CI that is a failure.
pub(crate) fn vectors(name: &str) -> Option<serde_json::Value> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
    if !folder.is_dir() {
        assert!(
            std::env::var_os("ITEMSEAL_CI").is_none(),
            "skipped: there is no ../shared/vectors beside the checkout, and CI needs it"
        );
        println!("SKIPPED: there is no ../shared/vectors beside the checkout");
        return None;
    }
    let path = folder.join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    Some(serde_json::from_str(&text).unwrap())
}
