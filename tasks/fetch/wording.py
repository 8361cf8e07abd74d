"""How text from outside is shown in details and logs: one line, nothing hidden, nothing secret."""

from __future__ import annotations

import re

from tasks.archive.masking import mask_text

# Controls (CR, LF, ESC …), line separators, zero-width and bidi characters: what could forge or reorder a line.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def shown(text: object, limit: int = 300) -> str:
    """Text fit for a log line or a detail: secrets masked, controls escaped, at most `limit` characters."""
    line = _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", mask_text(str(text)))
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
