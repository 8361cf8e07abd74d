"""Reading of Word-pasted pages, side by side with pandas.read_html: `python bench/read.py`.

Pages are composed: a layout table around the table, page furniture and scripts, six columns with the category merged,
Word's markup on every cell (or none), a fifth of them with a rowspan that overshoots the table. All sides start from
the same bytes in the same round, timed in seconds of this process's CPU; a ratio is the median of the rounds'. Two
ways of pandas: all tables of the page, as the usual script asks for them, and only the one told by its class. Three
ways of ours: `grid` is what pandas does (bytes → text of every slot, spans resolved; besides, all other text, links,
encoding judged), `rows` tells headings and columns, `report` is all of it. Exact: the rows are those composed.
"""

from __future__ import annotations

import gc
import io
import random
import statistics
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tasks.compiled import is_compiled
from tasks.read import read, read_page
from tasks.read.detect.decode import decode, garbled
from tasks.read.detect.sniff import sniff
from tasks.read.interpret import interpret
from tasks.read.metadata.reading import read_metadata
from tasks.read.page import Table
from tasks.read.tables.columns import Columns
from tasks.read.tables.drafts import read_table
from tasks.read.web.condense import condense
from tasks.read.web.html import read_condensed

HEAD = ("序号", "项目名称", "主要工作内容", "牵头单位", "完成情况", "完成进度")
_CELL = (
    '<td width="{width}" valign="middle"{span} style="width:{width}.0pt;border:solid windowtext 1.0pt;border-left:none;'
    "mso-border-left-alt:solid windowtext .5pt;mso-border-alt:solid windowtext .5pt;padding:0cm 5.4pt 0cm 5.4pt;"
    'height:42.0pt">\n<p class="MsoNormal" align="left" style="text-align:left;line-height:15.0pt;mso-line-height-rule:'
    'exactly;mso-pagination:widow-orphan;mso-layout-grid-align:none"><span {lang} style="font-size:'
    "9.0pt;font-family:宋体;mso-ascii-font-family:宋体;mso-hansi-font-family:宋体;mso-bidi-font-family:宋体;color:black;"
    'mso-font-kerning:0pt;mso-bidi-language:AR">{text}</span><span lang="EN-US" style="font-size:9.0pt;font-family:'
    '宋体;mso-bidi-font-family:宋体;color:black;mso-font-kerning:0pt"><o:p></o:p></span></p>\n</td>'
)
_WORDS = str.split(
    "推进 完成 建设 改造 提升 新增 项目 工程 社区 街道 企业 产业 平台 投资 服务 中心 园区 道路 住宅 "
    "学校 医院 河道 绿化 管网"
)


