"""From a commitment back to the sentence of the January work report that made it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tasks.compare.evidence import Meeting, curve
from tasks.compare.lexicon import Counts, Side
from tasks.compare.normalise import quantities
from tasks.compare.profiles import profile, promise_of
from tasks.model import Row

_SENTENCE = re.compile(r"[^。;；!！\n]+[。;；!！]?")
COVERED = ((0.0, -6.0), (0.3, -2.5), (0.5, 0.0), (0.7, 2.0), (1.0, 5.0))  # share of the promise in the sentence
FIGURES_SHARED, FIGURES_OTHER = 1.5, -2.0
LEAST_WEIGHT = 2.0  # a promise of fewer telling words than this could stand anywhere


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row's promise was made: `texts[text][start:end] == sentence`. `confidence` is 0..1."""

    row: int
    text: int
    start: int
    end: int
    sentence: str
    confidence: float


def link_promises(work_report_texts: Sequence[str], rows: Sequence[Row]) -> tuple[Origin, ...]:
    """For each row the sentence of the work reports that holds most of it; rows without a likely one are left out.

    Two sentences as good as each other are no answer, and give none.
    """
    spots = [
        (number, found.start(), found.end(), found[0])
        for number, text in enumerate(work_report_texts)
        for found in _SENTENCE.finditer(text)
        if len(found[0].strip()) > 3
    ]
    if not spots or not rows:
        return ()
    sentences = [profile(Row(index=at, content=sentence), at) for at, (_, _, _, sentence) in enumerate(spots)]
    promises = [profile(row, at) for at, row in enumerate(rows)]
    counts = Counts([*work_report_texts, *map(promise_of, rows)], [], len(rows) + len(spots))
    left, right = Side.both(promises, sentences, counts, {}, frozenset())
    meeting = Meeting(left, right)
    shared = meeting.shared("words")
    mass = meeting.masses("words")[0][:, 0]
    odds = curve(shared / np.maximum(mass, 1e-9)[:, None], COVERED)
    origins = []
    for at, row in enumerate(rows):
        if mass[at] < LEAST_WEIGHT:
            continue
        mine = {value for value, _ in quantities(promises[at].told.text)}
        for to, sentence in enumerate(sentences):
            if mine and sentence.told.figures:
                odds[at, to] += FIGURES_SHARED if mine & sentence.told.figures else FIGURES_OTHER
        best = int(odds[at].argmax())
        second = float(np.delete(odds[at], best).max(initial=-9.0))
        margin = float(odds[at, best]) - max(second, 0.0)
        if margin > 0.0:
            number, start, end, sentence_text = spots[best]
            confidence = round(float(1 / (1 + np.exp(-margin))), 4)
            origins.append(Origin(row.index, number, start, end, sentence_text, confidence))
    return tuple(origins)
