"""A player of TRS WCM: static list pages, the second of which is index_1."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from demo.loopback import NOT_FOUND, Answer, Request
from tests.players.lists import Misbehaviour, Published


@dataclass
class TrsPlayer:
    entries: list[Published]
    wrong: Misbehaviour = field(default_factory=Misbehaviour)
    rows: int = 10
    second: int = 1  # the N of the second page's index_N
    end: str = "html"
    stub_page: int | None = None  # this page is a stub without entries
    onclick: bool = False

    def __call__(self, request: Request) -> Answer:
        found = re.fullmatch(rf"/tzzfxxgk/c2021/(?:index(?:_(\d+))?\.{self.end})?", request.path)
        if found is None:
            return NOT_FOUND if "/t2" not in request.path else Answer.text(f"<html><body>{'正文' * 99}</body></html>")
        number = 1 if found[1] is None else int(found[1]) - self.second + 2
        pages = -(-len(self.entries) // self.rows)
        if found[1] is not None and not 2 <= number <= pages + self.wrong.total_off_by:
            return NOT_FOUND
        shown = self.wrong.shown(self.entries)
        return Answer.text(
            self.page(self.wrong.window(shown, number, self.rows), number, pages + self.wrong.total_off_by)
        )

    def page(self, entries: list[Published], number: int, pages: int) -> str:
        if number == self.stub_page:
            return "<html><head><title>列表</title></head><body><ul></ul><p>云河区人民政府办公室 主办</p></body></html>"
        lines = "".join(self.line(one) for one in entries)
        return (
            '<html><head><meta charset="utf-8"><title>政务公开</title></head><body>'
            '<div><a href="/">首页</a><a href="../">上级栏目</a></div>'
            f"<ul class=list>{lines}</ul><script>"
            "function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){ if(_nPageCount==null) return; }"
            f'createPageHTML({pages}, {number - 1}, "index", "{self.end}");</script>'
            "<div>云河区人民政府办公室主办 网站标识码 备案号 联系电话 无障碍浏览</div></body></html>"
        )

    def line(self, one: Published) -> str:
        href = f"./{one.day:%Y%m}/t{one.day:%Y%m%d}_{one.number}.{self.end}"
        link = f'<a href="#" onclick="jumpToDetail(\'{href}\')">' if self.onclick else f'<a href="{href}">'
        return f"<li>{link}{one.title}</a><b>{one.day:%Y-}\n{one.day:%m-%d}</b></li>"
