"""The labels of the metadata block and the fields they mean, across portals."""

from __future__ import annotations

import re
import unicodedata

# Field → labels. Inner spaces and colons do not count. `strong` labels name a metadata block wherever they stand;
# the others also head columns or open sentences, and count only beside strong ones.
_STRONG = {
    "index_number": "索引号 信息索引号 信息索引 索引编号 索引码 信息编号",
    "publisher": "发布机构 发布单位 发布机关 发布部门 发文机关 发文单位 发文机构 发文部门 制发机关 制发单位 "
    "公开责任部门 公开责任单位 公开主体 公开机构 公开单位 "
    "信息公开机构 信息提供单位 公布机构 公布单位 生成机构 生成单位 供稿单位 "
    "信息发布机构 信息发布单位 公文发布机构",
    "document_number": "文号 发文字号 发文文号 发文号 备注/文号 备注文号 文件编号 文件字号 文件号 公文文号 "
    "公文字号 文件文号",
    "generated_on": "生成日期 生成时间 成文日期 成文时间 发文日期 发文时间 制发日期 印发日期 签发日期 产生日期 "
    "公文生成日期 公文成文日期 信息生成日期 文件生成日期 文件成文日期 公文生成时间",
    "published_on": "发布日期 发布时间 公开日期 公开时间 公布日期 公布时间 发稿时间 上网日期 上网时间 "
    "公文发布日期 信息发布日期 文件发布日期 信息发布时间 信息公开日期",
    "mode": "公开方式 公开形式 公开类型 公开属性",
    "validity": "有效性 效力状态 效力状况 是否有效 时效性",
    "other": "统一编号 组配分类 主题分类 体裁分类 信息分类 公开范围 公开时限 公开期限 公开程序 公开类别 服务对象 "
    "内容概述 主题词 信息类别 信息类型 公文种类 "
    "统一登记号 信息时效期 失效日期 废止日期 生效日期 实施日期 有效期 更新日期 更新时间 责任编辑",
    "title": "信息名称",
    "clicks": "点击率 点击数 点击量 点击次数 浏览次数 浏览量 浏览数 阅读次数 阅读量 访问次数 访问量 阅读数",
}
_WEAK = {
    "publisher": "发布者 发布人",
    "source": "来源 信息来源 文章来源 稿件来源 来源单位",
    "published_on": "日期 时间",
    "title": "名称 标题 文件名称 题名 文件标题",
    "attachment": "附件 附件下载 相关附件",
    "clicks": "点击 浏览 阅读 人气",
    "other": "分类 关键词 关键字 作者 编辑 字号 字体 审核 责编 栏目 文种 语种 备注 摘要 概述",
}
STRONG: dict[str, str] = {label: field for field, labels in _STRONG.items() for label in labels.split()}
FIELDS: dict[str, str] = {label: field for field, labels in _WEAK.items() for label in labels.split()} | STRONG

_EDGE = "[]【】〔〕()（）:：·•*# "
_ANY = "|".join(r"\s*".join(map(re.escape, label)) for label in sorted(FIELDS, key=len, reverse=True))
_OFTEN_GLUED = "|".join(
    map(re.escape, sorted([*STRONG, "来源", "信息来源", "作者", "编辑", "字号", "字体"], key=len, reverse=True))
)
# A label inside a line: at its start or after white space or a separator, followed by a colon or white space; or
# glued to the value before it (…16:00来源：某局), which only a colon behind it can tell.
INLINE = re.compile(
    rf"(?:(?:^|(?<=[\s|【\[（(;；,，]))(?P<label>{_ANY})(?:\s*[】\]）)])?(?:\s*[:：]\s*|(?=\s)|$))"
    rf"|(?:(?<=\S)(?P<glued>{_OFTEN_GLUED})\s*[:：]\s*)"
)


_PREFIXES = frozenset(label[:end] for label in FIELDS for end in range(1, len(label) + 1))
_INITIALS = frozenset(label[0] for label in FIELDS)
# Ideographs of the main block, ASCII letters and digits are their own NFKC form and no edge of a label.
_PLAIN_RUN = re.compile("[一-鿿A-Za-z0-9]{1,16}")


def may_open(text: str) -> bool:
    """Whether a text may open with a label, or be one; False, told by its first characters, for nearly all others."""
    if "一" <= text[:1] <= "鿿" and text[0] not in _INITIALS:
        return False
    run = _PLAIN_RUN.match(text)
    return run is None or run[0] in _PREFIXES


def label_of(text: str) -> str | None:
    """The canonical label that `text` is, whole (`索 引 号：` → `索引号`), or None."""
    if len(text) > 24 or not may_open(text):
        return None
    flat = "".join(unicodedata.normalize("NFKC", text).split()).strip(_EDGE)
    return flat if flat in FIELDS else None
