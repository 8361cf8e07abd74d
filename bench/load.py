"""Loading side by side with the databases' own tools: the same rows, in the same rounds, as ratios.

    PYTHONPATH=. python bench/load.py [--rows 100000] [--current 1000000] [--rounds 5] [--sources 10]

`sqlite3 .import` and `psql \\copy` read a CSV file of the rows; we write the same rows from memory, one transaction;
pandas.to_sql and dlt write them too where they are installed (dlt and datacompy are no dependencies of ours). Then a
habit of every quarter: 10% of the rows changed, 5% gone, 5% new, only differences written (rows of the table a second),
beside datacompy, which finds the differences and writes nothing. Last, whole documents through `tasks.load`, as a run
loads them, beside the same rows by bare prepared statements, one transaction each.

All figures are medians. Each round begins with another way, so that what the first of a round finds (a cold file, a
checkpoint that is due) falls to each in turn. Processor time is that of all processes, the server's included, and holds
beside other work too; rows a second hold on a machine that has nothing else to do.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl
import psutil
import psycopg

from tasks.load import load
from tests.load.composed import disclosure, row
from tests.postgres import database, server
from warehouse import Warehouse, schema
from warehouse.bulk import bring_to

# Rows a second and seconds of processor time a million rows, of each way in each round; none where it is not installed.
Taken = dict[str, list[tuple[float, float]]]
Way = tuple[Callable[[], float | None], pl.DataFrame]


@dataclass(frozen=True)
class Frames:
    """What is loaded: to append, to be there already, to take its place, and for slow ways."""

    whole: pl.DataFrame
    current: pl.DataFrame
    later: pl.DataFrame
    part: pl.DataFrame


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


def turns(ways: Mapping[str, Way], n: int, taken: Taken, postmaster: psutil.Process | None = None) -> None:
    """Round `n` of some ways, each round beginning with the next of them."""
    names = list(ways)
    for name in names[n % len(names) :] + names[: n % len(names)]:
        way, frame = ways[name]
        before = processor(postmaster)
        seconds = way()
        spent = processor(postmaster) - before
        if seconds is not None:
            taken.setdefault(name, []).append((frame.height / seconds, spent / frame.height * 1e6))


def processor(postmaster: psutil.Process | None) -> float:
    """Seconds of processor time so far: ours, that of processes of ours that ended, a server's and its sessions'."""
    told = [psutil.Process().cpu_times()]
    if postmaster is not None:
        time.sleep(0.3)  # a session that is ending is counted once it has ended
        told.append(postmaster.cpu_times())
        for session in postmaster.children():
            with contextlib.suppress(psutil.Error):  # it has ended meanwhile: the server's own times hold it
                told.append(session.cpu_times()._replace(children_user=0.0, children_system=0.0))
    return sum(times.user + times.system + times.children_user + times.children_system for times in told)


def local(url: str) -> psutil.Process | None:
    """The server of a database, where it runs on this machine."""
    with psycopg.connect(url) as connection, contextlib.suppress(psutil.Error):
        session = psutil.Process(connection.info.backend_pid)
        return session.parent() if session.name() == "postgres" else None
    return None


def changes(
    url: str, frame: pl.DataFrame, later: pl.DataFrame, rounds: int, postmaster: psutil.Process | None = None
) -> Taken:
    """A table of `frame`'s rows brought to the next quarter and back, both directions with as many differences."""
    ours(url, frame)
    taken: Taken = {}
    for n in range(rounds):
        there, wanted = (later, frame) if n % 2 else (frame, later)
        ways: dict[str, Way] = {
            "ours": (partial(changed, url, wanted), there),
            "datacompy": (partial(datacompy_compare, there, wanted), there),
        }
        turns(ways, n, taken, postmaster)
    return taken


