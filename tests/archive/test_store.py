"""I5 and rows 86, 93, 96, 102, 103, 110: kept for ever, or named."""

from __future__ import annotations

import gzip
import hashlib
import multiprocessing
import os
import resource
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.archive import Archive
from tasks.archive.errors import (
    ArchiveMissing,
    ArchiveUnreadable,
    ArchiveVersion,
    ArchiveWriteFailed,
    CaptureCorrupt,
    CaptureMissing,
    RecordDamaged,
)
from tasks.archive.masking import mask_text, mask_url
from tasks.archive.records import from_line, to_line
from tasks.model import Capture

AT = datetime(2025, 1, 15, 2, 0, tzinfo=UTC)
URL = "http://www.liuwan.example/art/2024/10/21/art_1_2.html"


def put(
    archive: Archive, body: bytes = b"<html>\xe6\x9f\xb3\xe6\xb9\xbe</html>", url: str = URL, **facts: Any
) -> Capture:
    return archive.put(body, url=url, **({"fetched_at": AT, "headers": [("ETag", '"1"')]} | facts))


def body_file(archive: Archive, capture: Capture) -> Path:
    return Path(archive.location) / "bodies" / capture.sha256[:2] / f"{capture.sha256}.gz"


def journals(archive: Archive) -> list[Path]:
    return sorted((Path(archive.location) / "captures").rglob("*.jsonl"))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


# ── what is kept ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_put_is_read_by_anybody(archive: Archive) -> None:
    facts: dict[str, Any] = {
        "final_url": URL + "?x",
        "status": 404,
        "via": "wayback",
        "title": "附件\n1",
        "source_id": "liuwan",
        "purpose": "attachment",
        "method": "POST",
        "request_body": "col=1",
    }
    capture = put(archive, **facts)
    other = Archive(archive.location)
    assert other.read(capture.sha256) == b"<html>\xe6\x9f\xb3\xe6\xb9\xbe</html>"
    assert list(other.captures()) == [capture]
    assert list(other.captures(URL)) == list(other.captures(URL + "?x")) == [capture]
    assert {name: getattr(capture, name) for name in facts} == facts
    assert capture.size == len(archive.read(capture.sha256))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=2000), min_size=1, max_size=8))
def test_any_bytes_come_back(tmp_path_factory: pytest.TempPathFactory, bodies: list[bytes]) -> None:
    archive = Archive(tmp_path_factory.mktemp("any"))
    kept = [put(archive, body, f"{URL}?{n}") for n, body in enumerate(bodies)]
    assert [archive.read(capture.sha256) for capture in kept] == bodies
    assert [capture.sha256 for capture in kept] == [hashlib.sha256(body).hexdigest() for body in bodies]
    assert list(archive.verify()) == []
    assert len(list((Path(archive.location) / "bodies").rglob("*.gz"))) == len(set(bodies))


@given(
    st.builds(
        Capture,
        sha256=st.just("0" * 64),
        url=st.text(),
        final_url=st.text(),
        fetched_at=st.datetimes(timezones=st.just(UTC)),
        status=st.integers(100, 599),
        headers=st.lists(st.tuples(st.text(), st.text()), max_size=4).map(tuple),
        size=st.integers(0, 2**40),
        title=st.text(),
    )
)
def test_a_record_comes_back_from_its_line(capture: Capture) -> None:
    line = to_line(capture)
    assert line.count(b"\n") == 1
    assert from_line(line) == capture
    damaged = bytes([*line[:12], line[12] ^ 1, *line[13:]])
    assert from_line(damaged) is None


def test_the_latest_is_the_latest_by_time_not_by_writing(archive: Archive) -> None:
    put(archive, b"new", fetched_at=AT + timedelta(days=1))
    put(archive, b"old", fetched_at=AT - timedelta(days=1))
    latest = archive.latest(URL)
    assert latest is not None
    assert archive.read(latest.sha256) == b"new"
    assert [archive.read(c.sha256) for c in archive.captures(URL)] == [b"old", b"new"]
    assert archive.latest("http://other.example/") is None


def test_a_redirect_is_not_the_latest_answer(archive: Archive) -> None:
    put(archive, b"document")
    put(archive, b"", status=302, purpose="redirect", fetched_at=AT + timedelta(days=1))
    latest = archive.latest(URL)
    assert latest is not None
    assert latest.status == 200


