"""A page that lost its line breaks: where its menu, metadata, title and text are parted, and where its foot begins.

What may be cut is told by what stands there: labels with values of their sort, a trail of columns, words of buttons;
never by the place alone. Where nothing is known, the line stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from tasks.model import Span
from tasks.read.furniture_words import FOOT_LENGTH, is_foot, opens_foot
from tasks.read.metadata.labels import STRONG

_HEAD, _FOOT = 300, 160  # characters in which such a page prints its labels before the text, and its buttons behind
_LONG_HEAD = 1200  # the same of a head with a metadata block
_FIELDS = 3  # different fields that such a block names, at least
_LABELS = re.compile(
    r"(?<!\S)[\[【（(]?(?:(?:发布|公开|公布|成文|生成)(?:日期|时间)|(?:信息|文章)?来源|发布(?:机构|单位)|"
    r"(?:时间|日期)(?=\s?[:：]\s?\d{4})|(?:浏览|点击|阅读)(?:次数|率|量|数)?|字体|字号|作者|编辑)\s?[:：]\s?"
    r"(?:\d{4}-\d\d?-\d\d?(?: \d\d?:\d\d(?::\d\d)?)?|[\[【（(]?\s*大\s*中\s*小\s*[\]】）)]?|"
    r"(?![^\s:：]{2,6}[:：])[^\s。]{0,30})[\]】）)]?"
)
_NOTES = re.compile(r"(?<=[。 ])(?:附?注|注释|备注|说明)[:：]")
_NAMES = "|".join(r"\s?".join(label) for label in sorted(STRONG, key=len, reverse=True))
_DAY = r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?"
# A label of the block as it is printed: 索引号：, [ 索引号 ], 【索引号】; a bare one only between blanks.
_FIELD = re.compile(rf"[\[【]\s?(?:{_NAMES})\s?[\]】]\s?[:：]?|(?<!\S)(?:{_NAMES})\s?[:：]|(?<!\S)(?:{_NAMES})(?=\s)")
_TITLED = re.compile(r"(?<!\S)(?:信息名称|文件名称|名\s*称|标\s*题)\s?[:：]\s?(?=\S)")
_VALUE_OF_DAY = re.compile(rf"\s*{_DAY}")
_VALUE = re.compile(r"\s*[^\s。，,]{1,40}")
_COUNTED = r"(?:浏览|点击|阅读|访问)(?:次数|量|率|数)?|热度"
_TOLD_BY = r"(?:发布|公布|公开)?(?:日期|时间)|(?:信息|文章|稿件)?来源|发布(?:机构|单位|人|者)|作者|(?:责任)?编辑"
_SIZES = r"字[体号](?:大小)?|文字大小"
_MORE_LABELS = re.compile(
    rf"\s*(?:[\[【（(]?\s?(?:{_TOLD_BY}|{_SIZES}|{_COUNTED})\s?[:：]"
    rf"\s?(?:{_DAY}|(?:[\[【（(]?\s?[大中小]\s?[\]】）)]?\s*){{2,3}}|\d+\s?[次℃]?|次|(?![^\s:：]{{1,6}}[:：])"
    rf"(?:(?!{_COUNTED}|{_SIZES})[^\s。，,:：]){{0,20}})?[\]】）)]?"
    r"|(?:首页|上一页)?(?:\s?\d{1,2}(?=\s)){2,}\s(?:下一页|末页|尾页)"
    rf"|[\[【（(]\s?(?:{_SIZES})\s(?:[大中小]\s?){{3}}[\]】）)]|{_DAY}|[\[【（(]?\s?大\s中\s小\s?[\]】）)]?"
    r"|语音播报|朗读|收听|打印(?:本页)?|关闭(?:窗口)?|收藏|分享(?:到|至)?[:：]?(?:\s?(?:微信|新浪微博|微博|QQ空间)){0,3}|下载|纠错|[|｜]|A\+|A-"
    rf"|[\[【]\s?(?:打印|关闭|收藏|分享)(?:本页|窗口)?\s?[\]】])(?=\s|$|[\[【]|{_TOLD_BY}|{_COUNTED}|{_SIZES})"
)
_NOUNS = (
    r"(?:报告|总结|情况|[通公]报|要点|计划|安排|打算|思路|小结|进展|分析|简析|方案|通知|公示|谋划|[简概]况|综述|讲话|答记者问)"
    r"(?:[（(][^（）()]{2,16}[）)])?"
)
_TITLE = re.compile(rf"\s*(?P<title>[^\s。；;，,：:|>]{{6,60}}{_NOUNS})(?=\s)")
# A title among the words of a head: a word or several, with a year, 关于 or a work report in it; no step of a trail,
# no chapter, nothing that a label names.
_WORD = r"[^\s。；;，,：:|｜>›»＞→/]"
_NAMED_TITLE = re.compile(
    rf"(?<!\S)(?P<whose>[一-鿿]{{3,20}}(?:局|委|办|办公室|中心|医院|镇|乡|街道|办事处|管委会|人民政府|集团|公司)\s)?"
    rf"(?P<title>(?![一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)](?!{_WORD}*人民政府)|\d+[、.．]|第[一二三四五六七八九十]+(?:部分|章|篇)|[#\[【])"
    rf"(?=\S*(?:(?:19|20)\d\d|二[〇○零]|关于|工作报告|[一二三四]季度|[上下]半年))(?:(?:在|(?={_WORD}*关于))(?=[^。；;，,：:]{{10,90}}的)"
    rf"{_WORD}{{6,40}}(?:\s{_WORD}{{2,40}}){{1,2}}(?<=通报|报告|通知|公示|讲话|总结)|{_WORD}{{2,60}}{_NOUNS}))(?=\s)"
)
_STOPPED = re.compile(r"(?<=[。！？!?；：])[”）)]?\s+")
_LEAST_PARAGRAPHS = 4
_HEAD_WORDS = re.compile(
    r"(?:(?:[一二三四五六七八九十]{1,3}、|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]|\d{1,2}[.、．](?!\d)|第[一二三四五六七八九十]+(?:部分|章|篇)\s?)[^\s。；;：:|]{2,50}|"
    r"[一-鿿“”《》、]{4,26})\s+(?=[一-鿿\d（(“])"
)
_LEAST_TITLE = 6  # characters
_BARE = frozenset(("政府工作报告", "部门工作报告", "年度工作报告", "法治政府建设工作报告"))
_STEP_BEFORE = re.compile(r"(?:[>›»＞→/|｜：:]|[一二三四五六七八九十\d]、|第[一二三四五六七八九十]+(?:部分|章|篇))\s*$")


_SIGNED_DAY = re.compile(r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日")
# A trail of columns, a title, and the day without a label.
_DATED_TITLE = re.compile(rf"[^。；;]{{0,300}}[>›»＞]\s*[^\s>›»＞]{{2,16}}{_TITLE.pattern}\s+{_DAY}")


def cuts(told: str) -> Iterator[int]:
    """Where a text on one line is parted from the words of its frame; not in order, some perhaps twice."""
    named = _title_in(told)
    if named is not None:
        start, end = named
        yield from (start, end)
        yield from _block(told[:start], before_title=True)
        at = end
        while (label := _MORE_LABELS.match(told, at)) is not None and label.end() > at:
            at = label.end()
        yield at
    block = [] if named else [*_block(told)]
    labels = [] if named else [mark for mark in _LABELS.finditer(told, 0, _HEAD) if mark.end() < told.find("。")]
    if named is not None:
        pass
    elif block:
        yield from block
    elif (dated := _DATED_TITLE.match(told)) is not None and dated.end() < told.find("。"):
        yield from (dated.start("title"), dated.end("title"))
        at = dated.end()
        while (label := _MORE_LABELS.match(told, at)) is not None:
            at = label.end()
        yield at
    elif len(labels) > 1:
        title = told.rstrip().rfind(" ", 0, len(told[: labels[0].start()].rstrip())) + 1
        if "。" not in told[title : labels[0].start()]:
            yield title
        yield labels[0].start()
        yield labels[-1].end()
    foot = _foot(told)
    if foot is not None:
        yield foot
    last = max(map(told[:foot].rfind, "。！!")) + 1
    if told[last:foot].strip() and len(told[:foot]) - last < _FOOT:
        yield last
        signed = _SIGNED_DAY.search(told[:foot], last)
        if signed is not None:
            yield signed.end()
    note = _NOTES.search(told, len(told) * 3 // 4)
    if note is not None:
        yield note.start()


def _title_in(told: str) -> Span | None:
    """Where the title stands before the first sentence: the first word that reads as one and is no step of a trail.
    A bare kind (政府工作报告) can be a column of the menu: a title that says whose or when goes before it."""
    end = told.find("。")
    bare: Span | None = None
    for found in _NAMED_TITLE.finditer(told, 0, min(_LONG_HEAD, max(end, 0))):
        start = found.start() if found["whose"] else found.start("title")
        if len(found["title"]) >= _LEAST_TITLE and _STEP_BEFORE.search(told, max(0, start - 12), start) is None:
            again = told.rfind(found["title"], start, end)  # first in a field of the block, then above the text
            span = (
                (start, found.end("title")) if again <= found.start("title") else (again, again + len(found["title"]))
            )
            if found["whose"] or found["title"] not in _BARE:
                return span
            bare = bare or span
    return bare


def _block(told: str, *, before_title: bool = False) -> Iterator[int]:
    """Where the fields of a metadata block before the first sentence begin, and what follows it: a title, and the
    labels and buttons below that. Nothing where there are fewer than `_FIELDS`, or a sentence between them."""
    end = len(told) if before_title else told.find("。")
    fields = list(_FIELD.finditer(told, 0, min(_LONG_HEAD, max(end, 0))))
    named = _TITLED.search(told, fields[-1].end(), end) if fields and end > 0 else None
    fields += [named] if named is not None else []
    if len({"".join(mark[0].split()).strip("[]【】:：") for mark in fields}) < _FIELDS or fields[-1].end() > end:
        return
    yield from (mark.start() for mark in fields)
    last = fields[-1]
    dated = _VALUE_OF_DAY.match(told, last.end())
    value = dated or _VALUE.match(told, last.end())
    at = value.end() if value is not None else last.end()
    if value is not None:
        yield at
    title = _TITLE.match(told, at)
    if title is None:
        return
    yield title.end()
    at = title.end()
    while (label := _MORE_LABELS.match(told, at)) is not None:
        at = label.end()
        yield at


def _paragraphs(told: str, begin: int, end: int) -> Iterator[int]:
    """Where the paragraphs of a text on one line begin, told by blanks behind its stops, and the headings before them,
    words that blanks part from what follows. Nothing where blanks stand behind most sentences, or behind hardly any.
    """
    stops = [found.end() for found in _STOPPED.finditer(told, begin, end)]
    if len(stops) < _LEAST_PARAGRAPHS or len(stops) * 5 > told.count("。", begin, end) * 4 + _LEAST_PARAGRAPHS:
        return
    for at in [begin, *stops]:
        yield at
        while (head := _HEAD_WORDS.match(told, at, end)) is not None:
            at = head.end()  # noqa: PLW2901 - headings may stand one behind the other
            yield at


def _foot(told: str) -> int | None:
    """Where the foot of the page begins that goes on to its end."""
    places = opens_foot(told, max(len(told) - FOOT_LENGTH, len(told) // 2))
    return next((at for at in places if is_foot(told[at:])), None)


def bounds(raw: str, pipes: list[int], least_sentences: int) -> list[int]:
    """Where a line that is most of a page is parted: at the dividers around the text (`pipes`: where each ends), at the
    labels between title and text, at notes or buttons behind it. Its ends alone where it has no text, or cells
    beside it."""
    ends = [0, *pipes, len(raw)]
    start, end = max(pairwise(ends), key=lambda span: span[1] - span[0])
    told = raw[start:end]
    if len(told) * 5 < len(raw) * 4 or told.count("。") < least_sentences:
        return [0, len(raw)]
    if (
        start and _title_in(raw[: start + told.find("。") + 1]) is not None
    ):  # strokes stand between the labels of the head
        start, told = 0, raw[:end]
    found = sorted({cut for cut in cuts(told) if 0 <= cut <= len(told)} | {0, len(told)})
    first = told.find("。")
    begin, stop = max(cut for cut in found if cut <= first), min(_foot(told) or len(told), len(told))
    found += [*_paragraphs(told, begin, stop)]
    return sorted({*ends, *(start + cut for cut in found)})
