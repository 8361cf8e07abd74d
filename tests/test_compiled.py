"""Compiled modules never run when their sources are others than those that were compiled."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tasks.compiled import check_compiled, digests, extension, is_compiled, library, manifest, write_manifest
from tasks.errors import CompiledStale
from tasks.load.body import Body
from tasks.model import Observation, Report
from tasks.periods import Neighbour
from tasks.pipeline.reading import Told, ToRead
from tasks.read import ReadHints
from tools.compiled import chosen

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ["tasks/one.py", "tasks/room/two.py"]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A checkout with two modules that were compiled just now; what an import needs is copied."""
    for name in (
        "tasks/__init__.py",
        "tasks/compiled.py",
        "tasks/errors.py",
        "warehouse/__init__.py",
        "warehouse/failure.py",
        "flows/__init__.py",
        "flows/cli/__init__.py",
        "flows/cli/__main__.py",
    ):
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place)
    (tmp_path / "flows/cli/main.py").write_text("import tasks\n\n\ndef main() -> None:\n    print('went on')\n")
    for name in SOURCES:
        place = tmp_path / name
        place.parent.mkdir(exist_ok=True)
        place.write_text("VALUE = 1\n")
        extension(place).touch()
    write_manifest(digests(SOURCES, tmp_path), tmp_path)
    library(tmp_path).touch()
    return tmp_path


def run(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=tree,
        env={"PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_sources_as_compiled_are_used(tree: Path) -> None:
    assert is_compiled(tree)
    check_compiled(tree)
    assert run(tree, "-m", "flows.cli").stdout == "went on\n"


@pytest.mark.parametrize("source", SOURCES)
def test_a_changed_source_is_refused_by_name(tree: Path, source: str) -> None:
    (tree / source).write_text("VALUE = 2\n")
    with pytest.raises(CompiledStale, match=source):
        check_compiled(tree)
    (tree / source).write_text("VALUE = 1\n")
    check_compiled(tree)


def test_a_process_does_not_begin_with_a_changed_source(tree: Path) -> None:
    (tree / SOURCES[1]).write_text("VALUE = 2\n")
    done = run(tree, "-c", "import tasks; print('went on')")
    assert done.returncode != 0
    assert "CompiledStale" in done.stderr
    assert not done.stdout


def test_the_command_ends_without_a_traceback(tree: Path) -> None:
    (tree / SOURCES[0]).write_text("VALUE = 2\n")
    done = run(tree, "-m", "flows.cli")
    assert done.returncode == CompiledStale.exit_status
    assert "CompiledStale" in done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout


def test_an_edit_during_the_build_is_refused(tree: Path) -> None:
    before = digests(SOURCES, tree)
    (tree / SOURCES[0]).write_text("VALUE = 2\n")
    write_manifest(before, tree)
    with pytest.raises(CompiledStale, match=SOURCES[0]):
        check_compiled(tree)


def test_a_source_that_has_gone_is_refused(tree: Path) -> None:
    (tree / SOURCES[0]).unlink()
    with pytest.raises(CompiledStale):
        check_compiled(tree)


def test_half_a_build_is_refused(tree: Path) -> None:
    extension(tree / SOURCES[0]).unlink()
    with pytest.raises(CompiledStale):
        check_compiled(tree)


@pytest.mark.parametrize("told", [None, "", "{", "[]", "null"])
def test_compiled_modules_without_a_manifest_are_refused(tree: Path, told: str | None) -> None:
    manifest(tree).unlink()
    if told is not None:
        manifest(tree).write_text(told)
    with pytest.raises(CompiledStale):
        check_compiled(tree)


def test_where_nothing_is_compiled_sources_may_change(tree: Path) -> None:
    library(tree).unlink()
    (tree / SOURCES[0]).write_text("VALUE = 2\n")
    assert not is_compiled(tree)
    check_compiled(tree)


@pytest.mark.parametrize("kind", [Body, Neighbour, Observation, ReadHints, Report, ToRead, Told])
def test_what_is_pickled_between_processes_is_left_out(kind: type) -> None:
    assert chosen()
    assert f"{kind.__module__.replace('.', '/')}.py" not in chosen()
