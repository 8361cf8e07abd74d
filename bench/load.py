"""Loading side by side with the databases' own tools: the same rows, in the same rounds, as ratios.

    PYTHONPATH=. python bench/load.py [--rows 100000] [--rounds 3] [--sources 10]

`sqlite3 .import` and `psql \\copy` read a CSV file of the rows; we write the same rows from memory, one transaction;
pandas.to_sql and dlt write them too where they are installed (dlt and datacompy are no dependencies of ours). Then a
habit of every quarter: 10% of the rows changed, 5% gone, 5% new, only differences written (rows of the table a second),
beside datacompy, which finds the differences and writes nothing. Last, whole documents through `tasks.load`, as a run
loads them, beside the same rows by bare prepared statements, one transaction each.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import polars as pl

from tasks.load import load
from tests.load.composed import disclosure, row
from tests.postgres import database, server
from warehouse import Warehouse, schema
from warehouse.bulk import bring_to

SLOW = ("pandas.to_sql", "dlt append")


def rows(count: int) -> pl.DataFrame:
    """Task rows of about 400 bytes, a hundred to a body."""
    n = pl.int_range(count)
    return pl.select(
        body_id=(n // 100).cast(pl.String).str.zfill(24),
        row_index=n % 100,
        commitment_id=n.cast(pl.String).str.zfill(24),
        seq=(n % 100 + 1).cast(pl.String),
        category=pl.lit("城乡建设"),
        content=pl.lit("石桥老旧小区改造工程，惠及居民")
        + n.cast(pl.String)
        + pl.lit("户，新增停车位若干，年底前完成。"),
        units=pl.lit("区住建局(工程科)、区民政局"),
        status=pl.lit("已完成桩基施工，正在进行主体结构施工，累计投入资金")
        + n.cast(pl.String)
        + pl.lit("万元，同比增长2.9%，各项工作按计划推进。"),
        progress=(n % 101).cast(pl.Float64),
        progress_text=(n % 101).cast(pl.String) + "%",
        cells=pl.lit("{}"),
    )


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def ours(url: str, frame: pl.DataFrame) -> float:
    with Warehouse(url) as warehouse:
        return timed(lambda: warehouse.append_frame("progress", frame))


def next_quarter(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of a quarter later: 5% gone, 10% of the rest changed, 5% new."""
    count = frame.height
    kept = frame.filter(pl.int_range(pl.len()) % 20 != 7)
    moved = kept.with_columns(
        status=pl.when(pl.int_range(pl.len()) % 10 == 3).then(pl.col("status") + "（续）").otherwise(pl.col("status"))
    )
    return pl.concat([moved, rows(count + count // 20)[count:]])


def changed(url: str, later: pl.DataFrame) -> float:
    with Warehouse(url) as warehouse:
        return timed(lambda: warehouse.transact(lambda tx: bring_to(tx, "progress", later), lock="b"))


def pandas_to_sql(url: str, frame: pl.DataFrame) -> float | None:
    """None where pandas is not installed."""
    try:
        import pandas  # noqa: F401
    except ImportError:
        return None
    import sqlalchemy as sa

    told = frame.to_pandas()
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    seconds = timed(lambda: told.to_sql("progress", engine, if_exists="append", index=False, chunksize=10_000))
    engine.dispose()
    return seconds


def dlt_append(path: Path, frame: pl.DataFrame) -> float | None:
    """Into a SQLite file of its own; None where dlt is not installed."""
    try:
        import dlt
    except ImportError:
        return None
    destination = dlt.destinations.sqlalchemy(f"sqlite:///{path}")
    pipeline = dlt.pipeline(
        "bench", destination=destination, dataset_name="main", pipelines_dir=str(path.parent / "dlt")
    )
    told = frame.to_arrow()
    return timed(lambda: pipeline.run(told, table_name="progress", write_disposition="append"))


def datacompy_compare(frame: pl.DataFrame, later: pl.DataFrame) -> float | None:
    """Finding the differences alone; None where datacompy is not installed."""
    try:
        from datacompy import PolarsCompare
    except ImportError:
        return None
    return timed(lambda: PolarsCompare(frame, later, join_columns=["body_id", "row_index"]).matches())


def sqlite_import(path: Path, csv: Path) -> float:
    script = f"PRAGMA synchronous=NORMAL;\n.mode csv\n.import --skip 1 {csv} progress\n"
    return timed(lambda: subprocess.run(["sqlite3", str(path)], input=script, text=True, check=True))


def psql_copy(url: str, csv: Path, columns: list[str]) -> float:
    statement = f"\\copy progress ({', '.join(columns)}) FROM '{csv}' CSV HEADER"
    return timed(lambda: subprocess.run(["psql", "-q", url, "-c", statement], check=True))


def documents(url: str, sources: int) -> float:
    """Documents a second: 100 rows each, four quarters of each source."""
    found = [
        disclosure(f"2024Q{q}", source=f"s{s}", rows=tuple(row(n, q) for n in range(100)))
        for s in range(sources)
        for q in (1, 2, 3, 4)
    ]
    with Warehouse(url) as warehouse:
        seconds = timed(lambda: [load(warehouse, item, run_id="bench") for item in found])
    return len(found) / seconds


def bare(path: Path, loaded: Path) -> float:
    """Documents a second: the rows of a loaded warehouse again, by prepared statements, one transaction a document."""
    tables = {}
    with sqlite3.connect(loaded) as source:
        for name in ("progress", "observation", "attainment", "change"):
            grouped: dict[str, list[tuple[object, ...]]] = {}
            for values in source.execute(f'SELECT * FROM "{name}"'):
                grouped.setdefault(values[0], []).append(values)
            tables[name] = list(grouped.values())
    count = len(tables["progress"])
    target = sqlite3.connect(path, isolation_level=None)
    target.execute("PRAGMA synchronous=NORMAL")

    def write() -> None:
        for n in range(count):
            target.execute("BEGIN IMMEDIATE")
            for name, groups in tables.items():
                if n < len(groups):
                    marks = ", ".join("?" * len(groups[n][0]))
                    target.executemany(f'INSERT INTO "{name}" VALUES ({marks})', groups[n])
            target.execute("COMMIT")

    seconds = timed(write)
    target.close()
    return count / seconds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sources", type=int, default=10)
    options = parser.parse_args()
    frame = rows(options.rows)
    part = frame.head(100_000)  # for those that a million rows would keep busy for minutes
    later = next_quarter(frame)
    folder = Path(tempfile.mkdtemp(prefix="jibao-bench-"))
    csv = folder / "rows.csv"
    frame.write_csv(csv)
    # .import wants a value for each column of the table.
    whole = folder / "whole.csv"
    rest = [column.name for column in schema.progress.columns if column.name not in frame.columns]
    frame.with_columns(*(pl.lit(None).cast(pl.String).alias(name) for name in rest)).write_csv(whole)
    try:
        with Warehouse(f"sqlite:///{folder / 'empty.db'}"):
            pass
        taken: dict[str, list[float | None]] = {}
        for n in range(options.rounds):
            files = [folder / f"{name}{n}.db" for name in "abc"]
            for path in files:
                shutil.copy(folder / "empty.db", path)
            ways: dict[str, Callable[[], float | None]] = {
                "ours": partial(ours, f"sqlite:///{files[0]}", frame),
                "sqlite3 .import": partial(sqlite_import, files[1], whole),
                "pandas.to_sql": partial(pandas_to_sql, f"sqlite:///{files[2]}", part),
                "dlt append": partial(dlt_append, folder / f"d{n}.db", part),
            }
            for name, way in ways.items():
                taken.setdefault(name, []).append(rate(way(), part if name in SLOW else frame))
        report("SQLite: append", taken)
        changes = {
            "ours": [rate(changed(f"sqlite:///{folder / 'a0.db'}", later), frame)],
            "datacompy": [rate(datacompy_compare(frame, later), frame)],
        }
        report("SQLite: changes only", changes)
        for name in ("documents", "bare"):
            shutil.copy(folder / "empty.db", folder / f"{name}.db")
        found = documents(f"sqlite:///{folder / 'documents.db'}", options.sources)
        floor = bare(folder / "bare.db", folder / "documents.db")
        print(f"SQLite: tasks.load         {found:>9,.0f} documents/s of 100 rows, bare statements {floor:,.0f}")
        with server() as base:
            taken = {}
            for n in range(options.rounds):
                with database(base) as one, database(base) as two, database(base) as three:
                    for url in (one, two, three):
                        with Warehouse(url):
                            pass
                    ways = {
                        "ours": partial(ours, one, frame),
                        "psql \\copy": partial(psql_copy, two, csv, frame.columns),
                        "pandas.to_sql": partial(pandas_to_sql, three, part),
                    }
                    for name, way in ways.items():
                        taken.setdefault(name, []).append(rate(way(), part if name in SLOW else frame))
                    if n == options.rounds - 1:
                        seconds = changed(one, later)
            report("PostgreSQL: append", taken)
            report("PostgreSQL: changes only", {"ours": [rate(seconds, frame)]})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def rate(seconds: float | None, frame: pl.DataFrame) -> float | None:
    return None if seconds is None else frame.height / seconds


def report(name: str, taken: Mapping[str, Sequence[float | None]]) -> None:
    """Medians of rows a second, and of our ratio in each round."""
    own = [rate for rate in taken["ours"] if rate]
    for way, rates in taken.items():
        told = [rate for rate in rates if rate is not None]
        if not told:
            print(f"{name:<26} {way:<16} not installed")
            continue
        ratio = statistics.median([o / other for o, other in zip(own, told, strict=True)])
        print(f"{name:<26} {way:<16} {statistics.median(told):>10,.0f} rows/s   ours is {ratio:.2f} x", flush=True)


if __name__ == "__main__":
    main()
