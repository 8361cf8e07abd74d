"""A metadata block whose labels were lost: images or styles said them, and the text has the values alone.

11450022MB7654321X/2020-5012347
2020-06-22 14:43:15
聊水市人民政府
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.read.metadata.block import Entry
from tasks.read.metadata.dates import parse_date
from tasks.read.page import Block, Paragraph

# The national form of an index number: who, a stroke, the year and a number. Nothing else stands so on a line alone.
_INDEX = re.compile(r"[0-9A-Z]{8,24}(?:-[0-9A-Z]{1,4})?/(?:19|20)\d{2}-\d{3,9}")
_DAY = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?")
_NUMBER = re.compile(r"[一-鿿]{2,16}[〔\[（(](?:19|20)\d{2}[〕\]）)]第?\d{1,4}号")
_BODY = re.compile(r"[一-鿿()（）]{2,24}(?:政府|局|委|委员会|办公室|办|厅|院|中心|管委会)(?:[(（][一-鿿]{2,8}[)）])?")
_LOOKED_AT = 40  # lines of the page in which the block may begin
_REACH = 9  # lines of the block
_LONGEST = 40  # characters of a value


def unlabelled_entries(blocks: Sequence[Block]) -> list[Entry]:
    """The values of such a block under the labels that they would bear; [] where none begins with an index number.

    Of two days the first is when the document was made, the second when it was put out; one alone is the second.
    """
    lines = [block for block in blocks if isinstance(block, Paragraph) and block.text.strip()][:_LOOKED_AT]
    for place, line in enumerate(lines):
        if _INDEX.fullmatch(line.text.strip()):
            return [_entry("索引号", line), *_values(lines[place + 1 : place + _REACH])]
    return []


def _values(lines: Sequence[Paragraph]) -> list[Entry]:
    found: list[Entry] = []
    days: list[Paragraph] = []
    for line in lines:
        text = line.text.strip()
        if len(text) > _LONGEST:
            break
        if _DAY.fullmatch(text) and parse_date(text) is not None:
            days.append(line)
        elif _NUMBER.fullmatch(text):
            found.append(_entry("发文字号", line))
        elif _BODY.fullmatch(text) and not any(entry.label == "发布机构" for entry in found):
            found.append(_entry("发布机构", line))
    labels = ("成文日期", "发布日期") if len(days) > 1 else ("发布日期",)
    return found + [_entry(label, day) for label, day in zip(labels, days, strict=False)]


def _entry(label: str, line: Paragraph) -> Entry:
    return Entry(label, line.text.strip(), (line.start, line.end))
