"""What an answer is: the document, or one of the pages that come in its place.

Judged by structure first (how much a reader would see, whether it is CMS content, what scripts do), by wording
second, and never by a word alone: a report that mentions 验证码 or 系统升级 is a report. What is not recognised is taken
for the document; whether it says what it should is for the reader to decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from urllib.parse import urljoin, urlsplit

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

# Longer than this and mostly text, a page is nobody's error page.
_LONG = 1500
_SHORT = 400
_HEAD_BYTES = 1 << 19

_SCRIPT = re.compile(r"<script\b[^>]*>(.*?)(?:</script\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_HIDDEN = re.compile(
    r"<!--.*?-->|<(script|style|noscript|title|template|textarea)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL
)
_BREAK = re.compile(
    r"<(?:br|/?(?:p|div|h[1-6]|li|tr|td|th|table|center|section|ul|dl|dd|dt|body))\b[^>]*>", re.IGNORECASE
)
_TAG = re.compile(r"<[^>]*>")
_TITLE = re.compile(r"<title\b[^>]*>(.*?)</title\s*>", re.IGNORECASE | re.DOTALL)
_HEADING = re.compile(r"<h[1-3]\b[^>]*>(.*?)</h[1-3]\s*>", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(
    r"\s*(?:<!doctype\s+html|<html|<head|<body|<script|<meta|<title|<div|<p[\s>]|<h\d|<center|<!--)", re.I
)
_LINK = re.compile(r"<a\b[^>]*\bhref\s*=\s*[\"']?(?!\s*(?:javascript:|#))[^>]*>\s*[^<\s]", re.IGNORECASE)
_CELL = re.compile(r"<td\b", re.IGNORECASE)
_ATTACHMENT = re.compile(r"href\s*=\s*[\"'][^\"']*(?:\.(?:docx?|xlsx?|pdf|wps|ofd|zip|rar)\b|downfile)", re.IGNORECASE)
# What the CMS of government portals writes around an article.
_CMS = re.compile(
    r"<meta\b[^>]*\bname\s*=\s*[\"']?(?:ArticleTitle|ColumnName|PubDate|ContentSource|ContentStart)\b"
    r"|ZJEG_RSS\.content\.begin|TRS_Editor|UCAP-CONTENT|id\s*=\s*[\"']?zoom\b|<datastore\b",
    re.IGNORECASE,
)
_PASSWORD = re.compile(r"<input\b[^>]*\btype\s*=\s*[\"']?password\b", re.IGNORECASE)
_REFRESH = re.compile(
    r"<meta\b(?=[^>]*\bhttp-equiv\s*=\s*[\"']?refresh\b)[^>]*\bcontent\s*=\s*[\"']?\s*(\d+)(?:[.\d]*)\s*"
    r"(?:[;,]\s*(?:url\s*=)?\s*['\"]?([^'\">]*))?",
    re.IGNORECASE,
)

# What challenge scripts do: set a cookie and come again, or run code that was made unreadable.
_SETS_COOKIE = re.compile(r"document\s*(?:\.\s*cookie|\[\s*['\"]cookie['\"]\s*\])\s*=|\.cookie\s*=")
_LEAVES = re.compile(
    r"\blocation\s*(?:=[^=]|\.\s*(?:href\s*=|replace\s*\(|assign\s*\(|reload\s*\()|\[\s*['\"])|\.submit\s*\("
)
_OBSCURE = re.compile(
    r"\$_ts\b|\beval\s*\(|\bnew\s+Function\s*\(|String\s*\.\s*fromCharCode|\b_0x[0-9a-f]{3,}|\\x[0-9a-f]{2}\\x[0-9a-f]{2}"
    r"|\batob\s*\(|\bunescape\s*\(\s*['\"]%|(?:\[\]|!\+\[\]|\(!\[\]){4}",
    re.IGNORECASE,
)
_VENDOR = re.compile(
    r"__jsl_clearance|__jsluid|\$_ts\b|acw_sc__v2|_waf_bd8ce2ce37|aliyun_waf|cf[-_]chl|challenge-platform|"
    r"geetest|TencentCaptcha|yidun|nocaptcha|hcaptcha|recaptcha|C3VK|waf_captcha|safeline|__tst_status|EO_Bot_Ssid",
    re.IGNORECASE,
)
_FIXED_TARGET = re.compile(
    r"\blocation(?:\s*\.\s*href)?\s*=\s*['\"]([^'\"]+)['\"]|\blocation\s*\.\s*(?:replace|assign)\s*\(\s*['\"]([^'\"]+)['\"]"
)
_ASKS_SCRIPT = re.compile(
    r"(?:请|需要?|please).{0,12}(?:开启|启用|打开|允许|enable).{0,12}(?:java ?script|cookies?)|(?:正在|进行)(?:安全)?(?:检测|验证|跳转|校验)"
    r"|checking your browser|just a moment|请稍[候后等]|loading|跳转中",
    re.IGNORECASE,
)

_CAPTCHA = re.compile(
    r"(?:请|需).{0,10}(?:完成|进行|通过|输入|拖动).{0,10}(?:验证|滑块)|(?:安全|人机|访问|滑动|身份|图形)验证(?!码登)|拖动.{0,6}滑块|滑块|"
    r"(?:输入|填写).{0,8}验证码|verify (?:that )?you are (?:a )?human|are you a robot|captcha",
    re.IGNORECASE,
)
_FIREWALL = re.compile(
    r"(?:访问|请求|操作)(?:行为)?.{0,12}(?:被|已被|遭到).{0,6}(?:阻断|拦截|拒绝|禁止|封禁|限制|屏蔽)|(?:访问|请求|操作).{0,6}(?:过于频繁|太频繁|频率过[快高]|异常)"
    r"|(?:检测到|存在|疑似|包含).{0,10}(?:攻击|恶意|危险|可疑|不合法).{0,8}(?:行为|请求|参数|代码|访问|IP)?|网站防火墙|web ?application ?firewall|云防护|创宇盾|安全狗|云盾|"
    r"拦截提示|(?:您|你)的ip.{0,20}(?:禁止|黑名单|限制|封)|access denied|request (?:was )?(?:blocked|rejected)|requested url was rejected|"
    r"(?:禁止|拒绝)访问|无权(?:限)?访问|403 forbidden",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"(?:页面|网页|文章|信息|内容|文件|链接|资源|栏目|地址|稿件)[^。;;,,]{0,12}(?:不存在|已(?:经)?(?:被)?(?:删除|下线|撤销|移除|撤下|失效|过期|关闭)|未找到|没有找到|找不到|无法找到|不见了|走丢|飞走)"
    r"|(?:找不到|未找到|没有找到|无法找到|不存在)[^。;;,,]{0,16}(?:页面|网页|文章|信息|内容|文件|资源|地址)|(?:page|file|document) (?:was )?(?:not found|does not exist|cannot be found)"
    r"|\b404\b.{0,12}(?:error|not found|错误|页面|未找到)|(?:error|错误|http).{0,6}\b404\b|not found|访问(?:的)?(?:页面|内容|信息)?出错",
    re.IGNORECASE,
)
_GONE_TITLE = re.compile(
    r"^\W*(?:(?:http|error|错误)?\W*404\b|(?:page )?not found)|(?:页面|网页|文章|信息|内容|链接|资源|栏目)[^。,,]{0,10}(?:不存在|已(?:被)?(?:删除|下线|移除|失效)|未找到|找不到)"
    r"|(?:找不到|未找到|不存在)[^。,,]{0,10}(?:页面|网页|文章|内容)|\b404(?:页面|错误|提示|error)?\W*$",
    re.IGNORECASE,
)
_UNDER_REPAIR = re.compile(
    r"(?:系统|网站|网页|平台|服务器?|站点|本站|门户)[^。]{0,20}(?:维护|升级|改版|检修|割接|迁移|调整|关闭|暂停)|(?:正在|进行)[^。]{0,10}(?:维护|升级|改版|检修)"
    r"|(?:维护|升级|改版|检修)中|under maintenance|temporarily unavailable|be back soon|服务(?:器)?(?:暂时)?不可用|服务器(?:繁忙|忙)|系统繁忙",
    re.IGNORECASE,
)
_PATIENCE = re.compile(
    r"暂停|稍[后候]|暂时|暂不|敬请|不便|谅解|恢复|期间|中断|无法访问|try again|later|sorry|unavailable|维护中|升级中|改版中|建设中|繁忙",
    re.IGNORECASE,
)
_LOGIN_TITLE = re.compile(r"登\s*[录陆]|统一(?:身份)?认证|单点登录|\b(?:log ?in|sign ?in)\b", re.IGNORECASE)
_LOGIN_TEXT = re.compile(
    r"请(?:先)?(?:重新)?登[录陆]|(?:登[录陆]|会话)(?:已)?(?:超时|过期|失效)|(?:用户名|账号|帐号).{0,20}密\s*码|未登[录陆]",
    re.IGNORECASE,
)
_NOT_YET = re.compile(r"(?:尚未|暂未|还未|即将|未到)(?:公开|公布|发布|上线)|暂不公开")
_LOGIN_PATH = re.compile(r"/(?:login|signin|sso|cas|passport|auth)(?:[/.?]|$)", re.IGNORECASE)
_HOME = re.compile(r"/?|/(?:index|default|home|main)\.(?:s?html?|jsp|aspx?|php|do)", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """A whole response. `requested` is the URL asked for, `url` the one that answered; `body` is unpacked."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    requested: str
    url: str
    purpose: str = "document"
    range_asked: bool = False

    @cached_property
    def text(self) -> str:
        """The first half megabyte, decoded well enough to recognise error pages by; not for keeping."""
        head = self.body[:_HEAD_BYTES]
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return head.decode("utf-16", "replace")
        try:
            return head.decode("utf-8")
        except UnicodeDecodeError as error:
            if error.start > len(head) - 4:  # only the last character is cut
                return head.decode("utf-8", "ignore")
            return head.decode("gb18030", "replace")

    @cached_property
    def is_page(self) -> bool:
        """Whether it is HTML: something a person would be shown."""
        start = self.text[:2048].lstrip("\ufeff \t\r\n\x00")
        if _MARKUP.match(start):
            return not re.match(r"<\?xml|<(?:rss|feed|datastore|root|data)\b", start, re.IGNORECASE)
        return start.startswith("<") and bool(re.search(r"<(?:html|body|head|div|table|p)\b", start, re.IGNORECASE))

    @cached_property
    def lines(self) -> list[str]:
        """The text lines that a reader without scripts would see."""
        plain = _TAG.sub("", _BREAK.sub("\n", _HIDDEN.sub(" ", self.text)))
        return [line for raw in unescape(plain).split("\n") if (line := " ".join(raw.split()))]

    @cached_property
    def visible(self) -> int:
        """The number of visible characters."""
        return sum(len(line) for line in self.lines)

    @cached_property
    def title(self) -> str:
        found = _TITLE.search(self.text)
        return " ".join(unescape(_TAG.sub("", found[1])).split()) if found else ""

    @cached_property
    def scripts(self) -> str:
        """All script text, inline event handlers of the body included."""
        handlers = re.findall(r"\bon(?:load|error)\s*=\s*(\"[^\"]*\"|'[^']*')", self.text, re.IGNORECASE)
        return "\n".join([*_SCRIPT.findall(self.text), *handlers])

    @cached_property
    def is_content(self) -> bool:
        """Whether it carries what only content has: CMS markers, a table of several cells, a file to download."""
        markers = bool(_CMS.search(self.text)) and self.visible >= 30
        table = len(_CELL.findall(self.text)) >= 8 and self.visible >= 80
        return markers or table or bool(_ATTACHMENT.search(self.text)) or self.visible >= _LONG


