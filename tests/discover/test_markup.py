"""Rows of every shape that was seen, and addresses that are the same article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.config.options import JcmsOptions
from tasks.discover import article_key, canonical_url
from tasks.discover.hanweb_jcms import read_column, read_records
from tasks.discover.markup import Entry, clean_title, decode, page_entries, record_entry

TITLE = "2024年三季度政府工作报告执行情况"
OLD = "/art/2024/10/29/art_7_33.html"


@pytest.mark.parametrize(
    "record",
    [
        f'<li><a href="{OLD}" title="{TITLE}">{TITLE[:8]}...</a><span>2024-10-29</span></li>',
        f"<li class=\"clearfix\">  <a target='_blank' href='{OLD}' title='{TITLE}'>x</a>  <b>2024-10-29</b></li>",
        f'<li><s></s><a class="e" href="{OLD}">{TITLE}</a><span class="pull-right">2024-10-29</span></li>',
        f'<li><a href="{OLD}"><span class="list_title">{TITLE}</span><i>2024-10-29</i></a></li>',
        f"<tr><td width=15><IMG src=\"/x.gif\"></td><td><a href='{OLD}'>{TITLE}</a></td><td>[2024-10-29]</td></tr>",
        f"<td><a href={OLD}>·{TITLE}</a></td><td>2024年10月29日</td>",
        f'<p class="lb-list"><a href="{OLD}">{TITLE}</a><span>2024-\n10-29</span></p>',
        f'<li style=<br/><a href="{OLD}" title="{TITLE}">{TITLE}</a><i>2024/10/29</i></li>',
        f'<li><a href="/col/col7/index.html">[栏目]</a><a href="{OLD}" title="{TITLE}">x</a> 2024. 10. 29</li>',
        f"<li><a href='{OLD}' title='&lt;b&gt;{TITLE}&lt;/b&gt;'>x</a><span>20241029</span></li>",
        f'<li><a href="{OLD}">{TITLE} [2024-10-29]</a></li>',
        f"<li onclick=\"window.open('{OLD}')\">{TITLE}<em>2024-10-29</em></li>",
    ],
)
def test_a_record_of_any_shape(record: str) -> None:
    entry = record_entry(record)
    assert entry.href == OLD
    assert entry.title == TITLE
    assert "".join(entry.day.split()).replace("年", "-").replace("月", "-").strip("日") in (
        "2024-10-29",
        "2024/10/29",
        "2024.10.29",
        "20241029",
    )


def test_records_of_a_broken_store_are_all_read() -> None:
    store = (
        "<datastore><nextgroup></nextgroup><recordset><table></table>"
        "<record><![CDATA[<li><a href='/art/2024/1/1/art_7_1.html' title='甲'>甲</a></li>"  # never closed
        "<record><![CDATA[<li><a href='/art/2024/1/1/art_7_2.html' title='乙 & 丙'>乙</a></li>]]></record>"
        "<record>&lt;li&gt;&lt;a href='/art/2024/1/1/art_7_3.html'&gt;丁&lt;/a&gt;</record>"
        "<record><![CDATA[<li style=<br/>]]></record></recordset></datastore>"
    )
    assert [entry.title for entry in read_records(store) if entry.href] == ["甲", "乙 & 丙", "丁"]
    assert len(read_records(store)) == 4


def test_opaque_ids_and_further_parameters_are_passed_on() -> None:
    page = (
        "<div id='u1'><script type='text/xml'><datastore><nextgroup><![CDATA[<a href=\"/module/web/jpage/dataproxy.jsp"
        '?page=1&webid=3&path=/&columnid=kE9x%2BQ&unitid=Zt41&webname=%25E4%25BA%2591&b_vir=1"></a>]]></nextgroup>'
        "<recordset></recordset></datastore></script></div>"
    )
    column = read_column(page, "http://a.cn/col/col7/index.html", JcmsOptions(), "7")
    assert dict(column.form) == {"webid": "3", "columnid": "kE9x+Q", "unitid": "Zt41", "webname": "云", "b_vir": "1"}
    assert column.proxies == ("http://a.cn/module/web/jpage/dataproxy.jsp",)


def test_of_several_stores_the_columns_own_counts() -> None:
    store = (
        "<datastore><nextgroup><![CDATA[<a href='/module/jpage/dataproxy.jsp?webid=1&columnid={0}&unitid={1}'>]]>"
        "</nextgroup><recordset>{2}</recordset></datastore>"
    )
    record = "<record><![CDATA[<a href='/art/2024/1/1/art_{0}_{1}.html'>甲乙</a>]]></record>"
    other = store.format(8, 80, "".join(record.format(8, n) for n in range(9)))
    mine = store.format(7, 70, record.format(7, 1))
    column = read_column(f"<html>{other}{mine}</html>", "http://a.cn/col/col7/index.html", JcmsOptions(), "7")
    assert [entry.href for entry in column.entries] == ["/art/2024/1/1/art_7_1.html"]
    assert column.form["unitid"] == "70"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_lists_in_any_encoding(encoding: str) -> None:
    text, whole = decode(f"<li><a href='/a.html'>{TITLE}镕喆</a></li>".encode(encoding))
    assert whole
    assert page_entries(text)[0].title == f"{TITLE}镕喆"


def test_damage_is_flagged() -> None:
    assert decode("执行情况".encode() + b"\xff\x81 " + "执行".encode("gb18030"))[1] is False


@pytest.mark.parametrize(
    "title", ["杭州市云河区人民政府工作报告(2023年2月4日)", "2024年1-9月执行情况", "第三季度情况（更正）"]
)
def test_what_belongs_to_a_title_stays(title: str) -> None:
    assert clean_title(f"  · {title} ") == title


SAME = [
    "http://www.a.gov.cn/art/2024/1/2/art_7_33.html",
    "https://a.gov.cn/art/2024/1/2/art_7_33.html",
    "http://www.a.gov.cn:80/art/2024/1/2/art_7_33.html?from=mobile",
    "http://WWW.A.GOV.CN/x/../art/2024/1/2/art_7_33.html#top",
    "http://www.a.gov.cn/art/2024/1/2/art_9_33.html",
]


def test_the_same_article_has_one_key() -> None:
    assert len({article_key(one) for one in SAME}) == 1
    assert article_key("http://a.cn/c/202401/t20240102_77.html") == article_key(
        "https://a.cn/c/202401/t20240102_77_wap.html?jump=true"
    )
    assert article_key("http://a.cn/gkmlpt/content/8/81/post_81.html#721") == article_key(
        "http://a.cn/gkmlpt/content/8/81/post_81.html?jump=true"
    )
    assert article_key("http://a.cn/col/col1/index.html") == article_key("https://a.cn/col/col1/")


def test_different_articles_have_different_keys() -> None:
    urls = [
        "http://a.gov.cn/art/2024/1/2/art_7_33.html",
        "http://a.gov.cn/art/2024/1/2/art_7_34.html",
        "http://b.gov.cn/art/2024/1/2/art_7_33.html",
        "http://a.gov.cn/c/t20240102_33.html",
        "http://a.gov.cn/show.jsp?id=33",
        "http://a.gov.cn/show.jsp?id=34",
        "http://a.gov.cn/module/download/downfile.jsp?classid=0&filename=ab.doc",
        "http://a.gov.cn/module/download/downfile.jsp?classid=0&filename=cd.doc",
        f"http://a.gov.cn/col/col1/art/2025/art_{1:032x}.html",
        f"http://a.gov.cn/col/col1/art/2025/art_{2:032x}.html",
    ]
    assert len({article_key(one) for one in urls}) == len(urls)


PATHS = st.lists(st.sampled_from(["a", "..", ".", "", "甲", "b c", "%E7", "x.html", "index.html"]), max_size=6)
QUERIES = st.lists(st.sampled_from(["from=mobile", "id=1", "k=甲", "jump=true", "x", "a=b%20c"]), max_size=3)


@given(PATHS, QUERIES, st.sampled_from(["", "#x"]))
def test_canonical_addresses_are_canonical(path: list[str], query: list[str], fragment: str) -> None:
    url = canonical_url(f"http://www.a.cn/{'/'.join(path)}?{'&'.join(query)}{fragment}")
    assert canonical_url(url) == url
    assert article_key(url) == article_key(canonical_url(url))
    assert url.startswith("http://www.a.cn/")
    assert url.isascii()
    assert "/../" not in url


@given(st.text(max_size=200))
def test_any_markup_gives_entries(fragment: str) -> None:
    assert isinstance(record_entry(fragment), Entry)
    assert isinstance(page_entries(fragment), list)
    assert isinstance(read_records(f"<datastore>{fragment}</datastore>"), tuple)
