"""The whole way: documents of 100 rows from a portal on loopback to SQLite, in documents a second.

    python bench/whole.py --documents 200 [--prefect [--rounds 3]] [--profile] [--again]

The portal runs in a process of its own. Half of the pages carry Word markup, a third are GB18030. No politeness delay.
A run is timed whole, from opening an empty warehouse to closing it. Processor time is the run's own and its readers',
never the portal's: it says what a run costs where wall time says how busy the machine is. `--readers 0` reads in the
run itself. `--again` runs a second time into the same warehouse: every page answers 304, and nothing is read.

`--prefect` runs the same job as a flow run against a server that is started for it, in turn with a plain one: a
quarter of the documents and all of them, so that what Prefect costs a run and what it costs a document are told
apart. Each run is a process of its own, since a second run in the same one has imported Prefect already. The server
is counted with the run, less what it spends when idle, until twenty seconds after (`drain`).
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import multiprocessing
import pstats
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
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
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--readers", type=int)
    parser.add_argument("--again", action="store_true")
    given = parser.parse_args()
    print(f"compiled modules: {is_compiled()}")
    with tempfile.TemporaryDirectory() as name:
        if given.prefect:
            beside(Path(name), given)
        else:
            with portal_of(given.documents, given.per_source) as listings:
                plain(prepared(Path(name) / "plain", listings), the_job(given.per_source), given)


@contextmanager
def portal_of(documents: int, per_source: int) -> Iterator[list[tuple[str, str, str]]]:
    """The portal's process; its listings."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=portal, args=(documents, per_source, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("stop")
        process.join(10)


def the_job(per_source: int) -> Job:
    """All quarters that the portal has."""
    return Job("backfill", quarters(per_source)[0], quarters(per_source)[-1], recheck=0)


def prepared(folder: Path, listings: list[tuple[str, str, str]]) -> Settings:
    """An empty place for a run."""
    folder.mkdir()
    (folder / "sources.yaml").write_text(sources_yaml(listings), encoding="utf-8")
    return Settings(
        str(folder / "sources.yaml"), f"sqlite:///{folder}/jibao.db", str(folder / "archive"), str(folder / "state")
    )


@dataclass(frozen=True)
class Spent:
    """Seconds of one run: wall, and processor time of its own process, of its readers, of the server, drained.

    `imports`: how much of the wall time went before the flow's code, for Prefect's modules.
    """

    loaded: int
    wall: float
    own: float
    readers: float
    server: float = 0.0
    drain: float = 0.0
    imports: float = 0.0

    @property
    def every(self) -> float:
        return self.own + self.readers + self.server + self.drain

    def told(self) -> str:
        """One line."""
        server = f" + server {self.server:.1f} + drain {self.drain:.1f}" if self.server else ""
        imports = f" (imports {self.imports:.1f} s of it)" if self.imports else ""
        return (
            f"{self.loaded} documents in {self.wall:.1f} s{imports}: {self.loaded / self.wall:.1f} a second; "
            f"processor s: run {self.own:.1f} + readers {self.readers:.1f}{server} = "
            f"{1000 * self.every / max(self.loaded, 1):.1f} ms a document"
        )


