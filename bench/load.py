"""Loading side by side with the databases' own tools: the same rows, in the same rounds, as ratios.

    python bench/load.py [--rows 100000] [--rounds 3] [--postgres URL]

`sqlite3 .import` and `psql \\copy` read a CSV file of the rows; we write the same rows from memory, one transaction.
Then a million-row habit: 10% of the rows changed, 5% gone, 5% new, only differences written (rows of the table a
second). Last, whole documents through `tasks.load`, as a run loads them.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from tasks.load import load
from tests.load.composed import disclosure, row
from tests.postgres import database, server
from warehouse import Warehouse, schema
from warehouse.bulk import bring_to


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


def changed(url: str, frame: pl.DataFrame) -> float:
    count = frame.height
    kept = frame.filter(pl.int_range(pl.len()) % 20 != 7)
    moved = kept.with_columns(
        status=pl.when(pl.int_range(pl.len()) % 10 == 3).then(pl.col("status") + "（续）").otherwise(pl.col("status"))
    )
    new = rows(count + count // 20)[count:]
    with Warehouse(url) as warehouse:
        return timed(lambda: warehouse.transact(lambda tx: bring_to(tx, "progress", pl.concat([moved, new])), lock="b"))


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


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sources", type=int, default=10)
    options = parser.parse_args()
    frame = rows(options.rows)
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
        ratios, own = [], []
        for n in range(options.rounds):
            for name in ("a", "b"):
                shutil.copy(folder / "empty.db", folder / f"{name}{n}.db")
            own.append(ours(f"sqlite:///{folder / f'a{n}.db'}", frame))
            ratios.append(sqlite_import(folder / f"b{n}.db", whole) / own[-1])
        report("SQLite: append", options.rows, own, ratios, "sqlite3 .import")
        seconds = changed(f"sqlite:///{folder / 'a0.db'}", frame)
        print(f"SQLite: changes only      {options.rows / seconds:>10,.0f} rows/s")
        shutil.copy(folder / "empty.db", folder / "documents.db")
        rate = documents("sqlite:///" + str(folder / "documents.db"), options.sources)
        print(f"SQLite: tasks.load        {rate:>10,.0f} documents/s of 100 rows")
        with server() as base:
            ratios, own = [], []
            for n in range(options.rounds):
                with database(base) as one, database(base) as two:
                    for url in (one, two):
                        with Warehouse(url):
                            pass
                    own.append(ours(one, frame))
                    ratios.append(psql_copy(two, csv, frame.columns) / own[-1])
                    if n == options.rounds - 1:
                        seconds = changed(one, frame)
            report("PostgreSQL: append", options.rows, own, ratios, "psql \\copy")
            print(f"PostgreSQL: changes only  {options.rows / seconds:>10,.0f} rows/s")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def report(name: str, count: int, seconds: list[float], ratios: list[float], other: str) -> None:
    rate = count / statistics.median(seconds)
    print(f"{name:<25} {rate:>10,.0f} rows/s   {statistics.median(ratios):.2f} x {other}")


if __name__ == "__main__":
    main()