def recognise(answer: Answer) -> FetchError | None:
    """The error that an answer amounts to; None where nothing speaks against its being what was asked for."""
    return _by_status(answer) if answer.status not in (200, 203) else _by_content(answer)


def _by_status(answer: Answer) -> FetchError | None:
    status = answer.status
    if status in (412, 521, 512):
        return Challenge(f"status {status}, as script challenges of firewalls have")
    if answer.is_page and (found := _challenge(answer)):
        return found
    if status in (404, 410):
        return Gone(f"status {status}")
    if status == 429:
        return RateLimited("status 429 after several tries: too many requests")
    if status == 202:
        if answer.is_page and answer.is_content:
            return _by_content(answer)
        return Challenge("status 202 without content, as script challenges of firewalls have")
    if status == 206:
        return None if answer.range_asked else StatusRefused("status 206: a part, which nobody asked for")
    if status == 401 or status == 407:
        return LoginRequired(f"status {status}")
    if status in (403, 405, 406, 418, 444, 451, 493):
        return Forbidden(f"status {status}{_said(answer)}")
    if status >= 500:
        return ServerError(f"status {status}{_said(answer)}")
    return StatusRefused(f"status {status}{_said(answer)}")


def _said(answer: Answer) -> str:
    return f": {shown(answer.title, 80)}" if answer.is_page and answer.title else ""


