"""Reading: the bytes of any disclosure → a complete `Report`, or a named error."""

from __future__ import annotations

from tasks.read.hints import ReadHints
from tasks.read.reading import read, read_page

__all__ = ["ReadHints", "read", "read_page"]
