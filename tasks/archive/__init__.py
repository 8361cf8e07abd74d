"""Captures: the bytes of every response, kept for ever under their sha256, with what was asked and what came back."""

from tasks.archive.store import Archive, Problem

__all__ = ["Archive", "Problem"]