def compose(rows: int, number: int, *, word: bool = True) -> tuple[bytes, list[tuple[str, ...]]]:
    """A page of about 228 KB (40 rows) or 1 MB (200 rows) and the rows it holds, merged cells filled down."""
    chance = random.Random(rows * 1000 + number)
    overshoot = number % 5 == 0

    def sentence(length: int) -> str:
        return "".join(chance.choice(_WORDS) for _ in range(length // 2))

    def cell(text: str, span: str = "") -> str:
        if not word:
            return f"<td{span}>{text}</td>"
        return _CELL.format(width=chance.randint(40, 300), span=span, lang='lang="ZH-CN"', text=text)

    lines = ["<tr>" + "".join(cell(name) for name in HEAD) + "</tr>"]
    told: list[tuple[str, ...]] = []
    left = 0
    category = ""
    for seq in range(1, rows + 1):
        made = [cell(str(seq))]
        if not left:
            left = min(chance.randint(1, 6), rows - seq + 1)
            category = sentence(12)
            last = seq + left - 1 == rows
            span = left + 4 if overshoot and last else left
            made.append(cell(category, f' rowspan="{span}"' if span > 1 else ""))
        left -= 1
        values = (
            sentence(44) + "。",
            "区住建局、" + sentence(4) + "街道",
            "已" + sentence(70) + "。",
            f"{chance.randint(10, 100)}%",
        )
        made.extend(cell(value) for value in values)
        told.append((str(seq), category, *values))
        lines.append("<tr>" + "".join(made) + "</tr>")
    menu = "".join(f'<li><a href="/col/col{i}/index.html" title="栏目{i}">栏目{i}</a></li>' for i in range(120))
    html = (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>重点任务执行情况</title>"
        + "<script>var a=1;</script>" * 20
        + f"</head><body><div class='nav'><ul>{menu}</ul></div><table width='100%'><tr><td><div id='zoom'>"
        + f"<table class='MsoNormalTable' border='1'><tbody>{''.join(lines)}</tbody></table>"
        + f"</div></td></tr></table><div class='footer'>{menu}</div></body></html>"
    )
    return html.encode(), told


def ours(body: bytes) -> list[tuple[str, ...]]:
    """Bytes → rows with merged cells filled down, by the project's reader up to the grid and its columns."""
    page = read_page(body)
    reading = next(r for b in page.body if isinstance(b, Table) and (r := read_table(b)) is not None)
    assert isinstance(reading.columns, Columns)
    return [tuple(draft.texts) for draft in reading.drafts]


def whole(body: bytes) -> int:
    """Bytes → Report: fields, metadata, period, warnings and remainder included."""
    return len(read(body).rows)


def with_pandas(body: bytes, encoding: str = "utf-8", *, told: bool = False) -> list[tuple[str, ...]]:
    """What the usual script does: all tables, the last of which is the one. `told`: it knows the table by its class,
    which spares pandas the layout table around."""
    import pandas

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = pandas.read_html(
            io.BytesIO(body),
            flavor="lxml",
            header=0,
            encoding=encoding,
            keep_default_na=False,
            attrs={"class": "MsoNormalTable"} if told else None,
        )[-1]
    return [tuple(str(value) for value in row) for row in frame.itertuples(index=False)]


def grid(body: bytes) -> list[tuple[str, ...]]:
    """Bytes → the texts of the table, spans resolved."""
    table = max((b for b in read_page(body).body if isinstance(b, Table)), key=lambda t: len(t.rows))
    return [tuple([cell.text for cell in row]) for row in table.rows[1:]]


def encoded(body: bytes, encoding: str) -> bytes:
    """A page in another encoding, which it declares."""
    return body.decode().replace("utf-8", encoding, 1).encode(encoding)


def measure(rows: int, *, word: bool, encoding: str = "utf-8", rounds: int = 7, pages: int = 10) -> None:
    """Print one line for a kind of page: milliseconds of each way, ratios to pandas, pages that are exact."""
    composed = [compose(rows, number, word=word) for number in range(pages)]
    made = [(encoded(body, encoding), told) for body, told in composed]
    ways: dict[str, Callable[[bytes], object]] = {
        "pandas": lambda body: with_pandas(body, encoding),
        "pandas told the table": lambda body: with_pandas(body, encoding, told=True),
        "grid": grid,
        "rows": ours,
        "report": whole,
    }
    spent: dict[str, list[float]] = {name: [] for name in ways}
    exact = dict.fromkeys(ways, 0)
    for _ in range(rounds):
        for name, way in ways.items():
            start = time.process_time()
            found = [way(body) for body, _ in made]
            spent[name].append((time.process_time() - start) / pages)
            exact[name] = sum(got in (told, rows) for got, (_, told) in zip(found, made, strict=True))
    theirs = list(ways)[:2]
    shown = [f"{one} {statistics.median(spent[one]) * 1e3:.1f} ms ({exact[one]}/{pages} exact)" for one in theirs]
    for name in list(ways)[2:]:
        ratios = [statistics.median(p / t for p, t in zip(spent[one], spent[name], strict=True)) for one in theirs]
        best = [min(spent[one]) / min(spent[name]) for one in theirs]
        shown.append(
            f"{name} {statistics.median(spent[name]) * 1e3:.1f} ms, {ratios[0]:.1f}x and {ratios[1]:.1f}x "
            f"(best rounds {best[0]:.1f}x and {best[1]:.1f}x, {exact[name]}/{pages})"
        )
    kind = f"{rows} rows, {'Word' if word else 'plain'}, {encoding}, {len(made[0][0]) // 1000} KB"
    print(f"{kind}: {'; '.join(shown)}", flush=True)


def stages(rows: int, *, word: bool, encoding: str = "utf-8", rounds: int = 40) -> None:
    """Print the milliseconds of each stage for one page, median and least."""
    body = encoded(compose(rows, 1, word=word)[0], encoding)
    condensed = condense(body)
    assert condensed is not None
    left = decode(condensed.body, judged=False)
    page = read_page(body)
    table = max((b for b in page.body if isinstance(b, Table)), key=lambda t: len(t.rows))
    whole_text = body.decode(encoding)
    steps: dict[str, Callable[[], object]] = {
        "codec of all": lambda: body.decode(encoding),
        "tree of all": lambda: LexborHTMLParser(body if encoding == "utf-8" else whole_text),
        "sniff": lambda: sniff(body),
        "condense": lambda: condense(body),
        "decode": lambda: decode(condensed.body, judged=False),
        "tree": lambda: LexborHTMLParser(left.text if left.utf8 is None else left.utf8),
        "html": lambda: read_condensed(left.text, condensed.layouts, source=left.utf8),
        "garbled": lambda: garbled(page.text),
        "page": lambda: read_page(body),
        "table": lambda: read_table(table),
        "metadata": lambda: read_metadata(page),
        "interpret": lambda: interpret(page),
        "read": lambda: read(body),
    }
    spent: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(rounds):
        for name, step in steps.items():
            start = time.process_time()
            step()
            spent[name].append(time.process_time() - start)
    shown = ", ".join(f"{n} {statistics.median(t) * 1e3:.2f}/{min(t) * 1e3:.2f}" for n, t in spent.items())
    print(f"{rows} rows, {'Word' if word else 'plain'}, {encoding}, ms median/least: {shown}", flush=True)


def memory(rows: int = 2000) -> None:
    """Peak of Python's own allocations while one large page is read, against the size of the page."""
    body, _ = compose(rows, 1)
    tracemalloc.start()
    whole(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(
        f"{rows} rows, {len(body) / 1e6:.1f} MB: peak {peak / 1e6:.1f} MB of objects, {peak / len(body):.1f}x the page"
    )


if __name__ == "__main__":
    import pandas  # noqa: F401

    print(f"compiled modules: {is_compiled()}")

    # Modules stay for ever: taken out of the collector's rounds, for both sides.
    gc.collect()
    gc.freeze()
    for size, count in ((40, 10), (200, 5)):
        for from_word in (True, False):
            for code in ("utf-8", "gb18030"):
                measure(size, word=from_word, encoding=code, pages=count)
    for size in (40, 200):
        for from_word in (True, False):
            for code in ("utf-8", "gb18030"):
                stages(size, word=from_word, encoding=code)
    memory()
