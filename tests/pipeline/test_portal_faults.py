"""What portals send in place of a list or a report, by the command line: each outcome told apart, nothing half-loaded,
the other documents and sources going on."""

from __future__ import annotations

import gzip
import zlib

import pytest

from tests.pipeline.stage import LOST, Asked, Place, Reply, Stage, page_of, report, title_of
from tests.pipeline.test_portals import YEAR, Jcms, jcms, pages, place, stage

__all__ = ["place", "stage"]

JSL = (
    "<script>document.cookie=('_')+('_')+('j')+('s')+('l')+'_clearance_s='+(-~[]+'')+';max-age=3600;path=/';"
    "location.href=location.pathname+location.search</script>"
)
RUISHU = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><meta content="xK2" id="9DhefwqGPrzGxEp9hPaoag">'
    '<script type="text/javascript" charset="iso-8859-1" src="/4QbVtADbnLVIc/d.FxJzG50F.js" r="m"></script>'
    "<script r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=39087;(function(){_$a(1)})()</script></head><body></body></html>"
)
SOFT = (
    "<html><head><title>云阳区人民政府</title></head><body><div class=nav><a href='/'>首页</a><a href='/zwgk/'>政务公开</a></div>"
    "<div class=main><p>您访问的页面不存在或已被删除!</p><a href='/'>返回首页</a></div></body></html>"
)
REPAIR = "<html><head><title>系统维护</title></head><body><h2>系统升级维护中</h2><p>给您带来不便,敬请谅解。</p></body></html>"
LOGIN = (
    "<html><head><title>用户登录</title></head><body><form action='/login.do'>用户名<input name=u>密码<input type=password name=p>"
    "<button>登录</button></form></body></html>"
)
HOME = (
    "<html><head><title>云阳区人民政府门户网站</title></head><body><div>要闻</div>"
    + "".join(f"<li><a href='/art/2024/1/{n}/art_99_{n}.html'>云阳要闻第{n}条标题内容</a></li>" for n in range(1, 25))
    + "</body></html>"
)
WAF = "<html><head><title>访问被拦截</title></head><body><h1>您的访问请求可能对网站造成威胁,已被云防护拦截</h1></body></html>"
GOOD = report(2024, 3).encode()