def _by_content(answer: Answer) -> FetchError | None:
    if not answer.body.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        return EmptyBody(f"status {answer.status} with {len(answer.body)} bytes and nothing in them")
    if answer.purpose == "robots":
        return None
    away = _elsewhere(answer)
    if away or not answer.is_page:
        return away
    return _challenge(answer) or _refers_elsewhere(answer) or _by_wording(answer)


def _elsewhere(answer: Answer) -> FetchError | None:
    """A redirect that ended on the home page or at a login."""
    asked, came = urlsplit(answer.requested), urlsplit(answer.url)
    if (asked.path, asked.query) == (came.path, came.query):
        return None
    if _LOGIN_PATH.search(came.path) and not _LOGIN_PATH.search(asked.path):
        return LoginRequired(f"redirected to {shown(answer.url)}")
    if answer.purpose != "listing" and _HOME.fullmatch(came.path) and not came.query:
        if not _HOME.fullmatch(asked.path) or asked.query:
            return NotTheDocument(f"redirected to the home page {shown(answer.url)}")
    return None


def _challenge(answer: Answer) -> FetchError | None:
    """A page of script with (almost) nothing to read."""
    scripts = answer.scripts
    vendor = _VENDOR.search(scripts) or _VENDOR.search(answer.text[:20_000])
    if answer.is_content and not (vendor and answer.visible < 60):
        return None
    few_words = answer.visible < 60 or (answer.visible < _SHORT and _only_waits(answer))
    if few_words and not _LINK.search(answer.text):
        cookie, leaves, obscure = _SETS_COOKIE.search(scripts), _LEAVES.search(scripts), _OBSCURE.search(scripts)
        if vendor:
            return Challenge(
                f"a page of script with {shown(vendor[0], 40)} in it and {answer.visible} characters of text"
            )
        if cookie and (leaves or obscure or answer.visible < 20):
            return Challenge(f"a script that sets a cookie and comes again, {answer.visible} characters of text")
        if obscure and (leaves or len(scripts) > 20 * max(answer.visible, 10)):
            return Challenge(f"{len(scripts)} characters of obscured script, {answer.visible} of text")
        if leaves and not _FIXED_TARGET.search(scripts):
            return Challenge(f"a script that loads the page again, {answer.visible} characters of text")
        if len(scripts) > 500 and _only_waits(answer):
            return Challenge("a page that asks for a browser with script")
    if answer.visible < _SHORT:
        text = "\n".join([answer.title, *answer.lines])
        if found := _FIREWALL.search(text):
            return Forbidden(f"a page that says {shown(found[0], 60)!r}")
        if (found := _CAPTCHA.search(text)) and re.search(
            r"<(?:script|form|input|iframe|img|canvas)\b", answer.text, re.I
        ):
            return Challenge(f"a page that asks {shown(found[0], 60)!r}")
    return None


