"""Scores the quantity grammar against labelled sentences and prints a figure per field, as the targets are stated.

    python bench/observe_score.py tests/observe/labels/*.jsonl [--errors]
    python bench/observe_score.py --documents FOLDER labels.jsonl      labels on spans of whole documents
    python bench/observe_score.py --agreement one.jsonl other.jsonl    two labellers of the same texts

With `--documents` each document is read whole, as it is when it is loaded, and a record's labels are joined at
`seed_start`: what stands before a span (a heading that opens a plan) counts.

A record with `content` and `status` in the place of `text` is a row of a table: its labels stand in the one, a line
feed and the other, and both are read as they are in a document.

A label is found where an observation overlaps it and has its value and unit. The other fields are scored on what was
found; `all` is the share of all labels with every field right. A metric is right at a bigram likeness of 0.6.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from tasks.model import Kind, Meta, Observation, Period, Report, Row
from tasks.observe import Context, observe, quantities
from tasks.read import read

FIELDS = ("measure", "sign", "bound", "kind", "comparison", "period", "metric", "value_high")


def likeness(one: str | None, two: str | None) -> float:
    """Dice coefficient of character bigrams; equal strings are 1, also where they are too short for a bigram."""
    if one == two:
        return 1.0
    if not one or not two:
        return 0.0
    left, right = Counter(pairwise(one)), Counter(pairwise(two))
    total = sum(left.values()) + sum(right.values())
    return 2 * sum((left & right).values()) / total if total else 0.0


@dataclass
class Score:
    """Counts over any number of sentences."""

    labels: int = 0
    found: int = 0
    observed: int = 0
    all_right: int = 0
    right: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        """Of value and unit at the right place."""
        return 2 * self.found / (self.labels + self.observed) if self.labels + self.observed else 1.0

    def share(self, name: str) -> float:
        """The share of found labels whose field `name` is right."""
        return self.right[name] / self.found if self.found else 1.0

    @property
    def whole(self) -> float:
        """The share of all labels with every field right."""
        return self.all_right / self.labels if self.labels else 1.0

    def lines(self) -> Iterable[str]:
        """The report."""
        precision, recall = self.found / max(1, self.observed), self.found / max(1, self.labels)
        yield f"labels {self.labels}  observed {self.observed}  P {precision:.3f}  R {recall:.3f}  F1 {self.f1:.3f}"
        yield "  ".join(f"{name} {self.share(name):.3f}" for name in FIELDS) + f"  all {self.whole:.3f}"


def _differences(label: dict[str, Any], seen: Observation) -> list[str]:
    period = [d.isoformat() if d else None for d in (seen.period_start, seen.period_end)]
    high = None if label["value_high"] is None else Decimal(label["value_high"])
    checks = {
        "measure": label["measure"] == seen.measure,
        "sign": (Decimal(label["value"]) < 0) == (seen.value < 0),
        "bound": label["bound"] == seen.bound,
        "kind": label["kind"] == seen.kind,
        "comparison": label["comparison"] == seen.comparison,
        "period": (label["period"] or [None, None]) == period,
        "metric": "metric" not in label or likeness(label["metric"], seen.metric) >= 0.6,
        "value_high": high == seen.value_high,
    }
    return [name for name, right in checks.items() if not right]


def score(records: Iterable[dict[str, Any]]) -> Score:
    """Runs the grammar on each record's text and compares."""
    total = Score()
    for record in records:
        period = Period.parse(record["period"])
        if "content" in record:
            row = as_report(record["content"], record["status"], period)
            _compare({**record, "text": row.text}, observe(row), total)
            continue
        context = Context(field=record["field"], start=period.start, end=period.end, year=period.year)
        seen = quantities(record["text"], context)
        _compare(record, seen, total)
    return total


def as_report(content: str, status: str, period: Period) -> Report:
    """A document of one row, its promise and its status each on a line of the text."""
    begin = len(content) + 1
    row = Row(0, content=content, status=status, content_at=(0, begin - 1), status_at=(begin, begin + len(status)))
    return Report(Meta(kind=Kind.EXECUTION, period=period), (row,), text=f"{content}\n{status}")


