"""A rerun reads nothing that it has read, says what a rerun that reads would say, and reads whatever may differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from demo.portal import Article, HanwebPortal
from demo.sites import NEWEST, QUARTERS, news
from tasks.pipeline import process, seen
from tasks.pipeline.job import Job
from tasks.pipeline.reading import Told, ToRead, read_here
from tasks.pipeline.reparse import run_reparse
from tasks.pipeline.run import run
from tasks.pipeline.summary import RunSummary
from tasks.pipeline.workplace import Workplace, configured, open_workplace
from tests.pipeline.conftest import Place

ASKED = Job("backfill", QUARTERS[4], QUARTERS[5], recheck=0)
BY_FILES = {"heyan"}  # its tables are in attachments, which only the page can name


@contextmanager
def opened(place: Place) -> Iterator[tuple[Workplace, list[str]]]:
    """The workplace, and what is read in it."""
    read: list[str] = []

    def reader(job: ToRead) -> Told:
        read.append(job.url)
        return read_here(job)

    with open_workplace(place.settings) as work:
        yield replace(work, reader=reader), read


def rerun(place: Place, job: Job = ASKED) -> tuple[RunSummary, list[str]]:
    _, sources = configured(place.settings)
    with opened(place) as (work, read):
        return run(work, sources, job), read


def by_files(read: list[str]) -> list[str]:
    return [url for url in read if "/heyan/" in url]


@pytest.fixture
def loaded(place: Place) -> Place:
    assert place.run(first=QUARTERS[4], last=QUARTERS[5], recheck=0).counts["loaded"] == 10
    return place


def test_a_rerun_reads_nothing_and_says_the_same(loaded: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    before = loaded.known(clocks=True)
    short, read = rerun(loaded)
    assert read == by_files(read)
    monkeypatch.setattr(process, "known_readings", lambda *_: {})
    whole, read_then = rerun(loaded)
    assert len(read_then) > len(read)
    assert short.outcomes == whole.outcomes
    assert short.counts["unchanged"] == 10
    assert loaded.known(clocks=True) == before


def columns(text: str) -> str:
    return text.replace("    match:", '    aliases: {content: ["重点工作"]}\n    match:')


def checks(text: str) -> str:
    return re.sub(r"min_rows: 1\d", "min_rows: 11", text)


@pytest.mark.parametrize("edit", [columns, checks])
def test_what_is_configured_otherwise_is_read_anew(loaded: Place, edit: Callable[[str], str]) -> None:
    path = Path(loaded.settings.sources)
    text = path.read_text(encoding="utf-8")
    assert edit(text) != text
    path.write_text(edit(text), encoding="utf-8")
    _, read = rerun(loaded)
    assert len(read) > len(by_files(read))
    _, read = rerun(loaded)
    assert read == by_files(read)


def test_another_parser_reads_anew_once(loaded: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "parser", lambda: "another")
    summary, read = rerun(loaded)
    assert summary.counts["unchanged"] == 10
    assert len(read) > len(by_files(read))
    _, read = rerun(loaded)
    assert read == by_files(read)


def test_a_reparse_tells_how_it_read(loaded: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "parser", lambda: "another")
    _, sources = configured(loaded.settings)
    with open_workplace(loaded.settings) as work:
        run_reparse(work, sources, Job("reparse"))
    _, read = rerun(loaded)
    assert read == by_files(read)


def test_everything_is_read_where_everything_is_asked_for(loaded: Place) -> None:
    _, read = rerun(loaded, replace(ASKED, full=True))
    assert len(read) >= 10


def test_an_edit_and_its_taking_back_are_read(loaded: Place, portal: HanwebPortal) -> None:
    shown = next(one for one in rerun(loaded)[0].outcomes if one.source_id == "tingzhou")
    article = portal._find("tingzhou", shown.title).article
    edited = Article(
        **{**{f: getattr(article, f) for f in article.__slots__}, "body": article.body.replace("已", "均已", 1)}
    )
    for content, state in ((edited, "revision"), (article, "revision"), (article, "unchanged")):
        portal.revise("tingzhou", shown.title, content)
        summary, read = rerun(loaded)
        assert [one.state for one in summary.outcomes if one.url == shown.url] == [state]
        assert bool(set(read) & {shown.url}) == (state == "revision")


def test_what_is_held_or_was_missing_is_read(loaded: Place, portal: HanwebPortal) -> None:
    news(portal)
    newest = Job("ingest", NEWEST, NEWEST, recheck=0)
    first, _ = rerun(loaded, newest)
    again, read = rerun(loaded, newest)
    held = [one for one in first.outcomes if one.state == "held"]
    assert held
    assert [one.url for one in held] == [one.url for one in again.outcomes if one.state == "held"]
    assert {one.url for one in held} <= set(read)

    shown = next(one for one in rerun(loaded)[0].outcomes if one.source_id == "tingzhou")
    portal.withdraw("tingzhou", shown.title, listed=True)
    assert [one.state for one in rerun(loaded)[0].outcomes if one.url == shown.url] == ["gone"]
    portal.withdraw("tingzhou", shown.title, status=200, listed=True)
    summary, read = rerun(loaded)
    assert [one.state for one in summary.outcomes if one.url == shown.url] == ["unchanged"]
    assert shown.url in read
