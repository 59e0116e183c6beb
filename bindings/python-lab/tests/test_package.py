"""What is promised of the package: its README runs, its types are right, nothing warns."""

import importlib.metadata
import pathlib
import re
import subprocess
import sys

import itemseal_lab
import pytest

HERE = pathlib.Path(__file__).resolve().parent
README = (HERE.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def python(*arguments, **options):
    """Runs Python, with everything that warns an error."""
    run = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", *arguments],
        capture_output=True,
        text=True,
        timeout=240,
        **options,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run


def test_there_are_examples():
    assert len(BLOCKS) == 4


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_the_readme_runs_and_nothing_warns(block, tmp_path):
    path = tmp_path / "test_readme.py"
    path.write_text(block)
    if "\ndef test_" in "\n" + block:
        run = python("-m", "pytest", "-q", "-p", "no:cacheprovider", str(path), cwd=tmp_path)
        assert "1 passed" in run.stdout
    else:
        python(str(path))


def test_a_session_with_everything_in_it_ends_without_a_warning(tmp_path):
    program = """
import boto3
from itemseal_lab import Lab
with Lab(regions=["us-east-1", "eu-west-1"]) as lab, lab.as_aws():
    lab.create_table("Orders", "OrderID")
    client = boto3.client("dynamodb")
    client.put_item(TableName="Orders", Item={"OrderID": {"S": "1"}})
    client.close()
    lab.cut("us-east-1")
    lab.restore()
    lab.converge()
"""
    run = python("-c", program)
    assert (run.stdout, run.stderr) == ("", "")


def test_importing_it_imports_neither_boto3_nor_pytest():
    program = "import sys, itemseal_lab; print({'boto3', 'botocore', 'pytest'} & set(sys.modules))"
    assert python("-c", program).stdout == "set()\n"


def test_the_version_is_the_distributions_and_it_requires_nothing():
    assert itemseal_lab.__version__ == importlib.metadata.version("itemseal-lab")
    requirements = importlib.metadata.requires("itemseal-lab") or []
    assert [one for one in requirements if "extra ==" not in one] == []


def test_every_public_name_is_there_and_has_a_docstring():
    for name in itemseal_lab.__all__:
        assert hasattr(itemseal_lab, name)
    for thing in (itemseal_lab.Lab, itemseal_lab.Fault):
        for name, member in vars(thing).items():
            if not name.startswith("_") and (callable(member) or isinstance(member, property)):
                assert member.__doc__, f"{thing.__name__}.{name}"


def mypy(module, *arguments):
    # Not with -W error: what mypy's own modules do is not ours.
    run = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        capture_output=True,
        text=True,
        timeout=240,
        cwd=HERE.parent,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_package_and_the_examples_pass_strict_type_checks():
    mypy("mypy", "--strict", "-p", "itemseal_lab")
    mypy("mypy", "--strict", "tests/examples")


def test_the_stubs_of_the_native_module_are_what_it_has():
    mypy("mypy.stubtest", "itemseal_lab")
