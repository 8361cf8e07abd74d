"""`sources.yaml` → validated sources, or one error that names every place that is wrong."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from tasks.config.errors import ConfigError, Problem, SelectionError
from tasks.config.fields import identity, normal_host
from tasks.config.located import Located, Place, Unreadable, read_yaml
from tasks.config.located import Path as KeyPath
from tasks.config.options import LOCAL, OPTIONS
from tasks.config.source import Defaults, Source, SourcesFile

_VARIABLE = re.compile(r"\$\{(?P<name>[^}]*)\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PATTERN_KEYS = ("match", "exclude")  # `$` and braces mean something else in a pattern
_MERGED = ("checks", "aliases")
_TOP_KEYS = ("version", "defaults", "sources")
_SHOWN = 60


def load_sources(path: str | os.PathLike[str], environ: Mapping[str, str] | None = None) -> SourcesFile:
    """Read and validate a sources file; `${NAME}` in values is replaced from `environ` (default: the process's).

    Raises ConfigError holding every problem found, with file, line, column, key and source.
    """
    file = Path(path)
    try:
        data = file.read_bytes()
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}"
        raise ConfigError([Problem(str(file), None, None, "", None, reason)]) from None
    return parse_sources(data, file, environ)


def parse_sources(data: bytes, file: Path, environ: Mapping[str, str] | None = None) -> SourcesFile:
    """`load_sources` for bytes that were read already; `file` names them and is where relative paths start."""
    try:
        located = read_yaml(data)
    except Unreadable as error:
        raise ConfigError([_unplaced(file, place, reason) for place, reason in error.findings]) from None
    reading = _Reading(file, located, os.environ if environ is None else environ)
    loaded = reading.read()
    if reading.problems or loaded is None:
        raise ConfigError(sorted(reading.problems, key=lambda one: (one.line or 0, one.column or 0)))
    return loaded


def select(file: SourcesFile, ids: Sequence[str] = ()) -> tuple[Source, ...]:
    """The sources to run: those named (a disabled one too, since it was asked for), else all enabled.

    Raises SelectionError for an unknown id, and where nothing would be left to do.
    """
    if ids:
        known = {identity(one.id): one for one in file.sources}
        unknown = [name for name in ids if identity(name) not in known]
        if unknown:
            nearest = difflib.get_close_matches(identity(unknown[0]), list(known), n=1)
            hint = f"; nearest is {known[nearest[0]].id!r}" if nearest else ""
            raise SelectionError(f"no source has the id {', '.join(map(repr, unknown))}{hint}", where=str(file.path))
        return tuple(dict.fromkeys(known[identity(name)] for name in ids))
    chosen = tuple(one for one in file.sources if one.enabled)
    if not chosen:
        count = len(file.sources)
        raise SelectionError(f"none of the {count} configured sources is enabled", where=str(file.path))
    return chosen


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `sources.yaml`, for editors."""
    schema = SourcesFile.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "sources.yaml"
    source = schema["$defs"]["Source"]
    # Where the file lies is told by the loader, not by the file.
    for properties, name in ((source, "base"), (schema, "path"), (schema, "source_lines")):
        properties["properties"].pop(name, None)
    shared = set(Defaults.model_fields)
    # What defaults may give, an entry may leave out; nothing else is optional there.
    source["required"] = [name for name in source.get("required", []) if name not in shared]
    return schema


@dataclass(slots=True)
class _Reading:
    file: Path
    located: Located
    environ: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    secret: set[KeyPath] = field(default_factory=set)  # values that came out of the environment are never shown
    unset: set[KeyPath] = field(default_factory=set)  # … and of those, the ones that did not come

    def read(self) -> SourcesFile | None:
        raw = self._expand(self.located.value, ())
        if not isinstance(raw, dict):
            self._say((), "the file must be a mapping with version, defaults and sources")
            return None
        for key in raw:
            if key not in _TOP_KEYS:
                self._say((key,), f"unknown key {key!r}{_nearest(key, _TOP_KEYS)}", at_key=True)
        if raw.get("version") != 1 or isinstance(raw.get("version"), bool):
            self._say(("version",), "write version: 1" if "version" not in raw else "the only version known is 1")
        defaults, given = self._defaults(raw.get("defaults"))
        entries = raw.get("sources")
        if not isinstance(entries, list):
            self._say(("sources",), "sources must be a list of entries, each beginning with '- id:'")
            return None
        sources = [(at, self._source(at, entry, given)) for at, entry in enumerate(entries)]
        self._no_twins(entries)
        self._known_continuations(entries)
        lines = {one.id: (self.located.place(("sources", at)) or (0, 0))[0] for at, one in sources if one is not None}
        if self.problems or defaults is None:
            return None
        return SourcesFile(
            version=1,
            defaults=defaults,
            sources=tuple(one for _, one in sources if one is not None),
            path=self.file,
            source_lines=lines,
        )

    # -- parts --------------------------------------------------------------------------------------------------------
    def _defaults(self, raw: Any) -> tuple[Defaults | None, dict[str, Any]]:
        if raw is None:
            return Defaults(), {}
        if not isinstance(raw, dict):
            self._say(("defaults",), "defaults must be a mapping")
            return None, {}
        try:
            return Defaults.model_validate(raw), raw
        except ValidationError as error:
            bad = self._report(error, ("defaults",), Defaults, None)
            return None, {key: value for key, value in raw.items() if key not in bad}

    def _source(self, at: int, raw: Any, defaults: Mapping[str, Any]) -> Source | None:
        path: KeyPath = ("sources", at)
        if not isinstance(raw, dict):
            self._say(path, "an entry must be a mapping that begins with id")
            return None
        label = raw["id"] if isinstance(raw.get("id"), str) else None
        data = {**defaults, **raw}
        for key in _MERGED:
            if isinstance(defaults.get(key), dict) and isinstance(raw.get(key), dict):
                data[key] = {**defaults[key], **raw[key]}
        fine = True
        family = OPTIONS.get(str(raw.get("portal")))
        if family is not None and isinstance(raw.get("options"), dict):
            try:
                data["options"] = family.model_validate(raw["options"])
            except ValidationError as error:
                self._report(error, (*path, "options"), family, label)
                data["options"] = None
                fine = False
        if "base" in raw:
            self._say((*path, "base"), f"unknown key 'base'{_nearest('base', _keys(Source))}", label, at_key=True)
        data["base"] = self.file.resolve().parent
        try:
            source = Source.model_validate(data)
        except ValidationError as error:
            self._report(error, path, Source, label, ours=raw)
            return None
        return source if fine else None

    def _no_twins(self, entries: Iterable[Any]) -> None:
        """The same id (by case or width) or the same column under two entries: both places named."""
        seen: dict[tuple[str, str], KeyPath] = {}
        for at, entry in enumerate(entries):
            if not isinstance(entry, dict):
                continue
            for key, form in (("id", _id_form), ("listing", _listing_form)):
                value = entry.get(key)
                folded = form(entry, self.file) if isinstance(value, str) else None
                if folded is None:
                    continue
                path = ("sources", at, key)
                first = seen.setdefault((key, folded), path)
                if first is not path:
                    line = (self.located.place(first) or (0, 0))[0]
                    # A listing is not shown: it may hold what does not belong into a message.
                    same = f"id {_short(value)}" if key == "id" else "column"
                    self._say(path, f"the same {same} as in line {line}", str(entry.get("id")))

    def _known_continuations(self, entries: Iterable[Any]) -> None:
        """`continues` names another entry, one that continues nothing itself."""
        plain = {one["id"]: one for one in entries if isinstance(one, dict) and isinstance(one.get("id"), str)}
        for at, entry in enumerate(entries):
            target = entry.get("continues") if isinstance(entry, dict) else None
            if not isinstance(target, str):
                continue
            path: KeyPath = ("sources", at, "continues")
            if target not in plain or target == entry.get("id"):
                self._say(path, f"no other source has the id {target!r}{_nearest(target, list(plain))}")
            elif plain[target].get("continues") is not None:
                self._say(path, f"{target!r} continues another source itself; name that one")

    # -- values from the environment ----------------------------------------------------------------------------------
    def _expand(self, value: Any, path: KeyPath) -> Any:
        if isinstance(value, dict):
            return {key: self._expand(inner, (*path, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._expand(inner, (*path, at)) for at, inner in enumerate(value)]
        if not isinstance(value, str) or "${" not in value or (path[-1:] and path[-1] in _PATTERN_KEYS):
            return value
        before = len(self.problems)
        for found in _VARIABLE.finditer(value):
            name = found["name"]
            if not _NAME.fullmatch(name):
                self._say(path, f"{found[0]!r} names no environment variable")
            elif not self.environ.get(name):
                state = "empty" if name in self.environ else "not set"
                self._say(path, f"the environment variable {name} is {state}")
        if "${" in _VARIABLE.sub("", value):
            self._say(path, "a ${ without its }")
        self.secret.add(path)
        if len(self.problems) > before:
            self.unset.add(path)
        return _VARIABLE.sub(lambda found: self.environ.get(found["name"]) or "missing", value)

    # -- saying what is wrong -----------------------------------------------------------------------------------------
    def _report(
        self,
        error: ValidationError,
        path: KeyPath,
        model: type[BaseModel],
        source: str | None,
        ours: Mapping[str, Any] | None = None,
    ) -> set[str]:
        """Turn pydantic's findings into problems; returns the top keys that were wrong."""
        bad: set[str] = set()
        for detail in error.errors(include_url=False):
            loc: KeyPath = tuple(detail["loc"])
            top = str(loc[0]) if loc else ""
            bad.add(top)
            if ours is not None and top and top not in ours and detail["type"] != "missing":
                continue  # it came from defaults and was reported there
            whole = (*path, *loc)
            if whole in self.unset:
                continue  # the variable was named already
            hidden = any(secret[: len(whole)] == whole or whole[: len(secret)] == secret for secret in self.secret)
            reason = _reason(detail, _fields_at(model, loc[:-1]), hidden=hidden)
            self._say(whole, reason, source, at_key=detail["type"] == "extra_forbidden")
        return bad

    def _say(self, path: KeyPath, reason: str, source: str | None = None, *, at_key: bool = False) -> None:
        place: Place | None = self.located.keys.get(path) if at_key else None
        place = place or self.located.place(path)
        line, column = place if place is not None else (None, None)
        if source is None and len(path) >= 2 and path[0] == "sources":
            entry = self.located.value["sources"][path[1]]
            source = entry.get("id") if isinstance(entry, dict) and isinstance(entry.get("id"), str) else None
        self.problems.append(Problem(str(self.file), line, column, _dotted(path), source, reason))


def _unplaced(file: Path, place: Place | None, reason: str) -> Problem:
    line, column = place if place is not None else (None, None)
    return Problem(str(file), line, column, "", None, reason)


def _reason(detail: Mapping[str, Any], keys: Sequence[str], *, hidden: bool) -> str:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    got = "" if hidden else f", not {_short(value)}"
    if kind == "extra_forbidden":
        return f"unknown key {detail['loc'][-1]!r}{_nearest(str(detail['loc'][-1]), keys)}"
    if kind == "missing":
        return "is missing"
    if kind == "string_type":
        quoted = f'; write it in quotes: "{value}"' if isinstance(value, int | float) and not hidden else ""
        return f"must be text{got}{quoted}"
    if kind == "bool_type":
        return f"must be true or false{got}"
    if kind in ("int_type", "int_from_float"):
        return f"must be a whole number{got}"
    if kind == "float_type":
        return f"must be a number{got}"
    if kind in ("tuple_type", "list_type"):
        return f"must be a list{got}"
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return f"must be a mapping{got}"
    if kind in ("literal_error", "enum"):
        nearest = _nearest(
            str(value), str(context.get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
        )
        return f"must be one of {context.get('expected')}{got}{nearest if not hidden else ''}"
    if kind == "value_error":
        return "is not valid (its value comes from the environment)" if hidden else str(context.get("error"))
    said = detail["msg"].removeprefix("Input ")
    return f"{said}{got}"


def _fields_at(model: type[BaseModel], loc: KeyPath) -> list[str]:
    """The keys known where `loc` leads to."""
    for step in loc:
        found = model.model_fields.get(str(step))
        inner = found.annotation if found is not None else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return []
        model = inner
    return _keys(model)


def _keys(model: type[BaseModel]) -> list[str]:
    return [name for name, info in model.model_fields.items() if not info.exclude]


def _nearest(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    return f"; nearest is {close[0]!r}" if close else f"; known are {', '.join(known)}" if known else ""


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _dotted(path: KeyPath) -> str:
    dotted = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return dotted.removeprefix(".")


def _id_form(entry: Mapping[str, Any], _file: Path) -> str:
    return identity(entry["id"])


def _listing_form(entry: Mapping[str, Any], file: Path) -> str | None:
    """The column a listing names, whatever its spelling; a live portal and an archive of it are two things."""
    listing, portal = entry["listing"], str(entry.get("portal"))
    if portal in LOCAL:
        return f"path {(file.resolve().parent / listing).resolve()}"
    try:
        parts = urlsplit(listing)
        host = normal_host(parts.hostname or "")
        port = parts.port
    except ValueError:
        return None  # reported as such
    place = (
        parts.path.removesuffix("/").removesuffix("/index.html").removesuffix("/index.htm").removesuffix("/index.shtml")
    )
    archive = portal if portal in ("wayback", "common-crawl") else "live"
    port_text = "" if port in (None, 80, 443) else f":{port}"
    return f"{archive} {host}{port_text}{place}?{parts.query}#{parts.fragment}"
