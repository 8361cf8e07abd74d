"""Furniture: what a portal prints around and inside a disclosure that is not the disclosure.

Recognised by what it does (shares, navigates, counts, disclaims, asks for comments) and by its shape (a short line,
a label without a sentence), never by one site's words. What is taken out is named with its reason, so that nothing
disappears without a trace.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz.fuzz import ratio

from tasks.model import Span, Warn
from tasks.read.page import Block, Paragraph, Table
from tasks.text import clean_cell, fold

_EDGE = r"[\s|｜【】\[\]()（）<>《》«»·•:：,，、/\\*>+＋-]*"
# A line of buttons is a row of these words and nothing else; a sentence that uses one has more to it.
_BUTTONS: tuple[tuple[str, str], ...] = (
    (
        "share",
        r"(?:一键|我要|更多)?分享(?:到|至|给|本文|本页)?|(?:新浪|腾讯)?微博|微信(?:好友|朋友圈)?|QQ(?:空间|好友)?|朋友圈|"
        r"(?:用?[“\"]?(?:微信|手机)[”\"]?)?[“\"]?扫一扫[”\"]?.{0,16}|(?:用?手机|微信)?(?:扫描|扫码|识别)(?:[下上右左]方)?二?维?码?[,，]?.{0,16}|二维码|复制链接|钉钉|人人网|抖音|(?:微信|官方)?公众号|关注我们|点赞",
    ),
    (
        "tools",
        r"(?:打印|关闭|保存|下载|收藏|导出|推荐)(?:本|此|该|当前)?(?:页面|页|文章|文|窗口|本文)?|(?:我要|网站)?纠错|(?:政府)?网站找错|本页二维码|加入收藏|设为首页|"
        r"返回(?:顶部|列表|首页|上一页|上级)?|回到?顶部|TOP|全文下载|朗读|语音播报|附件下载",
    ),
    ("font_size", r"(?:字体|字号|文字)(?:大小)?|(?:特|超)?大号?|中号?|小号?|默认|正常|A[+-]"),
    (
        "navigation",
        r"导航(?:菜单)?|菜单|(?:网站|栏目|快速)导航|(?:网站)?首页|主页|(?:站内)?搜索|(?:用户)?登录|(?:用户)?注册|切换导航|English|[繁简]體?体?(?:中文|版)?|"
        r"(?:手机|移动|电脑)版|更多|展开|收起|(?:网站|站点)地图|联系我们|关于我们",
    ),
    (
        "accessibility",
        r"(?:网站)?无障碍(?:浏览|阅读|模式|版|辅助|服务)?|长者(?:助手|模式|版|专区|浏览)?|适老化(?:版本?|模式)?|关怀版|辅助工具|语音(?:阅读|朗读)|大字版|进入老年模式|智能(?:机器人|问答|客服)",
    ),
    (
        "comments",
        r"(?:网友|用户|最新|全部|暂无|发表|发布|我要)?(?:评论|留言)(?:与评论|列表|板|区)?|提交|重置|取消|看不清|换一张|匿名|验证码|昵称",
    ),
)
_ROW = re.compile(
    # Atomic: a row of hundreds of words is read once, not in every way it can be cut.
    rf"{_EDGE}(?:(?>{'|'.join(f'(?P<{reason}>{words})' for reason, words in _BUTTONS)})(?>{_EDGE}))+",
    re.IGNORECASE,
)
# A line that opens with one of these labels is the portal's, whatever follows.
_LABELLED: tuple[tuple[str, str], ...] = (
    ("share", r"分享(?:到|至)?\s*[:：].{0,60}"),
    ("font_size", r"(?:字体|字号|文字大小)(?:大小)?\s*[:：].{0,20}"),
    (
        "counter",
        r"(?:本文|页面|文章|信息|累计)?(?:浏览|点击|阅读|访问)(?:次数|量|率|数|人数|人次)?\s*(?:[:：]\s*(?:\d+\s*次?)?|\d+\s*次?|(?<=[量率数]))",
    ),
    (
        "counter",
        r"[您你]是(?:本站)?第?\s*\d+\s*位?访(?:客|问者).{0,6}|已(?:阅读?|浏览)\s*\d+\s*次|(?:评论|点赞|收藏|转发)数?\s*[:：]?\s*\d+",
    ),
    ("navigation", r"(?:网站)?(?:首页|主页)(?:[\s|｜·>]+[一-鿿]{2,8}){2,}"),
    (
        "navigation",
        r"(?=.{0,60}(?:上一页|下一页|尾页|末页))(?:首页|上一页|下一页|尾页|末页|跳转|(?:共|第)?\s?\d+\s?(?:页|条)?|[\s|/.…,，]|到|转至|GO)+",
    ),
    ("page_number", r"[—–－-]{1,2}\s?\d{1,3}\s?[—–－-]{1,2}|第\s?\d{1,3}\s?页(?:\s?[,，/共]{1,2}\s?\d{1,3}\s?页)?"),
    ("leaving", r".{0,4}(?:访问的链接|点击的链接)?即将离开.{0,60}|.{0,6}浏览器(?:版本)?(?:过低|不支持).{0,60}"),
    ("release", r"此件(?:主动|依申请|不予)?(?:公开|删减后公开)?(?:发布)?|信息公开(?:选项|属性)\s*[:：].{0,16}"),
    (
        "navigation",
        # Before the trail the words of the menu may stand on its line.
        r"(?:[一-鿿A-Za-z]{2,8}[\s|｜]+)*"
        r"(?:[您你])?(?:现?在)?的?(?:当前|现在|目前)?(?:所在)?的?位置(?:是)?\s*(?:[:：]|>).{0,100}|请输入(?:关键|内容|搜索).{0,12}",
    ),
    ("neighbours", r"[上下前后]一(?:篇|条|页|则)(?:文章|信息)?(?:\s*[:：].{0,120}|\s+[^，,。]{2,80}|)"),
    (
        "neighbours",
        r"(?:相关|推荐|热门|延伸)(?:阅读|文章|链接|稿件|新闻|信息|资料|标签)(?:\s*[:：].{0,100}|)|猜你喜欢|没有了",
    ),
    (
        "source_line",
        r"(?:信息|文章|稿件)?来源\s*[:：].{0,60}|(?:责任编辑|编辑|责编|信息员|录入员?)\s*[:：].{0,20}|(?:作者|审核|校对|标签)\s*[:：].{0,40}",
    ),
    (
        "address",
        r"本文(?:地址|链接|网址|标题|来源|链接地址)\s*[:：].{0,200}|(?:转载|引用)(?:请)?注明.{0,120}|(?:https?://|www\.)\S+",
    ),
    (
        "comments",
        r"(?:验证码|昵称|姓名|邮箱|手机号?|联系电话|评论内容)\s*[:：].{0,16}|(?:留言|评论)[^。，,]{0,6}[(（].{0,20}[)）].{0,6}|看不清.{0,12}",
    ),
    (
        "footer",
        r"(?:主办|承办|协办|技术支持|运行维护|维护|运维|建设|管理)(?:单位|机构)?\s*[:：].{0,160}|"
        r"(?:版权所有|Copyright|©|Produced By|Powered By).{0,120}",
    ),
    ("footer", r".{0,12}(?:ICP备|公网安备|网站标识码|备案(?:序)?号|邮政编码).{0,120}"),
    ("footer", r"[^。]{0,100}(?:ICP备|公网安备)\s?\d{6,}[^。]{0,80}"),
)
_LINES = tuple(
    (reason, re.compile(f"{_EDGE}(?:{rule}){_EDGE}", re.IGNORECASE | re.DOTALL)) for reason, rule in _LABELLED
)
_DISCLAIMS = re.compile(
    r"(?:不代表|仅代表)[^。]{0,24}(?:立场|观点)|(?:未经|未获)[^。]{0,12}(?:许可|授权|同意)[^。]{0,8}(?:不得|禁止|严禁|请勿)|"
    r"(?:如|若)[^。]{0,20}(?:侵权|侵犯|版权)|(?:请|可)[^。]{0,10}联系(?:本站|本网|我们)|联系[^。]{0,12}删除|"
    r"(?:本站|本网站?|本平台)[^。]{0,40}(?:转载|展示|不承担|不对|仅供|不保证|处理)|"
    r"仅供[^。]{0,10}参考|以官方[^。]{0,12}为准|免责声明|版权声明|凡(?:本网|本站|注明)"
)
_SPAM = re.compile(
    r"bet\s?365|葡京|六合彩|娱乐城|百家乐|博彩|老虎机|时时彩|威尼斯人|皇冠体育|真人荷官|外围投注|彩票平台|成人影院",
    re.IGNORECASE,
)
_FEEDBACK = re.compile(
    r"(?:对|您)[^。]{0,20}(?:是否满意|满意度|有何意见|有帮助)|(?:意见|建议)[^。]{0,8}(?:征集|反馈)表|请(?:填写|输入)[^。]{0,10}验证码"
)
_TAIL_WORDS = re.compile(r"(?:\s*(?:分享(?:到|至)?\s*[:：]?|【?(?:打印|关闭)(?:本页|窗口)?】?|[|｜]))+\s*$")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*(?:\([^()]*\)[^()]*)*\)")  # markdown: [打印](javascript:print())
_PARTED = re.compile(r"[\s|｜【】]+")
_COUNT = re.compile(r"\d*\s*[次条位]?|\d{4}-\d\d?-\d\d?")
_BUTTONED = 220  # characters of a line that is nothing but buttons and labels
_FOOT = 600  # the same of a page's foot on one line
_PIECES = 5  # known pieces that it has at least
_LISTS = re.compile(
    rf"{_EDGE}(?:(?:相关|推荐|热门|延伸|最新|更多|上级)(?:阅读|文章|链接|稿件|新闻|信息|资料|文档|公文|文件|政策|解读|政策解读|报道|推荐|内容)|(?:[您你]可能)?(?:还?感兴趣的?)(?:文章|内容)?|猜你喜欢){_EDGE}"
)
_FILES = re.compile(rf"{_EDGE}(?:相关|本文)?附件(?:下载|列表|清单)?{_EDGE}")
_FILE = re.compile(
    r"[^。；;]{2,}\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|rar|pptx?)(?:\s*[(（\[]?[\d.]+\s*[KMG]?B?[)）\]]?)?(?:\s*(?:点击)?下载)?\s*",
    re.IGNORECASE,
)
_NAME = 120  # characters of a file's name
_CHAPTER = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）])")
_LABEL = 24  # characters of such a label
_LISTED = 90  # characters of a title in such a list
_STEP = re.compile(r"[一-鿿A-Za-z《》“”·]{2,16}")
_FOOT_LINES = 40  # lines that no rule knows among the furniture below the text; more may be cells of a table
_OF_THE_FOOT = frozenset({"share", "tools", "neighbours", "comments", "footer"})
_SEPARATOR = re.compile(r"\s*[|｜>›»/＞-]{1,2}\s*")
_TRAIL = re.compile(r"(?:[^\s>›»＞。，,]{2,16}\s*(?:[>›»＞]{1,2}|&gt;)\s*){1,8}[^>›»＞。]{2,60}")
_BLOB = 200  # a single line of this length that repeats is a text of its own
_ALIKE = 80.0  # per cent of likeness from which a repetition is a second copy
_MIN_COPY = 12  # folded characters a line must have to speak for a second copy


@dataclass(frozen=True, slots=True)
class Removed:
    """A span of page.text that was taken out, and why.

    Reasons: share, tools, font_size, counter, navigation, neighbours, accessibility, source_line, address, comments,
    footer, leaving, page_number, release, spam (words of a hijacked page), disclaimer, feedback, attachment (a file's
    name), title (printed once more), copy.
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
    """The reason why a whole line or cell is furniture, or None.

    A line of several such pieces (浏览次数: 次 【打印】 【关闭】) is furniture by the first; so is the foot of a page
    that lost its line breaks: no sentence, and most of its pieces known.
    """
    line = (_LINK.sub(r"\1", text) if "](" in text else text).strip()
    reason = _reason(line)
    if reason is not None or not 4 <= len(line) <= _FOOT or not _PARTED.search(line):
        return reason
    parts = [part for part in _PARTED.split(line) if part and not _COUNT.fullmatch(part)]
    if len(line) > _BUTTONED and len(parts) < _PIECES:
        return None
    reasons = [_reason(part) for part in parts]
    known = [reason for reason in reasons if reason is not None]
    if len(line) <= _BUTTONED and len(parts) > 1 and len(known) == len(parts):
        return known[0]
    foot = len(known) >= _PIECES and len(known) * 2 > len(parts) and re.search(r"[。；;]", line) is None
    return known[0] if foot else None


