"""Items under KMS keys and under a MetaStore's, written by the legacy client over the lab."""

import asyncio
import os
import signal
from decimal import Decimal

import boto3
import itemseal
import itemseal.legacy as legacy
import legacy_client as old
import pytest
from itemseal.legacy import CryptoAction
from legacy_items import CONTEXT, ITEM, KEYRING, SIGN, WRAP, check, config, symmetric, wire, written

KEYS = {"pk": "SIGN_ONLY", "sk": "SIGN_ONLY", "status": "SIGN_ONLY", "hits": "DO_NOTHING"}


@pytest.fixture
def key(lab):
    return lab.create_key()


def provider(key, **more):
    return legacy.AwsKmsCryptographicMaterialsProvider(key_id=key, **more)


def stored_under(key):
    item = {**CONTEXT, "attributes": wire(ITEM)}
    return written(old.OldKms(key_id=key), **item)


def reader(made, keyring=KEYRING):
    return config(made, keyring, item=wire(ITEM))


def test_items_under_a_kms_key(key):
    check(stored_under(key), reader(provider(key)))


def test_items_that_were_bound_to_no_keys(key):
    """Whoever gave the context no attributes when writing gives none for reading, and otherwise they do not open."""
    stored = written(old.OldKms(key_id=key))
    assert legacy.decrypt_python_item(stored, config(provider(key))) == ITEM
    with pytest.raises(itemseal.AuthenticationError):
        legacy.decrypt_python_item(stored, reader(provider(key)))
    with pytest.raises(itemseal.AuthenticationError):
        legacy.decrypt_python_item(stored_under(key), config(provider(key)))


def test_the_other_region_will_do(key):
    """A multi-Region key is asked for where regions say."""
    arn = key.replace(":us-east-1:", ":eu-west-1:")
    assert legacy.decrypt_python_item(stored_under(key), reader(provider(arn))) == ITEM
    assert legacy.decrypt_python_item(stored_under(key), reader(provider(key, regions=["eu-west-1"]))) == ITEM


