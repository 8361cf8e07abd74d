"""Ranks: what is ranked, without the field it is ranked in."""

from __future__ import annotations

import re
from functools import lru_cache

from tasks.observe.heads import clean
from tasks.observe.left import Left
from tasks.observe.naming.case import Case, Name
from tasks.observe.owners import complete
from tasks.observe.words import BARE_HEAD, FIELD, FIELD_ENDS, RANK_OF, RANK_VERB, RANKED

_AMONG = re.compile("在(?![^,;]*[评考测赛])[^,;、在]{1,12}\\Z")


def ranked(case: Case) -> Name:
    """Every rank is named here."""
    head = _head(case.left.head)
    if not head and not case.series:
        head = case.left.head.rstrip("由从至到为:")
    if head in ("综合", "总体", "总"):
        head += "排名"
    if BARE_HEAD.fullmatch(head):
        head = complete(head, case.owner)
    return Name(head, None) if head else Name(case.series or case.fallback)


@lru_cache(maxsize=1 << 13)
def _head(head: str) -> str:
    cut = RANK_VERB.search(head) or RANKED.search(head) or RANK_OF.search(head)
    rest = head[: cut.start()] if cut else head
    if "在" in rest:
        rest = _AMONG.sub("", rest)  # 空气质量在全市重点控制区域[排名]第2
    return clean(rest)


def ranks_among(left: Left) -> bool:
    """Whether what is counted is only the field of a ranking: 居全省90个县第18位."""
    head = left.head
    return head[-1:] in FIELD_ENDS and FIELD.search(head) is not None
