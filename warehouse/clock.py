"""Instants as the warehouse keeps them: UTC, ISO 8601, always 27 characters, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime


def stamp(at: datetime) -> str:
    """A timezone-aware instant → `2024-10-29T07:18:52.000000Z`. A naive one is a programming error: ValueError."""
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    """The inverse of `stamp`."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def now() -> datetime:
    """The present instant, UTC."""
    return datetime.now(UTC)
