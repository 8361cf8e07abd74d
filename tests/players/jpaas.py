"""A player of Hanweb's JPAAS unit API: the parameters in a script's attribute, HTML inside JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from demo.loopback import NOT_FOUND, Answer, Request
from tests.players.lists import Misbehaviour, Published

API = "/api-gateway/jpaas-publish-server/front/page/build/unit"


@dataclass
class JpaasPlayer:
    entries: list[Published]
    wrong: Misbehaviour = field(default_factory=Misbehaviour)
    largest: int = 15  # rows a page at most, whatever is asked
    needs_headers: bool = True

    def __call__(self, request: Request) -> Answer:
        if request.path == "/col/col1657687/index.html":
            return Answer.text(self.column_page())
        if request.path == API:
            return self.unit(request)
        if "/art/" in request.path:
            return Answer.text(f"<html><head><title>x</title></head><body>{'正文' * 60}</body></html>")
        return NOT_FOUND

    def column_page(self) -> str:
        script = (
            '<script src="/script/0/unitbuild.js" webId="3176" url="{api}" '
            "queryData=\"{{'parseType':'bulidstatic','webId':'3176','tplSetId':'0ZBvCXCKw','pageType':'column',"
            "'tagId':'{tag}','editType':'null','pageId':'1657687'}}\"></script>"
        )
        units = "".join(script.format(api=API, tag=tag) for tag in ("当前位置", "列表页", "导航"))
        return (
            '<html><head><meta charset="utf-8"><meta name="ColumnName" content="规划计划">'
            "<title>规划计划</title></head>"
            f'<body><div class="nav"><a href="/">首页</a><a href="/col/col1/index.html">政务公开</a></div>{units}'
            "<div class=footer>云河区人民政府主办 联系我们 网站地图 隐私声明</div></body></html>"
        )

    def unit(self, request: Request) -> Answer:
        if self.needs_headers and "x-requested-with" not in request.headers:
            return Answer.text("<html><body>403</body></html>", status=403)
        query = request.query
        if query.get("webId") != "3176" or query.get("pageId") != "1657687" or "tplSetId" not in query:
            return self.json("", success=False)
        if query.get("tagId") != "列表页":
            return self.json('<div class="path"><a href="/col/col1/index.html">首页</a></div>')
        asked = json.loads(query.get("paramJson", "{}"))
        page, rows = int(asked.get("pageNo", 1)), min(int(asked.get("pageSize", 15)), self.largest)
        shown = self.wrong.shown(self.entries)
        lines = "".join(
            "<li class='clearfix'><a class='bt-left'"
            f" href='/col/col1657687/art/{one.day.year}/art_{one.number:032x}.html'"
            f" title='{one.title}'>{one.title[:12]}...</a><span class='bt-right'>{one.day}</span></li>"
            for one in self.wrong.window(shown, page, rows)
        )
        total = len(shown) + self.wrong.total_off_by
        pager = f'<div class="pagination" count="{total}" rows="{rows}" pageNo="{page}" queryData="{{}}"></div>'
        return self.json(f"<ul>{lines}</ul>{pager}")

    @staticmethod
    def json(html: str, *, success: bool = True) -> Answer:
        body = json.dumps({"success": success, "message": "", "data": {"html": html}}, ensure_ascii=False)
        return Answer.text(body, content_type="application/json;charset=UTF-8")
