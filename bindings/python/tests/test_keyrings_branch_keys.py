"""Branch keys: the key store, and the keyring over it, through the AWS SDK for Rust and through boto3."""

import datetime

import boto3
import pytest

import itemseal
from conftest import EU, US
from faults import calls

TABLE = itemseal.TableConfig("Orders", partition_key="OrderID", context=["Tenant"])
CONTEXT = {"department": "admin"}
ITEM = {"OrderID": "1", "Tenant": "tenant-1", "Card": "4111"}


@pytest.fixture(params=["sdk", "boto3"])
def aws(request, lab):
    return boto3.Session() if request.param == "boto3" else None


@pytest.fixture
def key(lab):
    lab.create_table("Keys", "branch-key-id", "type", regions=(US,))
    return lab.create_key()


@pytest.fixture
def store(key, aws):
    return itemseal.KeyStore("Keys", key, [US], aws=aws)


def encryptor(key, aws, **more):
    keyring = itemseal.HierarchicalKeyring("Keys", key, [US], **more)
    return itemseal.ItemEncryptor(TABLE, keyring, aws=aws)


def test_branch_keys_are_made_rotated_and_listed(store, key):
    made = store.create_key()
    assert store.create_key("tenant-1", CONTEXT) == "tenant-1"
    store.rotate("tenant-1")
    listed = {one["id"]: one for one in store.list()}
    assert set(listed) == {made, "tenant-1"}
    assert listed["tenant-1"]["context"] == CONTEXT
    assert listed["tenant-1"]["kms_arn"] == key
    assert [version["active"] for version in listed["tenant-1"]["versions"]] == [False, True]
    with pytest.raises(itemseal.ConflictError, match="such a branch key already") as caught:
        store.create_key("tenant-1", CONTEXT)
    assert caught.value.region == US
    with pytest.raises(itemseal.MisuseError, match="context"):
        store.create_key("tenant-2")
    with pytest.raises(itemseal.MisuseError):
        store.rotate("tenant-3")
    with pytest.raises(itemseal.MisuseError, match="ARN"):
        itemseal.KeyStore("Keys", "alias/keys")


def test_many_branch_keys_are_listed_page_by_page(lab, store, aws):
    # 17 keys of some 60 KB each: more than a page of 1 MB.
    for tenant in range(17):
        store.create_key(f"tenant-{tenant:02}", {"department": "x" * 4000})
    assert [one["id"] for one in store.list()] == [f"tenant-{tenant:02}" for tenant in range(17)]


def test_one_call_of_kms_for_many_items(lab, key, store, aws):
    store.create_key("tenant-1", CONTEXT)
    used = encryptor(key, aws, branch_key_id="tenant-1")
    before = calls(lab)
    stored = used.encrypt_items([ITEM] * 30)
    assert used.decrypt_items(stored) == [ITEM] * 30
    assert calls(lab) == before + 1
    store.rotate("tenant-1")
    assert encryptor(key, aws, branch_key_id="tenant-1").decrypt_item(stored[0]) == ITEM


def test_each_items_branch_key_by_an_attribute_or_a_function(key, store, aws):
    seen = []

    def tenant_of(item):
        seen.append(item)
        return item["Tenant"]

    for tenant in ("tenant-1", "tenant-2"):
        store.create_key(tenant, CONTEXT)
    by_name = encryptor(key, aws, branch_key_id_from="Tenant", ttl=datetime.timedelta(minutes=1))
    by_function = encryptor(key, aws, branch_key_id_from=tenant_of)
    for tenant in ("tenant-1", "tenant-2"):
        item = {**ITEM, "Tenant": tenant}
        assert by_function.decrypt_item(by_name.encrypt_item(item)) == item
        assert by_name.decrypt_item(by_function.encrypt_item(item)) == item
    assert all(set(item) == {"OrderID", "Tenant"} for item in seen)
    with pytest.raises(itemseal.AuthenticationError):
        encryptor(key, aws, branch_key_id="tenant-1").decrypt_item(by_name.encrypt_item(item))
    with pytest.raises(itemseal.MisuseError, match='"Card": it says whose branch key'):
        encryptor(key, aws, branch_key_id_from="Card").encrypt_item(ITEM)


@pytest.mark.parametrize("function", [lambda item: item["Nothing"], lambda item: 5])
def test_a_function_that_says_nothing_of_use_is_the_cause(key, store, aws, function):
    used = encryptor(key, aws, branch_key_id_from=function)
    with pytest.raises(itemseal.MisuseError, match="branch_key_id_from did not give") as caught:
        used.encrypt_item(ITEM)
    assert isinstance(caught.value.__cause__, (KeyError, TypeError))


def test_what_dynamodb_refuses_names_region_and_code(lab, key, aws):
    keyring = itemseal.HierarchicalKeyring("Elsewhere", key, [US], branch_key_id="tenant-1")
    with pytest.raises(itemseal.ServiceError) as caught:
        itemseal.ItemEncryptor(TABLE, keyring, aws=aws).encrypt_item(ITEM)
    assert (caught.value.region, caught.value.code) == (US, "ResourceNotFoundException")
    with lab.outage(US, "dynamodb", "hang"):
        keyring = itemseal.HierarchicalKeyring("Keys", key, [US], branch_key_id="tenant-1", deadline=0.2)
        with pytest.raises(itemseal.Error) as caught:
            itemseal.ItemEncryptor(TABLE, keyring, aws=aws).encrypt_item(ITEM)
    assert caught.value.retryable and caught.value.region == US
