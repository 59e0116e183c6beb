"""The fixtures, in suites of other people: pytest finds the plugin by its entry point."""

import importlib.metadata
import os

import pytest


@pytest.fixture
def run(pytester, monkeypatch):
    """Runs a suite in a process of its own, as somebody who has installed the package does."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

    def run(test, *options):
        pytester.makepyfile(test)
        return pytester.runpytest_subprocess(*options, timeout=120)

    return run


def test_the_entry_point_is_there():
    (entry,) = [
        entry
        for entry in importlib.metadata.entry_points(group="pytest11")
        if entry.name == "itemseal_lab"
    ]
    assert entry.value == "itemseal_lab.pytest_plugin"


def test_every_test_has_a_lab_of_its_own(run):
    result = run(
        """
        import pytest

        used = []

        @pytest.mark.parametrize("turn", [1, 2])
        def test_it(lab, turn):
            assert lab.regions == ("us-east-1", "eu-west-1")
            assert all(before.closed for before in used)
            assert lab.boto3("dynamodb").list_tables()["TableNames"] == []
            lab.create_table("Orders", "OrderID")
            used.append(lab)
        """,
        "-W",
        "error",
    )
    result.assert_outcomes(passed=2)


def test_the_regions_are_an_option_of_the_suite(run, pytester):
    pytester.makeini("[pytest]\nitemseal_lab_regions = eu-central-1 us-west-2")
    result = run(
        """
        def test_both(lab, lab_factory):
            assert lab.regions == ("eu-central-1", "us-west-2")
            assert lab_factory(manual=True).regions == lab.regions
            assert lab_factory(regions=["eu-west-1"]).regions == ("eu-west-1",)
            assert lab_factory(every_region=True).regions == ()
        """
    )
    result.assert_outcomes(passed=1)


def test_the_regions_can_be_a_list_in_pyproject(run, pytester):
    pytester.makepyprojecttoml('[tool.pytest.ini_options]\nitemseal_lab_regions = ["eu-central-1"]')
    result = run("def test_it(lab): assert lab.regions == ('eu-central-1',)")
    result.assert_outcomes(passed=1)


def test_labs_are_closed_when_the_test_fails(run):
    result = run(
        """
        made = []

        def test_that_fails(lab_factory):
            made.extend([lab_factory(), lab_factory()])
            assert False

        def test_after_it():
            assert [lab.closed for lab in made] == [True, True]
        """
    )
    result.assert_outcomes(passed=1, failed=1)


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="threads have no names here")
def test_nothing_is_imported_or_started_unless_a_fixture_is_used(run):
    result = run(
        """
        import pathlib
        import sys
        import urllib.request

        def labs_threads():
            names = [path.read_text() for path in pathlib.Path("/proc/self/task").glob("*/comm")]
            return [name for name in names if name.startswith("itemseal")]

        def test_without():
            assert "itemseal_lab.pytest_plugin" in sys.modules
            assert "boto3" not in sys.modules and "botocore" not in sys.modules
            assert not labs_threads()

        def test_with(lab):
            # A thread names itself when it begins; one that has answered has begun.
            urllib.request.urlopen(lab.endpoint + "/_lab/status").close()
            assert labs_threads()
            assert "boto3" not in sys.modules
        """
    )
    result.assert_outcomes(passed=2)


def test_it_works_over_several_workers(run):
    result = run(
        """
        import pytest

        @pytest.mark.parametrize("turn", range(6))
        def test_it(lab, turn, worker_id):
            assert worker_id in ("gw0", "gw1")
            lab.create_table("Orders", "OrderID")
            assert lab.boto3("dynamodb", "eu-west-1").list_tables()["TableNames"] == ["Orders"]
        """,
        "-n",
        "2",
    )
    result.assert_outcomes(passed=6)


def test_the_fixtures_are_told_of(run):
    result = run("", "--fixtures")
    result.stdout.fnmatch_lines(["*An `itemseal_lab.Lab` of this test's own*"])
    result.stdout.fnmatch_lines(["*lab_factory -- *"])
