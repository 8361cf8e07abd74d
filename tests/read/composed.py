"""One invented table, rendered in every shape in which portals and extractors print such tables. For tests only."""

from __future__ import annotations

import html
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

DISTRICT = "云汀区"
_OFFICES = str.split(
    "区发改局 区财政局 区教育局 区住建局 区民政局 区商务局 区卫健局 区城管局 区科技局 区文广旅体局 "
    "区应急管理局 区农业农村局 区投促局 区委宣传部 区政务办 区人力社保局 区市场监管局 "
    "云汀生态环境分局 柳浦街道 石渡镇 各街道 相关镇街 区城投集团 区交通建设指挥部 "
    "区发改局(投资科/产业科) 区住建局(城建科、房管科) 区大数据中心 高新区管委会 国网云汀供电公司 "
    "区红十字会"
)
_VERBS = str.split("推进 加快 深化 完善 实施 打造 开展 加强 提升 优化 落实 建成 新建 改造 培育 引进")
_OBJECTS = str.split(
    "云栖水厂二期工程 智能制造产业园 老旧小区综合改造 营商环境专项行动 数字经济核心产业发展 "
    "城乡供水一体化 社区养老服务中心 生活垃圾分类示范片区 “一网通办”改革 轨道交通5号线站点 "
    "绿道贯通工程 中小学扩容提质 专精特新企业梯队 农村公路提档升级 “零直排”小区创建 科创孵化载体 "
    "人才公寓筹建 水环境综合治理 商贸综合体提质 文化惠民活动"
)
_TAILS = str.split(
    ",新增{n}个 ,建成{n}处以上 ,全年完成投资{n}亿元 ,增长{m}%以上 ,力争年底前投用 "
    ",开工{n}个、竣工{k}个 ,确保任务全面落实 ,覆盖率达到{m}%"
)
_DONE = [
    "已完成{n}个,占年度任务的{m}% ",
    "正在开展主体施工,累计完成投资{n}亿元 ",
    "1-9月实现增加值{n}亿元,同比增长{k}.{d}% ",
    "目前已开工{k}个,其余项目按计划推进 ",
    "正常推进中 ",
    "方案已通过评审,正在办理招标手续 ",
    "截至9月底,累计服务企业{n}家次 ",
    "已召开协调会{k}次,形成问题清单{n}项并全部销号",
]
_CATEGORIES = str.split(
    "主要经济指标 产业转型升级 扩大有效投资 城市品质提升 乡村全面振兴 生态环境治理 深化改革开放 "
    "文化繁荣发展 民生福祉增进 平安法治建设"
)
_PEOPLE = ["陆明远", "沈知秋", "顾一鸣", "何书衡", "林若溪"]
ORDINALS = "一二三四五六七八九十"


@dataclass
class Task:
    """What a row says, as the composer knows it."""

    seq: int | None
    category: str | None
    content: str
    units: tuple[str, ...]
    status: str | None
    progress: float | None
    progress_text: str | None
    leader: str = ""


@dataclass
class Composed:
    """A table: its headings by field in print order, and its rows."""

    title: str
    columns: list[str]  # fields: seq category content units status progress leader
    headings: dict[str, str]
    rows: list[Task]
    ordinals: bool = False  # categories are printed with (一)
    joiner: str = "、"
    merge_units: bool = False
    sizes: list[int] = field(default_factory=list)

    def printed(self, row: Task, name: str) -> str:
        """The text of one cell."""
        if name == "seq":
            return "" if row.seq is None else str(row.seq)
        if name == "category":
            return self.category_of(row)
        if name == "units":
            return self.joiner.join(row.units)
        if name == "progress":
            return row.progress_text or ""
        if name == "leader":
            return row.leader
        return (row.content if name == "content" else row.status) or ""

    def category_of(self, row: Task) -> str:
        if row.category is None:
            return ""
        names = list(dict.fromkeys(r.category for r in self.rows))
        return f"({ORDINALS[names.index(row.category)]}){row.category}" if self.ordinals else row.category

    def groups(self, name: str) -> list[int]:
        """For each row, how many rows its merged cell in this column spans (0: covered from above)."""
        spans = [1] * len(self.rows)
        merged = name == "category" or (name == "units" and self.merge_units)
        if not merged:
            return spans
        start = 0
        for i in range(1, len(self.rows) + 1):
            same = i < len(self.rows) and (
                self.rows[i].category == self.rows[start].category
                and (name == "category" or self.rows[i].units == self.rows[start].units)
            )
            if same:
                spans[i] = 0
            else:
                spans[start] = i - start
                start = i
        return spans


