"""Keyrings as they are made: what cannot be right is said at once, and nothing secret is shown."""

import copy
import datetime
import pickle
import subprocess

import pytest

import itemseal

KEY = "arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"
SINGLE = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TABLE = itemseal.TableConfig("Orders", partition_key="OrderID")
ITEM = {"OrderID": "1", "Card": "4111"}


@pytest.fixture(scope="module")
def pem():
    made = subprocess.run(
        ["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], check=True, capture_output=True
    )
    public = subprocess.run(["openssl", "pkey", "-pubout"], input=made.stdout, check=True, capture_output=True)
    return public.stdout, made.stdout


class Provider:
    provider_id = "hsm"

    def wrap_key(self, key, context):
        return b"", bytes(byte ^ 0x5A for byte in key)

    def unwrap_key(self, info, wrapped, context):
        return bytes(byte ^ 0x5A for byte in wrapped)


def keyrings(pem):
    aes = itemseal.RawAesKeyring("ns", "key-1", bytes(range(32)))
    return [
        aes,
        itemseal.RawRsaKeyring("ns", "rsa", "oaep-sha256", public_key=pem[0], private_key=pem[1].decode()),
        itemseal.MultiKeyring(aes, aes),
        itemseal.KmsKeyring(SINGLE, deadline=2, grant_tokens=["token-1"]),
        itemseal.KmsMultiKeyring([SINGLE], grant_tokens=["token-1"]),
        itemseal.MrkKeyring(KEY, ["us-east-1", "eu-west-1"], deadline=datetime.timedelta(seconds=1.5), order="nearest"),
        itemseal.MrkMultiKeyring([KEY], grant_tokens=["token-1"]),
        itemseal.MrkDiscoveryKeyring("eu-west-1", ["111122223333"], partition="aws"),
        itemseal.HierarchicalKeyring("Keys", KEY, branch_key_id="tenant-1", ttl=60, most_age=120.5),
        itemseal.CachingKeyring(aes, most_age=1, most_uses=2, most_entries=3),
        itemseal.ProviderKeyring(Provider()),
    ]


def test_nothing_secret_is_shown_and_nothing_is_pickled(pem):
    for keyring in keyrings(pem):
        name = type(keyring).__name__
        shown = repr(keyring)
        assert shown.startswith(f"{name}("), shown
        for secret in ("token-1", "PRIVATE", "\\x00\\x01\\x02", "[0, 1, 2"):
            assert secret not in shown
        for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match=f"a {name} cannot be pickled"):
                attempt(keyring)
        assert type(keyring).__doc__
        assert not hasattr(keyring, "__dict__")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: itemseal.KmsKeyring("alias/orders"), "ARN"),
        (lambda: itemseal.KmsMultiKeyring([]), "a keyring needs a key"),
        (lambda: itemseal.MrkKeyring(SINGLE), "single-Region key"),
        (lambda: itemseal.MrkKeyring(KEY, ["us-east-1", "us-east-1"]), "us-east-1 is listed twice"),
        (lambda: itemseal.MrkKeyring(KEY, order="fastest"), "as-given"),
        (lambda: itemseal.MrkKeyring(KEY, deadline=0), "deadline is a time above zero"),
        (lambda: itemseal.MrkKeyring(KEY, deadline=float("nan")), "deadline is a time above zero"),
        (lambda: itemseal.MrkKeyring(KEY, most_per_region=datetime.timedelta(-1)), "most_per_region is a time above"),
        (lambda: itemseal.MrkMultiKeyring([KEY, KEY]), "key"),
        (lambda: itemseal.MrkDiscoveryKeyring("", ["111122223333"]), "Region"),
        (lambda: itemseal.MrkDiscoveryKeyring("eu-west-1", []), "account"),
        (lambda: itemseal.HierarchicalKeyring("Keys", KEY), "say one of branch_key_id"),
        (lambda: itemseal.HierarchicalKeyring("Keys", KEY, branch_key_id="a", branch_key_id_from="b"), "say one of"),
        (lambda: itemseal.HierarchicalKeyring("Keys", KEY, branch_key_id=""), "id is empty"),
        (lambda: itemseal.HierarchicalKeyring("Keys", KEY, branch_key_id="a", ttl=2, most_age=1), "most age"),
        (lambda: itemseal.HierarchicalKeyring("Keys", "alias/a", branch_key_id="a"), "ARN"),
        (lambda: itemseal.RawAesKeyring("ns", "key-1", b"short"), "32 bytes"),
        (lambda: itemseal.RawAesKeyring("aws-kms", "key-1", bytes(32)), "aws-kms"),
        (lambda: itemseal.RawRsaKeyring("ns", "key-1", "oaep-sha256"), "needs public_key"),
        (lambda: itemseal.RawRsaKeyring("ns", "key-1", "oaep"), "oaep-sha256"),
        (lambda: itemseal.RawRsaKeyring("ns", "key-1", "pkcs1", public_key="none"), "PEM"),
    ],
)
def test_what_cannot_be_right_is_said_at_once(make, says):
    with pytest.raises(itemseal.MisuseError, match=says):
        make()


@pytest.mark.parametrize(
    "make",
    [
        lambda: itemseal.MrkKeyring(KEY, deadline="5"),
        lambda: itemseal.MrkKeyring(KEY, deadline=True),
        lambda: itemseal.HierarchicalKeyring("Keys", KEY, branch_key_id_from=5),
        lambda: itemseal.RawRsaKeyring("ns", "key-1", "pkcs1", public_key=5),
        lambda: itemseal.ProviderKeyring(object()),
        lambda: itemseal.MultiKeyring(),
        lambda: itemseal.MultiKeyring(b"key"),
        lambda: itemseal.CachingKeyring("keyring"),
    ],
)
def test_other_types_are_type_errors(make):
    with pytest.raises(TypeError):
        make()


def test_rsa_writes_with_the_public_key_and_reads_with_the_private_one(pem):
    public, private = pem
    for padding in ("pkcs1", "oaep-sha1", "oaep-sha256", "oaep-sha384", "oaep-sha512"):
        writes = itemseal.ItemEncryptor(TABLE, itemseal.RawRsaKeyring("ns", "rsa", padding, public_key=public))
        reads = itemseal.ItemEncryptor(TABLE, itemseal.RawRsaKeyring("ns", "rsa", padding, private_key=private))
        stored = writes.encrypt_item(ITEM)
        assert reads.decrypt_item(stored) == ITEM
        with pytest.raises(itemseal.MisuseError, match="public key"):
            reads.encrypt_item(ITEM)
        with pytest.raises(itemseal.MisuseError, match="private key"):
            writes.decrypt_item(stored)


def test_several_keyrings_write_for_all_and_each_reads_alone():
    one = itemseal.RawAesKeyring("ns", "key-1", bytes(32))
    two = itemseal.RawAesKeyring("ns", "key-2", bytes([1]) * 32)
    other = itemseal.RawAesKeyring("ns", "key-3", bytes([2]) * 32)
    stored = itemseal.ItemEncryptor(TABLE, itemseal.MultiKeyring(one, two)).encrypt_item(ITEM)
    for keyring in (one, two, itemseal.MultiKeyring(other, two)):
        assert itemseal.ItemEncryptor(TABLE, keyring).decrypt_item(stored) == ITEM
    with pytest.raises(itemseal.AuthenticationError):
        itemseal.ItemEncryptor(TABLE, other).decrypt_item(stored)
