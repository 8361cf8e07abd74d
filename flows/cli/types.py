"""Arguments with a form of their own: periods and moments."""

from __future__ import annotations

from datetime import datetime

import click

from tasks.errors import JibaoError
from tasks.model import Period


class PeriodType(click.ParamType[Period]):
    """A period on the command line; a bad one is a usage error."""

    name = "PERIOD"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> Period:
        """`2024Q3` → Period."""
        if isinstance(value, Period):
            return value
        try:
            return Period.parse(str(value))
        except JibaoError as error:
            self.fail(f"{error.reason}. {error.remedy}", param, context)


PERIOD = PeriodType()


class MomentType(click.ParamType[datetime]):
    """A date or an instant; a date means the end of that day in Asia/Shanghai."""

    name = "TIME"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> datetime:
        """`2025-02-01` or `2025-02-01T10:00+08:00` → an aware datetime."""
        if isinstance(value, datetime):
            return value
        from tasks.periods import TIMEZONE

        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no date or time such as 2025-02-01 or 2025-02-01T10:00+08:00", param, context)
        if len(str(value)) == 10:
            moment = moment.replace(hour=23, minute=59, second=59, microsecond=999999)
        return moment if moment.tzinfo else moment.replace(tzinfo=TIMEZONE)


MOMENT = MomentType()
