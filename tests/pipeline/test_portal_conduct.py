"""How Jibao behaves towards portals and keeps what they said: lists that do not add up, politeness across processes,
robots.txt, hosts, cookies, TLS; the archive verified, exported, imported, in S3. By the command line."""

from __future__ import annotations

import datetime
import gzip
import itertools
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from warcio.archiveiterator import ArchiveIterator

from tests.pipeline.stage import Asked, Place, Reply, Stage, report, title_of
from tests.pipeline.test_portals import (
    YEAR,
    CrawlServer,
    Gkmlpt,
    Jcms,
    Jpaas,
    Trs,
    WaybackServer,
    crawl,
    jcms,
    jpaas,
    pages,
    place,
    stage,
    trs,
    wayback,
)

__all__ = ["place", "stage"]

SHELL = "<html><head><title>重点任务</title></head><body><div id=app></div><script src=/static/app.js></script></body></html>"


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def emptied(player: Jcms) -> None:
    player.entries = []


def ignoring(player: Jcms) -> None:
    whole = player.store
    player.store = lambda start, end, following: whole(1, 15, 2)  # type: ignore[method-assign]


def restless(player: Jcms) -> None:
    whole, count = player.store, itertools.count()

    def store(start: int, end: int, following: int) -> str:
        total = f"<totalrecord>{len(player.entries) + next(count)}<"
        return whole(start, end, following).replace(f"<totalrecord>{len(player.entries)}<", total)

    player.store = store  # type: ignore[method-assign]


def declaring_without_records(player: Jcms) -> None:
    player.store = lambda *_: "<datastore><totalrecord>74</totalrecord><recordset></recordset></datastore>"  # type: ignore[method-assign]


