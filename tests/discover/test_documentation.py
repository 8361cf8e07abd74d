"""The documentation of families, errors and warnings says what the code does."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

import tasks.config.errors
import tasks.discover.errors
from tasks.config import parse_sources
from tasks.config.options import OPTIONS
from tasks.discover import FAMILIES
from tasks.errors import JibaoError

ROOT = Path(__file__).parents[2]
CODE = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tasks" / "discover").glob("*.py")))


@pytest.mark.parametrize("family", sorted(OPTIONS))
def test_every_family_has_a_page_whose_example_loads_and_whose_options_are_all_told(family: str) -> None:
    text = (ROOT / "docs" / "portals" / f"{family}.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.S)
    (source,) = parse_sources(f"version: 1\nsources:\n{example}".encode(), ROOT / "docs" / "x.yaml", {}).sources
    assert source.portal == family
    told = set(re.findall(r"`(\w+)`", text.partition("## Options")[2]))
    assert set(OPTIONS[family].model_fields) <= told
    assert f"({family}.md)" in (ROOT / "docs" / "portals" / "README.md").read_text(encoding="utf-8")


def test_every_portal_of_the_configuration_has_a_family() -> None:
    assert set(FAMILIES) == set(OPTIONS)


@pytest.mark.parametrize("room", ["config", "discover"])
def test_every_error_has_its_runbook_entry_and_no_entry_is_without_error(room: str) -> None:
    module = {"config": tasks.config.errors, "discover": tasks.discover.errors}[room]
    classes = {
        name
        for name, one in vars(module).items()
        if inspect.isclass(one) and issubclass(one, JibaoError) and one.__module__ == module.__name__
    }
    text = (ROOT / "docs" / "runbook" / f"{room}.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"^## (\w+)$", text, re.M))
    assert classes == {one for one in headings if one not in ("Warnings", "Details")}


def test_every_warning_code_is_told() -> None:
    text = (ROOT / "docs" / "runbook" / "discover.md").read_text(encoding="utf-8")
    used = {
        node.args[0].value
        for node in ast.walk(ast.parse(CODE.replace("from __future__ import annotations", "")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "warn"
        and isinstance(node.args[0], ast.Constant)
    } | set(re.findall(r'skipped\["(\w+)"\]', CODE))
    assert used
    assert used == set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| `[^|]*\|", text, re.M))))


def test_every_detail_word_is_told() -> None:
    text = (ROOT / "docs" / "runbook" / "discover.md").read_text(encoding="utf-8")
    used = set(re.findall(r'"([A-Z][a-z]+(?:[A-Z][a-z]+)+): ', CODE))
    assert used
    assert used <= set(re.findall(r"`(\w+)`", text))


def test_every_fault_has_its_row_and_every_test_named_there_exists() -> None:
    text = (ROOT / "docs" / "portals" / "faults.md").read_text(encoding="utf-8")
    rows = [int(one) for one in re.findall(r"^\| (\d+) \|", text, re.M)]
    assert rows == [*range(1, 53), *range(78, 93), 102, 103]
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", text))
    assert named <= set(re.findall(r"def (test_\w+)", tests))
    cases = re.findall(r"\[([^\]]+)\](?!\()", text)
    for case in (one.strip(" …") for listed in cases for one in listed.split(", ")):
        assert case in tests, case
