"""Frames give what the documents one by one give, where both can see it."""

from __future__ import annotations

import random

import polars as pl

from tasks.compare import match
from tasks.compare.frames import diff_frames, match_frames
from tasks.model import Relation, Row
from tests.compare.pairs import promises, retype


def quarters(seed: int) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, tuple[list[Row], list[Row]]]]:
    """Three sources; some rows retyped, some dropped, some added, the rest kept; shuffled and renumbered."""
    rng = random.Random(seed)
    every = promises("dev") + promises("heldout")
    documents = {}
    for source in ("a", "b", "c"):
        some = rng.sample(every, 40)
        old = [Row(index=i, content=p.content, status=p.before, units=p.units) for i, p in enumerate(some[:32])]
        kept = some[4:32] + some[32:36]
        rng.shuffle(kept)
        new = [
            Row(
                index=j,
                content=retype(p.content, rng) if rng.random() < 0.3 else p.content,
                status=p.after,
                units=p.units,
            )
            for j, p in enumerate(kept)
        ]
        documents[source] = old, new
    frames = [
        pl.DataFrame(
            [
                (source, 2024, row.index, row.content, row.status, "、".join(row.units))
                for source, sides in documents.items()
                for row in sides[side]
            ],
            schema=["source_id", "year", "index", "content", "status", "units"],
            orient="row",
        )
        for side in (0, 1)
    ]
    return frames[0], frames[1], documents


def test_frames_agree_with_documents_where_rows_are_kept_or_retyped() -> None:
    for seed in range(5):
        old, new, documents = quarters(seed)
        links = match_frames(old, new)
        for source, (before, after) in documents.items():
            mine = links.filter(pl.col("source_id") == source)
            in_frames = {
                (a, b) for a, b, r in mine.select("old_index", "new_index", "relation").iter_rows() if r == "same"
            }
            one_by_one = {(link.old, link.new) for link in match(before, after).links if link.relation is Relation.SAME}
            assert in_frames == one_by_one
            assert len(in_frames) == 28


def test_every_row_is_in_one_link_and_blocks_never_mix() -> None:
    old, new, _ = quarters(7)
    links = match_frames(old, new)
    for side, frame in (("old_index", old), ("new_index", new)):
        got = links.filter(pl.col(side).is_not_null()).select("source_id", pl.col(side).alias("index"))
        assert got.sort("source_id", "index").equals(frame.select("source_id", "index").sort("source_id", "index"))
    other = new.with_columns(pl.lit(2025, dtype=pl.Int64).alias("year"))
    assert set(match_frames(old, other)["relation"].to_list()) == {"dropped", "added"}


def test_repeated_promises_are_paired_in_their_order() -> None:
    old = pl.DataFrame({"source_id": ["a"] * 3, "index": [0, 1, 2], "content": ["完成市下达任务"] * 3})
    new = pl.DataFrame({"source_id": ["a"] * 2, "index": [0, 1], "content": ["完成市下达任务"] * 2})
    links = match_frames(old, new)
    assert links.select("old_index", "new_index").rows() == [(0, 0), (1, 1), (2, None)]


def test_empty_frames_and_empty_contents_lose_no_row() -> None:
    schema = {"source_id": pl.String, "index": pl.Int64, "content": pl.String}
    none = pl.DataFrame(schema=schema)
    some = pl.DataFrame({"source_id": ["a", "a"], "index": [0, 1], "content": [None, ""]}, schema=schema)
    assert match_frames(none, none).height == 0
    assert match_frames(some, none)["relation"].to_list() == ["dropped", "dropped"]
    both = match_frames(some, some)
    assert sorted(both["old_index"].drop_nulls()) == [0, 1]
    assert sorted(both["new_index"].drop_nulls()) == [0, 1]


def test_clauses_told_in_another_order_are_one_commitment() -> None:
    old = pl.DataFrame(
        {"source_id": ["a"], "index": [0], "content": ["新建白鹭小学2所,改造双桥医院1家,提升群众满意度"]}
    )
    new = pl.DataFrame(
        {"source_id": ["a"], "index": [5], "content": ["改造双桥医院1家,新建白鹭小学2所,提升群众满意度"]}
    )
    assert match_frames(old, new).select("old_index", "new_index", "relation").rows() == [(0, 5, "reworded")]


def test_decimal_points_and_ranges_are_not_typography() -> None:
    old = pl.DataFrame({"source_id": ["a"] * 2, "index": [0, 1], "content": ["投资1.5亿元", "完成1-9月任务"]})
    new = pl.DataFrame({"source_id": ["a"] * 2, "index": [0, 1], "content": ["投资15亿元", "完成19月任务"]})
    assert "same" not in match_frames(old, new)["relation"].to_list()


def test_changes_name_the_facet_and_skip_typography() -> None:
    schema = ["source_id", "index", "content", "status", "progress"]
    old = pl.DataFrame(
        [("a", 0, "新建公园", "开工1个。", 30.0), ("a", 1, "改造菜场", "完成", None)], schema, orient="row"
    )
    new = pl.DataFrame(
        [("a", 0, "新建公园。", "开工１个", 45.0), ("a", 2, "举办书展", "筹备", None)], schema, orient="row"
    )
    changes = diff_frames(old, new).select("old_index", "new_index", "facet", "old_value", "new_value", "delta").rows()
    assert set(changes) == {
        (0, 0, "progress", "30.0", "45.0", 15.0),
        (1, None, "row", "改造菜场", None, None),
        (None, 2, "row", None, "举办书展", None),
    }


def test_what_is_only_somewhat_alike_is_paired_where_nothing_else_comes_near() -> None:
    old = ["推进双桥河道整治并投入使用,惠及居民三千户", "新建白鹭小学"]
    reworded = "完成双桥河道清淤,惠及居民三千户,年底验收"
    schema = {"source_id": pl.String, "index": pl.Int64, "content": pl.String}

    def pairs(new: list[str]) -> list[tuple[int, int]]:
        sides = [
            pl.DataFrame([("a", at, text) for at, text in enumerate(texts)], schema=schema, orient="row")
            for texts in (old, new)
        ]
        links = match_frames(*sides).filter(pl.col("relation") == "reworded")
        return links.select("old_index", "new_index").rows()

    assert pairs([reworded, "举办书展"]) == [(0, 0)]
    # Two that come as near as each other: neither is a guess worth making.
    assert pairs([reworded, "完成双桥河道疏浚,惠及居民三千户,年底完工"]) == []
