"""`make compiled` and `make plain`: chosen modules translated to machine code by mypyc, beside their sources.

    python tools/compiled.py build     needs a C compiler and the pinned packages of the tests
    python tools/compiled.py remove
    python tools/compiled.py check     whether all can be translated: what Python runs, mypyc may refuse

What is chosen, and why, stands in pyproject.toml and docs/decisions/082-compiled-where-it-pays.md. What was compiled
before is removed first, and the new files are moved into place once all are made: a failed build leaves the sources.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import sysconfig
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = Path(__file__).with_suffix(".ini")
PACKAGES = ("tasks", "warehouse")
# More optimization made nothing faster, since the time goes into Python objects, and took half as long again.
OPTIMIZATION = "1"


def chosen() -> list[str]:
    """The sources to compile, as paths under the root."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        told = tomllib.load(file)["tool"]["jibao"]["compiled"]
    left = {path for pattern in told["except"] for path in ROOT.glob(pattern)}
    paths = {path for pattern in told["modules"] for path in ROOT.glob(pattern)} - left
    return sorted(path.relative_to(ROOT).as_posix() for path in paths if path.name != "__init__.py")


def say(text: str) -> None:
    """Progress."""
    print(text, flush=True)


def build() -> None:
    """Compile what is chosen, put it in place and leave the manifest."""
    os.chdir(ROOT)
    command = (sysconfig.get_config_var("CC") or "cc").split()[0]
    if os.name != "nt" and shutil.which(os.environ.get("CC", command).split()[0]) is None:
        sys.exit(
            f"No C compiler: {command} is not there. Everything runs without, only more slowly; nothing was changed."
        )
    remove()
    sources = chosen()
    # Packages whose modules are checked are imported from here, where nothing is compiled any more.
    sys.path.insert(0, str(ROOT))
    from tasks.compiled import GROUP, digests, library, write_manifest

    with tempfile.TemporaryDirectory(prefix="jibao-compiled-") as scratch:
        begun = time.monotonic()
        built = digests(sources, ROOT)
        say(f"{len(sources)} modules are checked and translated to C (about a minute) ...")
        extensions = _translate(sources, GROUP, scratch)
        say(f"  {time.monotonic() - begun:.0f} s; now the C compiler ...")
        made = list(_linked(extensions, scratch))
        size = sum(path.stat().st_size for path, _ in made)
        # Manifest and library before the others: half a build is then told by name.
        write_manifest(built, ROOT)
        for path, place in sorted(made, key=lambda one: one[1] != library(ROOT)):
            shutil.move(path, place)
    say(f"{len(sources)} modules compiled, {size / 1e6:.1f} MB, in {time.monotonic() - begun:.0f} s")


def check() -> None:
    """Translate what is chosen and throw it away."""
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    from tasks.compiled import GROUP

    sources = chosen()
    with tempfile.TemporaryDirectory(prefix="jibao-compiled-") as scratch:
        _translate(sources, GROUP, scratch)
    say(f"{len(sources)} modules can be compiled")


def _translate(sources: Sequence[str], group: str, scratch: str) -> list[Any]:
    from mypyc.build import mypycify

    options = ["--config-file", str(OPTIONS), "--cache-dir", os.devnull]
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            return mypycify(
                [*options, *sources],
                opt_level=OPTIMIZATION,
                debug_level="0",
                multi_file=True,  # a C file a module: compiled beside each other, in a third of the time
                target_dir=scratch,
                group_name=group,
            )
    except SystemExit:
        # Its warnings tell what it translates less well: shown only where they may explain a failure.
        sys.exit(said.getvalue())


def _linked(extensions: Sequence[Any], scratch: str) -> Iterator[tuple[Path, Path]]:
    """(extension module in the scratch folder, its place) of each."""
    from setuptools._distutils import ccompiler
    from setuptools._distutils.errors import CompileError
    from setuptools._distutils.sysconfig import customize_compiler

    def compiler() -> Any:
        made = ccompiler.new_compiler()
        customize_compiler(made)
        return made

    # What another version of a compiler warns of in generated C is no error of ours.
    quiet = ["-w"] if compiler().compiler_type == "unix" else []

    def compiled(extension: Any, source: str) -> list[str]:
        return compiler().compile(
            [source],
            output_dir="/" if os.path.isabs(source) else scratch,
            # The headers of a group stand in the folder of its package.
            include_dirs=[*extension.include_dirs, f"{scratch}/tasks", sysconfig.get_paths()["include"]],
            extra_postargs=[*extension.extra_compile_args, *quiet],
        )

    # The longest first, so that no core waits for the last.
    jobs = [(one, source) for one in extensions for source in one.sources]
    jobs.sort(key=lambda job: -os.path.getsize(job[1]))
    objects: dict[str, list[str]] = {}
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        waiting = [(one.name, pool.submit(compiled, one, source)) for one, source in jobs]
        for done, (name, result) in enumerate(waiting, 1):
            try:
                objects.setdefault(name, []).extend(result.result())
            except CompileError as error:
                pool.shutdown(cancel_futures=True)
                sys.exit(f"The C compiler failed, nothing is compiled now: {error}")
            if done % 40 == 0:
                say(f"  {done} of {len(jobs)}")
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    for name, parts in objects.items():
        place = Path(name.replace(".", "/") + suffix)
        made = Path(scratch) / "linked" / place
        made.parent.mkdir(parents=True, exist_ok=True)
        compiler().link_shared_object(parts, str(made))
        yield made, ROOT / place


def remove() -> None:
    """Take every extension module and the manifest away: the sources run again."""
    found = [path for package in PACKAGES for suffix in ("*.so", "*.pyd") for path in (ROOT / package).rglob(suffix)]
    # The library last: while it is there, what is missing is told by name.
    for path in sorted(found, key=lambda one: "__mypyc" in one.name):
        path.unlink()
    (ROOT / "tasks" / "native.json").unlink(missing_ok=True)


if __name__ == "__main__":
    ways = {"build": build, "remove": remove, "check": check}
    if sys.argv[1:] not in [[way] for way in ways]:
        sys.exit(__doc__)
    ways[sys.argv[1]]()
