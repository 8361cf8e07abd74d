"""The characters at which a match of many words can begin or end, so that most places need not try them all."""

from __future__ import annotations

import re


def edges(words: str, *, front: bool) -> frozenset[str]:
    """The two characters (one, where a word has one) with which a match of `words` opens or closes.

    Most heads neither open nor close with a light word: looking these up spares them the whole alternation.
    """
    edges = set()
    for word in re.sub(r"\(\?<?[=!][^()]*\)", "", words).split("|"):
        atoms = re.findall(r"(\[[^\]]*\]|.)(\?|\+|\{1,2\})?", word)
        atoms = atoms if front else atoms[::-1]
        for begin in range(len(atoms)):
            first = _members(atoms[begin][0])
            plain = len(atoms) > begin + 1 and not atoms[begin][1] and not atoms[begin + 1][1]
            second = _members(atoms[begin + 1][0]) if plain else {""}
            edges |= {a + b if front else b + a for a in first for b in second}
            if atoms[begin][1] != "?":
                break
    return frozenset(edges)


def _members(atom: str) -> set[str]:
    """The characters of a class, or the one character."""
    if len(atom) == 1:
        return {atom}
    spread = re.sub("(.)-(.)", lambda m: "".join(map(chr, range(ord(m[1]), ord(m[2]) + 1))), atom[1:-1])
    return set(spread)


def guarded(words: str, whole: str = "") -> str:
    """A pattern whose first group is what `whole` (else `words`) matches where one of `words` begins.

    It consumes a first character and looks back at it, since the engine passes over what is not in a leading set of
    characters many times faster than it tries a look-ahead.
    """
    opens = "".join(sorted({edge[0] for edge in edges(words, front=True)} - set("\\n")))
    line_feed = "\\n" if "\\n" in words else ""
    return f"[{re.escape(opens)}{line_feed}](?<=(?=({whole or words}))(?s:.))"
