"""The quarter's change report: one self-contained HTML file, from the warehouse's views alone."""

from tasks.report.html import render, write_report

__all__ = ["render", "write_report"]
