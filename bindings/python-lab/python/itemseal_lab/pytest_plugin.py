"""Fixtures for pytest, which finds them by itself. Nothing is started unless one is used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Protocol

import pytest

from ._lab import Lab

INI = "itemseal_lab_regions"


class LabFactory(Protocol):
    """Makes a lab that is closed when the test is over. The arguments are those of `Lab`; its
    Regions are those of the ini option, unless they are given."""

    def __call__(self, **options: Any) -> Lab: ...


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the ini option."""
    parser.addini(
        INI,
        "The Regions of the fixture lab, the home of its keys and tables first",
        type="args",
        default=["us-east-1", "eu-west-1"],
    )


@pytest.fixture
def lab_factory(pytestconfig: pytest.Config) -> Iterator[LabFactory]:
    """Makes labs with options: ``lab_factory(manual=True)``."""
    with ExitStack() as labs:

        def make(**options: Any) -> Lab:
            if not options.get("every_region"):
                options.setdefault("regions", pytestconfig.getini(INI))
            return labs.enter_context(Lab(**options))

        yield make


@pytest.fixture
def lab(lab_factory: LabFactory) -> Lab:
    """An `itemseal_lab.Lab` of this test's own, empty, in the Regions of the ini option
    ``itemseal_lab_regions``."""
    return lab_factory()