def test_captures_by_source_and_purpose(archive: Archive) -> None:
    put(archive, b"1", source_id="a", purpose="listing")
    put(archive, b"2", source_id="a", purpose="document")
    put(archive, b"3", source_id="b", purpose="document")
    assert [c.sha256 for c in archive.captures(source_id="a", purpose="document")] == [hashlib.sha256(b"2").hexdigest()]
    assert len(list(archive.captures(source_id="b"))) == 1


def test_another_writer_s_captures_are_seen(archive: Archive) -> None:
    reader = Archive(archive.location)
    for n in range(3):
        put(archive, b"%d" % n, fetched_at=AT + timedelta(hours=n))
        latest = reader.latest(URL)
        assert latest is not None
        assert reader.read(latest.sha256) == b"%d" % n


def test_threads_write_together(archive: Archive) -> None:
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda n: put(archive, b"body %d" % (n % 20), f"{URL}?{n}"), range(200)))
    assert sorted(Archive(archive.location).captures(), key=lambda c: c.url) == sorted(kept, key=lambda c: c.url)
    assert list(archive.verify()) == []


def put_many(location: str, start: int) -> None:
    with Archive(location) as archive:
        for n in range(start, start + 30):
            put(archive, b"%d" % (n % 40), f"{URL}?{n}")


