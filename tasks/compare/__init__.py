"""Comparing two quarters: which row is which, what moved, and one identity for each commitment through the year."""

from tasks.compare.events import DocumentEvent, EventKind, document_event, identical_rows, is_correction, same_table
from tasks.compare.facets import Difference, Patch, Severity, apply, compare_rows, diff, severity, status_changed
from tasks.compare.identity import Walk, identify
from tasks.compare.match import Matching, match
from tasks.compare.normalise import content_key
from tasks.compare.output import diff_csv, diff_json, diff_rows
from tasks.compare.profiles import promise_of
from tasks.compare.promises import Origin, link_promises

__all__ = [
    "Difference",
    "DocumentEvent",
    "EventKind",
    "Matching",
    "Origin",
    "Patch",
    "Severity",
    "Walk",
    "apply",
    "compare_rows",
    "content_key",
    "diff",
    "diff_csv",
    "diff_json",
    "diff_rows",
    "document_event",
    "identical_rows",
    "identify",
    "is_correction",
    "link_promises",
    "match",
    "promise_of",
    "same_table",
    "severity",
    "status_changed",
]
