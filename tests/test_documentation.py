"""Documentation that can fall behind is held to the code: errors, commands, environment variables."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import flows
import tasks
import warehouse
from tasks.errors import JibaoError

ROOT = Path(__file__).resolve().parent.parent
# Roots of families: raised only as one of their children.
ABSTRACT = {"JibaoError", "UsageError", "WarehouseError"}


def modules() -> Iterator[str]:
    for package in (tasks, warehouse):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in found.name:
                yield found.name
    # Importing Prefect here would start its settings in the test process; its modules define no errors.
    for name in ("recorded", "server", "serving", "registering", "demo"):
        yield f"{flows.__name__}.{name}"


def errors() -> set[type[JibaoError]]:
    for name in modules():
        importlib.import_module(name)
    found: set[type[JibaoError]] = set()
    waiting = [JibaoError]
    while waiting:
        for child in waiting.pop().__subclasses__():
            if child not in found and not child.__module__.startswith("tests"):
                found.add(child)
                waiting.append(child)
    return found


def test_every_error_has_a_remedy_and_a_runbook_entry() -> None:
    entries = set()
    for page in (ROOT / "docs" / "runbook").glob("*.md"):
        for heading in re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE):
            entries |= set(re.findall(r"\w+", heading))
    named = {error.__name__ for error in errors()} - ABSTRACT
    assert not {name for name in named if name not in entries}
    assert all(error.remedy for error in errors())


def warning_codes() -> Iterator[str]:
    """The codes that stand as text in a call of Warn or of a `warn` method, and those given by name."""
    for package in ("tasks", "warehouse"):
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                first = node.args[0]
                if name in {"Warn", "warn"} and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


def test_every_warning_is_explained() -> None:
    pages = [*(ROOT / "docs" / "runbook").glob("*.md"), ROOT / "docs" / "warehouse.md"]
    told = set(re.findall(r"`([a-z_]+)`", "".join(page.read_text(encoding="utf-8") for page in pages)))
    codes = set(warning_codes())
    assert len(codes) > 50
    assert not codes - told


def test_every_key_and_variable_is_explained() -> None:
    from tasks.check import RELATIONAL
    from tasks.config import json_schema

    told = set(re.findall(r"`(\w+)`", (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")))
    definitions = json_schema()["$defs"]
    for model in ("Source", "Defaults", "Checks", "Aliases"):
        for key, field in definitions[model]["properties"].items():
            assert key in told, key
            assert field.get("description"), f"{model}.{key}"
    assert told >= RELATIONAL
    variables: set[str] = set()
    for package in ("tasks", "warehouse", "flows"):
        for file in (ROOT / package).rglob("*.py"):
            variables |= set(re.findall(r"\bJIBAO_[A-Z]+\b", file.read_text(encoding="utf-8")))
    assert variables
    assert not variables - told


def commands(group: click.Group, prefix: str = "") -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, f"{prefix}{name} is listed and not defined"
        assert command.help, f"{prefix}{name} has no help"
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}"


def test_every_command_stands_in_the_readme() -> None:
    from flows.cli.main import cli

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in commands(cli):
        group, _, verb = command.partition(" ")
        line = next((line for line in readme.splitlines() if f"`jibao {group}" in line), "")
        assert line, command
        assert verb in line, command


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md")), ids=str)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} → {target}"


def test_what_the_project_needs_is_pinned_with_hashes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    for requirement in project["dependencies"]:
        name = re.split(r"[\[<>=!~ ]", requirement)[0].lower().replace("_", "-").replace(".", "-")
        pinned = re.search(rf"^{re.escape(name)}(\[[^\]]*\])?==\S+ .*\\\n +--hash=", lock, re.MULTILINE)
        assert pinned, requirement
