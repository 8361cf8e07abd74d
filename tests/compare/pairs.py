"""Pairs of quarters with a known answer: made from the composed commitments in `material/*.txt`, and written out as
whole tables in `material/*.json` by an author who did not know how rows are matched.

A pair has ~130 rows a side. Most rows live on with a new status; some two dozen are reworded, retyped, moved, split,
merged, dropped, added, or have new figures. Newcomers are like the promises that went, and take their numbers.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from tasks.model import Relation, Row

MATERIAL = Path(__file__).parent / "material"
TOWNS = ["白鹭", "溪源", "石浦", "云顶", "双桥", "南坞", "秋塘", "松岭", "青田坂", "长汀"]
SIBLINGS = (
    ("推进{town}镇集镇污水管网建设{n}公里", "县住建局、{town}镇", "完成管网铺设{m}公里"),
    ("完成{town}卫生院改扩建,新增床位{n}张", "县卫健局、{town}镇", "{town}卫生院施工进度{m}%"),
    ("{town}小学新建塑胶操场{n}片", "县教育局", "{town}小学操场完成{m}片"),
    ("整治{town}段河道{n}公里", "县水利局、{town}镇", "完成{town}段护岸{m}公里"),
    ("{town}工业功能区新增用地{n}亩", "县自然资源局、{town}镇", "已做地{m}亩"),
    ("建成{town}居家养老服务中心,服务老人{n}名", "县民政局", "完成装修,登记老人{m}名"),
    ("推进{town}集镇菜场改造提升", "县市场监管局、{town}镇", "{town}菜场改造进度{m}%"),
)
PLAIN = ("正常推进", "有序推进中。", "按计划推进", "正常进行中", "达到序时进度")


@dataclass(frozen=True)
class Promise:
    """One composed commitment with its two statuses and what may become of it."""

    content: str
    units: tuple[str, ...]
    before: str
    after: str
    category: str
    rewording: str | None = None
    parts: tuple[str, ...] = ()
    newcomers: tuple[Promise, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two quarters and the links between their rows, as (old index, new index, relation)."""

    old: tuple[Row, ...]
    new: tuple[Row, ...]
    truth: frozenset[tuple[int | None, int | None, str]]
    hard: frozenset[tuple[int | None, int | None, str]] = field(default_factory=frozenset)


