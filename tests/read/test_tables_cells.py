"""Single cells: percentages, units, numbers, categories; and how percentages are decided over a column."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.read import read
from tasks.read.errors import TableTooLarge
from tasks.read.tables.cells import read_category, read_seq, read_units
from tasks.read.tables.rates import read_percent
from tasks.read.web.grid import Printed, build_table


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("75%", "75"),
        ("80％", "80"),
        ("８０％", "80"),
        (" 80 % ", "80"),
        ("235%", "235"),
        ("59.5%", "59.5"),
        ("100.00%", "100"),
        ("百分之八十", "80"),
        ("百分之百", "100"),
        ("100%(已完成)", "100"),
        ("100%（已完成）", "100"),
        ("已完成80%", "80"),
        ("完成进度：85%", "85"),
        ("0%", "0"),
        ("约80%", None),
        ("80%左右", None),
        ("75%-80%", None),
        ("75%~80%", None),
        ("80%以上", None),
        ("超80%", None),
        ("近九成", None),
        ("已完成", None),
        ("/", None),
        ("—", None),
        ("", None),
        ("0.8", None),
        ("一期80%，二期60%", None),
        ("80%（其中一期100%）", None),
        ("不低于80%", None),
        ("-5%", None),
        ("1.5.2%", None),
        ("正常推进", None),
        ("<80%", None),
        ("80%?", None),
    ],
)
def test_percentages_where_certain(text: str, value: str | None) -> None:
    assert read_percent(text) == (None if value is None else Decimal(value))


@given(
    st.decimals(min_value=0, max_value=999, places=2, allow_nan=False, allow_infinity=False),
    st.sampled_from(["%", "％", " %"]),
)
def test_any_plain_percentage(number: Decimal, sign: str) -> None:
    assert read_percent(f"{number}{sign}") == number


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("区发改经信局(投资科/产业科)", ["区发改经信局(投资科/产业科)"]),
        ("区发改局、区财政局，区教育局；各街道", ["区发改局", "区财政局", "区教育局", "各街道"]),
        ("区发改局/区财政局／石渡镇", ["区发改局", "区财政局", "石渡镇"]),
        ("区发改局\n区财政局", ["区发改局", "区财政局"]),
        ("区发改经\n信局\n石渡镇", ["区发改经信局", "石渡镇"]),
        ("区人力社\n保局、柳浦街\n道", ["区人力社保局", "柳浦街道"]),
        ("区住建局（城建科、\n房管科）、各镇", ["区住建局（城建科、房管科）", "各镇"]),
        ("区 财 政 局、 区教育局 ", ["区财政局", "区教育局"]),
        ("区财政局 区教育局", ["区财政局", "区教育局"]),
        ("牵头单位：区发改局；配合单位：区财政局", ["区发改局", "区财政局"]),
        ("区住建局(房管科、区财政局", ["区住建局(房管科", "区财政局"]),
        ("云汀经济开发区\n临港物流园", ["云汀经济开发区", "临港物流园"]),
        ("区财政局\n人民银行云汀营管部", ["区财政局", "人民银行云汀营管部"]),
        ("区财政局 人民银行云汀营管部", ["区财政局", "人民银行云汀营管部"]),
        ("区民政局\n残联", ["区民政局", "残联"]),
        ("区科技局\n各镇（街道）\n园区", ["区科技局", "各镇（街道）", "园区"]),
        ("社会事业局\n建设局", ["社会事业局", "建设局"]),
        ("人民银行云汀市分行\n区金融局", ["人民银行云汀市分行", "区金融局"]),
        ("镇农业综合服务站 石门沟村", ["镇农业综合服务站", "石门沟村"]),
        ("牵头单位：区经信局\n配合单位：区财政局、各镇", ["区经信局", "区财政局", "各镇"]),
        ("区人力资源和社会\n保障局", ["区人力资源和社会保障局"]),
        ("综合治理办公室\n司法所\n派出所", ["综合治理办公室", "司法所", "派出所"]),
        ("统计站\n妇联", ["统计站", "妇联"]),
        ("财政所\n应急管理办公室", ["财政所", "应急管理办公室"]),
        ("防贫监测中心 社会帮扶股", ["防贫监测中心", "社会帮扶股"]),
        ("司法所 卫生院 文化站", ["司法所", "卫生院", "文化站"]),
        ("县卫生监\n督所", ["县卫生监督所"]),
        ("城镇社会\n服务站", ["城镇社会服务站"]),
        ("区住房和城乡\n建设局", ["区住房和城乡建设局"]),
        ("区城投集团\n有限公司", ["区城投集团有限公司"]),
        ("区委\n组织部", ["区委组织部"]),
        ("区政府\n办公室", ["区政府办公室"]),
        ("县农业农村局县统计局", ["县农业农村局", "县统计局"]),
        ("区城市管理委区住房建设委、区财政局", ["区城市管理委", "区住房建设委", "区财政局"]),
        ("市市场监管局", ["市市场监管局"]),
        ("区卫健委区域医共体", ["区卫健委区域医共体"]),
        ("市住建局市政处", ["市住建局市政处"]),
        ("经济发展局建设局", ["经济发展局", "建设局"]),
        ("县消防救援大队各社区", ["县消防救援大队", "各社区"]),
        ("各乡镇（街道）县经信局", ["各乡镇（街道）", "县经信局"]),
        ("各县（市、区）应急管理局", ["各县（市、区）应急管理局"]),
        ("临港区管委会市征收办", ["临港区管委会", "市征收办"]),
        ("县妇联团县委", ["县妇联", "团县委"]),
        ("县林业局云门乡", ["县林业局", "云门乡"]),
        ("市工信局移动岭川分公司铁塔岭川分公司", ["市工信局", "移动岭川分公司", "铁塔岭川分公司"]),
        ("县水利局县林业局云门乡", ["县水利局", "县林业局", "云门乡"]),
        ("县城社区服务中心", ["县城社区服务中心"]),
        ("国家税务总局江城市税务局", ["国家税务总局江城市税务局"]),
        ("市公安局城北分局", ["市公安局城北分局"]),
        ("市公安局交警支队", ["市公安局交警支队"]),
        ("市国资委下属企业集团", ["市国资委下属企业集团"]),
        ("/", []),
        ("", []),
        ("—", []),
    ],
)
def test_units(text: str, units: list[str]) -> None:
    assert list(read_units(text)) == units


@given(
    st.lists(
        st.sampled_from(["区发改局", "石渡镇", "区住建局(城建科、房管科)", "各街道", "区委宣传部"]),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from("、,，;；/"),
)
def test_units_come_back_whatever_divides_them(units: list[str], divider: str) -> None:
    assert list(read_units(divider.join(units))) == units


@pytest.mark.parametrize(
    ("text", "seq"),
    [
        ("3", 3),
        ("3.", 3),
        ("３、", 3),
        ("(12)", 12),
        ("3.0", 3),
        (" 7 ", 7),
        ("", None),
        ("1-2", "1-2"),
        ("一", "一"),
        ("3.5", "3.5"),
        ("A1", "A1"),
    ],
)
def test_printed_numbers(text: str, seq: int | str | None) -> None:
    assert read_seq(text) == seq


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("(一)扩大有效投资", "扩大有效投资"),
        ("（十一）提高城市\n承载能力", "提高城市承载能力"),
        ("一、扩大有效投资", "扩大有效投资"),
        ("1.投资", "投资"),
        ("第一章 投资", "投资"),
        ("扩大\n有效\n投资", "扩大有效投资"),
        ("1.5亿元工程", "1.5亿元工程"),
        ("一号工程", "一号工程"),
        ("（一）\n\n扩大有效投资", "扩大有效投资"),
        ("", None),
    ],
)
def test_categories(text: str, category: str | None) -> None:
    assert read_category(text) == category


def column(heading: str, *texts: str) -> list[Decimal | None]:
    rows = "".join(
        f"<tr><td>{i}</td><td>推进第{i}项工程</td><td>已开工{i}处。</td><td>{t}</td></tr>"
        for i, t in enumerate(texts, 1)
    )
    body = f"<html><body><table><tr><td>序号</td><td>工作内容</td><td>完成情况</td><td>{heading}</td></tr>{rows}</table></body></html>"
    return [row.progress for row in read(body.encode()).rows]


def test_bare_numbers_count_where_the_column_leaves_no_doubt() -> None:
    assert column("形象进度(%)", "45", "100", "7.5") == [45, 100, Decimal("7.5")]
    assert column("完成进度", "84", "75", "100") == [84, 75, 100]
    assert column("完成进度", "0.8", "0.75", "1") == [80, 75, 100]
    assert column("完成进度", "84%", "0.8", "75%", "60%") == [84, None, 75, 60]


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=0, max_size=6),
        min_size=1,
        max_size=8,
    )
)
def test_a_grid_is_rectangular_and_loses_no_cell(rows: list[list[tuple[int, int]]]) -> None:
    printed = [
        [Printed(f"{r}.{c}", r * 100 + c, r * 100 + c + 1, down, across) for c, (down, across) in enumerate(row)]
        for r, row in enumerate(rows)
    ]
    table = build_table(printed)
    assert len({len(row) for row in table.rows}) == 1
    assert len(table.widths) == len(table.rows) == len(rows)
    seen = [cell.text for row in table.rows for cell in row if cell.text and not cell.copy]
    assert seen == [cell.text for row in printed for cell in row]


def test_a_grid_has_caps() -> None:
    with pytest.raises(TableTooLarge):
        build_table([[Printed("x", 0, 1)]] * 60_001)
    with pytest.raises(TableTooLarge):
        build_table([[Printed("x", 0, 1, 1, 40)] * 9] * 2)
    assert len(build_table([[Printed("x", 0, 1, 99_999_999, 1), Printed("y", 2, 3)], [Printed("z", 4, 5)]]).rows) == 2


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("牵头：县水利局 配合：各乡镇人民政府", ("县水利局", "各乡镇人民政府")),
        ("牵头：县卫健委 配合：县住建局、县发改委", ("县卫健委", "县住建局", "县发改委")),
        ("主办单位：区教育局协办单位：区财政局", ("区教育局", "区财政局")),
        ("县农业农村局（配合：县财政局）", ("县农业农村局（配合：县财政局）",)),
        ("农业机械化管理科\n行政审批服务科", ("农业机械化管理科", "行政审批服务科")),
    ],
)
def test_who_takes_part_may_follow_on_the_same_line(text: str, units: tuple[str, ...]) -> None:
    assert read_units(text) == units
