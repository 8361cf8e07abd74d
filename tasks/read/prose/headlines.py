"""The words of a heading: where it ends when it stands in a line, a sentence, or a text whose breaks were lost."""

from __future__ import annotations

import re

from tasks.read.prose.marks import Mark
from tasks.text import clean_cell

TITLE_MAX = 60
_LEAST_CLAUSE = 4  # characters, the ordinal included
_CLAUSE_MAX = 34
_ITEMS = re.compile(r"[①⑴](?![^①②⑴⑵。]{0,12}[)）”])")  # the first of items that the heading ran into
_OPEN, _CLOSE = "“‘《〈（(「『[【", "”’》〉）)」』]】"
# Who is to do it is no part of what is to be done.
_LABELLED = re.compile(
    "[，,、；;（(](?:牵头|责任|主管|主办|承办|配合|实施|落实|负责)(?:部门|单位|领导|人)$|[，,、；;](?:完成时限|进展情况|完成情况)$"
)
_ASKS = ("？", "?")  # a question without its mark is another
HEADING_END = re.compile(
    r"(?:情况|成效|问题|困难|不足|思路|打算|计划|安排|措施|目标|任务|建议|重点|亮点|特点|做法|经验|工作|行动|工程|进展|总结|回顾|成果|举措|方向)$"
)
_OPENER = re.compile(
    r"(?P<strong>20\d\d年|\d{1,2}(?:[-—~至到]\d{1,2})?月|今年|去年|明年|[上下]半年|前三季度|[一二三四]季度|我[局区市县镇委办院]|全[区市县省镇局]|截至)|"
    r"一是|按照|围绕|根据|为(?:了|深入|进一步)?|在|以|坚持|近年来|主要|存在"
)


# How a text begins below a heading, if even the blank between them was lost: 截至9月底，全市; 今年以来，
_BEGINS = re.compile(
    r"(?:(?:20\d\d年)?(?:\d{1,2}月?[-—~～至到]\d{1,2}月(?:份|末|底)?|前三季度|[一二三四]季度|[上下]半年)|20\d\d年|截至|截止|[今去]年(?:以来)?|"
    r"年初以来|一年来|近年来|全年|目前|初步核算|下一?步|过去|从[^，,。；;]{1,6}看|对照|按照|根据|据|综合研判|力争|全[市区县州镇省](?!域|面|程|力))"
    r"(?!度?的?(?:重点|主要|各项)?(?:工作|任务|目标))[^，,。；;]{0,8}?(?P<comma>[，,])?"
)
_NOUNS = r"情况|成效|问题|困难|不足|短板|思路|打算|计划|安排|要求|要点|总结|回顾|措施|方面|举措"
_CLOSES = re.compile(
    rf"(?:(?:{_NOUNS})(?!显著|明显|较好|良好|突出|导向|加快|持续|进一步|逐步|有效|整改|整治|治理|清单|台账)|"
    r"(?<=[一-鿿]{3})(?:稳步|持续|不断|更加|全面|加快|有效(?!投资|需求|投入|供给)|纵深|有序|协调|蓬勃|总体|稳中|再创|逐步|日益|取得)[一-鿿]{2}(?:态势|了)?|"
    r"(?<=[一-鿿]{3})(?:(?:有力(?:有效)?|提质|增效|扩面|向好|回升|突出|提速|升级|到位|见效|有序|规范|顺利|(?<!水)平稳|良好|稳健|稳定|显著|明显){1,2}"
    r"(?:提升|改善|增长|加快|提高|增强|好转|上升|增加|运行|恢复|态势|健康发展|推进|扩容)?了?)(?!行动|工程|攻坚|计划|改造|项目|运行))"
    rf"(?!(?:和|及|与)?(?:工作|主要|重点|完成|推进|下一?步|存在的?)*(?:{_NOUNS}|分析|报告)|[上的地和及与、，,”》）)]|胜利)"
)
_TAKES = re.compile(
    r"(?:对标|锚定|完成|围绕|冲刺|实现|确保|做好|谋划|落实|瞄准|回顾|谋好|布局|奋战|决胜|抓好|关于|做实)$"
)


