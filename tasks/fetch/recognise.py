"""What an answer is: the document, or one of the pages that come in its place.

Judged by structure first (how much a reader would see, whether it is CMS content, what scripts do), by wording
second, and never by a word alone: a report that mentions 验证码 or 系统升级 is a report. What is not recognised is
taken for the document; whether it says what it should is for the reader to decide.
"""

from __future__ import annotations

from html import unescape
from urllib.parse import urljoin, urlsplit

from tasks.fetch import phrases
from tasks.fetch.answer import Answer
from tasks.fetch.errors import (
    Challenge,
    EmptyBody,
    FetchError,
    Forbidden,
    Gone,
    LoginRequired,
    Maintenance,
    NotTheDocument,
    NotYetPublished,
    RateLimited,
    ServerError,
    SoftGone,
    StatusRefused,
)
from tasks.fetch.wording import shown

_SHORT = 400
_FEW = 150
_NOTHING = b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"


def recognise(answer: Answer) -> FetchError | None:
    """The error that an answer amounts to; None where nothing speaks against its being what was asked for."""
    return _by_content(answer) if answer.status in (200, 203) else _by_status(answer)


def _by_status(answer: Answer) -> FetchError | None:
    status = answer.status
    if status in (412, 521, 512):
        return Challenge(f"status {status}, as script challenges of firewalls have")
    if status in (404, 410):
        return Gone(f"status {status}")
    if answer.is_page and (found := _challenge(answer)):
        return found
    if status == 429:
        return RateLimited("status 429 after several tries: too many requests")
    if status == 202:
        if answer.is_page and answer.is_content:
            return _by_content(answer)
        return Challenge("status 202 without content, as script challenges of firewalls have")
    if status == 206:
        return None if answer.range_asked else StatusRefused("status 206: a part, which nobody asked for")
    said = f": {shown(answer.title, 80)}" if answer.is_page and answer.title else ""
    if status in (401, 407):
        return LoginRequired(f"status {status}{said}")
    if status in (403, 405, 406, 418, 444, 451, 493):
        return Forbidden(f"status {status}{said}")
    return ServerError(f"status {status}{said}") if status >= 500 else StatusRefused(f"status {status}{said}")


def _by_content(answer: Answer) -> FetchError | None:
    if answer.purpose == "robots":
        return None
    if not answer.body.strip(_NOTHING):
        return EmptyBody(f"status {answer.status} with {len(answer.body)} bytes and nothing in them")
    away = _elsewhere(answer)
    if away or not answer.is_page:
        return away
    return _challenge(answer) or _refers_elsewhere(answer) or _by_wording(answer) or _blank(answer)


def _elsewhere(answer: Answer) -> FetchError | None:
    """A redirect that ended on the home page or at a login."""
    asked, came = urlsplit(answer.requested), urlsplit(answer.url)
    if (asked.path, asked.query) == (came.path, came.query):
        return None
    if phrases.LOGIN_PATH.search(came.path) and not phrases.LOGIN_PATH.search(asked.path):
        return LoginRequired(f"redirected to {shown(answer.url)}")
    asked_home = phrases.HOME.fullmatch(asked.path) and not asked.query
    came_home = phrases.HOME.fullmatch(came.path) and not came.query
    # A list may have moved to a host of its own; a home page on the host that was asked is not the list.
    moved = answer.purpose == "listing" and _site(asked.hostname) != _site(came.hostname)
    if came_home and not asked_home and not moved:
        return NotTheDocument(f"redirected to the home page {shown(answer.url)}")
    return None


def _site(host: str | None) -> str:
    return (host or "").removeprefix("www.")


def _challenge(answer: Answer) -> FetchError | None:
    """A page of script with (almost) nothing to read, or a short one that names its firewall."""
    if answer.is_long:
        return None
    vendor = phrases.VENDOR.search(answer.scripts) or phrases.VENDOR.search(answer.text[:20_000])
    if answer.is_content and not (vendor and answer.visible < 60):
        return None
    few_words = answer.visible < 60 or answer.only_waits
    if few_words and not phrases.LINK.search(answer.text) and (found := _by_script(answer, vendor and vendor[0])):
        return found
    if answer.visible < _SHORT and not answer.is_content:
        # In the title, or with hardly anything around it; a report may well tell of firewalls and captchas.
        said = "\n".join([answer.title, *(answer.sentences if answer.visible < _FEW else answer.headings)])
        if wall := phrases.FIREWALL.search(said):
            return Forbidden(f"a page that says {shown(wall[0], 60)!r}")
        if (riddle := phrases.CAPTCHA.search(said)) and phrases.ASKS_BACK.search(answer.text):
            return Challenge(f"a page that asks {shown(riddle[0], 60)!r}")
    return None


