"""Exports: the contract's views as files, all of one moment, each whole or not there.

A file is written under a temporary name and renamed; `manifest.json` with row counts and SHA-256 comes last. A reader
that finds hashes unlike the manifest's has met an export in the making or one that died.

CSV cells are defused by one rule: a text that starts (after blanks) with one of `= + - @ TAB CR` or the full-width
forms of the first four gets an apostrophe in front, unless it is a plain number such as -3.5 or +2.9%. Parquet holds
the text as it is.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse import clock, errors
from warehouse.engine import Transaction
from warehouse.reading import batches, view_named
from warehouse.views import VIEWS, View

_DANGEROUS = re.compile(r"[ \u00a0\u3000\n]*[=+\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(?:,\d{3})*(?:\.\d+)?%?")
_ARROW: dict[str, Any] = {"text": pa.string(), "int": pa.int64(), "double": pa.float64()}
FORMATS = ("parquet", "csv")


@dataclass(frozen=True)
class ExportedFile:
    """One file of an export."""

    name: str
    view: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an export wrote. `as_of` is None for the present."""

    format: str
    as_of: str | None
    files: tuple[ExportedFile, ...]


def export(
    transaction: Transaction,
    folder: Path,
    form: str,
    *,
    as_of: datetime | None = None,
    views: Sequence[str] | None = None,
) -> Manifest:
    """Write the views to `folder`. Raises ExportFailed (the last export stays whole) and NoSuchView."""
    if form not in FORMATS:
        raise errors.ExportFailed(f"{form!r} is not one of {', '.join(FORMATS)}")
    chosen = [view_named(name) for name in views] if views is not None else list(VIEWS.values())
    written: list[tuple[Path, ExportedFile]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        for view in chosen:
            path = folder / f".{view.name}.{form}.{os.getpid()}.tmp"
            frames = batches(transaction, view, as_of=as_of)
            rows = _parquet(path, view, frames) if form == "parquet" else _csv(path, view, frames)
            data = ExportedFile(f"{view.name}.{form}", view.name, rows, path.stat().st_size, _sha256(path))
            written.append((path, data))
        manifest = Manifest(form, clock.stamp(as_of) if as_of else None, tuple(item for _, item in written))
        last = folder / f".manifest.{os.getpid()}.tmp"
        last.write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        _sync(last)
        for path, data in written:
            path.replace(folder / data.name)
        last.replace(folder / "manifest.json")
    except (OSError, pa.ArrowException) as error:
        raise errors.ExportFailed(str(error), where=str(folder)) from error
    finally:
        for orphan in folder.glob(f".*.{os.getpid()}.tmp"):
            orphan.unlink(missing_ok=True)
    return manifest


def defuse(text: str) -> str:
    """The one rule for text that a spreadsheet would take for a formula."""
    if _DANGEROUS.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _sweep(folder: Path) -> None:
    """Remove what a killed export left behind: temporary files of processes that are gone."""
    for orphan in folder.glob(".*.tmp"):
        pid = orphan.name.rsplit(".", 2)[-2]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            orphan.unlink(missing_ok=True)


def _parquet(path: Path, view: View, frames: Iterable[pl.DataFrame]) -> int:
    schema = pa.schema([(name, _ARROW[kind]) for name, kind in view.columns])
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for frame in frames:
            writer.write_table(frame.to_arrow().cast(schema))
            rows += frame.height
    _sync(path)
    return rows


def _csv(path: Path, view: View, frames: Iterable[pl.DataFrame]) -> int:
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(view.names)
        for frame in frames:
            writer.writerows([_cell(value) for value in row] for row in frame.iter_rows())
            rows += frame.height
    _sync(path)
    return rows


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return defuse(value)
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return str(value)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