def _compare(record: dict[str, Any], seen: Sequence[Observation], total: Score) -> None:
    left = list(seen)
    total.observed += len(left)
    for label in record["labels"]:
        total.labels += 1
        same = [
            o
            for o in left
            if o.start < label["end"]
            and label["start"] < o.end
            and abs(o.value) == abs(Decimal(label["value"]))
            and o.unit == label["unit"]
        ]
        if not same:
            total.errors.append(f"missed {label.get('text', label['value'])!r} in {record.get('text')}")
            continue
        best = max(same, key=lambda o: likeness(label.get("metric"), o.metric))
        left.remove(best)
        total.found += 1
        wrong = _differences(label, best)
        total.right.update(set(FIELDS) - set(wrong))
        total.all_right += not wrong
        for name in wrong:
            want = label["value"] if name == "sign" else label[name]
            got = (
                best.value
                if name == "sign"
                else (best.period_start, best.period_end)
                if name == "period"
                else getattr(best, name)
            )
            total.errors.append(f"{name}: want {want} got {got} for {best.text!r} in {record.get('text')}")
    total.errors.extend(f"extra {o.text!r} ({o.metric}) in {record.get('text')}" for o in left)


def score_documents(records: Iterable[dict[str, Any]], folder: Path) -> Score:
    """As `score`, each record's labels joined to what the whole document `<seed>_*` in `folder` gives."""
    total = Score()
    documents: dict[str, tuple[Observation, ...]] = {}
    for record in records:
        name, begin, end = record["seed"], record["seed_start"], record["seed_end"]
        if name not in documents:
            path = sorted(folder.glob(f"{name}_*"))[0]
            documents[name] = observe(read(path.read_bytes(), name=path.name))
        labels = [dict(each, start=each["start"] + begin, end=each["end"] + begin) for each in record["labels"]]
        seen = [o for o in documents[name] if begin <= o.start < end]
        _compare({**record, "labels": labels}, seen, total)
    return total


def agreement(one: Iterable[dict[str, Any]], other: Iterable[dict[str, Any]]) -> Score:
    """How the labels of `other` do as observations against those of `one`, by the same measures."""
    total = Score()
    for first, second in zip(one, other, strict=True):
        _compare(first, [_as_observation(each) for each in second["labels"]], total)
    return total


def _as_observation(label: dict[str, Any]) -> Observation:
    first, last = (None if day is None else date.fromisoformat(day) for day in label["period"] or (None, None))
    high = None if label["value_high"] is None else Decimal(label["value_high"])
    return Observation(
        text=label["text"],
        start=label["start"],
        end=label["end"],
        metric=label["metric"],
        measure=label["measure"],
        value=Decimal(label["value"]),
        value_high=high,
        unit=label["unit"],
        base_value=None,
        base_unit=None,
        bound=label["bound"],
        kind=label["kind"],
        comparison=label["comparison"],
        period_start=first,
        period_end=last,
    )


def load(path: Path) -> list[dict[str, Any]]:
    """The records of one JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def main(arguments: Sequence[str]) -> int:
    """Scores each file and, for more than one, all of them together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--documents", type=Path, help="the folder with the documents that the labels are on")
    parser.add_argument("--agreement", action="store_true", help="of two files with labels of the same texts")
    options = parser.parse_args(arguments)
    if options.agreement:
        print(*agreement(*map(load, options.files)).lines(), sep="\n  ")
        return 0
    records: list[dict[str, Any]] = []
    for path in options.files:
        records += load(path)
        result = score_documents(load(path), options.documents) if options.documents else score(load(path))
        print(path.name, *result.lines(), sep="\n  ")
        if options.errors:
            print(*sorted(result.errors), sep="\n")
    if len(options.files) > 1 and not options.documents:
        print("together", *score(records).lines(), sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
