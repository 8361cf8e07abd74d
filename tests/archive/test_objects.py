"""The archive in object storage, against a real S3 API on loopback, and in fsspec's memory."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tasks.archive import Archive
from tasks.archive.errors import ArchiveMissing, ArchiveUnreadable, ArchiveWriteFailed, CaptureCorrupt, CaptureMissing

AT = datetime(2025, 1, 15, 2, 0, tzinfo=UTC)
URL = "http://www.liuwan.example/a"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        boto3.client("s3").create_bucket(Bucket="evidence")
        yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["s3", "memory"])
def location(request: pytest.FixtureRequest) -> str:
    name = uuid.uuid4().hex
    if request.param == "s3":
        request.getfixturevalue("s3")
        return f"s3://evidence/{name}"
    return f"memory://{name}"


def test_a_capture_comes_back_from_another_archive(location: str) -> None:
    with pytest.raises(ArchiveMissing):
        list(Archive(location).captures())
    with Archive(location) as archive:
        first = archive.put(b"<html>1</html>", url=URL, fetched_at=AT, title="柳湾", source_id="a")
        # Durable and visible at once, to others too, before anything is closed.
        other = Archive(location)
        assert other.read(first.sha256) == b"<html>1</html>"
        assert other.latest(URL) == first
        again = archive.put(b"<html>2</html>", url=URL, fetched_at=AT + timedelta(days=1))
        archive.put(b"<html>1</html>", url=URL + "2", fetched_at=AT)
        assert other.latest(URL) == again
    assert other.latest(URL) == again  # found again after the lines were gathered
    assert list(Archive(location).captures(URL)) == [first, again]
    assert len(list(Archive(location).captures())) == 3
    assert list(Archive(location).verify()) == []


def test_lines_are_gathered_once_and_count_once(location: str) -> None:
    with Archive(location) as archive:
        for n in range(5):
            archive.put(b"x", url=f"{URL}?{n}", fetched_at=AT)
        backend = archive._backend
        single = {name: backend.load(name) for name in backend.sizes("captures")}
        assert len(single) == 5
    reader = Archive(location)
    assert len(reader._backend.sizes("captures")) == 1
    # A writer killed between gathering and removing leaves both.
    for name, line in single.items():
        reader._backend.keep(name, line)
    assert len(list(reader.captures())) == 5
    assert len(list(reader.captures(f"{URL}?3"))) == 1


def test_row_102_damage_in_the_store_is_named(location: str) -> None:
    archive = Archive(location)
    capture = archive.put(b"<html>1</html>", url=URL, fetched_at=AT)
    lost = archive.put(b"<html>2</html>", url=URL, fetched_at=AT)
    name = f"bodies/{capture.sha256[:2]}/{capture.sha256}.gz"
    archive._backend.keep(name, archive._backend.load(name)[:-3])
    fs = archive._backend._fs  # type: ignore[attr-defined]
    fs.rm(archive._backend._path(f"bodies/{lost.sha256[:2]}/{lost.sha256}.gz"))  # type: ignore[attr-defined]
    reader = Archive(location)
    with pytest.raises(CaptureCorrupt):
        reader.read(capture.sha256)
    with pytest.raises(CaptureMissing):
        reader.read(lost.sha256)
    assert sorted(p.code for p in reader.verify()) == ["CaptureCorrupt", "CaptureMissing"]


def test_a_bucket_that_is_not_there(s3: str) -> None:
    with pytest.raises(ArchiveWriteFailed):
        Archive("s3://nowhere/x").put(b"x", url=URL, fetched_at=AT)
    with pytest.raises((ArchiveMissing, ArchiveUnreadable)):
        list(Archive("s3://nowhere/x").captures())


def test_a_store_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {
        "endpoint_url": "http://127.0.0.1:1",
        "key": "k",
        "secret": "s",
        "config_kwargs": {"retries": {"max_attempts": 1}, "connect_timeout": 1},
        "skip_instance_cache": True,
    }
    with pytest.raises(ArchiveWriteFailed):
        Archive("s3://evidence/x", **options).put(b"x", url=URL, fetched_at=AT)
