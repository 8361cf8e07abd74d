"""What a portal prints below and beside a text is in no section, and every sentence of the text stays in one."""

from __future__ import annotations

import pytest

from tasks.model import Report
from tasks.read import read

TITLE = "泽山县林业局2031年三季度工作进展情况"
TOLD = (
    ("一、三季度工作进展", "全县新增造林3200亩，抚育中幼林1.1万亩，林下经济产值1.8亿元，增长9.2%。"),
    ("二、存在的问题", "部分乡镇管护人员不足，防火瞭望塔仍有3座未联网。"),
    ("三、四季度工作安排", "年底前补植1200亩，完成4个乡镇的防火通道建设，确保全年无重大火情。"),
)
LEAD = "三季度，县林业局围绕全年目标抓落实，现将有关情况总结如下："
SIGNED = ("泽山县林业局", "2031年10月12日")
FEET = {
    "labels and links": "附件下载\n无\n扫一扫 手机端浏览\n相关文章\n• 泽山县林业局2031年上半年工作总结\n• （一）图看懂《泽山县古树名木保护办法》\n"
    "我要评论\n昵称：\n评论内容：（限200字）\n验证码： 看不清？换一张\n提交\n关于我们 | 网站地图 | 法律声明\n某ICP备00000001号-1 网站标识码：3399990001",
    "links to others": '【打印】\n【关闭】\n分享到:\n微信\n手机扫一扫 浏览分享此页面\n上一篇: 2031年1-8月泽山县林业主要指标\n下一篇: 一图读懂:前三季度泽山林业"成绩单"\n'
    "友情链接:\n国家林草局\n某省林业局\n各县林业局\n主办单位: 泽山县林业局 地址: 泽山县青松路1号 电话: 000-0000000\n网站标识码: 3399990001",
    "address and counter": "【返回顶部】【打印】【关闭】\n上一条：泽山县召开林业重点工程座谈会\n下一条：2031年第三季度苗木质量抽检通报\n"
    "版权所有：泽山县林业局　某ICP备00000001号\n地址：泽山县青松路1号　邮编：000000　您是第1048771位访客",
    "titles with days": "泽山县召开林长制调度会 2031-10-09\n关于表彰护林员的通报 2031-09-30\n古树挂牌进校园 2031-09-21",
    "titles alone": "泽山县林业局2031年上半年工作总结\n泽山县召开国土绿化推进会\n关于公布2031年采伐限额的公告",
    "images and hot ones": "一图读懂\n热点文章\n1、关于公布2031年苗木补助名单的公示\n2、林权证办理流程\n3、采伐许可申请\n您是第 2210 位访客",
}
WORDS = (
    "扫一扫",
    "上半年工作总结",
    "图看懂",
    "看不清",
    "法律声明",
    "1-8月",
    "成绩单",
    "友情链接",
    "某省林业局",
    "座谈会",
    "ICP备",
    "访客",
    "调度会",
    "古树挂牌",
    "采伐限额",
    "热点文章",
    "采伐许可",
)


def as_dump(foot: str, signed: tuple[str, ...]) -> bytes:
    told = [line for heading, text in TOLD for line in (heading, text)]
    return "\n".join([TITLE, "发布时间：2031-10-13 来源：泽山县林业局", LEAD, *told, *signed, foot]).encode()


def as_page(foot: str, signed: tuple[str, ...]) -> bytes:
    """An old layout: a side column of links, text and foot in the cells of tables."""
    told = "".join(f"<p>　　{line}</p>" for heading, text in TOLD for line in (heading, text))
    rest = "".join(f"<p align=right>{line}</p>" for line in signed)
    rows = "".join(f"<tr><td colspan=2>{line}</td></tr>" for line in foot.split("\n"))
    return (
        f"<html><head><title>{TITLE}</title></head><body><table><tr><td colspan=2>首页｜机构概况｜政务公开</td></tr>"
        "<tr><td><table><tr><td>栏目导航</td></tr><tr><td><a>计划总结</a></td></tr></table></td><td><table>"
        f"<tr><td>{TITLE}</td></tr><tr><td>发布时间：2031-10-13 来源：泽山县林业局</td></tr>"
        f"<tr><td><p>{LEAD}</p>{told}{rest}</td></tr></table></td></tr>{rows}</table></body></html>"
    ).encode()


def sections(report: Report) -> list[tuple[str, str]]:
    return [(s.title, report.text[s.start : s.end]) for s in report.sections]


@pytest.mark.parametrize("foot", FEET.values(), ids=FEET)
@pytest.mark.parametrize("signed", [SIGNED, ()], ids=["signed", "unsigned"])
@pytest.mark.parametrize("made", [as_dump, as_page])
def test_the_foot_is_in_no_section_and_the_text_is(made, foot: str, signed: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    name = "page.txt" if made is as_dump else "page.html"
    report = read(made(foot, signed), name=name)
    assert [title for title, _ in sections(report)] == [heading for heading, _ in TOLD]
    for (_, text), (_, told) in zip(sections(report), TOLD, strict=True):
        assert told in text
        assert not any(word in text for word in WORDS)
    assert report.meta.publisher == "泽山县林业局"


@pytest.mark.parametrize("made", [as_dump, as_page])
@pytest.mark.parametrize(
    "last",
    [
        "完成2031年采伐限额的编制工作方案\n做好2032年造林计划",
        "继续抓好林长制落实\n管护责任到人",
        "（一）开展2031年古树名木保护情况通报\n（二）做好2032年采伐限额公告",
    ],
)
def test_short_lines_of_the_text_itself_stay(made, last: str) -> None:  # type: ignore[no-untyped-def]
    told = as_dump("", ()) if made is as_dump else as_page("", ())
    text = told.decode().rstrip()
    end = TOLD[-1][1]
    shown = last if made is as_dump else "".join(f"<p>　　{line}</p>" for line in last.split("\n"))
    report = read(text.replace(end, f"{end}\n{shown}").encode(), name="page.txt" if made is as_dump else "page.html")
    kept = "".join(report.text[s.start : s.end] for s in report.sections)
    assert all(line in kept for line in last.split("\n"))