def _only_waits(answer: Answer) -> bool:
    """Whether what is visible only asks to wait or to switch script on."""
    shown_text = re.findall(r"<noscript\b[^>]*>(.*?)</noscript", answer.text, re.IGNORECASE | re.DOTALL)
    said = " ".join([answer.title, *answer.lines, *shown_text])
    return bool(_ASKS_SCRIPT.search(said)) and answer.visible < 200


def _refers_elsewhere(answer: Answer) -> FetchError | None:
    """A page that only sends its reader on, by meta refresh or by a script with a fixed target."""
    if answer.is_content or answer.visible >= 200:
        return None
    refresh = _REFRESH.search(answer.text)
    if refresh and int(refresh[1]) <= 30:
        target = unescape(refresh[2] or "").strip()
        if not target or urljoin(answer.url, target) == answer.url:
            if _SCRIPT.search(answer.text) or answer.visible < 20:
                return Challenge("a page that only loads itself again")
            return None
        return NotTheDocument(f"the page only refers to {shown(urljoin(answer.url, target))}")
    fixed = _FIXED_TARGET.search(answer.scripts)
    if fixed and answer.visible < 60 and not _LINK.search(answer.text):
        return NotTheDocument(f"the page's script goes to {shown(urljoin(answer.url, fixed[1] or fixed[2]))}")
    return None


def _by_wording(answer: Answer) -> FetchError | None:
    """Pages that say in words that they are not the document. Only short ones, or a title that leaves no doubt."""
    heads = [answer.title, *(unescape(_TAG.sub("", one)).strip() for one in _HEADING.findall(answer.text)[:5])]
    content = answer.is_content
    if not (content and _CMS.search(answer.text)):
        for head in heads:
            if len(head) <= 60 and (found := _GONE_TITLE.search(head)):
                return SoftGone(f"the page is headed {shown(found[0], 60)!r}")
    if content:
        return None
    said = "\n".join([answer.title, *answer.lines])
    # A sentence of its own, as error pages have it; in running text the same words are about something else.
    own_lines = [line for line in answer.lines if len(line) <= 80]
    for line in own_lines:
        if found := _GONE.search(line):
            return SoftGone(f"the page says {shown(found[0], 60)!r}")
    if answer.visible >= 2 * _SHORT:
        return None
    if _PASSWORD.search(answer.text) or (answer.visible < _SHORT and _LOGIN_TEXT.search(said)):
        if _LOGIN_TITLE.search(said) or _LOGIN_TEXT.search(said):
            return LoginRequired(f"the page asks to log in: {shown(answer.title, 60)}")
    if (found := _UNDER_REPAIR.search(said)) and _PATIENCE.search(said):
        return Maintenance(f"the page says {shown(found[0], 60)!r}")
    if answer.visible < 200 and (found := _NOT_YET.search(said)):
        return NotYetPublished(f"the page says {shown(found[0], 60)!r}")
    return None
