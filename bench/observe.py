"""Characters a second of the quantity grammar, beside a scan that only finds digits.

    python bench/observe.py [FILE ...]     text files to read; without any, the labelled sentences

Each round reads the whole material once, in processor time, since other work may share the cores; the median counts,
the best round tells how much the others were disturbed. "other figures" are the same sentences with other numbers in
them, as the next quarter or the next district brings them.
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from tasks.compiled import is_compiled
from tasks.observe import Context, grammar, quantities, shapes
from tasks.observe.learnt import weights

_LABELS = Path(__file__).parent.parent / "tests" / "observe" / "labels"
_DIGITS = re.compile("[0-9]+")
_NEXT = str.maketrans("123456789", "234567891")
_CHANGED = re.compile(r"(?<![0-9.])[0-9]+(?:\.[0-9]+)?(?=[%万亿个家人户场套座项件吨元])")
_CONTEXT = Context(field="status", start=date(2024, 1, 1), end=date(2024, 9, 30), year=2024)


def material(paths: Sequence[str]) -> list[str]:
    """The fields to read: paragraphs of the files, or the sentences of the labels."""
    if paths:
        return [line for path in paths for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]
    import json

    return [
        json.loads(line)["text"]
        for file in sorted(_LABELS.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]


def _timed(work: Callable[[str], object], fields: Sequence[str]) -> float:
    start = time.process_time()
    for text in fields:
        work(text)
    return time.process_time() - start


def forget() -> None:
    """Empties every cache of the room, so that a round reads as if for the first time."""
    for name, module in list(sys.modules.items()):
        if name.startswith("tasks.observe."):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()
    weights()  # data that a process reads once, like its code


def _next_digit(found: re.Match[str]) -> str:
    return found[0].translate(_NEXT)


def main(arguments: Sequence[str], rounds: int = 15) -> int:
    """Prints millions of characters a second and quantities a second."""
    fields = material(arguments)
    fields = list(dict.fromkeys(fields))
    size = sum(map(len, fields))
    count = sum(len(quantities(text, _CONTEXT)) for text in fields)
    scan: list[float] = []
    cold: list[float] = []
    words: list[float] = []
    figures: list[float] = []
    changed = [_CHANGED.sub(_next_digit, text) for text in fields]
    later = [_CHANGED.sub(_next_digit, text) for text in changed]
    again: list[float] = []
    for _ in range(rounds):
        scan.append(_timed(_DIGITS.findall, fields))
        forget()
        cold.append(_timed(lambda text: quantities(text, _CONTEXT), fields))
        _timed(lambda text: quantities(text, _CONTEXT), changed)
        figures.append(_timed(lambda text: quantities(text, _CONTEXT), later))
        shapes.known.cache_clear()
        grammar._read.cache_clear()
        words.append(_timed(lambda text: quantities(text, _CONTEXT), fields))
        again.append(_timed(lambda text: quantities(text, _CONTEXT), fields))
    print(f"compiled modules: {is_compiled()}")
    print(f"{len(fields)} fields, {size} characters, {count} quantities (one in {size / max(1, count):.0f} characters)")
    for name, times in (
        ("cold", cold),
        ("other figures", figures),
        ("words known", words),
        ("same fields again", again),
    ):
        taken, least = statistics.median(times), min(times)
        each = taken / max(1, count) * 1e6
        print(
            f"grammar, {name:18} {size / taken / 1e6:6.2f} Mchars/s (best round {size / least / 1e6:.2f})  "
            f"{each:6.1f} us a quantity"
        )
    print(f"digit scan                  {size / statistics.median(scan) / 1e6:6.2f} Mchars/s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
