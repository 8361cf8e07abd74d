"""Dumps of tables whose merged cells, levels of headings and records are told by nothing but where blanks stand."""

from __future__ import annotations

import pytest

from tasks.model import Report
from tasks.read import read
from tests.read.test_textdump import lines
from tests.read.test_varieties import held


def told(report: Report) -> list[tuple[object, ...]]:
    return [(r.seq, r.category, r.content, r.units, r.status, r.progress_text) for r in report.rows]


@pytest.mark.parametrize("divider", [" | ", "\t"])
def test_two_levels_of_headings_in_their_columns(divider: str) -> None:
    rows = [
        ["序号", "重点工作", "责任分工", "", "", "推进情况", "", ""],
        ["", "", "牵头领导", "牵头单位", "配合单位", "一季度", "二季度", "三季度"],
        ["1", "新建绿道9公里。", "陆晓峰", "区城管局", "石渡镇", "完成选址。", "建成3公里。", "建成6公里。"],
        ["", "", "金璐", "区水利局", "区财政局", "完成设计。", "开工护岸2处。", "完成护岸2处。"],
        ["2", "改造老旧小区8个。", "金璐", "区住建局", "石渡镇", "完成设计。", "开工5个。", ""],
        ["3", "开通公交线路3条。", "陆晓峰", "区交通局", "", "", "开通1条。", "开通3条。"],
    ]
    end = " |" if divider == " | " else ""
    report = read(lines("云汀区2024年三季度重点工作推进情况", *(divider.join(row) + end for row in rows)))
    assert told(report) == [
        (1, None, "新建绿道9公里。", ("区城管局", "石渡镇"), "建成6公里。", None),
        (1, None, "新建绿道9公里。", ("区水利局", "区财政局"), "完成护岸2处。", None),
        (2, None, "改造老旧小区8个。", ("区住建局", "石渡镇"), None, None),
        (3, None, "开通公交线路3条。", ("区交通局",), "开通3条。", None),
    ]
    assert not held(report)


def test_three_levels_of_headings() -> None:
    report = read(
        lines(
            "云汀区2024年1—10月主要指标完成情况",
            "领域\t序号\t指标名称\t计量单位\t年度目标\t\t1—10月完成情况\t\t\t责任单位",
            "\t\t\t\t总量\t增速（%）\t实绩\t\t完成率\t",
            "\t\t\t\t\t\t绝对值\t增幅（%）\t\t",
            "工业\t1\t工业总产值\t亿元\t80\t6\t66.2\t5.1\t82.8%\t区经信局",
            "\t2\t工业用电量\t亿千瓦时\t9\t3\t7.4\t2.2\t82.2%\t区经信局",
            "投资\t3\t固定资产投资\t亿元\t40\t8\t35\t8.4\t87.5%\t区发改局",
        )
    )
    assert [(r.seq, r.category, r.content, r.units, r.progress_text) for r in report.rows] == [
        (1, "工业", "工业总产值", ("区经信局",), "82.8%"),
        (2, "工业", "工业用电量", ("区经信局",), "82.2%"),
        (3, "投资", "固定资产投资", ("区发改局",), "87.5%"),
    ]


def test_a_line_of_the_frame_above_the_headings_is_no_part_of_them() -> None:
    report = read(
        lines(
            "云汀区2024年度重点任务完成情况表",
            "发布时间：2025-01-17 10:12　|　浏览次数：　|　字体：大 中 小",
            "现将全年完成情况公开如下",
            "序号 | 项目名称 | 主要内容 | 牵头单位 | 完成情况 |",
            "1.1 | （一）扩大投资 | 新建绿道9公里 | 区城管局 | 已建成6公里。 |",
            "1.2 | 改造老旧小区8个 | 区住建局 | 已开工5个。 |",
        )
    )
    assert told(report) == [
        ("1.1", "扩大投资", "新建绿道9公里", ("区城管局",), "已建成6公里。", None),
        ("1.2", "扩大投资", "改造老旧小区8个", ("区住建局",), "已开工5个。", None),
    ]


def test_labelled_records_under_other_labels_in_each_part() -> None:
    report = read(
        lines(
            "云汀区2024年三季度重点工作推进情况",
            "一、产业提质",
            "目标任务：新增规上企业12户。",
            "牵头单位：区经信局",
            "配合单位：区统计局",
            "完成情况：新增9户。",
            "",
            "目标任务：盘活低效用地300亩。",
            "牵头单位：区资源局",
            "完成情况：盘活317亩。",
            "",
            "二、乡村振兴",
            "目标任务：发展三大特色产业。",
            "完成情况：1.茶叶：产值11.3亿元；",
            "2.辣椒：产值8.2亿元；",
            "3.食用菌：产值6.9亿元。",
            "牵头单位：区农业局",
            "",
            "三、民生保障",
            "工作任务：新建养老中心2个。",
            "牵头部门：区民政局",
            "进展情况：",
            "",
            "工作任务：新建幼儿园3所。",
            "牵头部门：区教育局",
            "进展情况：1所开园。",
            "",
            "上一篇：云汀区2024年8月民生实事进展",
            "主办：云汀区人民政府　承办：云汀区大数据中心",
        )
    )
    assert told(report) == [
        (None, "产业提质", "新增规上企业12户。", ("区经信局", "区统计局"), "新增9户。", None),
        (None, "产业提质", "盘活低效用地300亩。", ("区资源局",), "盘活317亩。", None),
        (
            None,
            "乡村振兴",
            "发展三大特色产业。",
            ("区农业局",),
            "1.茶叶：产值11.3亿元；\n2.辣椒：产值8.2亿元；\n3.食用菌：产值6.9亿元。",
            None,
        ),
        (None, "民生保障", "新建养老中心2个。", ("区民政局",), None, None),
        (None, "民生保障", "新建幼儿园3所。", ("区教育局",), "1所开园。", None),
    ]


