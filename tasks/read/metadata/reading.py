"""The metadata of a page: its block in all layouts, head tags, title, publisher, index number, dates.

Nothing is validated by a pattern that some portal does not keep; what looks wrong is said in a warning and what was
filled in by mistake (a phrase for a document number) is null. A field printed twice counts once where both agree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape

from tasks.model import Meta, Span, Warn
from tasks.read.kinds import kind_of
from tasks.read.metadata.block import Entry, metadata_entries
from tasks.read.metadata.dates import parse_date
from tasks.read.metadata.labels import label_of
from tasks.read.metadata.mastheads import masthead
from tasks.read.metadata.signers import byline, publisher_in_title, signature, speaker
from tasks.read.metadata.titles import find_title, opening_lines
from tasks.read.metadata.unlabelled import unlabelled_entries
from tasks.read.page import Page
from tasks.text import clean_cell

__all__ = ["MetaReading", "kind_of", "normalise_index_number", "read_metadata"]

_VOID = re.compile(r"[\s\-—－–_/\\无暂空.。*]*")
_NOT_SOURCE = re.compile(r"本站|原创|管理员|admin|未知|互联网|网络|转载|^\d*$", re.IGNORECASE)
_ORGANISATION = re.compile(r"[一-鿿]")
_VALIDITY = {"有效", "失效", "废止", "现行有效"}
_FAR = 300  # days between the two dates beyond which one of them is not what its label says


@dataclass(frozen=True, slots=True)
class MetaReading:
    """`meta` without kind and period (see `kind_of`, `find_period`); `spans` of page.text that were metadata.

    `fields` holds every printed label with its value, so that nothing of the block is lost; `title_span` and
    `signature_span`: where title and signature stand in the text, if they do; `dated_on`: the day that the masthead or
    the signature bears, which no label names. Warnings:
    `metadata_disagrees`, `metadata_misplaced`, `date_unreadable`, `date_order`, `dates_far_apart`,
    `document_number_phrase`, `index_number_void`, `title_disagrees`, `title_missing`, `publisher_missing`.
    """

    meta: Meta
    warnings: tuple[Warn, ...] = ()
    spans: tuple[Span, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    title_span: Span | None = None
    signature_span: Span | None = None
    dated_on: date | None = None


def read_metadata(page: Page, *, url: str | None = None, title: str | None = None) -> MetaReading:
    """Read title, publisher, index number, document number and dates.

    `url` is kept as given. `title` is the listed one: used where the page prints none or a cut one.
    """
    entries = metadata_entries((*page.frame, *page.body))
    if not any(entry.field == "index_number" and entry.value for entry in entries):
        entries = [*entries, *unlabelled_entries((*page.frame, *page.body))]
    warnings: list[Warn] = []
    values = {field: _values(entries, field) for field in _FIELDS}
    for field, found in values.items():
        if len(found) > 1:
            warnings.append(Warn("metadata_disagrees", f"{field} is printed as {' and '.join(found)}"))
    generated = _day("generated_on", values, warnings)
    published = _day("published_on", values, warnings)
    head_day = next(filter(None, (parse_date(_tag(page.head, name)) for name in _HEAD_DATES)), None)
    if published is None:
        published = head_day
    elif head_day is not None and head_day != published:
        warnings.append(
            Warn("metadata_disagrees", f"published_on is {published} in the block and {head_day} in the head")
        )
    warnings += _traps(entries, generated, published)
    spans = _merged([entry.span for entry in entries])
    found_title = find_title(page, entries, spans, listed=title)
    warnings += found_title.warnings
    signed = signature(page, spans)
    paper = masthead(opening_lines(page, spans))
    publisher = (
        _publisher(page, values, found_title.title)
        or (paper.issuer if paper else None)
        or (signed[0] if signed else None)
        or byline(page, found_title.span)
    )
    if signed is not None and publisher and not values["publisher"] and signed[0].startswith(publisher):
        publisher = signed[0]  # 清禾街道 in the title, 清禾街道办事处 below the text
    if paper is not None:
        spans = _merged([*spans, paper.span])
    if signed is not None:  # a signature is no part of the section it stands under; its date is no index stamp
        spans = _merged([*spans, signed[2]])
    if publisher is None:
        warnings.append(Warn("publisher_missing", "no publisher is printed in the metadata, the head or the title"))
    meta = Meta(
        title=found_title.title,
        publisher=publisher,
        index_number=_index_number(values["index_number"], warnings),
        document_number=_document_number(values["document_number"], warnings),
        generated_on=generated,
        published_on=published,
        url=url,
    )
    # The title line is metadata too: it is in no row and no section.
    spans = _merged([*spans, found_title.span] if found_title.span else spans)
    shown = tuple(dict.fromkeys((entry.label, entry.value) for entry in entries))
    return MetaReading(
        meta,
        tuple(dict.fromkeys(warnings)),
        spans,
        shown,
        found_title.span,
        signed[2] if signed is not None else None,
        (paper.day if paper else None) or (signed[1] if signed else None),
    )


_FIELDS = ("index_number", "publisher", "document_number", "generated_on", "published_on", "source")
_HEAD_DATES = ("pubdate", "publishdate", "publish_date", "publishtime", "maketime")


def _tag(head: Mapping[str, str], name: str) -> str:
    return clean_cell(unescape(head.get(name, "")))


def _values(entries: Sequence[Entry], field: str) -> list[str]:
    """The different values printed for a field, in order; dates and numbers that differ in spaces alone are one."""
    found: dict[str, str] = {}
    for entry in entries:
        if entry.field == field and not _VOID.fullmatch(entry.value):
            day = parse_date(entry.value) if field in {"generated_on", "published_on"} else None
            found.setdefault(str(day) if day else "".join(entry.value.split()), entry.value)
    return list(found.values())


def _day(field: str, values: Mapping[str, list[str]], warnings: list[Warn]) -> date | None:
    for text in values[field]:
        day = parse_date(text)
        if day is not None:
            return day
        warnings.append(Warn("date_unreadable", f"{field}: {text!r} is not a date"))
    return None


def _traps(entries: Sequence[Entry], generated: date | None, published: date | None) -> Iterator[Warn]:
    if generated is not None and published is not None:
        if generated > published:
            yield Warn("date_order", f"generated on {generated}, after it was published on {published}")
        if abs((generated - published).days) > _FAR:
            yield Warn("dates_far_apart", f"generated on {generated}, published on {published}")
    for entry in entries:
        if entry.field == "mode" and entry.value in _VALIDITY:
            yield Warn("metadata_misplaced", f"{entry.label} is filled with {entry.value}")


def _index_number(values: Sequence[str], warnings: list[Warn]) -> str | None:
    """As printed, without spaces. `normalise_index_number` gives the form to compare."""
    if not values:
        return None
    printed = "".join(unicodedata.normalize("NFKC", values[0]).split())
    if printed.startswith("/") or not re.search(r"\d", printed):
        warnings.append(Warn("index_number_void", f"{values[0]!r} names no document"))
        return None
    return printed


_BUTTONS = re.compile(r"\s+(?:【?\[?(?:打印|关闭|收藏|分享|复制|大|中|小)(?:本页|页面|窗口|链接)?\]?】?\s*)+$")
_ACCOUNT = re.compile(r"[\w.@-]+", re.ASCII)  # who typed it in: admin


def _document_number(values: Sequence[str], warnings: list[Warn]) -> str | None:
    for text in values:
        if re.search(r"\d|[〔\[（(][一二三四五六七八九〇○零]{4}[〕\])）]|第[一二三四五六七八九十百]+号", text):
            return "".join(text.split())
        warnings.append(Warn("document_number_phrase", f"a document number without a figure: {text!r}"))
    return None


def _publisher(page: Page, values: Mapping[str, list[str]], title: str | None) -> str | None:
    """The block, else the head, else a 来源 line, else what the title says itself. Never invented."""
    bodies = [text for text in values["publisher"] if _ACCOUNT.fullmatch(text.strip()) is None]
    if bodies:
        return "".join(bodies[0].split())
    named = [
        source
        for text in (_tag(page.head, "contentsource"), *values["source"])
        if (source := _BUTTONS.sub("", re.sub(r"^(?:信息)?来源\s*[:：]\s*", "", text)).strip())
        and not _NOT_SOURCE.search(source)
        and _ORGANISATION.search(source)
        and label_of(source) is None
    ]
    if named:  # the same body is named by its office alone (旗发改委) in one place, and with its county in another
        return next((name for name in named if len(name) > len(named[0]) and name.endswith(named[0])), named[0])
    return publisher_in_title(title) or speaker(page)


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Sorted, overlapping spans joined."""
    joined: list[Span] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)


def normalise_index_number(text: str) -> str:
    """The comparison form of an 索引号, for matching only: letters and digits narrow and upper case, no spaces, no
    hyphen in the organisation code, a serial after a four-digit year padded to five digits.

    `00250027-9/2024-31707` → `002500279/2024-31707`; `014006438/2026-352` → `014006438/2026-00352`. Forms that other
    rules produced (six parts, 18-digit credit codes, six-digit serials, year and month) keep their shape.
    """
    flat = "".join(unicodedata.normalize("NFKC", text).split()).upper().replace("—", "-").replace("–", "-")
    organisation, slash, rest = flat.rpartition("/")
    serial = re.fullmatch(r"(\d{4})-(\d{1,5})", rest)
    if serial:
        rest = f"{serial[1]}-{serial[2]:0>5}"
    return f"{organisation.replace('-', '')}{slash}{rest}" if slash else rest
