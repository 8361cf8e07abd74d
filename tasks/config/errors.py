"""What can be wrong with a configuration: found before the first request, all of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.errors import UsageError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, with its place. `line` and `column` count from 1; None where the file has no place."""

    file: str
    line: int | None
    column: int | None
    key: str  # sources[2].match; empty for the file as a whole
    source: str | None
    reason: str

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        key = f" {self.key}" if self.key else ""
        source = f" [{self.source}]" if self.source else ""
        return f"{place}{':' if source or key else ''}{source}{key}: {self.reason}"


class ConfigError(UsageError):
    """`sources.yaml` is not usable. `problems` holds every one that was found."""

    remedy = "Correct the file at the places named; `jibao sources check` looks at it again without starting anything."

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0] if self.problems else None
        lines = "".join(f"\n  {problem}" for problem in self.problems)
        where = None
        if first is not None:
            where = first.file if first.line is None else f"{first.file}:{first.line}"
        count = len(self.problems)
        super().__init__(
            f"{count} problem{'s' if count != 1 else ''} in the configuration{lines}",
            source=first.source if first is not None and count == 1 else None,
            where=where,
        )

    def __str__(self) -> str:
        # A line for each problem and one for the remedy.
        place = " ".join(part for part in (f"[{self.source}]" if self.source else "", self.where or "") if part)
        return f"{place}{': ' if place else ''}{self.code}: {self.reason}\n{self.remedy}"


class SelectionError(UsageError):
    """The sources asked for do not exist, or none is enabled: nothing would have been done."""

    remedy = "`jibao sources list` shows what is configured; name one of those, or enable one."
