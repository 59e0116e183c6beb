"""Items, one by one: every type there and back, what is refused, what is left alone."""

import asyncio
import collections
import copy
import enum
import itertools
import operator
import signal
import string
from decimal import Decimal

import itemseal
import pytest
from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TABLE = itemseal.TableConfig("Orders", partition_key="pk", sort_key="sk", sign_only=["status"], unsigned=["hits"])
KEYRING = itemseal.RawAesKeyring("tests", "key-1", bytes(range(32)))
ENCRYPTOR = itemseal.ItemEncryptor(TABLE, KEYRING)
KEYS = {"pk": "customer-1", "sk": Decimal(7)}
THIRTY_EIGHT = Decimal("12345678901234567890123456789012345678")


def round_trip(item, encryptor=ENCRYPTOR):
    return encryptor.decrypt_item(encryptor.encrypt_item(item))


numbers = st.one_of(
    st.integers(min_value=-(10**38) + 1, max_value=10**38 - 1).map(Decimal),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30, places=7),
)
texts = st.text(st.characters(codec="utf-8"), max_size=40)
binaries = st.binary(max_size=40).map(Binary)
leaves = st.one_of(texts, numbers, binaries, st.booleans(), st.none())
sets = st.one_of(
    st.sets(texts, min_size=1, max_size=5), st.sets(numbers, min_size=1, max_size=5), st.sets(binaries, min_size=1, max_size=5)
)
values = st.recursive(
    st.one_of(leaves, sets),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts.filter(len), inner, max_size=4)),
    max_leaves=12,
)
names = st.text(string.ascii_letters + "äπ_.-", min_size=1, max_size=12).filter(lambda name: name not in ("pk", "sk"))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(names, values, max_size=8))
def test_any_item_comes_back_as_boto3_would_have_it(more):
    item = {**more, **KEYS}
    opened = round_trip(item)
    assert opened == item
    wire = {name: TypeSerializer().serialize(value) for name, value in item.items()}
    again = ENCRYPTOR.decrypt_dynamodb_item(ENCRYPTOR.encrypt_dynamodb_item(wire))
    assert {name: TypeDeserializer().deserialize(value) for name, value in again.items()} == item
    # What one layer writes the other reads.
    stored = {name: TypeSerializer().serialize(value) for name, value in ENCRYPTOR.encrypt_item(item).items()}
    mixed = ENCRYPTOR.decrypt_dynamodb_item(stored)
    assert {name: TypeDeserializer().deserialize(value) for name, value in mixed.items()} == item


def test_what_comes_out_has_the_types_of_boto3s_resources():
    item = {**KEYS, "b": b"bytes", "i": 3, "l": (1, bytearray(b"x")), "f": frozenset({"a"}), "m": collections.OrderedDict(a=1)}
    opened = round_trip(item)
    assert type(opened["b"]) is Binary and opened["b"] == b"bytes"
    assert type(opened["i"]) is Decimal and type(opened["l"]) is list and type(opened["f"]) is set
    assert opened["l"] == [Decimal(1), Binary(b"x")] and opened["m"] == {"a": Decimal(1)}


def test_numbers_keep_all_38_digits():
    tiny = Decimal("-1.2345678901234567890123456789012345678E-100")
    opened = round_trip({**KEYS, "n": THIRTY_EIGHT, "tiny": tiny, "set": {THIRTY_EIGHT, tiny}, "status": THIRTY_EIGHT})
    assert opened["n"] == THIRTY_EIGHT and opened["tiny"] == tiny and opened["set"] == {THIRTY_EIGHT, tiny}
    assert opened["status"] == THIRTY_EIGHT


class Size(enum.IntEnum):
    LARGE = 3


class Colour(str, enum.Enum):
    RED = "red"


def test_enumerations_are_their_values():
    assert round_trip({**KEYS, "size": Size.LARGE, "colour": Colour.RED}) == {**KEYS, "size": 3, "colour": "red"}


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (1.5, "use Decimal"),
        (float("nan"), "use Decimal"),
        (Decimal("NaN"), "38 significant digits"),
        (Decimal("Infinity"), "38 significant digits"),
        (10**38 + 1, "38 significant digits"),
        (Decimal("1E-131"), "38 significant digits"),
        (object(), "object is no type of DynamoDB"),
        (memoryview(b"x"), "memoryview is no type of DynamoDB"),
        (set(), "no empty sets"),
        ({1, "a"}, "all str, all numbers or all bytes"),
        ({True}, "all str, all numbers or all bytes"),
        ({(1, 2)}, "all str, all numbers or all bytes"),
        ({"a": 1.5}, "use Decimal"),
        ({1: "a"}, "keys are str"),
        ([[1.5]], "use Decimal"),
        ("\ud800", "surrogate"),
    ],
)
def test_what_dynamodb_has_no_type_for_is_refused_by_name(value, says):
    with pytest.raises(itemseal.MisuseError) as caught:
        ENCRYPTOR.encrypt_item({**KEYS, "price": value})
    assert says in str(caught.value) and '"price"' in str(caught.value)
    assert caught.value.attribute == "price" and not caught.value.retryable