def _reason(line: str) -> str | None:
    if not line or len(line) > 600:
        return None
    if len(line) <= 220:
        for reason, pattern in _LINES:
            if pattern.fullmatch(line):
                return reason
        row = _ROW.fullmatch(line) if len(line) <= 80 and len(line) >= 2 else None
        if row is not None:
            return min((row.start(reason), reason) for reason, _ in _BUTTONS if row[reason])[1]
        if _TRAIL.fullmatch(line.lstrip(">›»＞ ")):
            return "navigation"
    if len(line) <= 200 and _SPAM.search(line) and not re.search(r"[。;；]|查处|打击|整治|案", line):
        return "spam"
    if _DISCLAIMS.search(line) and len(_DISCLAIMS.findall(line)) * 160 >= len(line):
        return "disclaimer"
    if len(line) <= 80 and _FEEDBACK.search(line):
        return "feedback"
    return None


def strip_furniture(blocks: Sequence[Block], *, text: str = "", title: str | None = None) -> Stripped:
    """Blocks without furniture and without a second (mobile) copy of the prose.

    `text` (page.text) and `title` help to know a trail of columns (规划计划 | 总结计划 | 执行情况) that was printed
    without a word of its own: by the separators between its steps, or by the title it ends in.

    A table is furniture only if every cell is. A line that ends in furniture (…。 分享: |) keeps its sentence, with
    the tail removed. The copy rule is `_copies`; copies that differ are kept once with a `copies_disagree` warning.
    """
    kept: list[Block] = []
    removed: list[Removed] = []
    trail = _trails(blocks, text, fold(title or "")) | _lists(blocks) | _files(blocks)
    for number, block in enumerate(blocks):
        if number in trail:
            removed.append(Removed(_span(block), trail[number]))
            continue
        if isinstance(block, Table):
            cells = [cell for row in block.rows for cell in row if cell.text.strip() and not cell.copy]
            reasons = [is_furniture(cell.text) for cell in cells]
            whole = is_furniture(" ".join(cell.text for cell in cells)) if len(block.rows) == 1 else None
            if cells and (all(reasons) or whole):
                removed.append(Removed(block.span, reasons[0] or whole or "tools"))
            else:
                kept.append(block)
            continue
        reason = is_furniture(block.text)
        if reason:
            removed.append(Removed((block.start, block.end), reason))
            continue
        kept.append(_without_tail(block, text, removed))
    stripped = _copies(_without_foot(kept, removed), removed)
    if not any(gone.reason == "spam" for gone in removed):
        return stripped
    hijacked = Warn("spam_in_page", "the page holds advertising that no government prints; it may be a hijacked copy")
    return replace(stripped, warnings=(*stripped.warnings, hijacked))


