"""The whole way over real HTTP: discover, fetch, archive, read, observe, check, compare, load."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.portal import HanwebPortal
from demo.quirks import Quirks
from demo.sites import NEWEST, QUARTERS, REVISED, news, rows_of
from tasks.model import Period
from tests.pipeline.conftest import Place, place_at


def states(summary) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for outcome in summary.outcomes:
        found.setdefault(outcome.source_id, []).append(outcome.state)
    return found


def test_two_years_then_the_newest_quarter(place: Place, portal: HanwebPortal) -> None:
    past = place.run(first=QUARTERS[0], last=QUARTERS[-2], recheck=0)
    assert past.exit_status == 0
    assert all(found == ["loaded"] * 7 for found in states(past).values())

    news(portal)
    now = place.run("ingest", NEWEST)
    assert now.exit_status == 1
    assert states(now)["wangchao"] == ["blocked"]
    assert states(now)["linyi"].count("held") == 1
    assert states(now)["tingzhou"].count("revision") == 1

    # What is held counts as nothing loaded, and a revision as what moved against the content before it.
    moved = place.view("v_change", scope="quarter", to_period=str(NEWEST)).height
    assert now.counts["changes"] == moved + place.view("v_change", scope="revision").height
    loaded = [one.rows for one in now.outcomes if one.state in {"loaded", "revision"}]
    assert now.counts["rows"] == sum(loaded)

    # Every row that the portal's composer wrote stands in the warehouse, word for word.
    for district in ("tingzhou", "heyan"):
        for period in QUARTERS[3:]:
            composed = [(row.content, row.status) for row in rows_of(district, period)]
            frame = place.view("v_progress", source_id=district, period=str(period), known_to=None)
            kept = frame.sort("row_index").select("content", "status").rows()
            if period == REVISED and district == "tingzhou":
                assert sum(a != b for a, b in zip(kept, composed, strict=True)) == 1
            else:
                assert kept == composed


def test_a_blocked_or_shrunken_source_loses_nothing(place: Place, portal: HanwebPortal) -> None:
    place.run(first=QUARTERS[4], last=QUARTERS[6], recheck=0)
    before = place.known(clocks=True)
    for site in ("tingzhou", "heyan"):
        portal.quirk(site, Quirks(challenge_status=200))
    portal.quirk("qingyu", Quirks(empty=True))
    portal.quirk("linyi", Quirks(redesigned=True))
    portal.quirk("wangchao", Quirks(maintenance=True))
    summary = place.run("ingest", QUARTERS[6])
    assert summary.exit_status == 1
    assert {one.source_id for one in summary.troubles} == {"tingzhou", "heyan", "qingyu", "linyi", "wangchao"}
    assert not [one for one in summary.outcomes if one.state in {"loaded", "unchanged", "not_published"}]
    after = place.known(clocks=True)
    assert {name: rows for name, rows in after.items() if name != "v_warning"} == {
        name: rows for name, rows in before.items() if name != "v_warning"
    }


def test_a_second_run_changes_nothing(place: Place, portal: HanwebPortal) -> None:
    place.run(first=QUARTERS[5], last=QUARTERS[6], recheck=0)
    news(portal)
    place.run("ingest", NEWEST)
    before = place.known(clocks=True)
    again = place.run("ingest", NEWEST)
    assert not [one for one in again.outcomes if one.state in {"loaded", "revision"}]
    assert place.known(clocks=True) == before


def test_any_order_ends_in_the_same_warehouse(tmp_path: Path, portal: HanwebPortal) -> None:
    forward = place_at(tmp_path / "a", f"sqlite:///{tmp_path}/a.db", portal)
    backward = place_at(tmp_path / "b", f"sqlite:///{tmp_path}/b.db", portal)
    for period in QUARTERS[:7]:
        forward.run(first=period, recheck=0)
    for period in reversed(QUARTERS[:7]):
        backward.run(first=period, recheck=0)
    assert forward.known() == backward.known()


def test_sqlite_and_postgresql_agree_row_for_row(tmp_path: Path, postgres_url: str, portal: HanwebPortal) -> None:
    lite = place_at(tmp_path / "a", f"sqlite:///{tmp_path}/a.db", portal)
    full = place_at(tmp_path / "b", postgres_url, portal)
    for place in (lite, full):
        place.run(first=QUARTERS[0], last=QUARTERS[-2], recheck=0)
    news(portal)
    for place in (lite, full):
        place.run("ingest", NEWEST)
    ours, theirs = lite.known(), full.known()
    # The silent edit was seen before by neither: both hold revision 1 as the portal shows it now, or both hold two.
    assert ours == theirs


def test_the_archive_alone_rebuilds_the_warehouse(tmp_path: Path, portal: HanwebPortal) -> None:
    live = place_at(tmp_path / "live", f"sqlite:///{tmp_path}/live.db", portal)
    live.run(first=QUARTERS[0], last=QUARTERS[-2], recheck=0)
    portal.stop()
    again = Place(
        live.settings.__class__(
            live.settings.sources, f"sqlite:///{tmp_path}/again.db", live.settings.archive, live.settings.state
        )
    )
    summary = again.run(first=QUARTERS[0], last=QUARTERS[-2], recheck=0, from_archive=True)
    assert summary.exit_status == 0
    assert again.known() == live.known()


def test_a_quarter_that_nobody_published_is_told_apart(place: Place) -> None:
    summary = place.run("ingest", Period.parse("2025Q1"), recheck=0)
    assert {one.state for one in summary.outcomes} == {"not_published"}
    assert summary.exit_status == 0
    assert set(place.view("v_fetch", outcome="not_published")["source_id"]) == {
        one.source_id for one in summary.outcomes
    }


def test_a_listed_page_that_is_gone_costs_only_itself(place: Place, portal: HanwebPortal) -> None:
    period = QUARTERS[4]
    place.run(first=period, recheck=0)
    title = next(one.title for one in place.run(first=period, recheck=0).outcomes if one.source_id == "heyan")
    portal.withdraw("heyan", title, listed=True)
    summary = place.run("ingest", period, recheck=0)
    assert states(summary)["heyan"] == ["gone"]
    assert summary.exit_status == 1
    rows = place.view("v_progress", source_id="heyan", period=str(period), known_to=None)
    assert rows.height > 0


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_a_person_decides_about_a_held_document(place: Place, portal: HanwebPortal, verdict: str) -> None:
    from tasks.pipeline.review import decide
    from tasks.pipeline.workplace import open_workplace

    place.run(first=QUARTERS[6], recheck=0)
    news(portal)
    held = next(one for one in place.run("ingest", NEWEST, recheck=0).outcomes if one.state == "held")
    newest = {"source_id": "linyi", "period": str(NEWEST), "known_to": None}
    assert place.view("v_progress", **newest).height == 0
    with open_workplace(place.settings) as work:
        decide(work, held.document_id, verdict, who="a reviewer", why="asked the office")
    assert place.view("v_progress", **newest).height == (7 if verdict == "accept" else 0)
    assert place.run("ingest", NEWEST, recheck=0).outcomes  # the decision stands; nothing is asked again
    with open_workplace(place.settings) as work:
        assert work.warehouse.pending() == []


def test_reparsing_with_the_same_parser_changes_nothing(place: Place) -> None:
    from tasks.pipeline.reparse import run_reparse
    from tasks.pipeline.workplace import open_workplace

    place.run(first=QUARTERS[4], last=QUARTERS[5], recheck=0)
    before = place.known(clocks=True)
    from tasks.pipeline.job import Job
    from tasks.pipeline.workplace import configured

    _, sources = configured(place.settings)
    with open_workplace(place.settings) as work:
        summary = run_reparse(work, sources, Job("reparse"))
    assert summary.counts["unchanged"] == 10
    assert place.known(clocks=True) == before