def test_processes_write_together(archive: Archive) -> None:
    put(archive, b"before", f"{URL}?before")  # the parent's journal is open when the children begin
    fork = multiprocessing.get_context("fork")
    children = [fork.Process(target=put_many, args=(archive.location, 30 * n)) for n in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
        assert child.exitcode == 0
    put(archive, b"after", f"{URL}?after")
    assert len({c.url for c in Archive(archive.location).captures()}) == 92
    assert list(archive.verify()) == []


def test_it_writes_nothing_before_the_first_put(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    assert archive.latest(URL) is None
    assert not archive.has("0" * 64)
    assert list(tmp_path.iterdir()) == []


# ── what is not there ───────────────────────────────────────────────────────────────────────────────────────────────


def test_an_archive_that_is_not_there_is_not_an_empty_one(tmp_path: Path) -> None:
    for ask in (Archive.captures, Archive.verify):
        with pytest.raises(ArchiveMissing):
            list(ask(Archive(tmp_path / "nowhere")))
    with pytest.raises(ArchiveMissing):
        Archive(tmp_path / "nowhere").export_warc(tmp_path / "out.warc.gz")
    assert list(tmp_path.iterdir()) == []


def test_journals_that_cannot_be_listed_are_not_none(archive: Archive) -> None:
    put(archive, b"one")
    folder = journals(archive)[0].parent.parent
    folder.rename(folder.with_name("aside"))
    folder.symlink_to(folder)  # a loop: not even root can list it
    with pytest.raises(ArchiveUnreadable):
        list(Archive(archive.location).captures())


@pytest.mark.parametrize("sha256", ["0" * 64, "", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_row_86_only_a_sha256_is_a_name(archive: Archive, sha256: str) -> None:
    put(archive)
    with pytest.raises(CaptureMissing):
        archive.read(sha256)
    assert not archive.has(sha256)


def test_a_newer_archive_is_refused(archive: Archive) -> None:
    put(archive)
    (Path(archive.location) / "jibao-archive.json").write_text('{"version": 99}')
    with pytest.raises(ArchiveVersion):
        put(Archive(archive.location), b"more")
    with pytest.raises(ArchiveVersion):
        list(Archive(archive.location).captures())


# ── damage ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def flipped(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0x10
    path.write_bytes(data)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_row_102_any_flipped_bit_is_named_or_harmless(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    archive = Archive(tmp_path_factory.mktemp("flip"))
    body = b"<table>" + bytes(range(256)) * 4
    capture = put(archive, body)
    path = body_file(archive, capture)
    flipped(path, seed % path.stat().st_size)
    reader = Archive(archive.location)
    try:
        assert reader.read(capture.sha256) == body  # a bit of the gzip header that means nothing
    except CaptureCorrupt:
        assert [p.code for p in reader.verify()] == ["CaptureCorrupt"]


def test_row_102_damage_is_found_named_and_healed_by_the_same_bytes(archive: Archive) -> None:
    sound = put(archive, b"sound", f"{URL}?1")
    for damage in ("cut", "flip", "other", "empty"):
        capture = put(archive, b"body of " + damage.encode(), f"{URL}?{damage}")
        path = body_file(archive, capture)
        whole = path.read_bytes()
        path.write_bytes(
            {"cut": whole[:-6], "flip": b"\x00" + whole[1:], "other": gzip.compress(b"x"), "empty": b""}[damage]
        )
        reader = Archive(archive.location)
        with pytest.raises(CaptureCorrupt, match=capture.sha256):
            reader.read(capture.sha256)
        assert reader.read(sound.sha256) == b"sound"
        (problem,) = reader.verify()
        assert problem.code == "CaptureCorrupt"
        assert capture.sha256 in problem.where
        put(reader, b"body of " + damage.encode(), f"{URL}?{damage}", fetched_at=AT + timedelta(days=1))
        assert list(reader.verify()) == []


def test_row_102_damage_while_the_writer_lives_is_healed(archive: Archive) -> None:
    capture = put(archive)
    body_file(archive, capture).write_bytes(b"")
    with pytest.raises(CaptureCorrupt):
        archive.read(capture.sha256)
    put(archive)
    assert archive.read(capture.sha256)


def test_row_103_a_missing_body_is_named(archive: Archive) -> None:
    capture = put(archive)
    body_file(archive, capture).unlink()
    with pytest.raises(CaptureMissing):
        Archive(archive.location).read(capture.sha256)
    (problem,) = Archive(archive.location).verify()
    assert (problem.code, URL in problem.reason) == ("CaptureMissing", True)


def test_row_102_a_damaged_record_is_not_passed_over(archive: Archive) -> None:
    kept = [put(archive, b"%d" % n, f"{URL}?{n}") for n in range(3)]
    (journal,) = journals(archive)
    flipped(journal, len(to_line(kept[0])) + 40)
    reader = Archive(archive.location)
    seen: list[Capture] = []
    with pytest.raises(RecordDamaged):
        seen.extend(reader.captures())
    assert seen == [kept[0], kept[2]]
    assert list(reader.captures(tolerate_damage=True)) == [kept[0], kept[2]]
    assert [p.code for p in reader.verify()] == ["RecordDamaged"]
    assert reader.latest(f"{URL}?0") == kept[0]  # one flipped bit does not stop a fetch


def test_row_96_a_torn_last_line_is_what_a_killed_writer_leaves(archive: Archive) -> None:
    kept = put(archive)
    (journal,) = journals(archive)
    with journal.open("ab") as file:
        file.write(to_line(kept)[:50])
    reader = Archive(archive.location)
    assert list(reader.captures()) == [kept]
    again = put(reader, b"after")
    assert list(reader.captures(URL)) == [kept, again]
    assert list(reader.verify()) == []


def test_a_foreign_file_among_the_bodies_is_named(archive: Archive) -> None:
    put(archive)
    (Path(archive.location) / "bodies" / "ab").mkdir(exist_ok=True)
    (Path(archive.location) / "bodies" / "ab" / "notes.txt").write_text("x")
    assert [p.code for p in archive.verify()] == ["CaptureCorrupt"]


# ── writing fails ───────────────────────────────────────────────────────────────────────────────────────────────────


def python(code: str, *args: str, **options: Any) -> subprocess.CompletedProcess[str]:
    program = f"import sys; sys.path.insert(0, {os.getcwd()!r})\n{textwrap.dedent(code)}"
    return subprocess.run(
        [sys.executable, "-c", program, *args], capture_output=True, text=True, timeout=60, check=False, **options
    )


WRITE_LARGE = """
    import os, signal
    from datetime import datetime, UTC
    from tasks.archive import Archive
    from tasks.archive.errors import ArchiveWriteFailed
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    archive = Archive(sys.argv[1])
    archive.put(b"small", url="http://a.example/1", fetched_at=datetime.now(UTC))
    try:
        archive.put(os.urandom(60_000), url="http://a.example/2", fetched_at=datetime.now(UTC))
    except ArchiveWriteFailed as error:
        print(error)
"""


def test_row_93_a_full_disk_leaves_no_short_file(tmp_path: Path) -> None:
    """A limit on file sizes is how a test fills a disk: the operating system's own error, in mid-file."""
    place = tmp_path / "archive"
    done = python(
        WRITE_LARGE, str(place), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    )
    assert done.returncode == 0, done.stderr
    assert "ArchiveWriteFailed" in done.stdout
    assert str(place) in done.stdout
    archive = Archive(place)
    assert [c.url for c in archive.captures()] == ["http://a.example/1"]
    assert list(archive.verify()) == []
    assert list((place / "tmp").iterdir()) == []
    put(archive, b"again", "http://a.example/2")
    assert len(list(archive.captures())) == 2


def test_row_93_a_full_disk_while_recording_leaves_no_torn_line(tmp_path: Path) -> None:
    code = """
        import signal
        from datetime import datetime, UTC
        from tasks.archive import Archive
        from tasks.archive.errors import ArchiveWriteFailed
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        archive, failed = Archive(sys.argv[1]), 0
        for n in range(40):
            try:
                archive.put(b"x", url=f"http://a.example/{n}", title="t" * 300, fetched_at=datetime.now(UTC))
            except ArchiveWriteFailed:
                failed += 1
        print(failed)
    """
    done = python(
        code, str(tmp_path / "a"), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))
    )
    assert int(done.stdout) > 0, done.stderr
    archive = Archive(tmp_path / "a")
    kept = list(archive.captures())
    assert len(kept) == 40 - int(done.stdout)
    assert list(archive.verify()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_row_103_a_read_only_archive_is_named(archive: Archive) -> None:
    put(archive)
    for path in Path(archive.location).rglob("*"):
        if path.is_dir():
            path.chmod(0o555)
    Path(archive.location).chmod(0o555)
    with pytest.raises(ArchiveWriteFailed):
        put(Archive(archive.location), b"more")


def test_row_103_a_place_that_cannot_be_an_archive_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveWriteFailed):
        put(Archive(tmp_path / "file"))
    with pytest.raises((ArchiveUnreadable, ArchiveMissing)):
        list(Archive(tmp_path / "file").captures())


KILLED = """
    import os
    from datetime import datetime, UTC
    from tasks.archive import Archive
    archive = Archive(sys.argv[1])
    for n in range(100_000):
        archive.put(os.urandom(3000) * 20, url=f"http://a.example/{n}", fetched_at=datetime.now(UTC))
        print(n, flush=True)
"""


def test_row_96_kill_at_any_time_leaves_only_whole_captures(tmp_path: Path) -> None:
    program = f"import sys; sys.path.insert(0, {os.getcwd()!r})\n{textwrap.dedent(KILLED)}"
    place = tmp_path / "archive"
    promised = 0
    for stop_after in (1, 7, 20):
        process = subprocess.Popen([sys.executable, "-c", program, str(place)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for _ in range(stop_after):
            process.stdout.readline()
        process.kill()
        promised += stop_after + len(process.stdout.read().split())
        process.wait()
        process.stdout.close()
        archive = Archive(place)
        assert len(list(archive.captures())) >= promised
        assert list(archive.verify()) == []
    temp = place / "tmp" / f"{os.uname().nodename}-{process.pid}-0-00000000"
    temp.write_bytes(b"orphan")
    put(Archive(place), b"next")
    assert not temp.exists()


def test_a_living_writer_s_temp_file_is_left_alone(archive: Archive) -> None:
    put(archive)
    temp = Path(archive.location) / "tmp" / f"{os.uname().nodename}-{os.getpid()}-0-00000000"
    temp.write_bytes(b"in use")
    put(Archive(archive.location), b"next")
    assert temp.exists()


# ── secrets ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("http://u:pw@a.example/x", "http://a.example/x"),
        ("http://a.example/x?token=1&page=2", "http://a.example/x?token=***&page=2"),
        ("http://a.example/x?a=1&Access_Token=1#f", "http://a.example/x?a=1&Access_Token=***#f"),
        ("http://a.example/x?sid=755041&columnid=1&key=3&unitid=7", None),
        ("http://a.example/x@2x.png", None),
        ("http://a.example/x?mail=a@b.example", None),
        ("postgresql://me:pw@db/jibao", "postgresql://db/jibao"),
    ],
)
def test_row_110_urls_are_kept_without_secrets(url: str, kept: str | None) -> None:
    assert mask_url(url) == (kept or url)
    assert mask_url(mask_url(url)) == mask_url(url)


def test_row_110_texts_and_headers(archive: Archive) -> None:
    assert "pw" not in mask_text("Proxy-Authorization: Basic pw; http://me:pw@proxy:1/ refused")
    capture = put(archive, headers=[("Set-Cookie", "a=pw; Path=/"), ("Authorization", "pw"), ("Date", "x")])
    assert capture.headers == (("Set-Cookie", "a=***; Path=/"), ("Authorization", "***"), ("Date", "x"))
    assert archive.latest(URL + "") == capture
    assert archive.latest("http://u:pw@www.liuwan.example/art/2024/10/21/art_1_2.html") == capture


def test_closing_ends_the_journal_and_nothing_else(archive: Archive) -> None:
    put(archive, b"1")
    archive.close()
    put(archive, b"2", f"{URL}?2")
    assert len(journals(archive)) == 2
    assert len(list(archive.captures())) == 2
    assert threading.active_count() < 20
