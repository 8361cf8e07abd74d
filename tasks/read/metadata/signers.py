"""Who puts a document out, by what it says itself: its title, its speaker, its signature, the line below its title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from tasks.model import Span
from tasks.read.furniture_words import is_furniture
from tasks.read.metadata.dates import parse_date
from tasks.read.page import Page, Paragraph

ORG = (
    r"[一-鿿]{0,24}?(?:人民政府办公室|政府办公室|人民政府|人民法院|人民检察院|管理委员会|管委会|委员会|街道办事处|办事处|"
    r"办公室|政府办|区府办|市府办|县府办|发改经信局|分局|局|厅|委|中心|镇|乡|街道)"
)
_GOVERNMENT = re.compile(r"(?:^|[)）》年度])(?P<org>[一-鿿]{2,20}?人民政府)(?=(?:\d{4}年)?(?:政府)?工作报告)")
_OWNER = re.compile(
    rf"^(?:关于)?(?P<org>{ORG})(?=(?:关于|《|20\d\d|二[〇○零]|政府工作|重点|主要|工作|年|上半|[一二三四]季))"
)
SIGNED = re.compile(rf"(?P<org>{ORG})")
# Who signs need be no body of the government.
_INSTITUTION = re.compile(r"[一-鿿]{2,24}(?:学校|[中小]学|大学|学院|医院|公司|集团|联合会|[总支大]队|馆|院|部)")
_STAMPED = re.compile(r"[(（](?:代?章|盖章|印)[)）]\s*$")
_NAME_AND_DAY = re.compile(
    r"[(（]?(?P<name>[一-鿿 \u3000]{4,40}?(?:[(（]代?章[)）])?)\s+"
    r"[(（]?(?P<day>(?:19|20)\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日)[)）]?"
)
_LAST_LINES, _MOST_LINES = 12, 60  # lines at the end among which a signature stands; more where none is of the text
_BYLINE = 70  # characters of a line that says who and when
_SEAL = re.compile(r"[(（][一-鿿]{2,30}代?[章印][)）]")
_SPEAKER = re.compile(r"[—-]*(?P<org>[一-鿿]{2,16}人民政府)代?(?:[区市县州省镇乡旗盟]长|主席|主任)")
_PLACE = re.compile(r"[省市县区州旗盟镇乡]|街道")


def overlaps(line: Paragraph, spans: Sequence[Span]) -> bool:
    """Whether a line shares a character with one of `spans`."""
    return bool(spans) and any(start < line.end and line.start < end for start, end in spans)


def publisher_in_title(title: str | None) -> str | None:
    """The body that a title itself names as its author, or None: 某市某区人民政府工作报告 → 某市某区人民政府."""
    if not title:
        return None
    flat = "".join(title.split())
    bare = re.sub(r"^[(（][^)）]{2,8}[)）]", "", flat)
    government = _GOVERNMENT.search(bare)
    if government:
        return government["org"]
    without_period = re.sub(
        r"^(?:20\d\d年?度?|二[〇○零][^年]{2}年)?(?:第?[一二三四1-4]季度|前三季度|[上下]半年|\d+-\d+月)?", "", bare
    )
    owner = _OWNER.match(without_period)
    return owner["org"] if owner and _PLACE.search(owner["org"]) and len(owner["org"]) > 3 else None


def speaker(page: Page) -> str | None:
    """The government whose head reads a work report: 云溪区人民政府区长 某某, on a line before the address."""
    lines = [line for line in page.body if isinstance(line, Paragraph) and line.text.strip()]
    frame = [line for line in page.frame if isinstance(line, Paragraph)]
    for line in [*frame, *lines[:12]]:
        found = _SPEAKER.match("".join(line.text.split())) if len(line.text) <= 40 and "府" in line.text else None
        if found:
            return found["org"]
    return None


def signature(page: Page, taken: Sequence[Span]) -> tuple[str, date, Span] | None:
    """Who signs at the end and when: a body's name alone on a line and a date on the next, or both on one; and where.

    Between the two may stand in brackets whose seal it is: （某市住房和城乡建设局代章）.
    """
    below: list[Paragraph] = []
    told = False  # whether a sentence of the text is among them
    for line in reversed(page.body):
        if not isinstance(line, Paragraph) or not line.text.strip() or overlaps(line, taken):
            continue
        if len(below) >= (_LAST_LINES if told else _MOST_LINES):
            break
        told = told or (len(line.text) > _BYLINE and "。" in line.text and is_furniture(line.text) is None)
        below.append(line)
    last = [line for line in reversed(below) if not _SEAL.fullmatch("".join(line.text.split()))]
    for name, day in pairwise([*last, None]):
        if name is None:
            break
        both = _NAME_AND_DAY.fullmatch(name.text.strip()) if len(name.text) <= _BYLINE else None
        if both is not None and (signer := _signer(both["name"])) and (on := parse_date(both["day"])) is not None:
            return signer, on, (name.start, name.end)
        signed_on = parse_date(day.text) if day is not None and len(day.text) <= 20 else None
        if day is not None and signed_on is not None and (signer := _signer(name.text)):
            return signer, signed_on, (name.start, day.end)
    return None


def byline(page: Page, title: Span | None) -> str | None:
    """The body whose name stands right below the title, with a day behind it or below it: that of a bulletin."""
    if title is None:
        return None
    below = [line for line in page.body if isinstance(line, Paragraph) and line.text.strip() and line.start >= title[1]]
    for name, day in pairwise(below[:3]):
        both = _NAME_AND_DAY.fullmatch(name.text.strip()) if len(name.text) <= _BYLINE else None
        if both is not None:
            return _signer(both["name"])
        if len(day.text) <= 20 and parse_date(day.text.strip(" （）()")) is not None:
            return _signer(name.text)
    return None


def _signer(text: str) -> str | None:
    """The body or bodies that a line names and nothing else; letters set apart are joined, several bodies are not."""
    parts = _STAMPED.sub("", text).split()
    if len(parts) > 1 and all(len(part) > 3 and SIGNED.fullmatch(part) for part in parts):
        return " ".join(parts)
    whole = "".join(parts)
    return whole if SIGNED.fullmatch(whole) or _INSTITUTION.fullmatch(whole) else None
