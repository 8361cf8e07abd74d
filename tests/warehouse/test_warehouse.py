"""Opening, migrating, logging, leasing: on SQLite and on PostgreSQL."""

from __future__ import annotations

import multiprocessing
import os
import re
import sqlite3
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from warehouse import FetchFact, Warehouse, WarningFact, clock, errors, schema
from warehouse.engine import Database
from warehouse.migrate import upgrade
from warehouse.migrations import HEAD, VERSIONS
from warehouse.views import CONTRACT, VIEWS

CONTRACT_COLUMNS = {
    "v_document": "source_id, period, kind, title, url, revision, state, published_on, capture_sha256, known_from, "
    "known_to",
    "v_progress": "source_id, period, revision, commitment_id, row_index, seq, category, content, units, status, "
    "progress, progress_text, document_url, capture_sha256, known_from, known_to",
    "v_observation": "source_id, period, commitment_id, section, field, text, metric, measure, value, value_high, "
    "unit, base_value, base_unit, bound, kind, comparison, period_start, period_end, document_url, known_from, "
    "known_to",
    "v_change": "source_id, scope, from_period, to_period, from_revision, to_revision, commitment_id, relation, "
    "facet, old_value, new_value, delta, cause, run_id",
    "v_fetch": "source_id, url, outcome, http_status, detail, sha256, fetched_at, run_id",
    "v_warning": "source_id, period, document_url, code, message, run_id",
    "v_run": "run_id, flow_run_id, kind, period, state, started_at, ended_at, counts",
}


def execute(url: str, statement: str) -> list[Any]:
    """A statement without our own code."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            return connection.execute(statement).fetchall()
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description else []


def names(url: str, view: str) -> list[str]:
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    try:
        return [column["name"] for column in sa.inspect(engine).get_columns(view)]
    finally:
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """A database without tables, of each kind."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


def test_the_views_are_the_contracts(warehouse_url: str) -> None:
    assert set(CONTRACT) == set(CONTRACT_COLUMNS)
    for view, columns in CONTRACT_COLUMNS.items():
        assert names(warehouse_url, view) == columns.split(", "), view


def test_every_view_is_what_its_description_says(warehouse_url: str) -> None:
    for name, view in VIEWS.items():
        assert names(warehouse_url, name) == list(view.names)


def test_columns_are_of_one_kind_in_sql_too(postgres_url: str) -> None:
    # SQLite has kinds of values only; PostgreSQL's columns show where an expression came out as another number.
    with Warehouse(postgres_url):
        pass
    kinds = {"text": "text", "integer": "int", "bigint": "int", "double precision": "double"}
    for name, view in VIEWS.items():
        found = execute(
            postgres_url,
            f"SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '{name}' "
            "ORDER BY ordinal_position",
        )
        assert [(column, kinds.get(kind, kind)) for column, kind in found] == list(view.columns), name


def test_every_view_is_in_the_dictionary() -> None:
    told = (Path(__file__).parents[2] / "docs" / "warehouse.md").read_text(encoding="utf-8")
    for name, view in VIEWS.items():
        start = told.index(f"### `{name}`")
        section = told[start : told.find("\n### ", start + 1)]
        for column in view.names:
            assert f"| `{column}` |" in section, f"{name}.{column}"


def test_every_error_is_in_the_runbook() -> None:
    told = (Path(__file__).parents[2] / "docs" / "runbook" / "warehouse.md").read_text(encoding="utf-8")
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    classes = [kind for kind in kinds if issubclass(kind, errors.WarehouseError) and kind is not errors.WarehouseError]
    assert classes
    for kind in classes:
        assert f"## {kind.__name__}\n" in told
        assert kind.remedy


def test_migrations_make_the_schema_of_the_code(empty_url: str) -> None:
    with Warehouse(empty_url):
        pass
    engine = sa.create_engine(empty_url.replace("postgresql:", "postgresql+psycopg:"))
    inspector = sa.inspect(engine)
    for table in schema.metadata.sorted_tables:
        found = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name)}
        assert found == {column.name: column.nullable for column in table.columns}, table.name
        assert {i["name"] for i in inspector.get_indexes(table.name)} == {i.name for i in table.indexes}
        keys = inspector.get_pk_constraint(table.name)["constrained_columns"]
        assert keys == [column.name for column in table.primary_key.columns]
    engine.dispose()


