"""The kinds of values a source is made of, each with the rule that keeps mistakes and mischief out."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from functools import lru_cache
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

import re2
from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from tasks.model import Period, PeriodError

_ID = re.compile(r"\w(?:[\w.-]*\w)?")
_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}
_PRIVATE_SUFFIXES = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".intranet")
# A name of numbers only: how inet_aton reads 2130706433, 0x7f.1 and 0177.0.0.1 as 127.0.0.1.
_NUMERIC_HOST = re.compile(r"(?:0[xX][0-9a-fA-F]*|\d+)(?:\.(?:0[xX][0-9a-fA-F]*|\d+))*\.?")
_HOST_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


def identity(name: str) -> str:
    """The form in which two ids are the same id: width and case folded."""
    return unicodedata.normalize("NFKC", name).casefold()


def _source_id(value: str) -> str:
    if not _ID.fullmatch(value) or ".." in value:
        raise ValueError(
            f"{value!r} is no id: letters, digits, '-', '_' and single dots, beginning and ending in a letter or digit"
        )
    if identity(value).split(".")[0] in _RESERVED:
        raise ValueError(f"{value!r} is a reserved file name on some systems")
    return value


@lru_cache(maxsize=1024)
def compile_pattern(pattern: str) -> Any:
    """An RE2 pattern (linear time). Raises ValueError naming what is not taken and where, counted from 1."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0].decode("utf-8", "replace") if isinstance(error.args[0], bytes) else str(error.args[0])
        fragment = said.partition(": ")[2]
        at = pattern.find(fragment) if fragment else len(pattern) - 1
        position = f" at position {at + 1}" if at >= 0 else ""
        hint = ""
        if "perl operator" in said or (said.startswith("invalid escape sequence") and fragment[1:].isdigit()):
            hint = "; look-around and back-references are not taken (RE2 syntax)"
        raise ValueError(f"not a usable pattern{position}: {said}{hint}") from None


def _pattern(value: str) -> str:
    compile_pattern(value)
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{value!r} is no time zone of the IANA data base, such as Asia/Shanghai") from None
    return value


def _period(value: Any) -> Any:
    if isinstance(value, Period):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # `since: 2020` reads as a number
    try:
        return Period.parse(value if isinstance(value, str) else repr(value))
    except PeriodError as error:
        raise ValueError(
            f"{error.reason}: quarters are 2024Q1 to 2024Q4, half-years 2024H1 and 2024H2, a year is 2024"
        ) from None


def _host(value: str) -> str:
    """An allowed host. A port may be written; what is allowed is the host. Refuses wildcards, paths and schemes."""
    if not value or value != value.strip() or re.search(r"[\s/@*\\]", value):
        raise ValueError(f"{value!r} is not a host name: no wildcards, paths or schemes")
    name, colon, port = value.rpartition(":") if value.count(":") == 1 else (value, "", "")
    if colon and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(f"{value!r} has no valid port")
    return normal_host(name if colon else value)


def normal_host(name: str) -> str:
    """A host name in the form in which hosts are compared: lower-case A-labels, no closing dot, no brackets.

    Raises ValueError for what is not a host name.
    """
    bare = name.strip("[]").removesuffix(".").lower()
    try:
        return str(ipaddress.ip_address(bare.partition("%")[0]))
    except ValueError:
        pass
    try:
        ascii_name = bare if bare.isascii() else bare.encode("idna").decode()
    except UnicodeError:
        raise ValueError(f"{name!r} is not a host name") from None
    labels = ascii_name.split(".")
    if not ascii_name or len(ascii_name) > 253 or not all(_HOST_LABEL.fullmatch(label) for label in labels):
        raise ValueError(f"{name!r} is not a host name")
    return ascii_name


def is_private_host(name: str) -> bool:
    """Whether a host is private by its name alone: an address that is not global, localhost, a number in disguise."""
    bare = name.strip("[]").removesuffix(".").lower()
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        if _NUMERIC_HOST.fullmatch(bare):
            return True
        return bare == "localhost" or bare.endswith(_PRIVATE_SUFFIXES) or "." not in bare
    mapped = getattr(address, "ipv4_mapped", None)
    return not (mapped or address).is_global


def split_web_url(value: str) -> SplitResult:
    """An http or https URL that may be asked for. Raises ValueError saying what is wrong with it."""
    if not value or value != value.strip() or re.search(r"[\s\x00-\x1f\x7f]", value):
        raise ValueError("the URL holds blanks or control characters")
    if "\\" in value:
        raise ValueError("the URL holds a backslash")
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"not a URL: {error}") from None
    if parts.scheme.lower() not in ("http", "https"):
        raise ValueError(f"the URL must begin with http:// or https://, not {parts.scheme or 'nothing'!r}")
    if "@" in parts.netloc:
        raise ValueError("the URL holds a user name or password; portals need none")
    if not parts.hostname:
        raise ValueError("the URL has no host")
    if port == 0:
        raise ValueError("port 0 cannot be asked")
    normal_host(parts.hostname)
    return parts


def _web_url(value: str) -> str:
    split_web_url(value)
    return value


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


SourceId = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_source_id)]
Pattern = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(_pattern)]
ZoneName = Annotated[str, AfterValidator(_zone)]
Host = Annotated[str, AfterValidator(_host)]
WebUrl = Annotated[str, AfterValidator(_web_url)]
PeriodField = Annotated[
    Period,
    BeforeValidator(_period),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "pattern": r"^\d{4}(Q[1-4]|H[12]|M(0?[1-9]|1[0-2]))?$"}, {"type": "integer"}]}
    ),
]
Hosts = Annotated[tuple[Host, ...], BeforeValidator(_tuple)]
Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_tuple)]
Text = Annotated[str, Field(min_length=1, max_length=500)]
