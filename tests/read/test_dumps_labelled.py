"""Records of labelled lines: several parts of one task, names of sections, problems in place of tasks."""

from __future__ import annotations

import pytest

from tasks.read import read
from tests.read.test_dumps_flattened import told
from tests.read.test_textdump import lines
from tests.read.test_varieties import held


def test_what_is_told_again_is_told_of_another_part_of_the_task() -> None:
    report = read(
        lines(
            "云汀县2024年《政府工作报告》重点任务清单及落实情况",
            "【产业提质】",
            "重点任务：打造茶叶全产业链。",
            "上半年计划进度：新建茶园2处",
            "上半年完成情况：建成茶园1处，另1处完成整地。",
            "上半年完成比例：50%",
            "上半年计划进度：采购设备4套",
            "上半年完成情况：设备到货4套。",
            "上半年完成比例：已完成",
            "牵头：县农业农村局",
            "配合：县财政局，石渡镇",
            "",
            "重点任务：新增规上企业12户。",
            "上半年计划进度：新增6户",
            "上半年完成情况：新增7户。",
            "上半年完成比例：58%",
            "牵头：县工信局",
            "配合：县统计局",
            "",
            "【民生保障】",
            "重点任务：新建养老中心2个。",
            "上半年计划进度：主体完工",
            "上半年完成情况：1个封顶。",
            "上半年完成比例：60%",
            "牵头：县民政局",
            "配合：县财政局",
        )
    )
    assert told(report) == [
        (None, "产业提质", "打造茶叶全产业链。", units, status, rate)
        for units in [("县农业农村局", "县财政局", "石渡镇")]
        for status, rate in [("建成茶园1处，另1处完成整地。", "50%"), ("设备到货4套。", "已完成")]
    ] + [
        (None, "产业提质", "新增规上企业12户。", ("县工信局", "县统计局"), "新增7户。", "58%"),
        (None, "民生保障", "新建养老中心2个。", ("县民政局", "县财政局"), "1个封顶。", "60%"),
    ]


def test_the_parts_of_a_task_have_bodies_of_their_own() -> None:
    report = read(
        lines(
            "云汀区2024年三季度重点工作推进情况",
            "1.工作任务：新增规上企业12户，盘活低效用地300亩。",
            "责任单位：区经信局",
            "完成情况：新增9户。",
            "责任单位：区资源局",
            "完成情况：盘活317亩。",
            "2.工作任务：新建标准厂房8万平方米。",
            "责任单位：区城投公司",
            "完成情况：主体封顶。",
        )
    )
    assert [(r.seq, r.content, r.units, r.status) for r in report.rows] == [
        (1, "新增规上企业12户，盘活低效用地300亩。", ("区经信局",), "新增9户。"),
        (1, "新增规上企业12户，盘活低效用地300亩。", ("区资源局",), "盘活317亩。"),
        (2, "新建标准厂房8万平方米。", ("区城投公司",), "主体封顶。"),
    ]


def test_problems_are_the_tasks_where_nothing_else_is() -> None:
    report = read(
        lines(
            "云汀区贯彻落实督察反馈意见整改台账",
            "（截至2025年3月底）",
            "一、生态保护方面",
            "1.反馈问题：北坡2处料坑未恢复植被。",
            "整改责任单位：区林草局、石渡镇",
            "完成时限：2025年6月",
            "整改措施落实情况及成效：（1）摸清底数。完成2处料坑测绘，编制方案。",
            "（2）工程治理。回填渣土3万立方米，削坡1.2万平方米。",
            "（3）植被恢复。播撒草种20亩。",
            "整改进度：85%",
            "2.反馈问题：河道堆存建筑垃圾。",
            "整改责任单位：区水务局",
            "完成时限：2024年12月",
            "整改措施落实情况及成效：清运垃圾430立方米，恢复岸坡1公里。",
            "整改进度：100%",
            "二、大气治理方面",
            "3.反馈问题：工业园收尘不到位。",
            "整改责任单位：工业园管委会",
            "完成时限：2025年9月",
            "整改措施落实情况及成效：一是压实责任。签订承诺书2份。",
            "二是深度治理。新增除尘器3套。",
            "整改进度：70%",
        )
    )
    assert [(r.seq, r.category, r.content, r.progress) for r in report.rows] == [
        (1, "生态保护方面", "北坡2处料坑未恢复植被。", 85),
        (2, "生态保护方面", "河道堆存建筑垃圾。", 100),
        (3, "大气治理方面", "工业园收尘不到位。", 70),
    ]
    assert [(r.status or "").count("\n") for r in report.rows] == [2, 0, 1]


