"""The README's programs run, in their order, over the lab; and each public name says what it is."""

import ast
import asyncio
import importlib
import inspect
import pathlib
import pkgutil
import re
import textwrap

import pytest

import itemseal
import itemseal.legacy
import itemseal_lab
from conftest import EU, US

README = (pathlib.Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
KEY = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_readme_runs(lab, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    lab.create_table("Orders", "OrderID", regions=[EU, US])
    key = lab.create_key([EU, US])
    (toml,) = blocks("toml")
    (tmp_path / "itemseal.toml").write_text(toml.replace(KEY, key))
    attached, client, items, test = blocks("python")
    with lab.as_aws(EU):
        names = {}
        for number, block in enumerate((attached, client, items)):
            exec(compile(block.replace(KEY, key), f"README, block {number + 1}", "exec"), names)
            if number == 0:
                # A program's last line is of no use here: what it would show is.
                assert names["table"].get_item(Key={"OrderID": "12345"})["Item"]["Card"] == "4111 1111 1111 1111"
                names["table"].meta.client.close()
        assert (names["got"]["Region"], names["got"]["Item"]["Card"]) == (EU, "4111 1111 1111 1111")
        assert asyncio.run(names["card"]("1")) == "4111 1111 1111 1111"
    assert names["order"]["OrderID"] == "12345" and len(names["many"]) == 2
    assert sorted(capsys.readouterr().out.split()) == ["1", "12345"]
    assert all("4111" not in str(item) for item in lab.boto3("dynamodb", EU).scan(TableName="Orders")["Items"])


def test_the_readmes_test_passes(lab_factory):
    names = {}
    exec(blocks("python")[3], names)
    names["test_an_order_outlives_virginia"](lab_factory())


def public():
    """Every public module, and every name of it, with its members."""
    modules = [itemseal, itemseal_lab]
    for package in (itemseal, itemseal_lab):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not any(part.startswith("_") for part in found.name.split(".")):
                modules.append(importlib.import_module(found.name))
    for module in modules:
        yield module.__name__, module
        for name in getattr(module, "__all__", [name for name in vars(module) if not name.startswith("_")]):
            value = getattr(module, name)
            if not (inspect.isclass(value) or callable(value)) or inspect.ismodule(value):
                continue
            if not (value.__module__ or "").startswith("itemseal"):
                continue
            yield f"{module.__name__}.{name}", value
            if inspect.isclass(value):
                members = ((n, m) for n, m in vars(value).items() if not n.startswith("_"))
                methods = ((n, getattr(m, "__func__", m)) for n, m in members)
                yield from ((f"{module.__name__}.{name}.{n}", m) for n, m in methods if is_method(m))


def is_method(value):
    kinds = (inspect.isroutine, inspect.isdatadescriptor)
    # A slot's docstring stands below it in the source.
    return any(kind(value) for kind in kinds) and not isinstance(value, type) and not inspect.ismemberdescriptor(value)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_each_public_name_has_a_docstring_and_what_is_in_it_is_python():
    seen = dict(public())
    assert {"itemseal.attach", "itemseal.GlobalTable.put_item", "itemseal.legacy.EncryptedTable"} <= set(seen)
    silent = sorted(name for name, value in seen.items() if not (value.__doc__ or "").strip())
    assert silent == []
    for name, value in seen.items():
        for example in examples(inspect.getdoc(value)):
            ast.parse(example)


def examples(text):
    """The indented blocks after an empty line."""
    found = re.findall(r"\n\n((?:    .*\n?)+)", text)
    return [textwrap.dedent(block) for block in found]
