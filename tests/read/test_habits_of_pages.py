"""Habits of pages as they are: metadata in lists or without labels, words beside rates and states, figures by place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tasks.model import Report
from tasks.read import read
from tasks.read.errors import ColumnsNotUnderstood
from tasks.read.tables.headings import is_state
from tasks.read.tables.rates import read_percent

_BODY = "\n一、总体情况。30项任务中,26项达到序时进度,4项滞后。\n\n二、存在问题。部分项目进展缓慢,要加快推进。\n"
_TITLE = "东汀市2031年三季度重点任务进展情况"


def _told(lines: str) -> Report:
    return read(f"{_TITLE}\n{lines}\n{_BODY}".encode())


def test_metadata_in_a_list_of_points() -> None:
    meta = _told("  • 发布日期:2031-10-14\n  • 浏览次数:\n  • 来源:东汀市人民政府办公室\n  • 字体:[ ]\n").meta
    assert (meta.published_on, meta.publisher) == (date(2031, 10, 14), "东汀市人民政府办公室")


def test_brackets_that_a_value_opens_are_its_own() -> None:
    report = _told(
        "索引号: 11450022007654321K/203110-00140 组配分类: 进展情况\n发布机构: 东汀市人民政府(办公室) 主题分类: 综合"
    )
    assert report.meta.publisher == "东汀市人民政府(办公室)"


def test_empty_brackets_are_no_value() -> None:
    meta = _told("时间:2031-10-16 10:41  信息来源:东汀县政府办[ ] 浏览次数: [ 打印 ] [ 关闭 ]").meta
    assert (meta.published_on, meta.publisher) == (date(2031, 10, 16), "东汀县政府办")


@pytest.mark.parametrize(
    ("lines", "publisher", "generated", "published"),
    [
        (
            "11450022MB7654321X/2031-5012347\n综合政务\n汀政办字〔2031〕3号\n东汀市政府\n2031-10-11\n2031-10-12\n有效",
            "东汀市政府",
            date(2031, 10, 11),
            date(2031, 10, 12),
        ),
        (
            "11450022MB7654321X/2031-5012347\n2031-10-22 14:43:15\n东汀市人民政府",
            "东汀市人民政府",
            None,
            date(2031, 10, 22),
        ),
    ],
)
def test_values_whose_labels_were_lost(lines: str, publisher: str, generated: date | None, published: date) -> None:
    meta = _told(lines).meta
    assert meta.index_number == "11450022MB7654321X/2031-5012347"
    assert (meta.publisher, meta.generated_on, meta.published_on) == (publisher, generated, published)


@pytest.mark.parametrize(
    "line",
    [
        "2031-10-22 16:06  市民生办 [字号: ] 打印",
        "东汀市人民政府门户网站 www.example.cn 发布时间: 2031-10-22 09:28 【字体:",
    ],
)
def test_a_day_in_a_line_that_opens_with_something_else(line: str) -> None:
    assert _told(line).meta.published_on == date(2031, 10, 22)


@pytest.mark.parametrize(
    ("cell", "rate"),
    [
        ("80%(新区幼儿园进度滞后)", 80),
        ("50%(马头未开工", 50),
        ("22%（严重滞后）", 22),
        ("80%(预计)", None),
        ("60%(目标)", None),
    ],
)
def test_a_rate_with_a_word_on_it(cell: str, rate: int | None) -> None:
    assert read_percent(cell) == (None if rate is None else Decimal(rate))


def test_a_cell_of_a_rate_with_words_is_no_part_of_the_task_above() -> None:
    rows = [
        ("1", "新建幼儿园5所,新增学位1000个。", "80%(新区幼儿园进度滞后)", "县教育局", "市实事"),
        ("2", "建设农村公路48公里。", "95%", "县交通局", "县实事"),
        ("3", "打通12条断头路。", "88%(园区六路、金水路推进缓慢)", "县住建局", "县实事"),
        ("4", "新增文化驿站16个。", "97.6%", "县文旅局", "县实事"),
    ]
    lines = ["岚汀县2031年度民生实事进度表(截至10月31日)", "序号", "项目内容", "当前进度", "牵头单位", "备注"]
    report = read("\n\n".join([*lines, *(cell for row in rows for cell in row)]).encode())
    assert [(row.content, row.progress) for row in report.rows] == [
        (row[1], Decimal(rate)) for row, rate in zip(rows, ("80", "95", "88", "97.6"), strict=True)
    ]


@pytest.mark.parametrize("word", ["达序推进", "进展缓慢", "严重滞后", "欠进度", "基本达序", "超进度完成"])
def test_free_words_for_a_state(word: str) -> None:
    assert is_state(word)


@pytest.mark.parametrize("word", ["完成进度", "计划进度", "进展情况", "推进", "提前介入"])
def test_headings_and_verbs_are_no_states(word: str) -> None:
    assert not is_state(word)


def test_a_column_of_states_stands_beside_the_account() -> None:
    rows = [
        "1 | 启动城北综合体。 | ①3月底前开工。 | ①已完成设计招标,施工图正在图审。 | 达序推进 |",
        "2 | 新建公路30公里。 | ①9月底前完成20公里。 | ①已开工8公里,路基完成一半。 | 滞后 |",
        "3 | 优良率98%以上。 | ①每月监测。 | ①一季度优良天数90天,优良率为100%。 | 达序推进 |",
    ]
    head = "云汀县2031年一季度重点工作清单\n序号 | 工作事项 | 进度安排 | 进展情况 | 完成情况 |\n"
    report = read((head + "\n".join(rows)).encode())
    assert [row.progress_text for row in report.rows] == ["达序推进", "滞后", "达序推进"]
    assert [(row.status or "")[:2] for row in report.rows] == ["①已", "①已", "①一"]


@pytest.mark.parametrize(
    ("opinions", "told"),
    [
        (("正常推进", "快于序时", "滞后，予以提醒"), True),
        (("请加快办理手续，尽快开工。", "继续抓好后续管护工作。", "协调解决用地问题。"), False),
    ],
)
def test_what_a_superior_finds_is_how_far_the_work_is_where_it_says_so(opinions: tuple[str, ...], told: bool) -> None:
    works = ["新建公路30公里", "改造小区5个", "建设幼儿园2所"]
    rows = [
        f"<tr><td>{n}</td><td>{work}。</td><td>已完成前期工作，{work}的施工单位已进场。</td><td>{opinion}</td></tr>"
        for n, (work, opinion) in enumerate(zip(works, opinions, strict=True), 1)
    ]
    head = "<tr><td>序号</td><td>工作任务</td><td>上半年进展情况</td><td>督办意见</td></tr>"
    page = f"<html><body><h1>青陂镇2031年上半年督查台账</h1><table>{head}{''.join(rows)}</table></body></html>"
    assert [row.progress_text for row in read(page.encode()).rows] == ([*opinions] if told else [None] * 3)


@pytest.mark.parametrize("dumped", [False, True])
def test_figures_by_place_are_no_tasks(dumped: bool) -> None:
    parts = ["目标任务", "进度", "完成比例(%)"]
    rows = [
        ["全市", "26500", "41870", "158", "4100", "4920", "120"],
        ["东山区", "7600", "18240", "240", "1150", "1380", "120"],
        ["彭水区", "3500", "5250", "150", "640", "704", "110"],
    ]
    counted = ["城镇新增就业(人)", "失业人员再就业(人)"]
    if dumped:
        heads = ["民生工程完成情况表", "地区", *counted, *parts, *parts]
        body = "\n\n".join([*heads, *(cell for row in rows for cell in row)])
    else:
        cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
        upper = "".join(f"<td colspan=3>{what}</td>" for what in counted)
        lower = "".join(f"<td>{part}</td>" for part in [*parts, *parts])
        table = f"<table><tr><td rowspan=2>地区</td>{upper}</tr><tr>{lower}</tr>{cells}</table>"
        body = f"<html><body><h1>2031年民生工程完成情况表</h1>{table}</body></html>"
    if dumped:
        report = read(body.encode())
        assert not report.rows
        assert "table_not_read" in {warning.code for warning in report.warnings}
        return
    with pytest.raises(ColumnsNotUnderstood):
        read(body.encode())


def test_who_is_to_do_it_is_no_part_of_a_heading() -> None:
    points = [
        f"{n}、{what}工程,牵头部门:市{who}局。建设进度较慢的县区为舒汀县。"
        for n, what, who in ((1, "农村道路畅通", "交通"), (2, "农村饮水安全", "水利"))
    ]
    report = read(
        (
            "1至7月民生工程实施进度通报\n一、综合排名\n第一名金汀县。\n二、部分项目进展情况\n" + "\n".join(points)
        ).encode()
    )
    assert [section.title for section in report.sections][2:] == ["1、农村道路畅通工程", "2、农村饮水安全工程"]


def test_points_in_brackets_go_on_with_the_account_of_a_numbered_record() -> None:
    records = [
        "1.新引进项目2个。（牵头单位：经济发展办）",
        "上半年进展情况：（1）新引进项目1个，计划投资1.25亿元，5月18日摘地。",
        "（2）完成工业投资1.74亿元，占年度任务的48.3%。",
        "（3）另有在谈项目3个，其中亿元以上1个。",
        "存在问题：第二个项目受用地指标制约，未能落地。",
        "2.盘活低效工业用地180亩。（牵头单位：自然资源所）",
        "上半年进展情况：完成摸底建档，涉及企业11家；已盘活75亩。",
        "存在问题：无",
        "3.种植丝苗米1.2万亩。（牵头单位：农业农村办）",
        "上半年进展情况：早造订单种植6350亩，与3家米业公司签订合同。",
        "存在问题：部分村烘干设备不足。",
    ]
    rows = read(("青陂镇2031年上半年重点工作任务督查台账\n\n" + "\n".join(records)).encode()).rows
    assert [row.seq for row in rows] == [1, 2, 3]
    assert [(row.status or "").count("（") for row in rows] == [3, 0, 0]


def test_the_chapter_behind_records_is_no_part_of_the_last() -> None:
    made = "".join(
        f"<p><b>问题{n}　{what}</b></p><p>反馈问题：抽查的24处中有10处不合格，监管部门职责不清，整改不到位，群众反映强烈。</p><p>整改情况：已完成整改。{what}的10处全部整改到位。</p>"
        for n, what in (("一", "污水设施不能正常运行"), ("二", "扬尘管控不精细"), ("三", "矿山修复进展缓慢"))
    )
    page = (
        "<html><body><h1>云汀市督察反馈意见2031年度整改落实情况</h1><p><b>总体进展</b></p><p>28项任务完成18项，其余10项正常推进。成立工作领导小组，制定印发整改方案，实行销号管理，多次召开会议专题研究，全年现场调研督导68次。落实销号制度，组织现场核查41次，退回整改材料9份；对进度滞后的4个县（区）发出提醒函。整改方案明确的问题按期销号，不得延期。</p>"
        f"<p><b>具体问题整改情况</b></p>{made}<p><b>下一步工作安排</b></p><p>聚焦未完成的10项任务，逐项明确节点目标，每月调度、每季通报，确保再销号8项，对已销号问题每半年开展一次回头看，严防问题反弹；加快补齐环境基础设施短板，新建污水管网120公里。</p></body></html>"
    )
    report = read(page.encode())
    assert [row.status for row in report.rows][-1:] == ["已完成整改。矿山修复进展缓慢的10处全部整改到位。"]
    titles = [(section.level, section.title) for section in report.sections if section.level < 3]
    assert titles[1:3] == [(1, "具体问题整改情况"), (2, "问题一 污水设施不能正常运行")]
    assert titles[-1] == (1, "下一步工作安排")


def test_lines_are_joined_around_a_table_of_a_line_a_row() -> None:
    lines = [
        "云汀市2031年一季度经济运行情况分析",
        "",
        "　　一、基本情况",
        "　　一季度，全市农林牧渔业总产值69.82亿元，同比增长4.1%。蔬菜及",
        "食用菌产量47.3万吨，增长3.6%；生猪出栏58.9万头，增长1.2%；水产品",
        "产量6.15万吨，增长5.4%。冬小麦长势总体好于上年，一、二类苗占比",
        "91.7%。全市规模以上工业增加值同比增长6.4%，比上年同期提高0.9个百",
        "分点。",
        "",
        "　　指标名称                        总量        同比增长（%）",
        "　　地区生产总值（亿元）           486.37            5.2",
        "　　社会消费品零售总额（亿元）     177.52            5.6",
        "　　注：增速一栏中，地区生产总值按可比价格计算。",
        "",
        "　　二、部分企业生产经营困难，中小微企业账款回收周期拉长的情况较",
        "为突出",
        "　　3月末，规模以上工业企业应收账款同比增长10.9%，高于营业收入增",
        "速6.6个百分点。问卷调查的212家企业中，有38.2%反映订单不足，比上",
        "季度下降2.1个百分点。",
    ]
    report = read("\n".join(lines).encode())
    assert "水产品产量6.15万吨" in report.text
    assert "拉长的情况较为突出" in report.text
    assert [row.content for row in report.rows] == ["地区生产总值（亿元）", "社会消费品零售总额（亿元）"]
