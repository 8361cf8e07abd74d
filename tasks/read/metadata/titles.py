"""The title of a document, and the publisher that a title or a signature names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape
from itertools import islice, pairwise
from urllib.parse import unquote

from tasks.model import Span, Warn
from tasks.periods import period_phrases
from tasks.read.furniture import is_furniture
from tasks.read.metadata.block import Entry
from tasks.read.metadata.dates import parse_date
from tasks.read.metadata.labels import label_of
from tasks.read.page import Block, Page, Paragraph, Table
from tasks.text import clean_cell, fold

_NOUN = re.compile(
    r"情况|报告|总结|计划|要点|进展|公报|通报|汇报|思路|清单|方案|通知|公告|公示|任务|目标|实事|简报|专报|一览|台账|表$|安排|打算|动态|快报|季报|月报|年报|回顾|纪实"
)
_SITE = re.compile(r"(?:政府|门户|网站|政务|信息公开|平台|首页|网|委员会|人民法院|局|办公室|委|街道|镇)$")
_PARTS = re.compile(r"\s+[-–—|·]\s+|[_|｜]+|\s*[-–—]{1,2}\s*(?=[^-–—_|]*$)|\s*>+\s*")
_ESCAPED = re.compile(r"%u([0-9a-fA-F]{4})")
_CUT = re.compile(r"(?:\.{2,}|…+)$")
_OPENS_SECTION = re.compile(r"\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]|\d{1,2}[.、．]\D)")
_ORG = (
    r"[一-鿿]{0,24}?(?:人民政府办公室|政府办公室|人民政府|人民法院|人民检察院|管理委员会|管委会|委员会|街道办事处|办事处|"
    r"办公室|政府办|区府办|市府办|县府办|发改经信局|分局|局|厅|委|中心|镇|乡|街道)"
)
_GOVERNMENT = re.compile(r"(?:^|[)）》年度])(?P<org>[一-鿿]{2,20}?人民政府)(?=(?:\d{4}年)?(?:政府)?工作报告)")
_OWNER = re.compile(
    rf"^(?:关于)?(?P<org>{_ORG})(?=(?:关于|《|20\d\d|二[〇○零]|政府工作|重点|主要|工作|年|上半|[一二三四]季))"
)
_HEAD_LINE = re.compile(
    r"[^。;；，,：:、|]{0,26}(?:[省市县区旗局委院办厅镇乡]|街道|政府|办公室|委员会|中心|管委会|年|年度|季度|半年|月份?|关于)"
)
_TAIL_LINE = re.compile(r"[（(]?[^。;；，,：:|]{2,22}[)）]?")
_SIGNED = re.compile(rf"(?P<org>{_ORG})")
_SPEAKER = re.compile(r"[—-]*(?P<org>[一-鿿]{2,16}人民政府)代?(?:[区市县州省镇乡旗盟]长|主席|主任)")
_PLACE = re.compile(r"[省市县区州旗盟镇乡]|街道")


@dataclass(frozen=True, slots=True)
class TitleReading:
    """The title and the span of page.text it was read from, if it stands in the text."""

    title: str | None
    span: Span | None = None
    warnings: tuple[Warn, ...] = ()


def find_title(page: Page, entries: Sequence[Entry], taken: Sequence[Span], *, listed: str | None) -> TitleReading:
    """ArticleTitle, h1, the title tag without the site, a 标题 label, the 附件 label, a title line, the listed title.

    `taken` are spans of metadata. A title cut to `…` gives way to a longer one that begins like it.
    """
    site = _text(page.head.get("sitename", ""))
    heads = [_text(page.head.get(name, "")) for name in ("articletitle", "title_article", "og:title")]
    lines = list(_lines(page, taken))
    marked = [line for line in lines if line.level == 1]
    candidates: list[tuple[str, Span | None]] = [(text, None) for text in heads]
    candidates += [(clean_cell(line.text), (line.start, line.end)) for line in marked]
    candidates += [(_without_site(_text(page.head.get("title", "")), site), None)]
    candidates += [(entry.value, None) for entry in entries if entry.field == "title"]
    candidates += [(_unsuffixed(e.value), None) for e in entries if e.field == "attachment"]
    line = _title_line(lines)
    if line is not None:
        candidates.append(_whole_title(lines, line))
    candidates += _blob_title(lines)
    candidates.append((_text(listed or ""), None))
    usable = [(text.replace("\n", ""), span) for text, span in candidates if _usable(text, site)]
    if not usable:
        return TitleReading(None, None, (Warn("title_missing", "no title in the head, the metadata or the text"),))
    title, span = usable[0]
    stem = fold(_CUT.sub("", title))
    if _CUT.search(title):
        title, span = next(
            ((t, s) for t, s in usable if not _CUT.search(t) and fold(t).startswith(stem)), (title, span)
        )
    warnings = []
    for other, _ in usable[1:]:
        short, long = sorted((fold(title), fold(_CUT.sub("", other))), key=len)
        if short not in long and _months(other) and _months(title) != _months(other):
            warnings.append(Warn("title_disagrees", f"the title is {title!r}, and elsewhere {other!r}"))
    if span is None:  # the same words printed as a line of the text are the title, too
        flat = fold(title)
        # Ideographs fold to themselves, so the first tells of most lines that they are others.
        alike = (p for p in lines if p.text[:1] == flat[:1] or not "一" <= p.text[:1] <= "鿿")
        span = next(((p.start, p.end) for p in alike if fold(p.text) == flat), None)
    return TitleReading(title, span, tuple(dict.fromkeys(warnings)))


def _months(title: str) -> set[tuple[int, int] | None]:
    return {phrase.months for phrase in period_phrases(title, None)}


def _text(value: str) -> str:
    """A head tag's value: entities and `%uXXXX` resolved, white space folded."""
    text = unescape(unescape(value))
    text = _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text)
    if re.search(r"%[0-9A-Fa-f]{2}%[0-9A-Fa-f]{2}", text):
        text = unquote(text)
    return clean_cell(text)


