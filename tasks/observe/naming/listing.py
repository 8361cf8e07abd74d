"""Members of a list, each with its figure: what the first of them says for all."""

from __future__ import annotations

import re

from tasks.observe.naming.case import Case, Name
from tasks.observe.naming.events import is_event
from tasks.observe.owners import as_owner
from tasks.observe.verbs import governed, parallel

_INVOLVED = re.compile("涉及|惠及|带动|服务|除险加固")
_SUMS = frozenset(("amount", "count"))


def involved(case: Case) -> Name | None:
    """A verb of reaching holds for all that it reaches."""
    found = _INVOLVED.match(case.series)
    return Name(found[0] + case.head, None) if found else None


def differing(case: Case) -> Name | None:
    """Only what differs from the one before is said."""
    first = case.series if case.sort == "share" else case.alike
    whole = parallel(case.head, first) if first else ""
    return Name(whole, None) if whole else None


def governed_by_verb(case: Case) -> Name | None:
    """The verb before the first holds for all."""
    if case.sort not in _SUMS or case.left.listed:
        return None
    whole = governed(case.head, case.last or case.series) if not is_event(case.head) else ""
    return Name(whole, as_owner(case.head)) if whole else None
