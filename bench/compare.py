"""Matching at scale, side by side with what one would otherwise write.

    .venv/bin/python bench/compare.py --rows 1000000 --rounds 3
    .venv/bin/python bench/compare.py --rows 20000 --documents

Composed quarters of 100 rows a source, renumbered: 85% of the union live on (one in seventeen of them in other
typography), 5% are reworded, 5% go, 5% come. Prints rows/s (of one side), F1 against the truth, and peak memory above
the data. Alternatives that are not installed are named as such. `--documents` matches the same quarters a document at a
time, each for the first time, and prints processor milliseconds a document.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from tasks.compare import diff, match
from tasks.compare.frames import diff_frames, match_frames
from tasks.model import Row

WORDS = """
推进 完成 新建 改造 提升 启动 建成 整治 培育 引进 优化 盘活 落实 实施 深化 扩大 创建 修缮 开通 投用
青岚 白鹭 溪源 石浦 云顶 双桥 南坞 秋塘 松岭 长汀 望江 东湖 北桥 兰溪 竹海 澄潭 沙湾 枫林 龙门 梅渡
小学 幼儿园 医院 养老院 公园 绿道 停车场 农贸市场 产业园 孵化器 污水管网 河道 水库 茶园 民宿 书房 博物馆 体育馆 充电桩
并投入使用 确保年底前完工 惠及周边居民 完成投资任务 争创省级示范 形成长效机制 提高群众满意度 带动就业增收
个 家 公里 亩 万平方米 台 套 名
"""
VERBS, PLACES, THINGS, TAILS, MEASURES = (line.split() for line in WORDS.strip().splitlines())
FULL = {chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)}


def sentence(rng: np.random.Generator) -> str:
    """A promise of some 45 characters."""
    parts = []
    for _ in range(3):
        verb, place, thing = (words[rng.integers(len(words))] for words in (VERBS, PLACES, THINGS))
        parts.append(f"{verb}{place}{thing}{rng.integers(2, 2000)}{MEASURES[rng.integers(len(MEASURES))]}")
    return ",".join(parts) + "," + TAILS[rng.integers(len(TAILS))]


def retyped(text: str) -> str:
    """The same words in full width, with blanks."""
    return "".join(FULL.get(c, c) for c in text).replace(",", ",\u00a0") + "。"


def reworded(text: str, rng: np.random.Generator) -> str:
    """Verbs and tail exchanged, clauses in another order, as a clerk would."""
    clauses = text.split(",")
    at = int(rng.integers(3))
    clauses[at] = VERBS[rng.integers(len(VERBS))] + clauses[at][2:]
    clauses[-1] = TAILS[rng.integers(len(TAILS))]
    if rng.random() < 0.3:
        clauses[0], clauses[1] = clauses[1], clauses[0]
    return ",".join(clauses)


def quarters(rows: int, seed: int = 1) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """(old, new, truth): frames of about `rows` rows a side; truth has source_id, old_index, new_index."""
    rng = np.random.default_rng(seed)
    sources = max(1, rows // 100)
    # Some at a time: what a million rows leave behind as Python's own would be measured with the data.
    parts = [_some_quarters(rng, range(at, min(at + 200, sources))) for at in range(0, sources, 200)]
    old, new, truth = (pl.concat(side, rechunk=True) for side in zip(*parts, strict=True))
    return old, new, truth


def _some_quarters(rng: np.random.Generator, sources: range) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    old: list[tuple[str, int, str, str]] = []
    new: list[tuple[str, int, str, str]] = []
    truth: list[tuple[str, int, int]] = []
    for source in sources:
        name = f"source-{source}"
        n_old = n_new = 0
        fates = rng.random(105)
        for fate in fates:
            content = sentence(rng)
            status = f"已完成{rng.integers(1, 99)}%," + sentence(rng)
            if fate >= 0.05:
                old.append((name, n_old, content, status))
                n_old += 1
            if fate < 0.95:
                later = content
                if 0.05 <= fate < 0.10:
                    later = reworded(content, rng)
                elif 0.10 <= fate < 0.15:
                    later = retyped(content)
                new.append((name, n_new, later, f"累计完成{rng.integers(1, 99)}%," + sentence(rng)))
                if fate >= 0.05:
                    truth.append((name, n_old - 1, n_new))
                n_new += 1
    columns = ["source_id", "index", "content", "status"]
    return (
        pl.DataFrame(old, schema=columns, orient="row").with_columns(seq=pl.col("index") + 1),
        pl.DataFrame(new, schema=columns, orient="row").with_columns(seq=pl.col("index") + 1),
        pl.DataFrame(truth, schema=["source_id", "old_index", "new_index"], orient="row"),
    )


def join_on(column: str) -> Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]:
    """The usual join."""

    def run(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
        return old.select("source_id", column, old_index="index").join(
            new.select("source_id", column, new_index="index"), on=["source_id", column]
        )

    return run


def each_document(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """All likenesses and optimal assignment, a document at a time, in a Python loop."""
    from rapidfuzz import fuzz
    from rapidfuzz.process import cdist
    from scipy.optimize import linear_sum_assignment

    found = []
    right = {key[0]: part for key, part in new.partition_by("source_id", as_dict=True).items()}
    for (name,), part in old.partition_by("source_id", as_dict=True).items():
        other = right[name]
        likeness = cdist(part["content"].to_list(), other["content"].to_list(), scorer=fuzz.ratio, dtype=np.float32)
        for i, j in zip(*linear_sum_assignment(likeness, maximize=True), strict=True):
            if likeness[i, j] >= 60:
                found.append((name, part["index"][int(i)], other["index"][int(j)]))
    return pl.DataFrame(found, schema=["source_id", "old_index", "new_index"], orient="row")


def datacompy_on_seq(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """datacompy's comparison of two frames by their numbers. Raises ImportError where it is not installed."""
    from datacompy import PolarsCompare

    sides = [side.select("source_id", "seq", "content", "status", "index") for side in (old, new)]
    compared = PolarsCompare(*sides, join_columns=["source_id", "seq"], df1_name="old", df2_name="new")
    return compared.intersect_rows.select("source_id", old_index="index_old", new_index="index_new")


