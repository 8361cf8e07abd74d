"""Which publications of a source continue one another: one source may carry the reports of several bodies.

A publication displaces another one about the same period only where something says that both are one report: words
of correction, nearly the same title, or largely the same content. Otherwise both are believed side by side, each in a
series of its own. Where every period has just one report there is one series, whatever titles and headings do.
A pure function of what the publications say: the order of loading has no part in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tasks.load import naming
from tasks.load.evidence import Appearance, Edition
from tasks.model import Period

MOSTLY = 0.5  # share of the content of two reports, above which they are one
WHOLLY = 0.9  # the same, above which not even two publishers make them two
LITTLE = 0.15  # share of two texts without a table, below which not even the same title makes them one

Likeness = Callable[[Edition, Edition], float | None]
"""Share of the content (0..1) that two editions have in common; None where nothing can be told."""


@dataclass
class _Series:
    """One report through the periods; `members` in the order of the periods."""

    members: list[Edition] = field(default_factory=list)


def assign(documents: Mapping[str, Sequence[Appearance]], stream_id: str, likeness: Likeness) -> dict[str, str]:
    """Document → its series within a stream: "" where there is only one, else the document that opened it."""
    speaking = [
        own[-1].edition for seen in documents.values() if (own := [a for a in seen if a.edition.stream_id == stream_id])
    ]
    by_period: dict[str, list[Edition]] = defaultdict(list)
    for edition in sorted(speaking, key=lambda e: (e.rank, e.document_id)):
        by_period[edition.period].append(edition)
    reports = {period: _reports(by_period[period], likeness) for period in sorted(by_period, key=Period.parse)}
    if all(len(found) < 2 for found in reports.values()):
        return {edition.document_id: "" for edition in speaking}
    series: list[_Series] = []
    for found in reports.values():
        _continue(series, found, likeness)
    return {member.document_id: one.members[0].document_id for one in series for member in one.members}


def _reports(published: Sequence[Edition], likeness: Likeness) -> list[list[Edition]]:
    """The publications about one period, those of one report together, in the order of publication."""
    if len(published) < 2:
        return [list(published)]
    groups: list[list[Edition]] = []
    mending = [e for e in published if naming.corrected(e.title)]
    for edition in [e for e in published if e not in mending]:
        _join(groups, edition, [g for g in groups if any(same_report(edition, other, likeness) for other in g)])
    for edition in mending:
        own = [g for g in groups if any(same_report(edition, other, likeness) for other in g)]
        if not own:
            # It corrects something that was published: what it is most like, if it can be of that body at all.
            fits = [
                (score, -n) for n, g in enumerate(groups) if (score := _affinity(g, [edition], likeness)) is not None
            ]
            own = [groups[-max(fits)[1]]] if fits else []
        _join(groups, edition, own)
    return sorted(groups, key=lambda g: min(e.rank for e in g))


def _join(groups: list[list[Edition]], edition: Edition, own: Sequence[list[Edition]]) -> None:
    """Add an edition to the groups that it belongs to, which thereby become one."""
    merged = [edition for group in own for edition in group] + [edition]
    groups[:] = [group for group in groups if not any(group is one for one in own)]
    groups.append(merged)


def same_report(a: Edition, b: Edition, likeness: Likeness) -> bool:
    """Whether two publications about one period tell the same report, so that the later one corrects the earlier."""
    if a.body_id == b.body_id:
        return True
    alike = naming.title_likeness(a.title, b.title)
    titled = alike is not None and alike >= naming.ALIKE
    shared = likeness(a, b)
    if shared is not None and shared >= WHOLLY:
        return True
    if naming.titles_conflict(a.title, b.title):
        return False
    if naming.others(a.publisher, b.publisher):
        return titled and shared is not None and shared >= MOSTLY
    if shared is not None and shared >= MOSTLY:
        return True
    if a.rows == 0 or b.rows == 0:
        return titled and (shared is None or shared >= LITTLE)
    return titled


def _continue(series: list[_Series], reports: Sequence[list[Edition]], likeness: Likeness) -> None:
    """Let each report of a period go on in the series that it is most like; what is like none opens one."""
    scores = {
        (s, r): score
        for s, one in enumerate(series)
        for r, report in enumerate(reports)
        if (score := _affinity(one.members, report, likeness)) is not None
    }
    # A period with one report goes on with what there is, however its title reads, unless it names another body.
    alone = len(reports) == 1
    taken: dict[int, int] = {}
    for (s, r), score in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
        if r not in taken and s not in taken.values() and (score > 0 or alone):
            taken[r] = s
    for r, report in enumerate(reports):
        if r in taken:
            series[taken[r]].members += report
        else:
            series.append(_Series(list(report)))


def _affinity(members: Sequence[Edition], report: Sequence[Edition], likeness: Likeness) -> float | None:
    """How well a report goes on with a series: the best over its last members; None where it is another body's."""
    found: list[float] = []
    for old in members[-2:]:
        for new in report:
            if naming.titles_conflict(old.title, new.title):
                return None
            apart = naming.others(old.publisher, new.publisher)
            alike = naming.title_likeness(old.title, new.title)
            shared = likeness(old, new)
            if apart and (shared is None or shared < MOSTLY):
                return None
            score = -0.5 if apart else 0.5 if old.publisher and new.publisher else 0.0
            score += 0.0 if alike is None else 2.0 * (alike - 0.6)
            score += 0.0 if shared is None else 3.0 * (shared - 0.2)
            found.append(score)
    return max(found)