LISTS: dict[str, Callable[[Jcms], None]] = {
    "empty": emptied,
    "paging ignored": ignoring,
    "a total that never rests": restless,
    "a total without records": declaring_without_records,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_does_not_add_up(stage: Stage, place: Place, name: str) -> None:
    player = Jcms()
    stage.plays.append(player)
    place.sources(jcms(stage))
    assert place.backfill().status == 0
    before = place.belief()
    LISTS[name](player)
    done = place.backfill()
    assert done.status == 1
    assert [line for line in done.err.splitlines() if "[yunyang]" in line and stage.url in line]
    after = place.belief()
    assert (after["v_progress"], after["v_document"]) == (before["v_progress"], before["v_document"])
    assert "not_published" not in place.outcomes()


@pytest.mark.parametrize("family", ["hanweb-jcms", "hanweb-jpaas", "trs-wcm", "gkmlpt", "html-list"])
@pytest.mark.parametrize("page", [SHELL, ""])
def test_a_redesigned_portal(stage: Stage, place: Place, family: str, page: str) -> None:
    shell = (
        page
        or "<html><head><title>新版</title></head><body><p>欢迎来到云阳区人民政府新版门户网站首页</p></body></html>"
    )
    stage.plays.append(lambda _: Reply(shell))
    place.sources({"id": "new", "portal": family, "listing": f"{stage.url}/zwgk/list/index.html", "match": "执行情况"})
    done = place.backfill()
    assert done.status == 1
    assert "[new]" in done.err
    assert "not_published" not in place.outcomes()


def test_a_list_without_wanted_titles_that_becomes_empty(stage: Stage, place: Place) -> None:
    player = Jcms()
    player.entries = [one for one in player.entries if "执行情况" not in one[1]]
    stage.plays.append(player)
    place.sources(jcms(stage))
    assert place.backfill().status == 0
    assert place.outcomes().count("not_published") == 4
    player.entries = []
    done = place.backfill()
    assert done.status == 1
    assert "was 70" in done.err
    assert place.outcomes().count("not_published") == 4


def test_entries_fall_off_the_list(stage: Stage, place: Place) -> None:
    player = Jcms()
    stage.plays.append(player)
    place.sources(jcms(stage))
    assert place.backfill().status == 0
    before = place.belief()
    player.entries = [one for one in player.entries if one[1] != title_of(2024, 1)]
    assert place.backfill().status == 0
    assert place.belief() == before


# ── trying a source, reading one page ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("family", ["jcms", "jpaas", "trs", "gkmlpt", "wayback", "crawl"])
def test_a_source_is_tried_without_loading(stage: Stage, place: Place, family: str) -> None:
    players: dict[str, tuple[object, dict[str, object]]] = {
        "jcms": (Jcms(), jcms(stage)),
        "jpaas": (Jpaas(), jpaas(stage)),
        "trs": (Trs(), trs(stage)),
        "gkmlpt": (
            Gkmlpt(),
            {"id": "y", "portal": "gkmlpt", "listing": f"{stage.url}/yhfgj/gkmlpt/index#721", "match": "执行情况"},
        ),
        "wayback": (WaybackServer(), wayback(stage)),
        "crawl": (CrawlServer(), crawl(stage)),
    }
    player, source = players[family]
    stage.plays.append(player)  # type: ignore[arg-type]
    place.sources(source)
    done = place.jibao("sources", "check", "--live", str(source["id"]))
    assert done.status == 0, done.out + done.err
    assert done.out.count("政府工作报告重点任务执行情况") >= 5
    assert "8 rows" in done.out
    assert place.view("v_document").height == place.view("v_fetch").height == 0
    assert not Path(place.archive).exists()


def test_one_page_is_read_from_its_address(stage: Stage, place: Place) -> None:
    import json

    stage.plays.append(pages({"/a.html": report(2024, 3), "/b.html": Reply("<h1>403 Forbidden</h1>", 403)}))
    done = place.jibao("parse", f"{stage.url}/a.html")
    assert done.status == 0, done.err
    found = json.loads(done.out)
    assert (found["meta"]["period"], len(found["rows"])) == ("2024Q3", 8)
    done = place.jibao("parse", f"{stage.url}/b.html")
    assert done.status == 1
    assert f"{stage.url}/b.html" in done.err
    assert not done.out


# ── politeness, robots.txt, hosts, cookies, TLS ──────────────────────────────────────────────────────────────────────


def command(place: Place, *arguments: str) -> subprocess.Popen[str]:
    """The command as a process of its own."""
    places = [
        "--sources",
        str(place.folder / "sources.yaml"),
        "--warehouse",
        place.warehouse,
        "--archive",
        place.archive,
    ]
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *places, *arguments],
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_are_one_visitor(stage: Stage, place: Place, tmp_path: Path) -> None:
    busy, lock, most = 0, threading.Lock(), 0

    def watched(asked: Asked) -> Reply | None:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        try:
            return player(asked)
        finally:
            with lock:
                busy -= 1

    player = Jcms()
    stage.plays.append(watched)
    other = Place(tmp_path / "other")
    for at in (place, other):
        at.sources(jcms(stage, delay_seconds=0.2))
    running = [command(at, "backfill", "--from", "2024Q1", "--to", "2024Q4") for at in (place, other)]
    for one in running:
        _, err = one.communicate(timeout=120)
        assert one.returncode == 0, err
    assert place.loaded() == other.loaded() == YEAR
    assert most == 1
    times = sorted(one.at for one in stage.asked)
    assert min(after - before for before, after in itertools.pairwise(times)) > 0.19


@pytest.mark.parametrize(
    ("robots", "told"),
    [
        (Reply("User-agent: *\nDisallow: /col/\n", kind="text/plain"), "blocked"),
        (Reply("User-agent: jibao\nDisallow: /\n\nUser-agent: *\nAllow: /\n", kind="text/plain"), "blocked"),
        (Reply("busy", 503), "failed"),
        (Reply("User-agent: *\nDisallow: /admin/\n", kind="text/plain"), ""),
        (Reply("no", 403), ""),
        (Reply("<html><body>首页</body></html>"), ""),
    ],
)
def test_robots(stage: Stage, place: Place, robots: Reply, told: str) -> None:
    stage.plays += [pages({"/robots.txt": robots}), Jcms()]
    place.sources(jcms(stage))
    done = place.backfill()
    assert done.status == bool(told)
    assert len(stage.to("/col/col1229000111/index.html")) == (0 if told else 1)
    if told:
        assert set(place.outcomes()) == {told}
        assert "robots.txt" in done.err