def heading_text(text: str, mark: Mark, limit: int, *, whole: bool, worn: bool = False) -> str:
    """The heading's own words, ordinal included, as printed.

    Up to the sentence's end or colon; where a line break was lost, up to the white space, or to the word with which
    headings end and sentences begin after it; a long first sentence gives only its first clause. In a text that lost
    even its blanks (`worn`), up to the words with which texts begin.
    """
    printed = text[mark.start : limit].rstrip("* \t")
    if mark.kind == "tag":
        return clean_cell(text[mark.start : min(mark.after, limit)]).replace("\n", " ")
    if whole:
        return clean_cell(printed)
    skip = mark.after - mark.start
    items = _ITEMS.search(printed, skip + _LEAST_CLAUSE)
    if items is not None:
        printed = printed[: items.start()].rstrip()
    stop = _stop(printed, skip, "。！!？?；;：:")
    sentence = printed[: stop + (printed[stop : stop + 1] in _ASKS)].rstrip()
    labelled = _LABELLED.search(sentence) if printed[stop : stop + 1] in ("：", ":") else None
    if labelled is not None and labelled.start() > skip:
        sentence = sentence[: labelled.start()]  # 1、农村道路畅通工程,牵头部门:市交通局
    cut = _blank(printed, skip, stop) if len(printed.strip()) > len(sentence) or len(sentence) > _CLAUSE_MAX else None
    if cut is None:
        cut = _glue(sentence, skip, weak=_stop(sentence, skip, "，,") < len(sentence))
    if cut is None and worn and len(printed) > len(sentence):
        cut = _worn_end(sentence, skip)
    if cut is not None:
        sentence = printed[:cut]
    elif len(sentence) - skip > (_CLAUSE_MAX if mark.kind not in {"book", "cn", "cnp"} else TITLE_MAX):
        sentence = printed[: _stop(printed, skip, "，,。；;：:")]
    return clean_cell(sentence).replace("\n", "")


def without_what_it_tells(title: str, section: str) -> str:
    """The title, less the clauses behind the first where its sentence is all that the section says.

    促更新，8月底前完成6个小区改造。 has nothing below it: its first clause names what the others tell. A title that
    opens a text (稳增长，促发展。全年…) or stands on a line without a stop is whole.
    """
    shown = section.rstrip()
    if shown[-1:] not in "。；;" or "。" in shown[:-1] or "\n" in shown:
        return title
    comma = re.search(r"[，,]", title)
    if (
        comma is None
        or comma.start() < _LEAST_CLAUSE
        or (len(title) <= _CLAUSE_MAX and not re.search(r"\d", title[comma.end() :]))
    ):
        return title
    return title[: _stop(title, 2, "，,")]


def _stop(text: str, start: int, stops: str) -> int:
    """The first of `stops` outside quotes and brackets, at least two characters in; the end if there is none."""
    depth = 0
    for i in range(start, len(text)):
        char = text[i]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char in stops and depth == 0 and i >= start + 2:
            return i
    return len(text)


def _blank(text: str, start: int, stop: int) -> int | None:
    """White space that stands for a lost line break: between ideographs, or behind a word that ends headings."""
    depth = 0
    for i in range(start, stop):
        char = text[i]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char.isspace() and depth == 0 and i >= start + 3 and i + 1 < len(text):
            before, after = text[:i].rstrip(), text[i:].lstrip()
            if not after or len(before) - start < 3:
                continue
            begins = after[0] > "\u2e80" or after[0] in "“‘《" or _OPENER.match(after) is not None
            if HEADING_END.search(before) or (before[-1] > "\u2e80" and begins):
                return i
    return None


def _worn_end(sentence: str, start: int) -> int | None:
    """Where a heading ends that runs into its text without any sign: behind a word that ends headings, or before words
    with which a text begins; None where neither is found."""
    closes = next(
        (m.end() for m in _CLOSES.finditer(sentence, start + 2) if _depth(sentence[start : m.end()]) == 0), None
    )
    for begins in _BEGINS.finditer(sentence, start + 2):
        told = sentence[start : begins.start()]
        if closes is not None and closes <= begins.start():
            break
        if len(told) > TITLE_MAX or len(told) < 2 or _TAKES.search(told) or told[-1] in "、，,的和与及在":
            continue
        if _depth(told) == 0 and (begins["comma"] or re.search(r"\d", sentence[begins.end() :])):
            return begins.start()
    return closes if closes is not None and closes < len(sentence) and closes - start <= TITLE_MAX else None


def _depth(told: str) -> int:
    return sum(char in _OPEN for char in told) - sum(char in _CLOSE for char in told)


def _glue(sentence: str, start: int, *, weak: bool) -> int | None:
    """Where a heading without a stop runs into its first sentence: …工作思路2024年,我局…

    Words that also stand inside headings (在, 以, 围绕) count only if `weak`: the sentence has clauses.
    """
    for opener in _OPENER.finditer(sentence, start + 4):
        if opener.start() - start > 40:
            return None
        if not (weak or opener["strong"]):
            continue
        if HEADING_END.search(sentence[: opener.start()]) and "，" not in sentence[start : opener.start()]:
            return opener.start()
    return None