def _by_script(answer: Answer, vendor: str | None) -> FetchError | None:
    scripts, seen = answer.scripts, f"{answer.visible} characters of text"
    if vendor:
        return Challenge(f"a page of script with {shown(vendor, 40)} in it, {seen}")
    cookie = phrases.SETS_COOKIE.search(scripts)
    leaves = phrases.LEAVES.search(scripts)
    obscure = phrases.OBSCURE.search(scripts)
    if answer.says_something and not answer.only_waits:
        # A small page for readers; counters set cookies and mobile switches change the location there too.
        return (
            Challenge(f"a script that sets a cookie and comes again, {seen}") if cookie and leaves and obscure else None
        )
    bare = answer.visible < 20 and not phrases.EMBEDS.search(answer.text)
    if cookie and (leaves or obscure or bare):
        return Challenge(f"a script that sets a cookie and comes again, {seen}")
    if obscure and (leaves or len(scripts) > 20 * max(answer.visible, 10)):
        return Challenge(f"{len(scripts)} characters of obscured script, {seen}")
    if leaves and not phrases.FIXED_TARGET.search(scripts):
        return Challenge(f"a script that loads the page again, {seen}")
    if answer.has_script and answer.only_waits:
        return Challenge(f"a page that waits for a browser with script, {seen}")
    if answer.has_script and not answer.visible and bare and not leaves and answer.purpose != "listing":
        return Challenge("a page with nothing but script")
    return None


def _refers_elsewhere(answer: Answer) -> FetchError | None:
    """A page that only sends its reader on, by meta refresh or by a script with a fixed target."""
    if answer.is_content or answer.visible >= 200:
        return None
    refresh = phrases.REFRESH.search(answer.text)
    if refresh and int(refresh[1]) <= 30:
        target = unescape(refresh[2] or "").strip()
        if target and urljoin(answer.url, target) != answer.url:
            return NotTheDocument(f"the page only refers to {shown(urljoin(answer.url, target))}")
        if answer.has_script or answer.visible < 20:
            return Challenge("a page that only loads itself again")
    fixed = phrases.FIXED_TARGET.search(answer.scripts)
    if fixed and answer.visible < 60 and not answer.says_something and not phrases.LINK.search(answer.text):
        return NotTheDocument(f"the page's script goes to {shown(urljoin(answer.url, fixed[1] or fixed[2]))}")
    return None


def _by_wording(answer: Answer) -> FetchError | None:
    """Pages that say in words that they are not the document: short ones, or headed so that no doubt is left."""
    for head in answer.headings:
        if len(head) > 60 or not (lost := phrases.GONE_TITLE.search(head)):
            continue
        if phrases.CMS.search(answer.text) or (answer.is_content and not phrases.GONE_START.match(head)):
            continue  # a report about lost pages
        return SoftGone(f"the page is headed {shown(lost[0], 60)!r}")
    if answer.is_content:
        return None
    for line in answer.sentences:
        # A sentence of its own, as error pages have it; in running text the same words are about something else.
        if len(line) <= 80 and (found := phrases.GONE.search(line)):
            return SoftGone(f"the page says {shown(found[0], 60)!r}")
    if answer.visible >= 2 * _SHORT:
        return None
    said = "\n".join([answer.title, *answer.sentences])
    asks_login = phrases.LOGIN_TEXT.search(said) or phrases.LOGIN_TITLE.search(said)
    if asks_login and (
        phrases.PASSWORD_FIELD.search(answer.text)
        or (answer.visible < _SHORT and phrases.LOGIN_TEXT.search(said) and not answer.says_something)
    ):
        return LoginRequired(f"the page asks to log in: {shown(answer.title, 60)}")
    if (found := phrases.UNDER_REPAIR.search(said)) and phrases.PATIENCE.search(said):
        return Maintenance(f"the page says {shown(found[0], 60)!r}")
    if answer.visible < 200 and (found := phrases.NOT_YET.search(said)):
        return NotYetPublished(f"the page says {shown(found[0], 60)!r}")
    return None


def _blank(answer: Answer) -> FetchError | None:
    """A page on which there is nothing to read, to load or to follow."""
    if answer.is_content or answer.visible or answer.purpose == "listing" or phrases.EMBEDS.search(answer.text):
        return None
    return EmptyBody(f"a page of {len(answer.body)} bytes with nothing to read in it")
