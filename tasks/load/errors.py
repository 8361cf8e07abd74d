"""What can keep a disclosure from being loaded, apart from the warehouse itself."""

from __future__ import annotations

from tasks.errors import JibaoError, UsageError


class PeriodUnknown(JibaoError):
    """The document does not say what period it is about; the day of the run is no answer."""

    remedy = "Look at its title and text; if they tell the period, file an issue with the capture's sha256."


class NothingPending(UsageError):
    """No held document has this id."""

    remedy = "See `jibao review list` for what waits."


class AmbiguousDocument(UsageError):
    """A shortened id that fits several held documents."""

    remedy = "Give more of the id."
