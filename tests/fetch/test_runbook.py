"""Every error of the two rooms is explained, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tasks.archive import errors as archive_errors
from tasks.errors import JibaoError
from tasks.fetch import errors as fetch_errors


@pytest.mark.parametrize(("room", "module"), [("fetch", fetch_errors), ("archive", archive_errors)])
def test_runbook_and_errors_name_each_other(room: str, module: object) -> None:
    text = (Path(__file__).parents[2] / "docs" / "runbook" / f"{room}.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^## (\w+)$", text, re.MULTILINE))
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, JibaoError)]
    mine = {kind.__name__ for kind in kinds if kind.__module__ == module.__name__}  # type: ignore[attr-defined]
    assert told == mine
    assert all(kind.remedy and kind.__doc__ for kind in kinds)
