"""Modules that `make compiled` has translated to machine code: only ever run from the sources they were made of.

An extension module beside a `.py` is imported in its stead, whatever has become of the `.py` since. The build therefore
leaves a manifest, and `tasks/__init__.py` holds it against the sources before anything of the package is imported: no
process can go round it, be it a command, a flow run, a reader or somebody's own script.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from tasks.errors import CompiledStale

_ROOT = Path(__file__).resolve().parent.parent
GROUP = "tasks.native"
"""The library with the code of all compiled modules, as mypyc names it; each has a small one beside its `.py`."""


def library(root: Path = _ROOT) -> Path:
    """Where that library stands for this interpreter; another version of Python does not see it."""
    return root / f"{GROUP.replace('.', '/')}__mypyc{EXTENSION_SUFFIXES[0]}"


def manifest(root: Path = _ROOT) -> Path:
    """What the library was built from: a JSON object of paths under `root` and the sha256 of the bytes there."""
    return root / f"{GROUP.replace('.', '/')}.json"


def is_compiled(root: Path = _ROOT) -> bool:
    """Whether this process runs compiled modules."""
    return library(root).exists()


def extension(source: Path) -> Path:
    """The extension module that stands for a source."""
    return source.with_name(source.stem + EXTENSION_SUFFIXES[0])


def digests(sources: Iterable[str], root: Path = _ROOT) -> dict[str, str]:
    """The sha256 of each source as it stands now; `sources` are paths under `root`, with `/`.

    Taken before the build reads them, so that an edit made while it runs is told afterwards.
    """
    return {source: _digest(root / source) for source in sorted(sources)}


def write_manifest(built: Mapping[str, str], root: Path = _ROOT) -> None:
    """Say what was built: source → sha256."""
    manifest(root).write_text(json.dumps(built, indent=1) + "\n", encoding="utf-8")


def check_compiled(root: Path = _ROOT) -> None:
    """Nothing where nothing is compiled. Raises CompiledStale unless every source is the one that was compiled."""
    if not is_compiled(root):
        return
    try:
        told = json.loads(manifest(root).read_bytes())
        items = sorted(told.items())
    except (OSError, ValueError, AttributeError) as error:
        raise CompiledStale(f"{manifest(root)} cannot be read ({error}), so nobody knows of what") from error
    changed = [source for source, digest in items if _digest(root / source) != digest]
    if changed:
        raise CompiledStale(f"{', '.join(changed[:3])}{' ...' if changed[3:] else ''} changed since")
    missing = [source for source in told if not extension(root / source).exists()]
    if missing:
        raise CompiledStale(f"{missing[0]} is listed as compiled and has no extension module")


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