HEADINGS = {
    "seq": ["序号", "编号", "序 号"],
    "category": ["项目名称", "类别", "重点工作", "工作领域"],
    "content": ["主要工作内容", "项目内容", "目标任务", "年度目标任务", "内容与要求", "工作任务", "重点任务内容"],
    "units": ["牵头单位", "责任单位", "责任部门", "主办单位", "责任科室"],
    "status": ["完成情况", "进展情况", "累计完成情况", "目前进展情况", "第三季度完成情况", "落实情况", "1-9月进展情况"],
    "progress": ["完成进度", "进度", "完成率", "形象进度(%)"],
    "leader": ["牵头领导", "责任领导"],
}
SHAPES = [
    ["seq", "category", "content", "units", "status", "progress"],
    ["category", "content", "units", "status"],
    ["seq", "category", "content", "units", "status"],
    ["seq", "category", "content", "leader", "units", "status"],
    ["seq", "category", "content", "units", "progress"],
    ["seq", "content", "status", "units"],
    ["category", "content", "status"],
    ["seq", "content", "units", "status", "progress"],
]


def _sentence(random: Random, patterns: Sequence[str]) -> str:
    text = random.choice(patterns).strip()
    return text.format(n=random.randint(2, 96), m=random.randint(3, 99), k=random.randint(2, 9), d=random.randint(0, 9))


