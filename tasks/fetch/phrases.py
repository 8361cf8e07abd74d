"""What challenge, error, maintenance and login pages look like: the patterns that `recognise` weighs.

Kept apart from the weighing so that a new firewall or a new wording is one line here and one test.
"""

from __future__ import annotations

import re


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.IGNORECASE)


# ── structure ────────────────────────────────────────────────────────────────────────────────────────────────────────

LINK = re.compile(r"<a\b[^<>]{0,300}\bhref\s*=\s*[\"']?(?!\s*(?:javascript:|#))[^<>]{0,300}>\s*[^<\s]", re.IGNORECASE)
CELL = re.compile(r"<td\b", re.IGNORECASE)
EMBEDS = re.compile(r"<(?:iframe|frame|embed|object|img)\b", re.IGNORECASE)
ATTACHMENT = re.compile(r"href\s*=\s*[\"'][^\"']*(?:\.(?:docx?|xlsx?|pdf|wps|ofd|zip|rar)\b|downfile)", re.IGNORECASE)
PASSWORD_FIELD = re.compile(r"<input\b[^<>]{0,300}\btype\s*=\s*[\"']?password\b", re.IGNORECASE)
ASKS_BACK = re.compile(r"<(?:script|form|input|iframe|img|canvas)\b", re.IGNORECASE)
REFRESH = re.compile(
    r"<meta\b(?=[^<>]{0,300}\bhttp-equiv\s*=\s*[\"']?refresh\b)[^<>]{0,300}\bcontent\s*=\s*[\"']?\s*(\d+)(?:[.\d]*)\s*"
    r"(?:[;,]\s*(?:url\s*=)?\s*['\"]?([^'\">]*))?",
    re.IGNORECASE,
)

# What the CMS of government portals writes around an article or a list.
CMS = _any(
    r"<meta\b[^<>]{0,300}\bname\s*=\s*[\"']?(?:ArticleTitle|ColumnName|PubDate|ContentSource|ContentStart)\b",
    r"ZJEG_RSS\.content\.begin|TRS_Editor|TRS_UEDITOR|UCAP-CONTENT|\bid\s*=\s*[\"']?(?:zoom|ivs_content)\b",
)
# Lists and articles that stand as data in the page, to be shown by script.
DATA = _any(
    r"<datastore\b",
    r"\b_CONFIG\s*=",
    r"\bqueryData\s*=",
    r"createPageHTML\s*\(",
    r"unitbuild\.js",
    r"__INITIAL_STATE__",
)

# ── challenges ───────────────────────────────────────────────────────────────────────────────────────────────────────

SETS_COOKIE = re.compile(r"document\s*(?:\.\s*cookie|\[\s*['\"]cookie['\"]\s*\])\s*=(?!=)|\.cookie\s*=(?!=)")
LEAVES = re.compile(
    r"\blocation\s*(?:=(?!=)|\.\s*(?:href\s*=(?!=)|replace\s*\(|assign\s*\(|reload\s*\()|\[\s*['\"])|\.submit\s*\("
)
FIXED_TARGET = re.compile(
    r"\blocation(?:\s*\.\s*href)?\s*=\s*['\"]([^'\"]+)['\"]\s*(?:;|$|\n|\})"
    r"|\blocation\s*\.\s*(?:replace|assign)\s*\(\s*['\"]([^'\"]+)['\"]\s*\)"
)
OBSCURE = _any(
    r"\beval\s*\(",
    r"\bnew\s+Function\s*\(",
    r"String\s*\.\s*fromCharCode",
    r"\b_0x[0-9a-f]{3,}",
    r"\\x[0-9a-f]{2}\\x[0-9a-f]{2}",
    r"\batob\s*\(",
    r"\bunescape\s*\(\s*['\"]%",
    r"(?:\[\]|!\+\[\]|\(!\[\]){4}",
)
# Names by which products give themselves away: 瑞数, 加速乐, 阿里云, 腾讯云, Cloudflare, 雷池, captcha services.
VENDOR = _any(
    r"\$_ts\b",
    r"__jsl_clearance|__jsluid",
    r"acw_sc__v2|aliyun_waf|_waf_bd8ce2ce37",
    r"cf[-_]chl|challenge-platform",
    r"EO_Bot_Ssid|__tst_status|TencentCaptcha",
    r"safeline|waf_captcha|_Incapsula_",
    r"\bC3VK\b",
    r"geetest|yidun|nocaptcha|hcaptcha|recaptcha",
)
WAITS = _any(
    r"(?:请|需要?|please).{0,12}(?:开启|启用|打开|允许|enable).{0,12}(?:java ?script|cookies?)",
    r"(?:正在|进行)(?:安全)?(?:检测|验证|跳转|校验)",
    r"checking your browser|just a moment",
    r"请稍[候后等]|loading|跳转中",
)
CAPTCHA = _any(
    r"(?:请|需).{0,10}(?:完成|进行|通过|输入|拖动).{0,10}(?:验证|滑块)",
    r"(?:安全|人机|访问|滑动|图形)验证",
    r"拖动.{0,6}滑块|滑块验证",
    r"(?:输入|填写).{0,8}验证码",
    r"verify (?:that )?you are (?:a )?human|are you a robot",
)
FIREWALL = _any(
    r"(?:访问|请求|操作)(?:行为)?.{0,12}(?:被|已被|遭到).{0,6}(?:阻断|拦截|拒绝|禁止|封禁|限制|屏蔽)",
    r"(?:访问|请求|操作).{0,6}(?:过于频繁|太频繁|频率过[快高]|异常)",
    r"(?:检测到|存在|疑似|包含).{0,10}(?:攻击|恶意|危险|可疑|不合法).{0,4}(?:行为|请求|参数|代码|访问|IP)",
    r"网站防火墙|web ?application ?firewall|云防护|创宇盾|安全狗|云盾|拦截提示",
    r"(?:您|你)的ip.{0,20}(?:禁止|黑名单|限制|封)",
    r"(?:禁止|拒绝)访问|无权限?访问",
    r"access denied|request (?:was )?(?:blocked|rejected)|requested url was rejected|403 forbidden",
)

