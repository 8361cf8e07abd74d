"""A case as the rules are to see it: the words around a quantity without what names nothing.

Everything that changes what a rule is asked about happens here, before the first of them.
"""

from __future__ import annotations

from tasks.observe.figures import Number
from tasks.observe.heads import clean_list
from tasks.observe.left import Left
from tasks.observe.lists import tells_instances
from tasks.observe.naming.case import Case
from tasks.observe.naming.counted import done_to, further_on, is_object
from tasks.observe.naming.going_on import DEDUCTS, NOMINAL
from tasks.observe.naming.shares import TOTAL_OPENS, only_of_total, without_total
from tasks.observe.nouns import right_noun
from tasks.observe.words import EMPTY

_NAMES_NOTHING = EMPTY | NOMINAL
_OF_THINGS = frozenset(("count", "amount", "share"))  # what a noun behind the unit can be counted or measured in


def prepared(
    text: str,
    number: Number,
    left: Left,
    series: str | None,
    owner: str | None,
    fallback: str | None,
    alike: str | None,
    last: str | None,
    around: str,
    tasks: str,
) -> Case:
    """The case of `number` in `text`, before which `left` stands; the rest was told before it."""
    sort, whole, end = number.sort, left.whole, number.end
    count, share = sort == "count", sort == "share"
    phrase = without_total(left) if share and ("占" in left.name or whole[-1:] == "的") else left.name
    head = phrase
    if (
        phrase in _NAMES_NOTHING
        or phrase[:2] in DEDUCTS
        or (share and phrase[:1] in TOTAL_OPENS and only_of_total(phrase))
    ):
        head = ""
    noun = ""
    if (count or not head) and not left.direction and sort != "rank":
        noun = right_noun(text, end)
    thing, reach = noun, end + len(noun)
    if noun and share and text[end] != "的":
        thing = done_to(text, end, left)
    elif count and not noun and text[end : end + 1].isdigit():
        thing = further_on(text, end)
    unsaid = count and not thing
    some = left.head.endswith("等")
    one_by_one = (
        count
        and bool(alike or thing)
        and ("、" in head or some)
        and tells_instances(clean_list(left.head), number.value, some=some)
    )
    if one_by_one:
        head = ""
    if thing and (sort not in _OF_THINGS or (head and is_object(text, number, left, head, reach))):
        thing = ""
    begin = number.start - len(whole)
    listed = text[begin - 1 : begin] == "、"
    return Case(
        text,
        number,
        sort,
        count,
        left,
        whole,
        phrase,
        head,
        series or "",
        owner or "",
        fallback,
        alike or "",
        last or "",
        noun,
        thing,
        unsaid,
        reach,
        listed,
        one_by_one,
        around,
        tasks,
    )
