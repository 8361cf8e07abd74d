"""Laws of belief, for any history of showings and decisions."""

from __future__ import annotations

import random
from collections import defaultdict
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from tasks.load.evidence import Appearance, Decided, Edition, Shown, natural
from tasks.load.timeline import Timeline, derive
from tasks.load.withdrawal import withdrawn_stretches
from tasks.model import Check, Verdict

PERIODS = ("2024Q1", "2024Q2", "2024Q3")
STREAM = "s"


def edition(document: int, body: int, period: int, failed: bool) -> Edition:
    day = f"2024-{3 * period + 4:02d}-{1 + document:02d}"
    name = f"d{document}b{body}p{period}{'f' if failed else ''}"
    return Edition(
        name,
        f"d{document}",
        f"body{body}p{period}{'x' if document == 3 else ''}",
        STREAM,
        PERIODS[period],
        "execution",
        5,
        "重点任务执行情况",
        None,
        day,
        f"art_{document}",
        (Check("min_rows", Verdict.HOLD, "0"),) if failed else (),
        None,
        "区财政局" if document == 3 else "区民政局",
    )


editions = st.builds(edition, st.integers(0, 3), st.integers(0, 2), st.integers(0, 2), st.booleans())
showings = st.lists(st.tuples(editions, st.integers(10, 40)), min_size=1, max_size=12)
verdicts = st.lists(
    st.tuples(st.integers(0, 11), st.sampled_from(["accept", "reject"]), st.integers(10, 50)), max_size=4
)


def at(n: int) -> str:
    return f"T{n:03d}"


def gate(_appearance: Appearance, other: Edition, revision: bool) -> tuple[Check, ...]:
    held = other.body_id.startswith("body2") and not revision
    return (Check("max_dropped_share", Verdict.HOLD, "all"),) if held else ()


def story(
    seen: list[tuple[Edition, int]], decided: list[tuple[int, str, int]]
) -> tuple[list[Shown], dict[str, Edition], list[Decided]]:
    known = {e.edition_id: e for e, _ in seen}
    shown = list(
        {(e.document_id, e.edition_id, n): Shown(e.document_id, e.edition_id, at(n)) for e, n in seen}.values()
    )
    return shown, known, [Decided(seen[i % len(seen)][0].edition_id, verdict, at(n)) for i, verdict, n in decided]


def told(timeline: Timeline) -> tuple[object, ...]:
    beliefs = sorted(
        (b.appearance.edition.edition_id, b.appearance.revision, b.start, b.end or "") for b in timeline.beliefs
    )
    states = sorted(
        (s.appearance.edition.edition_id, s.appearance.revision, s.state, s.start, s.end or "") for s in timeline.states
    )
    sets = sorted(
        (
            s.scope,
            s.old.edition.edition_id,
            s.old.revision,
            s.new.edition.edition_id,
            s.new.revision,
            s.cause,
            s.start,
            s.end or "",
            s.preview,
        )
        for s in timeline.sets
    )
    return beliefs, states, sets, dict(timeline.aliases), dict(timeline.series)


@given(showings, verdicts, st.randoms(use_true_random=False))
def test_the_order_of_loading_has_no_say(
    seen: list[tuple[Edition, int]], decided: list[tuple[int, str, int]], rng: random.Random
) -> None:
    shown, known, verdict = story(seen, decided)
    straight = told(derive(STREAM, shown, known, verdict, {}, gate))
    rng.shuffle(shown)
    rng.shuffle(verdict)
    assert told(derive(STREAM, shown + shown[:2], known, verdict, {}, gate)) == straight


@given(showings, verdicts)
def test_one_belief_about_one_quarter_at_a_time(
    seen: list[tuple[Edition, int]], decided: list[tuple[int, str, int]]
) -> None:
    timeline = derive(STREAM, *story(seen, decided), {}, gate)
    by_period = defaultdict(list)
    for belief in timeline.beliefs:
        assert belief.end is None or belief.start <= belief.end
        if belief.start != belief.end:
            edition = belief.appearance.edition
            slot = (timeline.series[edition.document_id], edition.period)
            by_period[slot].append((belief.start, belief.end or "~"))
    for stretches in by_period.values():
        for (_, end), (start, _) in pairwise(sorted(stretches)):
            assert end <= start


@given(showings, verdicts)
def test_another_body_takes_nothing_away(seen: list[tuple[Edition, int]], decided: list[tuple[int, str, int]]) -> None:
    shown, known, verdict = story(seen, decided)
    theirs = [item for item in shown if item.document_id == "d3"]
    together, alone = (derive(STREAM, some, known, verdict, {}, gate) for some in (shown, theirs))
    if len(set(together.series.values())) == 1:
        return  # one report a period is one series, whoever publishes it
    assert beliefs_of("d3", together) == beliefs_of("d3", alone)


