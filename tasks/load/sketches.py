"""A text in a few hundred letters, from which the share that two texts have in common can be told."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

_SKETCH = 64  # hashes of sentences that are kept of a text: the share of two texts is right to some 6 points
_WIDTH = 8  # hex digits of each
_END = re.compile(r"[.;!?:\n]+")
_SHORT = 6  # letters below which a sentence says nothing of its own


def sketch(texts: Iterable[str]) -> str | None:
    """The least hashes of the sentences of folded texts, joined; None where there is no sentence."""
    sentences = {part for text in texts for part in _END.split(text) if len(part) >= _SHORT}
    hashes = sorted(hashlib.blake2b(s.encode(), digest_size=_WIDTH // 2).hexdigest() for s in sentences)
    return "".join(hashes[:_SKETCH]) or None


def sketched_share(a: str | None, b: str | None) -> float | None:
    """The share (0..1) of the sentences of two texts that stand in both; None where one has no sentence."""
    if not a or not b:
        return None
    one, other = ({text[at : at + _WIDTH] for at in range(0, len(text), _WIDTH)} for text in (a, b))
    least = set(sorted(one | other)[:_SKETCH])
    return len(least & one & other) / len(least)
