"""What the players of the list families publish: entries, and the ways in which lists misbehave."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

TITLE = "关于云河区2024年第{number}批《政府工作报告》重点任务执行情况的通报"


@dataclass(frozen=True)
class Published:
    """One entry of a list."""

    number: int
    title: str
    day: date


def published(count: int, *, first: date = date(2022, 1, 4)) -> list[Published]:
    """`count` entries, newest first."""
    entries = [Published(1000 + n, TITLE.format(number=n + 1), first + timedelta(days=n)) for n in range(count)]
    return entries[::-1]


@dataclass
class Misbehaviour:
    """Switches; all off is a portal that behaves."""

    ignore_paging: bool = False
    total_off_by: int = 0
    reorder: bool = False
    repeat_last_page: bool = False
    grow_after: int | None = None  # after so many list answers there is one entry more, in front
    grow_always: bool = False
    empty: bool = False
    status: int = 200
    answers: int = field(default=0)

    def shown(self, entries: list[Published]) -> list[Published]:
        """The list as it stands at this answer."""
        self.answers += 1
        if self.empty:
            return []
        extra = 0
        if self.grow_always:
            extra = self.answers
        elif self.grow_after is not None and self.answers > self.grow_after:
            extra = 1
        new = [Published(5000 + n, TITLE.format(number=5000 + n), date(2024, 6, 1)) for n in range(extra)]
        shown = [*new, *entries]
        if self.reorder:
            shift = (self.answers * 7) % max(1, len(shown))
            shown = [*shown[shift:], *shown[:shift]]
        return shown

    def window(self, entries: list[Published], page: int, rows: int) -> list[Published]:
        """Page `page` (from 1) of `rows` entries."""
        if self.ignore_paging:
            page = 1
        chosen = entries[(page - 1) * rows : page * rows]
        if not chosen and self.repeat_last_page and entries:
            last = (len(entries) - 1) // rows
            chosen = entries[last * rows :]
        return chosen
