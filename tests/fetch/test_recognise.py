"""Rows 12, 18-22 and 92 by what the pages are; and, as important, what is never taken for one of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.fetch.answer import Answer
from tasks.fetch.recognise import recognise
from tasks.model import Outcome
from tests.fetch.faulty import PAGE

URL = "http://www.liuwan.example/art/2024/10/21/art_1_2.html"


def judged(
    html: str | bytes, status: int = 200, purpose: str = "document", url: str = URL, came: str | None = None
) -> tuple[Outcome | None, str]:
    body = html.encode() if isinstance(html, str) else html
    error = recognise(Answer(status, (), body, url, came or url, purpose))
    return (error.outcome, error.code) if error else (None, "")


def page(body: str, title: str = "", head: str = "") -> str:
    head = f"<head><meta charset='utf-8'><title>{title}</title>{head}</head>"
    return f"<!DOCTYPE html><html>{head}<body>{body}</body></html>"


RUISHU = (
    '<!DOCTYPE html><html><head><meta charset="UTF-8"><meta id="9DhefwqG" content="{Q6~Yk" r="m">'
    "<script type=\"text/javascript\" r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=5;$_ts.cd=\"qrI"
    + "xYz0"
    * 900
    + '";'
    "</script><script src=\"/4QbVtADbnLVIc/d.js\" r='m'></script></head><body></body></html>"
)
JIASULE = (
    "<script>document.cookie=('_')+('_')+('j')+('s')+('l')+'_cl'+'earance=17295.4|-1|x;max-age=3600;path=/';"
    "location.href=location.pathname+location.search</script>"
)
OBFUSCATED = "<script>" + "var _0x3f2a=['\\x63\\x6f'];(function(_0x1,_0x2){});" * 40 + "go();</script>"
CHALLENGES = {
    "ruishu": RUISHU,
    "jiasule": JIASULE,
    "jiasule packed": "<script>eval(function(p,a,c,k,e,d){return p}('0 1=2',3,3,'a|b|c'.split('|'),0,{}))</script>",
    "cookie and reload": page("<script>document.cookie='C3VK=5d1;path=/';window.location.reload();</script>"),
    "cookie in brackets": page("<script>document['cookie']='k='+f(3);location.replace(location.href);</script>"),
    "aliyun": page(
        '<script>var arg1="A3";function r(x){document.cookie="acw_sc__v2="+x;document.location.reload();}</script>'
    ),
    "obfuscated": OBFUSCATED,
    "onload": '<html><body onload="challenge()"><script>function challenge(){document.cookie="k="+1;location.reload()}'
    "</script></body></html>",
    "waits": page("<script src='/c.js'></script><p>正在进行安全检测，请稍候…</p>", "请稍候"),
    "noscript": page("<noscript>请开启JavaScript并刷新该页.</noscript><script src='/_guard/auto.js'></script>"),
    "cloudflare": page(
        "<div>Checking your browser before accessing.</div><script>window._cf_chl_opt={}</script>", "Just a moment..."
    ),
    "captcha": page("<form><p>请完成安全验证后继续访问</p><input name=code><img src=/captcha></form>", "安全验证"),
    "slider": page("<div id=nc></div><p>请拖动滑块完成拼图验证</p><script src=/geetest.js></script>", "访问验证"),
    "code": page("<form action=/verify>请输入验证码 <input><img src=/vcode></form>", "访问验证"),
    "form submits itself": page(
        "<form id=f method=post><input type=hidden name=t value=1></form><script>document.forms[0].submit()</script>"
    ),
    "only an outer script": page("<script src='/x7f3a.js'></script>"),
    "self refresh": page("<script>var a=1</script>", head='<meta http-equiv="refresh" content="0">'),
}
BLOCK_PAGES = {
    "blocked": page("<h1>您的访问请求已被拦截</h1><p>事件ID：8f3a</p>", "访问被阻断"),
    "too often": page("<p>访问过于频繁，请稍后再试。</p>"),
    "malicious": page("<p>检测到疑似攻击行为，请求已被记录。</p>", "网站防火墙"),
    "english": page("<h1>Access Denied</h1><p>You don't have permission.</p>", "Access Denied"),
}
GONE = {
    "sentence": page("<p>您访问的页面不存在，请返回首页。</p>"),
    "deleted": page("<div>对不起，您要查看的文章已被删除！</div>", "提示信息"),
    "not found": page("<h1>404 Not Found</h1><hr>nginx", "404 Not Found"),
    "title in chrome": page(
        "<ul>" + "<li><a href=/x>政务公开</a></li>" * 80 + "</ul><p>返回首页</p>", "404-页面不存在_柳湾区政府"
    ),
    "heading in chrome": page(
        "<h2>抱歉，您访问的页面不存在</h2>" + "<p>政务公开 办事服务 互动交流</p>" * 60, "柳湾区人民政府"
    ),
    "gone": page("<p>该信息已下线或不存在</p>", "柳湾区人民政府门户网站"),
}
REPAIR = {
    "system": page("<p>系统维护中，请稍后访问。</p>"),
    "site": page("<h1>网站升级改版公告</h1><p>本网站正在进行升级，期间暂停服务，给您带来不便敬请谅解。</p>"),
    "english": page("<h1>Site under maintenance</h1><p>Please try again later.</p>"),
    "busy": page("<p>服务器繁忙，请稍后再试</p>"),
}
LOGIN = {
    "form": page(
        "<h2>用户登录</h2><form>用户名<input name=u>密码<input type=password name=p></form>", "统一身份认证平台"
    ),
    "expired": page("<p>登录已超时，请重新登录</p>"),
}
ELSEWHERE = {
    "refresh": page("", head='<meta http-equiv="refresh" content="0;url=/index.html">'),
    "refresh with words": page(
        "<p>页面已迁移，3秒后跳转</p>", head="<meta content=\"3; URL='http://new.liuwan.example/'\" http-equiv=Refresh>"
    ),
    "script": page('<script>window.location.href="/col/col1/index.html";</script>'),
}


@pytest.mark.parametrize("status", [200, 202, 403, 412, 503, 521])
@pytest.mark.parametrize("name", CHALLENGES)
def test_rows_18_and_19_challenges(name: str, status: int) -> None:
    assert judged(CHALLENGES[name], status)[0] is Outcome.BLOCKED


@pytest.mark.parametrize("name", BLOCK_PAGES)
def test_row_19_firewalls_that_speak(name: str) -> None:
    assert judged(BLOCK_PAGES[name])[0] is Outcome.BLOCKED


@pytest.mark.parametrize("name", GONE)
def test_row_20_soft_404(name: str) -> None:
    assert judged(GONE[name]) == (Outcome.GONE, "SoftGone")


@pytest.mark.parametrize("name", REPAIR)
def test_row_21_maintenance(name: str) -> None:
    assert judged(REPAIR[name]) == (Outcome.FAILED, "Maintenance")


@pytest.mark.parametrize("name", LOGIN)
def test_row_21_login(name: str) -> None:
    assert judged(LOGIN[name]) == (Outcome.FAILED, "LoginRequired")


@pytest.mark.parametrize("name", ELSEWHERE)
def test_row_12_pages_that_only_refer_elsewhere(name: str) -> None:
    assert judged(ELSEWHERE[name]) == (Outcome.FAILED, "NotTheDocument")


@pytest.mark.parametrize("came", ["http://www.liuwan.example/", "http://www.liuwan.example/index.html"])
def test_row_12_home_page(came: str) -> None:
    assert judged(PAGE, came=came) == (Outcome.FAILED, "NotTheDocument")
    assert judged(PAGE, purpose="listing", came=came) == (Outcome.FAILED, "NotTheDocument")
    # A list that has moved to a host of its own.
    assert judged(PAGE, purpose="listing", came=came.replace("www", "zwgk"))[0] is None


def test_a_login_that_a_redirect_leads_to() -> None:
    assert judged(PAGE, came="http://www.liuwan.example/sso/login.do")[1] == "LoginRequired"


@pytest.mark.parametrize("html", ["", " \n", page(""), page("<!-- moved -->")])
def test_row_22_nothing_in_it(html: str) -> None:
    assert judged(html) == (Outcome.FAILED, "EmptyBody")


def test_not_yet_published() -> None:
    assert judged(page("<p>该信息尚未公开，请关注后续公告。</p>"))[0] is Outcome.NOT_PUBLISHED


@pytest.mark.parametrize(
    ("status", "outcome", "code"),
    [
        (404, Outcome.GONE, "Gone"),
        (410, Outcome.GONE, "Gone"),
        (403, Outcome.BLOCKED, "Forbidden"),
        (405, Outcome.BLOCKED, "Forbidden"),
        (412, Outcome.BLOCKED, "Challenge"),
        (512, Outcome.BLOCKED, "Challenge"),
        (521, Outcome.BLOCKED, "Challenge"),
        (429, Outcome.BLOCKED, "RateLimited"),
        (401, Outcome.FAILED, "LoginRequired"),
        (500, Outcome.FAILED, "ServerError"),
        (503, Outcome.FAILED, "ServerError"),
        (204, Outcome.FAILED, "StatusRefused"),
        (206, Outcome.FAILED, "StatusRefused"),
        (400, Outcome.FAILED, "StatusRefused"),
    ],
)
def test_statuses(status: int, outcome: Outcome, code: str) -> None:
    for html in (page("<p>x</p>"), PAGE):
        assert judged(html, status) == (outcome, code)


# ── what must pass ──────────────────────────────────────────────────────────────────────────────────────────────────

COUNTER = (
    "<script>var _hmt=_hmt||[];(function(){var hm=document.createElement('script');hm.src='//hm.liuwan.example/h.js';"
    "document.getElementsByTagName('script')[0].parentNode.insertBefore(hm,null)})();document.cookie='visited=1';</script>"
)
MOBILE = "<script>if(/Mobile/.test(navigator.userAgent)){location.href='/m/art_1_2.html';}</script>"
GENUINE = {
    "table": PAGE,
    "gbk": page("<p>柳湾区本季度无新增事项。</p>", "柳湾区三季度进展").encode("gb18030"),
    "a sentence": page("<p>本季度无新增事项。</p>", "柳湾区2024年三季度进展"),
    "a sentence, counted": page("<p>本季度无新增事项。</p>" + COUNTER, "柳湾区2024年三季度进展"),
    "a sentence, with a mobile twin": page("<p>本季度无新增事项。</p>" + MOBILE, "柳湾区2024年三季度进展"),
    "both scripts": page("<p>本季度无新增事项。</p>" + MOBILE + COUNTER, "柳湾区2024年三季度进展"),
    "an attachment only": page("<p><a href='/module/download/downfile.jsp?filename=ab.doc'>附件</a></p>" + COUNTER),
    "a picture of a table": page("<img src='/p/1.jpg'>" + COUNTER),
    "an embedded file": page("<iframe src='/p/1.pdf'></iframe>"),
    "a counted small table": page(
        "<table>" + "<tr><td>绿道建设</td><td>已完工</td></tr>" * 5 + "</table>" + COUNTER + MOBILE
    ),
    "about captchas": page(
        "<p>完成网上办事平台登录验证码改造，群众请输入验证码即可办理。</p>" * 12 + "<script>1</script>", "三季度进展"
    ),
    "about maintenance": page(
        "<table>"
        + "<tr><td>平台升级</td><td>政务系统升级维护完成，期间暂停服务两次</td><td>100%</td></tr>" * 4
        + "</table>"
    ),
    "about dead links": page(
        "<meta name='ArticleTitle' content='政府网站抽查情况'><p>抽查发现3个链接不存在，已整改。</p>"
        "<p>其余页面正常。</p>",
        "政府网站抽查情况",
    ),
    "headed like a lost page": page(
        "<p>" + "全区网站链接已逐一核查。" * 150 + "</p>", "关于部分链接不存在问题的整改情况"
    ),
    "a table headed like one": page("<h2>网站链接失效整改进展</h2>" + PAGE.decode(), "网站栏目已关闭情况一览"),
    "a sidebar of odd titles": page(
        "<p>本季度完成投资3亿元。</p><ul><li><a href=/1>网站系统升级期间暂停服务的公告</a></li>"
        "<li><a href=/2>您访问的页面不存在怎么办</a></li><li><a href=/3>请登录后查看</a></li></ul>",
        "柳湾区三季度进展",
    ),
    "about attacks": page("<p>" + "全区信息系统安全平稳，未发现攻击行为。" * 25 + "</p>", "网络安全季度报告"),
    "with a login box": page("<form>用户登录<input name=u><input type=password></form>" + PAGE.decode(), "三季度进展"),
    "with a feedback form": page(
        "<p>"
        + "开工安置房1200套，竣工900套。" * 30
        + "</p><form>请输入验证码<input><img src=/v></form><script>1</script>"
    ),
    "with a slow refresh": page(
        "<p>本季度进展顺利。</p>", "柳湾区三季度进展", '<meta http-equiv="refresh" content="600">'
    ),
    "a fragment": "<div class='zoom'><p>一、完成绿道12公里。</p></div>",
    "bare text": "1-9月完成固定资产投资12.3亿元",
    "json": '{"articles": [], "msg": "页面不存在"}',
    "pdf": b"%PDF-1.7\n" + bytes(300),
    "workbook": b"PK\x03\x04" + bytes(300),
    "utf-16": page("<p>完成绿道12公里。</p>", "柳湾区三季度进展").encode("utf-16"),
}
LISTS = {
    "datastore": "<html><body><ul></ul><script type='text/xml'><datastore><record><![CDATA[<li><a href='/1'>x</a>]]>"
    "</record></datastore></script></body></html>",
    "xml": "<?xml version='1.0'?><datastore><totalrecord>3</totalrecord></datastore>",
    "bare xml": "<datastore><totalrecord>0</totalrecord></datastore>",
    "gkmlpt": page(
        "<div id=app></div><script>window._CONFIG = {SID: '7', TREE: [" + "{id: 1}," * 900 + "]}; eval('1')</script>"
    ),
    "jpaas": page("<script src='/x/unitbuild.js' queryData=\"{'webId':'1','pageId':'2'}\"></script>"),
    "pages": page("<div id=page></div><script>createPageHTML(5, 0, 'index', 'html');location.hash='';</script>"),
    "odd titles": page(
        "<ul><li><a href='/1'>关于网站系统升级维护暂停服务的公告</a></li>"
        "<li><a href='/2'>关于栏目已关闭的说明</a></li></ul>"
    ),
    "short": page("<ul><li><a href='/t1.html'>一季度</a></li></ul>" + COUNTER + MOBILE),
}


@pytest.mark.parametrize("name", GENUINE)
@pytest.mark.parametrize("purpose", ["document", "attachment"])
def test_documents_are_documents(name: str, purpose: str) -> None:
    assert judged(GENUINE[name], purpose=purpose) == (None, "")


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_lists(name: str) -> None:
    assert judged(LISTS[name], purpose="listing") == (None, "")


def test_a_genuine_page_with_status_202() -> None:
    assert judged(PAGE, 202) == (None, "")


TEXT = st.text("完成投资绿道建设公里安置房亿元同比增长、，。0123456789%()", min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), min_size=3, max_size=12), st.sampled_from(["utf-8", "gb18030"]))
def test_any_table_with_counters_is_a_document(rows: list[tuple[str, str]], charset: str) -> None:
    cells = "".join(f"<tr><td>{n}</td><td>{a}</td><td>{b}</td></tr>" for n, (a, b) in enumerate(rows))
    html = page(
        f"<table><tr><td>序号</td><td>任务名称和内容</td><td>完成情况说明</td></tr>{cells}</table>{COUNTER}{MOBILE}"
    )
    assert judged(html.encode(charset)) == (None, "")


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from([200, 202, 403, 404, 412, 500]), st.sampled_from(["document", "listing"])
)
def test_any_bytes_are_judged(body: bytes, status: int, purpose: str) -> None:
    outcome, _ = judged(body, status, purpose)
    assert status == 200 or outcome is not None


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(CHALLENGES)), st.text("abc \n<!--->", max_size=30))
def test_a_challenge_with_debris_before_it_is_one(name: str, debris: str) -> None:
    assert judged(f"<!-- {debris.replace('-', '')} -->\n{CHALLENGES[name]}")[0] is Outcome.BLOCKED


HOSTILE = [
    *(
        "<",
        "<a ",
        "<a href=",
        "<a href='/x' ",
        "<a href=x>",
        "<!--",
        "<title>",
        "<h1>",
        "<p ",
        "<script>",
        "<noscript>",
    ),
    *("<meta name=", "<meta http-equiv=refresh ", "<input type=", "href='", "onload=", "&#", "[]", "404", "页面", "请"),
]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("piece", HOSTILE)
def test_i8_no_page_can_keep_the_recogniser_busy(piece: str) -> None:
    """A pattern that goes over the page again for each of its beginnings would take hours here."""
    judged("<html><body><a " + piece * (300_000 // len(piece.encode())))
    judged("<html>" + f"{piece} x>" * 20_000, 403)
