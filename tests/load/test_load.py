"""One disclosure after another: what the views say then. On SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tasks.check import CheckSettings
from tasks.load import Disclosure, LoadResult, believed_rows, confirm_withdrawal, decide, load, previous_rows
from tasks.load import record_absence as absent
from tasks.load.errors import NothingPending, PeriodUnknown
from tasks.model import Kind, Period, Row, Warn
from tests.load.composed import SOURCE, disclosure, invested, row
from tests.load.dumps import dump
from warehouse import FetchFact, Warehouse

LATER = timedelta(days=3)
OTHER_WORKS = (
    "推行企业开办一窗通办",
    "食品抽检不少于四批次每千人",
    "培育省级专精特新企业",
    "电梯应急处置平台联网",
    "举办茶文化博览会",
    "药店夜间售药点全覆盖",
    "公布行政处罚裁量基准",
)


@pytest.fixture
def warehouse(warehouse_url: str) -> Iterator[Warehouse]:
    with Warehouse(warehouse_url) as opened:
        yield opened


@pytest.fixture
def run(warehouse: Warehouse) -> str:
    return warehouse.start_run("ingest", "2024")


def edited(found: Disclosure, n: int, **changes: object) -> tuple[Row, ...]:
    """The rows of a disclosure with one of them changed."""
    return tuple(replace(r, **changes) if r.index == n else r for r in found.report.rows)  # type: ignore[arg-type]


def test_a_document_becomes_rows_quantities_and_changes(warehouse: Warehouse, run: str) -> None:
    first = load(warehouse, disclosure("2024Q1"), run_id=run)
    second = load(warehouse, disclosure("2024Q2"), run_id=run)
    assert (first.state, first.relation, first.revision) == ("loaded", "new", 1)
    assert {scope for scope, _ in second.changes} == {"quarter"}
    progress = warehouse.query("v_progress", filters={"period": "2024Q2"})
    assert progress.height == 8
    assert progress["known_to"].null_count() == 8
    assert progress.sort("row_index")["seq"].to_list() == [str(n) for n in range(1, 9)]
    assert progress.sort("row_index")["units"][1] == "区住建局(工程科、质监科)、区民政局"
    changes = warehouse.query("v_change")
    assert set(changes["facet"]) == {"progress", "status"}
    assert set(changes.filter(changes["facet"] == "progress")["delta"]) == {22.0}
    assert changes["commitment_id"].null_count() == 0
    observed = warehouse.query("v_observation", filters={"period": "2024Q2", "kind": "actual"})
    assert observed["base_value"].to_list() == [41_418_000_000.0]
    assert observed["commitment_id"][0] in set(progress["commitment_id"])


def test_identity_runs_through_the_year(warehouse: Warehouse, run: str) -> None:
    for period in ("2024Q1", "2024Q2", "2024Q3", "2024Q4"):
        load(warehouse, disclosure(period), run_id=run)
    progress = warehouse.query("v_progress")
    assert progress["commitment_id"].n_unique() == 8
    assert set(progress.group_by("commitment_id").len()["len"]) == {4}


def test_the_same_again_changes_nothing(warehouse: Warehouse, run: str) -> None:
    for period in ("2024Q1", "2024Q2"):
        load(warehouse, disclosure(period, warnings=(Warn("row_repeated", "row 3"),)), run_id=run)
    before = dump(warehouse, without=frozenset())
    again = warehouse.start_run("ingest", "2024")
    for period in ("2024Q2", "2024Q1"):
        shown = disclosure(period, warnings=(Warn("row_repeated", "row 3"),))
        later = replace(shown, known_at=shown.known_at + LATER)
        # Another fetch brings other bytes (a counter of visits) with the same content.
        other = replace(later.captures[0], sha256="f" * 64)
        for item in (shown, later, replace(later, captures=(other,))):
            result = load(warehouse, item, run_id=again)
            assert (result.relation, result.state) == ("unchanged", "loaded")
    assert dump(warehouse, without=frozenset()) == before


def test_a_silent_edit_is_a_revision(warehouse: Warehouse, run: str) -> None:
    load(warehouse, disclosure("2024Q1"), run_id=run)
    shown = disclosure("2024Q2")
    load(warehouse, shown, run_id=run)
    at = shown.known_at + LATER
    silent = disclosure("2024Q2", rows=edited(shown, 2, progress=Decimal(90), progress_text="90%"), known_at=at)
    result = load(warehouse, silent, run_id=run)
    assert (result.relation, result.revision) == ("revision", 2)
    assert [(c.facet, c.old_value, c.new_value) for scope, c in result.changes if scope == "revision"] == [
        ("progress", "46%", "90%")
    ]
    revisions = warehouse.query("v_change", filters={"scope": "revision"})
    assert revisions.select("from_period", "to_period", "from_revision", "to_revision", "cause").rows() == [
        ("2024Q2", "2024Q2", 1, 2, "source")
    ]
    old = warehouse.query("v_progress", filters={"period": "2024Q2", "revision": 1})
    assert old.height == 8
    assert set(old["known_to"]) == {"2024-07-23T09:00:00.000000Z"}
    assert warehouse.current(SOURCE, "2024Q2")["revision"].to_list() == [2] * 8
    assert warehouse.current(SOURCE, "2024Q2", as_of=at - timedelta(seconds=1))["revision"].to_list() == [1] * 8
    quarter = warehouse.query("v_change", filters={"scope": "quarter", "facet": "progress"})
    assert sorted(quarter["new_value"])[-1] == "90%"
    past = warehouse.query("v_change", as_of=at - timedelta(seconds=1), filters={"scope": "quarter"})
    assert "90%" not in set(past["new_value"])
    assert past.height == quarter.height + 8


def test_a_page_that_goes_back_is_a_revision_again(warehouse: Warehouse, run: str) -> None:
    first = disclosure("2024Q2")
    rows = edited(first, 1, status="改写")
    for n, item in enumerate((first, disclosure("2024Q2", rows=rows, body=b"b"), first)):
        load(warehouse, replace(item, known_at=first.known_at + n * LATER), run_id=run)
    states = warehouse.query("v_document")
    assert sorted(states.select("revision", "state").rows()) == [(1, "loaded"), (2, "loaded"), (3, "loaded")]
    assert warehouse.current(SOURCE, "2024Q2")["revision"].unique().to_list() == [3]
    assert {row.status for row in believed_rows(warehouse, SOURCE, "2024Q2")} == {r.status for r in first.report.rows}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_publications_the_later_counts(warehouse: Warehouse, run: str, order: tuple[int, int]) -> None:
    plain = disclosure("2024Q3", published=date(2024, 10, 20))
    mended = disclosure(
        "2024Q3",
        rows=edited(plain, 0, status="更正后的完成情况，累计投入99万元。"),
        title="2024年第3季度政府工作报告重点任务执行情况（更正）",
        published=date(2024, 10, 25),
        url="http://www.qinghe.example/art/2024/10/art_77.html",
    )
    results: list[LoadResult] = [load(warehouse, (plain, mended)[n], run_id=run) for n in order]
    assert results[order.index(1)].relation == ("correction" if order == (0, 1) else "new")
    assert warehouse.query("v_document").height == 2
    current = warehouse.documents(SOURCE)
    assert current["url"].to_list() == ["http://www.qinghe.example/art/2024/10/art_77.html"]
    assert "更正后的完成情况，累计投入99万元。" in set(warehouse.current(SOURCE, "2024Q3")["status"])
    both = warehouse.query("v_progress", filters={"period": "2024Q3"})
    assert both.height == 16
    assert both.filter(both["known_to"].is_null()).height == 8
    corrected = warehouse.query("v_change", filters={"scope": "revision"})
    assert corrected.select("facet", "new_value").rows() == [("status", "更正后的完成情况，累计投入99万元。")]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_another_report_under_the_same_quarter_displaces_nothing(
    warehouse: Warehouse, run: str, order: tuple[int, int]
) -> None:
    ours = disclosure("2024Q1", published=date(2024, 4, 20))
    other = disclosure(
        "2024Q1",
        rows=tuple(
            replace(
                row(n, 1),
                content=text,
                status=f"{text}：方案已报批",
                category="营商环境",
                units=("区市监局",),
                seq=n + 31,
            )
            for n, text in enumerate(OTHER_WORKS)
        ),
        published=date(2024, 5, 20),
        url="http://www.qinghe.example/art/2024/5/art_8.html",
    )
    for n in order:
        load(warehouse, (ours, other)[n], run_id=run)
    states = dict(warehouse.documents(SOURCE).select("published_on", "state").rows())
    assert states == {"2024-04-20": "loaded", "2024-05-20": "held"}


def test_one_report_under_two_addresses_counts_once(warehouse: Warehouse, run: str) -> None:
    load(warehouse, disclosure("2024Q1"), run_id=run)
    copy = load(warehouse, disclosure("2024Q1", url="http://www.qinghe.example/new/1.html"), run_id=run)
    assert copy.relation == "duplicate"
    assert warehouse.query("v_document").height == 1
    assert warehouse.query("v_progress").height == 8


def test_a_republished_table_is_held(warehouse: Warehouse, run: str) -> None:
    second = disclosure("2024Q2")
    load(warehouse, second, run_id=run)
    result = load(warehouse, disclosure("2024Q3", rows=second.report.rows, observations=()), run_id=run)
    assert (result.state, result.relation) == ("held", "held")
    assert warehouse.current(SOURCE, "2024Q3").is_empty()
    assert warehouse.query("v_change").is_empty()
    assert [p.period for p in warehouse.pending()] == ["2024Q3"]


def test_a_shrunken_table_is_held_and_takes_nothing_away(warehouse: Warehouse, run: str) -> None:
    for period in ("2024Q1", "2024Q2"):
        load(warehouse, disclosure(period), run_id=run)
    loose = CheckSettings()
    before = dump(warehouse)
    result = load(warehouse, disclosure("2024Q3", count=2, settings=loose), run_id=run)
    assert result.state == "held"
    after = dump(warehouse)
    assert {name for name in before if before[name] != after[name]} == {"v_document", "v_warning"}
    (waiting,) = warehouse.pending()
    assert waiting.changes == len(warehouse.preview(waiting.document_id)) == 2 * 2 + 6
    assert {c.relation for c in warehouse.preview(waiting.document_id) if c.facet == "row"} == {"dropped"}


def test_accepting_loads_and_rejecting_does_not(warehouse: Warehouse, run: str) -> None:
    load(warehouse, disclosure("2024Q1"), run_id=run)
    held = load(warehouse, disclosure("2024Q2", count=2), run_id=run)
    when = datetime(2024, 8, 1, tzinfo=UTC)
    done = decide(warehouse, held.document_id[:8], "accept", who="王芳", why="确有调整", run_id=run, now=when)
    assert (done.state, done.relation) == ("loaded", "accepted")
    assert sum(c.facet == "row" for _, c in done.changes) == 6
    assert warehouse.pending() == []
    assert warehouse.current(SOURCE, "2024Q2").height == 2
    assert warehouse.current(SOURCE, "2024Q2", as_of=when - LATER).is_empty()
    assert warehouse.query("v_document", as_of=when - LATER, filters={"period": "2024Q2"})["state"].to_list() == [
        "held"
    ]
    with pytest.raises(NothingPending):
        decide(warehouse, held.document_id, "accept", who="王芳", why="", run_id=run)

    bad = load(warehouse, disclosure("2024Q3", count=1), run_id=run)
    decide(warehouse, bad.document_id, "reject", who="王芳", why="残缺", run_id=run)
    again = load(warehouse, disclosure("2024Q3", count=1), run_id=run)
    assert (again.state, again.relation) == ("rejected", "unchanged")
    assert warehouse.current(SOURCE, "2024Q3").is_empty()
    whole = disclosure("2024Q3")
    mended = load(warehouse, replace(whole, known_at=datetime.now(UTC) + LATER), run_id=run)
    assert (mended.state, mended.revision) == ("loaded", 2)


def test_what_was_rejected_in_error_is_accepted_afterwards(warehouse: Warehouse, run: str) -> None:
    load(warehouse, disclosure("2024Q1"), run_id=run)
    held = load(warehouse, disclosure("2024Q2", count=2), run_id=run)
    first, second = (datetime(2024, 8, day, tzinfo=UTC) for day in (1, 2))
    decide(warehouse, held.document_id, "reject", who="王芳", why="点错", run_id=run, now=first)
    assert warehouse.current(SOURCE, "2024Q2").is_empty()
    done = decide(warehouse, held.document_id[:8], "accept", who="王芳", why="确有调整", run_id=run, now=second)
    assert (done.state, done.relation) == ("loaded", "accepted")
    assert warehouse.current(SOURCE, "2024Q2").height == 2
    assert warehouse.current(SOURCE, "2024Q2", as_of=second - LATER).is_empty()
    with pytest.raises(NothingPending):
        decide(warehouse, held.document_id, "accept", who="王芳", why="", run_id=run)


def test_a_rejected_content_does_not_come_back_over_a_newer_one(warehouse: Warehouse, run: str) -> None:
    load(warehouse, disclosure("2024Q1"), run_id=run)
    bad = load(warehouse, disclosure("2024Q2", count=2), run_id=run)
    decide(warehouse, bad.document_id, "reject", who="王芳", why="残缺", run_id=run)
    load(warehouse, replace(disclosure("2024Q2"), known_at=datetime.now(UTC) + LATER), run_id=run)
    with pytest.raises(NothingPending):
        decide(warehouse, bad.document_id, "accept", who="王芳", why="", run_id=run)


def test_a_held_revision_leaves_the_belief_before_it(warehouse: Warehouse, run: str) -> None:
    whole = disclosure("2024Q2")
    load(warehouse, whole, run_id=run)
    cut = disclosure("2024Q2", rows=whole.report.rows[:2], known_at=whole.known_at + LATER, settings=CheckSettings())
    assert load(warehouse, cut, run_id=run).state == "held"
    assert warehouse.current(SOURCE, "2024Q2")["revision"].to_list() == [1] * 8
    states = dict(warehouse.documents(SOURCE).select("revision", "state").rows())
    assert states == {1: "loaded", 2: "held"}


def test_our_own_reading_is_told_from_the_sources(warehouse: Warehouse, run: str) -> None:
    load(warehouse, disclosure("2024Q1"), run_id=run)
    seen = disclosure("2024Q2", body=b"page")
    load(warehouse, seen, run_id=run)
    plain = warehouse.query("v_change").height
    better = disclosure(
        "2024Q2", body=b"page", rows=edited(seen, 4, category="经济发展", units=("区商务局",)), parser_version="2"
    )
    result = load(warehouse, better, run_id=run)
    assert result.revision == 2
    changes = warehouse.query("v_change")
    assert sorted(changes.filter(changes["cause"] == "parser").select("scope", "facet").rows()) == [
        ("quarter", "category"),
        ("quarter", "units"),
        ("revision", "category"),
        ("revision", "units"),
    ]
    assert changes.filter(changes["cause"] == "source").height == plain
    before = dump(warehouse, without=frozenset())
    load(warehouse, better, run_id=run)
    load(warehouse, better, run_id=run, cause="parser")
    assert dump(warehouse, without=frozenset()) == before


def test_an_old_capture_read_anew_does_not_displace_newer_bytes(warehouse: Warehouse, run: str) -> None:
    first = disclosure("2024Q2", body=b"one")
    second = disclosure("2024Q2", body=b"two", rows=edited(first, 1, status="改写"), known_at=first.known_at + LATER)
    for item in (first, second):
        load(warehouse, item, run_id=run)
    before = dump(warehouse)
    reread = replace(first, report=replace(first.report, rows=edited(first, 3, category="别的")))
    assert load(warehouse, reread, run_id=run, cause="parser").relation == "superseded"
    assert dump(warehouse) == before


def test_withdrawn_only_after_repeated_evidence(warehouse: Warehouse, run: str) -> None:
    shown = disclosure("2024Q2")
    load(warehouse, shown, run_id=run)
    days = [datetime(2024, 9, day, tzinfo=UTC) for day in (1, 2, 3, 4, 5)]

    def gone(at: datetime) -> bool:
        return absent(warehouse, SOURCE, shown.url, outcome="gone", at=at, run_id=run)

    assert [gone(days[0]), gone(days[0] + timedelta(hours=1)), gone(days[1])] == [False, False, False]
    # It was there in between: what was counted before is void.
    warehouse.record_fetches(run, [FetchFact(SOURCE, shown.url, "unchanged", days[1] + timedelta(hours=1))])
    assert [gone(days[2]), gone(days[3])] == [False, False]
    assert gone(days[4])
    assert warehouse.documents(SOURCE)["state"].to_list() == ["withdrawn"]
    assert warehouse.current(SOURCE, "2024Q2").height == 8
    load(warehouse, replace(shown, known_at=datetime(2024, 10, 1, tzinfo=UTC)), run_id=run)
    assert warehouse.documents(SOURCE)["state"].to_list() == ["loaded"]


def test_a_person_can_confirm_a_withdrawal(warehouse: Warehouse, run: str) -> None:
    loaded = load(warehouse, disclosure("2024Q2"), run_id=run)
    confirm_withdrawal(warehouse, loaded.document_id, who="王芳", why="已撤下", run_id=run)
    assert warehouse.documents(SOURCE)["state"].to_list() == ["withdrawn"]


def test_targets_are_held_against_the_calendar(warehouse: Warehouse, run: str) -> None:
    at = Period.parse("2024Q3")
    told = (
        invested(0, at, 740, kind="target"),
        invested(0, at, 621.27),
        invested(1, at, 5.5, kind="target", measure="growth"),
        invested(1, at, 3.9, measure="growth"),
    )
    load(warehouse, disclosure("2024Q3", observations=told), run_id=run)
    held = warehouse.query("v_attainment").sort("measure")
    growth, level = held.rows(named=True)
    assert level["attainment"] == pytest.approx(0.83955, abs=1e-4)
    assert (level["expected_share"], level["standing"]) == (0.75, "ahead")
    assert growth["attainment"] == pytest.approx(3.9 / 5.5)
    assert growth["standing"] == "behind"


def test_cumulative_figures_become_single_quarters(warehouse: Warehouse, run: str) -> None:
    for period, value in (("2024Q1", 100.0), ("2024Q2", 250.0), ("2024Q4", 600.0)):
        load(warehouse, disclosure(period, observations=(invested(0, Period.parse(period), value),)), run_id=run)
    series = warehouse.query("v_series").sort("period")
    assert series["single"].to_list() == [1e10, 1.5e10, None]
    assert series["quality"].to_list() == ["ok", "ok", "gap"]
    load(warehouse, disclosure("2024Q3", observations=(invested(0, Period.parse("2024Q3"), 400.0),)), run_id=run)
    assert warehouse.query("v_series").sort("period")["single"].to_list() == [1e10, 1.5e10, 1.5e10, 2e10]


def test_from_a_value_to_the_bytes(warehouse: Warehouse, run: str) -> None:
    shown = disclosure("2024Q2")
    load(warehouse, shown, run_id=run)
    (value,) = warehouse.query("v_lineage", filters={"metric": "固定资产投资", "field": "status"}).rows(named=True)
    assert value["capture_sha256"] == shown.captures[0].sha256
    assert value["capture_url"] == shown.url
    assert (value["text_start"], value["text_end"], value["row_index"]) == (60, 68, 0)
    assert value["heading"] == "完成情况"


def test_a_document_without_a_period_is_refused(warehouse: Warehouse, run: str) -> None:
    shown = disclosure("2024Q2")
    nameless = replace(shown, report=replace(shown.report, meta=replace(shown.report.meta, period=None)))
    with pytest.raises(PeriodUnknown):
        load(warehouse, nameless, run_id=run)
    assert warehouse.query("v_document").is_empty()


def test_odd_text_is_the_same_on_both_databases(warehouse: Warehouse, run: str) -> None:
    odd = "完成\x00情况 =1+1 ３.５% 𠮷 \ud800 {}%s ?"
    load(warehouse, disclosure("2024Q1", rows=(row(0, 1, status=odd), row(1, 1), row(2, 1))), run_id=run)
    kept = warehouse.query("v_progress", filters={"row_index": 0})["status"][0]
    assert kept == odd.replace("\x00", "").replace("\ud800", "\ufffd")


def test_prose_is_kept_and_its_silent_edit_seen(warehouse: Warehouse, run: str) -> None:
    shown = disclosure("2024Q2", rows=(), observations=(), kind=Kind.SUMMARY, settings=CheckSettings())
    told = replace(shown, report=replace(shown.report, text="一、主要工作。完成改造。点击率：12"))
    assert load(warehouse, told, run_id=run).state == "loaded"
    counted = replace(told, report=replace(told.report, text="一、主要工作。完成改造。点击率：345"))
    assert load(warehouse, counted, run_id=run).relation == "unchanged"
    changed = replace(told, report=replace(told.report, text="一、主要工作。完成提升。点击率：9"), captures=())
    assert load(warehouse, replace(changed, known_at=told.known_at + LATER), run_id=run).relation == "revision"


def test_the_quarter_before(warehouse: Warehouse, run: str) -> None:
    assert previous_rows(warehouse, SOURCE, Period.parse("2024Q3")) is None
    load(warehouse, disclosure("2024Q1"), run_id=run)
    found = previous_rows(warehouse, SOURCE, Period.parse("2024Q3"))
    assert found is not None
    assert (str(found[0]), len(found[1])) == ("2024Q1", 8)
    assert found[1] == disclosure("2024Q1").report.rows
