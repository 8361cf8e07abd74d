"""Whole documents with what is to be read from them, by an author who did not know the reader.

`documents/tables/NAME.*` are files as a portal serves them, `NAME.gold.json` says what they say: `meta`, `rows`, a
`note` on what is a matter of taste. A key with `_also` lists other readings that are as good. White space is not
compared: line breaks fall inside words.

`documents/prose` has `sections` (title and level, outermost 1; the text behind a heading's 。 is none of it),
`optional_sections` that may be told or not, `paragraph_sample` (a sentence and the section it stands in), `furniture`
(strings of the page that stand in no section), `not_sections` (what opens none), `in_no_section` (what the page tells
outside all sections, and is not lost), `title_alternatives` (other ways to print a heading), and `accept` (other readings of
a metadata field).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tasks.pipeline.single import parse_file
from tasks.read.errors import RowsNotUnderstood

DOCUMENTS = Path(__file__).parent / "documents"
# Refused by name: cells of two levels of headings a line each, with parts of headings between them; and the fields of a
# task one below the other, without the merged cells that told whose they are; and two levels of headings in columns that
# blanks alone align.
REFUSED = {
    "ft6_songling_2024h1_livelihood.txt",
    "d3_yujiang_gaige_2024M11.txt",
    "d4_wensi_zhongdian_xiangmu.txt",
}
META = ("title", "publisher", "index_number", "generated_on", "published_on", "period")


def bare(value: Any) -> Any:
    """The value without white space; lists part by part."""
    if isinstance(value, str):
        return re.sub(r"\s+", "", value)
    return [bare(item) for item in value] if isinstance(value, (list, tuple)) else value


def golds(kind: str) -> list[Path]:
    """The gold files of a kind of documents."""
    return sorted((DOCUMENTS / kind).glob("*.gold.json"))


def documents(kind: str) -> list[tuple[Path, Path]]:
    """Each document of a kind, in each of its shapes, with its gold file."""
    return [
        (gold, path)
        for gold in golds(kind)
        for path in sorted(gold.parent.glob(f"{gold.name.removesuffix('.gold.json')}.*"))
        if path != gold
    ]


def accepted(told: dict[str, Any], name: str) -> list[Any]:
    """The readings of a field that are right."""
    return [bare(value) for value in (told.get(name), *told.get(f"{name}_also", ()))]


@pytest.mark.parametrize(("gold", "path"), documents("tables"), ids=lambda path: path.name)
def test_rows_and_metadata(gold: Path, path: Path) -> None:
    told = json.loads(gold.read_text(encoding="utf-8"))
    if path.name in REFUSED:
        with pytest.raises(RowsNotUnderstood):
            parse_file(path)
        return
    report = parse_file(path).report
    shapes = {other for known, other in documents("tables") if known == gold}
    # Of several shapes only the page has the metadata block.
    for name in META if len(shapes) == 1 or path.suffix == ".html" else ("title", "period"):
        value = getattr(report.meta, name)
        assert bare(None if value is None else str(value)) in accepted(told["meta"], name), name
    assert len(report.rows) == len(told["rows"])
    for row, want in zip(report.rows, told["rows"], strict=True):
        assert (None if row.seq is None else str(row.seq)) in accepted(want, "seq")
        assert bare(row.category) in accepted(want, "category")
        assert bare(row.content) in accepted(want, "content")
        assert bare(row.status) in accepted(want, "status")
        assert bare(row.progress_text) in accepted(want, "progress_text")
        progress = None if row.progress is None else float(row.progress)
        assert progress in [None if value is None else float(value) for value in accepted(want, "progress")]
        units = [want["units"], want.get("units_also", want["units"])]
        assert bare(list(row.units)) in bare(units)


# Openings of the lowest level that the author left out; the reader tells them as sections.
_FINER = re.compile("[一二三四五六七八九十]+是|[①-⑩]|第[一二三四五六]")


@pytest.mark.parametrize(("gold", "path"), documents("prose"), ids=lambda path: path.name)
def test_sections_and_metadata(gold: Path, path: Path) -> None:
    told = json.loads(gold.read_text(encoding="utf-8"))
    report = parse_file(path).report
    for name in (*META, "kind") if "kind" in told["meta"] else META:
        value = getattr(report.meta, name)
        right = [told["meta"].get(name), *told.get("accept", {}).get(name, ())]
        assert bare(None if value is None else str(value)) in bare(right), name
    optional = {bare(one["title"]).strip("—。") for one in told.get("optional_sections", ())}
    wanted = [(one["level"], bare(one["title"])) for one in told["sections"]]
    printed = {bare(o): bare(title) for title, others in told.get("title_alternatives", {}).items() for o in others}
    seen = [(s.level, printed.get(bare(s.title), bare(s.title))) for s in report.sections]
    assert [one for one in wanted if one[1] not in optional] == [
        (level, title)
        for level, title in seen
        if title.strip("—") not in optional and ((level, title) in wanted or not _FINER.match(title))
    ]
    for title in map(bare, told.get("not_sections", ())):
        assert _FINER.match(title) or not any(one.startswith(title) for _, one in seen), title
    titles = [title for _, title in seen]
    texts = {t: bare(report.text[s.start : s.end]) for t, s in zip(titles, report.sections, strict=True)}
    for sample in told.get("paragraph_sample", ()):
        assert bare(sample["text"]) in texts[bare(sample["section"])]
    for piece in (*told.get("furniture", ()), *told.get("in_no_section", ())):
        assert not any(bare(piece) in text for text in texts.values()), piece
    for piece in told.get("in_no_section", ()):
        assert bare(piece) in bare(report.text), piece
