"""What a change is told against: the same months a year before, the period before, other places, a goal."""

from __future__ import annotations

import re
from functools import lru_cache

PEER = re.compile(
    r"(?P<verb>高于|低于|快于|慢于|优于|好于|领先于?|落后于?|滞后于?|高出|超出|超过|超(?!额|过)|[欠塌差短](?=[^,;]{0,4}(?:目标|进度|序时)))(?P<who>[^,;]{1,16}?)(?:平均|均值|水平|平均水平|同期)*\Z"
)
PLACE = re.compile(r"全省|全国|全市|全区|全县|国家|省|市|平均|兄弟|周边|同类|其他|长三角|区县|标准线?|全域")
GOAL = re.compile(r"目标|时间进度|计划|预期|任务|指标|时序|序时|底线|标准值|限额")
BASE_YEAR = re.compile(r"(20[0-9]{2})年")
YOY = re.compile(
    r"同比|(?:去年|上年|上一年)同[期月]|(?:较|比|相比|与|同)(?:于)?(?:20[0-9]{2}年|今年|去年|上年|上一年|前年)(?!年?[底末])(?:全年|同期|同月|同季|度)*(?:相比)?(?:还|要)?|(?<!常年)(?<!历年)较?同期|按可比价(?:格)?(?:计算)?"
)
PRIOR = re.compile(
    r"环比|(?:较|比|相比|与|[高低快慢好]于)(?:于)?(?:(?:20[0-9]{2}年|去年|上年)年?[底末]|上一?季度|上一?月|上月末|上期|半年度|上半年|[一二三]季度|前[一二两三]季度|年初|上周|[0-9]{1,2}(?:[-~—–至][0-9]{1,2})?月份?|前期|第[一二三]季度|上次|上一年度末|月初|前[0-9一二三四五六七八九十]个?月)(?:末|同口径)?(?:相比)?(?:还|要)?"
)
PEER_BASE = re.compile(
    r"(?:较|比|与)(?:[^,;]{0,6}?)(?:全[省市国区县州]|平均|国家|兄弟|周边|省|市)[^,;]{0,6}?(?:相比)?(?:还|要)?(?:分别)?\Z"
)
OTHER = re.compile(
    r"(?:较|比|相比(?:于)?|与|超)(?:[^,;]{0,14}?)(?:计划|目标|任务|预期|时序|进度|改革前|改造前|预算|标准|指标|原来|以往|以前|往年|常年|历年|常规|法定)[^,;]{0,6}?(?:相比)?(?:分别)?\Z"
)
_TOLD_BASE = re.compile("[较比同环与按于]")
# 较一般贷款低, 比预期目标多: a base that stands in no list of bases.
TOLD_AGAINST = re.compile(
    r"(?:较(?![大快高好多少低强为])|(?<![同环占对相之入配])比(?![例重值率对较赛分价]))[^,;:、0-9]{2,12}\Z"
)
OF_THE_GOAL = re.compile(r"的?(?:年度|全年|年初|预期|既定|规划)*(?:目标|计划|任务|预期)(?:值|数|任务)?")


@lru_cache(maxsize=1 << 14)
def base_of_comparison(clause: str) -> str | None:
    """The base a clause without figures sets for those after it: 与去年同期相比, …"""
    if not _TOLD_BASE.search(clause):
        return None
    if YOY.search(clause):
        return "yoy"
    found = PRIOR.search(clause)
    return prior(found[0]) if found else None


def prior(base: str) -> str:
    """The beginning of the year is no period before this one."""
    return "other" if "年初" in base else "prior_period"
