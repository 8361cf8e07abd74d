"""Commands as a user types them: outputs of the contract, exit statuses, no tracebacks."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from demo.portal import HanwebPortal
from demo.sites import NEWEST, QUARTERS, news

At = Callable[..., subprocess.CompletedProcess[str]]

TABLE = """<html><head><meta charset="utf-8"><title>{title}</title></head><body><h1>{title}</h1>
<table border=1><tr><th>序号</th><th>项目名称</th><th>主要工作内容</th>
<th>牵头单位</th><th>完成情况</th><th>完成进度</th></tr>
{rows}</table></body></html>"""
ROWS = [
    ("1", "产业", "新增规上工业企业12家。", "区经信局", "截至{m}月底,新增规上工业企业{n}家。", "{p}%"),
    ("2", "产业", "盘活低效用地300亩。", "区经信局/资规分局", "累计盘活低效用地{n}0亩。", "{p}%"),
    ("3", "民生", "新增学位2000个。", "区教育局", "{n}所学校在建。", "/"),
    ("4", "民生", "改造老旧小区15个。", "区住建局、各街道", "已开工{n}个。", "{p}%"),
]


def page(path: Path, quarter: str, month: int, number: int, share: int, rows=ROWS) -> Path:
    cells = "".join(
        "<tr>" + "".join(f"<td>{cell.format(m=month, n=number, p=share)}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    title = f"2024年{quarter}季度云山区政府工作报告主要任务执行情况表"
    path.write_text(TABLE.format(title=title, rows=cells), encoding="utf-8")
    return path


def test_parse_prints_the_contract(at: At, tmp_path: Path) -> None:
    done = at("parse", str(page(tmp_path / "q2.html", "二", 6, 5, 40)))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found) >= {"meta", "rows", "sections", "observations", "text", "warnings"}
    assert found["meta"]["period"] == "2024Q2"
    assert [row["progress"] for row in found["rows"]] == [40, 40, None, 40]
    assert found["rows"][1]["units"] == ["区经信局", "资规分局"]
    assert set(found["rows"][0]) == {
        "index", "seq", "category", "content", "units", "status", "progress", "progress_text", "cells",
    }  # fmt: skip
    for seen in found["observations"]:
        assert found["text"][seen["start"] : seen["end"]] == seen["text"]


def test_diff_prints_the_contract(at: At, tmp_path: Path) -> None:
    old = page(tmp_path / "q2.html", "二", 6, 5, 40)
    changed = [*ROWS[:2], ROWS[3], ("5", "民生", "建成公园绿地6万平方米。", "区园林中心", "建成{n}万平方米。", "{p}%")]
    new = page(tmp_path / "q3.html", "三", 9, 8, 70, changed)
    done = at("diff", str(old), str(new), "--format", "csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert done.stdout.splitlines()[0] == "old_index,new_index,relation,status_changed"
    assert sorted((row["old_index"], row["new_index"], row["relation"]) for row in rows) == sorted(
        [("0", "0", "same"), ("1", "1", "same"), ("2", "", "dropped"), ("3", "2", "same"), ("", "3", "added")]
    )
    assert {row["status_changed"] for row in rows if row["relation"] == "same"} == {"1"}
    assert json.loads(at("diff", str(old), str(new), "--format", "json").stdout)["links"]
    assert at("diff", str(old), str(new)).returncode == 0


def test_a_quarter_from_the_command_line(at: At, portal: HanwebPortal, tmp_path: Path) -> None:
    past = at("backfill", "--from", str(QUARTERS[5]), "--to", str(QUARTERS[6]))
    assert past.returncode == 0, past.stderr
    news(portal)
    done = at("ingest", str(NEWEST))
    assert done.returncode == 1
    assert "wangchao" in done.stderr
    assert "linyi" in done.stderr
    assert "tingzhou" in done.stdout

    waiting = at("review", "list")
    held = waiting.stdout.split()[0]
    previewed = at("review", "list", "--changes").stdout
    assert "- dropped" in previewed
    assert at("review", "accept", held, "--who", "me", "--why", "looked").returncode == 0
    assert at("review", "accept", held, "--why", "again").returncode in {1, 2}

    queried = at("query", "v_progress", "--where", "source_id=linyi", "--where", f"period={NEWEST}", "--format", "json")
    assert len(queried.stdout.splitlines()) == 7
    assert at("query", "v_progress", "--as-of", "2001-01-01", "--format", "json").stdout == ""
    assert at("query", "v_nothing").returncode == 2
    share = at("query", "v_attainment", "--where", f"period={NEWEST}", "--where", "expected_share=1", "--format", "csv")
    assert len(share.stdout.splitlines()) > 2
    assert at("query", "v_progress", "--where", "row_index=first").returncode == 2
    proof = json.loads(at("lineage", f"tingzhou@{NEWEST}", "--row", "0").stdout)
    assert proof["value"]
    assert len(proof["capture_sha256"]) == 64
    assert at("lineage", f"tingzhou@{NEWEST}", "--row", "999").returncode == 2

    assert at("diff", f"tingzhou@{QUARTERS[6]}", f"tingzhou@{NEWEST}", "--format", "csv").returncode == 0
    out = tmp_path / "out" / "report.html"
    assert at("report", str(NEWEST), "--out", str(out)).returncode == 0
    assert "汀洲区" in out.read_text(encoding="utf-8")
    assert "<script" not in out.read_text(encoding="utf-8")
    assert at("export", "--out", str(tmp_path / "exported"), "--format", "csv").returncode == 0
    assert (tmp_path / "exported" / "v_change.csv").exists()
    assert at("archive", "verify").returncode == 0
    assert at("archive", "export", "--out", str(tmp_path / "all.warc.gz")).returncode == 0
    assert at("reparse").returncode == 0

    body = next((tmp_path / "archive" / "bodies").rglob("*.gz"))
    body.write_bytes(body.read_bytes()[:-9])
    damaged = at("archive", "verify")
    assert damaged.returncode == 1
    assert damaged.stdout.startswith(f"CaptureCorrupt: {body}: ")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("ingest", "2024Q5"), 2),
        (("ingest", "2024Q1", "--source", "nobody"), 2),
        (("backfill", "--from", "2024Q4", "--to", "2024Q1"), 2),
        (("parse", "missing.html"), 2),
        (("parse", "ftp://example.org/page.html"), 2),
        (("--sources", "missing.yaml", "sources", "check"), 2),
        (("--warehouse", "no url", "query", "v_run"), 2),
        (("--warehouse", "sqlite:///missing.db", "query", "v_run"), 2),
        (("nonsense",), 2),
    ],
)
def test_bad_usage_is_told_and_exits_2(at: At, arguments: tuple[str, ...], status: int) -> None:
    done = at(*arguments)
    assert done.returncode == status, done.stderr
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("place", range(3))
def test_common_options_stand_before_or_after_the_command(at: At, tmp_path: Path, place: int) -> None:
    sources = "sources.yaml"
    other = tmp_path / "other.yaml"
    other.write_text((tmp_path / sources).read_text(encoding="utf-8").replace("id: heyan", "id: elsewhere"), "utf-8")
    words = ["sources", "list"]
    words[place:place] = ["--sources", str(other)]
    # The nearer one counts.
    done = at("--sources", "missing.yaml", *words) if place else at(*words)
    assert done.returncode == 0, done.stderr
    assert "elsewhere\t" in done.stdout
    assert "heyan\t" not in done.stdout


def test_every_command_takes_the_common_options() -> None:
    from flows.cli.main import cli

    def leaves(group: click.Group, *names: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
        for name in group.list_commands(click.Context(group)):
            command = group.get_command(click.Context(group), name)
            assert command is not None
            if isinstance(command, click.Group):
                yield from leaves(command, *names, name)
            else:
                yield (*names, name), command

    for names, command in leaves(cli):
        flags = {flag for parameter in command.params for flag in parameter.opts}
        if names == ("demo",):  # has its own places and must not touch the user's
            assert not flags & {"--sources", "--warehouse", "--archive"}
        else:
            assert flags >= {"--sources", "--warehouse", "--archive", "--verbose"}, names


def test_nothing_to_do_is_not_passed_over_in_silence(at: At, tmp_path: Path) -> None:
    fresh = f"sqlite:///{tmp_path / 'fresh.db'}"
    assert at("reparse", "--warehouse", fresh).returncode == 2
    assert not (tmp_path / "fresh.db").exists()
    assert at("backfill", "--from", "2024Q1", "--to", "2024Q1", "--source", "heyan").returncode == 0
    # All done, though there was nothing to do: said, so that a mistyped period does not pass for an empty quarter.
    for words in (("reparse", "--source", "qingyu"), ("report", "2031Q1", "--out", str(tmp_path / "r.html"))):
        done = at(*words)
        assert (done.returncode, bool(done.stderr.strip())) == (0, True)
    assert at("archive", "export", "--out", str(tmp_path / "none.warc.gz"), "--source", "nobody").returncode == 2
    assert not (tmp_path / "none.warc.gz").exists()
    assert at("query", "v_progress", "--limit", "-1").returncode == 2


def test_a_file_that_cannot_be_read_is_told(at: At, tmp_path: Path) -> None:
    for name, body in (("empty.html", b""), ("noise.xlsx", b"PK\x03\x04 broken"), ("picture.pdf", b"%PDF-1.4 cut")):
        (tmp_path / name).write_bytes(body)
        done = at("parse", str(tmp_path / name))
        assert done.returncode == 1, (name, done.stderr)
        assert name in done.stderr
        assert "Traceback" not in done.stderr


def test_a_live_check_tells_what_the_portal_offers(at: At) -> None:
    done = at("sources", "check", "--live", "heyan")
    assert done.returncode == 0, done.stderr
    assert "禾岸区" in done.stdout


def test_the_packages_are_this_projects(tmp_path: Path) -> None:
    # `flows` and `tasks` are also names of packages on the index.
    import flows
    import tasks
    import warehouse

    root = Path(__file__).resolve().parents[2]
    for package in (flows, tasks, warehouse):
        assert Path(str(package.__file__)).parent.parent == root
