# ruff: noqa: S608  (conditions come from this module, values are always bound)
"""The views of the contract, and how each is asked for a past moment.

A view stands here once, as a template over `believed(alias)`: the condition under which a row counts. For the view
itself that is "still believed" (`known_to IS NULL`) or, where the view shows both clocks, "ever believed"; for a past
moment it is "believed then". So present and past cannot drift apart, and PostgreSQL's functions are the same text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Believed = Callable[[str], str]
_DIGITS = 15  # decimal digits that a double keeps
_SHARE = 9  # decimal places of a quotient: 18.4 / 20 is 0.92


@dataclass(frozen=True)
class View:
    """One view: its columns with their kinds (`text`, `int`, `double`), its query, and which clocks it shows.

    `clocked`: the view has known_from and known_to and shows closed rows too. `moment`: the column by which a view of
    events (runs, requests, warnings) is cut at a past moment.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    query: Callable[[Believed], str]
    clocked: bool = False
    moment: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(name for name, _ in self.columns)


def _columns(text: str) -> tuple[tuple[str, str], ...]:
    """`a b:int c:double` → pairs of name and kind; text where nothing is said."""
    return tuple((name, kind or "text") for name, _, kind in (item.partition(":") for item in text.split()))


def _ever(_alias: str) -> str:
    return "1 = 1"


def _still(alias: str) -> str:
    return f"{alias}.known_to IS NULL"


def then(at: str) -> Believed:
    """Believed at the moment `at` (an SQL expression of the text form of an instant)."""
    return lambda alias: f"({alias}.known_from <= {at} AND ({alias}.known_to IS NULL OR {alias}.known_to > {at}))"


def _document(believed: Believed) -> str:
    return f"""
SELECT e.source_id, e.period, e.kind, e.title, e.url, s.revision, s.state, e.published_on, s.capture_sha256,
       s.known_from, s.known_to
FROM document_state s JOIN edition e ON e.edition_id = s.edition_id
WHERE {believed("s")}"""


def _progress(believed: Believed) -> str:
    return f"""
SELECT b.source_id, b.period, b.revision, p.commitment_id, p.row_index, p.seq, p.category, p.content, p.units,
       p.status, p.progress, p.progress_text, b.document_url, b.capture_sha256, b.known_from, b.known_to
FROM belief b JOIN progress p ON p.body_id = b.body_id
WHERE {believed("b")}"""


def _observation(believed: Believed) -> str:
    return f"""
SELECT b.source_id, b.period, p.commitment_id, o.section, o.field, o.text, o.metric, o.measure, o.value, o.value_high,
       o.unit, o.base_value, o.base_unit, o.bound, o.kind, o.comparison, o.period_start, o.period_end,
       b.document_url, b.known_from, b.known_to
FROM belief b
JOIN observation o ON o.body_id = b.body_id
LEFT JOIN progress p ON p.body_id = o.body_id AND p.row_index = o.row_index
WHERE {believed("b")}"""


def _change(believed: Believed) -> str:
    return _changes(believed, "")


def _change_history(believed: Believed) -> str:
    return _changes(believed, ", s.known_from, s.known_to")


def _changes(believed: Believed, clocks: str) -> str:
    return f"""
SELECT s.source_id, s.scope, s.from_period, s.to_period, s.from_revision, s.to_revision,
       COALESCE(pn.commitment_id, po.commitment_id) AS commitment_id, c.relation, c.facet, c.old_value, c.new_value,
       c.delta, CASE WHEN u.n IS NULL THEN s.cause ELSE 'parser' END AS cause, s.run_id{clocks}
FROM change_set s
JOIN pairing q ON q.pair_id = s.pair_id
JOIN change c ON c.pair_id = s.pair_id
LEFT JOIN change_ours u ON u.set_id = s.set_id AND u.n = c.n
LEFT JOIN progress pn ON pn.body_id = q.to_body AND pn.row_index = c.new_index
LEFT JOIN progress po ON po.body_id = q.from_body AND po.row_index = c.old_index
WHERE s.preview = 0 AND {believed("s")}"""


def _fetch(_believed: Believed) -> str:
    return (
        "SELECT source_id, url, outcome, http_status, NULLIF(detail, '') AS detail, sha256, fetched_at, run_id "
        "FROM request WHERE 1 = 1"
    )


