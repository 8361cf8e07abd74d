"""Faults by their row, each from the wire to the warehouse by the command line: what broken connections, lists that do
not add up and bad files come to. With `test_portal_faults`, `_conduct` and `_skins` no row is left; see
docs/portals/faults.md."""

from __future__ import annotations

import io
import itertools
import json
import socket
import struct
import time
import zipfile
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.pipeline.stage import HEADINGS, LOST, Asked, Place, Reply, Stage, cells_of, page_of, report, title_of
from tests.pipeline.test_portal_faults import http, packed_cut
from tests.pipeline.test_portals import YEAR, Jcms, jcms, pages, place, stage
from tests.read.attachment_files import compound, repacked

__all__ = ["place", "stage"]

GOOD = report(2024, 3).encode()
PATH = next(url for url, title, _ in Jcms().entries if title == title_of(2024, 3))
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(GOOD)


def reset(before: bytes) -> Reply:
    """So many bytes, then RST."""

    def send(connection: socket.socket) -> None:
        connection.sendall(before)
        time.sleep(0.05)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return Reply(send=send)


def dripping(pieces: int, pause: float, head: bytes = HEAD) -> Reply:
    def send(connection: socket.socket) -> None:
        whole = head + GOOD
        size = -(-len(whole) // pieces)
        for at in range(0, len(whole), size):
            connection.sendall(whole[at : at + size])
            time.sleep(pause)

    return Reply(send=send)


def answering(first: Reply, times: int = 1) -> Callable[[Asked], Reply | None]:
    """The report's first requests get `first`, later ones the report."""
    left = [times]

    def play(asked: Asked) -> Reply | None:
        if asked.path != PATH or not left[0]:
            return None
        left[0] -= 1
        return first

    return play


# ── the wire ─────────────────────────────────────────────────────────────────────────────────────────────────────────

ONCE: dict[str, Reply] = {
    "3 RST before a byte": reset(b""),
    "3 FIN before a byte": Reply(raw=b""),
    "4 RST in mid-body": reset(HEAD + GOOD[:900]),
    "5 shorter than announced": http(f"Content-Length: {len(GOOD)}", GOOD[:900]),
    "7 chunks without end": http("Transfer-Encoding: chunked", b"10\r\n" + GOOD[:16] + b"\r\n"),
    "14 seconds": Reply("slow down", 429, (("Retry-After", "1"),)),
    "14 a date": Reply("busy", 503, (("Retry-After", formatdate(time.time(), usegmt=True)),)),
    "15 garbage": Reply("busy", 503, (("Retry-After", "soon"),)),
    "16 a server error": Reply("<h1>502</h1>", 502),
    "24 a cut stream": Reply(packed_cut(), headers=(("Content-Encoding", "gzip"),)),
    "32 no status line": Reply(raw=b"hello\r\n\r\n"),
}


@pytest.mark.parametrize("name", ONCE)
def test_broken_once_is_asked_again(stage: Stage, place: Place, name: str) -> None:
    stage.plays += [answering(ONCE[name]), Jcms()]
    place.sources(jcms(stage))
    done = place.backfill()
    assert done.status == 0, done.err
    assert place.loaded() == YEAR
    assert len(stage.to(PATH)) == 2


@pytest.mark.parametrize("name", ["1 silence", "2 a dripping head", "2 a dripping body", "26 without end"])
def test_what_never_ends_costs_one_report(stage: Stage, place: Place, name: str) -> None:
    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n<html><body>")
        while True:
            connection.sendall(b"<p>" + b"x" * 60_000)

    replies = {
        "1 silence": Reply(send=lambda _: time.sleep(5)),
        "2 a dripping head": dripping(400, 0.1, b"HTTP/1.1 200 OK\r\nX: " + b"y" * 4000 + b"\r\n\r\n"),
        "2 a dripping body": dripping(100, 0.3),
        "26 without end": Reply(send=endless),
    }
    stage.plays += [answering(replies[name], 99), Jcms()]
    place.sources(jcms(stage, read_timeout_seconds=0.5, deadline_seconds=1.5, max_bytes=1 << 20))
    done = place.backfill()
    assert done.status == 1
    assert [line for line in done.err.splitlines() if "[yunyang]" in line and PATH in line]
    assert set(place.loaded()) == set(YEAR) - {"2024Q3"}
    assert place.outcomes(PATH) == ["failed"]


def test_row_2_slow_but_whole_is_loaded(stage: Stage, place: Place) -> None:
    stage.plays += [answering(dripping(10, 0.05), 99), Jcms()]
    place.sources(jcms(stage))
    assert place.backfill().status == 0
    assert place.loaded() == YEAR


@pytest.mark.parametrize(("hops", "status"), [(10, 0), (60, 1)])
def test_row_9_a_chain(stage: Stage, place: Place, hops: int, status: int) -> None:
    def chain(asked: Asked) -> Reply | None:
        if asked.path != PATH and not asked.path.startswith("/hop/"):
            return None
        done = int(asked.path.removeprefix("/hop/")) if asked.path != PATH else 0
        return Reply(GOOD) if done == hops else Reply(status=302, headers=(("Location", f"/hop/{done + 1}"),))

    stage.plays += [chain, Jcms()]
    place.sources(jcms(stage))
    assert place.backfill().status == status
    assert ("2024Q3" in place.loaded()) == (not status)
    assert len(stage.to("/hop/")) <= 10


@pytest.mark.parametrize("odd", ["\x00", "\x0b", "\x1b", "\u200b", "\ufeff", "\u00ad"])
def test_row_31_odd_characters_are_no_change(stage: Stage, place: Place, odd: str) -> None:
    player = Jcms()
    player.articles[PATH] = report(2024, 3).replace("按计划", f"按{odd}计划")
    stage.plays.append(player)
    place.sources(jcms(stage))
    done = place.backfill()
    assert done.status == 0, done.err
    before = place.belief()
    told = place.view("v_progress", period="2024Q3")["status"].to_list()
    assert all("按计划" in one for one in told)
    player.articles[PATH] = report(2024, 3)
    assert place.backfill().status == 0
    assert place.belief()["v_change"] == before["v_change"]
    assert place.belief()["v_progress"] == before["v_progress"]


def test_row_35_a_kept_connection_that_is_dropped(stage: Stage, place: Place) -> None:
    """Each answer is whole and says nothing of closing; the next request finds the connection gone."""
    player = Jcms()

    def play(asked: Asked) -> Reply | None:
        reply = player(asked)
        if reply is None or reply.raw is not None:
            return reply
        head = f"HTTP/1.1 {reply.status} OK\r\nContent-Type: {reply.kind}\r\nContent-Length: {len(reply.data)}\r\n\r\n"
        return Reply(raw=head.encode() + reply.data)

    stage.plays.append(play)
    place.sources(jcms(stage))
    assert place.backfill().status == 0
    assert place.loaded() == YEAR


def test_row_36_a_crawl_delay_is_kept(stage: Stage, place: Place) -> None:
    stage.plays += [pages({"/robots.txt": Reply("User-agent: *\nCrawl-delay: 0.3\n", kind="text/plain")}), Jcms()]
    place.sources(jcms(stage))
    assert place.backfill().status == 0
    times = [one.at for one in stage.asked if one.path != "/robots.txt"]
    assert all(later - earlier > 0.28 for earlier, later in itertools.pairwise(times))


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def twice(player: Jcms) -> None:
    url, title, day = next(one for one in player.entries if one[0] == PATH)
    player.entries += [(f"{url}?from=mobile", title, day), (url, title, day)]


def in_another_order(player: Jcms) -> None:
    whole, asked = player.store, [0]

    def store(start: int, end: int, following: int) -> str:
        asked[0] += 11
        shift = asked[0] % len(player.entries)
        player.entries[:] = [*player.entries[shift:], *player.entries[:shift]]
        return whole(start, end, following)

    player.store = store  # type: ignore[method-assign]


def repeating_the_last(player: Jcms) -> None:
    whole = player.store
    player.store = lambda start, end, n: whole(min(start, 61), max(end, 74), n) if start > 45 else whole(start, end, n)  # type: ignore[method-assign]


def looking_ahead(player: Jcms) -> None:
    whole = player.store
    player.store = lambda start, end, following: whole(start, end + 1, following)  # type: ignore[method-assign]


def growing(player: Jcms) -> None:
    whole, asked = player.store, [0]

    def store(start: int, end: int, following: int) -> str:
        asked[0] += 1
        if asked[0] == 3:
            player.entries.insert(0, ("/art/2025/2/1/art_1229000111_77.html", "关于放假的通知全文", "2025-02-01"))
        return whole(start, end, following)

    player.store = store  # type: ignore[method-assign]


def declaring_more(player: Jcms) -> None:
    whole = player.store
    player.store = lambda *window: whole(*window).replace("<totalrecord>74<", "<totalrecord>79<")  # type: ignore[method-assign]


def dated_oddly(player: Jcms) -> None:
    odd = {2024: "2099-01-01", 2025: "2024-13-45"}
    player.entries = [
        (url, title, odd.get(int(day[:4]), day) if "执行" in title else day) for url, title, day in player.entries
    ]


def full_of_debris(player: Jcms) -> None:
    plain = player.record

    def record(one: tuple[str, str, str]) -> str:
        if "执行" not in one[1]:
            return plain(one)
        cut = f"<li style=<br/><a href='{one[0]}'>{one[1][:12]}...</a><i>{one[2]}</i></li>"
        return f"<record><![CDATA[&nbsp;A & B<br>]]></record><record><![CDATA[{cut}</record>"

    player.record = record  # type: ignore[method-assign]


ODD_LISTS = (
    twice,
    in_another_order,
    repeating_the_last,
    looking_ahead,
    growing,
    declaring_more,
    dated_oddly,
    full_of_debris,
)


@pytest.mark.parametrize("change", ODD_LISTS, ids=lambda one: one.__name__)
def test_rows_39_to_52_a_list_that_can_be_made_whole(
    stage: Stage, place: Place, change: Callable[[Jcms], None]
) -> None:
    player = Jcms()
    change(player)
    stage.plays.append(player)
    place.sources(jcms(stage))
    done = place.backfill()
    if change is in_another_order and done.status == 1:
        # Where the readings together miss something, that is said, and nothing is taken for the whole.
        assert place.loaded() == {}
        return
    assert done.status == 0, done.err
    assert place.loaded() == YEAR
    assert place.view("v_document", known_to=None).height == 4
    told = set(place.view("v_warning")["code"].to_list())
    wanted = {
        twice: "listing_total_wrong",
        declaring_more: "listing_total_wrong",
        dated_oddly: "entry_date_in_future",
        growing: "listing_reread",
    }
    assert wanted.get(change, "") in {*told, ""}


def test_row_46_a_list_without_end(stage: Stage, place: Place) -> None:
    def endless(asked: Asked) -> Reply | None:
        if asked.path != "/list.html":
            return None
        page = int(asked.query.get("p", "1"))
        rows = "".join(
            f"<li><a href='/info/{page}/{n}.htm'>一般通知第{page}之{n}号</a>2024-01-01</li>" for n in range(9)
        )
        return Reply(f"<html><body><ul>{rows}</ul><a href='?p={page + 1}'>下一页</a></body></html>")

    stage.plays.append(endless)
    place.sources({"id": "trap", "portal": "html-list", "listing": f"{stage.url}/list.html", "max_pages": 12})
    done = place.backfill()
    assert done.status == 1
    assert "[trap]" in done.err
    assert len(stage.to("/list.html")) == 12
    assert "not_published" not in place.outcomes()


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def book(formulas: bool = False) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(HEADINGS)
    for row in cells_of(2024, 3):
        sheet.append([*row[:-1], "=1-0.4" if formulas else row[-1]])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_a_draft_in_front() -> bytes:
    made = load_workbook(io.BytesIO(book()))
    draft = made.create_sheet("草稿", 0)
    draft.append(HEADINGS)
    draft.append(["1", "产业发展", "另一件事", "区发改局", "未开始", "1%"])
    draft.sheet_state = "hidden"
    made.active = 1
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def scan() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, 500, 700)
    canvas.save()
    return out.getvalue()