def splink_on_content(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """splink, blocked by source, Jaro-Winkler levels trained by EM. Raises ImportError where it is not installed."""
    import splink.comparison_library as levels
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    api = DuckDBAPI()
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[levels.JaroWinklerAtThresholds("content", [0.95, 0.85, 0.7])],
        blocking_rules_to_generate_predictions=[block_on("source_id")],
    )
    columns = {"unique_id": pl.col("index"), "source_id": pl.col("source_id"), "content": pl.col("content")}
    frames = [side.select(**columns).to_pandas() for side in (old, new)]
    for frame, name in zip(frames, "ab", strict=True):
        frame["unique_id"] = frame["source_id"] + "/" + frame["unique_id"].astype(str)
        frame["source_dataset"] = name
    linker = Linker([api.register(frame) for frame in frames], settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_probability_two_random_records_match([block_on("content")], recall=0.9)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("source_id"))
    pairs = pl.from_pandas(linker.inference.predict(threshold_match_probability=0.05).as_pandas_dataframe())
    best = pairs.sort("match_weight", descending=True).unique("unique_id_l", keep="first", maintain_order=True)
    best = best.unique("unique_id_r", keep="first", maintain_order=True)
    split = pl.col("unique_id_l").str.split("/"), pl.col("unique_id_r").str.split("/")
    return best.select(
        source_id=split[0].list[0], old_index=split[0].list[1].cast(pl.Int64), new_index=split[1].list[1].cast(pl.Int64)
    )


