"""The root of every error this project raises on purpose. It stands at the bottom of the house so that the warehouse,
which knows nothing of the steps, and the steps can share it; the steps import it from `tasks.errors`."""

from __future__ import annotations

from typing import ClassVar, Self


class JibaoError(Exception):
    """A failure that a user, a portal or a machine can cause; never shown as a traceback.

    `reason` says what is wrong, with the offending value. `remedy` (of the class) says what to do about it.
    `source` and `where` (URL, path or file:line) are filled in by whoever knows them: see `at`.
    """

    remedy: ClassVar[str] = "Read the reason; if it does not help, file an issue with the capture's sha256."
    exit_status: ClassVar[int] = 1

    def __init__(self, reason: str, *, source: str | None = None, where: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.source = source
        self.where = where

    @property
    def code(self) -> str:
        """The class name: the stable word that warehouse rows, alerts and the runbook use."""
        return type(self).__name__

    def at(self, *, source: str | None = None, where: str | None = None) -> Self:
        """Fill in what was not known at the raise; keeps what was. Returns self, for `raise error.at(...)`."""
        self.source = self.source or source
        self.where = self.where or where
        return self

    def __str__(self) -> str:
        place = " ".join(part for part in (f"[{self.source}]" if self.source else "", self.where or "") if part)
        head = f"{place}: " if place else ""
        return f"{head}{self.code}: {self.reason}. {self.remedy}"