def test_a_wrong_type_is_a_type_error_and_a_wrong_value_a_value_error():
    with pytest.raises(TypeError):
        ENCRYPTOR.encrypt_item({**KEYS, "price": 1.5})
    with pytest.raises(ValueError):
        ENCRYPTOR.encrypt_item({**KEYS, "price": set()})


@pytest.mark.parametrize(
    "value",
    [
        "text",
        {"S": "a", "N": "1"},
        {},
        {"S": 1},
        {"N": 1},
        {"B": "text"},
        {"BOOL": 1},
        {"NULL": False},
        {"SS": "abc"},
        {"NS": [1]},
        {"L": {"S": "a"}},
        {"M": [("a", {"S": "b"})]},
        {"X": "a"},
        {1: "a"},
    ],
)
def test_what_is_no_value_of_the_client_layer_is_refused_by_name(value):
    with pytest.raises(itemseal.MisuseError) as caught:
        ENCRYPTOR.encrypt_dynamodb_item({"pk": {"S": "1"}, "sk": {"N": "1"}, "price": value})
    assert caught.value.attribute == "price"


def test_nesting_ends_at_32_levels():
    def nested(levels):
        return "leaf" if levels == 1 else [nested(levels - 1)]

    assert round_trip({**KEYS, "deep": nested(32)})["deep"] == nested(32)
    with pytest.raises(itemseal.MisuseError, match="deeper than 32"):
        ENCRYPTOR.encrypt_item({**KEYS, "deep": nested(33)})
    endless = []
    endless.append(endless)
    with pytest.raises(itemseal.MisuseError, match="deeper than 32"):
        ENCRYPTOR.encrypt_item({**KEYS, "deep": endless})


@pytest.mark.parametrize("item", [None, [], "text", 7, [("pk", "1")]])
def test_an_item_is_a_mapping(item):
    with pytest.raises(itemseal.MisuseError, match="an item is a dict"):
        ENCRYPTOR.encrypt_item(item)
    with pytest.raises(TypeError):
        ENCRYPTOR.decrypt_dynamodb_item(item)


def test_any_mapping_will_do():
    assert round_trip(collections.ChainMap({"card": "4111"}, KEYS)) == {"card": "4111", **KEYS}


def test_nothing_that_is_given_is_changed():
    item = {**KEYS, "tags": {"a"}, "lines": [{"sku": "A"}]}
    before = copy.deepcopy(item)
    stored = ENCRYPTOR.encrypt_item(item)
    kept = copy.deepcopy(stored)
    ENCRYPTOR.decrypt_item(stored)
    assert item == before and stored == kept


def test_stored_items_hold_no_plaintext_but_what_is_signed_only():
    stored = ENCRYPTOR.encrypt_item({**KEYS, "status": "shipped", "hits": 3, "card": "4111 1111"})
    assert stored["status"] == "shipped" and stored["hits"] == 3 and stored["pk"] == "customer-1"
    assert "4111" not in repr(stored) and isinstance(stored["card"], Binary)


@pytest.mark.parametrize("name", ["pk", "sk", "status", "card", "aws_dbe_head", "aws_dbe_foot"])
def test_what_was_altered_does_not_open(name):
    stored = ENCRYPTOR.encrypt_item({**KEYS, "status": "shipped", "card": "4111"})
    value = stored[name]
    if isinstance(value, Binary):
        changed = Binary(value.value[:-1] + bytes([value.value[-1] ^ 1]))
    else:
        changed = value + type(value)("1")
    with pytest.raises((itemseal.AuthenticationError, itemseal.MalformedError)):
        ENCRYPTOR.decrypt_item({**stored, name: changed})
    without = {key: value for key, value in stored.items() if key != name}
    with pytest.raises(itemseal.Error):
        ENCRYPTOR.decrypt_item(without)


def test_another_key_says_no_more_than_that():
    other = itemseal.ItemEncryptor(TABLE, itemseal.RawAesKeyring("tests", "key-1", bytes(32)))
    stored = ENCRYPTOR.encrypt_item({**KEYS, "card": "4111"})
    with pytest.raises(itemseal.AuthenticationError) as caught:
        other.decrypt_item(stored)
    assert caught.value.attribute is None and caught.value.__cause__ is None
    with pytest.raises(itemseal.NotEncryptedError):
        ENCRYPTOR.decrypt_item({**KEYS, "card": "4111"})