def _lists(blocks: Sequence[Block]) -> dict[int, str]:
    """Places of blocks in a list of other documents: a label such as 相关阅读, and titles without a sentence to the end
    of the text or to the next piece of furniture."""
    found: dict[int, str] = {}
    for number, block in enumerate(blocks):
        if not isinstance(block, Paragraph) or len(block.text) > _LABEL or not _LISTS.fullmatch(block.text):
            continue
        below = number + 1
        while below < len(blocks) and (listed := _listed(blocks[below])):
            below += 1
        if below == len(blocks) or not listed:
            told = below < len(blocks) and is_furniture(_words(blocks[below])) is None
            if not told:
                found |= dict.fromkeys(range(number, below), "neighbours")
    return found


def _files(blocks: Sequence[Block]) -> dict[int, str]:
    """Places of lines that are names of files, and of the label above them (相关附件)."""
    found: dict[int, str] = {}
    for number, block in enumerate(blocks):
        if isinstance(block, Paragraph) and len(block.text) <= _NAME and _FILE.fullmatch(block.text):
            found[number] = "attachment"
            above = blocks[number - 1] if number else None
            if isinstance(above, Paragraph) and len(above.text) <= _LABEL and _FILES.fullmatch(above.text):
                found[number - 1] = "attachment"
    return found


