"""Rows of headings as districts print them, in their order and wording, each over the same three tasks."""

from __future__ import annotations

import pytest

from tasks.check import check, held_by
from tasks.read import read

_CELLS = {
    "seq": ["1", "2", "3"],
    "category": ["产业提质", "产业提质", "民生保障"],
    "content": ["新建绿道9公里", "改造老旧小区8个", "新建养老中心3家以上"],
    "units": ["区城管局", "区住建局、各街道", "区民政局"],
    "status": ["已建成6公里，其余正在施工。", "已开工5个，其余正在办理手续。", "正在装修。"],
    "progress": ["75%", "60%", "80%"],
    "leader": ["张三", "李四", "王五"],
    "deadline": ["2024年12月", "2024年11月", "全年"],
    "remark": ["", "", ""],
    "plan": ["完成6公里", "开工5个", "完成选址"],
    "light": ["绿", "绿", "黄"],
    "measure": ["公里", "个", "家"],
    "amount": ["9", "8", "3"],
    "done": ["6", "5", "0"],
    "source": ["市考核", "区政府工作报告", "民生实事"],
    "problem": ["无", "手续办理较慢", "资金缺口较大"],
    "due": ["70%", "70%", "70%"],
    "code": ["第014号", "第027号", "第033号"],
    "grade": ["A类", "A类", "B类"],
    "next": ["加快建设", "加快推进", "抓紧装修"],
}
HEADINGS = [
    "序号:seq 工作任务:content 责任单位:units 工作进展:status",
    "序号:seq 工作目标:content 责任单位:units 目前进度:status 完成率:progress",
    "序号:seq 报告事项:content 承办单位:units 办理进展:status",
    "序号:seq 类别:category 事项:content 牵头单位:units 进展情况:status 下一步计划:next",
    "序号:seq 任务名称:content 任务来源:source 责任部门:units 推进情况:status",
    "序号:seq 重点工作:category 工作举措:content 责任单位:units 完成情况:status",
    "序号:seq 任务:content 完成标准:plan 责任单位:units 三季度进展:status",
    "序号:seq 主要目标任务:content 牵头部门:units 1-3季度完成情况:status",
    "序号:seq 重点任务:category 主要内容:content 责任领导:leader 责任单位:units 时间节点:deadline 进展情况:status 备注:remark",
    "序号:seq 项目:content 单位:measure 目标任务:amount 已完成:done 完成比例:progress 责任单位:units",
    "序号:seq 民生实事:content 目标:plan 主办单位:units 当前进展:status 工程进度:progress",
    "序号:seq 分类:category 承诺事项:content 落实单位:units 履诺情况:status",
    "序号:seq 实施项目:content 牵头责任单位:units 三季度工作推进情况:status 存在问题:problem 下步措施:next",
    "序号:seq 工作任务:content 责任人:leader 责任单位:units 完成时间:deadline 完成情况:status",
    "领域:category 序号:seq 具体举措:content 主责部门:units 进展成效:status",
    "重点任务:category 具体工作:content 责任单位:units 进展情况（截至9月底）:status",
    "序号:seq 目标任务:content 分管领导:leader 牵头单位:units 本季度工作进展:status 累计完成进度:progress",
    "序号:seq 政府工作报告内容:content 责任单位:units 贯彻落实情况:status",
    "序号:seq 建议内容:content 主办单位:units 办理结果:status",
    "序号:seq 工作事项:content 季度目标:plan 责任单位:units 季度完成情况:status 是否完成:light",
    "序号:seq 考核指标:content 目标值:amount 完成值:done 完成率:progress 责任单位:units",
    "序号:seq 任务:content 任务完成情况:status 责任单位:units 完成百分比:progress",
    "序号:seq 决策事项:content 执行单位:units 执行情况:status 执行结果:progress",
    "编号:seq 改革事项:content 牵头单位:units 改革进展:status 改革成效:remark",
    "项目类别:category 项目名称:content 建设单位:units 形象进度:status 投资完成率:progress",
    "序号:seq 目标任务:content 年度任务:plan 牵头单位:units 进展:status",
    "序号:seq 重点任务及目标:content 责任单位:units 截至三季度末进展:status",
    "序号:seq 工作要点:content 负责部门:units 推进落实情况:status 完成情况（%）:progress",
    "一级指标:category 二级指标:content 责任单位:units 完成情况:status",
    "序号:seq 任务类别:category 任务清单:content 责任单位:units 工作成效:status",
    "序号:seq 工程名称:content 计划工期:deadline 责任单位:units 工程进展:status",
    "类型:category 序号:seq 任务内容:content 单位:units 落实情况:status",
    "序号:seq 督办事项:content 责任单位:units 办结时限:deadline 办理情况:status 办结状态:light",
    "序号:seq 主要工作:content 具体责任单位:units 1—9月完成情况:status",
    "序号:seq 年度重点工作:content 牵头领导:leader 牵头单位及责任人:units 工作推进情况:status",
    "重点方向:category 重点任务:content 责任单位:units 季度进展:status",
    "序号:seq 项目名称:content 总投资（万元）:amount 年度投资计划:amount 累计完成投资:amount 建设进展:status 责任单位:units",
    "序号:seq 工作名称:category 工作内容:content 主体责任单位:units 落实举措:next 进展情况:status",
    "序号:seq 任务:content 责任单位:units 前三季度完成情况:status 四季度计划:plan",
    "序号:seq 任务:content 责任单位:units 进展情况及下一步打算:status",
    "序号:seq 核心指标:content 年度目标:plan 1-9月实际:status 达成率:progress 牵头部门:units",
    "重点领域:category 序列:seq 目标任务:content 牵头领导:leader 牵头单位:units 时间节点:deadline 推进情况:status "
    "存在问题:problem 下一步打算:next 目前进度:progress",
    "序号:seq 案号:code 建议提案题目:content 领衔代表（委员）:leader 主办单位:units 办理落实举措及成效:status "
    "办理类别:grade 落实进度:progress",
    "序号:seq 提案编号:code 提案题目:content 提案人:leader 承办单位:units 办理情况:status 答复类别:grade",
    "建议号:code 代表建议:content 领衔代表:leader 承办单位:units 办理进展情况:status",
    "序号:seq 存在问题:content 责任单位:units 整改进展情况:status",
    "序号:seq 问题描述:content 牵头单位:units 整改情况:status 整改状态:light",
    "序号:seq 大项:category 小项:content 责任单位:units 完成情况:status",
    "序号:seq 工作安排:content 责任单位:units 完成情况:status",
    "序号:seq 目标任务:content 责任单位:units 计划进度:due 实际进度:progress 进展说明:status",
    "序号:seq 任务名称:content 办理单位:units 办理过程:status",
    "序号:seq 工作任务:content 量化指标:plan 牵头单位:units 进展情况:status",
    "序号:seq 工程名称:content 年度投资/计划（万元）:amount 年度投资/完成（万元）:done 年度投资/占计划:progress "
    "形象进度:status 责任单位:units",
    "序号:seq 工作任务:content 责任单位:units 推进动态:status 完成程度:progress",
    "序号:seq 交办事项:content 责任单位:units 督办结果:status 销号情况:light",
    "序号:seq 任务:content 责任单位:units 序时完成:status 完成占比:progress",
    "序号:seq 任务:content 应达进度:due 实际达到:progress 情况说明:status 责任单位:units",
    "序号:seq 任务:content 应达进度:due 完成情况:status 责任单位:units",
    "序号:seq 任务:content 9月底应完成:plan 9月底已完成:status 责任单位:units",
    "序号:seq 事项:content 落实举措:status 牵头单位:units 完成率:progress",
    "序号:seq 项目名称:content 总投资（亿元）:amount 占年度计划比例:progress 目前形象:status 责任单位:units",
    "序号:seq 工程名称:category 计划/内容:content 计划/投资（万元）:amount 实绩/内容:status 实绩/投资（万元）:done "
    "责任部门:units",
    "项目名称:content 本月计划:plan 实际完成:status 存在问题:problem 解决措施:next 单位:units",
    "类别:category 指标名称:content 指标属性:grade 计量单位:measure 目标值:amount 完成“十四五”目标情况:status 责任部门:units",
    "序号:seq 工作任务:content 目标要求:plan 牵头单位:units 完成时限:deadline 进展情况:status",
    "序号:seq 工作任务:content 责任单位:units 工作进展/7-8月:done 工作进展/9月:status 工作进展/完成率:progress",
    "条目:seq 报告任务:content 承办部门:units 三季度末进展:status",
]


@pytest.mark.parametrize("headings", HEADINGS)
def test_headings_are_understood(headings: str) -> None:
    named = [part.split(":") for part in headings.split()]
    rows = [[heading for heading, _ in named], *([_CELLS[field][i] for _, field in named] for i in range(3))]
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    report = read(f"<html><body><h1>云汀区2024年三季度重点任务</h1><table>{table}</table></body></html>".encode())
    fields = {field for _, field in named}
    status = "status" if "status" in fields else "done"

    def wanted(field: str) -> list[str | None]:
        return list(_CELLS[field]) if field in fields else [None] * 3

    assert [row.content for row in report.rows] == _CELLS["content"]
    assert ["、".join(row.units) or None for row in report.rows] == wanted("units")
    assert [row.status for row in report.rows] == wanted(status)
    assert [row.progress_text for row in report.rows] == wanted("progress")
    assert [row.category for row in report.rows] == wanted("category")
    assert not held_by(check(report))
