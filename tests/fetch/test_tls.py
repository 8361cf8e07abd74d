"""Row 13: TLS is verified; exceptions are the source's own, and visible."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tasks.fetch import Fetcher
from tasks.model import Outcome
from tests.fetch import faulty
from tests.fetch.conftest import local
from tests.fetch.faulty import PAGE, FaultyServer


class Authority:
    """A certificate authority of our own, and the servers it vouches for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Liuwan Test CA")])
        self.bundle = folder / "ca.pem"
        builder = self._builder(self._name, self._key, days=10)
        authority = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        self._cert = authority.add_extension(usage, critical=True).sign(self._key, hashes.SHA256())
        self.bundle.write_bytes(self._cert.public_bytes(serialization.Encoding.PEM))

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, days: int) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.UTC)
        ends = now + datetime.timedelta(days=days)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(now, ends) - datetime.timedelta(days=1))
            .not_valid_after(ends)
        )

    def server(self, host: str = "127.0.0.1", *, days: int = 5, itself: bool = False) -> ssl.SSLContext:
        """A server's context, for a host; expired with negative `days`; signed by `itself`."""
        key = ec.generate_private_key(ec.SECP256R1())
        name: x509.GeneralName
        try:
            name = x509.IPAddress(ipaddress.ip_address(host))
        except ValueError:
            name = x509.DNSName(host)
        builder = self._builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), key, days)
        cert = builder.add_extension(x509.SubjectAlternativeName([name]), critical=False)
        signed = cert.sign(key if itself else self._key, hashes.SHA256())
        path = self._folder / f"{host}-{days}-{itself}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + private)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


def test_a_good_certificate_loads(authority: Authority, make: Callable[..., Fetcher]) -> None:
    with FaultyServer(authority.server()) as server:
        server.play("/a", faulty.answer())
        fetcher = make(ca_bundle=str(authority.bundle))
        for _ in range(3):
            result = fetcher.fetch(server.url("/a"), source=local())
            assert (result.outcome, result.body, result.detail) == (Outcome.NEW, PAGE, "")
        assert server.connections == 1


@pytest.mark.parametrize(
    "bad", [{"days": -1}, {"itself": True}, {"host": "other.example"}], ids=["expired", "self-signed", "wrong host"]
)
def test_row_13_a_bad_certificate_is_refused_unless_the_source_says_so(
    authority: Authority, make: Callable[..., Fetcher], bad: dict[str, object]
) -> None:
    with FaultyServer(authority.server(**bad)) as server:  # type: ignore[arg-type]
        server.play("/a", faulty.answer())
        fetcher = make(ca_bundle=str(authority.bundle))
        result = fetcher.fetch(server.url("/a"), source=local())
        assert result.outcome is Outcome.FAILED
        assert result.detail.startswith("TlsFailed:")
        assert server.heard == []  # nothing was asked over it
        lenient = fetcher.fetch(server.url("/a"), source=local(id="lenient", verify_tls=False))
        assert (lenient.outcome, lenient.body) == (Outcome.NEW, PAGE)
        assert lenient.detail  # the exception shows
        assert fetcher.fetch(server.url("/a"), source=local()).outcome is Outcome.FAILED


def test_row_13_an_end_in_the_handshake_is_tried_again(authority: Authority, make: Callable[..., Fetcher]) -> None:
    with FaultyServer(authority.server()) as server:
        server.play("/a", faulty.answer())
        server.refuse = 2
        result = make(ca_bundle=str(authority.bundle)).fetch(server.url("/a"), source=local())
        assert (result.outcome, result.body) == (Outcome.NEW, PAGE)
        assert server.connections == 3


def test_row_13_an_authority_nobody_knows(authority: Authority, fetcher: Fetcher) -> None:
    with FaultyServer(authority.server()) as server:
        result = fetcher.fetch(server.play("/a", faulty.answer()), source=local())
        assert result.detail.startswith("TlsFailed:")


def test_row_13_plain_http_on_the_tls_port(server: FaultyServer, fetcher: Fetcher) -> None:
    url = server.url("/a").replace("http:", "https:")
    with FaultyServer() as plain:
        plain.play("/a", faulty.answer())

        def greets(connection: faulty.socket.socket, _: faulty.Heard) -> None:
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        # A plain server reads the handshake as nonsense; ours hears no request line and answers at once.
        plain.play("/", greets)
        url = f"https://127.0.0.1:{plain.port}/a"
        result = fetcher.fetch(url, source=local(read_timeout_seconds=0.3, connect_timeout_seconds=0.3))
    assert result.outcome is Outcome.FAILED
    assert result.capture is None


def test_row_13_an_alert_then_old_tls_where_the_source_allows_it(
    authority: Authority, make: Callable[..., Fetcher]
) -> None:
    context = authority.server()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0")  # what today's clients leave out
    with FaultyServer(context) as server:
        server.play("/a", faulty.answer())
        fetcher = make(ca_bundle=str(authority.bundle))
        strict = fetcher.fetch(server.url("/a"), source=local())
        if strict.outcome is Outcome.NEW:
            pytest.skip("this OpenSSL still offers the old cipher by default")
        assert strict.detail.startswith("TlsFailed:")
        old = fetcher.fetch(server.url("/a"), source=local(id="old", legacy_tls=True))
        assert (old.outcome, old.body) == (Outcome.NEW, PAGE)
        assert old.detail


def test_old_tls_still_verifies(authority: Authority, make: Callable[..., Fetcher]) -> None:
    for bad in (authority.server(days=-1), authority.server("other.example"), authority.server(itself=True)):
        with FaultyServer(bad) as server:
            server.play("/a", faulty.answer())
            fetcher = make(ca_bundle=str(authority.bundle))
            result = fetcher.fetch(server.url("/a"), source=local(legacy_tls=True))
            assert result.detail.startswith("TlsFailed:")


def test_a_cut_body_over_tls(authority: Authority, make: Callable[..., Fetcher]) -> None:
    with FaultyServer(authority.server()) as server:
        cut = faulty.raw(b"HTTP/1.1 200 OK\r\n\r\n" + PAGE[:400])
        slow = faulty.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x")
        more = faulty.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n" + PAGE, close=False)
        fetcher = make(ca_bundle=str(authority.bundle))
        source = local(deadline_seconds=0.6)
        for play, error in ((cut, "BodyCut"), (slow, "DeadlineExceeded"), (more, "LengthsDisagree")):
            result = fetcher.fetch(server.play("/a", play), source=source)
            assert result.detail.startswith(f"{error}:"), result.detail
