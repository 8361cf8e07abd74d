"""`sources.yaml`: what is taken, and every mistake at its file, line, key and source."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.config import ConfigError, Problem, SelectionError, Source, json_schema, load_sources, parse_sources, select
from tasks.model import Period

ENTRY = """\
  - id: {id}
    name: 云河区政府办公室
    publisher: 云河区人民政府办公室
    portal: {portal}
    listing: {listing}
"""


def entry(more: str = "", *, id: str = "a", portal: str = "hanweb-jcms", listing: str | None = None) -> str:
    listing = listing or f"http://{'x' if not id.isascii() else id.strip('.') or 'x'}.gov.cn/col/col1/index.html"
    return ENTRY.format(id=id, portal=portal, listing=listing) + "".join(f"    {line}\n" for line in more.splitlines())


def file(*entries: str, head: str = "version: 1\n") -> str:
    return f"{head}sources:\n{''.join(entries)}"


def problems(text: str | bytes, **environ: str) -> tuple[Problem, ...]:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(ConfigError) as caught:
        parse_sources(data, Path("conf/sources.yaml"), environ)
    assert caught.value.exit_status == 2
    assert "conf/sources.yaml" in str(caught.value)
    return caught.value.problems


def only(text: str | bytes, **environ: str) -> Problem:
    (problem,) = problems(text, **environ)
    return problem


def source(more: str = "", **rest: str) -> Source:
    return parse_sources(file(entry(more, **rest)).encode(), Path("conf/sources.yaml"), {}).sources[0]


def test_the_example_of_the_contract(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(
        """\
version: 1
defaults: {timezone: Asia/Shanghai, delay_seconds: 1.0, concurrency: 1, read_timeout_seconds: 30, deadline_seconds: 300}
sources:
  - id: gongshu-gov-office            # stable, unique
    name: 拱墅区人民政府办公室 · 政府工作报告重点任务执行情况
    publisher: 拱墅区人民政府办公室
    region: "330105"                  # administrative division code
    portal: hanweb-jcms               # the portal family: how documents are listed
    listing: http://www.gongshu.gov.cn/col/col1229360616/index.html
    cadence: quarterly                # quarterly | half-yearly | annual
    since: 2020Q1
    match: "(政府工作报告).*(执行|完成|进展)情况"
    allow_hosts: [www.gongshu.gov.cn]
    allow_private_hosts: false        # true only for a portal on loopback (demo, tests)
    checks: {min_rows: 20, max_dropped_share: 0.3}