def many_members() -> bytes:
    out = io.BytesIO(book())
    with zipfile.ZipFile(out, "a") as package:
        for n in range(60_000):
            package.writestr(f"x/{n}", b"")
    return out.getvalue()


ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
FILES: dict[str, tuple[Callable[[], Reply], bool]] = {
    "78 a zip bomb": (lambda: Reply(repacked(book(), {"xl/media/x.png": b"\0" * (140 << 20)})), False),
    "79 60,000 members": (lambda: Reply(many_members()), False),
    "80 a password": (lambda: Reply(compound({"EncryptedPackage": b"x" * 6000, "EncryptionInfo": b"y" * 99})), False),
    "81 a workbook called .doc": (lambda: Reply(book(), kind="application/msword"), True),
    "81 a page called .xls": (lambda: Reply(GOOD, kind="application/vnd.ms-excel"), True),
    "82 formulas without values": (lambda: Reply(book(formulas=True)), False),
    "83 an entity": (lambda: Reply(repacked(book(), {"xl/sharedStrings.xml": ENTITY})), False),
    "85 macros": (lambda: Reply(repacked(book(), {"xl/vbaProject.bin": b"\0" * 999})), True),
    "86 a name that climbs": (
        lambda: Reply(book(), headers=(("Content-Disposition", "attachment; filename=../../../tmp/%00evil.xlsx"),)),
        True,
    ),
    "87 a long name in GBK": (
        lambda: Reply(book(), headers=(("Content-Disposition", ("attachment; filename=" + "\xb1\xed" * 200)),)),
        True,
    ),
    "88 a cut pdf": (lambda: Reply(PDF[:60]), False),
    "89 a scan": (lambda: Reply(scan(), kind="application/pdf"), False),
    "91 a hidden draft first": (lambda: Reply(with_a_draft_in_front()), True),
    "90 pages without end": (lambda: Reply(PDF + b"trailer<</Root 1 0 R>>\n%%EOF"), False),
    "92 an error page": (
        lambda: Reply("<html><title>出错了</title><body>您访问的页面不存在或已被删除</body></html>"),
        False,
    ),
    "92 gone": (lambda: LOST, False),
    "92 nothing": (lambda: Reply(b""), False),
}


