"""The whole way: documents of 100 rows from a portal on loopback to SQLite, in documents a second.

    python bench/whole.py --documents 200 [--prefect] [--profile] [--again]

The portal runs in a process of its own. Half of the pages carry Word markup, a third are GB18030. No politeness delay.
`--prefect` runs the same job as a flow run against a server that is started for it, and prints the ratio. Processor
time is of this process, and of it with its readers (and the Prefect server until half a minute after), never the
portal's: it says what a run costs where wall time says how busy the machine is. `--readers 0` reads in the run itself.
`--again` runs a second time into the same warehouse: every page answers 304, and nothing is read.
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import multiprocessing
import pstats
import resource
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psutil

from demo.portal import Article, HanwebPortal, Site
from demo.promises import Promise, promises
from demo.render import CATEGORY, CONTENT, LEAD, NUMBER, SHARE, STATUS, table
from tasks.compiled import is_compiled
from tasks.config import Source
from tasks.model import Period
from tasks.pipeline.job import Job
from tasks.pipeline.readers import Readers
from tasks.pipeline.run import finish, guarded, run, start
from tasks.pipeline.settings import Settings
from tasks.pipeline.summary import RunSummary
from tasks.pipeline.workplace import Workplace, configured, open_workplace

COLUMNS = (NUMBER, CATEGORY, CONTENT, LEAD, STATUS, SHARE)
NAMES = ("澜芯科技", "汀州云谷", "北堤路", "白鹭洲", "远帆智造", "清河桥", "双溪口")
NUMERALS = "一二三四"


def rows(source: str, period: Period, count: int = 100) -> list[Promise]:
    """`count` promises of one source, which live on from quarter to quarter."""
    found: list[Promise] = []
    part = 0
    while len(found) < count:
        for row in promises(f"{source}{part}", NAMES, period.year, period.number):
            place = f"{'甲乙丙丁戊己'[part]}片区"
            found.append(
                replace(row, number=len(found) + 1, category=f"{row.category}({place})", content=place + row.content)
            )
        part += 1
    return found[:count]


def article(source: str, period: Period, n: int) -> Article:
    """One document."""
    title = f"{period.year}年{NUMERALS[period.number - 1]}季度{source}政府工作报告重点任务执行情况表"
    gb = n % 3 == 0
    return Article(
        title,
        period.end + timedelta(days=20),
        table(rows(source, period), COLUMNS, word=n % 2 == 0),
        charset="gb18030" if gb else "utf-8",
        declared="gb2312" if gb else None,
        meta=(
            ("发布机构", f"{source}人民政府办公室"),
            ("生成日期", date(period.year, period.last_month, 28).isoformat()),
        ),
    )


def quarters(count: int) -> list[Period]:
    """The last `count` quarters up to 2024Q4."""
    return [Period(2024 - back // 4, "Q", 4 - back % 4) for back in range(count)][::-1]


def portal(documents: int, per_source: int, pipe: Any) -> None:
    """The portal's process: says its listings, serves until told to stop."""
    sites = []
    n = 0
    for place in range(-(-documents // per_source)):
        name = f"{'东西南北中'[place % 5]}{'山水林田湖'[place // 5 % 5]}{place}区"
        articles = []
        for period in quarters(per_source):
            if n < documents:
                articles.append(article(name, period, n))
                n += 1
        sites.append(Site(f"s{place}", name, 1229000000 + place, articles, webid=2000 + place, prefix=f"/s{place}"))
    with HanwebPortal(sites) as running:
        pipe.send([(site.id, site.name, running.listing(site.id)) for site in sites])
        pipe.recv()


def sources_yaml(listings: list[tuple[str, str, str]]) -> str:
    """The configuration of the bench's portal."""
    head = "version: 1\ndefaults: {delay_seconds: 0.0, concurrency: 8}\nsources:\n"
    return head + "".join(
        f"  - {{id: {name}, name: {title}, publisher: {title}, portal: hanweb-jcms, listing: '{listing}', "
        f"since: 2010Q1, allow_hosts: [127.0.0.1], allow_private_hosts: true}}\n"
        for name, title, listing in listings
    )


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--per-source", type=int, default=8)
    parser.add_argument("--prefect", action="store_true")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--readers", type=int)
    parser.add_argument("--again", action="store_true")
    given = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=portal, args=(given.documents, given.per_source, theirs), daemon=True)
    server.start()
    listings = ours.recv()
    given.portal = server.pid
    first, last = quarters(given.per_source)[0], quarters(given.per_source)[-1]
    with tempfile.TemporaryDirectory() as name:
        plain = measure(Path(name) / "plain", listings, Job("backfill", first, last, recheck=0), given)
        if given.prefect:
            recorded = measure(
                Path(name) / "recorded", listings, Job("backfill", first, last, recheck=0), given, api=True
            )
            print(f"through Prefect: {recorded / plain:.2f} x the time")
    ours.send("stop")
    server.join(10)


class Spent:
    """Processor seconds since it was made: `own` of this process, `every` with its children but the portal."""

    def __init__(self, portal: int) -> None:
        self._portal = portal
        self._own, self._every = time.process_time(), self._all()

    def _all(self) -> float:
        total = 0.0
        for one in (me := psutil.Process(), *me.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                if one.pid != self._portal:
                    times = one.cpu_times()
                    total += times.user + times.system + times.children_user + times.children_system
        return total

    @property
    def own(self) -> float:
        return time.process_time() - self._own

    @property
    def every(self) -> float:
        return self._all() - self._every


def inline(work: Workplace, sources: Sequence[Source], job: Job) -> RunSummary:
    """`run`, one source after the other in this thread."""
    run_id = start(work, job)
    return finish(work, job, run_id, [one for source in sources for one in guarded(work, source, job, run_id)])


def measure(folder: Path, listings: list[tuple[str, str, str]], job: Job, given: Any, *, api: bool = False) -> float:
    """One run into a new warehouse; returns seconds."""
    folder.mkdir()
    (folder / "sources.yaml").write_text(sources_yaml(listings), encoding="utf-8")
    settings = Settings(
        str(folder / "sources.yaml"), f"sqlite:///{folder}/jibao.db", str(folder / "archive"), str(folder / "state")
    )
    profile = cProfile.Profile() if given.profile else None
    if api:
        from flows.cli.console import Console
        from flows.recorded import run_recorded
        from flows.server import free_port
        from flows.serving import prefect_server

        with prefect_server(free_port(), folder / "prefect", Console()) as url:
            spent, begun = Spent(given.portal), time.perf_counter()
            summary = run_recorded(settings, job, url)
            seconds, own = time.perf_counter() - begun, spent.own
            time.sleep(30)  # what the server does with its events comes after
            every = spent.every
    else:
        _, sources = configured(settings)
        with ExitStack() as stack:
            work = stack.enter_context(open_workplace(settings))
            if given.readers is not None:
                work = replace(work, reader=stack.enter_context(Readers(given.readers)))
            spent, begun = Spent(given.portal), time.perf_counter()
            if profile:
                profile.enable()
            # A profile sees its own thread only.
            summary = run(work, sources, job) if profile is None else inline(work, sources, job)
            if profile:
                profile.disable()
            seconds, own, every = time.perf_counter() - begun, spent.own, spent.every
            if given.again:
                spent = Spent(given.portal)
                counts = run(work, sources, job).counts
                print(f"again: {1000 * spent.every / given.documents:.1f} ms a document in all, {counts}")
    print(f"compiled modules: {is_compiled()}")
    print(
        f"processor time: {1000 * own / given.documents:.1f} ms a document, {1000 * every / given.documents:.1f} in all"
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    done = summary.counts.get("loaded", 0)
    print(
        f"{done} of {given.documents} documents in {seconds:.1f} s: {done / seconds:.1f} a second, peak {peak:.0f} MiB"
    )
    if profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
    return seconds


if __name__ == "__main__":
    main()