@pytest.mark.parametrize("unit", ["  ", "    ", "\u3000\u3000"])
def test_twice_the_blanks_that_divide_are_a_blank_cell(unit: str) -> None:
    rows = [
        ["序号", "建议题目", "领衔代表", "主办单位", "会办单位", "办理情况", "进度"],
        ["（一）代表建议"],
        ["1", "关于修缮河堤的建议", "彭华", "区水利局", "区财政局", "已完成河堤修缮3公里。", "100%"],
        ["2", "关于减轻用气成本的建议", "汤志远", "区发改局", "石渡镇", "", "/"],
        ["3", "关于规范屠宰点的建议", "雷明", "区农业局", "", "关停14家，其余列入计划。", "60%"],
        ["（二）委员提案"],
        ["4", "关于开放体育场地的提案", "体育界别", "区文旅局", "区教育局", "16所学校已开放。", ""],
        ["5", "关于保护古树的提案", "罗炳", "区林业局", "各镇", "完成普查。", "40%"],
    ]
    report = read(lines("云汀区2024年度重点建议提案办理情况", *(unit.join(row) for row in rows), "关闭窗口"))
    assert [(r.seq, r.category, r.units, r.status, r.progress_text) for r in report.rows] == [
        (1, "代表建议", ("区水利局", "区财政局"), "已完成河堤修缮3公里。", "100%"),
        (2, "代表建议", ("区发改局", "石渡镇"), None, "/"),
        (3, "代表建议", ("区农业局",), "关停14家，其余列入计划。", "60%"),
        (4, "委员提案", ("区文旅局", "区教育局"), "16所学校已开放。", None),
        (5, "委员提案", ("区林业局", "各镇"), "完成普查。", "40%"),
    ]


@pytest.mark.parametrize("divider", ["\t", "  ", " | "])
def test_what_stands_between_two_rows_is_no_end_of_the_table(divider: str) -> None:
    rows = [
        ["序号", "工作内容", "责任单位", "完成情况"],
        ["1", "新建绿道9公里", "区城管局", "已建成6公里。"],
        ["其余3公里因征地推迟，正在施工，预计12月完成"],
        ["2", "改造老旧小区8个", "区住建局", "已开工5个。"],
        ["3", "新建养老中心2个", "区民政局", "正在装修。"],
    ]
    report = read(lines("云汀区2024年三季度重点工作完成情况", *(divider.join(row) for row in rows)))
    assert [r.seq for r in report.rows][-2:] == [2, 3]
    assert held(report)


def test_rows_far_below_a_table_hold_the_document() -> None:
    report = read(
        lines(
            "云汀区2024年三季度重点工作完成情况",
            "序号\t工作内容\t责任单位\t完成情况",
            "1\t新建绿道9公里\t区城管局\t已建成6公里。",
            "2\t改造老旧小区8个\t区住建局\t已开工5个。",
            *("填报说明的一段文字，与表格无关。" for _ in range(6)),
            "3\t新建养老中心2个\t区民政局\t正在装修。",
        )
    )
    assert held(report)


def test_a_status_told_of_several_tasks_is_not_null_in_silence() -> None:
    report = read(
        lines(
            "云汀区2024年三季度重点工作完成情况",
            "序号 | 工作内容 | 责任单位 | 完成情况 | 完成进度 |",
            "1 | 新建绿道9公里 | 区城管局 | 已建成6公里。 | 65% |",
            "2 | 扩建滑雪场 | 区文旅局 | 第2—3项统筹推进：初步设计已批复。 | 20% |",
            "3 | 改造码头 | 区交通局 |  | 20% |",
        )
    )
    assert held(report)


