"""Where a run finds its configuration and keeps its results: four places, each nameable on the command line."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """`warehouse` is an SQLAlchemy URL, `archive` a folder or an fsspec URL. `state` holds what processes on this
    machine share about hosts (turns, robots.txt, Retry-After): not per project, since politeness is per machine."""

    sources: str = "sources.yaml"
    warehouse: str = "sqlite:///data/jibao.db"
    archive: str = "data/archive"
    state: str = ""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """`JIBAO_SOURCES`, `JIBAO_WAREHOUSE`, `JIBAO_ARCHIVE`, `JIBAO_STATE`, each falling back to its default."""
        environ = os.environ if environ is None else environ
        default = cls()
        return cls(
            sources=environ.get("JIBAO_SOURCES") or default.sources,
            warehouse=environ.get("JIBAO_WAREHOUSE") or default.warehouse,
            archive=environ.get("JIBAO_ARCHIVE") or default.archive,
            state=environ.get("JIBAO_STATE") or _state_folder(environ),
        )

    def as_environment(self) -> dict[str, str]:
        """The variables from which `from_environment` makes the same settings, in any working folder."""
        return {
            "JIBAO_SOURCES": os.path.abspath(self.sources),
            "JIBAO_WAREHOUSE": _absolute(self.warehouse),
            "JIBAO_ARCHIVE": self.archive if "://" in self.archive else os.path.abspath(self.archive),
            "JIBAO_STATE": os.path.abspath(self.state),
        }


def _absolute(warehouse: str) -> str:
    """A SQLite URL with a relative path made absolute; any other URL as it is."""
    prefix = "sqlite:///"
    path = warehouse.removeprefix(prefix)
    if path == warehouse or not path or path.startswith(("/", ":memory:")):
        return warehouse
    return prefix + os.path.abspath(path)


def _state_folder(environ: Mapping[str, str]) -> str:
    base = environ.get("XDG_STATE_HOME") or os.path.join(environ.get("HOME") or str(Path.home()), ".local", "state")
    return os.path.join(base, "jibao")
