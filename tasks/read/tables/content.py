"""What a text is likely to be, by its wording alone: scores that columns and flattened cells are weighed with."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tasks.read.tables.cells import (
    begins_with_verb,
    is_nothing,
    narrow,
    ordinal_of,
    read_units,
    unit_likeness,
    units_likeness,
)
from tasks.read.tables.headings import Role, is_state
from tasks.read.tables.rates import is_progress_like, read_percent

# Retrospective wording against the wording of a promise.
_DONE = re.compile(
    r"已|目前|截[至止]|累计|正在|正常|有序推进|推进中|进行中|施工中|同比|环比|顺利|按计划|完成率|超额|达到序时|"
    r"\d{1,2}月\d{1,2}日|1[-—至]\d{1,2}月|上半年|前三季度|[一二三四]季度|预计|待|了"
)
_PROMISE = re.compile(
    r"以上|力争|确保|不低于|不少于|争创|全年|年底前|新增|建成|开工|打造|实施|加快|推进|深化|完善|提升|强化"
)
# Two points in time or more, or a date to be met, and nothing that has happened: a schedule.
_POINT = re.compile(r"[一二三四1-4]季度|\d{1,2}月(?:底|末|份|中旬|上旬|下旬)?|年底|上半年|下半年")
_DUE = re.compile(r"(?:底|末|\d月|\d日|季度|半年)前")
_HAPPENED = re.compile(
    r"已|目前|截[至止]|累计|正在|正常|同比|环比|顺利|超额|了|其余|剩余|\d[^,。;]{0,6}完成|[1-9一二三四]\s*[-—至]"
)
_STATE = re.compile(r"完成|推进|达标|启动|实施|办结|进行|施工|筹备|开工|竣工|未|停|无|投用|开放|通过|序时|正常")
_TICK = re.compile(r"[是否√×✓✔✗○●]")
_VERDICT = re.compile(
    r"[是否√×✓✔✗○●优良中差红黄绿蓝]灯?|(?:已|未|基本|超前|超)?(?:达标|达序|完成|序时|达到序时进度)|正常|滞后|超前|合格|不合格|优秀|良好|[\d.]+分?"
)
# What a superior finds of the state of the work, in a word or a sign.
_FINDING = re.compile(
    r"[√×✓✔✗○●◎☆★▲△◐◯☑]|●?[红黄绿蓝]灯?|(?:未|基本|提前|超额)?(?:达到|达|超|符合|滞后|落后于?|慢于|快于|未达)序时(?:进度)?|"
    r"(?:未|基本|提前|超额|按期|如期)?(?:完成|达标|达序|达到序时进度)|(?:严重|明显|略有|轻微)?滞后(?:[,，][一-鿿]{2,6})?|超前|正常"
)
_ANSWER = re.compile(r"[是否√×✓✔✗○●]|未?(?:完成|达标|达序|办结|落实|销号)")
_GRADE = re.compile(
    r"[A-Da-d甲乙丙丁ⅠⅡⅢ]\s*[类级等]?(?:[(（][^()（）\d]{2,8}[)）])?|(?:预期|约束|导向|指导|正向|逆向)性?(?:指标)?"
)
_PLAIN_WORK = re.compile(r"(?:推进|完成|实施|落实|办理|进行|开展|启动|验收|中)$")
# What an indicator is to reach or has reached, not its name.
_REACHED = re.compile(r"\d\s*(?:[%‰]|[万亿]|[家个件元户人处亩])|^(?:增长|下降|达到|控制在|完成)")
# What stands in a column of problems or next steps, and hardly in one of what was done.
_TROUBLE = re.compile(
    r"不足|不够|不强|不高|缺口|缺乏|困难|难度|滞后|偏[慢低少]|影响|问题|尚未|受阻|制约|压力|^(?:继续|持续|加快|加强|抓紧|"
    r"进一步|力争|确保|协调|做好|紧盯|督促|下一?步|积极|推进|开展)"
)
_NAME_STOP = re.compile(r"[。;!?]")
_PERSON = re.compile(
    r"(?:[\u4e00-\u9fff]{0,16}(?:长|主任|书记|主席|经理)[\s:]*)?"
    r"(?:[\u4e00-\u9fff][\u4e00-\u9fff×某*]{1,3}|[\u4e00-\u9fff]\s[\u4e00-\u9fff])(?:[、,\s/]+(?:[\u4e00-\u9fff][\u4e00-\u9fff×某*]{1,3}))*"
)
_INTEGER = re.compile(r"\(?\d{1,4}\)?[.、]?")
_PARTED = re.compile(r"\(?(?:[a-z]{1,3}-?\d{1,4}|\d{1,3}(?:[-—]\d{1,3}){1,2})\)?", re.IGNORECASE)
_DOTTED = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,2}")
_CODE = re.compile(
    r"[A-Za-z0-9一二三四五六七八九十第号()〔〕\[\]._/-]{1,16}|[\u4e00-\u9fff]{1,4}[-—]\d{1,4}(?:-\d{1,3})?号?"
)
_FIGURE = re.compile(r"-?[\d.,]+(?:[万亿]?(?:元|人次?|[个家项件户亩张对台套处所公里]{1,2}))?|[-—/]+")
_A_FIGURE = re.compile(r"[约近超达逾]?[-+±]?\d[\d,]*(?:\.\d+)?[%‰]?(?:左右|以上|以内)?")
_WORD = 7  # characters of a word for the state of the work, at most
_NEARLY_ALL = 0.9  # the share of a column's texts from which one of another kind is none of them
_MEASURE = re.compile(
    r"[%‰]|(?:[毫微千]?[克米升]|[万亿千百]?(?:吨|元|人|千瓦时))/[\u4e00-\u9fff]{1,4}|[万亿千百]?(?:元|美元|千瓦|标箱|头|只|人|人次|个|家|项|件|户|套|亩|公里|吨|平方米|立方米|千瓦时|吨标煤|分|位|张|所|处|条|辆|台|公顷|次|场|对|宗|起|例|名|座|栋|幢|间|盏|株|米|方|册|批)"
)
_DEADLINE = re.compile(
    r"(?:\d{4}年)?\d{1,2}月(?:底|末|前|\d{1,2}日)?|全年|长期|持续|立行立改|即知即改|立即整改|常态|\d{4}[-./]\d{1,2}|\d{4}[—–~至]+\d{4}|年底前?|[一二三四]季度"
)


def doneness(text: str) -> float:
    """How much a text reads as a report of what was done (positive) rather than as a promise (negative)."""
    head = text[:400]
    if (len(_POINT.findall(head)) >= 2 or _DUE.search(head)) and not _HAPPENED.search(head):
        return -1.5
    done = len(_DONE.findall(head))
    promise = len(_PROMISE.findall(head))
    lead = 1.0 if _DONE.match(head) else (-0.7 if _PROMISE.match(head) else 0.0)
    return max(-2.5, min(2.5, 1.1 * min(done, 3) - 0.5 * min(promise, 3) + lead))


def fits(text: str, role: Role) -> float:
    """A log-score of finding this text in a column of this role; the scale is about -10 (no) to 6 (plainly)."""
    flat = narrow(text)
    length = len(flat)
    if role is Role.SEQ:
        if _INTEGER.fullmatch(flat):
            return 6.0
        if _PARTED.fullmatch(flat):
            return 5.0
        if _DOTTED.fullmatch(flat):
            return 3.0  # or a figure
        return 1.0 if length <= 6 and re.search(r"\d", flat) else -9.0
    if role is Role.PROGRESS:
        if read_percent(flat) is not None:
            return 6.0
        if is_progress_like(flat):
            return 4.0
        # A word for the state of the work stands there as well, though an account of it may be no longer.
        return 3.0 if length <= _WORD and is_state(flat) else (-2.0 if length <= 6 else -8.0)
    if role is Role.UNITS:
        if flat and is_nothing(flat):
            return -1.0
        likeness = units_likeness(flat)
        return 5.5 * likeness - 6.0 * (1.0 - likeness) - (0.8 if is_progress_like(flat) else 0.0)
    integer = length <= 12 and (_INTEGER.fullmatch(flat) or _PARTED.fullmatch(flat)) is not None
    if role in (Role.CATEGORY, Role.NAME, Role.CONTENT, Role.INDICATOR) and _DOTTED.fullmatch(flat):
        integer = True
    if role in (Role.CATEGORY, Role.NAME, Role.CONTENT, Role.INDICATOR) and flat and is_nothing(flat):
        return -8.0
    if role in (Role.CATEGORY, Role.NAME, Role.CONTENT) and _TICK.fullmatch(flat):
        return -8.0
    units = units_likeness(flat) if role in (Role.CATEGORY, Role.NAME, Role.CONTENT, Role.STATUS) else 0.0
    if role in (Role.CATEGORY, Role.NAME):
        score = 1.5 if length <= 20 else (0.0 if length <= 30 else -0.25 * (length - 26))
        if _NAME_STOP.search(flat):
            score -= 4.0
        if "," in flat:
            score -= 2.5
        if re.search(r"\d", flat) and not ordinal_of(flat):
            score -= 1.0
        if ordinal_of(flat):
            score += 3.0
        if length <= 8 and begins_with_verb(flat) and _PLAIN_WORK.search(flat):
            score -= 4.0
        return max(-8.0, score - 4.0 * units - 3.0 * max(0.0, doneness(flat)) / 2.5 - (6.0 if integer else 0.0))
    if role in (Role.CONTENT, Role.INDICATOR):
        score = 1.0 - 0.9 * doneness(flat)
        if length < 4:
            score -= 3.0
        elif length <= 8 and not re.search(r"[\d,、。;]", flat) and not begins_with_verb(flat):
            score -= 1.5
        if role is Role.INDICATOR and _REACHED.search(flat):
            score -= 4.0
        return score - 6.0 * max(0.0, units - 0.4) - (6.0 if integer or read_percent(flat) is not None else 0.0)
    if role in (Role.STATUS, Role.PLAN, Role.REMARK, Role.PROBLEM, Role.VERDICT) and flat and is_nothing(flat):
        return 0.0
    if role is Role.PROBLEM:
        return (1.5 if _TROUBLE.search(flat) else -2.5) - 6.0 * max(0.0, units_likeness(flat) - 0.4)
    if role is Role.PLAN:
        return 0.6 - 0.6 * doneness(flat) - 6.0 * max(0.0, units_likeness(flat) - 0.4) - (1.5 if integer else 0.0)
    if role is Role.VERDICT:
        return 3.0 if _VERDICT.fullmatch(flat) else (-1.0 if length <= 8 else -4.0)
    if role is Role.STATUS:
        if _TICK.fullmatch(flat):
            return -4.0
        bare = length <= 14 and not re.search(r"[。;,、:\d]", flat) and not _STATE.search(flat)
        return 0.6 + 0.9 * doneness(flat) - 6.0 * max(0.0, units - 0.4) - (5.0 if integer else 0.0) - 2.5 * bare
    if role is Role.LEADER:
        return 3.0 if _PERSON.fullmatch(flat) and units_likeness(flat) < 0.3 else -4.0
    if role is Role.MEASURE:
        return 4.0 if _MEASURE.fullmatch(flat) else -5.0
    if role is Role.DEADLINE:
        named = any(unit_likeness(word) >= 0.5 for word in flat.split()) if " " in flat else False
        return 4.0 if _DEADLINE.search(flat) and length <= 25 and not named else -3.0
    if role is Role.CODE:
        return 3.0 if _CODE.fullmatch(flat) else -5.0
    if role is Role.AMOUNT:
        return 3.0 if _FIGURE.fullmatch(flat) else -4.0
    return 0.0


class Profile:
    """What a column's cells look like: how many are filled, and shares of a sample of those. Worked out when asked."""

    def __init__(self, filled: int, sample: Sequence[str]) -> None:
        self.filled = filled
        self._sample = sample
        self.length = sum(map(len, sample)) / len(sample) if sample else 0.0

    def _share(self, count: int) -> float:
        return count / len(self._sample) if self._sample else 0.0

    @cached_property
    def _narrow(self) -> list[str]:
        return [narrow(text) for text in self._sample]

    @cached_property
    def integers(self) -> float:
        """Share of printed numbers (`3`, `(3)`, `3.`)."""
        return self._share(sum(_INTEGER.fullmatch(text) is not None for text in self._narrow))

    @cached_property
    def codes(self) -> float:
        """Share of short codes with a figure in them (`1-1`, `A03`)."""
        coded = (_CODE.fullmatch(text) is not None and re.search(r"\d", text) is not None for text in self._narrow)
        return self._share(sum(coded))

    @cached_property
    def grades(self) -> float:
        """Share of grades (`A`, `B类`): a verdict on a row, no name of a group."""
        return self._share(sum(_GRADE.fullmatch(text) is not None for text in self._narrow))

    @cached_property
    def states(self) -> float:
        """Share of words that name nothing but the state of the work (正常推进, 已完成)."""
        return self._share(sum(is_state(text) for text in self._narrow))

    @cached_property
    def findings(self) -> float:
        """Share of words and signs that say how the work stands (达到序时, 滞后, 绿灯, √), states among them."""
        return self._share(sum(is_state(text) or _FINDING.fullmatch(text) is not None for text in self._narrow))

    @cached_property
    def answers(self) -> float:
        """Share of answers to a question: 是, 否, √, ×, 完成, 未完成."""
        return self._share(sum(_ANSWER.fullmatch(text) is not None or is_state(text) for text in self._narrow))

    @cached_property
    def dashes(self) -> float:
        """Share of signs for nothing (`—`, `/`)."""
        return self._share(sum(is_nothing(text) for text in self._narrow))

    @cached_property
    def figures(self) -> float:
        """Share of figures and signs for none."""
        return self._share(sum(_FIGURE.fullmatch(text) is not None for text in self._narrow))

    @cached_property
    def percents(self) -> float:
        """Share of certain percentages."""
        return self._share(sum(len(text) <= 14 and read_percent(text) is not None for text in self._narrow))

    @cached_property
    def progress(self) -> float:
        """Share of what may stand in a column of progress."""
        return self._share(sum(is_progress_like(text) for text in self._narrow))

    @cached_property
    def units(self) -> float:
        """Share of lists of bodies."""
        return self._share(sum(len(text) <= 400 and units_likeness(text) >= 0.6 for text in self._narrow))

    @cached_property
    def bodies(self) -> float:
        """Share of cells that begin with a body, whoever stands behind it."""
        first = [read_units(text)[:1] for text in self._sample]
        return self._share(sum(bool(units) and unit_likeness(units[0]) >= 0.6 for units in first))

    @cached_property
    def measures(self) -> float:
        """Share of units of measurement."""
        return self._share(sum(_MEASURE.fullmatch(text) is not None for text in self._narrow))

    @cached_property
    def doneness(self) -> float:
        """Mean of `doneness`."""
        return sum(map(doneness, self._narrow)) / len(self._sample) if self._sample else 0.0