def test_numbers_and_taking_bodies_merged_with_their_groups() -> None:
    report = read(
        lines(
            "云汀区2024年三季度民生实事完成情况",
            "序号\t项目名称\t年度目标\t进展情况\t牵头单位\t配合单位",
            "1\t托育工程\t新增托位450个\t新增466个。\t区卫健局\t区教育局",
            "\t\t建成亲子小屋8个\t建成8个。\t\t",
            "2\t教育工程\t新增学位2100个\t新增2160个。\t区教育局\t区财政局 区住建局",
            "\t\t改造教室500间\t改造512间。\t\t",
            "合计\t\t4项\t完成4项\t\t",
        )
    )
    assert told(report) == [
        (1, "托育工程", "新增托位450个", ("区卫健局", "区教育局"), "新增466个。", None),
        (1, "托育工程", "建成亲子小屋8个", ("区卫健局", "区教育局"), "建成8个。", None),
        (2, "教育工程", "新增学位2100个", ("区教育局", "区财政局", "区住建局"), "新增2160个。", None),
        (2, "教育工程", "改造教室500间", ("区教育局", "区财政局", "区住建局"), "改造512间。", None),
    ]


def test_a_blank_cell_behind_bodies_that_only_a_blank_divides() -> None:
    report = read(
        lines(
            "云汀区2023年度重点工作完成情况",
            "序号 | 工作内容 | 责任单位 | 完成情况 |",
            "1 | 新建绿道9公里。 | 区城管局 | 已建成9公里。 |",
            "2 | 举办文化节。 | 区文化广电和旅游局 区融媒体中心 |  |",
            "3 | 改造老旧小区8个。 | 区住建局 | 改造完成8个。 |",
        )
    )
    assert [(r.units, r.status) for r in report.rows][1] == (("区文化广电和旅游局", "区融媒体中心"), None)


TWO_LEVELS = """\
云汀区2024年三季度重点工作推进情况
序号
重点工作
责任分工
推进情况
牵头领导
牵头单位
配合单位
一季度
二季度
三季度
1
新建绿道9公里。
陆晓峰
区城管局
石渡镇
完成选址。
建成3公里。
累计建成6公里。
2
改造老旧小区8个。
金璐
区住建局
石渡镇
完成设计。
开工5个。
累计完工7个。
3
开通公交线路3条。
陆晓峰
区交通局
区公安局
完成线路勘察。
开通1条。
累计开通3条。
"""


@pytest.mark.parametrize("divider", ["\n", "\n\n"])
def test_two_levels_of_headings_a_cell_a_line(divider: str) -> None:
    report = read(TWO_LEVELS.replace("\n", divider).encode())
    wanted = [
        (1, None, "新建绿道9公里。", ("区城管局", "石渡镇"), "累计建成6公里。", None),
        (2, None, "改造老旧小区8个。", ("区住建局", "石渡镇"), "累计完工7个。", None),
        (3, None, "开通公交线路3条。", ("区交通局", "区公安局"), "累计开通3条。", None),
    ]
    assert told(report) == wanted


def test_numbers_in_two_parts_a_cell_a_line() -> None:
    cells = ["序号", "项目名称", "工作内容", "牵头单位", "完成情况", "完成进度"]
    for part, (name, work) in enumerate([("扩大投资", "绿道"), ("改善民生", "食堂"), ("深化改革", "窗口")], 1):
        for number in (1, 2, 3):
            cells += [f"{part}.{number}", *([name] if number == 1 else []), f"新建{work}{number + 3}处。"]
            cells += ["区城管局", f"已建成{work}{number}处。", f"{20 * number}%"]
    report = read("\n".join(["云汀区2024年度重点工作完成情况", *cells]).encode())
    assert [(r.seq, r.category, r.progress) for r in report.rows] == [
        (f"{part}.{number}", name, 20 * number)
        for part, name in enumerate(["扩大投资", "改善民生", "深化改革"], 1)
        for number in (1, 2, 3)
    ]


def test_merged_cells_printed_in_each_slot() -> None:
    report = read(
        lines(
            "云汀区2024年三季度重点工作推进情况",
            "| 序号 | 工作内容 | 责任单位 | 责任单位 | 推进情况 | 推进情况 |",
            "| --- | --- | --- | --- | --- | --- |",
            "| 序号 | 工作内容 | 牵头 | 配合 | 二季度 | 三季度 |",
            "| （一）扩大投资 | （一）扩大投资 | （一）扩大投资 | （一）扩大投资 | （一）扩大投资 | （一）扩大投资 |",
            "| 1 | 新建绿道9公里 | 区城管局 | 石渡镇 | 已建成3公里。 | 已建成6公里。 |",
            "| （二） | 改善民生 | 改善民生 | 改善民生 | 改善民生 | 改善民生 |",
            "| 2 | 改造小区8个 | 区住建局 | 区住建局 | 开工5个。 | 完工7个。 |",
        )
    )
    assert told(report) == [
        (1, "扩大投资", "新建绿道9公里", ("区城管局", "石渡镇"), "已建成6公里。", None),
        (2, "改善民生", "改造小区8个", ("区住建局",), "完工7个。", None),
    ]