def test_awaited_it_is_the_same(key):
    named = {name: action.lower() for name, action in KEYS.items()}
    decryptor = legacy.LegacyDecryptor("Orders", "pk", "sk", materials=legacy.LegacyMaterials.kms([key]), actions=named)
    stored = stored_under(key)

    async def run():
        opened = await asyncio.gather(*(decryptor.decrypt_item_async(stored) for _ in range(10)))
        assert opened == [ITEM] * 10

    asyncio.run(run())
    table = itemseal.TableConfig("Orders", partition_key="pk", sort_key="sk", sign_only=["status"], unsigned=["hits"])
    both = itemseal.ItemEncryptor(table, KEYRING, legacy=decryptor)
    assert both.decrypt_items([stored, both.encrypt_item(ITEM)] * 10) == [ITEM] * 20


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_it_goes_on_after_a_fork(key):
    made, stored = reader(provider(key)), stored_under(key)
    assert legacy.decrypt_python_item(stored, made) == ITEM
    child = os.fork()
    if child == 0:
        signal.alarm(60)  # Ends a child that waits for threads it does not have.
        os._exit(0 if legacy.decrypt_python_item(stored, made) == ITEM else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_which_keys_are_allowed_is_said(lab, key):
    """The legacy client opens whatever KMS opens. Here another key's items are refused, unless it is listed."""
    other, stored = lab.create_key(), stored_under(key)
    account = key.split(":")[4]
    with pytest.raises(itemseal.Error) as caught:
        legacy.decrypt_python_item(stored, reader(provider(other)))
    assert not isinstance(caught.value, itemseal.InternalError) and not caught.value.retryable
    for more in ({"more_keys": [key]}, {"accounts": [account]}, {"any_key": True}):
        assert legacy.decrypt_python_item(stored, reader(provider(other, **more))) == ITEM, more
    with pytest.raises(itemseal.KeyDeniedError, match="not allowed here") as caught:
        legacy.decrypt_python_item(stored, reader(provider(other, accounts=["999999999999"])))
    assert caught.value.region == "us-east-1"


def test_altered_items_and_kms_errors(lab, key):
    stored, made = stored_under(key), reader(provider(key))
    with pytest.raises(itemseal.AuthenticationError):
        legacy.decrypt_python_item({**stored, "pk": "customer-2"}, made)
    with pytest.raises(itemseal.AuthenticationError):
        legacy.decrypt_python_item({**stored, "status": "lost"}, made)
    lab.boto3("kms").disable_key(KeyId=key)
    with pytest.raises(itemseal.KeyDeniedError) as caught:
        legacy.decrypt_python_item(stored, made)
    assert caught.value.code == "DisabledException" and caught.value.region == "us-east-1"


def test_a_sort_key_that_is_a_number_counts_as_it_was_written(key):
    item = {**ITEM, "sk": Decimal("7.0")}
    made = old.old_config(old.OldKms(key_id=key), old.old_actions(**KEYS), {**wire(item)}, **CONTEXT)
    stored = old.old_items.encrypt_dynamodb_item(wire(item), made)
    assert stored["sk"] == {"N": "7.0"}
    assert legacy.decrypt_dynamodb_item(stored, reader(provider(key)))["card"] == {"S": "4111 1111"}
    with pytest.raises(itemseal.AuthenticationError):
        legacy.decrypt_dynamodb_item({**stored, "sk": {"N": "7"}}, reader(provider(key)))


@pytest.mark.parametrize("key_id", ["alias/orders", "1234abcd-12ab-34cd-56ef-1234567890ab", "arn:aws:kms:us-east-1:1:alias/a"])
def test_what_is_no_arn_does_not_say_which_key_is_meant(key_id):
    with pytest.raises(itemseal.MisuseError, match="describe-key"):
        provider(key_id)
    with pytest.raises(itemseal.MisuseError, match="Regions"):
        provider(key_id.split(":")[-1], any_key=True)
    provider(key_id, any_key=True, regions=["us-east-1"])


def test_the_keyring_that_is_meant(key):
    made = reader(provider(key), keyring=None)
    if not hasattr(itemseal, "MrkKeyring"):
        with pytest.raises(itemseal.MisuseError, match="keyring="):
            legacy.encrypt_python_item(ITEM, made)
        return
    new = legacy.encrypt_python_item(ITEM, made)
    assert "aws_dbe_head" in new and legacy.decrypt_python_item(new, made) == ITEM


@pytest.fixture
def meta_store(lab):
    client = lab.boto3("dynamodb")
    old.OldMetaStore.create_table(client, "Keys", 1, 1)
    table = boto3.resource("dynamodb").Table("Keys")
    yield table
    table.meta.client.close()


def small(wrap=WRAP):
    return {"signing_key": (SIGN, "HmacSHA256"), "wrapping_key": (wrap, "AES"), "unwrapping_key": (wrap, "AES")}


def test_items_under_a_meta_stores_keys(meta_store):
    own = old.OldWrapped(**{name: old.old_symmetric(*key) for name, key in small().items()})
    store = old.OldMetaStore(table=meta_store, materials_provider=own)
    most_recent = old.OldMostRecent(provider_store=store, material_name="orders", version_ttl=600.0)
    first = written(most_recent)
    store.new_provider("orders")
    most_recent.refresh()
    second = written(most_recent)

    keys = legacy.WrappedCryptographicMaterialsProvider(**{name: symmetric(*key) for name, key in small().items()})
    reads = legacy.CachingMostRecentProvider(
        provider_store=legacy.MetaStore(table=meta_store, materials_provider=keys), material_name="orders", version_ttl=1.0
    )
    check(first, config(reads))
    check(second, config(reads))
    store.new_provider("orders")
    most_recent.refresh()
    third = written(most_recent)
    with pytest.raises(itemseal.AuthenticationError):
        legacy.decrypt_python_item(third, config(reads))
    reads.refresh()
    check(third, config(reads))


def test_a_meta_store_of_several_pages(meta_store):
    own = old.OldWrapped(**{name: old.old_symmetric(*key) for name, key in small().items()})
    store = old.OldMetaStore(table=meta_store, materials_provider=own)
    stored = []
    for version in range(3):
        store.get_or_create_provider("orders", version)
        stored.append(written(old.OldMostRecent(provider_store=store, material_name="orders", version_ttl=600.0)))

    class OneAPage:
        name = meta_store.name

        def query(self, **request):
            return meta_store.query(Limit=1, **request)

    keys = legacy.WrappedCryptographicMaterialsProvider(**{name: symmetric(*key) for name, key in small().items()})
    reads = legacy.CachingMostRecentProvider(legacy.MetaStore(OneAPage(), keys), "orders", 600.0)
    assert [legacy.decrypt_python_item(item, config(reads)) for item in stored] == [ITEM] * 3


def test_a_meta_store_whose_keys_are_under_kms(meta_store, key):
    store = old.OldMetaStore(table=meta_store, materials_provider=old.OldKms(key_id=key))
    stored = written(old.OldMostRecent(provider_store=store, material_name="orders", version_ttl=600.0))
    reads = legacy.CachingMostRecentProvider(legacy.MetaStore(meta_store, provider(key)), "orders", 600.0)
    check(stored, config(reads))


def test_a_meta_store_without_the_name_or_with_other_keys(meta_store):
    own = old.OldWrapped(**{name: old.old_symmetric(*key) for name, key in small().items()})
    store = old.OldMetaStore(table=meta_store, materials_provider=own)
    stored = written(old.OldMostRecent(provider_store=store, material_name="orders", version_ttl=600.0))
    keys = legacy.WrappedCryptographicMaterialsProvider(**{name: symmetric(*key) for name, key in small(bytes(32)).items()})
    with pytest.raises(itemseal.MisuseError, match="no keys of the name 'parts'"):
        legacy.CachingMostRecentProvider(legacy.MetaStore(meta_store, keys), "parts", 600.0)
    reads = legacy.CachingMostRecentProvider(legacy.MetaStore(meta_store, keys), "orders", 600.0)
    with pytest.raises(itemseal.AuthenticationError):
        legacy.decrypt_python_item(stored, config(reads))
    with pytest.raises(itemseal.MisuseError, match="not under a MetaStore"):
        legacy.CachingMostRecentProvider(legacy.MetaStore(meta_store, reads), "orders", 600.0)


def test_actions_of_the_module_are_those_of_the_items():
    assert [action.name for action in CryptoAction] == [action.name for action in old.OldAction]