def beliefs_of(document: str, timeline: Timeline) -> list[tuple[str, str, str]]:
    own = [b for b in timeline.beliefs if b.appearance.edition.document_id == document]
    return sorted((b.appearance.edition.edition_id, b.start, b.end or "") for b in own)


@given(showings, verdicts)
def test_what_is_held_or_rejected_is_not_believed(
    seen: list[tuple[Edition, int]], decided: list[tuple[int, str, int]]
) -> None:
    timeline = derive(STREAM, *story(seen, decided), {}, gate)
    for belief in timeline.beliefs:
        if belief.start != belief.end:
            assert belief.appearance.state_at(belief.start) == "loaded"
    now = {id(b.appearance) for b in timeline.beliefs if b.end is None}
    for state in timeline.states:
        if state.end is None:
            assert (id(state.appearance) in now) == (state.state in ("loaded", "withdrawn"))


@given(showings, verdicts)
def test_every_content_is_kept(seen: list[tuple[Edition, int]], decided: list[tuple[int, str, int]]) -> None:
    shown, known, verdict = story(seen, decided)
    timeline = derive(STREAM, shown, known, verdict, {}, gate)
    kept = {s.appearance.edition.edition_id for s in timeline.states}
    for item in shown:
        assert item.edition_id in kept or item.document_id in timeline.aliases
    revisions = defaultdict(set)
    for state in timeline.states:
        revisions[state.appearance.edition.document_id].add(state.appearance.revision)
    for numbers in revisions.values():
        assert numbers == set(range(1, max(numbers) + 1))


@given(showings, verdicts)
def test_quarter_changes_join_what_is_believed_together(
    seen: list[tuple[Edition, int]], decided: list[tuple[int, str, int]]
) -> None:
    timeline = derive(STREAM, *story(seen, decided), {}, gate)
    open_sets = {
        (id(s.old), id(s.new)) for s in timeline.sets if s.scope == "quarter" and s.end is None and not s.preview
    }
    chains = [list(current.values()) for current in timeline.current.values()]
    assert open_sets == {(id(a), id(b)) for chain in chains for a, b in pairwise(chain)}


def known_at(timeline: Timeline, moment: str) -> tuple[set[object], ...]:
    """What counted at a moment: beliefs, states, and what was compared with what."""

    def counts(start: str, end: str | None) -> bool:
        return start <= moment and (end is None or moment < end)

    def name(a: Appearance) -> str:
        return a.edition.body_id

    sets = {(s.scope, name(s.old), name(s.new)) for s in timeline.sets if counts(s.start, s.end) and not s.preview}
    return (
        {name(b.appearance) for b in timeline.beliefs if counts(b.start, b.end)},
        {(name(s.appearance), s.state) for s in timeline.states if counts(s.start, s.end)},
        {item for item in sets if item[1] != item[2]},
    )


def alike(document: int, body: int, period: int) -> Edition:
    """An edition with words of its own, whose checks follow from them."""
    return edition(document, 10 * body + document, period, body == 1)


few = st.tuples(st.builds(alike, st.integers(0, 2), st.integers(0, 3), st.integers(0, 2)), st.integers(10, 40))


# A content between two others that passes only later parts them from then on.
@example(
    seen=[
        *((alike(0, 0, 0), n) for n in (10, 11, 12, 13, 16)),
        (alike(0, 0, 1), 15),
        (alike(0, 2, 0), 14),
        (alike(1, 0, 0), 10),
        (alike(2, 0, 0), 10),
    ],
    decided=[(8, "reject", 17)],
    moment=16,
)
@given(st.lists(few, min_size=1, max_size=10), verdicts, st.integers(10, 50))
def test_the_past_is_what_was_known_then(
    seen: list[tuple[Edition, int]], decided: list[tuple[int, str, int]], moment: int
) -> None:
    """What arrives later changes what is believed from then on, never what was believed before."""
    shown, known, verdict = story(seen, decided)
    whole = derive(STREAM, shown, known, verdict, {}, gate)
    early = [item for item in shown if item.known_at <= at(moment)]
    then = derive(STREAM, early, known, [d for d in verdict if d.at <= at(moment)], {}, gate)
    assert known_at(whole, at(moment)) == known_at(then, at(moment))


@given(st.lists(st.integers(0, 60)), st.lists(st.integers(0, 60)))
def test_a_withdrawal_takes_three_days_without_a_sight(seen: list[int], gone: list[int]) -> None:
    def stamp(n: int) -> str:
        return f"2024-11-{n // 3 + 1:02d}T{8 * (n % 3):02d}"

    there, missing = sorted({stamp(n) for n in seen}), sorted({stamp(n) for n in gone} - {stamp(n) for n in seen})
    for start, end in withdrawn_stretches(there, missing, ()):
        before = max((at for at in there if at <= start), default="")
        assert len({at[:10] for at in missing if before < at <= start}) >= 3
        assert end is None or end in there
        assert not [at for at in there if start <= at and (end is None or at < end)]


def test_article_numbers_count_as_numbers() -> None:
    assert natural("art_99") < natural("art_100")
