"""Pages pasted together from two encodings: a GBK template around UTF-8 content, or the reverse.

No multi-byte character of UTF-8, GB18030 or Big5 contains a byte below 30, or one of 3A-3F: so there the page can be
cut into chunks, and each chunk decoded on its own evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tasks.read.detect.likeness import accidental_utf8, chinese_share, runs_beyond_ascii

_CHUNK = re.compile(rb"[\x30-\x39\x40-\xff]*[\x80-\xff][\x30-\x39\x40-\xff]*")
_UTF8_CHARACTER = (
    rb"(?:[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})"
)
_UTF8_RUN = re.compile(_UTF8_CHARACTER + rb"{2,}")
_HAN_UTF8 = rb"(?:[\xe3-\xe9][\x80-\xbf]{2}|\xef[\xbc\xbd][\x80-\xbf])"
# Two characters of UTF-8 or more between ASCII: in GBK text this many bytes agree only by rare chance.
_ALONE_RUN = re.compile(rb"(?<![\x80-\xff])" + _HAN_UTF8 + rb"{2,}(?![\x80-\xff])")
_HAN_ONLY = re.compile(_HAN_UTF8 + rb"{2,}")
_HAN_LEADS = frozenset((*range(0xE3, 0xEA), 0xEF))
_LEADING_OR_FOLLOWING = bytes(76 if byte in _HAN_LEADS else 70 if 0x80 <= byte < 0xC0 else 46 for byte in range(256))
_TWO_OF_HAN = b"LFFLFF"
_UTF8_CUT = re.compile(rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z")
_SNIPPET = 16


@dataclass
class Patchwork:
    """A decoded page and its seams. `mixed` and `lost` say where: `line 12: '…'`."""

    main: str
    second: str
    text: str = ""
    mixed: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    damaged: int = 0
    beyond_ascii: int = 0
    first: int | None = None

    @property
    def hopeless(self) -> bool:
        """Whether so much fits no encoding that it is not text with a few bruises but something else."""
        return self.damaged > max(24, self.beyond_ascii // 50) or (
            self.beyond_ascii > 8 and self.damaged * 2 > self.beyond_ascii
        )


def foreign_runs(body: bytes, encoding: str) -> list[int]:
    """Offsets of UTF-8 runs in a body that as a whole is valid in `encoding` (not UTF-8): mojibake without an error."""
    # Most pages have none, which is told without a pattern at a fraction of its cost: by the order of leading and
    # following bytes first, then by the runs of bytes.
    if _TWO_OF_HAN not in body.translate(_LEADING_OR_FOLLOWING):
        return []
    runs = set(runs_beyond_ascii(body))
    if not any(run[0] in _HAN_LEADS and _HAN_ONLY.fullmatch(run) for run in runs):
        return []
    return [run.start() for run in _ALONE_RUN.finditer(body) if _rather_utf8(run[0], encoding)]


def _rather_utf8(chunk: bytes, encoding: str) -> bool:
    ours = _strict(chunk, "utf-8")
    if ours is None or chinese_share(ours) < 0.9:
        return False
    theirs = _strict(chunk, encoding)
    return theirs is None or chinese_share(theirs, traditional=encoding.startswith("big5")) < 0.6


def _strict(chunk: bytes, encoding: str) -> str | None:
    try:
        return chunk.decode(encoding)
    except UnicodeDecodeError:
        return None


def decode_patchwork(body: bytes, main: str, second: str) -> Patchwork:
    """Chunk by chunk: `main` where it fits, `second` where that fits better, U+FFFD (counted) where neither does."""
    work = Patchwork(main, second)
    parts: list[str] = []
    done, line = 0, 1
    for chunk in _CHUNK.finditer(body):
        between = body[done : chunk.start()]
        line += between.count(b"\n")
        parts.append(between.decode("ascii"))
        parts.append(_chunk(chunk[0], chunk.start(), line, work))
        done = chunk.end()
    parts.append(body[done:].decode("ascii"))
    work.text = "".join(parts)
    return work


def _chunk(chunk: bytes, offset: int, line: int, work: Patchwork) -> str:
    work.beyond_ascii += sum(byte > 0x7F for byte in chunk)
    text = _strict(chunk, work.main)
    other = _strict(chunk, work.second)
    if text is not None:
        doubtful = (
            other is not None and accidental_utf8(text, other)
            if work.main == "utf-8"
            else _rather_utf8(chunk, work.main)
        )
        if not doubtful:
            return text
    if other is not None and (work.second == "utf-8" or chinese_share(other) >= 0.5):
        cut = work.main == "utf-8" and _UTF8_CUT.search(chunk)
        if not (cut and _strict(chunk[: cut.start()], "utf-8") is not None):
            work.mixed.append(f"line {line}: {other[:_SNIPPET]!r}")
            return other
    return _inside(chunk, offset, line, work)


def _inside(chunk: bytes, offset: int, line: int, work: Patchwork) -> str:
    """Both encodings in one chunk, or damage: UTF-8 runs first, what lies between them in the legacy encoding."""
    legacy = work.second if work.main == "utf-8" else work.main
    parts: list[str] = []
    done = 0
    for run in [*_UTF8_RUN.finditer(chunk), None]:
        start, end = run.span() if run else (len(chunk), len(chunk))
        gap = chunk[done:start]
        parts.append(_gap(gap, legacy, offset + done, line, work))
        if run:
            text = run[0].decode("utf-8")
            if work.main != "utf-8":
                work.mixed.append(f"line {line}: {text[:_SNIPPET]!r}")
            parts.append(text)
        done = end
    return "".join(parts)


def _gap(gap: bytes, legacy: str, offset: int, line: int, work: Patchwork) -> str:
    if gap.isascii():
        return gap.decode("ascii")
    single = _strict(gap, "utf-8")
    if single is not None:
        return single
    text = _strict(gap, legacy)
    whole = text is not None and chinese_share(text, traditional=legacy.startswith("big5")) >= 0.5
    if whole and (work.main != "utf-8" or sum(byte > 0x7F for byte in gap) >= 4):
        if work.main == "utf-8":
            work.mixed.append(f"line {line}: {text!r}")
        return text or ""
    damaged = sum(byte > 0x7F for byte in gap)
    work.damaged += damaged
    work.first = offset if work.first is None else work.first
    text = gap.decode(work.main, "replace")
    if "\ufffd" not in text:
        text = "\ufffd"
    work.lost.append(f"line {line}: {text[:_SNIPPET]!r}, bytes {gap[:8].hex(' ')}")
    return text
