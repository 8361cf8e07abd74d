"""What titles and publishers tell about two publications: one report, or the reports of two bodies."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.fuzz import ratio

from tasks.periods import period_phrases
from tasks.text import fold

ALIKE = 0.85  # of two titles without their period words, above which they are nearly the same
_CORRECTED = re.compile(r"更正|订正|修订|勘误|更新版|修正|重新公[布开]")
_QUOTED = re.compile(r"[《<〈][^《》<>〈〉]*[》>〉]")
_MARKS = re.compile(r"[\s\W_]+")
_PERIOD_LEFT = re.compile(r"20\d\d年?度?|第?[一二三四1-4]季度|[上下]半年|^[年季]?度")
# A body as a title names it. 布局, 城镇, 中心工作 and 政府工作报告 are none.
_BODY = re.compile(
    r"[㐀-鿿]{1,12}?(?:(?<![布格结大])局|委员会|管委会|[改健资建农]委|[区县市省]委|[府委]办(?!理)|街道办事处|街道"
    r"|(?<![乡城村集])镇|(?<!城)乡(?![镇村])|政府|研究院|法院|检察院|公司|集团|中心(?!工作|任务))(?:办公室)?(?!工作报告)"
)
_REGION = re.compile(r"^.*[省市区县旗州盟](?=.)")


def corrected(title: str | None) -> bool:
    """Whether a title says that it corrects an earlier publication: （更正）, 勘误."""
    return bool(title and _CORRECTED.search(title))


@lru_cache(maxsize=4096)
def stem(title: str) -> str:
    """A title without what changes from one period to the next: period words, correction words, marks."""
    kept, at = [], 0
    for phrase in period_phrases(title, None):
        start, end = phrase.span
        kept.append(title[at:start])
        at = end
    kept.append(title[at:])
    folded = _PERIOD_LEFT.sub("", fold("".join(kept)))
    return _MARKS.sub("", _CORRECTED.sub("", folded))


def title_likeness(a: str | None, b: str | None) -> float | None:
    """0..1 for two titles without their period words; None where one of them says nothing."""
    one, other = stem(a or ""), stem(b or "")
    if not one or not other:
        return None
    return ratio(one, other) / 100


@lru_cache(maxsize=4096)
def bodies_named(title: str) -> tuple[str, ...]:
    """The bodies that a title names outside of quoted names: 区财政局2024年工作总结 → 区财政局."""
    plain = _QUOTED.sub(" ", title)
    parts, at = [], 0
    for phrase in period_phrases(plain, None):
        parts.append(plain[at : phrase.span[0]])
        at = phrase.span[1]
    parts.append(plain[at:])
    return tuple(dict.fromkeys(name for part in parts for name in _BODY.findall(part)))


def others(a: str | None, b: str | None) -> bool:
    """Whether two printed names can only be two bodies: 区财政局, 区民政局; not 区府办, 某区人民政府办公室."""
    if not a or not b:
        return False
    (region, core), (other_region, other_core) = _parted(a), _parted(b)
    if not _within(core, other_core):
        return True
    named = len(region) > 1 and len(other_region) > 1
    return named and not (region.endswith(other_region) or other_region.endswith(region))


def could_be_one(a: str | None, b: str | None) -> bool:
    """Whether two printed names are of one body, region included: 区府办 alone could be anybody's."""
    if not a or not b:
        return False
    return len(_parted(a)[0]) > 1 and len(_parted(b)[0]) > 1 and not others(a, b)


def titles_conflict(a: str | None, b: str | None) -> bool:
    """Whether two titles name bodies and every pair of them can only be two."""
    named, other = bodies_named(a or ""), bodies_named(b or "")
    return bool(named and other) and all(others(x, y) for x in named for y in other)


@lru_cache(maxsize=4096)
def _parted(name: str) -> tuple[str, str]:
    """(region, body) of a name: 杭州市拱墅区财政局 → (杭州市拱墅区, 财政局)."""
    folded = _MARKS.sub("", fold(name))
    region = _REGION.match(folded)
    return (region[0], folded[region.end() :]) if region else ("", folded)


def _within(a: str, b: str) -> bool:
    """Whether the shorter name is an abbreviation of the longer: its characters stand there in order."""
    short, long = sorted((a, b), key=len)
    rest = iter(long)
    return all(letter in rest for letter in short)