def _warning(believed: Believed) -> str:
    # What was met while reading, what was not sure in comparing what is believed, and where documents contradict
    # themselves or each other.
    return f"""
SELECT source_id, period, document_url, code, message, run_id FROM warning w WHERE {believed("w")}
UNION ALL
SELECT s.source_id, s.to_period, b.document_url, q.code, q.message, s.run_id
FROM change_set s
JOIN pairing_warning q ON q.pair_id = s.pair_id
LEFT JOIN (SELECT document_id, revision, MIN(document_url) AS document_url FROM belief
           GROUP BY document_id, revision) b ON b.document_id = s.to_document AND b.revision = s.to_revision
WHERE s.preview = 0 AND NOT (s.scope = 'revision' AND q.code = 'progress_fell') AND {believed("s")}
UNION ALL
SELECT DISTINCT e.source_id, e.period, e.url, c.code, c.message, c.run_id
FROM document_state s
JOIN edition e ON e.edition_id = s.edition_id
JOIN body_warning c ON c.body_id = e.body_id
WHERE {believed("s")}"""


def _run(_believed: Believed) -> str:
    return "SELECT run_id, flow_run_id, kind, period, state, started_at, ended_at, counts FROM run WHERE 1 = 1"


def _rounded(value: str, places: int) -> str:
    """A double rounded to decimal places; the same on both databases."""
    return f"CAST(ROUND(CAST({value} AS NUMERIC), {places}) AS DOUBLE PRECISION)"


def _difference(one: str, other: str) -> str:
    """`one` less `other`, to the decimal places that doubles of their size keep: 62.1 - 43.7 is 18.4, with no noise.

    The size of the figures says how many of their digits stand behind the point.
    """
    size, told = f"ABS({one}) + ABS({other})", f"{one} - {other}"
    tiers = "".join(f"WHEN {size} < 1E{n} THEN {_rounded(told, _DIGITS - n)} " for n in range(1, _DIGITS))
    return f"CASE {tiers}ELSE {_rounded(told, 0)} END"


def _attainment(believed: Believed) -> str:
    # A level grows through the year and is held against the calendar; a rate is held against the target itself.
    # A cap (at_most) is kept until the figure exceeds it; 下降 targets have a negative sign on both sides. The last
    # bit of a quotient decides nothing.
    return f"""
SELECT t.source_id, t.period, t.commitment_id, t.metric, t.measure, t.unit, t.bound, t.target, t.actual, t.attainment,
       t.expected_share,
       CASE WHEN t.attainment IS NULL THEN NULL
            WHEN t.bound = 'at_most' AND t.target > 0
                THEN CASE WHEN t.attainment <= 1 + 1E-9 THEN 'within' ELSE 'over' END
            WHEN t.attainment >= t.expected_share - 1E-9 THEN 'ahead'
            ELSE 'behind' END AS standing,
       t.document_url
FROM (SELECT b.source_id, b.period, p.commitment_id, a.metric, a.measure, a.unit, a.bound, a.target, a.actual,
             CASE WHEN a.target = 0 THEN NULL ELSE {_rounded("a.actual / a.target", _SHARE)} END AS attainment,
             CASE WHEN a.cumulative = 1 THEN CAST(b.month AS DOUBLE PRECISION) / 12
                  ELSE CAST(1 AS DOUBLE PRECISION) END AS expected_share,
             b.document_url
      FROM belief b
      JOIN attainment a ON a.body_id = b.body_id
      LEFT JOIN progress p ON p.body_id = a.body_id AND p.row_index = a.row_index
      WHERE {believed("b")}) t"""