def compose(
    random: Random, *, shape: list[str] | None = None, rows: int | None = None, empties: bool = True
) -> Composed:
    """An invented table. `empties`: some rows lack a status."""
    columns = list(shape or random.choice(SHAPES))
    headings = {name: random.choice(HEADINGS[name]) for name in columns}
    count = rows or random.randint(4, 14)
    names = random.sample(_CATEGORIES, random.randint(2, 4))
    tasks: list[Task] = []
    seq = 0
    used: set[str] = set()
    while len(tasks) < count:
        seq += random.choice([1, 1, 1, 2, 5])
        group = names[min(len(tasks) * len(names) // count, len(names) - 1)]
        content = random.choice(_VERBS) + random.choice(_OBJECTS) + _sentence(random, _TAILS)
        if random.random() < 0.3:
            content += "," + random.choice(_VERBS) + random.choice(_OBJECTS)
        if random.random() < 0.4:
            content += "。"
        if content in used:
            continue
        used.add(content)
        units = tuple(random.sample(_OFFICES, random.choice([1, 1, 2, 3])))
        status: str | None = ";".join(_sentence(random, _DONE) for _ in range(random.choice([1, 1, 2, 3])))
        if random.random() < 0.5:
            status += "。"
        if empties and random.random() < 0.06:
            status = None
        number = random.choice([100, 75, 80, 95, 60, 235, 42])
        progress: float | None = number
        text = random.choice([f"{number}%", f"{number}%", f"{number}%", f"{number}％"])
        if random.random() < 0.08:
            progress, text = None, random.choice(["/", "—", "已完成"])
        tasks.append(
            Task(
                seq if "seq" in columns else None,
                group if "category" in columns else None,
                content,
                units if "units" in columns else (),
                status if "status" in columns else None,
                progress if "progress" in columns else None,
                text if "progress" in columns else None,
                random.choice(_PEOPLE),
            )
        )
    if random.random() < 0.5:
        # As typed in Word: full-width punctuation.
        wide = str.maketrans({",": "，", ";": "；", "(": "（", ")": "）", ":": "："})
        for task in tasks:
            task.content = task.content.translate(wide)
            task.status = task.status and task.status.translate(wide)
            task.units = tuple(unit.translate(wide) for unit in task.units)
    return Composed(
        title=f"{DISTRICT}2024年三季度政府工作报告重点任务执行情况",
        columns=columns,
        headings=headings,
        rows=tasks,
        ordinals=random.random() < 0.5,
        joiner=random.choice(["、", "、", ",", "，", "；", "/"]),
        merge_units=False,
    )


def as_html(table: Composed, random: Random, *, word: bool = False, overshoot: bool = False) -> str:
    """A page with the table, cells merged by rowspan; Word's markup if asked for."""
    lines: list[str] = []
    spans = {name: table.groups(name) for name in table.columns}

    def cell(text: str, down: int = 1, wrap: bool = False) -> str:
        span = f' rowspan="{down}"' if down > 1 else ""
        body = html.escape(text)
        if not word:
            return f"<td{span}>{body}</td>"
        if wrap and len(text) > 2:
            body = f"{html.escape(text[:2])}<br/>{html.escape(text[2:])}"
        parts = body.split("<br/>")
        inner = "<br/>".join(
            f'<span lang="EN-US" style="font-family:宋体;mso-bidi-font-family:宋体">{part}</span>' for part in parts
        )
        return (
            f'<td width="103"{span} style="width:77.0pt;border:solid windowtext 1.0pt;padding:0cm 5.4pt 0cm 5.4pt">\n'
            f'<p class="MsoNormal" align="left" style="text-align:left;mso-pagination:widow-orphan">{inner}'
            f"<o:p></o:p></p>\n</td>"
        )

    lines.append(
        "<tr>" + "".join(cell(table.headings[name], wrap=random.random() < 0.3) for name in table.columns) + "</tr>"
    )
    for number, row in enumerate(table.rows):
        made = ""
        for name in table.columns:
            down = spans[name][number]
            if down:
                last = overshoot and down > 1 and number + down == len(table.rows)
                made += cell(table.printed(row, name), down + 7 if last else down)
        lines.append(f"<tr>{made}</tr>")
    body = f'<table class="MsoTableGrid"><tbody>{"".join(lines)}</tbody></table>'
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{table.title}</title></head><body>"
        f"<div class='header'><ul><li>首页</li><li>政务公开</li></ul></div>"
        f"<table width='100%'><tr><td><h1>{table.title}</h1><div id='zoom'>{body}</div></td></tr></table>"
        f"<div class='footer'>主办:{DISTRICT}人民政府</div></body></html>"
    )


def as_pipes(table: Composed, random: Random, *, lost: bool = True, leading: bool = False) -> str:
    """`a | b | c |` lines; with `lost`, merged and empty cells are gone and blanks stand at the end instead."""
    lines = [" | ".join(table.headings[name] for name in table.columns) + " |"]
    if leading:
        lines = ["| " + lines[0], "|" + "---|" * len(table.columns)]
    spans = {name: table.groups(name) for name in table.columns}
    for number, row in enumerate(table.rows):
        cells = [table.printed(row, name) if spans[name][number] else "" for name in table.columns]
        if lost:
            kept = [cell for cell in cells if cell]
            cells = kept + [""] * (len(cells) - len(kept))
        line = " | ".join(cells) + " |"
        lines.append("| " + line if leading else line)
    return f"{table.title}\n\n" + "\n".join(lines) + "\n"


def as_tabs(table: Composed) -> str:
    """Tab-separated lines, blank cells kept."""
    spans = {name: table.groups(name) for name in table.columns}
    lines = ["\t".join(table.headings[name] for name in table.columns)]
    for number, row in enumerate(table.rows):
        lines.append("\t".join(table.printed(row, n) if spans[n][number] else "" for n in table.columns))
    return f"{table.title}\n" + "\n".join(lines) + "\n"


def as_paragraphs(table: Composed, random: Random, *, blank: bool = True, breaks: bool = True) -> str:
    """Every cell a paragraph; merged and empty cells are gone; a category comes again after a page break."""
    spans = {name: table.groups(name) for name in table.columns}
    cells = [table.headings[name] for name in table.columns]
    for number, row in enumerate(table.rows):
        again = breaks and "category" in table.columns and number and random.random() < 0.08
        for name in table.columns:
            if not spans[name][number] and not (again and name == "category"):
                continue
            text = table.printed(row, name)
            if name == "category" and table.ordinals and again:
                cells.extend([text[:3], text[3:]])
            elif text:
                cells.append(text)
    gap = "\n\n" if blank else "\n"
    return f"{table.title}\n\n" + gap.join(cells) + "\n"


def as_xlsx(table: Composed) -> bytes:
    """A workbook with a title line above the table and cells merged for real; percentages as formatted numbers."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("执行情况")
    percent = book.add_format({"num_format": "0%"})
    plain = book.add_format({})
    sheet.merge_range(0, 0, 0, len(table.columns) - 1, table.title, plain)
    for column, name in enumerate(table.columns):
        sheet.write_string(1, column, table.headings[name])
        spans = table.groups(name)
        for number, row in enumerate(table.rows):
            text = table.printed(row, name)
            if not spans[number] or not text:
                continue
            if spans[number] > 1:
                sheet.merge_range(number + 2, column, number + 1 + spans[number], column, text, plain)
            elif name == "seq":
                sheet.write_number(number + 2, column, int(text))
            elif name == "progress" and row.progress is not None and text.endswith("%"):
                sheet.write_number(number + 2, column, row.progress / 100, percent)
            else:
                sheet.write_string(number + 2, column, text)
    book.close()
    return buffer.getvalue()


def as_docx(table: Composed) -> bytes:
    """A Word file with the table, cells merged vertically."""
    import docx

    document = docx.Document()
    document.add_paragraph(table.title)
    grid = document.add_table(rows=len(table.rows) + 1, cols=len(table.columns))
    for column, name in enumerate(table.columns):
        grid.cell(0, column).text = table.headings[name]
        spans = table.groups(name)
        for number, row in enumerate(table.rows):
            if not spans[number]:
                continue
            target = grid.cell(number + 1, column)
            if spans[number] > 1:
                target = target.merge(grid.cell(number + spans[number], column))
            target.text = table.printed(row, name)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
