"""Memory does not grow: with encryptors that come and go, and with items.

ITEMSEAL_LONG=1 runs as many as the README states: 10,000 encryptors and 1,000,000 items.
"""

import gc
import itertools
import os
import pathlib
import statistics
from decimal import Decimal

import itemseal
import pytest

LONG = os.environ.get("ITEMSEAL_LONG") == "1"
ENCRYPTORS, ITEMS = (10_000, 1_000_000) if LONG else (2_000, 40_000)
MIB = 1024 * 1024
TABLE = itemseal.TableConfig("Orders", partition_key="pk", sort_key="sk", suite="hmac-only")
STATUS = pathlib.Path("/proc/self/status")
pytestmark = pytest.mark.skipif(not STATUS.exists(), reason="resident memory is read from /proc, which is not here")


def resident():
    gc.collect()
    (line,) = [line for line in STATUS.read_text().splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) * 1024


def growth(work, warm_up, count):
    """How many bytes more there are after count times than after warm_up times."""
    for n in range(warm_up):
        work(n)
    before = resident()
    for n in range(count):
        work(n)
    return resident() - before


WINDOWS = 6


def growth_by_windows(work, warm_up, count):
    """The same, as the median window grows: where several threads allocate. What leaks does so in each; the
    allocator's stock of free memory goes up and down, by megabytes, in some."""
    for n in range(warm_up):
        work(n)
    length, peaks = count // WINDOWS, []
    for _ in range(WINDOWS):
        looks = []
        for n in range(length):
            work(n)
            if n % max(1, length // 8) == 0:
                looks.append(resident())
        peaks.append(max(looks))
    steps = [after - before for before, after in itertools.pairwise(peaks)]
    return statistics.median(steps) * len(steps)


def encryptor():
    return itemseal.ItemEncryptor(TABLE, itemseal.RawAesKeyring("tests", "key-1", bytes(range(32))))


def test_encryptors_leave_nothing_behind():
    item = {"pk": "customer-1", "sk": 1, "card": "4111"}

    def make(_):
        made = encryptor()
        assert made.decrypt_item(made.encrypt_item(item))["card"] == "4111"

    assert growth(make, 1_000, ENCRYPTORS) < MIB


def test_items_leave_nothing_behind():
    made = encryptor()

    def use(n):
        item = {"pk": "customer-1", "sk": n, "card": "4111", "sum": Decimal("12.50"), "tags": {"a", "b"}, "lines": [{"sku": n}]}
        assert made.decrypt_item(made.encrypt_item(item))["sk"] == n

    assert growth(use, 5_000, ITEMS) < MIB


def test_batches_and_errors_leave_nothing_behind():
    made = encryptor()
    items = [{"pk": "customer-1", "sk": n, "card": "4111"} for n in range(200)]

    def use(_):
        stored = made.encrypt_items(items)
        stored[7]["card"] = b"altered"
        with pytest.raises(itemseal.Error):
            made.decrypt_items(stored)
        with pytest.raises(itemseal.UnsupportedTypeError):
            made.encrypt_item({"pk": "customer-1", "sk": 1.5})

    assert growth_by_windows(use, 100, max(600, ITEMS // 400)) < MIB
