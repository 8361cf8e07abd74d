"""A player of pages of links without any system behind them."""

from __future__ import annotations

from dataclasses import dataclass, field

from demo.loopback import NOT_FOUND, Answer, Request
from tests.players.lists import Misbehaviour, Published

SHAPES = {
    "li": '<li><a href="{href}" title="{title}">{title}</a><span>{day}</span></li>',
    "tr": '<tr><td><a href="{href}">{title}</a></td><td>[{day}]</td></tr>',
    "p": '<p class="lb-list"><a href="{href}">{title}</a><span>{day}</span></p>',
    "inside": '<div class="item"><a href="{href}"><h3>{title}</h3><em>{day}</em></a></div>',
    "dl": '<dl><dt><a href="{href}">{title}</a></dt><dd>{day}</dd></dl>',
}


@dataclass
class PlainListPlayer:
    entries: list[Published]
    wrong: Misbehaviour = field(default_factory=Misbehaviour)
    rows: int = 10
    shape: str = "li"
    declared: bool = False  # 共 N 条
    scripted_next: bool = False
    scripted_list: bool = False
    extra: str = ""

    def __call__(self, request: Request) -> Answer:
        if request.path != "/zwgk/gzbg/":
            return NOT_FOUND if "/art" not in request.path else Answer.text(f"<html><body>{'正文' * 99}</body></html>")
        page = int(request.query.get("p", "1"))
        shown = self.wrong.shown(self.entries)
        pages = max(1, -(-len(shown) // self.rows))
        line = SHAPES[self.shape]
        rows = "".join(
            line.format(href=f"/info/1021/{one.number}.htm", title=one.title, day=one.day)
            for one in self.wrong.window(shown, page, self.rows)
        )
        body = f"<table>{rows}</table>" if self.shape == "tr" else f"<div class=list>{rows}</div>"
        if self.scripted_list:
            body = '<div id="root"></div><script src="/js/chunk.js"></script>'
        following = f'<a href="?p={page + 1}">下一页</a>' if page < pages else '<span class="disabled">下一页</span>'
        if self.scripted_next and page < pages:
            following = '<a href="javascript:void(0)" onclick="goPage(2)">下一页</a>'
        total = f"<span>共{len(shown) + self.wrong.total_off_by}条</span>" if self.declared else ""
        return Answer.text(
            '<html><head><meta charset="utf-8"><title>工作报告</title></head><body>'
            '<div class="nav"><a href="/">首页</a> <a href="/zwgk/">政务公开</a></div>'
            f"{body}{self.extra}<div class=pages>{total}{following}</div>"
            "<div>云河区人民政府办公室主办</div></body></html>"
        )
