"""Portal text in artifacts stays text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from flows.markdown import key, plain, table


@given(st.text())
def test_one_line_without_live_markup(text: str) -> None:
    line = plain(text, limit=10_000)
    assert "\n" not in line
    assert "\r" not in line
    # Whatever opens markup, a table cell or HTML is escaped or an entity.
    assert not re.search(r"(?<!\\)[`*_\[\]|#~$]", line.replace("\\\\", ""))
    assert "<" not in line
    assert ">" not in line


@given(st.text())
def test_keys_are_what_prefect_takes(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", key("changes", text))


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_a_table_has_its_rows_and_no_more(rows: list[tuple[str, str]]) -> None:
    lines = table(("a", "b"), rows).split("\n")
    assert len(lines) == 2 + len(rows)
    assert all(len(re.findall(r"(?<!\\)\|", line.replace("\\\\", ""))) == 3 for line in lines)