def test_cells_a_line_below_a_divided_line_of_the_frame() -> None:
    report = read(
        lines(
            "云汀区2024年三季度重点工作推进情况",
            "来源：云汀区政府办 字号：T|T 语音播报",
            *(f"{cell} |" for cell in ("序号", "工作内容", "责任单位", "完成情况")),
            *(f"{cell} |" for cell in ("1", "新建绿道9公里", "区城管局", "已建成6公里。")),
            *(f"{cell} |" for cell in ("2", "改造老旧小区8个", "区住建局", "已开工5个。")),
        )
    )
    assert [(r.seq, r.content, r.units, r.status) for r in report.rows] == [
        (1, "新建绿道9公里", ("区城管局",), "已建成6公里。"),
        (2, "改造老旧小区8个", ("区住建局",), "已开工5个。"),
    ]


def test_sections_with_sums_in_columns_that_keep_blanks() -> None:
    report = read(
        lines(
            "云汀区2024年三季度重点项目进展表",
            "序号\t类别\t项目名称\t累计完成投资（万元）\t工程进展\t责任单位",
            "一\t基础设施\t\t2100\t\t",
            "1\t交通\t云汀大桥\t1500\t主塔封顶。\t区交通局",
            "2\t环城路\t600\t路基完成80%。\t区交通局、石渡镇",
            "二\t社会事业\t\t500\t\t",
            "3\t教育\t云汀二小\t500\t主体施工至三层。\t区教育局",
            "合计\t\t3个\t2600\t\t",
        )
    )
    assert [(r.seq, r.category, r.content, r.status) for r in report.rows] == [
        (1, "交通", "云汀大桥", "主塔封顶。"),
        (2, "交通", "环城路", "路基完成80%。"),
        (3, "教育", "云汀二小", "主体施工至三层。"),
    ]


def test_cells_wrapped_in_columns_of_blanks_hold_the_document() -> None:
    report = read(
        lines(
            "云汀区2024年三季度重点工作完成情况",
            "序号   工作内容             责任单位      完成情况               进度",
            "1      新建绿道9公里，      区城管局、    已建成6公里，其余正    65%",
            "       改造步道3公里        石渡镇        在施工。",
            "2      改造老旧小区8个      区住建局      已开工5个。            60%",
        )
    )
    assert held(report)


def test_a_state_that_may_be_an_account_or_a_rate_holds_the_document() -> None:
    report = read(
        lines(
            "云汀区2024年三季度改革任务落实情况",
            "改革任务 | 主办单位 | 时限要求 | 落实举措及成效 | 目前进度 |",
            "推行一照通行，纳入事项12个。 | 区市场监管局 | 2024年6月底 | 上线专区，纳入事项14个。 | 已完成 |",
            "优化迁移登记流程。 | 区市场监管局 | 2024年9月底 | 办理迁入107户。 | 持续推进 |",
            "建立破产府院联动机制。 | 区法院 | 2024年12月底 | 推进中 |",
            "压减审批时限。 | 区住建局 | 2024年12月底 | 平均办理时间2.5天。 | 90% |",
        )
    )
    assert held(report) or (report.rows[2].status, report.rows[2].progress_text) == (None, "推进中")


@pytest.mark.parametrize("mean", ["可量化指标平均完成率 |  |  |  | 77.5% |  |", "可量化指标平均完成率 | 77.5% |  |"])
def test_a_mean_over_the_table_is_no_task(mean: str) -> None:
    report = read(
        lines(
            "云汀区2024年三季度主要指标完成情况",
            "类别 | 指标名称 | 单位 | 年度目标 | 1-9月完成 | 完成率 | 责任单位 |",
            "经济 | 固定资产投资 | 亿元 | 820 | 671.6 | 81.9% | 区发改局 |",
            "经济 | 社会消费品零售总额 | 亿元 | 560 | 431.9 | 77.1% | 区商务局 |",
            "民生 | 城镇新增就业 | 万人 | 2.6 | 2.17 | 83.5% | 区人社局 |",
            mean,
        )
    )
    assert [r.content for r in report.rows] == ["固定资产投资", "社会消费品零售总额", "城镇新增就业"]


@pytest.mark.parametrize("divider", [" | ", "\t", "  "])
def test_a_further_part_of_a_task_is_a_row_and_no_rest_of_the_one_above(divider: str) -> None:
    rows = [
        ["板块", "序号", "调度事项", "节点计划", "实际推进情况", "完成比例", "责任部门"],
        ["项目建设", "1", "储能电池项目投产", "完成调试", "产线完成联动调试，开始试生产", "90%", "建设局"],
        ["", "", "", "供电线路送电", "完成杆塔组立41基，其余3基正在协调", "75%", "经济局"],
        ["", "2", "平台主体封顶", "施工至五层", "主体结构封顶", "100%", "建设局、科技局"],
        ["科技创新", "3", "举办对接会12场", "举办11场", "举办11场，达成合作86项", "—", "科技局"],
        ["", "4", "新增孵化载体2家", "新申报2家", "新获批1家", "50%", "科技局"],
    ]
    report = read(lines("云汀高新区2024年三季度重点工作调度情况", *(divider.join(row) for row in rows)))
    assert [(r.seq, r.category, r.content, r.units, r.status, r.progress_text) for r in report.rows][:3] == [
        (1, "项目建设", "储能电池项目投产", ("建设局",), "产线完成联动调试，开始试生产", "90%"),
        (1, "项目建设", "储能电池项目投产", ("经济局",), "完成杆塔组立41基，其余3基正在协调", "75%"),
        (2, "项目建设", "平台主体封顶", ("建设局", "科技局"), "主体结构封顶", "100%"),
    ]
    assert len(report.rows) == 5


