"""Folders, WARC files, the Wayback Machine and Common Crawl: documents whose time is not today's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.loopback import LoopbackServer
from tasks.archive import Archive
from tasks.config import Source
from tasks.discover import (
    ArchiveAnswerUnreadable,
    ListingEmpty,
    ListingIncomplete,
    ListingUnavailable,
    PathUnusable,
    WarcUnreadable,
    discover,
    fetch_attachment,
    fetch_document,
)
from tasks.fetch import Fetcher
from tasks.model import DocumentRef, Outcome
from tests.players.webarchive import CommonCrawlPlayer, Snapshot, WaybackPlayer, warc_bytes

Make = Callable[..., Source]
HOST = "http://www.yunhe.gov.cn"
COLUMN = f"{HOST}/col/col1229360616/index.html"


def page(title: str, extra: str = "") -> bytes:
    body = "各部门认真落实年度目标任务，进展总体顺利。" * 8 + extra
    return f'<html><head><meta name="ArticleTitle" content="{title}"></head><body>{body}</body></html>'.encode()


def art(number: int, day: str = "2021/1/19", column: int = 1229360616) -> str:
    return f"{HOST}/art/{day}/art_{column}_{number}.html"


FOURTH = page("2020年第四季度政府工作报告重点任务执行情况")
FIRST = page("2021年第一季度政府工作报告重点任务执行情况")
EDITED = page("2021年第一季度政府工作报告重点任务执行情况", "更正")
NOTICE = page("关于放假的通知")
SNAPSHOTS = [
    Snapshot(art(1), "20210201010203", FOURTH),
    Snapshot(art(1), "20210601010203", FOURTH),
    Snapshot(art(2, "2021/4/20"), "20210501000000", FIRST),
    Snapshot(art(2, "2021/4/20"), "20220501000000", EDITED),
    Snapshot(art(3, "2021/4/21"), "20210501000000", NOTICE),
    Snapshot(art(4, "2021/4/21"), "20210501000000", b"gone", 404),
    Snapshot(art(5, "2021/4/21", 99), "20210501000000", page("别的栏目的执行情况")),
    Snapshot(f"{HOST}/col/col1229360616/art/2021/art_{7:032x}.html", "20210801000000", page("2021年上半年执行情况")),
]
WANTED = [
    ("2020年第四季度政府工作报告重点任务执行情况", datetime(2021, 2, 1, 1, 2, 3, tzinfo=UTC)),
    ("2021年第一季度政府工作报告重点任务执行情况", datetime(2021, 5, 1, tzinfo=UTC)),
    ("2021年上半年执行情况", datetime(2021, 8, 1, tzinfo=UTC)),
    ("2021年第一季度政府工作报告重点任务执行情况", datetime(2022, 5, 1, tzinfo=UTC)),
]


def wayback(make_source: Make, server: LoopbackServer, **rest: object) -> Source:
    options = {"endpoint": server.url, **dict(rest.pop("options", {}))}  # type: ignore[call-overload]
    return make_source("wayback", COLUMN, options=options, **rest)


def test_wayback_gives_each_content_once_with_the_captures_own_time(
    make_source: Make, fetcher: Fetcher, archive: Archive
) -> None:
    with LoopbackServer(WaybackPlayer(SNAPSHOTS)) as server:
        source = wayback(make_source, server)
        listing = discover(source, fetcher, archive=archive)
        results = [fetch_document(source, ref, fetcher, archive=archive) for ref in listing.documents]
    captures = [one.capture for one in results if one.capture is not None]
    assert [(ref.title, one.fetched_at) for ref, one in zip(listing.documents, captures, strict=True)] == WANTED
    assert {one.via for one in captures} == {"wayback"}
    assert [one.url for one in captures] == [ref.url for ref in listing.documents]
    assert [one.body for one in results][1] == FIRST
    assert [one.body for one in results][3] == EDITED
    assert listing.documents[1].key == listing.documents[3].key
    assert listing.unmatched == 1
    assert any(name.lower() == "last-modified" for name, _ in captures[0].headers)


def test_wayback_is_not_asked_twice_for_a_capture(make_source: Make, fetcher: Fetcher, archive: Archive) -> None:
    with LoopbackServer(WaybackPlayer(SNAPSHOTS)) as server:
        source = wayback(make_source, server)
        for ref in discover(source, fetcher, archive=archive).documents:
            fetch_document(source, ref, fetcher, archive=archive)
        replayed = server.count("id_/")
        again = discover(source, fetcher, archive=archive)
        outcomes = {fetch_document(source, ref, fetcher, archive=archive).outcome for ref in again.documents}
        # The notice, which nobody wanted, was kept too when its title was looked up.
        assert server.count("id_/") == replayed
    assert outcomes == {Outcome.UNCHANGED}


def test_wayback_reads_titles_from_captures_of_the_list(make_source: Make, fetcher: Fetcher, archive: Archive) -> None:
    records = "".join(
        f"<record><![CDATA[<li><a href='{one.url.removeprefix(HOST)}' title='{title}'>x</a><i>2021-01-19</i></li>]]>"
        "</record>"
        for one, title in zip(SNAPSHOTS[:5:2], ("第四季度执行情况", "第一季度执行情况", "通知"), strict=True)
    )
    column = (
        f'<html><body><script type="text/xml"><datastore>{records}</datastore></script>{"政务公开" * 20}</body></html>'
    )
    snapshots = [*SNAPSHOTS[:5], Snapshot(COLUMN, "20210701000000", column.encode())]
    with LoopbackServer(WaybackPlayer(snapshots)) as server:
        listing = discover(wayback(make_source, server), fetcher, archive=archive)
        assert server.count("id_/") == 1
    assert {one.title for one in listing.documents} == {"第四季度执行情况", "第一季度执行情况"}
    assert listing.unmatched == 1


@pytest.mark.parametrize("rows", [1, 3, 1000])
def test_wayback_goes_on_from_the_resume_key(rows: int, make_source: Make, fetcher: Fetcher, archive: Archive) -> None:
    with LoopbackServer(WaybackPlayer(SNAPSHOTS, rows=rows)) as server:
        listing = discover(wayback(make_source, server), fetcher, archive=archive)
    assert len(listing.documents) == len(WANTED)


def test_wayback_that_repeats_its_resume_key_is_not_the_end(
    make_source: Make, fetcher: Fetcher, archive: Archive
) -> None:
    with (
        LoopbackServer(WaybackPlayer(SNAPSHOTS, rows=1, same_resume_key=True)) as server,
        pytest.raises(ListingIncomplete),
    ):
        discover(wayback(make_source, server), fetcher, archive=archive)


@pytest.mark.parametrize("empty_body", [False, True])
def test_wayback_without_captures(empty_body: bool, make_source: Make, fetcher: Fetcher, archive: Archive) -> None:
    with LoopbackServer(WaybackPlayer([], empty_body=empty_body)) as server:
        listing = discover(wayback(make_source, server), fetcher, archive=archive)
        assert listing.documents == ()
        with pytest.raises(ListingEmpty):
            discover(wayback(make_source, server), fetcher, archive=archive, previously=3)


def test_wayback_that_limits_is_blocked(make_source: Make, fetcher: Fetcher, archive: Archive) -> None:
    with (
        LoopbackServer(WaybackPlayer(SNAPSHOTS, refuse_after=0)) as server,
        pytest.raises(ListingUnavailable) as caught,
    ):
        discover(wayback(make_source, server), fetcher, archive=archive)
    assert caught.value.result is not None
    assert caught.value.result.outcome is Outcome.BLOCKED


def test_wayback_that_refuses_the_connection_is_blocked(make_source: Make, fetcher: Fetcher, archive: Archive) -> None:
    with LoopbackServer(WaybackPlayer(SNAPSHOTS)) as server:
        source = wayback(make_source, server)
        ref = discover(source, fetcher, archive=archive).documents[0]
    with pytest.raises(ListingUnavailable) as caught:
        discover(source, fetcher, archive=archive)
    assert caught.value.result is not None
    assert caught.value.result.outcome is Outcome.BLOCKED
    assert fetch_document(source, ref, fetcher).outcome is Outcome.BLOCKED


def test_wayback_answering_html_is_no_empty_index(make_source: Make, fetcher: Fetcher, archive: Archive) -> None:
    with (
        LoopbackServer(WaybackPlayer(SNAPSHOTS, html_instead=True)) as server,
        pytest.raises((ArchiveAnswerUnreadable, ListingUnavailable)),
    ):
        discover(wayback(make_source, server), fetcher, archive=archive)


def test_wayback_losing_a_capture_is_a_failure_and_no_withdrawal(
    make_source: Make, fetcher: Fetcher, archive: Archive
) -> None:
    with LoopbackServer(WaybackPlayer(SNAPSHOTS)) as server:
        source = wayback(make_source, server)
        ref = discover(source, fetcher, archive=archive).documents[0]
        lost = replace(ref, locator="19990101000000")
        result = fetch_document(source, lost, fetcher, archive=archive)
    assert result.outcome is Outcome.FAILED
    assert result.body is None


def test_wayback_attachment_is_taken_at_its_own_time(make_source: Make, fetcher: Fetcher, archive: Archive) -> None:
    link = f"{HOST}/module/download/downfile.jsp?classid=0&filename=ab.xls"
    snapshots = [
        *SNAPSHOTS,
        Snapshot(link, "20210303000000", b"\xd0\xcf\x11\xe0" + bytes(100), mime="application/msword"),
    ]
    with LoopbackServer(WaybackPlayer(snapshots, nearest="20210303000000")) as server:
        source = wayback(make_source, server)
        document = DocumentRef(source.id, art(1), "2020年第四季度", art(1), None, (), "20210201010203")
        result = fetch_attachment(source, document, link, fetcher, archive=archive, title="表.xls")
    assert result.outcome is Outcome.NEW
    assert result.capture is not None
    assert result.capture.fetched_at == datetime(2021, 3, 3, tzinfo=UTC)
    assert result.capture.purpose == "attachment"


def test_the_cdx_query_may_be_written_out(make_source: Make, fetcher: Fetcher, archive: Archive) -> None:
    with LoopbackServer(WaybackPlayer(SNAPSHOTS)) as server:
        listing = f"{server.url}/cdx/search/cdx?url=www.yunhe.gov.cn/art/*&output=json"
        found = discover(make_source("wayback", listing, match="政府工作报告"), fetcher, archive=archive)
    assert len(found.documents) == 3


# -- Common Crawl --------------------------------------------------------------------------------------------------


def crawl(make_source: Make, server: LoopbackServer, **rest: object) -> Source:
    return make_source("common-crawl", COLUMN, options={"index": server.url, "data": server.url}, **rest)


@pytest.mark.parametrize("pages", [1, 3])
@pytest.mark.parametrize("ignore_range", [False, True])
def test_common_crawl_records_by_range(
    pages: int, ignore_range: bool, make_source: Make, fetcher: Fetcher, archive: Archive
) -> None:
    player = CommonCrawlPlayer(SNAPSHOTS, pages=pages, ignore_range=ignore_range)
    with LoopbackServer(player) as server:
        source = crawl(make_source, server)
        listing = discover(source, fetcher, archive=archive)
        results = [fetch_document(source, ref, fetcher, archive=archive) for ref in listing.documents]
        asked = server.count(player.name)
        again = [fetch_document(source, ref, fetcher, archive=archive) for ref in listing.documents]
        assert server.count(player.name) == asked
    assert [
        (ref.title, one.capture.fetched_at) for ref, one in zip(listing.documents, results, strict=True) if one.capture
    ] == WANTED
    assert {one.capture.via for one in results if one.capture} == {"common-crawl"}
    assert {one.outcome for one in again} == {Outcome.UNCHANGED}


def test_common_crawl_asks_only_crawls_of_the_years(make_source: Make, fetcher: Fetcher, archive: Archive) -> None:
    with LoopbackServer(CommonCrawlPlayer(SNAPSHOTS)) as server:
        discover(crawl(make_source, server, since="2020Q1"), fetcher, archive=archive)
        assert server.count("CC-MAIN-2013-20-index") == 0
        assert server.count("CC-MAIN-2021-10-index") > 0


def test_common_crawl_body_that_the_crawl_has_cut_is_no_document(
    make_source: Make, fetcher: Fetcher, archive: Archive
) -> None:
    with LoopbackServer(CommonCrawlPlayer(SNAPSHOTS[:1], truncated="length")) as server:
        source = crawl(make_source, server)
        listing = discover(source, fetcher, archive=archive)
    assert listing.documents == ()
    assert not listing.complete


def test_common_crawl_without_hits_and_overloaded(make_source: Make, fetcher: Fetcher, archive: Archive) -> None:
    with LoopbackServer(CommonCrawlPlayer([Snapshot("http://other.cn/", "20210501000000", b"x")])) as server:
        assert discover(crawl(make_source, server), fetcher, archive=archive).documents == ()
    with LoopbackServer(CommonCrawlPlayer(SNAPSHOTS, overloaded=True)) as server, pytest.raises(ListingUnavailable):
        discover(crawl(make_source, server), fetcher, archive=archive)


# -- WARC files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_folder", [False, True])
def test_warc_file_or_folder(
    as_folder: bool, tmp_path: Path, make_source: Make, fetcher: Fetcher, archive: Archive
) -> None:
    folder = tmp_path / "warcs" / "2021"
    folder.mkdir(parents=True)
    file = folder / "one.warc.gz"
    file.write_bytes(warc_bytes(SNAPSHOTS)[0])
    source = make_source("warc", str(folder.parent if as_folder else file), match="政府工作报告|上半年")
    listing = discover(source, fetcher, archive=archive)
    results = [fetch_document(source, ref, fetcher, archive=archive) for ref in listing.documents]
    again = [fetch_document(source, ref, fetcher, archive=archive) for ref in listing.documents]
    assert [
        (ref.title, one.capture.fetched_at) for ref, one in zip(listing.documents, results, strict=True) if one.capture
    ] == WANTED
    assert {one.capture.via for one in results if one.capture} == {"warc"}
    assert {one.outcome for one in again} == {Outcome.UNCHANGED}


def test_an_exported_warc_is_a_source(tmp_path: Path, make_source: Make, fetcher: Fetcher, archive: Archive) -> None:
    archive.put(FOURTH, url=art(1), status=200, headers=(("Content-Type", "text/html"),), fetched_at=WANTED[0][1])
    archive.export_warc(tmp_path / "export.warc.gz")
    source = make_source("warc", str(tmp_path / "export.warc.gz"))
    (ref,) = discover(source, fetcher, archive=Archive(tmp_path / "other")).documents
    result = fetch_document(source, ref, fetcher, archive=Archive(tmp_path / "other"))
    assert (result.body, result.capture and result.capture.fetched_at) == (FOURTH, WANTED[0][1])


@pytest.mark.parametrize("damage", ["cut", "not a warc"])
def test_damaged_warc_is_named(
    damage: str, tmp_path: Path, make_source: Make, fetcher: Fetcher, archive: Archive
) -> None:
    file = tmp_path / "one.warc.gz"
    whole = warc_bytes(SNAPSHOTS)[0]
    file.write_bytes(whole[: len(whole) - 40] if damage == "cut" else b"<html>hello</html>" * 50)
    with pytest.raises(WarcUnreadable, match=r"one\.warc\.gz"):
        discover(make_source("warc", str(file)), fetcher, archive=archive)


# -- folders -------------------------------------------------------------------------------------------------------


def test_folder_of_pages_texts_and_attachments(
    tmp_path: Path, make_source: Make, fetcher: Fetcher, archive: Archive
) -> None:
    (tmp_path / "docs" / "2021").mkdir(parents=True)
    (tmp_path / "docs" / "2021" / "a.html").write_bytes(FOURTH)
    text = "索引号 | 002/2021-1\n附件 | 2021年一季度任务执行情况表 |\n一、工作进展情况\n"
    (tmp_path / "docs" / "b.txt").write_text(text, encoding="gb18030")
    (tmp_path / "docs" / "2021年二季度执行情况.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "docs" / "封面.png").write_bytes(b"\x89PNG")
    (tmp_path / "docs" / "~$lock.docx").write_bytes(b"x")
    (tmp_path / "outside.txt").write_text("外面的执行情况")
    (tmp_path / "docs" / "link.txt").symlink_to(tmp_path / "outside.txt")
    source = make_source("files", str(tmp_path / "docs"))
    listing = discover(source, fetcher, archive=archive)
    assert {one.title for one in listing.documents} == {
        "2020年第四季度政府工作报告重点任务执行情况",
        "2021年一季度任务执行情况表",
        "2021年二季度执行情况",
    }
    assert {one.code for one in listing.warnings} == {"file_not_readable", "file_outside"}
    first = [fetch_document(source, ref, fetcher, archive=archive) for ref in listing.documents]
    again = [fetch_document(source, ref, fetcher, archive=archive) for ref in listing.documents]
    assert {one.outcome for one in first} == {Outcome.NEW}
    assert {one.outcome for one in again} == {Outcome.UNCHANGED}
    assert len(list(archive.captures())) == 3
    (tmp_path / "docs" / "b.txt").write_text(text + "更正", encoding="gb18030")
    changed = [fetch_document(source, ref, fetcher, archive=archive) for ref in listing.documents]
    assert sorted(one.outcome for one in changed) == ["new", "unchanged", "unchanged"]


def test_folder_that_is_missing_or_emptied(tmp_path: Path, make_source: Make, fetcher: Fetcher) -> None:
    source = make_source("files", str(tmp_path / "none"))
    with pytest.raises(PathUnusable, match="none"):
        discover(source, fetcher)
    (tmp_path / "none").mkdir()
    with pytest.raises(ListingEmpty):
        discover(source, fetcher, previously=4)
    assert discover(source, fetcher).documents == ()


@pytest.mark.parametrize("size", [0, 2000])
def test_file_that_cannot_be_a_document_fails_alone(
    size: int, tmp_path: Path, make_source: Make, fetcher: Fetcher, archive: Archive
) -> None:
    (tmp_path / "执行情况.txt").write_bytes(b"x" * size)
    source = make_source("files", str(tmp_path), max_bytes=1024)
    (ref,) = discover(source, fetcher).documents
    assert fetch_document(source, ref, fetcher, archive=archive).outcome is Outcome.FAILED
    (tmp_path / "执行情况.txt").unlink()
    assert fetch_document(source, ref, fetcher, archive=archive).outcome is Outcome.GONE


@pytest.mark.parametrize("link", ["http://evil.example/x.xls", "file:///etc/passwd", "/etc/passwd"])
def test_attachments_of_a_folder_stay_in_it(
    link: str, tmp_path: Path, make_source: Make, fetcher: Fetcher, archive: Archive
) -> None:
    (tmp_path / "执行情况.txt").write_text("x")
    source = make_source("files", str(tmp_path))
    (ref,) = discover(source, fetcher).documents
    assert fetch_attachment(source, ref, link, fetcher, archive=archive).outcome is Outcome.FAILED
    inside = fetch_attachment(source, ref, ref.url, fetcher, archive=archive)
    assert inside.outcome is Outcome.NEW
