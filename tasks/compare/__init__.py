"""Comparing two quarters: which row is which, what moved, and one identity for each commitment through the year."""

from tasks.compare.facets import Difference, Patch, Severity, apply, compare_rows, diff, severity, status_changed
from tasks.compare.identity import identify
from tasks.compare.match import Matching, match
from tasks.compare.output import diff_csv, diff_json, diff_rows

__all__ = [
    "Difference",
    "Matching",
    "Patch",
    "Severity",
    "apply",
    "compare_rows",
    "diff",
    "diff_csv",
    "diff_json",
    "diff_rows",
    "identify",
    "match",
    "severity",
    "status_changed",
]
