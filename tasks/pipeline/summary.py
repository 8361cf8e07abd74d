"""What a run came to: one machine-readable summary that people, alerts and exit statuses all read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

# States of a document after a run that need a person or another try. `not_published` is a fact, not a failure.
INTERNAL = "InternalError"
TROUBLED = frozenset({"held", "blocked", "failed", "gone"})


@dataclass(frozen=True, slots=True)
class DocumentOutcome:
    """One document (or one listing) in one run.

    `state`: loaded | revision | unchanged | held | blocked | failed | gone | not_published | other_period.
    `detail` carries the error or the checks that hold it. `document_id` names a held document for `jibao review`.
    """

    source_id: str
    url: str
    state: str
    title: str = ""
    period: str | None = None
    detail: str = ""
    rows: int = 0
    changes: int = 0
    document_id: str = ""
    warnings: int = 0


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A finished run: `exit_status` is that of the contract."""

    run_id: str
    kind: str
    period: str | None
    outcomes: tuple[DocumentOutcome, ...] = field(default=())

    @property
    def counts(self) -> dict[str, int]:
        """Documents by state, plus `rows` and `changes` loaded: what is held, or was refused, is not."""
        counts: dict[str, int] = dict(sorted(Counter(outcome.state for outcome in self.outcomes).items()))
        loaded = [outcome for outcome in self.outcomes if outcome.state not in {"held", "rejected"}]
        counts["rows"] = sum(outcome.rows for outcome in loaded)
        counts["changes"] = sum(outcome.changes for outcome in loaded)
        return counts

    @property
    def troubles(self) -> tuple[DocumentOutcome, ...]:
        """What someone must look at."""
        return tuple(outcome for outcome in self.outcomes if outcome.state in TROUBLED)

    @property
    def futile(self) -> bool:
        """Whether something was tried and nothing came of anything: every source and document failed, is blocked or
        gone."""
        return bool(self.outcomes) and all(one.state in {"failed", "blocked", "gone"} for one in self.outcomes)

    @property
    def exit_status(self) -> int:
        """0 all done; 1 a source failed or is blocked, or a document awaits review; 3 a defect of ours was met."""
        if any(outcome.detail.startswith(INTERNAL) for outcome in self.outcomes):
            return 3
        return 1 if self.troubles else 0

    @property
    def state(self) -> str:
        """The word for v_run."""
        return "troubled" if self.troubles else "done"

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "run_id": self.run_id,
            "kind": self.kind,
            "period": self.period,
            "state": self.state,
            "counts": self.counts,
            "outcomes": [asdict(outcome) for outcome in self.outcomes],
        }


def summarise(run_id: str, kind: str, period: str | None, outcomes: Iterable[DocumentOutcome]) -> RunSummary:
    """Outcomes in a stable order: source, period, URL."""
    ordered = sorted(outcomes, key=lambda one: (one.source_id, one.period or "", one.url))
    return RunSummary(run_id, kind, period, tuple(ordered))
