"""The rules of KMS are one list, in Rust and here: neither may have what the other has not."""

import pathlib
import re

HERE = pathlib.Path(__file__).parent
RUST = HERE.parents[1] / "crates" / "itemseal-lab" / "tests" / "kms"


def names(pattern, path):
    return re.findall(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)


def test_the_rules_of_kms_are_the_same_in_both_languages():
    rust = {
        path.stem: names(r"^#\[tokio::test\]\nasync fn (\w+)\(", path)
        for path in sorted(RUST.glob("*.rs"))
        if path.stem != "main"
    }
    python = {
        path.stem.removeprefix("test_kms_"): names(r"^def test_(\w+)\(", path)
        for path in sorted(HERE.glob("test_kms_*.py"))
    }
    assert sum(map(len, rust.values())) >= 99
    assert python == rust
