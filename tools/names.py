"""Learns which heads need an owner from labelled texts, and writes the weights that `tasks.observe.learnt` uses.

    PYTHONPATH=. python tools/names.py see LABELS...         adds what the rules give now to records that lack it
    PYTHONPATH=. python tools/names.py learn LABELS...       writes tasks/observe/learnt.tsv
    PYTHONPATH=. python tools/names.py try LABELS...         each file in turn by weights learnt from the others

Labels: one JSON record a line, as in `tests/observe/labels`, rows of tables among them. Each figure that rules found
is an example: its head as it is, or completed in one of the ways that the sentence offers; learnt are those most like
the label, judged right those whose likeness a judge asks for (bigrams, 0.6). Rules that were mended for a set of
labels know it too well to show what they leave out, so a record may hold what they gave at first sight (`seen`:
start, end, metric, unit, measure of each figure); `see` adds it. A log-linear choice among the ways is fitted with a
quadratic penalty. Weights too small to decide are dropped.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.observe_score import likeness
from tasks.model import Period
from tasks.observe.fold import fold_for_reading
from tasks.observe.learnt import LEAST, Choice, Owner, choices, labelled, of_head, owning, part_choices, unit_class
from tasks.observe.reader import Reader
from tasks.observe.state import Context
from tasks.observe.wholes import PART, opened, whole_of

_WEIGHTS = Path(__file__).resolve().parents[1] / "tasks" / "observe" / "learnt.tsv"
_LIKE = 0.6
_AS_GOOD = 0.02  # in likeness
_PENALTY = 1.0
_LEAST = 0.05  # a smaller weight decides nothing
_SPARED = 0.02  # of the heads that lack something, those least like it: left as they are, which spares the others time
_STOPS = "。!?！？\n"


class Seen(NamedTuple):
    """A figure as the rules give it."""

    start: int
    end: int
    metric: str | None
    unit: str | None
    measure: str


class Example(NamedTuple):
    """One figure: what the rules gave, ways to name it, the first as it is, and which of them are right."""

    head: Seen
    ways: list[Choice]
    likes: list[float]

    @property
    def right(self) -> list[bool]:
        """Which a judge would take."""
        return [like >= _LIKE for like in self.likes]

    @property
    def best(self) -> list[bool]:
        """Which are as like as any: what is learnt, since a name may be right and say too much."""
        most = max(self.likes) - _AS_GOOD
        return [like >= _LIKE and like >= most for like in self.likes]


def examples(path: Path, weights: dict[str, float] | None = None) -> tuple[list[Example], int]:
    """The examples of a file of labels, and how many names are right. Owners are told as the labels would have them,
    or, given weights, as these choose."""
    made: list[Example] = []
    right = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        record = _as_text(json.loads(line))
        if not record.get("period"):
            continue
        wanted = _wanted(record)
        owner: Owner | None = None
        known: dict[str, str] = {}
        alone: set[str] = set()
        last = since = 0
        parts_from = -1
        named: list[Seen] = []  # the figures so far as they were named
        for at, (seen, want) in enumerate(wanted):
            gap = record["text"][last : seen.start]
            if any(stop in gap for stop in _STOPS):
                owner = None
                known = {}
                alone = set()
                since, parts_from = at, -1
            elif at > since:
                parts_from = opened(record["text"], parts_from, named[-1], seen, at)
            named.append(seen)
            last = seen.end
            if not seen.metric:
                continue
            ways = [Choice(seen.metric, ())]
            of = whole_of(record["text"], named, since, parts_from, seen) if parts_from >= 0 else None
            if of is not None:
                ways += part_choices(of, seen.metric, seen.unit, seen.measure, gap)
                likes = [likeness(want, way.name) if want is not None else 0.0 for way in ways]
                pick = _picked(ways, likes, weights)
                if want is not None:
                    made.append(Example(seen, ways, likes))
                    right += likes[pick] >= _LIKE
                named[-1] = seen._replace(metric=ways[pick].name)
                continue
            label = labelled(record["text"], owner, seen.start)
            if label is not owner:
                owner, known, alone = label, {}, set()
            if owner is not None and owner.metric != seen.metric and seen.metric not in alone:
                ways += choices(record["text"], owner, seen.metric, unit_class(seen.unit), seen.measure, seen.start)
            likes = [likeness(want, way.name) if want is not None else 0.0 for way in ways]
            pick = _picked(ways, likes, weights)
            if weights is not None:
                if head_score(seen, weights) < weights.get(LEAST, 0.0):
                    pick = 0
                if seen.metric in known:
                    ways, likes, pick = _kept(known[seen.metric], want)
            if want is not None:
                made.append(Example(seen, ways, likes))
                right += likes[pick] >= _LIKE
            named[-1] = seen._replace(metric=ways[pick].name)
            if (pick or weights is not None) and ways[pick].name != seen.metric and owner is not None:
                known[seen.metric] = ways[pick].name
                owner = owner._replace(end=seen.end, times=owner.times + 1)
            else:
                owner = owning(record["text"], seen.metric, seen.end, seen.unit, seen.measure) or owner
                known = {}
                alone.add(seen.metric)
    return made, right


def _picked(ways: Sequence[Choice], likes: Sequence[float], weights: dict[str, float] | None) -> int:
    """Which way is taken: as the weights choose, or, without any, as the labels would have it."""
    if weights is not None:
        scores = [0.0, *(sum(weights.get(feature, 0.0) for feature in way.features) for way in ways[1:])]
        return max(range(len(ways)), key=lambda at: (scores[at], -at))
    best = max(likes)
    return likes.index(best) if best >= _LIKE and likes[0] < best - _AS_GOOD else 0


def _as_text(record: dict[str, Any]) -> dict[str, Any]:
    """A row of a table as the text of its status: what the promise beside it tells is no matter of weights."""
    if "text" in record:
        return record
    before = len(record["content"]) + 1
    labels = [
        {**label, "start": label["start"] - before, "end": label["end"] - before}
        for label in record["labels"]
        if label["start"] >= before
    ]
    return {"field": "status", "period": record["period"], "text": record["status"], "labels": labels}


def _kept(name: str, want: str | None) -> tuple[list[Choice], list[float], int]:
    return [Choice(name, ())], [likeness(want, name) if want is not None else 0.0], 0


def _read(record: dict[str, Any]) -> list[Seen]:
    """What the rules alone find now."""
    period = Period.parse(record["period"])
    context = Context(field=record["field"], start=period.start, end=period.end, year=period.year)
    reader = Reader(record["text"], fold_for_reading(record["text"], wrapped=context.wrapped), context, completes=False)
    reader.run()
    return [Seen(each.start, each.end, each.metric, each.unit, each.measure) for each in reader.found]


def _wanted(record: dict[str, Any]) -> list[tuple[Seen, str | None]]:
    """What the rules find, each with the metric of its label where it has one."""
    found = [Seen(*each) for each in record["seen"]] if "seen" in record else _read(record)
    left = list(range(len(found)))
    wanted: dict[int, str] = {}
    for label in record["labels"]:
        fits = [
            at
            for at in left
            if found[at].start < label["end"] and label["start"] < found[at].end and found[at].unit == label["unit"]
        ]
        if fits:
            at = max(fits, key=lambda one: likeness(label["metric"], found[one].metric))
            left.remove(at)
            wanted[at] = label["metric"]
    return [(seen, wanted.get(at)) for at, seen in enumerate(found)]


def see(path: Path) -> None:
    """Add what the rules give now to the records of a file that do not say what they gave at first sight."""
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for record in records:
        if record.get("period"):
            record.setdefault("seen", _read(record))
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")


def learn(found: Sequence[Example]) -> dict[str, float]:
    """Weights of all features that occur where a choice can be wrong."""
    told = [each for each in found if any(each.best) and not all(each.best)]
    names: dict[str, int] = {}
    columns: list[int] = []
    ends = [0]
    groups: list[int] = []
    fits: list[bool] = []
    for group, example in enumerate(told):
        for way, right in zip(example.ways, example.best, strict=True):
            columns += [names.setdefault(feature, len(names)) for feature in way.features]
            ends.append(len(columns))
            groups.append(group)
            fits.append(right)
    matrix = scipy.sparse.csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(fits), len(names)))
    of = np.array(groups)
    starts = np.flatnonzero(np.r_[True, of[1:] != of[:-1]])
    right = np.array(fits, float)

    def loss(weights: np.ndarray[Any, Any]) -> tuple[float, np.ndarray[Any, Any]]:
        scores = matrix @ weights
        powers = np.exp(scores - np.maximum.reduceat(scores, starts)[of])
        all_ways, right_ways = np.add.reduceat(powers, starts), np.add.reduceat(powers * right, starts)
        gradient = matrix.T @ (powers / all_ways[of] - powers * right / right_ways[of]) + _PENALTY * weights
        return float(-np.log(right_ways / all_ways).sum() + 0.5 * _PENALTY * (weights @ weights)), gradient

    fitted = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    rounded = {name: round(float(fitted[at]), 2) for name, at in names.items()}
    kept = {name: weight for name, weight in rounded.items() if abs(weight) >= _LEAST}
    lacking = sorted(
        head_score(each.head, kept) for each in told if not each.best[0] and PART not in each.ways[1].features
    )
    kept[LEAST] = round(lacking[int(len(lacking) * _SPARED)], 2)
    return kept


def head_score(seen: Seen, weights: dict[str, float]) -> float:
    """What speaks for completing a head, wherever it stands."""
    features = of_head(seen.metric or "", unit_class(seen.unit), seen.measure)
    return sum(weights.get(feature, 0.0) for feature in features)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("see", "learn", "try"))
    parser.add_argument("labels", type=Path, nargs="+")
    options = parser.parse_args()
    if options.action == "see":
        for path in options.labels:
            see(path)
        return
    sets = {path: examples(path)[0] for path in options.labels}
    if options.action == "learn":
        weights = learn([each for found in sets.values() for each in found])
        lines = [f"{feature}\t{weight:g}" for feature, weight in sorted(weights.items())]
        _WEIGHTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{len(weights)} weights from {sum(map(len, sets.values()))} figures")
        return
    before = after = total = 0
    for path, found in sets.items():
        weights = learn([each for other, those in sets.items() if other != path for each in those])
        _, right = examples(path, weights)
        rules = sum(each.right[0] for each in found)
        print(
            f"{path.stem}: {len(found)} figures, names right by rules {rules / len(found):.3f}, "
            f"completed {right / len(found):.3f}",
            flush=True,
        )
        before, after, total = before + rules, after + right, total + len(found)
    print(f"all: {before / total:.3f} -> {after / total:.3f}")


if __name__ == "__main__":
    main()