@pytest.mark.parametrize("name", FILES)
def test_rows_78_to_92_the_table_is_in_a_file(stage: Stage, place: Place, name: str) -> None:
    make, loads = FILES[name]
    player = Jcms(file_of=b"-")
    player.articles["/module/download/downfile.jsp"] = make()
    stage.plays.append(player)
    place.sources(jcms(stage))
    done = place.backfill()
    assert done.status == (0 if loads else 1), done.err
    assert place.loaded() == (YEAR if loads else {period: 8 for period in YEAR if period != "2024Q3"})
    assert loads or [line for line in done.err.splitlines() if "[yunyang]" in line and PATH in line]
    assert not list(place.folder.parent.rglob("*evil*"))


@pytest.mark.parametrize(
    ("href", "path"),
    [
        ("./P020241018.xls", f"{PATH.rpartition('/')[0]}/P020241018.xls"),
        ("\\attach\\0\\表.xlsx", "/attach/0/表.xlsx"),
        ("/attach/执行 情况.xlsx", "/attach/执行 情况.xlsx"),
        ("/_content/download.jsp?owner=1&key=a b", "/_content/download.jsp"),
    ],
)
def test_the_address_of_a_file_in_any_spelling(stage: Stage, place: Place, href: str, path: str) -> None:
    player = Jcms()
    link = f'<p>现将执行情况公布如下。</p><p>附件:<a href="{href}">重点任务执行情况表.xlsx</a></p>'
    player.articles[PATH] = page_of(title_of(2024, 3), link)
    stage.plays += [pages({path: Reply(book())}), player]
    place.sources(jcms(stage))
    done = place.backfill()
    assert done.status == 0, done.err
    assert place.loaded() == YEAR