@pytest.mark.parametrize("divider", [" | ", "\t"])
def test_a_status_that_speaks_of_the_task_below_is_its_own_and_holds_the_document(divider: str) -> None:
    rows = [
        ["序号", "实事项目", "年度任务", "责任单位", "进展情况"],
        ["1", "教育提质", "改造农村寄宿制学校4所", "区教育局", "4所学校改造完工，120间教室照明同步到位。"],
        ["", "", "改善中小学教室照明120间", "区教育局", ""],
        ["2", "养老服务", "新建长者食堂15个", "区民政局", "累计建成12个。"],
        ["", "", "新增养老床位150张", "区民政局", "主体完工。"],
        ["3", "应急能力", "建设避灾示范点6个", "区应急局", ""],
    ]
    report = read(lines("云汀区2024年三季度民生实事进展情况", *(divider.join(row) for row in rows)))
    assert [(r.seq, r.status) for r in report.rows] == [
        (1, "4所学校改造完工，120间教室照明同步到位。"),
        (1, "4所学校改造完工，120间教室照明同步到位。"),
        (2, "累计建成12个。"),
        (2, "主体完工。"),
        (3, None),
    ]
    assert held(report)


@pytest.mark.parametrize("words", [("企业投资3亿元", "引进企业3家、投资5亿元"), ("完成投资3亿元", "全年完成投资5亿元")])
def test_an_empty_status_below_one_that_speaks_of_something_else(words: tuple[str, str]) -> None:
    report = read(
        lines(
            "云汀区2024年三季度重点工作完成情况",
            "序号 | 工作内容 | 责任单位 | 完成情况 |",
            f"1 | 新建农村公路9公里 | 区交通局 | 建成公路6公里，{words[0]}。 |",
            f"2 | {words[1]} | 区投促局 |  |",
            "3 | 改造老旧小区8个 | 区住建局 | 改造完成8个。 |",
        )
    )
    assert [r.status for r in report.rows] == [f"建成公路6公里，{words[0]}。", None, "改造完成8个。"]
    assert not held(report)


@pytest.mark.parametrize("divider", [" | ", "\t", "  "])
def test_numbers_that_went_with_their_groups_when_cells_were_dropped(divider: str) -> None:
    rows = [
        ["序号", "项目名称", "年度目标任务", "牵头单位", "进展情况", "完成进度"],
        ["1", "托育工程", "新增托位450个", "区卫健局", "新增托位466个。", "103%"],
        ["建成亲子小屋8个", "区妇联", "建成5个，其余正在装修。", "63%"],
        ["2", "教育工程", "新增学位2100个", "区教育局", "已完成新增学位2160个。", "100%"],
        ["改造教室500间", "区住建局", "改造教室312间。", "62%"],
        ["3", "养老工程", "新建食堂6家", "区民政局", "建成4家。", "67%"],
    ]
    end = " |" if divider == " | " else ""
    report = read(lines("云汀区2024年三季度民生实事完成情况", *(divider.join(row) + end for row in rows)))
    assert [(r.seq, r.category) for r in report.rows] == [
        (1, "托育工程"),
        (1, "托育工程"),
        (2, "教育工程"),
        (2, "教育工程"),
        (3, "养老工程"),
    ]


@pytest.mark.parametrize("divider", [" | ", "\t"])
def test_problems_group_what_is_done_about_them(divider: str) -> None:
    rows = [
        ["序号", "反馈问题", "整改措施", "责任领导", "责任股室", "整改时限", "整改落实情况", "整改进度"],
        ["1", "理论学习不够深入", "制定年度学习计划", "局长 韦××", "办公室", "立行立改", "印发学习计划。", "已完成"],
        ["", "", "建立学习台账", "", "办公室 机关党委", "2024年12月底前", "建立台账并按月更新。", "已完成"],
        ["2", "服务能力薄弱", "改扩建卫生院6个", "副局长 陆××", "规财股", "2025年12月底前", "2个完工。", "33%"],
        ["", "", "下沉骨干医师", "", "医政股 县人民医院", "长期坚持", "选派医师41名。", "长期坚持"],
    ]
    report = read(lines("云汀县卫健局巡察整改落实情况", *(divider.join(row) for row in rows)))
    assert [(r.seq, r.category, r.content, r.units) for r in report.rows] == [
        (1, "理论学习不够深入", "制定年度学习计划", ("办公室",)),
        (1, "理论学习不够深入", "建立学习台账", ("办公室", "机关党委")),
        (2, "服务能力薄弱", "改扩建卫生院6个", ("规财股",)),
        (2, "服务能力薄弱", "下沉骨干医师", ("医政股", "县人民医院")),
    ]