def test_many_items_keep_their_order_and_the_first_error_ends_all():
    items = [{"pk": f"customer-{n}", "sk": n, "card": str(n)} for n in range(500)]
    stored = ENCRYPTOR.encrypt_items(iter(items))
    assert [entry["pk"] for entry in stored] == [item["pk"] for item in items]
    assert ENCRYPTOR.decrypt_items(stored) == items
    assert ENCRYPTOR.encrypt_items([]) == []
    stored[250]["card"] = stored[251]["card"]
    with pytest.raises(itemseal.AuthenticationError):
        ENCRYPTOR.decrypt_items(stored)
    with pytest.raises(itemseal.UnsupportedTypeError):
        ENCRYPTOR.encrypt_items([*items, {**KEYS, "price": 1.5}])


@pytest.mark.parametrize("count", [1, 2, 7, 16, 17, 33, 100, 1_025])
def test_a_batch_of_any_size_keeps_its_order(count):
    items = [{"pk": f"customer-{n}", "sk": n, "card": str(n)} for n in range(count)]
    for given in (items, iter(items), tuple(items)):
        stored = ENCRYPTOR.encrypt_items(given)
        assert [entry["sk"] for entry in stored] == list(range(count))
        assert ENCRYPTOR.decrypt_items(stored) == items


def test_bytes_come_as_boto3_makes_them():
    stored = ENCRYPTOR.encrypt_item({**KEYS, "card": "4111"})
    made = Binary(stored["card"].value)
    assert vars(stored["card"]) == vars(made) and type(stored["card"]) is type(made)
    assert stored["card"] == made and hash(stored["card"]) == hash(made)


def test_a_generators_own_error_comes_out_of_a_batch():
    def items():
        yield {**KEYS}
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        ENCRYPTOR.encrypt_items(items())


def test_a_batch_reads_only_a_little_ahead():
    drawn = itertools.count()

    def items():
        yield {**KEYS, "price": 1.5}
        for _ in range(20_000):
            next(drawn)
            yield KEYS

    with pytest.raises(itemseal.UnsupportedTypeError):
        ENCRYPTOR.encrypt_items(items())
    assert next(drawn) < 5_000


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers' signals")
def test_a_signal_ends_a_batch():
    class Enough(Exception):
        pass

    def end(*_):
        raise Enough

    # Nothing in it that has the interpreter look for signals by itself.
    item = {"pk": {"S": "customer-1"}, "sk": {"N": "7"}, "card": {"S": "4111" * 1_000}}
    given = itertools.repeat(item, 100_000)
    before = signal.signal(signal.SIGALRM, end)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(Enough):
            ENCRYPTOR.encrypt_dynamodb_items(given)
        assert operator.length_hint(given) > 0
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_awaited_it_is_the_same():
    async def run():
        item = {**KEYS, "card": "4111"}
        stored = await asyncio.gather(*(ENCRYPTOR.encrypt_item_async(item) for _ in range(50)))
        opened = await asyncio.gather(*(ENCRYPTOR.decrypt_item_async(entry) for entry in stored))
        assert all(entry == item for entry in opened)
        wire = {"pk": {"S": "1"}, "sk": {"N": "1"}, "card": {"S": "4111"}}
        assert await ENCRYPTOR.decrypt_dynamodb_item_async(await ENCRYPTOR.encrypt_dynamodb_item_async(wire)) == wire
        with pytest.raises(itemseal.NotEncryptedError):
            await ENCRYPTOR.decrypt_item_async(item)

    asyncio.run(run())
    with pytest.raises(RuntimeError, match="event loop"):
        ENCRYPTOR.encrypt_item_async(KEYS)


def test_nothing_secret_is_shown_or_pickled():
    import pickle

    assert "00" not in repr(KEYRING) and repr(ENCRYPTOR) == 'ItemEncryptor("Orders")'
    for secret in (KEYRING, ENCRYPTOR):
        with pytest.raises(TypeError):
            pickle.dumps(secret)
        with pytest.raises(TypeError):
            copy.deepcopy(secret)


def test_a_configuration_that_cannot_be_right_is_refused():
    with pytest.raises(itemseal.MisuseError, match="hmac-only"):
        itemseal.TableConfig("T", partition_key="pk", suite="none")
    with pytest.raises(itemseal.MisuseError):
        itemseal.TableConfig("T", partition_key="pk", unsigned=["pk"])
    with pytest.raises(itemseal.MisuseError, match="keyring"):
        itemseal.ItemEncryptor(TABLE)
    with pytest.raises(itemseal.MisuseError, match="path, a Config or a TableConfig"):
        itemseal.ItemEncryptor(7, KEYRING)
    with pytest.raises(itemseal.MisuseError, match="32 bytes|32"):
        itemseal.RawAesKeyring("ns", "name", b"short")
