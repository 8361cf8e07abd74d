"""What a fetch has to know about a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class SourcePolicy(Protocol):
    """Satisfied by a configured source. `allow_hosts` are host names, without scheme; a port in them is ignored.

    A source may also have `legacy_tls` (bool): after a TLS failure, one more try with what old servers need; and
    `interface` (str): pattern of the paths of a documented interface for programs, to which a Disallow in robots.txt,
    written for crawlers, does not apply. Its Crawl-delay and everything else does; and `private_ports` (set of int):
    the only ports that are asked on a private host.
    """

    @property
    def id(self) -> str: ...
    @property
    def allow_hosts(self) -> Sequence[str]: ...
    @property
    def allow_private_hosts(self) -> bool: ...
    @property
    def delay_seconds(self) -> float: ...
    @property
    def concurrency(self) -> int: ...
    @property
    def connect_timeout_seconds(self) -> float: ...
    @property
    def read_timeout_seconds(self) -> float: ...
    @property
    def deadline_seconds(self) -> float: ...
    @property
    def max_bytes(self) -> int: ...
    @property
    def verify_tls(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Policy:
    """A SourcePolicy by itself: for a single URL, an archive's host, or a test."""

    id: str
    allow_hosts: tuple[str, ...]
    allow_private_hosts: bool = False
    delay_seconds: float = 1.0
    concurrency: int = 1
    connect_timeout_seconds: float = 15.0
    read_timeout_seconds: float = 30.0
    deadline_seconds: float = 300.0
    max_bytes: int = 64 << 20
    verify_tls: bool = True
    legacy_tls: bool = False
    interface: str = ""
    private_ports: frozenset[int] | None = None
