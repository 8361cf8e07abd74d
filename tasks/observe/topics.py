"""What a label says its clauses are about: 医疗救助:2.6万人次,支出1785万元.

Statuses in tables name by a label, or by an item's number and a comma, what the figures behind it leave out.
"""

from __future__ import annotations

import re

_REACH = 34  # characters before the first figure of a sentence
_TOPIC = re.compile(
    "(?:\\A|[,;。,，；。\n])\\s*(?:[(（]?[0-9一二三四五六七八九十]{1,2}[)）.．、]|[①-⑩]|[一二三四五六七八九十]是)?"
    "(?P<topic>(?:[^,;。:、()，；：。（）0-9\\s]|(?<=[A-Z])[0-9]{1,4}){2,16}?)(?:方面)?[:：](?=[^,;。，；]*\\Z)"
)
# The same by its number and a comma: (三)高标准农田,完成7.13万亩.
_ITEM = re.compile(
    "(?:\\A|[;。；。\\n])\\s*(?:[(（][0-9一二三四五六七八九十]{1,2}[)）]|[0-9]{1,2}[.．、]|[①-⑩])(?P<topic>[^,;。:、()，；：。（）0-9\\s]{2,8})"
    "[,，](?=[^,;。，；]*\\Z)"
)
_NO_TOPIC = re.compile(
    "其中|包括|分别|如下|目标|任务|实际|问题|做法|措施|成效|原因|建议|亮点|说明|结果|目前|截至|下步|下一步|显示|指出|来看?\\Z|情况\\Z|计划\\Z|依次|上[年月]|全年|[上下]半年"
)


def names_topic(label: str) -> bool:
    """Whether a label names what the clauses behind it are of, not a time, a list or a plan."""
    return _NO_TOPIC.search(label) is None


def topic_of(text: str, told: str, last: int, start: int, *, first: bool) -> str:
    """What the clauses before the figure at `start` are about by a label of theirs (医疗救助:2.6万人次); `told` is what
    those before `last` were about. It ends with a semicolon or with the next label."""
    begin = max(0, start - _REACH) if first else last
    gap = text[begin:start]
    if first:
        stop = max(gap.rfind(mark) for mark in "。\n")
        gap = gap[stop + 1 :]
    if ":" in gap or "：" in gap:
        found = _TOPIC.search(gap)
        return "" if found is None or _NO_TOPIC.search(found["topic"]) else found["topic"]
    if not first and ";" not in gap and "；" not in gap:
        return told
    item = _ITEM.search(gap)
    return item["topic"] if item is not None else ""