def test_names_of_sections_that_nothing_counts() -> None:
    records = [
        ("产业提质", "新增规上企业12户。", "区经信局", "新增9户。"),
        (None, "盘活低效用地300亩。", "区资源局", "盘活317亩。"),
        ("民生保障", "新建养老中心2个。", "区民政局", "正在装修。"),
        ("生态环保", "新增绿地30公顷。", "区城管局", "新增21公顷。"),
    ]
    body = [
        line
        for name, task, unit, status in records
        for line in (*([name] if name else []), f"目标任务：{task}", f"牵头单位：{unit}", f"完成情况：{status}")
    ]
    report = read(lines("云汀区2024年三季度重点工作推进情况", *body))
    assert [(r.category, r.content, r.status) for r in report.rows] == [
        (name or "产业提质", task, status) for name, task, _, status in records
    ]


def test_a_line_that_may_name_a_section_or_end_a_status_holds_the_document() -> None:
    report = read(
        lines(
            "云汀区2024年三季度重点工作推进情况",
            "目标任务：新增规上企业12户。",
            "完成情况：新增9户。",
            "目标任务：盘活低效用地300亩。",
            "完成情况：盘活317亩，其余地块",
            "正在协商",
            "目标任务：新建养老中心2个。",
            "完成情况：正在装修。",
        )
    )
    assert held(report)


def test_lines_with_a_label_and_its_value_are_no_headings() -> None:
    report = read(
        lines(
            "索引号：11530000/2024-10",
            "公文目录：重点工作",
            "主题词：政府工作报告 任务 完成情况",
            "成文日期：2024年10月18日",
            "云汀县2024年三季度重点工作任务完成情况",
            *("序号", "目标任务", "完成情况", "责任落实", "牵头单位", "责任人", "配合单位"),
            *("1-1", "新增规上企业12户。", "已新增9户，另2户申报中。", "县工信局", "和文彬", "县统计局"),
            *("1-2", "新建绿道9公里。", "已建成6公里，其余正在施工。", "县城管局", "杨绍华", "石渡镇"),
            *("1-3", "改造老旧小区8个。", "已开工5个。", "县住建局", "李秀芝", "县财政局"),
        )
    )
    assert [(r.seq, r.content, r.units, r.status) for r in report.rows] == [
        ("1-1", "新增规上企业12户。", ("县工信局", "县统计局"), "已新增9户，另2户申报中。"),
        ("1-2", "新建绿道9公里。", ("县城管局", "石渡镇"), "已建成6公里，其余正在施工。"),
        ("1-3", "改造老旧小区8个。", ("县住建局", "县财政局"), "已开工5个。"),
    ]


def test_an_empty_label_does_not_head_a_table() -> None:
    report = read(
        lines(
            "云汀区2024年上半年重点工作落实情况清单",
            "（一）乡村振兴",
            *("任务：新建冷库2座。", "领衔领导：陆晓峰", "责任部门：区农业局", "落实情况：建成1座。"),
            *("任务：改造农田3万亩。", "领衔领导：陆晓峰", "责任部门：区农业局 区水利局", "落实情况："),
            "（二）城市更新",
            *("任务：新建停车场4个。", "领衔领导：金璐", "责任部门：区住建局", "落实情况："),
            *("任务：改造小区8个。", "领衔领导：金璐", "责任部门：区住建局", "落实情况：开工5个。"),
        )
    )
    assert [(r.category, r.content, r.status) for r in report.rows] == [
        ("乡村振兴", "新建冷库2座。", "建成1座。"),
        ("乡村振兴", "改造农田3万亩。", None),
        ("城市更新", "新建停车场4个。", None),
        ("城市更新", "改造小区8个。", "开工5个。"),
    ]


