"""How real list pages misbehave, as switches on the demo portal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

CHALLENGE = (
    '<html><head><meta charset="utf-8"><meta http-equiv="Pragma" content="no-cache"></head><body><script>'
    "var $_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=74013;$_ts.cd='qE0rklq7qqk5rrl6qkq2qkqqqrqkqG';"
    "document.cookie='__jsl_clearance_s='+eval('(function(p,a,c,k){return p}(\"0|1|2\",3,3,[]))')+';path=/';"
    "location.href=location.pathname+location.search;</script></body></html>"
)
MAINTENANCE = (
    "<html><head><meta charset='utf-8'><title>系统维护</title></head>"
    "<body><p>系统维护中，请稍后再试。</p></body></html>"
)


def _new_record(number: int) -> str:
    return (
        f"<record><![CDATA[<li><a href='/art/2024/1/3/art_9_{9_000_000 + number}.html' "
        f"title='新增{number}号执行情况'>新增</a><span>2024-01-03</span></li>]]></record>"
    )


@dataclass(frozen=True, slots=True)
class Quirks:
    """All off by default: a portal that behaves."""

    post: bool = True  # dataproxy.jsp answers POST
    get: bool = True  # … and GET
    challenge_status: int | None = None  # every page of the site is a script challenge with this status
    maintenance: bool = False
    redesigned: bool = False  # the data store is gone, a script builds the list
    empty: bool = False  # no records, total 0
    no_records: bool = False  # no records, total unchanged
    total_off_by: int = 0  # the declared total is wrong by this
    grows_once: bool = False  # from the second answer of the proxy on there is one entry more, in front
    grows_always: bool = False  # … at each answer one more
    reorder: bool = False  # another order at each request: pages overlap and miss
    always_first_page: bool = False
    repeat_last_page: bool = False  # pages beyond the end repeat the last one
    look_ahead: bool = False  # each page ends with the first record of the next
    endless: bool = False  # every page is full of new entries
    duplicates: bool = False  # each entry also under ?from=mobile
    extra_records: tuple[str, ...] = ()  # put before the real ones, markup included
    open_cdata: bool = False  # the first record's CDATA is never closed
    absolute_urls: bool = False
    stub_beyond: int | None = None  # windows that begin beyond this record get an empty store without a total
    visible_list: bool = False  # no data store; the column page prints all its articles

    def records(self, records: list[str]) -> list[str]:
        """The whole list as this portal keeps it."""
        if self.empty or self.no_records:
            return []
        if self.duplicates:
            records = [twin for one in records for twin in (one, one.replace('.html"', '.html?from=mobile"', 1))]
        if self.open_cdata and records:
            records = [records[0].replace("]]>", "", 1), *records[1:]]
        return [*self.extra_records, *records]

    def total(self, count: int, *, request_number: int) -> int:
        """The declared total."""
        if self.endless:
            return 1_000_000
        if self.no_records:
            return 23
        return count + self.total_off_by + self.grown(request_number)

    def grown(self, request_number: int) -> int:
        """How many entries have come in front since the first answer."""
        return request_number if self.grows_always else int(self.grows_once and request_number > 1)

    def page(self, records: Sequence[str], start: int, end: int, *, request_number: int) -> list[str]:
        """Records start..end (1-based, inclusive) as this portal hands them out."""
        if self.endless:
            return [
                f"<record><![CDATA[<li><a href='/art/2024/1/2/art_9_{number}.html' title='第{number}号通知'>通知</a>"
                f"<span>2024-01-02</span></li>]]></record>"
                for number in range(start, end + 1)
            ]
        records = [_new_record(number) for number in range(self.grown(request_number))] + list(records)
        if self.always_first_page:
            start, end = 1, end - start + 1
        if self.reorder and records:
            # Not a rotation by whole pages: neighbouring answers must overlap and miss.
            shift = (request_number * 7) % len(records)
            records = [*records[shift:], *records[:shift]]
        if self.repeat_last_page and start > len(records):
            width = end - start + 1
            start = 1 + ((len(records) - 1) // width) * width
            end = start + width - 1
        return list(records[start - 1 : end + int(self.look_ahead)])

    def href(self, path: str, base: str) -> str:
        """How the list writes a link."""
        return f"{base}{path}" if self.absolute_urls else path