# ── pages that are not the document ──────────────────────────────────────────────────────────────────────────────────

_THING = r"(?:页面|网页|文章|信息|内容|文件|链接|资源|栏目|地址|稿件)"
_LOST = (
    r"(?:不存在|已(?:经)?(?:被)?(?:删除|下线|撤销|移除|撤下|失效|过期|关闭)"
    r"|未找到|没有找到|找不到|无法找到|不见了|走丢)"
)
GONE = _any(
    rf"{_THING}[^。;;,,]{{0,12}}{_LOST}",
    rf"(?:找不到|未找到|没有找到|无法找到|不存在)[^。;;,,]{{0,16}}{_THING}",
    r"(?:page|file|document|resource|url) .{0,30}(?:not found|does not exist|cannot be found)",
    r"\b404\b.{0,12}(?:error|not found|错误|页面|未找到)|(?:error|错误|http).{0,6}\b404\b",
    r"^\W*not found\W*$|访问(?:的)?(?:页面|内容|信息)?出错",
)
GONE_TITLE = _any(
    r"^\W*(?:http|error|错误)?\W*404\b",
    r"\b404(?:页面|错误|提示|error)?\W*$",
    r"^\W*(?:page )?not found",
    rf"{_THING}[^。,,]{{0,10}}{_LOST}",
    rf"(?:找不到|未找到|不存在)[^。,,]{{0,10}}{_THING}",
)
# On a page full of content a title has to be an error page's own, not one about lost pages.
GONE_START = re.compile(
    r"\W*(?:404|error|错误|抱歉|对不起|很遗憾|您|你|该|此|页面|网页|page|not found|找不到|无法)", re.IGNORECASE
)
UNDER_REPAIR = _any(
    r"(?:系统|网站|网页|平台|服务器?|站点|本站|门户)[^。]{0,20}(?:维护|升级|改版|检修|割接|迁移|调整|关闭|暂停)",
    r"(?:正在|进行)[^。]{0,10}(?:维护|升级|改版|检修)|(?:维护|升级|改版|检修)中",
    r"under maintenance|temporarily unavailable|be back soon",
    r"服务器?(?:暂时)?不可用|服务器(?:繁忙|忙)|系统繁忙",
)
PATIENCE = _any(
    r"暂停|稍[后候]|暂时|暂不|敬请|不便|谅解|恢复|期间|中断|无法访问|繁忙",
    r"(?:维护|升级|改版|建设)中",
    r"try again|later|sorry|unavailable|maintenance",
)
LOGIN_TITLE = _any(r"登\s*[录陆]", r"统一(?:身份)?认证|单点登录", r"\b(?:log ?in|sign ?in)\b")
LOGIN_TEXT = _any(
    r"请(?:先|您)?(?:重新)?登[录陆]",
    r"(?:登[录陆]|会话)(?:已)?(?:超时|过期|失效)",
    r"(?:用户名|账号|帐号).{0,20}密\s*码|未登[录陆]",
)
LOGIN_PATH = re.compile(r"/(?:login|signin|sso|cas|passport|auth)(?:[/.?]|$)", re.IGNORECASE)
NOT_YET = _any(r"(?:尚未|暂未|还未|即将|未到)(?:公开|公布|发布|上线)", r"暂不公开")
HOME = re.compile(r"/?|/(?:index|default|home|main)\.(?:s?html?|jsp|aspx?|php|do)", re.IGNORECASE)
