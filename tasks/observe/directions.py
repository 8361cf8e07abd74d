"""The words before a figure that turn it: directions, bounds, growth nouns."""

from __future__ import annotations

import re

UP = [
    "大增",
    "大涨",
    "净增长",
    "净增加",
    "净增",
    "正增长",
    "增长",
    "增加",
    "增多",
    "增收",
    "增产",
    "增支",
    "增",
    "提高",
    "提升",
    "提增",
    "上升",
    "上涨",
    "上浮",
    "上扬",
    "回升",
    "攀升",
    "升高",
    "升",
    "扩大",
    "拉高",
    "多增",
    "扩展",
    "拓展",
    "多",
    "高于",
    "高出",
    "高",
    "快于",
    "快",
    "优于",
    "好于",
    "领先于?",
    "超出",
    "跃升",
    "前移",
    "上调",
    "涨",
    "提速",
    "拉大",
    "加快",
    "新增",
    "改善",
    "延长",
    "偏多",
    "偏高",
    "前进",
    "超额",
    "超收",
    "减亏",
    "贵",
]
DOWN = [
    "大降",
    "锐减",
    "少增",
    "少降",
    "少减",
    "净减少",
    "净减",
    "负增长",
    "下降",
    "减少",
    "降低",
    "下滑",
    "下跌",
    "回落",
    "缩减",
    "压缩",
    "缩短",
    "压减",
    "压降",
    "减收",
    "减产",
    "减支",
    "减",
    "降",
    "收窄",
    "低于",
    "低",
    "慢于",
    "慢",
    "少",
    "落后于?",
    "下调",
    "萎缩",
    "节省",
    "削减",
    "缩小",
    "放缓",
    "趋缓",
    "后移",
    "下浮",
    "偏少",
    "偏低",
    "便宜",
    "精简",
    "短收",
    "后退",
    "差",
]
# Adjectives, and 新增 of a stock: a direction only in a comparison or before 个百分点.
SHORT = frozenset((*"多高快低慢少差贵", "新增"))
# Directions of counts: 增加22家.
COUNTED = frozenset(
    [
        "净增",
        "净增加",
        "净减少",
        "净减",
        "增长",
        "增加",
        "增多",
        "增",
        "减少",
        "减",
        "下降",
        "多增",
        "少增",
        "缩减",
        "压减",
        "削减",
        "高于",
        "低于",
        "新增",
        "偏多",
        "偏少",
        "便宜",
        "前进",
        "后退",
        "前移",
        "后移",
        "超额",
    ]
)
_WORDS = "|".join(sorted(UP + DOWN, key=len, reverse=True))
DIRECTION = re.compile(rf"(?<![递倍晋])(?:{_WORDS})\Z")
DIRECTION_ENDS = frozenset(word.rstrip("?")[-1] for word in UP + DOWN) | {"先", "后"}
_BOUND = {
    "at_least": "不低于|不少于|不小于|超过|超|突破|已超|高于|大于|至少|逾|多于|最少|率先突破|达到或超过",
    "at_most": "不高于|不超过|不多于|不大于|低于|少于|小于|不足|至多|最多|不到|控制在|不得超过",
    "approx": "约|大约|近|将近|接近|左右|大概|约合|几乎|上",
}
BOUND_OF = {word: bound for bound, words in _BOUND.items() for word in words.split("|")}
_OTHER_BOUNDS = "|".join(sorted(BOUND_OF.keys() - {"约", "近"}, key=len, reverse=True))
# 签约, 履约, 公约, 合约, 附近, 最近 are words of their own.
BOUND_WORD = re.compile(
    rf"(?:{_OTHER_BOUNDS}|(?<![附邻临毗最靠就])近|(?<![签预节解公条契履违失特爽民])(?<!(?<!折)合)约)\Z"
)
BOUND_ENDS = frozenset(word[-1] for word in BOUND_OF)
GROWTH_NOUN = re.compile(
    r"(?:(?:同比|环比)?(?:增速|增长率|增长速度|增长幅度|增幅|升幅|涨幅|降幅|跌幅|减幅|下降率|降低率|减少率|下降幅度|降低幅度|下降速度))"
)
ENDS_GROWTH = re.compile(rf"(?P<noun>{GROWTH_NOUN.pattern})(?P<rest>[^,;、]{{0,9}})\Z")
