"""WARC out and in, read by warcio's own reader and checker."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tasks.archive import Archive
from tasks.archive.errors import CaptureCorrupt, WarcInvalid
from tasks.model import Capture

AT = datetime(2025, 1, 15, 2, 0, 0, 123456, tzinfo=UTC)


def filled(place: Path) -> tuple[Archive, list[Capture]]:
    archive = Archive(place)
    html = "<html><body>绿道</body></html>".encode("gb18030")
    kept = [
        archive.put(
            html,
            url="http://www.liuwan.example/old.html",
            final_url="http://www.liuwan.example/art/1.html?x=1",
            headers=[
                ("Content-Encoding", "gzip"),
                ("Content-Length", "17"),
                ("Transfer-Encoding", "chunked"),
                ("Set-Cookie", "a=1"),
                ("Set-Cookie", "b=2"),
                ("X-Odd", 'a; b="c"'),
            ],
            fetched_at=AT,
            source_id="liuwan",
            purpose="document",
        ),
        archive.put(
            b"<datastore/>",
            url="http://www.liuwan.example/dataproxy.jsp?startrecord=1",
            fetched_at=AT,
            source_id="liuwan",
            purpose="listing",
            method="POST",
            request_body="col=1&webid=3",
        ),
        archive.put(
            b"\xd0\xcf\x11\xe0" + bytes(100),
            url="http://www.liuwan.example/downfile.jsp?f=1",
            fetched_at=AT + timedelta(seconds=1),
            purpose="attachment",
            title="附件\n1: 一览表.doc",
        ),
        archive.put(b"", url="http://www.liuwan.example/gone", status=404, fetched_at=AT),
        archive.put(html, url="http://www.liuwan.example/old.html", status=521, fetched_at=AT + timedelta(days=1)),
        archive.put(b"x", url="http://www.liuwan.example/odd", status=799, fetched_at=AT, via="wayback"),
    ]
    return archive, kept


@pytest.mark.parametrize("name", ["out.warc", "out.warc.gz"])
def test_an_export_is_a_sound_warc(tmp_path: Path, name: str) -> None:
    archive, kept = filled(tmp_path / "a")
    assert archive.export_warc(tmp_path / name) == len(kept)
    checked = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", str(tmp_path / name)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "digest pass" in checked.stdout
    with (tmp_path / name).open("rb") as file:
        records = [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
            for record in ArchiveIterator(file)
        ]
    assert [kind for kind, _, _ in records] == ["warcinfo"] + ["response", "request"] * len(kept)
    bodies = {uri: body for kind, uri, body in records if kind == "response"}
    # What a replay serves is what we read: nobody is told to unpack it once more.
    assert bodies["http://www.liuwan.example/art/1.html?x=1"].decode("gb18030") == "<html><body>绿道</body></html>"
    assert (tmp_path / name).read_bytes().startswith(b"WARC/1.1" if name == "out.warc" else b"\x1f\x8b")
    assert not list(tmp_path.glob(".*.part"))


def test_what_went_out_comes_in_again(tmp_path: Path) -> None:
    archive, kept = filled(tmp_path / "a")
    archive.export_warc(tmp_path / "out.warc.gz")
    other = Archive(tmp_path / "b")
    assert other.import_warc(tmp_path / "out.warc.gz") == len(kept)
    assert sorted(other.captures(), key=repr) == sorted(kept, key=repr)
    assert other.import_warc(tmp_path / "out.warc.gz") == 0  # nothing is kept twice
    assert list(other.verify()) == []


def test_one_source_is_exported_alone(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path / "a")
    assert archive.export_warc(tmp_path / "out.warc", source_id="liuwan") == 2


def test_an_export_to_a_stream(tmp_path: Path) -> None:
    archive, kept = filled(tmp_path / "a")
    buffer = io.BytesIO()
    archive.export_warc(buffer)
    buffer.seek(0)
    assert sum(record.rec_type == "response" for record in ArchiveIterator(buffer)) == len(kept)


def test_a_damaged_capture_stops_the_export_and_leaves_the_last_one(tmp_path: Path) -> None:
    archive, kept = filled(tmp_path / "a")
    archive.export_warc(tmp_path / "out.warc")
    before = (tmp_path / "out.warc").read_bytes()
    (tmp_path / "a" / "bodies" / kept[2].sha256[:2] / f"{kept[2].sha256}.gz").write_bytes(b"")
    with pytest.raises(CaptureCorrupt):
        Archive(tmp_path / "a").export_warc(tmp_path / "out.warc")
    assert (tmp_path / "out.warc").read_bytes() == before


# ── other people's WARCs ────────────────────────────────────────────────────────────────────────────────────────────

URL = "http://www.liuwan.example/a.html"


def response(
    writer: WARCWriter, body: bytes, *headers: tuple[str, str], url: str = URL, kind: str = "response", **fields: str
) -> None:
    record = writer.create_warc_record(
        url,
        kind,
        payload=io.BytesIO(body),
        length=len(body),
        http_headers=StatusAndHeaders("200 OK", list(headers), protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": "2021-02-03T04:05:06Z"} | {k.replace("_", "-"): v for k, v in fields.items()},
    )
    writer.write_record(record)


def test_foreign_encodings_are_undone(tmp_path: Path) -> None:
    page = b"<html>" + b"table " * 50
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    response(writer, gzip.compress(page), ("Content-Encoding", "gzip"), url=URL + "?1")
    response(writer, b"5\r\n<html\r\n0\r\n\r\n", ("Transfer-Encoding", "chunked"), url=URL + "?2")
    response(writer, page, ("Content-Encoding", "gzip"), url=URL + "?3")  # kept unpacked, header left in
    response(writer, page, ("Transfer-Encoding", "chunked"), url=URL + "?4")
    buffer.seek(0)
    archive = Archive(tmp_path / "a")
    assert archive.import_warc(buffer, source_id="liuwan") == 4
    found = {c.url: archive.read(c.sha256) for c in archive.captures()}
    assert found == {URL + "?1": page, URL + "?2": b"<html", URL + "?3": page, URL + "?4": page}
    first = next(archive.captures())
    assert (first.fetched_at, first.via, first.source_id) == (
        datetime(2021, 2, 3, 4, 5, 6, tzinfo=UTC),
        "warc",
        "liuwan",
    )


def test_what_is_not_whole_is_not_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=False)
    response(writer, b"part", url=URL + "?cut", WARC_Truncated="length")
    response(writer, gzip.compress(b"x" * 999)[:-9], ("Content-Encoding", "gzip"), url=URL + "?gzip")
    response(writer, b"whole", url=URL + "?whole")
    response(writer, b"whole", url="dns:www.liuwan.example")
    buffer.seek(0)
    archive = Archive(tmp_path / "a")
    assert archive.import_warc(buffer) == 1
    assert URL + "?cut" in caplog.text
    assert URL + "?gzip" in caplog.text


def test_revisits_are_resolved_within_the_file(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    response(writer, b"the page", url=URL)
    buffer.seek(0)
    (first,) = [r.rec_headers.get_header("WARC-Payload-Digest") for r in ArchiveIterator(buffer)]
    buffer.seek(0, io.SEEK_END)
    http = StatusAndHeaders("200 OK", [("X-A", "1")], protocol="HTTP/1.1")
    for digest in (first, "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"):
        later = {"WARC-Date": "2022-02-03T04:05:06Z"}
        record = writer.create_revisit_record(URL, digest, URL, "2021-02-03T04:05:06Z", http, later)
        writer.write_record(record)
    buffer.seek(0)
    archive = Archive(tmp_path / "a")
    assert archive.import_warc(buffer) == 2
    assert {archive.read(c.sha256) for c in archive.captures()} == {b"the page"}
    assert len({c.fetched_at for c in archive.captures()}) == 2


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>not a warc</html>", b"\x1f\x8b\x08garbage", b"WARC/1.0\r\nnonsense"],
    ids=["0", "html", "gz", "head"],
)
def test_what_is_no_warc_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.warc.gz").write_bytes(data)
    with pytest.raises(WarcInvalid):
        Archive(tmp_path / "a").import_warc(tmp_path / "x.warc.gz")
    with pytest.raises(WarcInvalid):
        Archive(tmp_path / "a").import_warc(tmp_path / "missing.warc.gz")


@pytest.mark.parametrize("packed", [True, False])
def test_a_cut_warc_is_an_error_and_what_stood_before_is_kept(tmp_path: Path, packed: bool) -> None:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=packed)
    for n in range(3):
        response(writer, b"%d" % n * 3000, url=f"{URL}?{n}")
    end = len(buffer.getvalue())
    data = buffer.getvalue()[: end - (30 if packed else 1500)]
    archive = Archive(tmp_path / "a")
    with pytest.raises(WarcInvalid):
        archive.import_warc(io.BytesIO(data))
    assert sorted(c.url for c in archive.captures()) == [f"{URL}?0", f"{URL}?1"]


def test_a_record_whose_digest_does_not_fit_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=False)
    response(writer, b"good page", url=URL + "?1")
    response(writer, b"evil page", url=URL + "?2")
    data = buffer.getvalue().replace(b"evil page", b"EVIL page")
    archive = Archive(tmp_path / "a")
    with pytest.raises(WarcInvalid, match="\\?2"):
        archive.import_warc(io.BytesIO(data))
    assert [c.url for c in archive.captures()] == [URL + "?1"]
