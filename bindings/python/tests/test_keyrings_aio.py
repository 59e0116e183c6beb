"""Keyrings over the program's own aiobotocore."""

import asyncio
import threading

import pytest

import itemseal
from conftest import EU, US

aiobotocore = pytest.importorskip("aiobotocore.session")
from aiobotocore.config import AioConfig
from aiobotocore.credentials import AioRefreshableCredentials

TABLE = itemseal.TableConfig("Orders", partition_key="OrderID")
ITEM = {"OrderID": "1", "Card": "4111"}


def encryptor(lab, aws, region=US, **more):
    keyring = itemseal.MrkKeyring(lab.create_key(), [region], deadline=30, **more)
    return itemseal.ItemEncryptor(TABLE, keyring, aws=aws)


async def both_ways(used):
    assert await used.decrypt_item_async(await used.encrypt_item_async(ITEM)) == ITEM


def test_a_client_and_a_session_of_the_loop(lab):
    async def main():
        session = aiobotocore.get_session()
        await both_ways(encryptor(lab, session))
        async with session.create_client("dynamodb", config=AioConfig(read_timeout=3)) as client:
            used = encryptor(lab, client)
            await asyncio.gather(*(both_ways(used) for _ in range(20)))
            assert itemseal.AwsClients(client)._client("kms", EU).meta.config.read_timeout == 3
        return used

    used = asyncio.run(main())
    # The loop is gone, and with it the client; the credentials are still there. So is it on another loop.
    assert used.decrypt_item(used.encrypt_item(ITEM)) == ITEM
    asyncio.run(both_ways(used))


def test_a_synchronous_call_in_the_loops_thread_does_not_wait_for_the_loop(lab):
    async def main():
        used = encryptor(lab, aiobotocore.get_session())
        assert used.decrypt_item(used.encrypt_item(ITEM)) == ITEM

    asyncio.run(main())


def test_credentials_that_end_are_asked_for_again_on_the_loop(lab):
    asked = []

    async def refresh():
        asked.append((asyncio.get_running_loop(), threading.get_ident()))
        await asyncio.sleep(0)
        # They end at once: every call asks again.
        return {"access_key": "AK", "secret_key": "s", "token": "t", "expiry_time": "2020-01-01T00:00:00Z"}

    async def main():
        metadata = {**await refresh(), "expiry_time": "2099-01-01T00:00:00Z"}
        del asked[:]
        credentials = AioRefreshableCredentials.create_from_metadata(metadata, refresh, "test")
        session = aiobotocore.get_session()
        session._credentials = credentials
        used = encryptor(lab, session)
        await used.encrypt_item_async(ITEM)
        assert not asked
        credentials._expiry_time = credentials._time_fetcher()
        with pytest.raises(itemseal.ServiceError, match="RequestNotSent|request could not be made") as caught:
            await used.encrypt_item_async(ITEM)
        # What the refresh gave had ended: botocore says so.
        assert "expired" in str(caught.value.__cause__)
        assert asked and all(ask == (asyncio.get_running_loop(), threading.get_ident()) for ask in asked)

    asyncio.run(main())


def test_the_loop_goes_on_and_a_cancelled_call_ends(lab):
    async def main():
        session = aiobotocore.get_session()
        waits, other = encryptor(lab, session), encryptor(lab, session, EU)
        with lab.outage(US, "kms", "hang"):
            task = asyncio.ensure_future(waits.encrypt_item_async(ITEM))
            await both_ways(other)
            assert not task.done()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())


def test_a_client_of_aiobotocore_from_ones_own_function_is_refused(lab):
    async def main():
        async with aiobotocore.get_session().create_client("kms", region_name=US) as client:
            used = encryptor(lab, itemseal.AwsClients(kms=lambda region: client))
            with pytest.raises(itemseal.ServiceError) as caught:
                await used.encrypt_item_async(ITEM)
            assert "us-east-1: kms gave KMS, not a boto3 client" in str(caught.value.__cause__)

    asyncio.run(main())