def _listed(block: Block) -> bool:
    text = _words(block)
    if _CHAPTER.match(text):
        return False
    return len(text) <= _LISTED and re.search(r"[。;；]", text) is None and is_furniture(text) is None


def _words(block: Block) -> str:
    if isinstance(block, Paragraph):
        return block.text
    return " ".join(cell.text for row in block.rows for cell in row if not cell.copy)


def _span(block: Block) -> Span:
    return block.span if isinstance(block, Table) else (block.start, block.end)


def _trails(blocks: Sequence[Block], text: str, title: str) -> dict[int, str]:
    """Places of blocks that are steps of a trail of columns, or the title printed once more at its end."""
    found: dict[int, str] = {}
    run: list[int] = []
    for number, block in [*enumerate(blocks), (len(blocks), None)]:
        line = block.text.strip() if isinstance(block, Paragraph) else ""
        is_title = bool(title) and len(title) >= 6 and fold(line) == title
        if block is not None and not is_title and _STEP.fullmatch(line):
            run.append(number)
            continue
        between = [text[_span(blocks[a])[1] : _span(blocks[b])[0]] for a, b in pairwise(run)] if text else []
        separated = len(run) >= 2 and all(_SEPARATOR.fullmatch(gap) for gap in between) and between
        if separated or (len(run) >= 2 and is_title):
            found |= dict.fromkeys(run, "navigation")
        if is_title:
            found[number] = "title"
        run = []
    return found