@pytest.mark.parametrize("numbered", [True, False])
def test_a_label_that_comes_again_is_one_whatever_it_says(numbered: bool) -> None:
    records = [
        ("1-1", "新建厂房8万平方米。", "续建", "主体封顶。", "60%", "黄灯", "区城投公司"),
        ("1-2", "新增规上企业12户。", "新建", "新增9户。", "75%", "绿灯", "区经信局"),
        ("1-3", "新建绿道9公里。", "新建", "建成6公里。", "65%", "绿灯", "区城管局"),
    ]
    labels = ["目标任务", "建设性质", "三季度完成情况", "完成进度", "亮灯", "责任单位"]
    body = []
    for seq, *values in records:
        first = f"{seq}." if numbered else ""
        body += [] if numbered else [f"序号：{seq}"]
        for label, value in zip(labels, values, strict=True):
            body.append(f"{first}{label}：{value}")
            first = ""
    report = read(lines("云汀区2024年三季度重点工作推进情况", *body))
    assert [(r.seq, r.content, r.status, r.progress_text, r.units) for r in report.rows] == [
        (seq, task, status, rate, (unit,)) for seq, task, _, status, rate, _, unit in records
    ]


def test_the_first_record_below_no_title_keeps_its_task() -> None:
    body = [
        f"{label}：{value}"
        for number, name in enumerate(["地区生产总值", "固定资产投资", "社会消费品零售总额"], 1)
        for label, value in (("指标名称", name), ("责任部门", "区发改局"), ("完成情况", f"完成{number}0亿元"))
    ]
    assert [r.content for r in read(lines(*body)).rows] == ["地区生产总值", "固定资产投资", "社会消费品零售总额"]


def test_records_that_are_not_read_hold_the_document() -> None:
    body = [
        f"{label}：{value}"
        for number in range(1, 6)
        for label, value in (
            ("重点工作", f"新建绿道{number}公里。"),
            ("责任人", "陆晓峰"),
            ("一季度", "完成设计。"),
            ("二季度", f"建成{number}公里。"),
        )
    ]
    report = read(lines("云汀区2024年二季度重点工作推进情况", *body))
    assert len(report.rows) == 5 or held(report)


def test_records_numbered_with_letters() -> None:
    text = "云汀区人民政府\n云汀区重点督查事项办理情况\n（截至2025年3月31日）\n（一）常务会议议定事项\n"
    tasks = ["推进滨江片区征收扫尾。", "提出慢行系统整治方案。", "盘活老棉纺厂闲置厂房。"]
    for number, task in enumerate(tasks, 1):
        text += f"A{number}.督查事项：{task}\n主办单位：区住建局\n协办单位：区财政局\n"
        text += (
            "办理情况：方案已经会议审议通过。\n办理状态：正在办理\n" if number < 3 else "办理情况：\n办理状态：已办结\n"
        )
    report = read(text.encode())
    assert [row.seq for row in report.rows] == ["A1", "A2", "A3"]
    assert [row.content for row in report.rows] == tasks
    assert [row.progress_text for row in report.rows] == ["正在办理", "正在办理", "已办结"]
    assert report.meta.title == "云汀区重点督查事项办理情况"


def test_what_may_be_a_body_is_one_where_the_other_promises_end_with_bodies() -> None:
    def record(number: int, promise: str, status: str) -> list[str]:
        return [f"{number}.{promise}", f"完成情况：{status}", ""]

    others = [
        *record(1, "新增就业9000人（就业促进科、市就业局）", "新增就业6100人。"),
        *record(2, "发放创业贷款3亿元（市就业局）", "发放2.1亿元。"),
        *record(3, "引进人才300名（人才开发科）", "引进210名。"),
    ]
    report = read(
        lines(
            "云汀市人社局2024年三季度重点工作完成情况",
            *others,
            *record(4, "建成应用场景40项（信息中心）", "建成31项。"),
        )
    )
    assert [(r.content, r.units) for r in report.rows[2:]] == [
        ("引进人才300名", ("人才开发科",)),
        ("建成应用场景40项", ("信息中心",)),
    ]
    plain = [line.partition("（")[0] if "（" in line else line for line in others]
    report = read(
        lines(
            "云汀市人社局2024年三季度重点工作完成情况", *plain, *record(4, "建成文化设施2处（活动中心）", "建成1处。")
        )
    )
    assert (report.rows[3].content, report.rows[3].units) == ("建成文化设施2处（活动中心）", ())
