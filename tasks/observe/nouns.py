"""The noun after a counted unit, and what is said of it: 3家[小巨人企业], 2个项目[列入省重点]."""

from __future__ import annotations

import re

from tasks.observe.words import (
    CLOSES,
    DONE_NOUN,
    DONE_OPENS,
    NOT_RIGHT,
    NOT_RIGHT_OPENS,
    RIGHT_END,
    TRIM_ENDS,
    TRIM_RIGHT,
)

_BECAME = re.compile(
    r"(?:已|均|成功|分别|新)*(?:被)?(?:(?P<named>认定为|评为|命名为|授予|成为)|(?P<into>列入|入选|纳入|入围|列为|获批|获评|创建))"
    r"(?P<what>[^,;。、:()!?\\n]{3,24})"
)
# What is told of counted things to the end of their clause: 64个小区[选聘物业服务人员], 26个村落景区实现[市场化运营].
_TOLD = re.compile(
    r"(?:均?已经?|全部|全面|正式|正在|正|成功|分别|陆续|顺利|按计划|有序|抓紧|目前|按期|如期|提前|率先|基本|先后|新|被|实现|完成|进行|共同|处于)*"
    r"(?P<what>(?![均于对向到为由因将以比较占约近超可能需无未仍且在与和及或率的后中内外涉]|前(?!期))[^,;。:、()!?\n0-9]{2,20}?)(?:完毕|工作|阶段)?(?=[,;。、!?\n]|\Z)"
)
_OF_RATE = re.compile("(?:水质|开)?..\\Z")
_NO_STEM = frozenset("效频功概税利汇")  # of 效率, 频率, …
_NOT_YET = re.compile(
    "未(?:开工|完工|竣工|启动|入库|达标|办结|整改|销号|完成|投产)的?(?:项目|问题|事项|任务|企业|工程)"
)
_LEADS_TO = frozenset("到至为")
_DATED = re.compile("20[0-9]{2}年度?")


def right_noun(text: str, at: int) -> str:
    """The noun phrase that starts at `at`, right after a unit: 3家[国家级小巨人企业]; empty where none does."""
    if text[at : at + 1] == "的":
        at += 1
    done = DONE_NOUN.match(text, at) if text[at : at + 1] in DONE_OPENS else None
    if done:
        at = done.end()
    opens = text[at : at + 1]
    not_yet = _NOT_YET.match(text, at) if opens == "未" else None
    if not_yet is not None:
        return not_yet[0]  # 26宗[未开工项目]中
    if not opens or opens in CLOSES or (opens in NOT_RIGHT_OPENS and NOT_RIGHT.match(text, at)):
        return ""
    stop = min(len(text), at + 40)
    begin = end = at
    while True:
        found = RIGHT_END.search(text, begin, stop)
        end = found.start() if found else stop
        opened = text.rfind("“", at, end)
        if opened >= 0 and text.find("”", opened, end) < 0:
            closing = text.find("”", opened)
            if 0 <= closing < stop:
                begin = closing + 1
                continue
        break
    if text[end : end + 1] == "(" and end > at:
        closing = text.find(")", end, end + 8)
        if closing > 0 and not re.search(r"[0-9]", text[end:closing]):
            end = closing + 1
    if end - at <= 3 and text[end : end + 1] in _LEADS_TO and text[end + 1 : end + 2].isdigit():
        return ""  # 从312项扩展到480项
    noun = text[at:end]
    if text[end : end + 1] == "率" and noun[-1:] not in _NO_STEM:
        noun = _OF_RATE.sub("", noun)  # 13个国省考断面水质达标率100%
    if noun[-1:] in TRIM_ENDS:
        noun = TRIM_RIGHT.sub("", noun)
    if noun.find("的") >= 1:
        noun = noun[: noun.find("的")]
    return noun if len(noun) >= 2 and noun[0] not in "的了" else ""


def told_of(text: str, at: int) -> str:
    """What is told of counted things, whose noun ends at `at`, to the end of the clause; empty where nothing is."""
    found = _TOLD.match(text, at)
    return found["what"] if found else ""


def became(text: str, at: int, noun: str) -> str:
    """What a counted noun is told to have become: 企业,评为总部企业 → 总部企业; 项目,列入省重点 → 项目列入省重点."""
    found = _BECAME.match(text, at)
    if found is None:
        return ""
    what, noun = _DATED.sub("", found["what"]), noun.partition("(")[0]
    if found["named"] and what.endswith(noun[-2:]):
        return what
    return noun + (found["into"] or found["named"]) + what