def test_a_document_that_robots_keeps_from_us(stage: Stage, place: Place) -> None:
    stage.plays += [pages({"/robots.txt": Reply("User-agent: *\nDisallow: /art/\n", kind="text/plain")}), Jcms()]
    place.sources(jcms(stage))
    done = place.backfill()
    assert done.status == 1
    assert not [one for one in stage.asked if one.path.startswith("/art/")]
    assert set(place.loaded()) == {"2024H1", "2024"}  # those under /col/


def test_obedience_to_robots_can_be_asked_for(stage: Stage, place: Place) -> None:
    stage.plays.append(WaybackServer())
    source = wayback(stage)
    place.sources({**source, "options": {"endpoint": stage.url, "obey_robots": True}})
    assert place.backfill().status == 1
    assert not stage.to("/cdx/")


def test_a_list_that_leads_into_the_network(stage: Stage, place: Place) -> None:
    with Stage() as inside:
        inside.plays.append(lambda _: Reply("<html>secret</html>"))
        links = "".join(
            f"<li><a href='{url}' title='{title_of(2024, 3)}'>x</a><i>2024-10-18</i></li>"
            for url in (
                inside.url + "/admin/t20241018_1.html",
                "http://169.254.169.254/latest/t20241018_2.html",
                "http://2130706433/t20241018_3.html",
                "http://[::ffff:127.0.0.1]/t20241018_4.html",
                "file:///etc/t20241018_5.html",
                "javascript:alert(1)",
                "//evil.example/t20241018_6.html",
                "http://127.0.0.1\\@evil.example/t20241018_7.html",
            )
        )
        good = "/zw/t20240418_9.html"
        page = f"<html><head><title>公开</title></head><body><ul>{links}<li><a href='{good}'>{title_of(2024, 1)}</a><i>2024-04-18</i></li></ul></body></html>"
        stage.plays.append(pages({"/list.html": page, good: report(2024, 1)}))
        place.sources({"id": "tricky", "portal": "html-list", "listing": f"{stage.url}/list.html", "match": "执行情况"})
        done = place.backfill()
        assert place.loaded() == {"2024Q1": 8}, done.err
        assert not inside.asked
        said = place.view("v_warning")["code"].to_list()
        assert {"entry_other_host", "entry_other_scheme"} <= set(said)