def test_the_rest_of_a_row_below_repeated_headings_leaves_the_section() -> None:
    heads = "序号 | 目标任务 | 完成情况 | 完成进度 | 责任单位 |"
    report = read(
        lines(
            "云汀区2023年目标任务完成情况",
            heads,
            "（一）经济运行 |",
            "1 | 新增企业9家。 | 新增10家。 | 111% | 区经信局 |",
            "（二）城市建设 |",
            "2 | 改造小区8个。 | 开工8个，其余 | 60% | 区住建局 |",
            heads,
            "配套管网正在施工。 |",
            "3 | 新建绿道9公里。 | 建成9公里。 | 100% | 区城管局 |",
        )
    )
    assert [(r.seq, r.category) for r in report.rows] == [(1, "经济运行"), (2, "城市建设"), (3, "城市建设")]


def test_numbers_merged_with_their_groups_a_cell_a_line() -> None:
    cells = ["序号", "项目名称", "年度建设内容", "责任单位", "进展情况", "完成进度"]
    for number, (name, work) in enumerate([("就业促进", "岗位"), ("安心托幼", "园所"), ("老有所养", "食堂")], 1):
        cells += [str(number), name, f"新增{work}60个", "区人社局", f"新增{work}31个，其余正在筹备。", "52%"]
        cells += [f"改造提升{work}20处", "区住建局", f"完成{work}改造14处。", "70%"]
    report = read("\n".join(["云汀区2024年上半年民生实事进展情况", *cells]).encode())
    assert [(r.seq, r.category) for r in report.rows] == [
        (number, name) for number, name in enumerate(["就业促进", "安心托幼", "老有所养"], 1) for _ in range(2)
    ]


def test_sums_of_sections_and_two_levels_of_amounts_a_cell_a_line() -> None:
    cells = ["序号", "项目名称及建设内容", "建设年限", "投资情况（万元）", "形象进度", "包保领导", "责任单位"]
    cells += ["总投资", "2024年计划投资", "1—11月完成投资", "占年度计划"]
    cells += ["合计", "9000", "5200", "4900", "94.2%", "共6个项目"]
    wanted = []
    for part, (name, work) in enumerate([("产业项目", "厂房"), ("交通项目", "公路")]):
        cells += ["一二"[part], name, "4500", "2600", "2450", "94.2%"]
        for number in range(3 * part + 1, 3 * part + 4):
            task = f"第{number}期{work}建设：新建{work}{number}处"
            cells += [str(number), task, "2023—2025", f"{number}500", f"{number}00", f"{number}50", f"{9 * number}.5%"]
            cells += [f"{work}完成{number}处，其余正在施工。", "黄建军", "区发改局、石渡镇"]
            wanted.append((number, name, task, f"{9 * number}.5%"))
    report = read("\n".join(["云汀区2024年1—11月重点建设项目推进情况表", *cells]).encode())
    assert [(r.seq, r.category, r.content, r.progress_text) for r in report.rows] == wanted
    assert {r.units for r in report.rows} == {("区发改局", "石渡镇")}


def test_figures_that_only_a_blank_divides_are_cells_of_their_own() -> None:
    report = read(
        lines(
            "云汀高新区2025年上半年主要指标监测表",
            "类别 序号 监测指标 计量单位 全年目标 1—6月完成情况 责任部门",
            "完成数 完成率（%） 同比（±%）",
            "经济运行 1 地区生产总值 亿元 638 311.5 48.8 6.3 发展部",
            "2 服务业增加值 亿元 245 121.3 49.5 5.9 发展部、商务部",
            "3 实际使用外资 万美元 15000 8326 55.5 19.1 投促部",
            "创新驱动 4 高新产业产值占比 % 76 77.2 — 1.4 科技部",
            "5 新增创新平台 个 8 3 37.5 — 科技部",
            "绿色低碳 6 能耗降低率 % 3 3.4 — — 发展部",
            "7 细颗粒物浓度 微克/立方米 38 41 — -4.7 环境局",
            "民生福祉 8 城镇新增就业 人 6800 3917 57.6 2.1 人力中心",
            "9 新增中小学学位 个 2700 0 0 — 教育局",
        )
    )
    assert [(r.content, r.units, r.status, r.progress_text) for r in report.rows] == [
        ("地区生产总值", ("发展部",), "311.5", "48.8"),
        ("服务业增加值", ("发展部", "商务部"), "121.3", "49.5"),
        ("实际使用外资", ("投促部",), "8326", "55.5"),
        ("高新产业产值占比", ("科技部",), "77.2", "—"),
        ("新增创新平台", ("科技部",), "3", "37.5"),
        ("能耗降低率", ("发展部",), "3.4", "—"),
        ("细颗粒物浓度", ("环境局",), "41", "—"),
        ("城镇新增就业", ("人力中心",), "3917", "57.6"),
        ("新增中小学学位", ("教育局",), "0", "0"),
    ]