def _without_site(text: str, site: str) -> str:
    """`<title>` less the site's name and the columns around the article's title."""
    if site and text.endswith(site):
        text = text[: -len(site)].rstrip(" -–—_|·>")
    parts = [part.strip() for part in _PARTS.split(text) if part.strip()]
    while len(parts) > 1 and _SITE.search(parts[-1]) and not _NOUN.search(parts[-1]):
        parts.pop()
    named = [part for part in parts if _NOUN.search(part)]
    if len(parts) > 1 and named:
        whole = text[text.find(parts[0]) : text.rfind(parts[-1]) + len(parts[-1])]
        # A dash inside the title (1-9月) is no separator.
        return whole if len(named) > 1 or re.search(r"\d\s*[-–—]\s*\d", whole) else named[0]
    return parts[0] if len(parts) == 1 else text


def _unsuffixed(text: str) -> str:
    return re.sub(r"^\d+[.、]\s*|\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|rar|txt)$", "", text.strip(), flags=re.IGNORECASE)


def _usable(text: str, site: str) -> bool:
    flat = fold(text)
    return (
        4 <= len(flat) <= 120
        and flat != fold(site)
        and label_of(text) is None
        and re.search(r"[一-鿿]", flat) is not None
        and not (_SITE.search(flat) and not _NOUN.search(flat) and len(flat) < 16)
    )


def _lines(page: Page, taken: Sequence[Span]) -> Iterator[Paragraph]:
    """The lines that may hold the title: of the frame and body, and a full-width first row of a table."""
    blocks: Sequence[Block] = (*page.frame, *page.body)
    for block in blocks:
        line: Paragraph | None = None
        if isinstance(block, Paragraph):
            line = block
        elif isinstance(block, Table) and block.rows:
            first = [cell for cell in block.rows[0] if cell.text.strip() and not cell.copy]
            if len(first) == 1:
                line = Paragraph(first[0].text, first[0].start, first[0].end)
        if line is not None and not _overlaps(line, taken):
            yield line


def _overlaps(line: Paragraph, spans: Sequence[Span]) -> bool:
    return bool(spans) and any(start < line.end and line.start < end for start, end in spans)


def _title_line(lines: Sequence[Paragraph]) -> Paragraph | None:
    """The first line that reads like a title and stands before any prose."""
    for line in islice((line for line in lines if line.text.strip()), 30):
        text = clean_cell(line.text)
        opens = _OPENS_SECTION.match(text) is not None
        told = len(text) > 100 or opens or re.search(r"[。;；]", text) is not None
        titled = (
            not told
            and _NOUN.search(text) is not None
            and len(fold(text)) >= 6
            and label_of(text) is None
            and not text.endswith((":", "：", ","))
        )
        # Most lines are neither: whether those are furniture need not be known.
        if (told or titled) and not is_furniture(text):
            if titled:
                return line
            if len(text) > 60 or opens:
                return None
    return None


def _blob_title(lines: Sequence[Paragraph]) -> Iterator[tuple[str, Span | None]]:
    """The title of a text that has lost its line breaks: its first words, up to a blank, before all prose."""
    first = next((line for line in lines if line.text.strip()), None)
    if first is None or len(first.text) < 100:
        return
    words = first.text.split(maxsplit=1)[0]
    if 8 <= len(words) <= 60 and _NOUN.search(words[-6:]) and not re.search(r"[。;；，,：:]", words):
        yield words, (first.start, first.start + len(words))


def _whole_title(lines: Sequence[Paragraph], line: Paragraph) -> tuple[str, Span]:
    """The title with the lines it was broken over: whose report before it, the period in brackets below it."""
    place = lines.index(line)
    title, start, end = clean_cell(line.text), line.start, line.end
    dated = bool(period_phrases(title, None))
    before = lines[place - 1] if place and line.start - lines[place - 1].end <= 4 else None
    if (
        before is not None
        and not dated
        and _HEAD_LINE.fullmatch(clean_cell(before.text))
        and not is_furniture(before.text)
    ):
        title, start = clean_cell(before.text) + title, before.start
        dated = bool(period_phrases(title, None))
    after = lines[place + 1] if place + 1 < len(lines) and lines[place + 1].start - line.end <= 4 else None
    if (
        after is not None
        and not dated
        and _TAIL_LINE.fullmatch(clean_cell(after.text))
        and period_phrases(after.text, None)
    ):
        title, end = title + clean_cell(after.text), after.end
    return title, (start, end)


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
    """Who signs at the end and when: a body's name alone on a line, a date alone on the next; and where."""
    signs = (
        line
        for line in reversed(page.body)
        if isinstance(line, Paragraph) and line.text.strip() and not _overlaps(line, taken)
    )
    for name, day in pairwise(reversed([*islice(signs, 12)])):
        signed = _SIGNED.fullmatch("".join(name.text.split()))
        signed_on = parse_date(day.text) if len(day.text) <= 20 else None
        if signed and signed_on is not None:
            return signed["org"], signed_on, (name.start, day.end)
    return None
