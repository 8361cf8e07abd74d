"""Bodies whose own figures a sentence tells: a hospital, a group of firms, a hotline.

    区中医院门急诊量48万人次,…;平均住院日6.4天;药占比27.3%  →  区中医院药占比

Their accounts have heads that say nothing alone and recur in every such body, so they are known by their words; what
else the sentence goes on to tell is not theirs.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_WARDS = re.compile(
    r"[^,;:、。()]{1,16}?(?<![级类])(?<!牵头)(?<!公立)(?<!民营)(?<!定点)(?<!各)(?:医院|卫生院|保健院)(?=.)"
)
_OF_WARDS = re.compile(
    r"诊|住院|出院|手术|药占比|耗材|耗占比|病床|床位|患者|病人|次均|分娩|员工满意|CMI|医疗(?:服务性?)?收入"
)
_FIRMS = re.compile(r"[^,;:、。()]{0,12}?(?:企业|国企)(?=资产|负债|营业|主营|营收|利润|净利|亏损|实现|完成|上缴|用工)")
_OF_FIRMS = re.compile(
    r"(?:营业|主营业务)?总?(?:收入|成本)|营收|(?:营业)?利润(?:总额)?|净利润|(?:营业收入)?利润率|(?:资产|负债)总额|资产负债率|"
    r"亏损[面额]|(?:综合|平均)?融资成本|产成品存货|应收账款"
)
_LINE = re.compile(r"[^,;:、。()]{0,10}?热线”?(?=.)")
_OF_LINE = re.compile(r".*(?:率|得分|评分|满意度|时长|时限)")
_OPENS = frozenset("院业企线")


class House(NamedTuple):
    """`name`: the body; `heads`: what heads are its own, matched wholly where `whole`."""

    name: str
    heads: re.Pattern[str]
    whole: bool


def house(metric: str) -> House | None:
    """The body whose figure a metric is, by the metric's first words; None for most."""
    if _OPENS.isdisjoint(metric):
        return None
    for who, heads, whole in ((_WARDS, _OF_WARDS, False), (_FIRMS, _OF_FIRMS, True), (_LINE, _OF_LINE, True)):
        found = who.match(metric)
        if found is not None:
            return House(found[0], heads, whole)
    return None


def of_house(body: House, head: str, metric: str) -> str:
    """`metric` behind the body, if it is one of its own heads; `head`: what the clause itself says."""
    if body.name in metric:
        return metric
    if body.heads is _OF_FIRMS:
        return body.name + head if _OF_FIRMS.fullmatch(head) else metric
    found = body.heads.fullmatch(metric) if body.whole else body.heads.search(metric)
    return body.name + metric if found is not None else metric