def test_a_label_of_the_frame_below_the_rows_is_none() -> None:
    report = read(
        lines(
            "云汀区2024年三季度重点工作完成情况",
            "序号\t工作内容\t责任单位\t完成情况",
            "1\t新建绿道9公里\t区城管局\t已建成6公里。",
            "2\t改造老旧小区8个\t区住建局\t已开工5个。",
            "说明：本表由各牵头单位填报。\t\t\t",
            "附件下载：\t无",
        )
    )
    assert [r.seq for r in report.rows] == [1, 2]
    assert not held(report)


def test_one_body_where_two_may_stand_holds_the_document_unless_it_leads_elsewhere() -> None:
    cells = ["序号", "工作任务", "牵头单位", "配合单位", "完成情况"]
    for number, bodies in enumerate([("区住建局", "区财政局"), ("区水利局", "石渡镇"), ("区教育局", "区编办")], 1):
        cells += [str(number), f"新建第{number}处设施。", *bodies, f"已建成{number}处，其余正在施工。"]
    known = [*cells, "4", "改造小区8个。", "区住建局", "已改造5个小区，其余正在施工。"]
    other = [*cells, "4", "改造小区8个。", "区城管局", "已改造5个小区，其余正在施工。"]
    for told_, doubtful in ((known, False), (other, True)):
        report = read("\n".join(["云汀区2024年三季度重点工作完成情况", *told_]).encode())
        assert report.rows[3].units == (told_[-2],)
        assert held(report) is doubtful


def test_a_level_of_headings_left_among_the_rows_holds_the_document() -> None:
    report = read(
        lines(
            "云汀县2024年1—11月主要指标完成情况",
            "类别 | 序号 | 指标名称 | 计量单位 | 年度目标 | 1—11月执行情况 | 责任单位 |",
            "总量 | 增速（%） | 完成情况 | 完成率（%） |",
            "绝对值 | 同比（%） |",
            "综合指标 | 1 | 地区生产总值 | 亿元 | 198.5 | 7 | 141.3 | 6.8 | 71.2 | 县发改委、县统计局 |",
            "2 | 一般公共预算收入 | 亿元 | 16.2 | 8 | 15.37 | 9.3 | 94.9 | 县财政局 |",
            "工业经济 | 3 | 工业总产值 | 亿元 | 165 | 10 | 152.7 | 11.6 | 92.5 | 县工信局、园区管委会 |",
            "4 | 工业增加值增速 | % | 9 | / | 9.4 | / | 104.4 | 县工信局 |",
        )
    )
    assert held(report)


def test_commas_divide_below_headings_that_nobody_knows() -> None:
    rows = [["序号", "项目名称", "建设性质", "截至3月底工程形象进度", "年度投资完成率", "挂点包保单位"]]
    rows += [[str(i), f"第{i}期厂房", "新建", f"{i}号厂房封顶", f"{9 * i}%", "区工信局、石渡镇"] for i in range(1, 9)]
    report = read(lines("云汀区2022年重点建设项目一季度推进情况表", *(",".join(row) for row in rows)))
    assert [(r.seq, r.content, r.units) for r in report.rows] == [
        (i, f"第{i}期厂房", ("区工信局", "石渡镇")) for i in range(1, 9)
    ]


def test_bodies_that_only_a_blank_divides_are_no_part_of_a_date() -> None:
    report = read(
        lines(
            "云汀区督察整改进展（截至2025年3月底）",
            "序号 反馈问题 整改责任单位 配合单位 完成时限 整改落实情况 整改进度",
            "1 北坡2处料坑未恢复植被。 区林草局 区水务局 2025年6月 完成2处料坑测绘，编制方案。 85%",
            "2 河道堆存建筑垃圾。 区水务局 区检察院 2024年12月 清运垃圾430立方米。 100%",
            "3 填埋场处置能力不足。 区城管局 区住房和城乡建设局 区生态环境局 2025年10月 新增设备1套。 75%",
            "4 工业园收尘不到位。 区工信局 区应急局 2025年9月 新增除尘器3套。 70%",
        )
    )
    assert {"区城管局", "区住房和城乡建设局", "区生态环境局"} == {*report.rows[2].units}


@pytest.mark.parametrize("title", ["重点任务清单", "民生实事工作台账", "重点项目一览"])
@pytest.mark.parametrize("divider", ["\n", "\n\n"])
def test_a_title_of_few_words_above_the_headings_is_none_of_them(title: str, divider: str) -> None:
    rows = [
        ["工作类别", "重点任务", "责任单位", "完成情况"],
        ["教育提质", "改造农村寄宿制学校4所", "区教育局", "改造完成3所。"],
        ["养老服务", "新建长者食堂15个", "区民政局", "累计建成12个。"],
    ]
    cells = [cell for row in rows for cell in row]
    report = read(divider.join(["云汀区2024年三季度重点任务完成情况", title, *cells]).encode())
    assert [list(row.cells) for row in report.rows] == [rows[0]] * 2
    assert any(title in report.text[start:end] for start, end in report.remainder)


