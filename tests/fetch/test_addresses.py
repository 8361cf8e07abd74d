"""Rows 9-12 and 34: redirects by hand, and no connection outside the source's hosts."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.fetch import Fetcher
from tasks.fetch.addresses import checked_addresses, web_url
from tasks.fetch.errors import AddressRefused, FetchError, NameNotResolved, UrlRefused
from tasks.model import FetchResult, Outcome
from tests.fetch import faulty
from tests.fetch.conftest import local
from tests.fetch.faulty import PAGE, FaultyServer


def name_of(result: FetchResult) -> str:
    return result.detail.partition(":")[0]


# ── addresses ───────────────────────────────────────────────────────────────────────────────────────────────────────

PRIVATE = ["127.0.0.1", "10.1.2.3", "172.16.0.9", "192.168.1.1", "fc00::1", "::1", "::ffff:127.0.0.1"]
NEVER = ["169.254.169.254", "0.0.0.0", "::", "224.0.0.1", "fe80::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"]
ALSO_PRIVATE = ["100.64.0.1", "198.18.0.1", "240.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "192.0.2.1"]


def resolving(*addresses: str) -> Callable[[str, int], list[str]]:
    return lambda host, port: list(addresses)


@pytest.mark.parametrize("address", PRIVATE + NEVER + ALSO_PRIVATE)
def test_row_10_only_public_addresses(address: str) -> None:
    with pytest.raises(AddressRefused):
        checked_addresses("www.liuwan.example", 80, private=False, resolver=resolving(address))


@pytest.mark.parametrize("address", NEVER)
def test_row_10_metadata_and_the_like_are_never_allowed(address: str) -> None:
    with pytest.raises(AddressRefused):
        checked_addresses("portal", 80, private=True, resolver=resolving(address))


@pytest.mark.parametrize("address", PRIVATE)
def test_a_demo_may_use_private_addresses(address: str) -> None:
    assert checked_addresses("portal", 80, private=True, resolver=resolving(address)) == [address]


@pytest.mark.parametrize("address", ["61.153.183.10", "2409:8c20::1", "64:ff9b::3d99:b70a"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert checked_addresses("www.liuwan.example", 80, private=False, resolver=resolving(address)) == [address]


def test_row_10_one_private_address_among_public_ones_is_refused() -> None:
    with pytest.raises(AddressRefused):
        checked_addresses("a.example", 80, private=False, resolver=resolving("61.153.183.10", "10.0.0.1"))


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost"])
def test_row_10_disguised_loopback_is_refused_on_what_it_resolves_to(host: str) -> None:
    with pytest.raises((AddressRefused, NameNotResolved)):
        checked_addresses(host, 80, private=False)


def test_row_10_a_name_without_address() -> None:
    def fails(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(NameNotResolved):
        checked_addresses("gone.example", 80, private=False, resolver=fails)


# ── URLs ────────────────────────────────────────────────────────────────────────────────────────────────────────────

REFUSED_URLS = [
    "file:///etc/passwd",
    "ftp://www.liuwan.example/a",
    "gopher://www.liuwan.example/",
    "javascript:alert(1)",
    "http://good.example\\@evil.example/",
    "http://user:pass@www.liuwan.example/",
    "http://user@www.liuwan.example/",
    "http://www.liuwan.example/a b",
    "http://www.liuwan.example/\r\nX: 1",
    "http://",
    "http:///a",
    "http://www.liuwan.example:99999/",
    "www.liuwan.example/a",
    "",
]


@pytest.mark.parametrize("url", REFUSED_URLS)
def test_row_11_only_plain_web_urls(url: str) -> None:
    with pytest.raises(UrlRefused):
        web_url(url)


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://", "http://a@", "//", "HTTP://a.example"]))
def test_a_url_is_one_of_ours_or_refused(text: str, start: str) -> None:
    try:
        url = web_url(start + text)
    except UrlRefused:
        return
    assert url.scheme in ("http", "https")
    assert url.host
    assert "@" not in url.text.split("/")[2]
    assert web_url(url.text) == url


@pytest.mark.parametrize(
    ("base", "location", "target"),
    [
        ("http://a.example/x/y.html", "../z.html", "http://a.example/z.html"),
        ("http://a.example/x/", "//b.example/q", "http://b.example/q"),
        ("http://a.example/x?y=1", "?z=2", "http://a.example/x?z=2"),
        ("https://A.example:443/x", "/y#part", "https://a.example/y"),
        ("http://a.example/", "/\u00e6\u008a\u00a5.html", "http://a.example/%E6%8A%A5.html"),
        ("http://a.example/", "/\u00b1\u00a8.html", "http://a.example/%B1%A8.html"),
        ("http://a.example/", "/a%20b", "http://a.example/a%20b"),
    ],
    ids=["up", "host", "query", "fragment", "utf-8 bytes", "gbk bytes", "escaped"],
)
def test_redirect_targets(base: str, location: str, target: str) -> None:
    assert web_url(base).join(location).text == target


# ── over the wire ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_row_9_a_redirect_is_followed_and_recorded(server: FaultyServer, fetcher: Fetcher) -> None:
    server.play("/new/a.html", faulty.answer())
    result = fetcher.fetch(server.play("/old.html", faulty.redirect("/new/a.html")), source=local())
    assert (result.outcome, result.body) == (Outcome.NEW, PAGE)
    assert result.capture is not None
    assert (result.capture.url, result.capture.final_url) == (server.url("/old.html"), server.url("/new/a.html"))


@pytest.mark.parametrize(
    ("status", "method"), [("302 Found", "GET"), ("303 See", "GET"), ("307 T", "POST"), ("308 P", "POST")]
)
def test_a_redirected_form(server: FaultyServer, fetcher: Fetcher, status: str, method: str) -> None:
    server.play("/to", faulty.answer())
    fetcher.fetch(server.play("/from", faulty.redirect("/to", status=status)), source=local(), data={"col": "1"})
    (heard,) = server.asked("/to")
    assert (heard.method, heard.body) == (method, b"col=1" if method == "POST" else b"")


def test_row_9_a_loop_and_a_long_chain_end(server: FaultyServer, fetcher: Fetcher) -> None:
    server.play("/a", faulty.redirect("/b"))
    server.play("/b", faulty.redirect("/a"))
    result = fetcher.fetch(server.url("/a"), source=local())
    assert (result.outcome, name_of(result)) == (Outcome.FAILED, "RedirectLoop")
    assert "/b" in result.detail
    for n in range(60):
        server.play(f"/{n}", faulty.redirect(f"/{n + 1}"))
    server.play("/60", faulty.answer())
    result = fetcher.fetch(server.url("/0"), source=local())
    assert (result.outcome, name_of(result)) == (Outcome.FAILED, "RedirectLoop")
    assert not server.asked("/12")


def test_row_9_ten_redirects_are_followed(server: FaultyServer, fetcher: Fetcher) -> None:
    for n in range(10):
        server.play(f"/{n}", faulty.redirect(f"/{n + 1}"))
    server.play("/10", faulty.answer())
    assert fetcher.fetch(server.url("/0"), source=local()).outcome is Outcome.NEW


def test_a_redirect_without_a_target(server: FaultyServer, fetcher: Fetcher) -> None:
    result = fetcher.fetch(server.play("/a", faulty.answer(b"", status="302 Found")), source=local())
    assert (result.outcome, name_of(result)) == (Outcome.FAILED, "MalformedAnswer")


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("http://127.0.0.2:{port}/secret", "HostNotAllowed"),
        ("http://localhost:{port}/secret", "HostNotAllowed"),
        ("http://2130706433:{port}/secret", "HostNotAllowed"),
        ("http://[::1]:{port}/secret", "HostNotAllowed"),
        ("http://[::ffff:127.0.0.1]:{port}/secret", "HostNotAllowed"),
        ("http://169.254.169.254/latest/meta-data", "HostNotAllowed"),
        ("//127.0.0.2:{port}/secret", "HostNotAllowed"),
        ("file:///etc/passwd", "UrlRefused"),
        ("ftp://127.0.0.1/secret", "UrlRefused"),
        ("gopher://127.0.0.1:{port}/secret", "UrlRefused"),
        ("http://127.0.0.1:{port}\\@127.0.0.2/secret", "UrlRefused"),
        ("http://me:pw@127.0.0.1:{port}/secret", "UrlRefused"),
    ],
)
def test_rows_10_and_11_a_redirect_out_is_refused(
    server: FaultyServer, fetcher: Fetcher, target: str, error: str
) -> None:
    server.play("/secret", faulty.answer(b"<html>the crown jewels</html>"))
    result = fetcher.fetch(server.play("/a", faulty.redirect(target.format(port=server.port))), source=local())
    assert (result.outcome, name_of(result)) == (Outcome.FAILED, error)
    assert not server.asked("/secret")
    assert "pw" not in result.detail


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1"])
def test_row_10_an_allowed_name_that_points_inside(
    server: FaultyServer, make: Callable[..., Fetcher], address: str
) -> None:
    fetcher = make(resolver=resolving(address))
    source = local(allow_hosts=("www.liuwan.example",), allow_private_hosts=False)
    result = fetcher.fetch(f"http://www.liuwan.example:{server.port}/a", source=source)
    assert (result.outcome, name_of(result)) == (Outcome.FAILED, "AddressRefused")
    assert server.connections == 0


def test_row_10_rebinding_the_address_is_looked_up_once_for_each_connection(
    server: FaultyServer, make: Callable[..., Fetcher]
) -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    fetcher = make(resolver=rebinding)
    source = local(allow_hosts=("www.liuwan.example",))
    url = f"http://www.liuwan.example:{server.port}/a"
    server.play("/a", faulty.answer())
    # The look-up whose answer was checked is the one that was connected to; the connection is then kept.
    assert fetcher.fetch(url, source=source).outcome is Outcome.NEW
    assert server.asked("/a")[0].headers["host"] == f"www.liuwan.example:{server.port}"
    server.play("/a", faulty.raw(b""))
    result = fetcher.fetch(url, source=source)
    assert (result.outcome, name_of(result)) == (Outcome.FAILED, "AddressRefused")


def test_a_host_that_is_not_the_source_s_is_not_asked(server: FaultyServer, fetcher: Fetcher) -> None:
    result = fetcher.fetch(server.url("/a"), source=local(allow_hosts=("www.liuwan.example",)))
    assert (result.outcome, name_of(result)) == (Outcome.FAILED, "HostNotAllowed")
    assert server.connections == 0


def test_row_12_a_redirect_to_the_home_page_is_not_the_document(server: FaultyServer, fetcher: Fetcher) -> None:
    server.play("/index.html", faulty.answer())
    server.play("/", faulty.answer())
    for path, target in (("/art/1.html", "/index.html"), ("/art/2.html", "/")):
        result = fetcher.fetch(server.play(path, faulty.redirect(target)), source=local())
        assert (result.outcome, name_of(result)) == (Outcome.FAILED, "NotTheDocument")
        assert result.capture is not None


def test_row_34_a_redirect_to_itself_until_the_cookie_comes_back(server: FaultyServer, fetcher: Fetcher) -> None:
    def play(connection: socket.socket, heard: faulty.Heard) -> None:
        if "CT6T=abc" in heard.headers.get("cookie", ""):
            faulty.answer()(connection, heard)
        else:
            faulty.redirect("/a", headers="Set-Cookie: CT6T=abc; Path=/\r\n")(connection, heard)

    url = server.play("/a", play)
    assert fetcher.fetch(url, source=local()).outcome is Outcome.NEW
    assert fetcher.fetch(url, source=local(id="another-office")).outcome is Outcome.NEW
    cookies = [one.headers.get("cookie", "") for one in server.asked("/a")]
    assert cookies == ["", "CT6T=abc", "", "CT6T=abc"]  # kept for a source, and never another's


def test_a_cookie_is_kept_without_its_value(server: FaultyServer, fetcher: Fetcher) -> None:
    url = server.play("/a", faulty.answer(headers="Set-Cookie: JSESSIONID=f00ba4; Path=/; HttpOnly\r\n"))
    capture = fetcher.fetch(url, source=local()).capture
    assert capture is not None
    assert "f00ba4" not in repr(capture)
    assert any("JSESSIONID" in value for _, value in capture.headers)


def test_errors_have_an_outcome() -> None:
    def all_of(kind: type[FetchError]) -> list[type[FetchError]]:
        return [kind, *(deeper for child in kind.__subclasses__() for deeper in all_of(child))]

    assert {kind.outcome for kind in all_of(FetchError)} == {
        Outcome.FAILED,
        Outcome.BLOCKED,
        Outcome.GONE,
        Outcome.NOT_PUBLISHED,
    }