def on_sqlite(folder: Path, csv: Path, options: argparse.Namespace, frames: Frames) -> None:
    empty = folder / "empty.db"
    with Warehouse(f"sqlite:///{empty}"):
        pass
    taken: Taken = {}
    for n in range(options.rounds):
        files = [folder / f"{name}{n}.db" for name in "abcd"]
        for path in files[:3]:
            shutil.copy(empty, path)
        ways: dict[str, Way] = {
            "ours": (partial(ours, f"sqlite:///{files[0]}", frames.whole), frames.whole),
            "sqlite3 .import": (partial(sqlite_import, files[1], csv), frames.whole),
            "pandas.to_sql": (partial(pandas_to_sql, f"sqlite:///{files[2]}", frames.part), frames.part),
            "dlt append": (partial(dlt_append, files[3], frames.part), frames.part),
        }
        turns(ways, n, taken)
        for path in folder.glob(f"?{n}.db*"):
            path.unlink()
    report("SQLite: append", taken)
    current = folder / "current.db"
    shutil.copy(empty, current)
    report("SQLite: changes only", changes(f"sqlite:///{current}", frames.current, frames.later, options.rounds))
    current.unlink()
    for name in ("documents", "bare"):
        shutil.copy(empty, folder / f"{name}.db")
    found = documents(f"sqlite:///{folder / 'documents.db'}", options.sources)
    floor = bare(folder / "bare.db", folder / "documents.db")
    print(
        f"SQLite: tasks.load         {found:>9,.0f} documents/s of 100 rows, bare statements {floor:,.0f}", flush=True
    )


def on_postgres(csv: Path, options: argparse.Namespace, frames: Frames) -> None:
    with server() as base:
        taken: Taken = {}
        for n in range(options.rounds):
            with database(base) as one, database(base) as two, database(base) as three:
                for url in (one, two, three):
                    with Warehouse(url):
                        pass
                ways: dict[str, Way] = {
                    "ours": (partial(ours, one, frames.whole), frames.whole),
                    "psql \\copy": (partial(psql_copy, two, csv, frames.whole.columns), frames.whole),
                    "pandas.to_sql": (partial(pandas_to_sql, three, frames.part), frames.part),
                }
                turns(ways, n, taken, local(one))
        report("PostgreSQL: append", taken)
        with database(base) as url:
            with Warehouse(url):
                pass
            taken = changes(url, frames.current, frames.later, options.rounds, local(url))
            report("PostgreSQL: changes only", taken)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000, help="to append")
    parser.add_argument(
        "--current", type=int, default=1_000_000, help="rows that are there where only changes are written"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sources", type=int, default=10)
    options = parser.parse_args()
    whole, current = rows(options.rows), rows(options.current)
    # The last for those that a million rows would keep busy for minutes.
    frames = Frames(whole, current, next_quarter(current), whole.head(100_000))
    folder = Path(tempfile.mkdtemp(prefix="jibao-bench-"))
    csv, complete = folder / "rows.csv", folder / "complete.csv"
    whole.write_csv(csv)
    # .import wants a value for each column of the table.
    rest = [column.name for column in schema.progress.columns if column.name not in whole.columns]
    whole.with_columns(*(pl.lit(None).cast(pl.String).alias(name) for name in rest)).write_csv(complete)
    try:
        on_sqlite(folder, complete, options, frames)
        on_postgres(csv, options, frames)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def report(name: str, taken: Taken) -> None:
    """Medians of rows a second, of seconds of processor time a million rows, and of our ratios in each round."""
    for way, found in taken.items():
        rates, spent = zip(*found, strict=True)
        ahead = statistics.median(own / other for (own, _), other in zip(taken["ours"], rates, strict=True))
        less = statistics.median(other / own for (_, own), other in zip(taken["ours"], spent, strict=True))
        print(
            f"{name:<26} {way:<16} {statistics.median(rates):>10,.0f} rows/s   ours is {ahead:.2f} x"
            f"   {statistics.median(spent):>6.1f} processor s a million rows, {less:.2f} x ours",
            flush=True,
        )


if __name__ == "__main__":
    main()