""",
        encoding="utf-8",
    )
    (one,) = load_sources(path).sources
    assert one.since == Period(2020, "Q", 1)
    assert one.checks.min_rows == 20
    assert one.deadline_seconds == 300
    assert one.wants("2020第二季度政府工作报告重点任务目标执行情况")
    assert one.wants("2020 年政府工作报告 重点任务 执行 情况")
    assert not one.wants("关于放假的通知")
    assert pickle.loads(pickle.dumps(one)) == one


def test_the_shipped_file_is_valid_and_names_real_columns() -> None:
    loaded = load_sources(Path(__file__).parents[2] / "sources.yaml", {})
    assert len(select(loaded)) >= 15
    assert all(".gov.cn" in one.listing for one in loaded.sources)


def test_defaults_are_merged_key_by_key_and_the_entry_wins() -> None:
    head = "version: 1\ndefaults: {delay_seconds: 2, checks: {min_rows: 9, max_dropped_share: 0.5}}\n"
    text = file(entry("checks: {min_rows: 1}"), entry("delay_seconds: 3", id="b"), head=head)
    first, second = parse_sources(text.encode(), Path("s.yaml"), {}).sources
    assert (first.delay_seconds, first.checks.min_rows, first.checks.max_dropped_share) == (2, 1, 0.5)
    assert (second.delay_seconds, second.checks.min_rows) == (3, 9)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", None),
        (b"  \n", None),
        (b"# nothing\n", None),
        (b"version: 1\nsources:\n\t- id: a\n", 3),
        (b"version: 1\nsources: [a\n", 3),
        (b"version: 1\nname: \xb9\xb0\xca\xfb\n", 2),
        ("version: 1\n".encode("utf-16"), 1),
        (b"version: 1\nsources: 'open\n", None),
        (b"version: 1\n---\nversion: 1\n", 2),
        (b"version: 1\nsources: a\x00b\n", 2),
        (b"version: 1\nsources: [*nowhere]\n", 2),
        (b"just text", 1),
    ],
)
def test_113_what_is_no_yaml_file(data: bytes, line: int | None) -> None:
    found = problems(data)
    if line is not None:
        assert found[0].line == line


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        load_sources(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [("matsch: x", "match"), ("alow_hosts: [a.cn]", "allow_hosts"), ("checks: {min_row: 1}", "min_rows")],
)
def test_114_a_misspelt_key_is_told_with_the_nearest(wrong: str, nearest: str) -> None:
    problem = only(file(entry(), entry(wrong, id="b")))
    assert (problem.line, problem.source) == (13, "b")
    assert repr(nearest) in problem.reason


@pytest.mark.parametrize("key", ["sorces", "default", "Version"])
def test_114_unknown_top_keys(key: str) -> None:
    assert only(f"{file(entry())}{key}: 1\n").key == key


@pytest.mark.parametrize(
    "more",
    [
        "name2: !!python/object/apply:os.system [echo]",
        "match: !!python/name:os.system",
        "id: twice",
        "<<: {enabled: false}",
        "verify_tls: no",
        "enabled: 1",
        "region: 330105",
        "region: 08",
        "region: 2024-10-29",
        "concurrency: 1.5",
        "concurrency: '1'",
        "delay_seconds: .inf",
        "checks: [1]",
        "allow_hosts: www.a.cn",
        "1: x",
        "[a]: x",
    ],
)
def test_115_nothing_is_guessed(more: str) -> None:
    assert all(one.line == 8 for one in problems(file(entry(more))))


def test_115_alias_bombs_and_depth() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    assert problems("\n".join(["version: 1", *lines, ""]))
    assert problems("version: 1\nsources: " + "[" * 5000)
    assert problems("version: 1\nsources: &a [*a]\n")
    assert problems("version: 1\nsources: []\n" + "#" * 600_000)


def test_115_an_alias_that_stays_small_is_taken() -> None:
    text = file(entry("checks: &c {min_rows: 3}"), entry("checks: *c", id="b"))
    assert [one.checks.min_rows for one in parse_sources(text.encode(), Path("s"), {}).sources] == [3, 3]


@pytest.mark.parametrize(
    ("pattern", "position"), [("a(b", 1), ("x(?=y)", 2), (r"(a)\\1", 4), ("[z-a]", 2), ("政府*+", 3), ("a{5000}", 2)]
)
def test_116_an_invalid_pattern_is_told_with_its_position(pattern: str, position: int) -> None:
    problem = only(file(entry(f'match: "{pattern}"')))
    assert (problem.line, problem.source, problem.key) == (8, "a", "sources[0].match")
    assert f"position {position}:" in problem.reason


def test_117_patterns_run_in_linear_time() -> None:
    # With a backtracking engine this does not come back.
    assert not source('match: "(a+)+$"').wants("a" * 50_000 + "b")
    assert not source('match: "(.*情况)*完成(.*情况)*x$"').wants("情况" * 20_000)


@pytest.mark.parametrize("zone", ["Asia/Shangai", "CST8", "../../etc/passwd", "''", "/etc/localtime"])
def test_118_bad_time_zones(zone: str) -> None:
    assert only(file(entry(f"timezone: {zone}"))).key == "sources[0].timezone"
    head = f"version: 1\ndefaults: {{timezone: {zone}}}\n"
    assert only(file(entry(), head=head)).key == "defaults.timezone"


@pytest.mark.parametrize("value", ["${TOKEN}", "a${TOKEN}b", "${}", "${TOKEN", "${A B}", "${EMPTY}"])
def test_119_missing_variables_are_named_and_nothing_is_left_literal(value: str) -> None:
    problem = only(file(entry(f'kind: execution\nregion: "{value}"')), EMPTY="")
    assert problem.line == 9
    assert problem.key == "sources[0].region"


def test_119_values_from_the_environment_are_used_and_never_shown() -> None:
    text = file(entry("aliases: {status: ['${HEADING}']}"))
    loaded = parse_sources(text.encode(), Path("s"), {"HEADING": "办理结果"})
    assert loaded.sources[0].aliases.status == ("办理结果",)
    secret = "hunter2-s3cret"
    for more in ("region: '${X}'", "timezone: '${X}'", "since: '${X}'", "allow_hosts: ['${X} y']", "kind: '${X}'"):
        assert secret not in "".join(map(str, problems(file(entry(more)), X=secret)))
    listing = "http://${X}@a.cn/"
    assert secret not in "".join(map(str, problems(file(entry(listing=listing), entry(listing=listing)), X=secret)))


def test_119_a_pattern_may_hold_dollars() -> None:
    assert source('match: "情况$|x${2}"').wants("执行情况")


@pytest.mark.parametrize(("first", "second"), [("a", "a"), ("abc", "ABC"), ("a1", "ａ1"), ("stra-e", "STRA-E")])
def test_120_the_same_id_by_case_or_width(first: str, second: str) -> None:
    problem = only(file(entry(id=first, listing="http://x.cn/1"), entry(id=second, listing="http://x.cn/2")))
    assert problem.line == 8
    assert "line 3" in problem.reason


@pytest.mark.parametrize(
    "other",
    [
        "http://www.a.cn/col/col1/index.html",
        "https://www.a.cn/col/col1/",
        "http://WWW.A.cn:80/col/col1",
    ],
)
def test_120_the_same_column_under_two_ids(other: str) -> None:
    text = file(entry(id="a", listing="http://www.a.cn/col/col1/index.html"), entry(id="b", listing=other))
    problem = only(text)
    assert (problem.line, problem.source) == (12, "b")
    assert "line 7" in problem.reason


def test_120_an_archive_of_a_column_is_another_source() -> None:
    url = "http://www.a.cn/col/col1/index.html"
    text = file(entry(id="a", listing=url), entry(id="b", listing=url, portal="wayback"))
    assert len(parse_sources(text.encode(), Path("s"), {}).sources) == 2


@pytest.mark.parametrize(
    "listing",
    [
        "http://user:pass@a.cn/",
        "http://user@a.cn/",
        "ftp://a.cn/",
        "file:///etc/passwd",
        "//a.cn/x",
        "a.cn/x",
        "'http://a.cn/a b'",
        "' http://a.cn/'",
        "http://",
        "http://a.cn:99999/",
        "http://a.cn\\\\@b.cn/",
        "http://127.0.0.1/",
        "http://localhost:8000/",
        "http://10.1.2.3/",
        "http://192.168.0.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest",
        "http://[::1]/",
        "'http://[::ffff:127.0.0.1]/'",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://printer/",
        "http://db.internal/",
    ],
)
def test_121_addresses_that_are_not_asked(listing: str) -> None:
    assert {one.line for one in problems(file(entry(listing=listing)))} == {7}


def test_121_private_hosts_when_allowed() -> None:
    one = source("allow_private_hosts: true", listing="http://127.0.0.1:8123/col/col1/index.html")
    assert one.allow_hosts == ("127.0.0.1",)
    assert one.private_ports == {8123}
    more = 'allow_private_hosts: true\nallow_hosts: ["127.0.0.1:8124", "[::1]", 127.0.0.1]'
    two = source(more, listing="http://127.0.0.1:8123/col/col1/index.html")
    assert two.allow_hosts == ("127.0.0.1", "::1", "127.0.0.1")
    assert two.private_ports == {8123, 8124}
    assert problems(file(entry("allow_hosts: [a.gov.cn, 10.0.0.1]")))
    assert problems(file(entry("allow_hosts: ['*.gov.cn']")))
    assert problems(file(entry("allow_hosts: [b.gov.cn]")))


@pytest.mark.parametrize("bad", ["../a", "a/b", "a\\\\b", ".a", "a..b", "con", "COM1", "nul.x", "'a b'", "a@b", "''"])
def test_122_ids_that_are_no_names(bad: str) -> None:
    text = file(entry(id=f'"{bad}"' if "'" not in bad else bad, listing="http://a.cn/"))
    assert only(text).key == "sources[0].id"


def test_chinese_ids_are_names() -> None:
    assert source(id="拱墅-区府办").id == "拱墅-区府办"


@pytest.mark.parametrize(
    "more",
    [
        "concurrency: 0",
        "delay_seconds: -1",
        "since: 2024Q5",
        "since: 2024H3",
        "since: yesterday",
        "since: true",
        "read_timeout_seconds: 0",
        "checks: {max_dropped_share: 30}",
        "checks: {min_rows: -1}",
        "cadence: monthly",
        "kind: nonsense",
        "options: {per_request: 0}",
        "options: {tag: x}",
    ],
)
def test_123_values_out_of_range(more: str) -> None:
    assert {one.line for one in problems(file(entry(more)))} == {8}


def test_123_an_end_before_the_start() -> None:
    assert only(file(entry("since: 2024Q1\nuntil: 2023Q4"))).line == 9
    one = source("since: 2020\nuntil: 2023H1")
    assert [one.covers(Period.parse(text)) for text in ("2019", "2020Q4", "2023Q2", "2023Q3")] == [
        False,
        True,
        True,
        False,
    ]


def test_124_nothing_to_do_is_an_error() -> None:
    loaded = parse_sources(file(entry("enabled: false")).encode(), Path("s"), {})
    with pytest.raises(SelectionError) as caught:
        select(loaded)
    assert caught.value.exit_status == 2
    with pytest.raises(SelectionError, match="aa"):
        select(loaded, ["aa"])
    assert [one.id for one in select(loaded, ["A"])] == ["a"]
    with pytest.raises(SelectionError):
        select(parse_sources(b"version: 1\nsources: []\n", Path("s"), {}))


def test_an_archive_may_continue_another_source() -> None:
    def continuing(target: str, portal: str = "wayback") -> str:
        return entry(f"continues: {target}", id="b", portal=portal, listing="http://old.a.cn/col/col1/")

    loaded = parse_sources(file(entry(), continuing("a")).encode(), Path("s"), {})
    assert [one.stored_as for one in loaded.sources] == ["a", "a"]
    assert only(file(entry(), continuing("c"))).key == "sources[1].continues"
    assert only(file(entry(), continuing("b"))).key == "sources[1].continues"
    assert problems(file(entry(), continuing("a", portal="trs-wcm")))


def test_all_problems_at_once_in_the_order_of_the_file() -> None:
    text = file(entry("matsch: x\nconcurrency: 0"), entry("since: 2024Q9", id="b"), entry(id="a"))
    lines = [one.line for one in problems(text)]
    assert lines == sorted(lines, key=lambda line: line or 0)
    assert {8, 9, 15, 16} <= set(lines)


@pytest.mark.parametrize("head", ["", "version: 2\n", "version: '1'\n", "version: true\n"])
def test_the_version_is_one(head: str) -> None:
    assert any(one.key == "version" for one in problems(file(entry(), head=head)))


def test_paths_start_at_the_folder_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    path = tmp_path / "conf" / "s.yaml"
    path.write_text(file(entry(portal="files", listing="../seeds")), encoding="utf-8")
    assert load_sources(path).sources[0].path.resolve() == tmp_path / "seeds"


def test_the_schema_knows_every_key_and_requires_what_the_loader_requires() -> None:
    schema = json_schema()
    described = schema["$defs"]["Source"]["properties"]
    assert set(described) == {name for name, info in Source.model_fields.items() if not info.exclude}
    for key in schema["$defs"]["Source"]["required"]:
        without = "".join(line for line in entry().splitlines(keepends=True) if f"{key}:" not in line)
        without = without if "- " in without else without.replace("    name", "  - name", 1)
        assert any(one.key == f"sources[0].{key}" for one in problems(file(without)))
    json.dumps(schema)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
PIECES = st.sampled_from(
    ["version: 1\n", "sources:\n", "  - ", "id: a\n", "    ", "match: ", "[", "{", "*a", "&a ", "!!x "]
)


@given(st.lists(TEXT | PIECES, max_size=12).map("".join))
def test_any_text_gives_sources_or_a_configuration_error(text: str) -> None:
    load: Callable[[], object] = lambda: parse_sources(text.encode(), Path("s.yaml"), {})  # noqa: E731
    try:
        load()
    except ConfigError as error:
        assert error.problems  # noqa: PT017
