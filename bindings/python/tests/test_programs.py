"""boto3 programs run with and without itemseal's lines: they print the same, and what is stored differs."""

import contextlib
import io
import pathlib
import runpy

import pytest

EXAMPLES = pathlib.Path(__file__).resolve().parents[1] / "examples"
SECRETS = [b"Ada Lovelace", b"4111", b"sku-secret", b"secret bytes", b"12345678901234567890", b"gift"]


def config(arn):
    return f"""
[table."Orders"]
partition_key = "OrderID"
sign_only = ["OrderStatus"]

[keyring]
kind = "kms-mrk"
key_arn = "{arn}"
regions = ["us-east-1", "eu-west-1"]
"""


def run(path):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        runpy.run_path(str(path), run_name="__main__")
    return printed.getvalue()


def stored(client):
    return client.scan(TableName="Orders")["Items"]


@pytest.mark.parametrize("name", ["client", "tables", "paginators", "aio"])
def test_a_program_is_the_same_but_for_what_is_stored(name, lab, tmp_path, monkeypatch):
    if name == "aio":
        pytest.importorskip("aioboto3", reason="aioboto3 wants an older boto3; `make python` has it in an environment of its own")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "itemseal.toml").write_text(config(lab.create_key()))
    text = (EXAMPLES / f"{name}.py").read_text()
    plain = [line for line in text.splitlines() if not line.strip().startswith(("import itemseal", "itemseal."))]
    assert len(text.splitlines()) - len(plain) == 2, "two lines are all that differs"
    (tmp_path / "plain.py").write_text("\n".join(plain))
    client = lab.boto3("dynamodb")
    lab.create_table("Orders", "OrderID", regions=["us-east-1"])
    expected = run(tmp_path / "plain.py")
    in_clear = repr(stored(client)).encode()
    assert any(secret in in_clear for secret in SECRETS), "the search below can find something"
    client.delete_table(TableName="Orders")
    lab.create_table("Orders", "OrderID", regions=["us-east-1"])
    assert run(EXAMPLES / f"{name}.py") == expected != ""
    items = stored(client)
    assert items and all("aws_dbe_head" in item for item in items)
    for secret in SECRETS:
        assert secret not in repr(items).encode(), secret