def promises(name: str) -> list[Promise]:
    """The commitments of `material/<name>.txt`."""
    found: list[Promise] = []
    category = ""
    for line in (MATERIAL / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        fields = [part.strip() for part in line.split("|")]
        if line.startswith("##"):
            category = line[2:].strip()
        elif line.startswith("~"):
            found[-1] = replace(found[-1], rewording=line[1:].strip())
        elif line.startswith("/"):
            found[-1] = replace(found[-1], parts=tuple(p.strip() for p in line[1:].split(" / ")))
        elif line.startswith("!"):
            content, units, status = fields
            other = Promise(content[1:].strip(), tuple(units.split("、")), status, status, category)
            found[-1] = replace(found[-1], newcomers=(*found[-1].newcomers, other))
        elif line and not line.startswith("#"):
            content, units, before, after = fields
            found.append(Promise(content, tuple(units.split("、")), before, after, category))
    return found


def written(name: str, *, shuffled: int | None = None) -> Pair:
    """The pair of `material/<name>.json`. `shuffled`: a seed by which the rows of the new quarter are reordered."""
    told = json.loads((MATERIAL / f"{name}.json").read_text(encoding="utf-8"))
    order = list(range(len(told["new"])))
    if shuffled is not None:
        random.Random(shuffled).shuffle(order)
    place = {was: at for at, was in enumerate(order)}
    truth = frozenset(
        (old, None if new is None else place[new], {"merge": "merged"}.get(relation, relation))
        for old, new, relation in told["relations"]
    )
    return Pair(
        tuple(_written_row(row, at) for at, row in enumerate(told["old"])),
        tuple(_written_row(told["new"][was], at) for at, was in enumerate(order)),
        truth,
        frozenset(link for link in truth if link[2] != "same"),
    )


def _written_row(row: dict[str, Any], index: int) -> Row:
    return Row(
        index=index,
        seq=int(row["seq"]) if (row["seq"] or "").isdigit() else row["seq"],
        category=row["category"],
        content=row["content"],
        units=tuple(row["units"]),
        status=row["status"],
    )


def siblings(rng: random.Random, count: int) -> list[Promise]:
    """Commitments that differ in one noun or one number: a village's worth of the same promise."""
    found = []
    choices = [(shape, town) for shape in SIBLINGS for town in TOWNS]
    for (content, units, status), town in rng.sample(choices, min(count, len(choices))):
        n = rng.randint(3, 90)
        low, high = sorted(rng.sample(range(1, 95), 2))
        found.append(
            Promise(
                content.format(town=town, n=n),
                tuple(units.format(town=town).split("、")),
                status.format(town=town, m=low),
                status.format(town=town, m=high),
                "镇街建设",
            )
        )
    return found


def retype(text: str, rng: random.Random) -> str:
    """The same words in other typography."""
    way = rng.randrange(4)
    if way == 0:
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    if way == 1:
        return text.replace(",", ",\u3000").replace("、", "、 ") + "。"
    if way == 2:
        return text.replace(",", ";").replace("“", '"').replace("”", '"') + ";"
    return f"({rng.randint(1, 9)}){text}。"


def refigure(text: str, rng: random.Random) -> str | None:
    """The same promise with one of its figures changed; None where it has none."""
    spots = list(re.finditer(r"(?<![\d.])\d+(?:\.\d+)?(?![\d.])", text))
    if not spots:
        return None
    spot = rng.choice(spots)
    value = Decimal(spot[0])
    moved = value + rng.choice([1, 2, 5]) if value < 50 else (value * Decimal("1.1")).quantize(Decimal(1))
    return text[: spot.start()] + str(moved) + text[spot.end() :]


def make_pair(
    name: str,
    seed: int,
    *,
    rows: int = 130,
    shuffled: bool = False,
    numbered: bool = True,
    renamed_category: bool = True,
) -> Pair:
    """A pair drawn from one material file. `shuffled`: the new quarter's rows stand in another order."""
    rng = random.Random(f"{name}-{seed}")
    base = promises(name)
    base += siblings(rng, max(0, rows - len(base)))
    if not shuffled and rng.random() < 0.5:
        categories = list(dict.fromkeys(p.category for p in base))
        rng.shuffle(categories)
        base.sort(key=lambda p: categories.index(p.category))
    base = base[:rows] if len(base) <= rows else sorted(rng.sample(base, rows), key=base.index)
    fate = _fates(base, rng)
    old: list[Promise] = []
    new: list[tuple[Promise, list[int], str]] = []
    for promise in base:
        kind = fate.get(id(promise), "same")
        after = replace(promise, before=_next_status(promise, rng))
        if kind == "merged":
            places = [len(old) + n for n in range(len(promise.parts))]
            old += [
                replace(promise, content=part, before=_part_status(promise.before, n))
                for n, part in enumerate(promise.parts)
            ]
            new.append((after, places, "merged"))
            continue
        place = len(old)
        old.append(promise)
        if kind == "split":
            new += [
                (replace(after, content=part, before=_part_status(after.before, n)), [place], "split")
                for n, part in enumerate(promise.parts)
            ]
        elif kind == "dropped":
            if promise.newcomers and rng.random() < 0.6:
                new.append((promise.newcomers[0], [], "added"))
        elif kind == "added":
            new += [(after, [place], "same"), (promise.newcomers[0], [], "added")]
        else:
            new.append((_changed(after, kind, base, rng), [place], "same" if kind in ("retyped", "moved") else kind))
    if shuffled:
        rng.shuffle(new)
    elif rng.random() < 0.5:
        # Newcomers at the end of the table as often as in their place.
        new = [entry for entry in new if entry[1]] + [entry for entry in new if not entry[1]]
    return _rows(old, new, rng, numbered=numbered, renamed_category=renamed_category)


def _fates(base: Sequence[Promise], rng: random.Random) -> dict[int, str]:
    """Which promises change, and how: about two dozen."""
    fate: dict[int, str] = {}

    def draw(kind: str, count: int, fit: Sequence[Promise]) -> None:
        free = [p for p in fit if id(p) not in fate]
        fate.update({id(p): kind for p in rng.sample(free, min(count, len(free)))})

    draw("split", 3, [p for p in base if p.parts])
    draw("merged", 2, [p for p in base if p.parts])
    draw("reworded", 6, [p for p in base if p.rewording])
    draw("dropped", 2, [p for p in base if p.newcomers])
    draw("dropped", 2, base)
    draw("added", 2, [p for p in base if p.newcomers])
    draw("figures", 2, [p for p in base if re.search(r"\d", p.content)])
    draw("retyped", 3, base)
    draw("moved", 2, base)
    return fate


def _changed(promise: Promise, kind: str, base: Sequence[Promise], rng: random.Random) -> Promise:
    if kind == "reworded" and promise.rewording:
        return replace(promise, content=promise.rewording)
    if kind == "figures":
        return replace(promise, content=refigure(promise.content, rng) or promise.content)
    if kind == "retyped":
        return replace(promise, content=retype(promise.content, rng))
    if kind == "moved":
        return replace(promise, category=rng.choice([p.category for p in base]))
    return promise


def _next_status(promise: Promise, rng: random.Random) -> str:
    draw = rng.random()
    if draw < 0.75:
        return promise.after
    return promise.before if draw < 0.87 else rng.choice(PLAIN)


def _part_status(status: str, at: int) -> str:
    pieces = re.split("[,,;;]", status)
    return pieces[at] if at < len(pieces) and len(pieces) > 1 else status


def _rows(
    old: Sequence[Promise],
    new: Sequence[tuple[Promise, list[int], str]],
    rng: random.Random,
    *,
    numbered: bool,
    renamed_category: bool,
) -> Pair:
    """Rows with their numbers, and the truth. Dropped rows' numbers go to newcomers; the rest keep or shift."""
    renamed = rng.choice([p.category for p in old]) if renamed_category else None
    kept = rng.random() < 0.5
    numbers = list(range(1, len(old) + 1))
    used = {place for _, places, _ in new for place in places}
    spare = [numbers[place] for place in range(len(old)) if place not in used]
    before = tuple(_row(at, p, numbers[at] if numbered else None, p.category) for at, p in enumerate(old))
    after = []
    truth: set[tuple[int | None, int | None, str]] = set()
    hard: set[tuple[int | None, int | None, str]] = set()
    for at, (promise, places, kind) in enumerate(new):
        category = f"深入推进{promise.category}提升" if promise.category == renamed else promise.category
        number = at + 1
        if kept:
            number = numbers[places[0]] if places else spare.pop() if spare else len(old) + at
        after.append(_row(at, promise, number if numbered else None, category))
        relation = {"figures": "reworded"}.get(kind, kind)
        links: set[tuple[int | None, int | None, str]] = {(place, at, relation) for place in places}
        links = links or {(None, at, "added")}
        truth |= links
        if kind != "same":
            hard |= links
    gone = {(place, None, "dropped") for place in range(len(old)) if place not in used}
    return Pair(before, tuple(after), frozenset(truth | gone), frozenset(hard | gone))


def _row(index: int, promise: Promise, number: int | None, category: str) -> Row:
    return Row(
        index=index, seq=number, category=category, content=promise.content, units=promise.units, status=promise.before
    )


def outcome(pair: Pair, links: Sequence[tuple[int | None, int | None, str]]) -> dict[str, float]:
    """right / of: relations that changed a row (a split counts once); same_wrong; hits of added and dropped."""
    found = set(links)
    groups: dict[tuple[str, int | None], set[tuple[int | None, int | None, str]]] = {}
    for link in pair.hard:
        side = link[0] if link[2] in ("split", "dropped", "reworded") else link[1]
        groups.setdefault((link[2], side), set()).add(link)
    result = {"right": float(sum(group <= found for group in groups.values())), "of": float(len(groups))}
    unchanged = pair.truth - pair.hard
    result["same_wrong"] = float(len(unchanged - found))
    for relation in (str(Relation.ADDED), str(Relation.DROPPED)):
        want = {link for link in pair.truth if link[2] == relation}
        got = {link for link in found if link[2] == relation}
        both = len(want & got)
        result[f"{relation}_hit"], result[f"{relation}_want"] = float(both), float(len(want))
        result[f"{relation}_got"] = float(len(got))
    return result
