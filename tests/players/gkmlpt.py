"""A player of Guangdong's disclosure platform: an index page with `_CONFIG`, a category API."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from demo.loopback import NOT_FOUND, Answer, Request
from tests.players.lists import Misbehaviour, Published


@dataclass
class GkmlptPlayer:
    entries: list[Published]
    wrong: Misbehaviour = field(default_factory=Misbehaviour)
    rows: int = 20
    gone_beyond: bool = False  # a page beyond the end is a 404
    only_first_page: bool = False  # … and so is every page but the first
    escaped: bool = False  # titles as %uXXXX
    epoch: bool = False
    prefix: str = "/yhfgj"

    def __call__(self, request: Request) -> Answer:
        if request.path == f"{self.prefix}/gkmlpt/index":
            tree = json.dumps([{"id": 721, "name": "工作报告", "children": []}], ensure_ascii=False)
            return Answer.text(
                "<html><head><meta charset=utf-8><title>政府信息公开</title></head><body><div id=app>政府信息公开目录"
                " 云河区发展和改革局 政府信息公开平台 信息公开指南 公开制度</div>"
                f"<script>window._CONFIG = {{ SID: '755041', TREE: {tree} }};</script></body></html>"
            )
        if request.path == f"{self.prefix}/gkmlpt/api/all/721" and request.query.get("sid") == "755041":
            return self.api(int(request.query.get("page", "0")))
        return NOT_FOUND

    def api(self, page: int) -> Answer:
        page = max(1, page)  # page 0 is page 1
        shown = self.wrong.shown(self.entries)
        chosen = self.wrong.window(shown, page, self.rows)
        if page > 1 and (self.only_first_page or (self.gone_beyond and not chosen)):
            return NOT_FOUND
        answer = {
            "classify": {"id": 721, "name": "工作报告", "post_count": len(shown) + self.wrong.total_off_by},
            "articles": [self.article(one) for one in chosen],
        }
        return Answer.text(json.dumps(answer, ensure_ascii=False), content_type="application/json")

    def article(self, one: Published) -> dict[str, Any]:
        title = "".join(f"%u{ord(letter):04X}" for letter in one.title) if self.escaped else one.title
        noon = datetime(one.day.year, one.day.month, one.day.day, 4, tzinfo=UTC)
        return {
            "id": 8_000_000 + one.number,
            "title": title,
            "date": int(noon.timestamp()) if self.epoch else f"{one.day} 12:00:00",
            "identifier": f"007530{one.number}/2024-00001",
            "url": f"{self.prefix}/gkmlpt/content/8/8001/post_{8_000_000 + one.number}.html#721",
            "publisher": "云河区发展和改革局",
        }