def test_cookies_come_back_to_their_source_only(stage: Stage, place: Place) -> None:
    def gate(asked: Asked) -> Reply | None:
        if "ticket=1" in asked.headers.get("cookie", ""):
            return None
        return Reply(status=302, headers=(("Location", asked.target), ("Set-Cookie", "ticket=1; path=/")))

    stage.plays += [gate, Jcms()]
    place.sources(jcms(stage))
    assert place.backfill().status == 0
    assert place.loaded() == YEAR
    stage.plays[0] = lambda asked: Reply(status=302, headers=(("Location", asked.target),))
    asked = len(stage.asked)
    done = place.backfill()
    assert done.status == 1
    assert len(stage.asked) - asked < 12


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_certificate_that_nobody_vouches_for(stage: Stage, place: Place, certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    stage.secure(context)
    stage.plays.append(Jcms())
    place.sources(jcms(stage))
    done = place.backfill()
    assert done.status == 1
    assert not stage.asked
    assert "ertificate" in done.err
    place.sources(jcms(stage, verify_tls=False))
    assert place.backfill().status == 0
    assert place.loaded() == YEAR
    details = place.view("v_fetch").filter(outcome="new")["detail"].to_list()
    assert details
    assert all("verified" in one for one in details)


# ── the archive ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_archive_is_checked_exported_and_imported(stage: Stage, place: Place, tmp_path: Path) -> None:
    stage.plays.append(Jcms())
    place.sources(jcms(stage))
    assert place.backfill().status == 0
    assert place.jibao("archive", "verify").status == 0
    out = tmp_path / "all.warc.gz"
    assert place.jibao("archive", "export", "--out", str(out)).status == 0
    with out.open("rb") as stream:
        kinds = [
            record.rec_type
            for record in ArchiveIterator(stream, check_digests="raise")
            if record.content_stream().read() or True
        ]
    assert kinds.count("response") >= 7
    # Into an empty archive, and from there into an empty warehouse.
    other = Place(tmp_path / "other")
    other.sources(jcms(stage))
    assert other.jibao("archive", "import", str(out), "--source", "yunyang").status == 0
    asked = len(stage.asked)
    done = other.backfill("--from-archive")
    assert done.status == 0, done.err
    assert len(stage.asked) == asked
    assert other.loaded() == YEAR
    # And as a source of its own.
    third = Place(tmp_path / "third")
    (third.folder / "all.warc.gz").write_bytes(out.read_bytes())
    third.sources(
        {
            "id": "w",
            "portal": "warc",
            "listing": "all.warc.gz",
            "match": "执行情况",
            "allow_hosts": ["127.0.0.1"],
            "allow_private_hosts": True,
        }
    )
    assert third.backfill().status == 0
    assert third.loaded() == YEAR


@pytest.mark.parametrize("damage", ["flip", "cut", "gone"])
def test_a_damaged_archive_is_named_and_mended(stage: Stage, place: Place, damage: str) -> None:
    stage.plays.append(Jcms())
    place.sources(jcms(stage))
    assert place.backfill().status == 0
    sha256 = place.view("v_document", period="2024Q3")["capture_sha256"][0]
    path = next(Path(place.archive).rglob(f"{sha256}*"))
    body = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.chmod(0o644)
        whole = gzip.compress(gzip.decompress(body).replace("按计划".encode(), "按计画".encode(), 1))
        path.write_bytes(whole if damage == "flip" else body[: len(body) // 2])
    done = place.jibao("archive", "verify")
    assert done.status == 1
    assert sha256 in done.out
    asked = len(stage.asked)
    other = Place(place.folder, f"sqlite:///{place.folder}/again.db", place.archive)
    rebuilt = other.backfill("--from-archive")
    assert rebuilt.status == 1
    assert [line for line in rebuilt.err.splitlines() if "[yunyang]" in line and "2024Q3" in line]
    assert set(other.loaded()) == {"2024Q1", "2024H1", "2024"}
    assert len(stage.asked) == asked
    before = place.belief()
    assert place.backfill().status == 0  # asked for whole, kept again
    assert place.belief() == before
    assert place.jibao("archive", "verify").status == 0
    assert other.backfill("--from-archive").status == 0


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> object:
    moto = pytest.importorskip("moto.server")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "FSSPEC_S3_ENDPOINT_URL": f"http://{host}:{port}",
    }.items():
        monkeypatch.setenv(name, value)
    import boto3  # type: ignore[import-untyped]

    boto3.client("s3", endpoint_url=f"http://{host}:{port}").create_bucket(Bucket="evidence")
    yield "s3://evidence/jibao"
    server.stop()


def test_the_archive_in_s3(stage: Stage, place: Place, bucket: str, tmp_path: Path) -> None:
    stage.plays.append(Jcms())
    place.archive = bucket
    place.sources(jcms(stage))
    done = place.backfill()
    assert done.status == 0, done.err
    assert place.loaded() == YEAR
    assert place.jibao("archive", "verify").status == 0
    assert place.jibao("archive", "export", "--out", str(tmp_path / "s3.warc.gz")).status == 0
    asked = len(stage.asked)
    other = Place(tmp_path / "other", archive=bucket)
    other.sources(jcms(stage))
    assert other.backfill("--from-archive").status == 0
    assert other.loaded() == YEAR
    assert len(stage.asked) == asked
