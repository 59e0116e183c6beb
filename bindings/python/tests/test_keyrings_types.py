"""The stubs say what the native module is, and a program that uses them passes mypy --strict."""

import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent


def passes(tmp_path, *arguments):
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_stubs_are_those_of_the_module(tmp_path):
    passes(tmp_path, "mypy.stubtest", "--concise", "itemseal")


def test_a_program_passes_mypy_strict(tmp_path):
    passes(tmp_path, "mypy", "--strict", str(HERE / "typed" / "example.py"))
