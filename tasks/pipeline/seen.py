"""Documents whose bytes the warehouse has seen: told before anything of them is unpacked or read."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import tasks
from tasks.load import Known
from tasks.model import Capture, DocumentRef, FetchResult, Outcome
from tasks.pipeline.acquire import content_type
from tasks.read import ReadHints
from warehouse.keys import key

PARSER_VERSION = "16"
"""Raised whenever the reading of a kept capture can come out differently; `jibao reparse` then has work to do."""

_LIBRARIES = ("lxml", "openpyxl", "pdfminer.six", "pdfplumber", "python-calamine", "python-docx", "selectolax")

KnownReadings = Mapping[tuple[str, str, str], Known]
"""(document's key, sha256, reading) → what it came to."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A fetched page that was loaded before from the same bytes, which would be read in the same way again."""

    page: FetchResult
    capture: Capture
    reading: str
    known: Known


def seen(page: FetchResult, ref: DocumentRef, hints: ReadHints, known: KnownReadings) -> Seen | None:
    """The page as one that was seen before; None where it has to be read."""
    if page.capture is None or page.outcome not in {Outcome.NEW, Outcome.UNCHANGED}:
        return None
    reading = reading_of(page.capture, hints)
    found = known.get((ref.key, page.capture.sha256, reading))
    return None if found is None else Seen(page, page.capture, reading, found)


def reading_of(capture: Capture, hints: ReadHints) -> str:
    """A name for all that decides, beside its bytes, what a page is read as: name, address, type, hints, our code."""
    told = (hints.publisher, hints.title, str(hints.period), sorted(hints.columns.items()), repr(hints.neighbours))
    return key(parser(), capture.title, capture.final_url, content_type(capture), told)


@lru_cache(maxsize=1)
def parser() -> str:
    """A name for the code that reads, checks and prepares: of its sources, so that no change of it is forgotten."""
    told = hashlib.sha256(f"{PARSER_VERSION} {sys.version_info[:3]}".encode())
    for name in _LIBRARIES:
        try:
            told.update(f" {name} {version(name)}".encode())
        except PackageNotFoundError:
            continue
    root = Path(str(tasks.__file__)).parent
    for path in sorted(root.rglob("*.py")):
        told.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return told.hexdigest()[:24]
