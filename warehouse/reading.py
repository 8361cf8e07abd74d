"""Questions to the warehouse that only read."""
# ruff: noqa: S608  (names come from the schema, values are always bound)

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import polars as pl

from warehouse import clock, errors
from warehouse.engine import Transaction
from warehouse.facts import CheckFact, Pending, PreviewChange
from warehouse.views import VIEWS, View, past

POLARS: dict[str, Any] = {"text": pl.String, "int": pl.Int64, "double": pl.Float64}


def view_named(name: str) -> View:
    """The view `v_progress` or, for short, `progress`. Raises NoSuchView listing them."""
    view = VIEWS.get(name) or VIEWS.get(f"v_{name}")
    if view is None:
        raise errors.NoSuchView(f"{name!r} is not one of {', '.join(VIEWS)}")
    return view


def statement(
    view: View, *, as_of: datetime | None, filters: Mapping[str, object], current: bool
) -> tuple[str, list[object]]:
    """The query for a view and its parameters, ordered by all columns, nulls first, on both databases."""
    values: list[object] = []
    source = view.name
    if as_of is not None:
        query, marks = past(view)
        source = f"({query}) AS asked"
        values = [clock.stamp(as_of)] * marks
    terms = []
    if current and view.clocked and as_of is None:
        terms.append("known_to IS NULL")
    for column, wanted in filters.items():
        if column not in view.names:
            raise errors.NoSuchView(f"{view.name} has no column {column!r}")
        if wanted is None:
            terms.append(f"{column} IS NULL")
        elif isinstance(wanted, (list, tuple, set, frozenset)):
            terms.append(f"{column} IN ({', '.join('?' * len(wanted))})" if wanted else "1 = 0")
            values += list(wanted)
        else:
            terms.append(f"{column} = ?")
            values.append(wanted)
    where = f" WHERE {' AND '.join(terms)}" if terms else ""
    order = ", ".join(f"{place} NULLS FIRST" for place in range(1, len(view.columns) + 1))
    return f"SELECT {', '.join(view.names)} FROM {source}{where} ORDER BY {order}", values


def frame(
    transaction: Transaction, name: str, *, as_of: datetime | None, filters: Mapping[str, object], current: bool
) -> pl.DataFrame:
    """A view as a frame with the column types of the dictionary, also where it is empty."""
    view = view_named(name)
    query, values = statement(view, as_of=as_of, filters=filters, current=current)
    return _frame(view, transaction.rows(query, values))


def batches(
    transaction: Transaction, view: View, *, as_of: datetime | None, size: int = 20_000
) -> Iterator[pl.DataFrame]:
    """A view in frames of at most `size` rows; at least one, empty where the view is."""
    query, values = statement(view, as_of=as_of, filters={}, current=False)
    empty = True
    for rows in transaction.stream(query, values, size):
        empty = False
        yield _frame(view, rows)
    if empty:
        yield _frame(view, [])


def _frame(view: View, rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    schema = {name: POLARS[kind] for name, kind in view.columns}
    return pl.DataFrame(rows, schema=schema, orient="row")


def pending(transaction: Transaction) -> list[Pending]:
    """Held documents that wait for a person."""
    found = transaction.rows(
        """SELECT s.document_id, e.source_id, e.period, e.kind, s.revision, e.title, e.url, s.known_from, s.reason,
                  e.checks, s.held_by,
                  (SELECT COUNT(*) FROM change_set t JOIN change c ON c.pair_id = t.pair_id
                   WHERE t.to_document = s.document_id AND t.to_revision = s.revision AND t.preview = 1
                     AND t.known_to IS NULL)
           FROM document_state s JOIN edition e ON e.edition_id = s.edition_id
           WHERE s.state = 'held' AND s.known_to IS NULL
           ORDER BY e.source_id, e.period, s.document_id"""
    )
    return [
        Pending(
            document_id=document_id,
            source_id=source_id,
            period=period,
            kind=kind,
            revision=revision,
            title=title,
            url=url,
            held_since=clock.moment(since),
            reason=reason or "",
            checks=_all_checks(json.loads(checks), json.loads(held_by or "[]")),
            changes=changes,
        )
        for document_id, source_id, period, kind, revision, title, url, since, reason, checks, held_by, changes in found
    ]


def rejected(transaction: Transaction) -> dict[str, str]:
    """Documents whose newest content a person has rejected → their sources."""
    found = transaction.rows(
        """SELECT s.document_id, e.source_id FROM document_state s JOIN edition e ON e.edition_id = s.edition_id
           WHERE s.state = 'rejected' AND s.known_to IS NULL
             AND NOT EXISTS (SELECT 1 FROM document_state n WHERE n.document_id = s.document_id
                             AND n.known_to IS NULL AND n.revision > s.revision)
           ORDER BY e.source_id, s.document_id"""
    )
    return dict(found)


def _all_checks(own: list[list[str]], held_by: list[list[str]]) -> tuple[CheckFact, ...]:
    """The document's own checks, then those that hold it beside its neighbours."""
    return tuple(dict.fromkeys(CheckFact(*check) for check in (*own, *held_by)))


def preview(transaction: Transaction, document_id: str) -> list[PreviewChange]:
    """The changes of the preview sets of a held document."""
    found = transaction.rows(
        """SELECT t.scope, t.from_period, t.to_period, t.from_revision, t.to_revision, c.relation, c.facet,
                  c.old_value, c.new_value, c.delta, COALESCE(pn.content, po.content)
           FROM change_set t
           JOIN pairing q ON q.pair_id = t.pair_id
           JOIN change c ON c.pair_id = t.pair_id
           LEFT JOIN progress pn ON pn.body_id = q.to_body AND pn.row_index = c.new_index
           LEFT JOIN progress po ON po.body_id = q.from_body AND po.row_index = c.old_index
           WHERE t.to_document = ? AND t.preview = 1 AND t.known_to IS NULL
           ORDER BY t.scope, t.to_revision, c.n""",
        (document_id,),
    )
    return [PreviewChange(*row) for row in found]


def known_captures(transaction: Transaction, source_id: str) -> dict[str, str]:
    """URL → sha256 of the evidence of what is believed."""
    found = transaction.rows(
        "SELECT document_url, capture_sha256 FROM belief "
        "WHERE source_id = ? AND known_to IS NULL AND document_url IS NOT NULL AND capture_sha256 IS NOT NULL",
        (source_id,),
    )
    return dict(found)
