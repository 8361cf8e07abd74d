"""How far a piece of work is, as a cell prints it: percentages beyond doubt, bare numbers, what else may stand there.

Nothing is guessed: a progress that is not certain is None, and the printed text is kept beside it by the caller.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from tasks.numerals import parse_numeral
from tasks.read.tables.cells import is_nothing
from tasks.text import clean_cell

_PERCENT = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+|(?<=\d))\s*%", re.ASCII)
_PLAIN_PERCENT = re.compile(r"\d+(?:\.\d+)?[%％]", re.ASCII)
_IN_WORDS = re.compile(r"百分之([零〇一二三四五六七八九十百点两\d.]+)")
# Words that may stand beside a percentage without making it less certain.
_CERTAIN_WORDS = re.compile(
    r"^(?:已?(?:累计)?(?:总体|整体)?(?:完成|进度|完成率|完成进度|工程进度|形象进度)(?:年度目标|任务|进度|率|为|达|达到)*[:：]?|[(（]?已?(?:全部|按期)?(?:完成|完工|办结|竣工)[)）]?|[,，。;；()（）:：]|\s)*$"
)
# A percentage with a word on it in brackets, the last of which may be lost: 22%(严重滞后), 50%(马头未开工.
_NOTED = re.compile(
    r"(?P<rate>\d+(?:\.\d+)?)%\((?!.*(?:约|预计|计划|左右|以上|以下|目标|估))[^()%\d]{2,40}\)?", re.ASCII
)
_BARE = re.compile(r"\d+(?:\.\d+)?|\.\d+")


def plain(value: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent: 100, not 1E+2."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


@lru_cache(maxsize=1024)  # a column is asked when it is understood, and again when it is read
def read_percent(text: str) -> Decimal | None:
    """The percentage that a cell states beyond doubt, else None.

    Beyond doubt: `75%`, `80％`, `百分之八十`, `100%(已完成)`, `22%(严重滞后)`.
    None: `约80%`, `75%-80%`, `80%以上`, `已完成`, two percentages, a bare number.
    """
    if _PLAIN_PERCENT.fullmatch(text):
        number = text[:-1]
        return Decimal(int(number)) if number.isdigit() and len(number) < 20 else plain(Decimal(number))
    flat = unicodedata.normalize("NFKC", clean_cell(text)).replace("\n", "").replace("％", "%").strip()
    if "%" not in flat and "百分之" not in flat:
        return None
    noted = _NOTED.fullmatch(flat)
    if noted is not None:
        return plain(Decimal(noted["rate"]))
    found = list(_PERCENT.finditer(flat))
    if len(found) == 1 and "百分之" not in flat:
        match = found[0]
        rest = flat[: match.start()] + " " + flat[match.end() :]
        if not _CERTAIN_WORDS.match(rest.strip()):
            return None
        return plain(Decimal(match.group().rstrip("% \t").replace(",", "")))
    words = _IN_WORDS.search(flat)
    if words and not found:
        rest = flat[: words.start()] + " " + flat[words.end() :]
        if _CERTAIN_WORDS.match(rest.strip()):
            value = parse_numeral(words.group())
            if value is None:
                value = parse_numeral(words.group(1))
            return None if value is None else plain(value)
    return None


def read_bare_number(text: str) -> Decimal | None:
    """A number without a sign of percent, as printed; None where there is more than the number."""
    flat = unicodedata.normalize("NFKC", clean_cell(text)).strip()
    return plain(Decimal(flat)) if _BARE.fullmatch(flat) else None


def is_progress_like(text: str) -> bool:
    """Whether a cell could stand in a progress column: a percentage, a sign for nothing, a short word of completion."""
    if len(text) > 60 and text.isprintable() and "  " not in text:  # then its plain form is no shorter than a quarter
        return False
    flat = unicodedata.normalize("NFKC", clean_cell(text)).strip()
    if len(flat) > 14:
        return _NOTED.fullmatch(flat) is not None
    if read_percent(flat) is not None or re.search(r"\d\s*%|百分之", flat) or (flat and is_nothing(flat)):
        return True
    return bool(re.fullmatch(r"(?:已|基本|全部|部分|未)?(?:完成|完工|启动|办结|达标|竣工|销号)|\d+(?:\.\d+)?", flat))
