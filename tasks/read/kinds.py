"""What sort of disclosure a document is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.model import Kind
from tasks.periods import period_phrases

_DONE = r"(?:执行|完成|进展|落实|推进|进度|实施|办理|办结)"
_LIVELIHOOD = re.compile(r"民生实事|实事项目|为民(?:办)?实事|[十八六]件实事|民生工程|民生项目")
_PROMISE = re.compile(rf"政府工作报告(?!.*(?:{_DONE}|任务|分解|督查|情况|目标|清单|责任|解读))")
_TRACKED = re.compile(
    rf"(?:工作报告|重点(?:工作|任务|项目)|目标任务|主要任务|工作任务|折子|督查|决策).*{_DONE}|{_DONE}情况表|任务分解"
)
_SUMMARY = re.compile(
    r"总结|工作思路|工作打算|工作计划|工作要点|述职|工作安排|工作谋划|亮点工作|工作情况|工作报告|会(?:议)?上的(?:讲话|发言)|"
    r"答记者问|新闻发布会|建设情况的?报告|年度报告|执行情况(?:的|[和与及暨].*)报告"
)
_BULLETIN = re.compile(rf"通报|专报|简报|公报|快报|动态|{_DONE}情况")
# Told in paragraphs, these are still bulletins: what recurs with the same figures.
_OF_FIGURES = re.compile(
    r"公报|专报|简报|快报|[月季年]报|动态|财政|预算|收支|税收|统计|指标|外贸|固定资产投资|运行|经济(?!技术|开发区|合作)"
)
_SENTENCES = 4  # from which a text tells of the work itself, and does not only lead to a table or a file
_TEXT = 10  # sentences of a text that outweighs a table
_OF_THE_ECONOMY = re.compile(
    r"(?:经济|运行|形势).{0,4}(?:情况|简况|概况|分析|简析|综述|态势)$|"
    r"经济[^，,。]{0,8}(?:平稳|稳健|稳中[有向求]|向好|回升|良好)"
)
_INDICATORS = re.compile(rf"指标.*{_DONE}|指标.*情况|主要.*指标")
_INDICATOR_HEADING = re.compile(r"指标|实绩|绝对值|增幅|增速")
_STATUS_HEADING = re.compile(rf"{_DONE}|形象|落实")
_ADDRESS = re.compile(r"各位代表|现在.{0,12}向大会报告|请予审议")
_RETROSPECT = re.compile(
    r"[一二三]、\s*(?:20\d\d年|上半年|今年|前三季度|[一二三四]季度)?[^\n。]{0,16}(?:情况|成效|回顾|总结|工作)"
)


def kind_of(title: str | None, text: str, headings: Sequence[str] = ()) -> Kind:
    """The kind of a document. `headings`: those of the table that holds the rows, empty where there is none.

    A table decides by its headings where the title leaves it open; prose by its opening and its own headings. What
    a title promises as a table of tasks or projects (进展情况, 通报, 民生实事) and the page tells in sentences, without
    a table, is a summary.
    """
    name = "".join((title or "").split())
    columns = "·".join(headings)
    told = not headings and text.count("。") >= _SENTENCES
    if _LIVELIHOOD.search(name) and not told:
        return Kind.LIVELIHOOD
    if _PROMISE.search(name) and not headings:
        return Kind.WORK_REPORT
    if headings:
        if text.count("。") >= _TEXT and _OF_THE_ECONOMY.search(name):
            return Kind.BULLETIN  # a text with a few of its figures in a table
        if _INDICATORS.search(name) or (_INDICATOR_HEADING.search(columns) and not _TRACKED.search(name)):
            return Kind.INDICATORS
        if _LIVELIHOOD.search(columns):
            return Kind.LIVELIHOOD
        if _TRACKED.search(name) or _STATUS_HEADING.search(columns):
            return Kind.EXECUTION
        return Kind.OTHER
    if _SUMMARY.search(name) and not _TRACKED.search(name):
        return Kind.SUMMARY
    if _TRACKED.search(name) or _INDICATORS.search(name) or _BULLETIN.search(name) or _LIVELIHOOD.search(name):
        return Kind.SUMMARY if told and not _OF_FIGURES.search(name) else Kind.BULLETIN
    if _ADDRESS.search(text[:3000]):
        return Kind.WORK_REPORT
    if text and _OF_THE_ECONOMY.search(name):  # told in prose; a title alone promises no table of tasks
        return Kind.BULLETIN
    if _RETROSPECT.search(text) and period_phrases(text[:6000], None):
        return Kind.SUMMARY
    return Kind.OTHER