def packed_cut() -> bytes:
    whole = gzip.compress(GOOD)
    return whole[: len(whole) // 2]


def http(head: str, body: bytes) -> Reply:
    return Reply(raw=f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n{head}\r\n\r\n".encode() + body)


BOMB = zlib.compressobj(9, zlib.DEFLATED, 31)
BOMB_BYTES = BOMB.compress(b"<p>" + b" " * (90 << 20)) + BOMB.flush()

FAULTS: dict[str, tuple[Reply, str]] = {
    "jsl 521": (Reply(JSL, 521), "blocked"),
    "jsl 200": (Reply(JSL), "blocked"),
    "jsl 202": (Reply(JSL, 202), "blocked"),
    "jsl 512": (Reply(JSL, 512), "blocked"),
    "ruishu 412": (Reply(RUISHU, 412), "blocked"),
    "ruishu 200": (Reply(RUISHU), "blocked"),
    "ruishu 202": (Reply(RUISHU, 202), "blocked"),
    "waf 403": (Reply(WAF, 403), "blocked"),
    "waf 200": (Reply(WAF), "blocked"),
    "plain 403": (Reply("<h1>403 Forbidden</h1>", 403), "blocked"),
    "404": (LOST, "gone"),
    "410": (Reply("gone", 410), "gone"),
    "soft 404": (Reply(SOFT), "gone"),
    "500": (Reply("<h1>500</h1>", 500), "failed"),
    "maintenance": (Reply(REPAIR), "failed"),
    "login": (Reply(LOGIN), "failed"),
    "redirect home": (Reply(status=302, headers=(("Location", "/"),)), "failed"),
    "redirect index": (Reply(status=302, headers=(("Location", "/index.html"),)), "failed"),
    "meta refresh": (Reply('<html><head><meta http-equiv="refresh" content="0;url=/"></head></html>'), "failed"),
    "empty": (Reply(b""), "failed"),
    "blank": (Reply(b"   \n\n  "), "failed"),
    "304 unasked": (Reply(status=304), "failed"),
    "cut length": (http(f"Content-Length: {len(GOOD)}", GOOD[:2000]), "failed"),
    "cut no length": (http("Connection: close", GOOD[: len(GOOD) * 2 // 3]), "failed"),
    "cut chunk": (http("Transfer-Encoding: chunked", b"800\r\n" + GOOD[:0x800] + b"\r\n"), "failed"),
    "bad chunk": (http("Transfer-Encoding: chunked", b"zz\r\n" + GOOD[:100]), "failed"),
    "too short": (http(f"Content-Length: {len(GOOD) // 2}", GOOD), "failed"),
    "two lengths": (http(f"Content-Length: {len(GOOD)}\r\nContent-Length: 7", GOOD), "failed"),
    "cut gzip": (Reply(packed_cut(), headers=(("Content-Encoding", "gzip"),)), "failed"),
    "gzip bomb": (Reply(BOMB_BYTES, headers=(("Content-Encoding", "gzip"),)), "failed"),
    "40 encodings": (Reply(GOOD, headers=(("Content-Encoding", ", ".join(["gzip"] * 40)),)), "failed"),
    "lying encoding": (Reply(b"\x01\x02\x00" + GOOD, headers=(("Content-Encoding", "gzip"),)), "failed"),
    "endless length": (http("Content-Length: 1000000000000", GOOD), "failed"),
    "circle": (Reply(status=302, headers=(("Location", "/a"),)), "failed"),
    "metadata service": (Reply(status=302, headers=(("Location", "http://169.254.169.254/latest/"),)), "failed"),
    "other loopback": (Reply(status=302, headers=(("Location", "http://localhost:1/"),)), "failed"),
    "file": (Reply(status=302, headers=(("Location", "file:///etc/passwd"),)), "failed"),
    "userinfo": (Reply(status=302, headers=(("Location", "http://127.0.0.1@evil.example/"),)), "failed"),
    "malformed": (Reply(raw=b"HTTP/9 hello\r\n\r\n"), "failed"),
    "silent": (Reply(raw=b""), "failed"),
    "mixed encodings": (Reply(GOOD.replace("云阳".encode(), "云阳镕".encode("gb18030"), 1)), "flagged"),
    "no table": (Reply(page_of(title_of(2024, 3), "<p><img src='/scan.jpg'></p>")), "unread"),
    "rate limited a day": (Reply("slow down", 429, (("Retry-After", "86400"),)), "blocked"),
}


RETRIED = {name for name, (reply, _) in FAULTS.items() if reply.raw is not None or reply.status >= 500} | {
    "cut gzip",
    "lying encoding",
}
HOMES = pages(
    {
        "/": HOME,
        "/index.html": HOME,
        "/a": Reply(status=302, headers=(("Location", "/b"),)),
        "/b": Reply(status=302, headers=(("Location", "/a"),)),
    }
)


@pytest.mark.parametrize("name", FAULTS)
def test_one_document(stage: Stage, place: Place, name: str) -> None:
    fault, outcome = FAULTS[name]
    player = Jcms()
    bad = next(url for url, title, _ in player.entries if title == title_of(2024, 3))
    good = player.articles[bad]
    player.articles[bad] = fault
    stage.plays += [HOMES, player]
    place.sources(jcms(stage))
    done = place.backfill()
    told = [line for line in done.err.splitlines() if "[yunyang]" in line and stage.url + bad in line]
    if outcome == "flagged":
        assert done.status == 0
        assert place.view("v_warning", document_url=stage.url + bad).height
        return
    assert done.status == 1
    assert told
    # Who asks for a day's rest gets it for the whole host.
    assert set(place.loaded()) == {"2024Q1", "2024H1"} | ({"2024"} if not name.startswith("rate") else set())
    assert place.view("v_document", period="2024Q3").height == 0
    # What came whole but says nothing was fetched all the same.
    assert place.outcomes(bad)[-1] == ("new" if outcome == "unread" else outcome), told
    if name in RETRIED or name.startswith("rate"):
        return  # trying again takes its time; once is enough
    # Mended, it loads; broken again, what was believed stands.
    player.articles[bad] = good
    assert place.backfill().status == 0
    assert place.loaded() == YEAR
    player.articles[bad] = fault
    broken = place.backfill()
    assert broken.status == 1
    assert place.loaded() == YEAR


LISTING_FAULTS = (
    "jsl 521", "jsl 200", "ruishu 412", "waf 403", "404", "soft 404", "maintenance", "login", "empty", "blank",
    "meta refresh", "redirect index", "home", "cut gzip", "circle", "metadata service",
)  # fmt: skip


@pytest.mark.parametrize("name", LISTING_FAULTS)
def test_one_listing(stage: Stage, place: Place, name: str) -> None:
    fault, outcome = FAULTS.get(name, (Reply(HOME), "new"))
    broken = True

    def column(asked: Asked) -> Reply | None:
        return fault if broken and asked.path == "/col/col1229000111/index.html" else None

    stage.plays += [column, HOMES, Jcms()]
    with Stage() as other:
        other.plays.append(Jcms())
        place.sources(jcms(stage), jcms(other, id="heyang"))
        first = place.backfill()
        assert first.status == 1
        assert place.loaded("yunyang") == {}
        assert place.loaded("heyang") == YEAR
        assert [line for line in first.err.splitlines() if "[yunyang]" in line and stage.url in line]
        assert "not_published" not in place.outcomes(source="yunyang")
        # A home page under the list's own address came whole; that it is no list is said by the error.
        assert place.outcomes("index.html", source="yunyang")[-1] == outcome
        broken = False
        assert place.backfill().status == 0
        before = place.belief()
        broken = True
        assert place.backfill().status == 1
        after = place.belief()
        assert (after["v_progress"], after["v_document"]) == (before["v_progress"], before["v_document"])
