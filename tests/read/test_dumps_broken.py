"""What a browser copies of a table: tabs between cells, the line feeds inside them kept, merged cells once or not at all;
and lines of the page's frame below a dump."""

from __future__ import annotations

import pytest

from tasks.read import read
from tests.read.test_dumps_flattened import told
from tests.read.test_varieties import held

TITLE = "云汀县水利局2024年三季度重点工作推进台账"
HEADINGS = ["序号", "工作类别", "年度任务", "责任科室", "推进情况", "完成进度"]
ROWS = [
    ["1", "防汛抗旱", "除险加固小型水库6座", "工程建设科", "4座已完工。\n另2座正在浇筑坝顶防浪墙。", "70%"],
    [
        "2",
        "",
        "整治中小河流12公里",
        "河湖管理科\n县河道管理所",
        "①清淤9公里；\n②护岸完成7.4公里；\n③栽植苗木2100株。",
        "约75%",
    ],
    ["3", "", "修编山洪灾害防御预案", "水旱灾害防御科", "预案已报县政府印发。", "100%"],
    ["4", "农村供水", "延伸供水管网85公里", "农村水利科", "铺设管网61公里。\n剩余管段正在办理占道手续。", "72%"],
    ["5", "", "水质合格率达到95%", "县水质监测中心", "抽检水样416份。", "/"],
]


def copied(rows: list[list[str]], *, lost: bool) -> bytes:
    lines = ["\t".join(cell for cell in row if cell or not lost) for row in [HEADINGS, *rows]]
    return "\n".join([TITLE, *lines, "备注：本台账每季度更新一次。"]).encode()


def wanted(rows: list[list[str]]) -> list[tuple[object, ...]]:
    category = ""
    made: list[tuple[object, ...]] = []
    for row in rows:
        category = row[1] or category
        made.append((int(row[0]), category, row[2], tuple(row[3].split("\n")), row[4].replace("\n", ""), row[5]))
    return made


def seen(file: bytes) -> list[tuple[object, ...]]:
    return [
        (row.seq, row.category, row.content, row.units, (row.status or "").replace("\n", ""), row.progress_text)
        for row in read(file).rows
    ]


@pytest.mark.parametrize("lost", [True, False])
def test_cells_broken_over_lines_are_whole(lost: bool) -> None:
    assert seen(copied(ROWS, lost=lost)) == wanted(ROWS)


def test_sections_and_whole_rows_stay_as_they_are() -> None:
    rows = [[cell.replace("\n", "") for cell in row] for row in ROWS]
    rows[1][3] = "河湖管理科、县河道管理所"
    assert [row[0] for row in seen(copied(rows, lost=True))] == [1, 2, 3, 4, 5]


def test_what_a_further_body_did_is_a_row_of_its_own() -> None:
    rows = [*ROWS[:3], ["4", "农村供水", "延伸供水管网85公里", "农村水利科", "铺设管网61公里。", "72%"], *ROWS[4:]]
    lines = copied(rows, lost=True).decode().split("\n")
    place = next(i for i, line in enumerate(lines) if line.startswith("4\t"))
    lines.insert(place + 1, "县供水公司\t完成一户一表改造3200户。\t80%")
    report = read("\n".join(lines).encode())
    parts = [row for row in report.rows if row.seq == 4]
    assert held(report) or [row.status for row in parts] == ["铺设管网61公里。", "完成一户一表改造3200户。"]


@pytest.mark.parametrize(
    "below", ["上一条：云汀县2024年上半年推进台账", "下一篇：没有了", "说明：进度由科室自评。", "浏览次数：125"]
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_lines_below_a_dump_are_in_no_cell(below: str, gap: str) -> None:
    rows = [[cell.replace("\n", "") for cell in row] for row in ROWS]
    rows[1][3] = "河湖管理科、县河道管理所"
    rows[4][4:] = ["", ""]  # the last cells are blank, so that what follows might stand in them
    cells = [cell for row in [HEADINGS, *rows] for cell in row if cell]
    report = read(gap.join([TITLE, *cells, below]).encode())
    assert not any(below[:8] in text for row in report.rows for text in row.cells.values())
    assert [row[0] for row in told(report)] == [1, 2, 3, 4, 5]
    # The page itself is no less certain for it.
    assert report.rows[-1].status is None


@pytest.mark.parametrize("upper", ["投资情况", "年度投资", "资金（万元）"])
@pytest.mark.parametrize("gap", ["  ", "    ", "\t"])
def test_a_plan_what_was_made_and_its_share_stand_below_sums(upper: str, gap: str) -> None:
    rows = [
        ["序号", "项目名称", "建设性质", "总投资", upper, "形象进度", "项目单位"],
        ["年度计划", "1-9月完成", "占年度计划"],
        ["合计", "46800", "15200", "11530", "75.9%", "—", "—"],
        [
            "1",
            "河谷污水处理厂二期",
            "新建",
            "18600",
            "6000",
            "4500",
            "75%",
            "生化池主体封顶，正在安装设备。",
            "县水利局",
        ],
        ["2", "北环路改造", "续建", "12400", "5200", "5200", "100%", "全线通车。", "县交通运输局"],
        ["3", "云汀中学扩建", "扩建", "9800", "3000", "1230", "41%", "综合楼施工至三层。", "县教育局"],
        ["4", "粮食储备库", "新建", "6000", "1000", "600", "60%", "完成场地平整，基础施工。", "县粮食局"],
    ]
    text = "\n".join(["云汀县2024年三季度重点项目形象进度表", *(gap.join(row) for row in rows)])
    report = read(text.encode())
    assert [row.progress_text for row in report.rows] == [row[6] for row in rows[3:]]
    assert [row.status for row in report.rows] == [row[7] for row in rows[3:]]
    assert [row.content for row in report.rows] == [row[1] for row in rows[3:]]


@pytest.mark.parametrize("label", ["[有效性]", "有效性：", "【主题词】"])
def test_a_title_below_a_blank_label_is_not_its_value(label: str) -> None:
    head = ["[索引号] 11Q021/ZK-2024-000912", "[发布机构] 云汀县人民政府办公室", "[成文日期] 2024-10-21", label]
    report = read(b"\n".join([*(line.encode() for line in head), b"", copied(ROWS, lost=False)]))
    assert report.meta.title == TITLE
    assert report.meta.publisher == "云汀县人民政府办公室"


@pytest.mark.parametrize("name", ["合计", "合　计", "总分"])
def test_a_sum_in_the_column_of_numbers_counts_no_task(name: str) -> None:
    lines = [
        "云汀县农业农村局2024年三季度目标任务自查情况表",
        "类别 | 编号 | 目标任务 | 分值 | 完成情况 | 自评得分 | 责任股室 |",
        "中心工作 | A1 | 粮食播种面积稳定在86万亩以上 | 10 | 播种86.7万亩，完成全年任务。 | 10 | 粮油生产股 |",
        "中心工作 | A2 | 新建高标准农田4万亩 | 8 | 4万亩全部完工并验收。 | 7.5 | 农田建设股 |",
        "共性工作 | B1 | 党风廉政建设 | 6 | 召开专题会议4次。 | 6 | 办公室 |",
        f"{name} | 24 |  | 23.5 |  |",
    ]
    report = read("\n".join(lines).encode())
    assert [row.seq for row in report.rows] == ["A1", "A2", "B1"]
    assert "total_row" in {warning.code for warning in report.warnings}
