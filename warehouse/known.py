"""Which documents the warehouse knows, whatever it believes of them."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.engine import Transaction


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """A publication: the portal's own key, where it was last seen and every address it had, its latest title."""

    document_id: str
    key: str
    url: str
    title: str | None
    other_urls: tuple[str, ...] = ()


def known_documents(transaction: Transaction, source_id: str) -> list[KnownDocument]:
    """All documents of a source with the URL and title of what was shown last, by key."""
    shown = transaction.rows(
        "SELECT d.document_id, d.key, e.url, e.title FROM document d "
        "JOIN load_record l ON l.document_id = d.document_id JOIN edition e ON e.edition_id = l.edition_id "
        "WHERE d.source_id = ? ORDER BY d.key, l.known_at",
        (source_id,),
    )
    urls: dict[str, list[str]] = {}
    for document_id, url in transaction.rows(
        "SELECT u.document_id, u.url FROM document_url u JOIN document d ON d.document_id = u.document_id "
        "WHERE d.source_id = ? ORDER BY u.document_id, u.url",
        (source_id,),
    ):
        urls.setdefault(document_id, []).append(url)
    latest = {row[0]: row for row in shown}  # the last of each document: ordered by when it was seen
    return [
        KnownDocument(document_id, key, url, title, tuple(other for other in urls.get(document_id, ()) if other != url))
        for document_id, key, url, title in latest.values()
    ]
