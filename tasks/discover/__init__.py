"""Discovery: which documents a source has, by the protocol of its portal family; and how one of them is fetched."""

from __future__ import annotations

from tasks.discover.errors import (
    ArchiveAnswerUnreadable,
    ListingEmpty,
    ListingEndless,
    ListingError,
    ListingIncomplete,
    ListingNotRecognised,
    ListingUnavailable,
    ListingUnstable,
    PathUnusable,
    WarcUnreadable,
)
from tasks.discover.families import FAMILIES, discover, fetch_attachment, fetch_document
from tasks.discover.ports import Fetching, Keeping, Listing
from tasks.discover.urls import article_key, canonical_url

__all__ = [
    "FAMILIES",
    "ArchiveAnswerUnreadable",
    "Fetching",
    "Keeping",
    "Listing",
    "ListingEmpty",
    "ListingEndless",
    "ListingError",
    "ListingIncomplete",
    "ListingNotRecognised",
    "ListingUnavailable",
    "ListingUnstable",
    "PathUnusable",
    "WarcUnreadable",
    "article_key",
    "canonical_url",
    "discover",
    "fetch_attachment",
    "fetch_document",
]