def profile(texts: Sequence[str], most: int = 24) -> Profile:
    """The profile of a column; about `most` cells, spread over its length, are looked at."""
    filled = [text for text in texts if text and not text.isspace()]
    return Profile(len(filled), filled[:: max(1, len(filled) // most)])


@dataclass(frozen=True, slots=True)
class Lengths:
    """Mean and spread of log-lengths in one column, learned from rows that are whole."""

    mean: float
    spread: float

    @classmethod
    def learn(cls, texts: Sequence[str]) -> Lengths | None:
        """None where fewer than three texts are there to learn from."""
        logs = [math.log(len(text) + 1) for text in texts if text.strip()]
        if len(logs) < 3:
            return None
        mean = sum(logs) / len(logs)
        return cls(mean, max(0.35, math.sqrt(sum((x - mean) ** 2 for x in logs) / len(logs))))

    def score(self, text: str) -> float:
        """0 for a usual length, down to -3 for a very unusual one."""
        return -min(3.0, 0.5 * ((math.log(len(text) + 1) - self.mean) / self.spread) ** 2)


@dataclass(frozen=True, slots=True)
class Kinds:
    """Shares of figures and of sentences among the texts of one column, learned from rows that are whole."""

    figures: float
    ended: float
    count: int

    @classmethod
    def learn(cls, texts: Sequence[str]) -> Kinds | None:
        """None where fewer than four texts are there to learn from."""
        told = [narrow(text) for text in texts if not is_nothing(text)]
        if len(told) < 4:
            return None
        figures = sum(_A_FIGURE.fullmatch(text) is not None for text in told)
        return cls(figures / len(told), sum(text[-1] in "。;!" for text in told) / len(told), len(told))

    def score(self, text: str) -> float:
        """0 for what the column's texts are, down to -6 for what none of them is."""
        if is_nothing(text):
            return 0.0
        figure = _A_FIGURE.fullmatch(text) is not None
        other = 1.0 - self.figures if figure else self.figures
        unlike = 1.0 - self.ended if text[-1] in "。;!" else self.ended
        sure = min(4.0, 1.0 + self.count / 8)
        return -4.0 * (other > _NEARLY_ALL) - (sure if unlike > _NEARLY_ALL and not figure else 0.0)