def test_opening_again_writes_nothing(empty_url: str) -> None:
    with Warehouse(empty_url) as warehouse:
        warehouse.start_run("ingest", "2024Q3")
    with Warehouse(empty_url, migrate=False) as warehouse:
        assert warehouse.query("v_run").height == 1
    assert execute(empty_url, "SELECT version_num FROM alembic_version") == [(HEAD,)]


def test_an_empty_database_is_refused_where_migrating_is_off(empty_url: str) -> None:
    with pytest.raises(errors.WarehouseOlder):
        Warehouse(empty_url, migrate=False).open()


def test_a_newer_schema_is_refused_and_nothing_written(empty_url: str) -> None:
    with Warehouse(empty_url):
        pass
    execute(empty_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(errors.WarehouseNewer), Warehouse(empty_url) as warehouse:
        warehouse.start_run("ingest", None)
    assert execute(empty_url, "SELECT COUNT(*) FROM run") == [(0,)]
    assert execute(empty_url, "SELECT version_num FROM alembic_version") == [("9999",)]


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_an_older_schema_is_migrated_or_refused(empty_url: str, version: str) -> None:
    database = Database(empty_url)
    upgrade(database, version)
    database.close()
    with pytest.raises(errors.WarehouseOlder):
        Warehouse(empty_url, migrate=False).open()
    with Warehouse(empty_url) as warehouse:
        for view in VIEWS:
            warehouse.query(view)
    assert execute(empty_url, "SELECT version_num FROM alembic_version") == [(HEAD,)]


def test_somebody_elses_database_is_left_alone(empty_url: str) -> None:
    execute(empty_url, "CREATE TABLE flow_run (id INTEGER)")
    with pytest.raises(errors.NotAWarehouse):
        Warehouse(empty_url).open()


def test_a_migration_that_fails_leaves_nothing(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.views.create_statements", lambda _postgres: ["CREATE VIEW broken AS SELECT nothing"])
    with pytest.raises(Exception, match="nothing"):
        Warehouse(empty_url).open()
    monkeypatch.undo()
    with Warehouse(empty_url) as warehouse:
        assert warehouse.query("v_run").is_empty()


def _open(url: str, start: Any) -> None:
    start.wait()
    with Warehouse(url):
        pass


def test_two_processes_migrate_at_once(empty_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(2)
    both = [context.Process(target=_open, args=(empty_url, start)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("nonsense", errors.WarehouseUrlError),
        ("mysql://localhost/x", errors.WarehouseUrlError),
        ("sqlite:////no/such/folder/w.db", errors.WarehouseUrlError),
        ("postgresql://nobody:geheim@127.0.0.1:1/none", errors.WarehouseUnreachable),
    ],
)
def test_a_url_that_cannot_be_used_is_named_without_its_password(url: str, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        Warehouse(url).open()
    assert "geheim" not in str(caught.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "w.db").write_bytes(b"certainly not a database" * 100)
    with pytest.raises(errors.WarehouseDamaged):
        Warehouse(f"sqlite:///{tmp_path / 'w.db'}").open()


def test_every_request_is_logged_and_every_warning_once(warehouse_url: str) -> None:
    at = datetime(2024, 10, 29, 7, 18, 52, tzinfo=UTC)
    url = "http://www.qinghe.example/1.html"
    with Warehouse(warehouse_url) as warehouse:
        runs = [warehouse.start_run("ingest", "2024Q3", flow_run_id=f"f{n}") for n in range(2)]
        for n, run in enumerate(runs):
            fetch = FetchFact("s", url, "blocked" if n else "new", at, 403, "challenge", "ab" * 32)
            warehouse.record_fetches(run, [fetch])
            warehouse.record_warnings(run, [WarningFact("s", "row_repeated", "row 3", "2024Q3", url)])
            warehouse.finish_run(run, "completed", {"loaded": n})
        logged = warehouse.query("v_fetch").select("outcome", "fetched_at", "run_id").rows()
        assert logged == [
            (o, "2024-10-29T07:18:52.000000Z", r) for o, r in zip(("blocked", "new"), runs[::-1], strict=True)
        ]
        assert warehouse.query("v_warning")["run_id"].to_list() == [runs[0]]
        ended = warehouse.query("v_run", filters={"run_id": runs[1]}).row(0, named=True)
        assert (ended["state"], ended["counts"], ended["flow_run_id"]) == ("completed", '{"loaded": 1}', "f1")
        with pytest.raises(errors.NoSuchRun):
            warehouse.finish_run("never", "completed")
        assert warehouse.query("v_fetch", as_of=at - timedelta(seconds=1)).is_empty()


def test_unknown_views_and_columns_are_named(warehouse_url: str) -> None:
    with Warehouse(warehouse_url) as warehouse:
        with pytest.raises(errors.NoSuchView):
            warehouse.query("sqlite_master")
        with pytest.raises(errors.NoSuchView):
            warehouse.query("v_run", filters={"run_id = '' OR 1=1 --": 1})
        assert warehouse.query("v_run", filters={"run_id": "' OR 1=1 --"}).is_empty()


def test_postgresql_answers_for_the_past_in_sql(postgres_url: str) -> None:
    with Warehouse(postgres_url):
        pass
    for name in VIEWS:
        function = f"{name.removeprefix('v_')}_as_of"
        assert execute(postgres_url, f"SELECT * FROM {function}('2025-02-01 00:00:00+08')") == []


# --- leases ----------------------------------------------------------------------------------------------------------


def test_a_second_run_waits_for_the_first(warehouse_url: str) -> None:
    with Warehouse(warehouse_url) as one, Warehouse(warehouse_url) as two:
        held = one.lease("s", "2024Q3", run_id="first")
        held.__enter__()
        threading.Timer(0.3, held.__exit__, (None, None, None)).start()
        with two.lease("s", "2024Q3", wait=30):
            assert execute(warehouse_url, "SELECT COUNT(*) FROM lease") == [(1,)]
    assert execute(warehouse_url, "SELECT COUNT(*) FROM lease") == [(0,)]


def _die_with_lease(url: str) -> None:
    with Warehouse(url) as warehouse, warehouse.lease("s", "2024Q3", ttl=3600, run_id="dead"):
        os._exit(9)


def test_the_lease_of_a_killed_run_is_free(warehouse_url: str) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_die_with_lease, args=(warehouse_url,))
    process.start()
    process.join()
    assert execute(warehouse_url, "SELECT run_id FROM lease") == [("dead",)]
    with Warehouse(warehouse_url) as warehouse, warehouse.lease("s", "2024Q3"):
        pass


def test_a_lease_of_another_machine_expires_and_is_lost_to_its_holder(warehouse_url: str) -> None:
    with Warehouse(warehouse_url) as warehouse, warehouse.lease("s", "2024Q3", ttl=0.3) as lease:
        until = clock.stamp(datetime.now(UTC) + timedelta(hours=1))
        execute(warehouse_url, f"UPDATE lease SET holder = 'elsewhere:1:1:aa', expires_at = '{until}'")
        with pytest.raises(errors.LeaseHeld, match="elsewhere"), warehouse.lease("s", "2024Q3"):
            pass
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                lease.check()
            except errors.LeaseLost:
                break
            time.sleep(0.05)
        with pytest.raises(errors.LeaseLost):
            lease.check()
        execute(warehouse_url, "UPDATE lease SET expires_at = '2000-01-01T00:00:00.000000Z'")
        with warehouse.lease("s", "2024Q3"):
            pass


def test_instants_keep_their_order_as_text() -> None:
    moments = [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(microseconds=17**n) for n in range(12)]
    assert sorted(map(clock.stamp, moments)) == list(map(clock.stamp, moments))
    assert [clock.moment(clock.stamp(m)) for m in moments] == moments
    assert re.fullmatch(r"[\d-]{10}T[\d:]{8}\.\d{6}Z", clock.stamp(moments[0]))
    with pytest.raises(ValueError, match="time zone"):
        clock.stamp(datetime(2024, 1, 1))
