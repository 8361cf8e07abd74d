"""What a reader of such tables knows about their words: which ones say little, and which mean the same thing.

General vocabulary of municipal work reports; no word here is taken from, or serves, a single document. A word that
is missing costs a little recall on rewordings, never a wrong link: shared concepts are one kind of evidence of many.
"""

from __future__ import annotations

from functools import cache

from tasks.compare.thesaurus import CONCEPTS

# Words of the genre that nearly every row could contain. Pairs of characters inside them weigh a fraction.
FILLER = """
推进 推动 加快 加强 加大 深化 强化 优化 完善 健全 提升 提高 促进 实施 开展 组织 落实 完成 实现 做好 抓好 确保 力争
建设 工作 任务 目标 项目 工程 行动 机制 体系 制度 水平 能力 质量 全面 积极 稳步 有序 持续 深入 扎实 大力 着力 进一步
全区 全市 全县 全年 年度 今年 以来 目前 正常 进行 已经 基本 初步 正在 按照 计划 要求 部署 相关 有关 各项 重点 主要
以上 以下 以内 左右 不少于 不低于 增长 新增 新建 累计 共计 达到 打造 构建 建立 形成 启动 推行 探索 创新 发展 服务
管理 保障 支持 引导 鼓励 统筹 协调 牵头 配合 责任 单位 部门 街道 乡镇 社区 区域 地区 城区 高质量 一批 多个 若干
公里 平方米 平方公里 立方米 公顷 兆瓦 千瓦 万元 亿元 美元 百分点 人次 人以上 名以上 家以上 个以上 万亩 万人 万户
阶段 前期 后续 下一步 方案 编制 制定 出台 印发 召开 会议 序时 进度 时间 节点 顺利 全力 努力 争创 争取 率先 示范
""".split()  # noqa: SIM905


@cache
def filler_pairs() -> frozenset[str]:
    """The pairs of neighbouring characters that occur inside a filler word."""
    return frozenset(word[at : at + 2] for word in FILLER for at in range(len(word) - 1))


Words = tuple[tuple[str, tuple[int, ...]], ...]


@cache
def _by_start() -> tuple[dict[str, Words], Words]:
    """First two characters → (word, its concepts) of the Chinese words; and those of the Latin ones."""
    of: dict[str, list[int]] = {}
    for number, line in enumerate(CONCEPTS.strip().splitlines()):
        for word in line.lower().split():
            if len(word) > 1:
                of.setdefault(word, []).append(number)
    chinese: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    latin = []
    for word, numbers in sorted(of.items()):
        if word.isascii():
            latin.append((word, tuple(numbers)))
        else:
            chinese.setdefault(word[:2], []).append((word, tuple(numbers)))
    return {start: tuple(words) for start, words in chinese.items()}, tuple(latin)


def concept_openings() -> dict[str, Words]:
    """First two characters → (word, the numbers of its concepts), of the Chinese words."""
    return _by_start()[0]


def latin_concepts() -> Words:
    """(word, the numbers of its concepts) of the Latin words."""
    return _by_start()[1]


@cache
def concepts_at(concept: int) -> tuple[str, ...]:
    """The words that speak of a concept."""
    line = CONCEPTS.strip().splitlines()[concept]
    return tuple(word for word in line.lower().split() if len(word) > 1)


def concepts(text: str, pairs: frozenset[str]) -> frozenset[int]:
    """The concepts that one folded text speaks of. `pairs`: its pairs of neighbouring characters."""
    chinese, latin = _by_start()
    found: set[int] = set()
    for start in pairs & chinese.keys():
        for word, numbers in chinese[start]:
            if len(word) == 2 or word in text:
                found.update(numbers)
    found.update(number for word, numbers in latin if word in text for number in numbers)
    return frozenset(found)