def children() -> float:
    """Processor seconds of the readers of this process, which are awaited with the run."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def plain(settings: Settings, job: Job, given: Any) -> Spent:
    """One run without Prefect."""
    profile = cProfile.Profile() if given.profile else None
    begun, own, others = time.perf_counter(), time.process_time(), children()
    _, sources = configured(settings)
    with ExitStack() as stack:
        work = stack.enter_context(open_workplace(settings))
        if given.readers is not None:
            work = replace(work, reader=stack.enter_context(Readers(given.readers)))
        if profile:
            profile.enable()
        # A profile sees its own thread only.
        summary = run(work, sources, job) if profile is None else inline(work, sources, job)
        if profile:
            profile.disable()
    spent = Spent(
        summary.counts.get("loaded", 0),
        time.perf_counter() - begun,
        time.process_time() - own,
        children() - others,
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"plain:   {spent.told()}, peak {peak:.0f} MiB", flush=True)
    if given.again:
        with open_workplace(settings) as work:
            began, own, others = time.perf_counter(), time.process_time(), children()
            counts = run(work, sources, job).counts
            own, wall = time.process_time() - own, time.perf_counter() - began
        print(
            f"again: {wall:.1f} s, {1000 * (own + children() - others) / given.documents:.1f} ms a document, {counts}"
        )
    if profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
    return spent


def inline(work: Workplace, sources: Sequence[Source], job: Job) -> RunSummary:
    """`run`, one source after the other in this thread."""
    run_id = start(work, job)
    return finish(work, job, run_id, [one for source in sources for one in guarded(work, source, job, run_id)])


def recorded(settings: Settings, job: Job, url: str, home: Path, pid: int) -> Spent:
    """One run through Prefect."""
    server = tree(pid)
    begun, own, others = time.perf_counter(), time.process_time(), children()
    from flows.recorded import environment, run_recorded

    with environment(settings, url, home):
        import flows.backfill  # noqa: F401 - Prefect reads its settings when it is first imported

    imports = time.perf_counter() - begun
    summary = run_recorded(settings, job, url, home)
    wall, own, others = time.perf_counter() - begun, time.process_time() - own, children() - others
    spent = Spent(summary.counts.get("loaded", 0), wall, own, others, tree(pid) - server, 0.0, imports)
    print(f"Prefect: {spent.told()}", flush=True)
    return spent


def tree(pid: int) -> float:
    """Processor seconds of a process and those below it."""
    total = 0.0
    with contextlib.suppress(psutil.Error):
        for one in (found := psutil.Process(pid), *found.children(recursive=True)):
            times = one.cpu_times()
            total += times.user + times.system
    return total


def beside(folder: Path, given: Any) -> None:
    """Plain runs and runs through Prefect in turn, in two sizes; prints both and what Prefect costs."""
    from flows.cli.console import Console
    from flows.server import free_port
    from flows.serving import prefect_server

    found: dict[tuple[int, bool], list[Spent]] = {}
    with prefect_server(free_port(), folder / "prefect", Console()) as url:
        pid = server_pid()
        time.sleep(10)  # until its services have come up
        before = tree(pid)
        time.sleep(_IDLE)
        idle = (tree(pid) - before) / _IDLE
        print(f"the server's idle load: {100 * idle:.1f} % of a core")
        for turn in range(given.rounds):
            for size in (max(given.documents // 4, 1), given.documents):
                with portal_of(size, given.per_source) as listings:
                    for api in (False, True):
                        settings = prepared(folder / f"{turn}-{size}-{api}", listings)
                        job = the_job(given.per_source)
                        spent = (
                            apart(recorded, settings, job, url, folder / "prefect", pid)
                            if api
                            else apart(plain, settings, job, given)
                        )
                        if api:
                            after = tree(pid)
                            time.sleep(_DRAIN)
                            spent = replace(
                                spent,
                                server=max(spent.server - idle * spent.wall, 0.0),
                                drain=max(tree(pid) - after - idle * _DRAIN, 0.0),
                            )
                        found.setdefault((size, api), []).append(spent)
    compared(found)


_IDLE = 10.0
_DRAIN = 20.0


def server_pid() -> int:
    """The Prefect server that this process has started."""
    return next(one.pid for one in psutil.Process().children() if "prefect" in " ".join(one.cmdline()))


def apart(measured: Callable[..., Spent], *arguments: Any) -> Spent:
    """Measured in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(measured, arguments)


def compared(found: dict[tuple[int, bool], list[Spent]]) -> None:
    """Medians, and lines through the two sizes: what a run costs and what a document costs."""
    for name in ("wall", "own", "readers", "server", "drain", "every"):
        middle = {at: statistics.median(getattr(one, name) for one in runs) for at, runs in found.items()}
        (small, _), (large, _) = min(found), max(found)
        lines = []
        for api in (False, True):
            each = (middle[large, api] - middle[small, api]) / max(large - small, 1)
            lines.append((middle[small, api] - each * small, each))
        (fixed, each), (fixed_api, each_api) = lines
        ratio = f", {middle[large, True] / middle[large, False]:.2f} x at {large}" if middle[large, False] else ""
        if each > 0:
            ratio += f", {(fixed_api + 1000 * each_api) / (fixed + 1000 * each):.2f} x at 1000 by the lines"
        print(
            f"{name:>8}: plain {fixed:5.2f} s + {1000 * each:6.2f} ms a document; "
            f"Prefect adds {fixed_api - fixed:5.2f} s + {1000 * (each_api - each):6.2f} ms a document{ratio}"
        )


if __name__ == "__main__":
    main()
