"""The configuration file, the same one as the command's and Rust's."""

import os
import pathlib

import itemseal
import pytest

TEXT = """
[table."Orders"]
partition_key = "OrderID"
sign_only = ["OrderStatus"]

[table."Customers"]
partition_key = "CustomerID"
suite = "hmac-only"

[keyring]
kind = "raw-aes"
key_file = "wrapping.key"
namespace = "example"
name = "key-1"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "itemseal.toml").write_text(TEXT)
    key = tmp_path / "wrapping.key"
    key.touch(mode=0o600)
    key.write_bytes(bytes(range(32)))
    return tmp_path


def test_a_path_is_enough(folder):
    path = folder / "itemseal.toml"
    order = {"OrderID": "12345", "OrderStatus": "Shipped", "Card": "4111"}
    encryptor = itemseal.ItemEncryptor(path, table="Orders")
    stored = encryptor.encrypt_item(order)
    assert stored["OrderStatus"] == "Shipped" and stored["Card"] != "4111"
    assert itemseal.ItemEncryptor(str(path), table="Orders").decrypt_item(stored) == order
    assert itemseal.ItemEncryptor(itemseal.Config.read(path), table="Orders").decrypt_item(stored) == order
    with pytest.raises(itemseal.MisuseError, match="Customers, Orders"):
        itemseal.ItemEncryptor(path)
    with pytest.raises(itemseal.MisuseError, match="Customers, Orders"):
        itemseal.ItemEncryptor(path, table="Parts")


def test_what_a_file_says_can_be_read(folder):
    config = itemseal.Config.read(folder / "itemseal.toml")
    assert config.tables == ["Customers", "Orders"]
    orders = config.table("Orders")
    assert (orders.logical_name, orders.partition_key, orders.sort_key) == ("Orders", "OrderID", None)
    actions = [orders.action(name) for name in ("OrderID", "OrderStatus", "Card")]
    assert actions == ["sign_only", "sign_only", "encrypt_and_sign"]
    assert config.regions("Orders") == []
    with pytest.raises(itemseal.MisuseError, match="Parts"):
        config.table("Parts")


def test_a_key_that_others_can_read_is_refused(folder):
    os.chmod(folder / "wrapping.key", 0o644)
    encryptor = itemseal.ItemEncryptor(folder / "itemseal.toml", table="Orders")
    with pytest.raises(itemseal.MisuseError, match="chmod 600"):
        encryptor.encrypt_item({"OrderID": "1"})


def test_what_cannot_be_read_says_so(tmp_path):
    with pytest.raises(itemseal.MisuseError, match="cannot be read"):
        itemseal.Config.read(tmp_path / "none.toml")
    with pytest.raises(itemseal.MisuseError, match="line 2, column 1"):
        itemseal.Config.parse("\n= 1")
    with pytest.raises(itemseal.MisuseError, match="partition_key"):
        itemseal.Config.parse(TEXT.replace('partition_key = "OrderID"', ""), pathlib.Path("."))
