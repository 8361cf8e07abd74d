"""The numbers that Word draws but does not store: automatic numbering of paragraphs, 序号 columns above all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"))
_ROMAN_ONES = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_PLACEHOLDER = re.compile(r"%([1-9])")
CLOSED = "、.．。)）】]:：，, "


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, its number format (OOXML's word) and its pattern, `（%1）`."""

    start: int = 1
    form: str = "decimal"
    pattern: str = "%1."
    restart: int | None = None
    tail: str = "tab"


@dataclass
class ListNumbers:
    """Counts the lists of one document. `counter` names the counter of lists that go on counting each other's."""

    levels: dict[str, dict[int, Level]]
    counter: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def next(self, key: str, depth: int) -> str:
        """The label of the next paragraph of the list at `depth` (0..8), with what parts it from the text."""
        levels = self.levels.get(key)
        if not levels or depth not in levels:
            return ""
        counts = self._counts.setdefault(self.counter.get(key, key), {})
        level = levels[depth]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            restart = levels.get(deeper, level).restart
            # 0: never restarts; n: restarts after a paragraph of level n or higher only.
            if restart is None or (restart and depth < restart):
                del counts[deeper]
        for higher in range(depth):
            if higher in levels:
                counts.setdefault(higher, levels[higher].start)
        if level.form in {"bullet", "none"}:
            return ""

        def number(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            return spelled(counts.get(at, 1), levels.get(at, level).form)

        label = _PLACEHOLDER.sub(number, level.pattern)
        return label if not label or label[-1] in CLOSED or level.tail == "nothing" else f"{label} "


def spelled(number: int, form: str) -> str:
    """A number in one of Word's number formats; plain digits for those unknown."""
    if form in {"chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand"} or (
        form in {"japaneseCounting", "koreanCounting"}
    ):
        return _counted(number, "零" + _DIGITS[1:], ("", "十", "百", "千"))
    if form in {"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"}:
        return _counted(number, _LEGAL, ("", "拾", "佰", "仟"))
    if form in {"ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "koreanDigital"}:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    if form == "ideographTraditional" and 1 <= number <= 10:
        return _STEMS[number - 1]
    if form == "ideographZodiac" and 1 <= number <= 12:
        return _BRANCHES[number - 1]
    if form in {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"} and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if form == "decimalEnclosedParen" and 1 <= number <= 20:
        return chr(0x2474 + number - 1)
    if form == "decimalEnclosedFullstop" and 1 <= number <= 20:
        return chr(0x2488 + number - 1)
    if form in {"decimalFullWidth", "decimalFullWidth2"}:
        return str(number).translate({ord("0") + i: 0xFF10 + i for i in range(10)})
    if form == "decimalZero":
        return f"{number:02d}"
    if form in {"upperRoman", "lowerRoman"} and 0 < number < 4000:
        return _roman(number).lower() if form == "lowerRoman" else _roman(number)
    if form in {"upperLetter", "lowerLetter"} and number > 0:
        # After Z comes AA, after it BB.
        letter = chr((65 if form == "upperLetter" else 97) + (number - 1) % 26)
        return letter * ((number - 1) // 26 + 1)
    return str(number)


def _counted(number: int, digits: str, powers: tuple[str, ...]) -> str:
    if not 0 < number < 10_000:
        return digits[0] if number == 0 else str(number)
    text = ""
    for power in range(3, -1, -1):
        digit = number // 10**power % 10
        if digit:
            text += digits[digit] + powers[power]
        elif text and not text.endswith(digits[0]):
            text += digits[0]
    text = text.rstrip(digits[0])
    # 一十二 is said 十二.
    return text[1:] if 10 <= number < 20 and powers[1] == "十" else text


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text + _ROMAN_ONES[number]