def f1(found: pl.DataFrame, truth: pl.DataFrame) -> float:
    """Harmonic mean of precision and recall of the pairs."""
    pairs = found.filter(pl.col("old_index").is_not_null() & pl.col("new_index").is_not_null())
    hit = pairs.join(truth, on=["source_id", "old_index", "new_index"], how="semi").height
    return 2 * hit / max(1, pairs.height + truth.height)


def each(old: pl.DataFrame, new: pl.DataFrame, truth: pl.DataFrame) -> None:
    """Match and diff document by document, as the pipeline does; prints milliseconds of processor time and F1."""
    sides = []
    for frame in (old, new):
        found: dict[str, list[Row]] = {}
        for source, index, content, status, seq in frame.iter_rows():
            found.setdefault(source, []).append(Row(index, seq, content=content, status=status))
        sides.append(found)
    diff(*(next(iter(side.values())) for side in sides))  # tables that are made once are not measured
    start = time.process_time()
    matched = {source: match(rows, sides[1][source]) for source, rows in sides[0].items()}
    between = time.process_time()
    for source, matching in matched.items():
        diff(sides[0][source], sides[1][source], matching=matching)
    end = time.process_time()
    links = [(source, link.old, link.new) for source, one in matched.items() for link in one.links]
    pairs = pl.DataFrame(links, schema=["source_id", "old_index", "new_index"], orient="row")
    spent = [1000 * taken / len(matched) for taken in (between - start, end - between)]
    print(f"{len(matched)} documents: match {spent[0]:.2f} ms, diff {spent[1]:.2f} ms each, F1 {f1(pairs, truth):.4f}")


def memory(kind: str) -> float:
    """VmRSS (now) or VmHWM (the peak since the last `forget_peak`) of this process, in MiB. Linux only."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(kind):
            return int(line.split()[1]) / 1024
    return float("nan")


def forget_peak() -> None:
    """Let VmHWM begin anew."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def main() -> None:
    """Run the matchers in turn, round by round, and print medians."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=200_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--all", action="store_true", help="the slow alternatives as well")
    options.add_argument("--documents", action="store_true", help="one document at a time instead")
    asked = options.parse_args()
    old, new, truth = quarters(asked.rows)
    if asked.documents:
        each(old, new, truth)
        return
    ways: dict[str, Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]] = {
        "match_frames": match_frames,
        "diff_frames": diff_frames,
        "polars join on content": join_on("content"),
        "polars join on seq": join_on("seq"),
        "datacompy on seq": datacompy_on_seq,
    }
    if asked.all:
        ways["cdist + assignment, each document"] = each_document
        ways["splink on content"] = splink_on_content
    data = memory("VmRSS")
    times: dict[str, list[float]] = {name: [] for name in ways}
    processor: dict[str, float] = {}
    missing: set[str] = set()
    score: dict[str, float] = {}
    peak: dict[str, float] = {}
    for _ in range(asked.rounds):
        for name, way in ways.items():
            forget_peak()
            start, used = time.perf_counter(), time.process_time()
            try:
                found = way(old, new)
            except ImportError:
                missing.add(name)
                continue
            processor[name] = min(processor.get(name, np.inf), time.process_time() - used)
            times[name].append(time.perf_counter() - start)
            peak[name] = max(peak.get(name, 0.0), memory("VmHWM") - data)
            if name != "diff_frames":
                score.setdefault(name, f1(found, truth))
            del found
    print(f"{old.height:,} × {new.height:,} rows; {asked.rounds} rounds, medians; data at {data:,.0f} MiB")
    for name, taken in times.items():
        if name in missing:
            print(f"{name:36} not installed: pip install '.[bench]'")
            continue
        middle = float(np.median(taken))
        quality = f"F1 {score[name]:.4f}" if name in score else " " * 9
        print(
            f"{name:36} {old.height / middle:12,.0f} rows/s  {quality}  "
            f"{processor[name]:6.1f} s of processor  peak +{peak[name]:,.0f} MiB"
        )


if __name__ == "__main__":
    main()
