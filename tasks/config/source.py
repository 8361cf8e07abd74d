"""A source as `sources.yaml` describes it: validated, frozen, complete with its defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    field_validator,
    model_validator,
)

from tasks.config.fields import (
    Hosts,
    Names,
    Pattern,
    PeriodField,
    SourceId,
    Text,
    ZoneName,
    compile_pattern,
    is_private_host,
    normal_host,
    split_web_url,
)
from tasks.config.options import ARCHIVES, LOCAL, OPTIONS, AnyOptions, Portal
from tasks.model import Kind, Period
from tasks.text import clean_cell, fold

_FROZEN = ConfigDict(frozen=True, extra="forbid", strict=True)
Cadence = Literal["quarterly", "half-yearly", "annual"]
Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]


class Checks(BaseModel):
    """What a document must satisfy before it is believed; None leaves a check to its own default."""

    model_config = _FROZEN

    min_rows: int | None = Field(default=None, ge=0, le=100_000, description="fewer rows than this hold the document")
    max_dropped_share: float | None = Field(
        default=None, ge=0, le=1, description="a larger share of last quarter's rows gone holds the document"
    )
    max_identical_share: float | None = Field(
        default=None, ge=0, le=1, description="a larger share of statuses equal to last quarter's holds the document"
    )


class Aliases(BaseModel):
    """Column headings of this source beyond those known everywhere, by what they mean."""

    model_config = _FROZEN

    seq: Names = Field(default=(), description="of the printed number")
    category: Names = Field(default=(), description="of what groups the tasks")
    content: Names = Field(default=(), description="of what is promised")
    units: Names = Field(default=(), description="of who answers for it")
    status: Names = Field(default=(), description="of what was done")
    progress: Names = Field(default=(), description="of the percentage")


def _refuse_private(host: str, known: dict[str, Any]) -> None:
    if is_private_host(host) and not known.get("allow_private_hosts"):
        raise ValueError(f"{host} is a private host; set allow_private_hosts: true only for a demo or a test")


def _kind(value: Any) -> Any:
    return Kind(value) if isinstance(value, str) and value in set(Kind) else value


class Shared(BaseModel):
    """What `defaults` may set for every source, and each source for itself."""

    model_config = _FROZEN

    timezone: ZoneName = Field(
        default="Asia/Shanghai", description="in which the portal's dates and the quarters are meant"
    )
    cadence: Cadence = Field(default="quarterly", description="how often a report is due")
    delay_seconds: float = Field(
        default=1.0, ge=0, le=3600, allow_inf_nan=False, description="between two requests to a host"
    )
    concurrency: int = Field(default=1, ge=1, le=16, description="requests to a host at a time")
    connect_timeout_seconds: Seconds = Field(default=15.0, description="until the connection stands")
    read_timeout_seconds: Seconds = Field(default=30.0, description="without a byte")
    deadline_seconds: Seconds = Field(default=300.0, description="for one response in all")
    max_bytes: int = Field(default=64 * 1024 * 1024, ge=1024, le=2**31, description="of one unpacked response")
    verify_tls: bool = Field(
        default=True, description="false only for a portal whose certificate is known to be broken"
    )
    legacy_tls: bool = Field(default=False, description="after a TLS failure, try once with what old servers need")
    allow_private_hosts: bool = Field(default=False, description="true only for a portal on loopback (demo, tests)")
    follow_attachments: bool = Field(
        default=True, description="linked files that may hold the table are fetched and read"
    )
    full_reread_days: int = Field(
        default=30, ge=0, le=3650, description="after so many days a page is read without validators"
    )
    max_pages: int = Field(default=200, ge=1, le=10_000, description="of a list, before it is called endless")
    max_entries: int = Field(default=20_000, ge=1, le=1_000_000, description="of a list, before it is called endless")


class Source(Shared):
    """One publisher's column on a portal: an entry of `sources.yaml`."""

    _further_ports: frozenset[int] = PrivateAttr(default=frozenset())  # written in `allow_hosts`
    id: SourceId = Field(description="stable and unique: views and commands name the source by it")
    name: Text = Field(description="for people")
    publisher: Text = Field(description="the body whose reports these are")
    region: str = Field(
        default="", pattern=r"^(\d{6}|\d{9}|\d{12})?$", description="administrative division code, in quotes"
    )
    portal: Portal = Field(description="the portal family: how documents are listed")
    # Before listing, whose check looks at it.
    allow_hosts: Hosts = Field(default=(), description="the only hosts asked; the listing's host where absent")
    listing: str = Field(min_length=1, max_length=2000, description="the column's URL; a path for files and warc")
    since: PeriodField | None = Field(default=None, description="the first period the source has reports for")
    until: PeriodField | None = Field(default=None, description="the last one, for a source that has ended")
    match: Pattern | None = Field(default=None, description="which titles are reports (RE2 pattern); all where absent")
    exclude: Pattern | None = Field(default=None, description="which of those are not (RE2 pattern)")
    kind: Annotated[Kind | None, BeforeValidator(_kind)] = Field(
        default=None, description="where all documents are of one kind"
    )
    checks: Checks = Field(default=Checks(), description="what a document must satisfy before it is believed")
    aliases: Aliases = Field(default=Aliases(), description="headings of its tables beyond those known everywhere")
    continues: SourceId | None = Field(
        default=None, description="an archive's documents are kept as those of this source: its vanished years"
    )
    options: AnyOptions | None = Field(
        default=None, description="what the portal family is told", validate_default=True
    )
    enabled: bool = Field(default=True, description="false keeps the entry and does not run it")
    # Paths are meant relative to the folder of the file the source was read from.
    base: Path = Field(default=Path(), exclude=True, repr=False)

    @field_validator("options", mode="before")
    @classmethod
    def _options_of_family(cls, value: Any, info: Any) -> Any:
        family = OPTIONS.get(info.data.get("portal", ""))
        if family is None:
            return None  # the portal is wrong; that is the error to report
        if value is None:
            return family()
        return family.model_validate(value) if isinstance(value, dict) else value

    @model_validator(mode="wrap")
    @classmethod
    def _ports_written(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        made = handler(data)
        hosts = data.get("allow_hosts") if isinstance(data, dict) else None
        if isinstance(hosts, list | tuple):
            # Of `name:port`; an address with more colons is an IPv6 one without a port. All are valid by now.
            parts = [str(host).partition(":") for host in hosts if str(host).count(":") == 1]
            made._further_ports = frozenset(int(port) for _, _, port in parts)
        return made

    @field_validator("allow_hosts")
    @classmethod
    def _public_hosts(cls, hosts: tuple[str, ...], info: Any) -> tuple[str, ...]:
        for name in hosts:
            _refuse_private(name, info.data)
        return hosts

    @field_validator("listing")
    @classmethod
    def _listing_of_family(cls, listing: str, info: Any) -> str:
        portal = info.data.get("portal")
        if portal in LOCAL or (portal is None and "://" not in listing):
            if "://" in listing or "\x00" in listing:
                raise ValueError(f"is a path for a {portal} source, not {listing!r}")
            return listing
        host = normal_host(split_web_url(listing).hostname or "")
        _refuse_private(host, info.data)
        allowed = info.data.get("allow_hosts")
        if allowed and host not in allowed and portal not in ARCHIVES:
            raise ValueError(f"its host {host} is not in allow_hosts {list(allowed)}")
        return listing

    @field_validator("until")
    @classmethod
    def _ends_after_start(cls, until: Period | None, info: Any) -> Period | None:
        since = info.data.get("since")
        if since is not None and until is not None and until.end < since.end:
            raise ValueError(f"{until} lies before since: {since}")
        return until

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.continues is not None and self.portal not in (*ARCHIVES, *LOCAL):
            raise ValueError("only an archive or a folder continues another source")
        if not isinstance(self.options, OPTIONS[self.portal]):
            raise ValueError(f"options are not those of {self.portal}")  # noqa: TRY004 - pydantic wants ValueError
        if not self.allow_hosts and not self.is_local:
            object.__setattr__(self, "allow_hosts", (self.listing_host,))
        return self

    @property
    def stored_as(self) -> str:
        """The source under which documents are kept: `continues`, else the source itself."""
        return self.continues or self.id

    @property
    def is_local(self) -> bool:
        """Whether the documents lie in a folder or a file: nothing is asked of a network."""
        return self.portal in LOCAL

    @property
    def is_archive(self) -> bool:
        """Whether documents come from a web archive, with the capture's own time."""
        return self.portal in ARCHIVES

    @property
    def asked_hosts(self) -> tuple[str, ...]:
        """The hosts that requests go to: the portal's, a web archive's own; none for a local source."""
        places = [place for name in ("endpoint", "index", "data") if (place := getattr(self.options, name, None))]
        if places:
            return tuple(dict.fromkeys(normal_host(urlsplit(place).hostname or "") for place in places))
        return () if self.is_local else self.allow_hosts

    @property
    def private_ports(self) -> frozenset[int]:
        """The only ports asked on a private host: the listing's, a web archive's, those written in `allow_hosts`."""
        places = [getattr(self.options, name, None) for name in ("endpoint", "index", "data")]
        parts = [urlsplit(place) for place in (None if self.is_local else self.listing, *places) if place]
        return self._further_ports | {part.port or (443 if part.scheme == "https" else 80) for part in parts}

    @property
    def interface(self) -> str:
        """Pattern of the paths that a web archive offers to programs, which robots.txt does not speak of; or empty."""
        obeys = getattr(self.options, "obey_robots", True)
        return "" if obeys or self.options is None else self.options.interface

    @property
    def path(self) -> Path:
        """`listing` of a local source as a path; relative ones from the folder of the configuration."""
        return self.base / Path(self.listing).expanduser()

    @property
    def zone(self) -> ZoneInfo:
        """`timezone` as an object."""
        return ZoneInfo(self.timezone)

    def wants(self, title: str) -> bool:
        """Whether a title is one of this source's reports, by `match` and `exclude`.

        A pattern may find its words in the title as printed or in its folded form, so that spaces and letter width
        in a title, which portals scatter at will, lose no report.
        """
        forms = (clean_cell(title), fold(title))
        if self.match and not any(compile_pattern(self.match).search(form) for form in forms):
            return False
        return not (self.exclude and any(compile_pattern(self.exclude).search(form) for form in forms))

    def covers(self, period: Period) -> bool:
        """Whether the source can have a report about `period`: within since..until."""
        after = self.since is None or period.end >= self.since.end
        return after and (self.until is None or period.end <= self.until.end)

    @property
    def listing_host(self) -> str:
        """The host of `listing`; empty for a local source."""
        return "" if self.is_local else normal_host(urlsplit(self.listing).hostname or "")


class Defaults(Shared):
    """`defaults`: every key optional; a source's own value wins, `checks` and `aliases` are merged key by key."""

    checks: Checks = Field(default=Checks(), description="what a document must satisfy before it is believed")
    aliases: Aliases = Field(default=Aliases(), description="headings of its tables beyond those known everywhere")


class SourcesFile(BaseModel):
    """The whole file. `source_lines` tells where each source stands, for messages."""

    model_config = _FROZEN

    version: Literal[1]
    defaults: Defaults = Defaults()
    sources: tuple[Source, ...]
    path: Path = Field(default=Path(), exclude=True)
    source_lines: dict[str, int] = Field(default_factory=dict, exclude=True)

    def get(self, source_id: str) -> Source | None:
        """The source with this id, or None."""
        return next((one for one in self.sources if one.id == source_id), None)