@pytest.mark.parametrize("counted", [True, False])
def test_a_remark_is_no_group_of_the_next_row(counted: bool) -> None:
    headings = ["工作领域", "任务内容", "责任单位", "目前落实成效", "备注"]
    rows = [
        ["（一）城市品质", "新建口袋公园6处", "区城管局", "已建成4处，其余2处正在铺装。", ""],
        ["", "更新老旧电梯30台", "区市场监管局", "30台电梯全部更新完毕。", "新增任务"],
        ["", "开通微循环公交2条", "区交通运输局", "9月12日两条线路同时开通运行。", ""],
        ["（二）民生服务", "建设社区助餐点9个", "区民政局", "已建成8个，剩余1个正在验收。", "跨年度项目"],
        ["", "发放消费券2亿元", "区商务局", "已发放1.6亿元，带动消费9.8亿元。", ""],
    ]
    rows = rows if counted else [[row[0][3:], *row[1:]] for row in rows]
    cells = [cell for row in [headings, *rows] for cell in row if cell]
    report = read("\n\n".join(["云汀区2024年三季度重点任务落实情况", *cells]).encode())
    groups = ["城市品质"] * 3 + ["民生服务"] * 2
    right = [(row.category, row.cells["备注"]) for row in report.rows] == [
        (group, row[4]) for group, row in zip(groups, rows, strict=True)
    ]
    assert right or (not counted and held(report))


@pytest.mark.parametrize("heading", ["完成状态", "完成度", "推进进度"])
def test_remarks_are_a_column_of_their_own(heading: str) -> None:
    headings = ["序号", "任务内容", "责任单位", "目前进展", heading, "说明"]
    rows = [
        ["1", "新建口袋公园6处", "区城管局", "已建成4处，其余2处正在铺装。", "正在推进", ""],
        ["2", "更新老旧电梯30台", "区市场监管局", "30台电梯全部更新完毕。", "已完成", "新增任务"],
        ["3", "开通微循环公交2条", "区交通运输局", "9月12日两条线路同时开通运行。", "已完成", ""],
        ["4", "建设社区助餐点9个", "区民政局", "已建成8个，剩余1个正在验收。", "正在推进", "市级统筹"],
        ["5", "发放消费券2亿元", "区商务局", "已发放1.6亿元，带动消费9.8亿元。", "正在推进", ""],
    ]
    cells = [cell for row in [headings, *rows] for cell in row if cell]
    report = read("\n".join(["云汀区2024年三季度重点任务落实情况", *cells, "分享到：", "微信 微博"]).encode())
    right = [(r.progress_text, r.cells["说明"], r.category) for r in report.rows] == [(*row[4:], None) for row in rows]
    assert right or held(report)
    assert [(r.seq, r.status) for r in report.rows] == [(int(row[0]), row[3]) for row in rows]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_few_words_may_be_the_remark_where_the_account_is_blank(gap: str) -> None:
    headings = ["序号", "任务内容", "责任单位", "目前进展", "备注"]
    rows = [
        ["1", "新建口袋公园6处", "区城管局", "已建成4处，其余2处正在铺装。", ""],
        ["2", "更新老旧电梯30台", "区市场监管局", "30台电梯全部更新完毕。", "新增任务"],
        ["3", "开通微循环公交2条", "区交通运输局", "", "跨年度项目"],
        ["4", "建设社区助餐点9个", "区民政局", "已建成8个，剩余1个正在验收。", ""],
        ["5", "发放消费券2亿元", "区商务局", "已发放1.6亿元，带动消费9.8亿元。", ""],
    ]
    cells = [cell for row in [headings, *rows] for cell in row if cell]
    report = read(gap.join(["云汀区2024年三季度重点任务落实情况", *cells]).encode())
    assert [row.status or "" for row in report.rows] == [row[3] for row in rows] or held(report)


@pytest.mark.parametrize("last", ["存在问题", "完成时限"])
def test_a_signature_below_the_cells_is_no_row(last: str) -> None:
    behind = {"存在问题": ["征地进度较慢", "无", "资金缺口较大", "无"], "完成时限": ["2024年12月20日"] * 4}[last]
    rows = [
        ["农业", "新建高标准农田3200亩", "农业办", "完成2600亩。"],
        ["农业", "清淤河道8公里", "水利站", "清淤河道8.4公里。"],
        ["民生", "改造厕所260户", "村镇中心", "完成改造213户。"],
        ["民生", "新建养老中心1个", "社会事务办", "主体工程封顶。"],
    ]
    cells = [[*row, text, ""] for row, text in zip(rows, behind, strict=True)]
    foot = ["监督电话：0997-683102", "石渡镇人民政府", "2024年10月13日"] if last == "存在问题" else []
    report = read(
        lines(
            "石渡镇2024年三季度重点工作推进情况",
            *("类别", "工作任务", "责任单位", "进展情况", last, ""),
            *(line for row in cells for line in row),
            *foot,
        )
    )
    assert [(r.category, r.content, r.units, r.status) for r in report.rows] == [
        (category, content, (unit,), status) for category, content, unit, status in rows
    ]