def _series(believed: Believed) -> str:
    # A single quarter is the step between two cumulative figures three months apart. A wider step tells no quarter.
    return f"""
SELECT s.source_id, s.period, s.commitment_id, s.metric, s.unit, s.cumulative,
       CASE WHEN s.month = 3 THEN s.cumulative
            WHEN s.month - s.before_month = 3 THEN {_difference("s.cumulative", "s.before_value")} END AS single,
       CASE WHEN s.month = 3 THEN s.period
            WHEN s.month - s.before_month = 3 THEN s.period || ' - ' || s.before_period END AS derivation,
       CASE WHEN s.month - s.before_month = 3 AND s.cumulative < s.before_value THEN 'fell'
            WHEN s.before_month IS NULL AND s.month > 3 THEN 'no earlier figure'
            WHEN s.month - s.before_month <> 3 THEN 'gap'
            ELSE 'ok' END AS quality,
       s.document_url
FROM (SELECT f.source_id, f.period, f.month, f.commitment_id, f.metric, f.unit, f.cumulative,
             f.document_url,
             LAG(f.cumulative) OVER w AS before_value, LAG(f.month) OVER w AS before_month,
             LAG(f.period) OVER w AS before_period
      FROM (SELECT b.source_id, b.kind, b.series, b.year, b.period, b.month, p.commitment_id, o.metric, o.series_key,
                   o.base_unit AS unit, o.base_value AS cumulative, b.document_url,
                   ROW_NUMBER() OVER (PARTITION BY b.source_id, b.kind, b.series, b.year, b.month, p.commitment_id,
                                                   o.series_key
                                      ORDER BY b.period, o.n) AS place
            FROM belief b
            JOIN observation o ON o.body_id = b.body_id AND o.series_key IS NOT NULL
            LEFT JOIN progress p ON p.body_id = o.body_id AND p.row_index = o.row_index
            WHERE {believed("b")}) f
      WHERE f.place = 1
      WINDOW w AS (PARTITION BY f.source_id, f.kind, f.series, f.year, f.commitment_id, f.series_key
                   ORDER BY f.month)) s"""


def _lineage(believed: Believed) -> str:
    head = "b.source_id, b.period, b.revision, p.commitment_id"
    proof = (
        "b.document_url, y.capture_sha256, k.final_url AS capture_url, k.fetched_at AS captured_at, "
        "b.known_from, b.known_to"
    )
    source = """FROM belief b
JOIN body y ON y.body_id = b.body_id
LEFT JOIN capture k ON k.sha256 = y.capture_sha256"""
    rows = "JOIN progress p ON p.body_id = b.body_id"

    def of(field: str, heading: str, start: str, end: str) -> str:
        return f"""
SELECT {head}, p.row_index, '{field}' AS field, {heading} AS heading, {start} AS text_start, {end} AS text_end,
       p.{field} AS text, CAST(NULL AS TEXT) AS metric, p.table_index, {proof}
{source} {rows} WHERE p.{field} IS NOT NULL AND {believed("b")}"""

    return " UNION ALL ".join(
        (
            of("content", "y.content_heading", "p.content_start", "p.content_end"),
            of("status", "y.status_heading", "p.status_start", "p.status_end"),
            of("progress_text", "y.progress_heading", "CAST(NULL AS INTEGER)", "CAST(NULL AS INTEGER)"),
            f"""
SELECT {head}, o.row_index, COALESCE(o.field, 'text') AS field,
       CASE o.field WHEN 'content' THEN y.content_heading WHEN 'status' THEN y.status_heading END AS heading,
       o.text_start, o.text_end, o.text, o.metric, p.table_index, {proof}
{source}
JOIN observation o ON o.body_id = b.body_id
LEFT JOIN progress p ON p.body_id = o.body_id AND p.row_index = o.row_index
WHERE {believed("b")}""",
        )
    )


def _promise(believed: Believed) -> str:
    # Each quarter's table was held against the report; of a commitment's several finds the surest counts.
    return f"""
SELECT f.source_id, f.year, f.commitment_id, f.promise, f.document_url, f.text_start, f.text_end, f.confidence
FROM (SELECT b.source_id, b.year, p.commitment_id, o.promise, r.document_url, o.text_start, o.text_end, o.confidence,
             ROW_NUMBER() OVER (PARTITION BY b.source_id, b.year, p.commitment_id, r.document_id
                                ORDER BY o.confidence DESC, b.month, o.body_id, o.row_index) AS place
      FROM origin o
      JOIN belief r ON r.body_id = o.report_body
      JOIN belief b ON b.body_id = o.body_id
      JOIN progress p ON p.body_id = o.body_id AND p.row_index = o.row_index
      WHERE {believed("b")} AND {believed("r")}) f
WHERE f.place = 1"""


VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        View(
            "v_document",
            _columns(
                "source_id period kind title url revision:int state published_on capture_sha256 known_from known_to"
            ),
            _document,
            clocked=True,
        ),
        View(
            "v_progress",
            _columns(
                "source_id period revision:int commitment_id row_index:int seq category content units status "
                "progress:double progress_text document_url capture_sha256 known_from known_to"
            ),
            _progress,
            clocked=True,
        ),
        View(
            "v_observation",
            _columns(
                "source_id period commitment_id section field text metric measure value:double value_high:double unit "
                "base_value:double base_unit bound kind comparison period_start period_end document_url known_from "
                "known_to"
            ),
            _observation,
            clocked=True,
        ),
        View(
            "v_change",
            _columns(
                "source_id scope from_period to_period from_revision:int to_revision:int commitment_id relation facet "
                "old_value new_value delta:double cause run_id"
            ),
            _change,
        ),
        View(
            "v_change_history",
            _columns(
                "source_id scope from_period to_period from_revision:int to_revision:int commitment_id relation facet "
                "old_value new_value delta:double cause run_id known_from known_to"
            ),
            _change_history,
            clocked=True,
        ),
        View(
            "v_fetch",
            _columns("source_id url outcome http_status:int detail sha256 fetched_at run_id"),
            _fetch,
            moment="fetched_at",
        ),
        View(
            "v_warning",
            _columns("source_id period document_url code message run_id"),
            _warning,
        ),
        View(
            "v_run",
            _columns("run_id flow_run_id kind period state started_at ended_at counts"),
            _run,
            moment="started_at",
        ),
        View(
            "v_attainment",
            _columns(
                "source_id period commitment_id metric measure unit bound target:double actual:double "
                "attainment:double expected_share:double standing document_url"
            ),
            _attainment,
        ),
        View(
            "v_series",
            _columns(
                "source_id period commitment_id metric unit cumulative:double single:double derivation quality "
                "document_url"
            ),
            _series,
        ),
        View(
            "v_promise",
            _columns(
                "source_id year:int commitment_id promise document_url text_start:int text_end:int confidence:double"
            ),
            _promise,
        ),
        View(
            "v_lineage",
            _columns(
                "source_id period revision:int commitment_id row_index:int field heading text_start:int text_end:int "
                "text metric table_index:int document_url capture_sha256 capture_url captured_at known_from known_to"
            ),
            _lineage,
            clocked=True,
        ),
    )
}

CONTRACT = ("v_document", "v_progress", "v_observation", "v_change", "v_fetch", "v_warning", "v_run")


def present(view: View) -> str:
    """The query of the view itself."""
    return view.query(_ever if view.clocked else _still)


def past(view: View, at: str = "?") -> tuple[str, int]:
    """The query of the view as of a moment, and how often the moment's parameter stands in it."""
    if view.moment is not None:
        query = f"{view.query(_ever)} AND {view.moment} <= {at}"
        return query, query.count(at) if at == "?" else 1
    query = view.query(then(at))
    return query, query.count(at)


def drop_statements(postgres: bool) -> list[str]:
    """What takes all views (and on PostgreSQL their functions) away."""
    functions = [f"DROP FUNCTION IF EXISTS {function_name(view)}(timestamptz)" for view in VIEWS.values()]
    return (functions if postgres else []) + [f"DROP VIEW IF EXISTS {name}" for name in VIEWS]


def create_statements(postgres: bool) -> list[str]:
    """What makes them."""
    made = [f"CREATE VIEW {view.name} AS {present(view)}" for view in VIEWS.values()]
    return made + ([_function(view) for view in VIEWS.values()] if postgres else [])


def function_name(view: View) -> str:
    """PostgreSQL's function for a past moment: `progress_as_of(timestamptz)`."""
    return f"{view.name.removeprefix('v_')}_as_of"


def _function(view: View) -> str:
    moment = 'to_char($1 AT TIME ZONE \'UTC\', \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\') COLLATE "C"'
    query, _ = past(view, "(SELECT moment FROM asked)")
    return (
        f"CREATE FUNCTION {function_name(view)}(timestamptz) RETURNS SETOF {view.name} LANGUAGE sql STABLE AS "
        f"$body$ WITH asked AS (SELECT {moment} AS moment) {query} $body$"
    )