def test_row_84_nothing_that_a_file_refers_to_is_fetched(stage: Stage, place: Place) -> None:
    with Stage() as inside:
        relation = (
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
            f'Target="{inside.url}/pixel.png" TargetMode="External"/></Relationships>'
        )
        player = Jcms(file_of=repacked(book(), {"xl/worksheets/_rels/sheet1.xml.rels": relation.encode()}))
        stage.plays.append(player)
        place.sources(jcms(stage))
        place.backfill()
        assert not inside.asked


# ── the archive ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_row_103_an_archive_that_vanished_is_not_rebuilt_from_nothing(stage: Stage, place: Place) -> None:
    stage.plays.append(Jcms())
    place.sources(jcms(stage))
    assert place.backfill().status == 0
    before, asked = place.belief(), len(stage.asked)
    Path(place.archive).rename(place.folder / "elsewhere")
    done = place.backfill("--from-archive")
    assert done.status != 0
    assert "archive" in done.err
    assert place.belief() == before
    assert len(stage.asked) == asked


def test_row_21_an_error_as_data_is_no_report(stage: Stage, place: Place) -> None:
    """A portal that answers a report's address with its error as JSON."""
    player = Jcms()
    player.articles[PATH] = Reply(json.dumps({"code": 500, "msg": "系统异常"}), kind="application/json")
    stage.plays.append(player)
    place.sources(jcms(stage))
    assert place.backfill().status == 1
    assert set(place.loaded()) == set(YEAR) - {"2024Q3"}


def test_row_12_a_page_that_is_not_the_report(stage: Stage, place: Place) -> None:
    """Another article of the portal at the report's address: said, not loaded as the quarter's."""
    player = Jcms()
    player.articles[PATH] = page_of("关于召开座谈会的通知", "<p>各有关单位:</p><p>定于近日召开座谈会,请准时参加。</p>")
    stage.plays.append(player)
    place.sources(jcms(stage))
    assert place.backfill().status == 1
    assert set(place.loaded()) == set(YEAR) - {"2024Q3"}
