"""The words and shapes of lines that a portal prints around a disclosure, whole lines and rows of buttons.

Recognised by what they do (share, navigate, count, disclaim, ask for comments), never by one site's words; what is
taken out of a page is decided in tasks/read/furniture.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

EDGE = r"[\s|｜【】\[\]()（）<>《》«»·•:：,，、/\\*>+＋-]*"
# A line of buttons is a row of these words and nothing else; a sentence that uses one has more to it.
_BUTTONS: tuple[tuple[str, str], ...] = (
    (
        "share",
        r"(?:一键|我要|更多)?分享(?:到|至|给|本文|本页)?|(?:新浪|腾讯)?微博|微信(?:好友|朋友圈)?|QQ(?:空间|好友)?|朋友圈|"
        r"(?:用?[“\"]?(?:微信|手机)[”\"]?)?[“\"]?扫一扫[”\"]?.{0,16}|(?:用?手机|微信)?(?:扫描|扫码|识别)(?:[下上右左]方)?二?维?码?[,，]?.{0,16}|二维码|复制链接|钉钉|人人网|抖音|(?:微信|官方)?公众号|关注我们|点赞",
    ),
    (
        "tools",
        r"(?:打印|关闭|保存|下载|收藏|导出|推荐)(?:本|此|该|当前)?(?:页面|页|文章|文|窗口|本文)?|(?:我要|网站|网页|文章|内容|信息)?纠错|(?:政府)?网站找错|本页二维码|加入收藏|设为首页|"
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
    rf"{EDGE}(?:(?>{'|'.join(f'(?P<{reason}>{words})' for reason, words in _BUTTONS)})(?>{EDGE}))+",
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
        # A trail with other strokes, and a menu whose words run into each other.
        r"政府信息公开(?:指南|年报|年度报告|制度|目录)|(?:网站)?首\s?页(?:\s?[／/》\\→]\s?[^\s。，,；;／》→]{2,24}){2,8}|"
        r"(?:网站)?首页(?=(?:.*(?:公开|服务|互动|概况|动态|新闻|办事|资讯|专题|走进|机构)){2})[一-鿿]{6,60}",
    ),
    (
        "navigation",
        r"(?=.{0,60}(?:上一页|下一页|尾页|末页))(?:首页|上一页|下一页|尾页|末页|跳转|(?:共|第)?\s?\d+\s?(?:页|条)?|[\s|/.…,，]|到|转至|GO)+",
    ),
    ("page_number", r"[—–－-]{1,2}\s?\d{1,3}\s?[—–－-]{1,2}|第\s?\d{1,3}\s?页(?:\s?[,，/共]{1,2}\s?\d{1,3}\s?页)?"),
    ("leaving", r".{0,4}(?:访问的链接|点击的链接)?即将离开.{0,60}|.{0,6}浏览器(?:版本)?(?:过低|不支持).{0,60}"),
    ("release", r"此件(?:主动|依申请|不予)?(?:公开|删减后公开)?(?:发布)?|信息公开(?:选项|属性)\s*[:：].{0,16}"),
    (
        "navigation",
        # Before the trail the site's name and the words of the menu may stand on its line.
        r"(?:[一-鿿A-Za-z]{2,8}[\s|｜]+)*"
        r"(?:[您你])?(?:现?在)?的?(?:当前|现在|目前)?(?:所在)?的?位置(?:是)?\s*(?:[:：]|>).{0,100}|请输入(?:关键|内容|搜索).{0,12}|"
        r"[^。；;，,]{2,160}[\s|｜](?:[您你](?:现?在)?的?|当前|现在|所在)(?:当前|所在)?的?位置(?:是)?\s*[:：](?=.*[>›»＞]).{0,100}",
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
_LINES = tuple((reason, re.compile(f"{EDGE}(?:{rule}){EDGE}", re.IGNORECASE | re.DOTALL)) for reason, rule in _LABELLED)
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
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*(?:\([^()]*\)[^()]*)*\)")  # markdown: [打印](javascript:print())
_PARTED = re.compile(r"[\s|｜【】]+")
_COUNT = re.compile(r"\d*\s*[次条位]?|\d{4}-\d\d?-\d\d?")
_BUTTONED = 220  # characters of a line that is nothing but buttons and labels
_FOOT = 600  # the same of a page's foot on one line
_PIECES = 5  # known pieces that it has at least
FOOT_LENGTH = 1500  # of one that begins with a word of the foot
_FOOT_WORDS = re.compile(
    r"(?:^|(?<=[。！!？?”’）)日\s]))[\[【]?\s?(?:分享(?:到|至)|扫一扫|用?微信扫|(?:手机)?扫码|打印(?:本页)?(?=[\s】\]|])|关闭(?:窗口|本页)?(?=[\s】\]|])|"
    r"返回(?:列表|顶部|首页)|[上下]一[篇条页](?=[:：\s])|【?相关(?:阅读|文章|链接|新闻|附件|稿件|信息|解读)】?(?=[:：\s])|(?:责任编辑|信息员)\s?[:：]|"
    r"[【\[]\s?字[体号]\s?[:：]|分享微信|(?:我要|发表)评论|"
    r"主办(?:单位)?\s?[:：]|版权所有|网站地图|友情链接|[您你]访问的链接即将离开)"
)
_CHAPTER = re.compile(r"(?:^|[\s。])(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])")
_LEAST_FOOT = 60  # characters
_FOOT_KNOWN = 2  # pieces of such a foot that are known, at least
_TRAIL = re.compile(r"(?:[^\s>›»＞。，,]{2,16}\s*(?:[>›»＞]{1,2}|&gt;)\s*){1,8}[^>›»＞。]{2,60}")


def is_furniture(text: str) -> str | None:
    """The reason why a whole line or cell is furniture, or None.

    A line of several such pieces (浏览次数: 次 【打印】 【关闭】) is furniture by the first; so is the foot of a page
    that lost its line breaks: no sentence, and most of its pieces known.
    """
    line = (_LINK.sub(r"\1", text) if "](" in text else text).strip()
    reason = reason_of(line)
    if reason is None and len(line) > _LEAST_FOOT and is_foot(line):
        return "footer"
    if reason is not None or not 4 <= len(line) <= _FOOT or not _PARTED.search(line):
        return reason
    parts = [part for part in _PARTED.split(line) if part and not _COUNT.fullmatch(part)]
    if len(line) > _BUTTONED and len(parts) < _PIECES:
        return None
    reasons = [reason_of(part) for part in parts]
    known = [reason for reason in reasons if reason is not None]
    if len(line) <= _BUTTONED and len(parts) > 1 and len(known) == len(parts):
        return known[0]
    foot = len(known) >= _PIECES and len(known) * 2 > len(parts) and re.search(r"[。；;]", line) is None
    return known[0] if foot else None


def opens_foot(text: str, begin: int = 0) -> Iterator[int]:
    """Where words stand behind `begin` with which the foot of a page may open."""
    return (found.start() for found in _FOOT_WORDS.finditer(text, begin))


def begins_foot(text: str) -> bool:
    """Whether a text opens with a word of a page's foot and has no sentence."""
    return _FOOT_WORDS.match(text.lstrip()) is not None and re.search(r"[。；;！]", text) is None


def is_foot(text: str) -> bool:
    """Whether a text opens with a word of a page's foot and goes on as one: two pieces or more are furniture, and
    neither a chapter nor a second sentence is in it."""
    if len(text) > FOOT_LENGTH or not _FOOT_WORDS.match(text) or text.count("。") > 1:
        return False
    if "。" in text and _CHAPTER.search(text):  # titles of other documents may open like chapters
        return False
    return len([piece for piece in _PARTED.split(text) if reason_of(piece) is not None]) >= _FOOT_KNOWN


def reason_of(line: str) -> str | None:
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
