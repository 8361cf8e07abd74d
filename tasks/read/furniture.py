"""Furniture: what a portal prints around and inside a disclosure that is not the disclosure.

Recognised by what it does (shares, navigates, counts, disclaims, asks for comments) and by its shape (a short line,
a label without a sentence), never by one site's words. What is taken out is named with its reason, so that nothing
disappears without a trace.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.model import Span, Warn
from tasks.read.page import Block, Paragraph, Table
from tasks.text import fold

_EDGE = r"[\s|｜【】\[\]()（）<>《》«»·•:：,，、/\\*>+-]*"
_LINE_RULES: tuple[tuple[str, str], ...] = (
    (
        "share",
        r"(?:一键)?分享(?:到|至|给)?.{0,40}|(?:微信|微博|新浪微博|QQ空间|QQ好友|朋友圈|扫一扫.{0,20}|用微信.{0,20}|收藏|复制链接|二维码)+",
    ),
    (
        "tools",
        r"(?:【|\[)?(?:打印|关闭|关闭窗口|打印本页|打印此页|打印文章|关闭本页|保存|下载|收藏|推荐|纠错|返回|返回顶部|返回列表|"
        r"返回首页|回到顶部|TOP|加入收藏|设为首页|全文下载|我要纠错|网站纠错|朗读|语音播报|导出)(?:(?:本|此|该)?(?:页|文章|窗口|页面))?(?:[】\]\s|/、]*(?:打印|关闭|窗口|"
        r"本页|此页|返回|顶部|收藏|分享|下载|保存|纠错)[】\]\s|/]*)*",
    ),
    (
        "font_size",
        r"(?:字体|字号|文字大小|字体大小).{0,20}|(?:大|中|小|大号|中号|小号|默认|特大)(?:[\s|]+(?:大|中|小|大号|中号|小号|默认|特大))+",
    ),
    ("counter", r"(?:.{0,10})?(?:浏览|点击|阅读|访问)(?:次数|量|率|数|人数)?\s*[:：]?\s*\d*\s*次?"),
    (
        "navigation",
        r"导航(?:菜单)?|菜单|网站导航|栏目导航|首页|主页|站内搜索|搜索|请输入(?:关键字|关键词|内容).{0,10}|登录|注册|切换导航|"
        r"(?:您|你)?(?:的)?(?:当前|现在)?(?:所在)?位置.{0,80}|(?:您|你)(?:现)?在的位置.{0,80}|English|繁體|繁体|简体|手机版|移动版|电脑版|更多>*|展开|收起",
    ),
    (
        "neighbours",
        r"(?:上|下|前|后|后)一(?:篇|条|页|则)(?:文章)?\s*[:：]?.{0,100}|(?:相关|推荐)(?:阅读|文章|链接|稿件|新闻|信息|资料)\s*[:：]?.{0,60}|热门(?:文章|标签).{0,40}|"
        r"猜你喜欢.{0,20}|(?:没有了|暂无)",
    ),
    (
        "accessibility",
        r"(?:无障碍|长者(?:助手|模式|版)|适老化|关怀版|辅助工具|语音|大字版|进入老年模式|智能机器人|智能问答).{0,40}",
    ),
    (
        "source_line",
        r"(?:信息|文章|稿件)?来源\s*[:：].{0,60}|(?:责任)?编辑\s*[:：].{0,20}|作者\s*[:：].{0,20}|审核\s*[:：].{0,20}|(?:文章)?标签\s*[:：].{0,40}",
    ),
    (
        "address",
        r"本文(?:地址|链接|网址|标题|来源|链接地址)\s*[:：].{0,200}|(?:转载|引用)(?:请)?注明.{0,120}|(?:https?://|www\.)\S+",
    ),
    (
        "comments",
        r"(?:留言|评论|网友评论|发表评论|我要评论|我要留言|用户评论|最新评论|全部评论|暂无评论).{0,40}|(?:验证码|昵称|姓名|邮箱|手机号|联系电话)\s*[:：]?\s*.{0,12}|"
        r"(?:提交|重置|发表|发布评论|取消|看不清.{0,10}|换一张|匿名)",
    ),
    (
        "footer",
        r"(?:主办|承办|协办|技术支持|维护|版权所有|网站地图|联系我们|网站标识码|.{0,4}ICP备|.{0,4}公网安备|备案(?:序)?号|邮编|Copyright|©).{0,160}",
    ),
)
_LINES = tuple(
    (reason, re.compile(f"{_EDGE}(?:{rule}){_EDGE}", re.IGNORECASE | re.DOTALL)) for reason, rule in _LINE_RULES
)
_DISCLAIMS = re.compile(
    r"(?:不代表|仅代表)[^。]{0,24}(?:立场|观点)|(?:未经|未获)[^。]{0,12}(?:许可|授权|同意)[^。]{0,12}(?:转载|复制|使用)|"
    r"(?:侵权|侵犯|版权)[^。]{0,24}(?:联系|告知|删除)|(?:本站|本网|本平台)[^。]{0,40}(?:转载|展示|不承担|不对|仅供|不保证|处理)|"
    r"(?:仅供|以)[^。]{0,10}(?:参考|官方(?:网站)?(?:发布)?为准)|免责声明|版权声明|凡(?:本网|本站|注明)[^。]{0,40}"
)
_FEEDBACK = re.compile(
    r"(?:对|您)[^。]{0,20}(?:是否满意|满意度|有何意见|有帮助)|(?:意见|建议)[^。]{0,8}(?:征集|反馈)表|请(?:填写|输入)[^。]{0,10}验证码"
)
_TAIL_WORDS = re.compile(r"(?:\s*(?:分享(?:到|至)?\s*[:：]?|【?(?:打印|关闭)(?:本页|窗口)?】?|[|｜]))+\s*$")
_MIN_COPY = 12  # folded characters a line must have to speak for a second copy


@dataclass(frozen=True, slots=True)
class Removed:
    """A span of page.text that was taken out, and why.

    Reasons: share, tools, font_size, counter, navigation, neighbours, accessibility, source_line, address, comments,
    footer, disclaimer, feedback, copy.
    """

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Stripped:
    """What is left, and what was taken out with its reasons."""

    blocks: tuple[Block, ...]
    removed: tuple[Removed, ...] = ()
    warnings: tuple[Warn, ...] = ()


def is_furniture(text: str) -> str | None:
    """The reason why a whole line or cell is furniture, or None."""
    line = text.strip()
    if not line or len(line) > 600:
        return None
    if len(line) <= 220:
        for reason, pattern in _LINES:
            if pattern.fullmatch(line):
                return reason
    if _DISCLAIMS.search(line) and len(_DISCLAIMS.findall(line)) * 160 >= len(line):
        return "disclaimer"
    if len(line) <= 80 and _FEEDBACK.search(line):
        return "feedback"
    return None


def strip_furniture(blocks: Sequence[Block]) -> Stripped:
    """Blocks without furniture and without a second (mobile) copy of the prose.

    A table is furniture only if every cell is. A line that ends in furniture (…。 分享: |) keeps its sentence, with
    the tail removed. The copy rule is `_copies`; copies that differ are kept once with a `copies_disagree` warning.
    """
    kept: list[Block] = []
    removed: list[Removed] = []
    for block in blocks:
        if isinstance(block, Table):
            cells = [cell for row in block.rows for cell in row if cell.text.strip() and not cell.copy]
            reasons = [is_furniture(cell.text) for cell in cells]
            if cells and all(reasons):
                removed.append(Removed(block.span, reasons[0] or "tools"))
            else:
                kept.append(block)
            continue
        reason = is_furniture(block.text)
        if reason:
            removed.append(Removed((block.start, block.end), reason))
            continue
        kept.append(_without_tail(block, removed))
    return _copies(kept, removed)


def _without_tail(line: Paragraph, removed: list[Removed]) -> Paragraph:
    tail = _TAIL_WORDS.search(line.text)
    if tail is None or tail.start() == 0 or line.end - line.start != len(line.text):
        return line
    removed.append(Removed((line.start + tail.start(), line.end), "share"))
    return Paragraph(line.text[: tail.start()], line.start, line.start + tail.start(), line.level, line.bold)


def _copies(blocks: list[Block], removed: list[Removed]) -> Stripped:
    """Take out a run of lines that repeats, in order, the run right before it from its first line on.

    Lines of fewer than `_MIN_COPY` folded characters (headings, furniture) repeat in honest texts and do not open a
    copy. A copy holds at least three quarters of the original's lines; what differs is warned about.
    """
    lines = [(i, fold(b.text)) for i, b in enumerate(blocks) if isinstance(b, Paragraph) and b.text.strip()]
    long = [(i, text) for i, text in lines if len(text) >= _MIN_COPY]
    first: dict[str, int] = {}
    for at, (_, text) in enumerate(long):
        if text not in first:
            first[text] = at
            continue
        origin = first[text]
        length = at - origin
        ours = [t for _, t in long[origin:at]]
        theirs = [t for _, t in long[at : at + length]]
        same = len(set(ours) & set(theirs))
        if origin > 2 or same < 0.75 * len(set(ours)) or sum(map(len, theirs)) < 60:
            continue
        begin, stop = long[at][0], long[min(at + length, len(long)) - 1][0] + 1
        while stop < len(blocks) and isinstance(blocks[stop], Paragraph) and len(fold(blocks[stop].text)) < _MIN_COPY:  # type: ignore[union-attr]
            stop += 1
        gone = [block for block in blocks[begin:stop] if isinstance(block, Paragraph)]
        removed += [Removed((block.start, block.end), "copy") for block in gone]
        warnings: tuple[Warn, ...] = ()
        if set(ours) != set(theirs):
            differing = next((t for t in theirs if t not in set(ours)), "") or next(
                t for t in ours if t not in set(theirs)
            )
            warnings = (
                Warn("copies_disagree", f"the page prints its text twice and the copies differ: {differing[:60]}"),
            )
        rest = [*blocks[:begin], *(b for b in blocks[begin:stop] if isinstance(b, Table)), *blocks[stop:]]
        return Stripped(tuple(rest), tuple(removed), warnings)
    return Stripped(tuple(blocks), tuple(removed))
