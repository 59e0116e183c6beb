"""A key provider written in Python."""

import asyncio
import threading

import pytest

import itemseal

TABLE = itemseal.TableConfig("Orders", partition_key="OrderID")
ITEM = {"OrderID": "1", "Card": "4111"}


class Hsm:
    """Encrypts by a mask; authenticates nothing."""

    provider_id = "hsm"

    def __init__(self):
        self.seen = []

    def wrap_key(self, key, context):
        self.seen.append(("wrap", threading.get_ident(), dict(context)))
        assert isinstance(key, bytes) and len(key) == 32
        return b"slot-1", bytes(byte ^ 0x5A for byte in key)

    def unwrap_key(self, info, wrapped, context):
        self.seen.append(("unwrap", threading.get_ident(), dict(context)))
        assert info == b"slot-1"
        return bytes(byte ^ 0x5A for byte in wrapped)


class AsyncHsm(Hsm):
    def __init__(self):
        super().__init__()
        self.loops = []

    async def wrap_key(self, key, context):
        self.loops.append(asyncio.get_running_loop())
        await asyncio.sleep(0)
        return super().wrap_key(key, context)

    async def unwrap_key(self, info, wrapped, context):
        self.loops.append(asyncio.get_running_loop())
        await asyncio.sleep(0)
        return super().unwrap_key(info, wrapped, context)


def encryptor(provider):
    return itemseal.ItemEncryptor(TABLE, itemseal.ProviderKeyring(provider))


def test_a_provider_wraps_and_unwraps_and_sees_the_context():
    hsm = Hsm()
    assert isinstance(hsm, itemseal.KeyProvider)
    used = encryptor(hsm)
    assert used.decrypt_item(used.encrypt_item(ITEM)) == ITEM
    (_, _, written), (_, _, read) = hsm.seen
    assert written == read
    assert written["aws-crypto-table-name"] == "Orders"
    assert used.decrypt_items(used.encrypt_items([ITEM] * 40)) == [ITEM] * 40


def test_coroutines_run_on_the_loop_that_waits_and_others_never_in_its_thread():
    for hsm in (Hsm(), AsyncHsm()):
        used = encryptor(hsm)

        async def both():
            stored = await used.encrypt_item_async(ITEM)
            return asyncio.get_running_loop(), await used.decrypt_item_async(stored)

        loop, opened = asyncio.run(both())
        assert opened == ITEM
        here = [thread == threading.get_ident() for _, thread, _ in hsm.seen]
        assert here == [isinstance(hsm, AsyncHsm)] * 2
        assert all(used is loop for used in getattr(hsm, "loops", []))
        # Nobody's loop waits: they run on their own.
        assert used.decrypt_item(used.encrypt_item(ITEM)) == ITEM


def test_cancelling_an_item_cancels_the_providers_coroutine():
    class Stuck(AsyncHsm):
        async def wrap_key(self, key, context):
            began.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                ended.set()
                raise

    async def cancel():
        task = asyncio.ensure_future(used.encrypt_item_async(ITEM))
        await began.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(ended.wait(), 10)

    async def main():
        global_names()
        await cancel()

    def global_names():
        nonlocal began, ended
        began, ended = asyncio.Event(), asyncio.Event()

    began = ended = None
    used = encryptor(Stuck())
    asyncio.run(main())


class Own(itemseal.KeyDeniedError):
    pass


@pytest.mark.parametrize(
    ("raised", "kind", "says"),
    [
        (itemseal.KeyDeniedError("slot 1 is locked; unlock it"), itemseal.KeyDeniedError, "slot 1 is locked; unlock it"),
        (itemseal.KeyUnavailableError("slot 1"), itemseal.KeyUnavailableError, "slot 1"),
        (itemseal.TooLargeError("slot 1"), itemseal.TooLargeError, "slot 1"),
        (Own("slot 1"), itemseal.KeyDeniedError, "slot 1"),
        (PermissionError("secret"), itemseal.KeyDeniedError, "PermissionError"),
        (ConnectionRefusedError("secret"), itemseal.KeyUnavailableError, "ConnectionRefusedError"),
        (RuntimeError("secret"), itemseal.KeyUnavailableError, "RuntimeError"),
        (AttributeError("secret"), itemseal.MisuseError, "AttributeError"),
    ],
)
def test_what_it_raises_is_raised_with_its_kind_and_cause(raised, kind, says):
    class Raises(Hsm):
        def wrap_key(self, key, context):
            raise raised

        def unwrap_key(self, info, wrapped, context):
            raise raised

    stored = encryptor(Hsm()).encrypt_item(ITEM)
    for call, of in ((encryptor(Raises()).encrypt_item, ITEM), (encryptor(Raises()).decrypt_item, stored)):
        with pytest.raises(kind, match=says) as caught:
            call(of)
        assert caught.value.__cause__ is raised
        assert 'the key provider "hsm"' in str(caught.value)
        assert "secret" not in str(caught.value)
        assert caught.value.retryable == (kind is itemseal.KeyUnavailableError)


@pytest.mark.parametrize("given", [None, b"one", (b"one",), (b"one", "two"), (1, 2)])
def test_another_answer_than_two_bytes_objects_is_a_mistake(given):
    class Wrong(Hsm):
        def wrap_key(self, key, context):
            return given

    with pytest.raises(itemseal.MisuseError, match="wrap_key returns two bytes objects"):
        encryptor(Wrong()).encrypt_item(ITEM)


def test_a_key_that_comes_back_unwrapped_is_not_written():
    class Naked(Hsm):
        def wrap_key(self, key, context):
            return b"slot-1", b"header" + key

    with pytest.raises(itemseal.RefusedError, match="gave the key back as it was"):
        encryptor(Naked()).encrypt_item(ITEM)


def test_another_key_or_another_provider_does_not_open():
    stored = encryptor(Hsm()).encrypt_item(ITEM)

    class Other(Hsm):
        def unwrap_key(self, info, wrapped, context):
            return bytes(32)

    class Short(Hsm):
        def unwrap_key(self, info, wrapped, context):
            return bytes(31)

    class Elsewhere(Hsm):
        provider_id = "another"

    for provider in (Other(), Elsewhere()):
        with pytest.raises(itemseal.AuthenticationError):
            encryptor(provider).decrypt_item(stored)
    assert not provider.seen
    with pytest.raises(itemseal.ServiceError, match="31 bytes, not 32"):
        encryptor(Short()).decrypt_item(stored)


@pytest.mark.parametrize("name", ["", "aws-kms", "aws-kms-mine"])
def test_a_providers_id_is_its_own(name):
    hsm = Hsm()
    hsm.provider_id = name
    with pytest.raises(itemseal.MisuseError, match="provider_id"):
        itemseal.ProviderKeyring(hsm)
