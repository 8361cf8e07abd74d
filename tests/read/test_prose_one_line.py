"""Pages that lost all their line breaks: what stood around the text is told apart from it."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.model import Report
from tasks.read import read

SENTENCES = (
    "全县新增造林3200亩,抚育中幼林1.1万亩,林下经济产值1.8亿元,增长9.2%。",
    "护林员由210名增至260名,瞭望塔全部联网,火情24小时内处置率达到100%。",
    "森林抚育补助资金到位率92.5%,惠及农户4100户,户均增收860元。",
    "下半年补植1200亩,完成4个乡镇的防火通道建设,确保全年无重大火情。",
)
MORE = "".join(
    f"{n}号林区完成补植{n * 130}亩、割灌{n * 210}亩,修复管护道路{n}.6公里,群众投工{n * 340}个。" for n in range(3, 24)
)
OUTLINE = [(1, "一、上半年工作情况"), (2, "(一)造林进度加快"), (2, "(二)防火体系完善"), (1, "二、下半年工作打算")]
TITLE = "泽山县林业局2031年上半年工作总结"
TEXT = (
    f"今年以来,县林业局围绕全年目标抓落实。{SENTENCES[2]} 一、上半年工作情况 (一)造林进度加快。{SENTENCES[0]}{MORE}"
    f" (二)防火体系完善。{SENTENCES[1]} 二、下半年工作打算 {SENTENCES[3]}"
)
MENU = "导航菜单 首页 走进泽山 新闻中心 政务公开 政民互动 当前位置:首页 > 政务公开 > 工作总结"
BLOCK = "索 引 号: 制发机关:泽山县林业局 成文日期:2031-07-08 发布时间:2031-07-12 10:41 公开形式:主动公开 效力状况:"
LABELS = "来源:泽山县林业局 发布日期:2031-07-12 08:50:11 浏览次数: 字号:[大 中 小]"
FOOT = "手机扫一扫打开当前页面 分享到: 打印 关闭 上一篇:没有了 下一篇:2031年林业任务分解 验证码: 主办单位:泽山县林业局 网站标识码3399990001"
NEWS = "【打印】 【关闭】 相关新闻 县林业局召开防火会 2031-07-02 上一篇:目录 下一篇:没有了 评论(0) 请遵守规则 关于我们 | 站点地图 | 联系我们"
PAGES = {
    "menu, labels": f"{MENU} {TITLE} {LABELS} {TEXT} {FOOT}",
    "labels, news": f"{MENU} {TITLE} {LABELS} {TEXT} {NEWS}",
    "parted by strokes": f"首页 政务公开 政民互动 魅力泽山 | 当前位置:首页>总结 | {BLOCK} | {TITLE} | 来源:县林业局 字号: 大 中 小 {TEXT} {NEWS}",
    "ends in a call": f"{MENU} {TITLE} {LABELS} {TEXT} 让我们共同努力,建设美丽泽山! {FOOT}",
}


def outline(report: Report) -> list[tuple[int, str]]:
    return [(section.level, section.title) for section in report.sections]


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_the_frame_on_the_line_of_the_text_is_in_no_section(page: str) -> None:
    report = read(page.encode(), name="page.txt")
    assert (report.meta.title, report.meta.publisher, report.rows) == (TITLE, "泽山县林业局", ())
    assert report.meta.published_on == date(2031, 7, 12)
    assert outline(report) == OUTLINE
    last = report.text[report.sections[-1].start : report.sections[-1].end]
    assert SENTENCES[3] in last
    assert not any(word in last for word in ("扫一扫", "打印", "相关新闻", "评论", "主办", "站点地图", "网站标识码"))


def test_the_block_between_strokes_is_read() -> None:
    report = read(PAGES["parted by strokes"].encode(), name="page.txt")
    assert (report.meta.index_number, report.meta.generated_on) == (None, date(2031, 7, 8))


@pytest.mark.parametrize("gap", ["   ", "　　"])
def test_a_heading_and_its_text_with_a_gap_between_are_no_table(gap: str) -> None:
    text = TEXT.partition(" ")[2].replace("情况 ", f"情况{gap}").replace("打算 ", f"打算{gap}")
    assert outline(read(f"{TITLE} {text}".encode(), name="page.txt")) == OUTLINE


def test_the_first_heading_behind_the_title_is_no_part_of_it() -> None:
    report = read(f"{TITLE} {TEXT.partition(' ')[2]}".replace(" (", "　　(").encode(), name="page.txt")
    assert (report.meta.title, outline(report)) == (TITLE, OUTLINE)


def test_tabs_behind_the_numbers_of_points_divide_no_cells() -> None:
    report = read(f"{TITLE} {TEXT}".replace(")", ")\t").encode(), name="page.txt")
    assert [(level, "".join(title.split())) for level, title in outline(report)] == OUTLINE


def test_the_name_of_the_site_before_the_menu_is_no_title() -> None:
    site = "泽山县苗木中心 - 年度总结 网站首页 中心概况 中心动态 信息公开 您的位置: 首页 > 信息公开 > 年度总结"
    assert read(f"{site} {TITLE} {LABELS} {TEXT} {FOOT}".encode(), name="page.txt").meta.title == TITLE


def test_a_label_of_files_without_a_file_gives_no_title() -> None:
    foot = "责任编辑:林晓 分享到: 相关附件: 上一篇:泽山县林业局2030年工作总结 主办:泽山县林业局 某ICP备00000001号"
    report = read(f"{MENU} {TITLE} {LABELS} {TEXT} {foot}".encode(), name="page.txt")
    assert report.meta.title == TITLE
    assert outline(report) == OUTLINE


BOXED = "[ 索引号 ] 33999000123456789X/2031-00021 [ 发文字号 ] 无 [ 主题分类 ] 林业 [ 发布机构 ] 泽山县林业局 [ 有效性 ] [ 成文日期 ] 2031-07-08 [ 发布日期 ] 2031-07-12"
BARE = "索引号：33999000123456789X/2031-00021 公开方式：主动公开 发布机构：泽山县林业局 成文日期：2031年07月08日 发布日期：2031-07-12 10:20:31"
LONG_MENU = f"首页 政务公开 政务服务 互动交流 走进泽山 无障碍 适老模式 当前位置： 首页 > 政务公开 > 部门 > 县林业局 > {'法定主动公开内容 > ' * 8}其他"
LONG_FOOT = "分享到： 扫一扫在手机打开当前页 泽山县2031年造林任务分解 泽山县2031年普法计划 国务院部门网站 省政府部门网站 网站地图 关于我们 联系我们 主办单位：泽山县人民政府办公室 ICP备案：某ICP备00000001号 政府网站标识码：3399990001 您访问的链接即将离开“泽山县人民政府”门户网站 是否继续？ 继续访问 放弃"
CLOSE_FOOT = "【返回列表】 【打印】 上一条: 林区道路养护招标公告 下一条: 春季防火值班安排 友情链接 国家林草局 版权所有 泽山县林业局 某ICP备00000001号"


@pytest.mark.parametrize("block", [BOXED, BARE])
@pytest.mark.parametrize("foot", [LONG_FOOT, CLOSE_FOOT])
def test_a_block_behind_a_long_menu_and_a_long_foot_are_parted_from_the_text(block: str, foot: str) -> None:
    page = (
        f"{LONG_MENU} {block} {TITLE} 日期：2031-07-12 语音播报 【字体： 大 中 小 】 打印 {TEXT} 共建绿色泽山！ {foot}"
    )
    report = read(page.encode(), name="page.txt")
    assert (report.meta.title, report.meta.publisher) == (TITLE, "泽山县林业局")
    assert report.meta.index_number == "33999000123456789X/2031-00021"
    assert (report.meta.generated_on, report.meta.published_on) == (date(2031, 7, 8), date(2031, 7, 12))
    assert str(report.meta.period) == "2031H1"
    assert outline(report) == OUTLINE
    last = report.text[report.sections[-1].start : report.sections[-1].end]
    assert SENTENCES[3] in last
    assert not any(word in last for word in ("分享到", "普法计划", "网站地图", "即将离开", "打印", "招标公告"))


def test_words_of_a_foot_inside_the_text_cut_nothing() -> None:
    told = TEXT.replace("护林员由", "打印 关闭 两类标牌更新。 分享到群的火情信息及时处置。护林员由")
    assert outline(read(f"{MENU} {TITLE} {LABELS} {told} {FOOT}".encode(), name="page.txt")) == OUTLINE


def test_names_of_the_portals_columns_head_no_table() -> None:
    menu = "首页\n要闻动态\n政务公开\n投资泽山\n办事服务\n互动交流"
    told = TEXT.replace(" 一、", "\n一、").replace(" (", "\n(").replace(" 二、", "\n二、")
    report = read(f"{menu}\n{TITLE}\n{told}".encode(), name="page.txt")
    assert (report.rows, outline(report)) == ((), OUTLINE)


TRAIL = "您现在的位置：网站首页 >> 政府信息公开 >> 县直部门 >> 林业局 >> 总结计划"
SIGNED_PAGE = (
    f"泽山县人民政府 | 繁体 | 登录 {TRAIL} 索引号：339990/2031-00021 主题分类：林业 发布机构：县林业局 生成日期：2031-07-08 "
    f"文号：泽林〔2031〕17号 有效性：有效 名称：{TITLE} {TITLE} {TEXT} 泽山县林业局 2031年7月8日 附件： 打印本页 关闭窗口 相关信息 "
    "版权所有：泽山县人民政府 某ICP备00000001号"
)
BARE_DAY_PAGE = (
    f"首页>>部门公开>>林业局 {TITLE} 2031-07-12 10:41 来源: 县林业局 阅读: 321 {TEXT} （此件公开发布） "
    "扫一扫在手机打开当前页 上一篇：林区道路通知 下一篇：没有了"
)


@pytest.mark.parametrize("page", [SIGNED_PAGE, BARE_DAY_PAGE])
def test_the_title_behind_a_trail_or_a_block_and_a_signature_are_in_no_section(page: str) -> None:
    report = read(page.encode(), name="page.txt")
    assert (report.meta.title, report.meta.publisher, str(report.meta.period)) == (TITLE, "县林业局", "2031H1")
    assert outline(report) == OUTLINE
    last = report.text[report.sections[-1].start : report.sections[-1].end]
    assert last.rstrip().endswith(SENTENCES[3])


def test_what_stands_in_the_block_and_below_the_title_is_read() -> None:
    meta = read(SIGNED_PAGE.encode(), name="page.txt").meta
    assert (meta.index_number, meta.document_number) == ("339990/2031-00021", "泽林〔2031〕17号")
    assert meta.generated_on == date(2031, 7, 8)
    assert read(BARE_DAY_PAGE.encode(), name="page.txt").meta.published_on == date(2031, 7, 12)


@pytest.mark.parametrize("arrow", ["→", "»", ">"])
def test_a_menu_with_its_trail_is_no_title_even_where_the_title_is_not_told(arrow: str) -> None:
    menu = f"首 页 泽山概况 新闻中心 您的位置：首页 {arrow} 部门信息公开目录 {arrow} 林业局 {arrow} 工作总结"
    title = read(f"{menu} {TITLE} 2031/7/12 {TEXT}".encode(), name="page.txt").meta.title
    assert title is None or title == TITLE


HEADS = {
    "fields, then labels": f"泽山县人民政府 登录 | 注册 首页 政务公开 当前位置：首页 > 工作总结 {BARE} {TITLE} 发布时间：2031-07-12 08:50来源：县林业局访问次数：56【字号 大 中 小】",
    "a trail with arrows": f"首 页 泽山概况 新闻中心 政务公开 您的位置：首页 → 部门信息公开目录 → 县林业局 → 计划总结 {TITLE} 来源：县林业局 时间：2031-07-12 11:20 点击：次 字体：【大 中 小】",
    "the title in a field, and again": f"首页 区情 新闻 公开 索引号 K20001/2031-00082 备注/文号 发布机构 泽山县林业局 公文生成日期 2031-07-08 标题 {TITLE} 有效性 有效 {TITLE} 发布时间：2031-07-12 17:26 来源：泽山县林业局 浏览量：86 A+ | A- | 打印",
    "glued menu": f"网站首页走进泽山新闻中心政务公开政民互动 您当前所在位置：首页>政务公开>县林业局>工作总结 {TITLE} 发布日期：2031-07-12 09:26 来源：县林业局 点击数： 【字号：大 中 小】",
    "a masthead": "泽山县林业局文件 泽林办〔2031〕7号 泽山县林业局 2031年上半年工作总结",
    "nothing": TITLE,
}
FEET = (
    "【字体：大 中 小】分享到：打印本页 相关解读 图解：上半年泽山林业成绩单 我要评论验证码：提交 主办单位：泽山县林业局 网站标识码3399990001",
    "相关解读：一图读懂泽山县林业总结 上一条：泽山县2030年林业公报 下一条：—— 主办单位：泽山县林业局 某ICP备00000001号",
    "信息员：林晓 审核：陈默 上一篇：泽山县2030年林业公报 下一篇：没有了 【相关文章】 · 七、上半年苗木价格(2031-07-30) 版权所有 泽山县林业局",
    "扫一扫在手机上查看当前页面 相关阅读 （一）坚定不移抓造林：专家解读林业总结 版权所有：泽山县林业局 某ICP备00000001号",
)
PARAGRAPHS = (
    "今年以来,县林业局围绕全年目标抓落实。 一、上半年工作情况 (一)造林进度加快 "
    f"{SENTENCES[0]}{MORE} (二)防火体系完善 {SENTENCES[1]} {SENTENCES[2]} 二、下半年工作打算 {SENTENCES[3]}"
)


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_the_title_is_found_among_the_words_of_any_head(head: str) -> None:
    report = read(f"{head} {PARAGRAPHS} {FOOT}".encode(), name="page.txt")
    assert "".join((report.meta.title or "").split()) == TITLE
    assert str(report.meta.period) == "2031H1"
    assert outline(report) == OUTLINE


def test_fields_and_labels_around_a_title_are_read() -> None:
    meta = read(f"{HEADS['the title in a field, and again']} {PARAGRAPHS}".encode(), name="page.txt").meta
    assert (meta.index_number, meta.publisher) == ("K20001/2031-00082", "泽山县林业局")
    assert (meta.generated_on, meta.published_on) == (date(2031, 7, 8), date(2031, 7, 12))


def test_a_title_of_several_words_is_whole() -> None:
    title = "泽山县人民政府办公室关于 2031年全县重点造林项目 进展情况的通报"
    page = f"泽山县人民政府办公室文件 泽政办发〔2031〕41号 {title} 各乡镇人民政府： {PARAGRAPHS}"
    assert read(page.encode(), name="page.txt").meta.title == title


PLAIN = {
    "造林进度加快": f"{SENTENCES[0]}{MORE}",
    "防火体系完善": f"{SENTENCES[1]} {SENTENCES[2]}",
    "产业稳步发展": "林下种植面积2.1万亩,增长8.2%,带动农户1900户,户均增收3200元,新增合作社6家、龙头企业2家。",
    "下半年打算": SENTENCES[3],
}


def test_headings_without_ordinals_are_told_by_blanks_behind_stops() -> None:
    told = " ".join(f"{heading} {text}" for heading, text in PLAIN.items())
    report = read(f"{TITLE} 来源：县林业局 时间：2031-07-12 {SENTENCES[2]} {told}".encode(), name="page.txt")
    assert outline(report) == [(1, heading) for heading in PLAIN]


def test_sentences_parted_by_blanks_are_not_taken_for_paragraphs() -> None:
    text = TEXT.replace("。", "。 ")
    assert outline(read(f"{MENU} {TITLE} {LABELS} {text} {FOOT}".encode(), name="page.txt")) == OUTLINE


def test_what_may_be_a_heading_and_is_not_told_is_warned_about() -> None:
    told = "\n".join(f"{heading}。{text}" for heading, text in PLAIN.items())
    lines = read(f"{TITLE}\n来源：县林业局 时间：2031-07-12\n{SENTENCES[2]}\n{told}".encode(), name="page.txt")
    assert "outline_uncertain" in {warning.code for warning in lines.warnings}
    counted = "\n".join(
        f"（{n}）{heading}。{text}" for n, (heading, text) in zip("一二三四", PLAIN.items(), strict=True)
    )
    lines = read(f"{TITLE}\n来源：县林业局 时间：2031-07-12\n{SENTENCES[2]}\n{counted}".encode(), name="page.txt")
    assert "outline_uncertain" not in {warning.code for warning in lines.warnings}


@pytest.mark.parametrize("foot", FEET)
def test_a_foot_whose_links_open_like_chapters_is_in_no_section(foot: str) -> None:
    report = read(f"{HEADS['glued menu']} {PARAGRAPHS} {foot}".encode(), name="page.txt")
    assert outline(report) == OUTLINE
    last = report.text[report.sections[-1].start : report.sections[-1].end]
    assert last.rstrip().endswith(SENTENCES[3])


def test_a_heading_ends_before_the_items_it_ran_into() -> None:
    told = f"一、主要任务 ①造林3200亩，抚育1.1万亩；②改造道路18公里。{SENTENCES[0]} 二、存在问题 {SENTENCES[1]} 三、打算 {SENTENCES[3]}"
    told = told.replace("主要任务 ①", "主要任务推进有力①")
    report = read(f"{TITLE} 来源：县林业局 时间：2031-07-12 {SENTENCES[2]} {told}".encode(), name="page.txt")
    assert outline(report)[0] == (1, "一、主要任务推进有力")


def test_headings_in_a_text_without_any_blank_are_warned_about() -> None:
    worn = "".join(PARAGRAPHS.split())
    told = {warning.code for warning in read(f"{TITLE}\n{worn}".encode(), name="page.txt").warnings}
    assert "outline_uncertain" in told
    told = {warning.code for warning in read(f"{TITLE}\n{PARAGRAPHS}".encode(), name="page.txt").warnings}
    assert "outline_uncertain" not in told


WORN = (
    "青石县林业局2031年上半年工作总结",
    (1, "一、上半年工作完成情况"),
    (2, "（一）聚焦国土绿化，造林任务稳步推进"),
    (3, "1．人工造林有序推进"),
    "完成造林3200亩，占年度任务的64%。",
    (3, "2．森林抚育提质扩面"),
    "抚育中幼林1.1万亩，占年度任务的55%。",
    (2, "（二）林业产业提质增效"),
    (3, "一是油茶基地不断扩大"),
    "。新建油茶基地2400亩，带动农户186户。",
    (3, "二是林下经济规模持续扩大"),
    "。发展林下种植1800亩，产值2600万元。",
    (2, "（三）资源管护更加严格"),
    "1至6月，全县查处涉林案件12起，同比减少5起，卫片图斑整改率100%。",
    (1, "二、存在问题"),
    "部分项目用地落实较慢，有3个造林地块尚未交付，管护资金到位率只有71%。",
    (1, "三、2031年下半年工作打算"),
    "下半年，我局将抓好秋季造林，力争完成造林1800亩。",
)


def test_a_text_without_any_blank_keeps_its_outline() -> None:
    worn = "".join(piece if isinstance(piece, str) else piece[1] for piece in WORN)
    assert " " not in worn
    assert "\n" not in worn
    assert outline(read(worn.encode(), name="page.txt")) == [piece for piece in WORN if not isinstance(piece, str)]
