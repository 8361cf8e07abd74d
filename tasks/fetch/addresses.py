"""Which URLs, hosts and addresses may be asked. One URL parser, used for checking and for connecting alike."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urljoin

from urllib3.exceptions import HTTPError
from urllib3.util import parse_url

from tasks.config.fields import is_private_host
from tasks.fetch.errors import AddressRefused, HostNotAllowed, NameNotResolved, UrlRefused
from tasks.fetch.wording import shown

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_IP = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Resolver = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class WebUrl:
    """An http(s) URL in its one form: lower-case scheme and host, A-labels, no fragment, no default port."""

    text: str
    scheme: str
    host: str  # without brackets
    port: int
    path: str
    query: str | None

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a robots.txt speaks for."""
        return f"{self.scheme}://{self._netloc}"

    @property
    def host_key(self) -> str:
        """What politeness counts as one host: http and https together, other ports apart."""
        return self.host if self.port in _DEFAULT_PORTS.values() else f"{self.host}:{self.port}"

    @property
    def _netloc(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def join(self, location: str) -> WebUrl:
        """The target of a redirect seen at this URL. `location` is a header's value as http.client gives it."""
        raw = location.strip()
        try:
            # Header bytes arrive as Latin-1; browsers percent-encode what is not ASCII, byte by byte.
            raw = quote(raw.encode("latin-1"), safe="!#$%&'()*+,/:;=?@[]~\\")
        except UnicodeEncodeError:
            raw = quote(raw, safe="!#$%&'()*+,/:;=?@[]~\\")
        if "\\" in raw:
            raise UrlRefused(f"a redirect with a backslash: {shown(location)}")
        return web_url(urljoin(self.text, raw))


def web_url(text: str) -> WebUrl:
    """Text → WebUrl. Raises UrlRefused for other schemes, user names, passwords, backslashes, blanks, no host."""
    text = text.strip()
    if _FORBIDDEN.search(text):
        raise UrlRefused(f"a blank, control character or backslash in {shown(text)}")
    try:
        parts = parse_url(text)
    except (HTTPError, ValueError) as error:
        raise UrlRefused(f"{shown(text)} is not a URL") from error
    scheme = (parts.scheme or "").lower()
    if scheme not in _DEFAULT_PORTS:
        raise UrlRefused(f"scheme {shown(scheme or 'none')} in {shown(text)}")
    if parts.auth is not None:
        raise UrlRefused(f"a user name or password in {shown(text)}")
    host = (parts.host or "").strip("[]").rstrip(".").lower()
    if not host or "%" in host or "@" in host:
        raise UrlRefused(f"no usable host in {shown(text)}")
    port = parts.port or _DEFAULT_PORTS[scheme]
    path = parts.path or "/"
    url = WebUrl("", scheme, host, port, path, parts.query)
    whole = f"{url.origin}{path}" + (f"?{parts.query}" if parts.query is not None else "")
    return WebUrl(whole, scheme, host, port, path, parts.query)


def check_host(url: WebUrl, allow_hosts: Sequence[str], private_ports: Container[int] | None = None) -> None:
    """Raises HostNotAllowed where the URL's host is not one of `allow_hosts` (names; a port in them is ignored).

    On a private host also where its port is none of `private_ports`: a demo portal on loopback is allowed, and with
    it nothing else that listens there.
    """
    for allowed in allow_hosts:
        if _host_of(allowed) == url.host:
            if private_ports is not None and url.port not in private_ports and is_private_host(url.host):
                raise HostNotAllowed(f"port {url.port} of the private host {shown(url.host)} is not the source's")
            return
    raise HostNotAllowed(f"{shown(url.host)} is not one of {', '.join(map(str, allow_hosts)) or 'none'}")


def _host_of(allowed: str) -> str:
    try:
        return web_url(f"http://{allowed}").host
    except UrlRefused:
        return allowed.strip("[]").rstrip(".").lower()


def system_resolver(host: str, port: int) -> list[str]:
    """The host's addresses as text, in the system's order. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked_addresses(host: str, port: int, *, private: bool, resolver: Resolver = system_resolver) -> list[str]:
    """Resolve a host and check every address. `private`: this machine and private networks are allowed.

    Raises NameNotResolved, and AddressRefused if a single address is refused: a name that points inside as well as
    outside is what an attack looks like.
    """
    try:
        found = list(resolver(host, port))
    except (OSError, UnicodeError) as error:
        raise NameNotResolved(f"{shown(host)}: {getattr(error, 'strerror', None) or error}") from error
    if not found:
        raise NameNotResolved(f"{shown(host)} has no address")
    for text in found:
        reason = _refusal(ipaddress.ip_address(text.partition("%")[0]), private)
        if reason:
            raise AddressRefused(f"{shown(host)} resolves to {text}: {reason}")
    return found


def _refusal(address: _IP, private: bool) -> str | None:
    for inner in _embedded(address):
        reason = _refusal(inner, private)
        if reason:
            return reason
    if isinstance(address, ipaddress.IPv6Address) and (address.ipv4_mapped or address in _NAT64):
        return None  # judged by the address within
    if address.is_unspecified:
        return "the unspecified address"
    if address.is_link_local:
        return "link-local, where metadata services live"
    if address.is_multicast:
        return "multicast"
    if address == ipaddress.ip_address("255.255.255.255"):
        return "broadcast"
    if address.is_global and not address.is_reserved:
        return None
    if private and (address.is_loopback or address.is_private):
        return None
    return "loopback" if address.is_loopback else "not a public address"


def _embedded(address: _IP) -> list[ipaddress.IPv4Address]:
    """IPv4 addresses that an IPv6 address stands for: mapped, 6to4, Teredo, NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in inner if one is not None]