def _without_foot(blocks: list[Block], removed: list[Removed]) -> list[Block]:
    """The blocks without the short lines that stand among the furniture below the text: what no rule knows there
    belongs to the page, not to the last section."""
    last = next((n for n in range(len(blocks) - 1, -1, -1) if _tells(blocks[n])), None)
    if last is None:
        return blocks
    stop = _span(blocks[last])[1]
    foot = min((gone.span[0] for gone in removed if gone.reason in _OF_THE_FOOT and gone.span[0] >= stop), default=None)
    below = [block for block in blocks[last + 1 :] if foot is not None and _span(block)[0] > foot]
    if not below or len(below) > _FOOT_LINES:
        return blocks
    removed += [Removed(_span(block), "footer") for block in below]
    return blocks[: len(blocks) - len(below)]


def _tells(block: Block) -> bool:
    return isinstance(block, Table) or len(block.text) > _LISTED or re.search(r"[。；;！：:]", block.text) is not None


def _without_tail(line: Paragraph, text: str, removed: list[Removed]) -> Paragraph:
    """The line without the furniture behind its last sentence: a row of share buttons, or all that follows the first
    of several pieces where the text lost its line breaks."""
    raw = text[line.start : line.end] if text else line.text
    if len(raw) != line.end - line.start:
        return line
    tail = _TAIL_WORDS.search(raw)
    cut = tail.start() if tail is not None else _frame_behind(raw) if len(raw) >= _BLOB else None
    if not cut:
        return line
    removed.append(Removed((line.start + cut, line.end), "share"))
    shown = line.text[:cut] if raw == line.text else clean_cell(raw[:cut])
    return Paragraph(shown, line.start, line.start + cut, line.level, line.bold)


def _frame_behind(raw: str) -> int | None:
    """Where behind the last sentence of a text the words of the page begin: at the first of two or more pieces,
    parted by blanks, that are furniture; None where a sentence follows or there are fewer."""
    told = max(map(raw.rfind, "。！!？?")) + 1
    if not told:
        return None
    pieces = [*re.finditer(r"[^\s|｜]+", raw[told:])]
    odd = [piece for piece in pieces if _reason(piece[0]) is not None]
    return told + odd[0].start() if len(odd) > 1 else None


def _copies(blocks: list[Block], removed: list[Removed]) -> Stripped:
    """Take out a run of lines that repeats, in order, the run right before it from its first line on.

    Lines of fewer than `_MIN_COPY` folded characters (headings, furniture) repeat in honest texts and do not speak
    for a copy. A copy starts near the top and is like the original as a whole; what differs is warned about.
    """
    lines = [(i, fold(b.text)) for i, b in enumerate(blocks) if isinstance(b, Paragraph) and b.text.strip()]
    first: dict[str, int] = {}
    for at, (_, line) in enumerate(lines):
        if len(line) < _MIN_COPY:
            continue
        origin = first.setdefault(line, at)
        if origin == at or (at - origin < 2 and len(line) < _BLOB):
            continue
        while origin > 0 and lines[origin - 1][1] == lines[at - 1][1] and at - 1 > origin:
            origin, at = origin - 1, at - 1  # noqa: PLW2901 - short lines before belong to both
        if sum(len(text) >= _MIN_COPY for _, text in lines[: min(origin, 9)]) > 2 or origin > 8:
            continue
        ours = [text for _, text in lines[origin:at]]
        theirs = [text for _, text in lines[at : at + len(ours)]]
        if sum(map(len, ours)) < 60 or ratio("".join(ours), "".join(theirs), score_cutoff=_ALIKE) == 0:
            continue
        one, other = set(ours), set(theirs)
        last = max(i for i, text in enumerate(theirs) if text in one)
        begin, stop = lines[at][0], lines[at + last][0] + 1
        removed += [Removed((b.start, b.end), "copy") for b in blocks[begin:stop] if isinstance(b, Paragraph)]
        rest = [*blocks[:begin], *(b for b in blocks[begin:stop] if isinstance(b, Table)), *blocks[stop:]]
        differing = [text for text in ours if text not in other] + [t for t in theirs[:last] if t not in one]
        warnings = [
            Warn("copies_disagree", f"the text is printed twice, and differs in: {t[:60]}") for t in differing[:1]
        ]
        return Stripped(tuple(rest), tuple(removed), tuple(warnings))
    return Stripped(tuple(blocks), tuple(removed))
