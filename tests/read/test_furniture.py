"""What a portal prints around a text is taken out and named; what the text says stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.read.furniture import Stripped, is_furniture, strip_furniture
from tasks.read.page import Block, Cell, Paragraph, Table

PROSE = (
    "一、主要工作完成情况",
    "(一)坚持项目为王,投资稳步增长。全年完成投资12.5亿元,同比增长3.2%,新增企业36家。",
    "(二)坚持改革为先,环境持续优化。出台政策5项,办理事项1280件,群众满意度达98.5%。",
    "二、下一步打算",
    "继续抓好项目推进,确保全年开工20个、竣工12个,完成投资15亿元以上。",
)

FURNITURE = {
    "share": ["分享:", "分享到：微信 微博 QQ空间", "一键分享", "微信扫一扫分享", "【分享】"],
    "tools": ["打印", "【打印本页】 【关闭窗口】", "关闭", "[打印] [关闭]", "返回顶部", "打印本页 | 关闭本页", "收藏"],
    "font_size": ["字号:[大 中 小]", "字体:大 中 小", "大 中 小"],
    "counter": ["浏览次数:1024", "点击率:", "阅读量：35次", "访问量: 12", "您是第 12345 位访客", "点赞 12"],
    "leaving": ["您访问的链接即将离开“云溪区人民政府门户网站” 是否继续？"],
    "release": ["（此件公开发布）"],
    "navigation": [
        "导航菜单",
        "您当前的位置:首页 > 政务公开 > 规划计划",
        "首页 > 信息公开 > 总结",
        "当前位置：首页>政府信息公开",
        "网站导航",
    ],
    "neighbours": [
        "上一篇:云溪区2024年二季度重点工作完成情况",
        "下一篇：没有了",
        "相关阅读",
        "上一条 关于开展检查的通知",
    ],
    "accessibility": ["无障碍浏览", "长者模式", "适老化版本"],
    "source_line": ["来源:云溪区发改局", "责任编辑:张三", "信息来源：区政府办"],
    "address": ["本文地址:/baogao/12345.html", "本文链接：https://example.org/a/1.html", "www.example.org/a.html"],
    "comments": ["留言与评论(共有 3 条评论)", "验证码:", "发表评论", "昵称: 匿名"],
    "footer": [
        "主办:云溪区人民政府办公室 承办:云溪区数据局",
        "版权所有 云溪区人民政府",
        "浙ICP备12345678号",
        "网站标识码:3301050001",
    ],
    "disclaimer": [
        "本文仅代表作者观点,不代表本站立场。",
        "凡注明为某某网原创作品的,未经许可,不得转载;源于网络的作品,若对您造成了侵权,请联系本站,我们会第一时间予以处理。",
        "免责声明:本平台转载的内容仅供参考,请以官方发布为准。",
    ],
}


@pytest.mark.parametrize(("reason", "line"), [(reason, line) for reason, lines in FURNITURE.items() for line in lines])
def test_lines_of_every_sort_are_furniture(reason: str, line: str) -> None:
    assert is_furniture(line) == reason


@pytest.mark.parametrize(
    "line",
    [
        *PROSE,
        "分享经济快速发展,新增平台企业3家。",
        "打印机产业集群实现产值35亿元,增长12%。",
        "搜索引擎优化项目完成验收,注册用户突破10万人。",
        "推荐12家企业申报省级专精特新。",
        "来源广泛的资金保障了项目推进,编辑出版年鉴2部。",
        "首页改版后,政府网站访问量达35万次,同比增长12%。",
        "无障碍设施改造120处,加装电梯35台,惠及居民2600户。",
        "未经许可的户外广告已拆除56处,处罚12起。",
        "查处侵权案件12起,办理版权登记35件,联系企业30家。",
        "大中小企业融通发展,培育链主企业5家。",
        "关闭落后产能企业6家,腾出用能空间1.2万吨标煤。",
        "查处六合彩赌博案件12起",
        "验证码短信诈骗案件下降35%。",
        "信息公开",
        "完成情况",
        "中",
        "上一年度结转项目6个,已完成4个。",
        "下一步,我局将继续推进项目建设。",
        "主办第三届数字经济大会,承办赛事6场,签约项目12个。",
    ],
)
def test_sentences_that_use_the_same_words_stay(line: str) -> None:
    assert is_furniture(line) is None


def laid_out(*lines: str, gap: str = "\n") -> tuple[str, tuple[Paragraph, ...]]:
    text, blocks = "", []
    for line in lines:
        blocks.append(Paragraph(line, len(text), len(text) + len(line)))
        text += line + gap
    return text, tuple(blocks)


def texts(found: Stripped) -> list[str]:
    return [block.text for block in found.blocks if isinstance(block, Paragraph)]


lines_of_furniture = st.sampled_from([line for lines in FURNITURE.values() for line in lines])


@given(st.data())
def test_furniture_anywhere_is_named_and_the_prose_stays(data: st.DataObject) -> None:
    lines = list(PROSE)
    for line in data.draw(st.lists(lines_of_furniture, max_size=6, unique=True)):
        lines.insert(data.draw(st.integers(0, len(lines))), line)
    text, blocks = laid_out(*lines)
    found = strip_furniture(blocks, text=text)
    assert texts(found) == list(PROSE)
    assert sorted(text[r.span[0] : r.span[1]] for r in found.removed) == sorted(set(lines) - set(PROSE))


def test_a_hijacked_pages_words_are_taken_out_and_said() -> None:
    text, blocks = laid_out("某某娱乐城 bet365 六合彩", *PROSE)
    found = strip_furniture(blocks, text=text)
    assert texts(found) == list(PROSE)
    assert [w.code for w in found.warnings] == ["spam_in_page"]


def test_a_tail_of_share_buttons_leaves_the_sentence() -> None:
    text, blocks = laid_out("全年完成投资12.5亿元。 分享: |")
    found = strip_furniture(blocks)
    assert texts(found) == ["全年完成投资12.5亿元。"]
    assert [text[r.span[0] : r.span[1]].strip() for r in found.removed] == ["分享: |"]


def test_a_trail_of_columns_is_known_by_its_separators_or_by_the_title_it_ends_in() -> None:
    text, blocks = laid_out("规划计划", "总结计划", "执行落实情况", gap="\n|\n")
    assert texts(strip_furniture(blocks, text=text)) == []
    title = "2024年三季度重点任务执行情况"
    text, blocks = laid_out("规划计划", "重点任务", title, *PROSE)
    assert texts(strip_furniture(blocks, text=text, title=title)) == list(PROSE)


def test_short_headings_in_a_row_are_no_trail() -> None:
    text, blocks = laid_out("工作总结", "主要成效", *PROSE)
    assert texts(strip_furniture(blocks, text=text, title="2023年工作总结与思路")) == ["工作总结", "主要成效", *PROSE]


def test_a_second_copy_counts_once_and_is_named() -> None:
    text, blocks = laid_out(*PROSE, *PROSE)
    found = strip_furniture(blocks, text=text)
    assert texts(found) == list(PROSE)
    assert {r.reason for r in found.removed} == {"copy"}
    assert found.warnings == ()


def test_copies_that_differ_are_kept_once_and_warned_about() -> None:
    other = (*PROSE[:4], PROSE[4].replace("20个", "26个"))
    third = "此外,新建学校3所,新增学位1500个,改造老旧小区12个。"
    text, blocks = laid_out(*PROSE, third, *other, third)
    found = strip_furniture(blocks, text=text)
    assert texts(found) == [*PROSE, third]
    assert [w.code for w in found.warnings] == ["copies_disagree"]


def test_sentences_that_recur_are_no_copy() -> None:
    recurring = "该项工作正常推进中,已完成年度目标的75%。"
    lines = [PROSE[1], recurring, PROSE[2], recurring, PROSE[4], recurring]
    text, blocks = laid_out(*lines)
    assert texts(strip_furniture(blocks, text=text)) == lines


def test_a_table_is_furniture_only_if_every_cell_is() -> None:
    buttons: Block = Table(((Cell("分享:", 0, 3), Cell("打印", 4, 6)),))
    tasks: Block = Table(((Cell("打印", 0, 2), Cell("完成投资3亿元", 3, 10)),))
    assert strip_furniture((buttons, tasks)).blocks == (tasks,)


@pytest.mark.parametrize(
    "unit", ["返回首页", "更多分享", "大", "微信扫一扫", "首页 > ", "分享到 ", "上一篇:", "不代表", "1、"]
)
@pytest.mark.timeout(20)
def test_hostile_rows_of_words_take_no_time(unit: str) -> None:
    for length in (60, 79, 200, 590):
        is_furniture((unit * length)[:length] + "终")


@pytest.mark.parametrize("label", ["相关附件", "附件：", "【附件下载】"])
def test_names_of_files_and_their_label_are_named(label: str) -> None:
    files = ["云溪区发改局2023年工作总结.pdf", "1. 重点项目清单（2023年）.xlsx (12.5KB)"]
    text, blocks = laid_out(*PROSE, label, *files)
    found = strip_furniture(blocks, text=text)
    assert texts(found) == list(PROSE)
    assert [text[slice(*gone.span)] for gone in found.removed] == [label, *files]


def test_a_label_above_a_text_is_no_label_of_files() -> None:
    text, blocks = laid_out("附件", *PROSE)
    assert texts(strip_furniture(blocks, text=text)) == ["附件", *PROSE]


FEET = [
    "手机扫一扫打开当前页面 分享到: 打印 关闭 上一篇:没有了 下一篇:2024年任务分解 留言(共有 0 条) 验证码: 主办:某局",
    "【打印】 【关闭】 相关新闻 某局召开推进会 2024-12-30 某局开展活动 2024-12-21 上一篇:目录 下一篇:没有了 评论(0) 关于我们",
]


@pytest.mark.parametrize("foot", FEET)
@pytest.mark.parametrize("gap", ["\n", " ", "  "])
def test_the_foot_of_a_page_goes_whole_even_where_a_piece_is_not_known(foot: str, gap: str) -> None:
    whole = gap.join([*PROSE, foot])
    lines = whole.split("\n") if gap == "\n" else [whole]
    text, blocks = laid_out(*lines)
    found = strip_furniture(blocks, text=text)
    left = "".join(texts(found))
    assert left.rstrip().endswith(PROSE[-1])
    assert foot[-4:] in "".join(text[slice(*gone.span)] for gone in found.removed)


def test_short_lines_among_the_foot_are_in_no_section_and_those_before_it_stay() -> None:
    text, blocks = laid_out(*PROSE, "云溪区发改局", "打印", "某局召开推进会", "关于我们", "我要写信")
    assert texts(strip_furniture(blocks, text=text)) == [*PROSE, "云溪区发改局"]


def test_a_text_below_the_buttons_stays() -> None:
    text, blocks = laid_out(*PROSE[:2], "打印", "其他事项", PROSE[4])
    assert texts(strip_furniture(blocks, text=text)) == [*PROSE[:2], "其他事项", PROSE[4]]


def test_menu_words_before_the_trail_are_navigation() -> None:
    assert is_furniture("导航菜单 首页 走进云溪 新闻中心 政民互动 当前位置:首页 > 政务公开 > 工作报告") == "navigation"


def test_what_readers_wrote_below_the_text_is_no_part_of_it() -> None:
    text, blocks = laid_out(*PROSE, "网友评论", "用户A：写得好，大家辛苦了。", "发表评论", "验证码")
    assert texts(strip_furniture(blocks, text=text)) == list(PROSE)


def test_a_text_below_a_label_of_comments_stays() -> None:
    text, blocks = laid_out("网友评论", *PROSE)
    assert texts(strip_furniture(blocks, text=text)) == list(PROSE)
    text, blocks = laid_out(*PROSE[:3], "网友评论", "三、其他", PROSE[4])
    assert texts(strip_furniture(blocks, text=text)) == [*PROSE[:3], "三、其他", PROSE[4]]


def test_a_cell_that_ends_two_pages_is_no_running_head() -> None:
    lines = [
        "城镇燃气整治工作材料",
        "建成公园3个",
        "已完成",
        "第 1 页 共 3 页",
        "城镇燃气整治工作材料",
        "改造小区8个",
        "已完成",
    ]
    lines += ["第 2 页 共 3 页", "城镇燃气整治工作材料", "新增学位900个", "正在推进", "第 3 页 共 3 页"]
    blocks: list[Block] = []
    at = 0
    for line in lines:
        blocks.append(Paragraph(line, at, at + len(line)))
        at += len(line) + 1
    gone = {"\n".join(lines)[slice(*removed.span)] for removed in strip_furniture(blocks).removed}
    assert "城镇燃气整治工作材料" in gone
    assert "已完成" not in gone
