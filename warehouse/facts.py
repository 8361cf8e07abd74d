"""What is reported to the warehouse, and what it reports back, apart from the disclosures themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class FetchFact:
    """One request and what it came to: a line of v_fetch. `outcome` is one of the contract's six."""

    source_id: str
    url: str
    outcome: str
    fetched_at: datetime
    http_status: int | None = None
    detail: str = ""
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class WarningFact:
    """Something that was not understood or looks wrong: a line of v_warning, once however often it is reported."""

    source_id: str
    code: str
    message: str
    period: str | None = None
    document_url: str | None = None


class CheckFact(NamedTuple):
    """One check of a held document: name, verdict (`pass`, `hold`) and the figures it rests on."""

    name: str
    verdict: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A held document that waits for a person. `changes` is how many changes accepting it would bring."""

    document_id: str
    source_id: str
    period: str
    kind: str
    revision: int
    title: str | None
    url: str | None
    held_since: datetime
    reason: str
    checks: tuple[CheckFact, ...]
    changes: int


@dataclass(frozen=True, slots=True)
class PreviewChange:
    """One change that accepting a held document would bring. The fields are those of v_change."""

    scope: str
    from_period: str
    to_period: str
    from_revision: int
    to_revision: int
    relation: str
    facet: str
    old_value: str | None
    new_value: str | None
    delta: float | None
    content: str | None = None  # the promise that it is about, as the newer side words it
