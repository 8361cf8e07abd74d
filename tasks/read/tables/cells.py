"""What single cells say: responsible units, printed numbers, categories without their ordinals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache

from tasks.text import clean_cell

_OPEN = "(（[【〔《「“‘<"
_CLOSE = ")）]】〕》」”’>"
_PAIRS = dict(zip(_CLOSE, _OPEN, strict=True))
_SEPARATORS = "、,，;；/／"
_SEPARATOR = re.compile(f"[{_SEPARATORS}]")
_BRACKET = re.compile("[" + re.escape(_OPEN + _CLOSE) + "]")
# A hyphen between two characters of CJK script is not touched; spaces there are wrapping or alignment.
_CJK = "\u3400-\u9fff\u3000-\u303f\uff00-\uffef〇"
_WRAP = re.compile(rf"(?<=[{_CJK}])\s+(?=[{_CJK}])")
_NOTHING = re.compile(r"[-—–―─/／\\_.。·*×无]*")

_HAN_DIGITS = "一二三四五六七八九十百零〇两"
_ORDINAL = re.compile(
    rf"\s*(?:[(（〔\[]\s*(?:[{_HAN_DIGITS}]{{1,5}}|\d{{1,3}})\s*[)）〕\]]\s*[、.．,，:：]?"
    rf"|第[{_HAN_DIGITS}\d]{{1,4}}(?:章|节|条|项|类|方面|部分|板块)\s*[、.．,，:：]?"
    rf"|[{_HAN_DIGITS}]{{1,5}}\s*[、.．]"
    rf"|\d{{1,3}}\s*(?:[、．]|\.(?!\d))"
    r"|[①-⑳⑴-⒇㈠-㈩])\s*"
)


def unwrap(text: str) -> str:
    """Line feeds and spaces between Han characters out, other white space to one blank: for names, not for prose."""
    if text.isprintable() and " " not in text:  # then it holds no white space
        return text
    return " ".join(_WRAP.sub("", text).split())


_WIDE = "，；：（）！？％／０１２３４５６７８９．－"
_NARROW = tuple(zip(_WIDE, ",;:()!?%/0123456789.-", strict=True))
_HAS_WIDE = re.compile(f"[{_WIDE}]")


def narrow(text: str) -> str:
    """One line, punctuation and digits in their narrow form: what wording rules look at; never stored."""
    flat = unwrap(text)
    if _HAS_WIDE.search(flat):
        # A translation table looks up every character of prose for the few that change.
        for wide, slim in _NARROW:
            if wide in flat:
                flat = flat.replace(wide, slim)
    return flat


def is_nothing(text: str) -> bool:
    """Whether a cell is empty or holds only a sign for "nothing" (`/`, `—`, 无)."""
    return not text or _NOTHING.fullmatch(text.strip()) is not None


def read_seq(text: str) -> int | str | None:
    """The printed number: an int where it is one (`3`, `3.`, `３、`, `3.0`), else as printed; None where empty."""
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text)
    printed = unwrap(text)
    if not printed:
        return None
    plain = unicodedata.normalize("NFKC", printed).strip("()[]【】〔〕、,.。 ")
    if plain.isdecimal() and len(plain) < 10:
        return int(plain)
    if re.fullmatch(r"\d{1,9}\.0+", plain):
        return int(plain.split(".")[0])
    return printed


def strip_ordinal(text: str) -> str:
    """A category or heading without `(一)`, `一、`, `1.`, `第一章` before it; unchanged where nothing would be left."""
    found = _ORDINAL.match(text)
    return text[found.end() :].strip() or text.strip() if found else text.strip()


def ordinal_of(text: str) -> str | None:
    """The leading ordinal as printed, None where there is none."""
    found = _ORDINAL.match(text)
    return found.group().strip() if found else None


def is_ordinal(text: str) -> bool:
    """Whether the text is nothing but an ordinal: `(一)`, `一、`."""
    found = _ORDINAL.fullmatch(text)
    return found is not None


_GOES_ON = re.compile(r"\s*[(（]续[表上前]?[一二三四\d]?[)）]$")  # a group that goes on on the next page


@lru_cache(maxsize=1024)
def read_category(text: str) -> str | None:
    """The category without its ordinal and without the line feeds of a narrow column; None where empty."""
    name = unwrap(strip_ordinal(unwrap(text)))
    return _GOES_ON.sub("", name) or name or None


_COUNT = re.compile(
    rf"(?P<open>[(（]?)(?P<number>\d{{1,2}}|[{_HAN_DIGITS}]{{1,3}})(?P<close>[)）]|[、.．](?!\d(?!\d?月|0\d\d年))|是(?!否))|(?P<ring>[①-⑳])"
)
_HAN_ORDER = "一二三四五六七八九十"


def _count(text: str, *, last: bool) -> tuple[str, int] | None:
    """The style and the number of the first count in a text (`2.`, `（2）`, `二是`, `②`) or of the last one in it."""
    places = [m for m in _COUNT.finditer(text) if m.start() == 0 or (last and text[m.start() - 1] in "。;；\n ")]
    if not places or (not last and places[0].start() != 0):
        return None
    found = places[-1] if last else places[0]
    if found["ring"]:
        return "①", ord(found["ring"]) - ord("①") + 1
    number = found["number"]
    value = int(number) if number.isdecimal() else _HAN_ORDER.find(number) + 1
    close = {"．": ".", "）": ")"}.get(found["close"], found["close"])
    return f"{'(' if found['open'] else ''}{'1' if number.isdecimal() else '一'}{close}", value


def goes_on_counting(above: str, below: str) -> bool:
    """Whether `below` begins with the count that follows the last one in `above`: `2.…` after `1.…`."""
    after = _count(below, last=False)
    if after is None or after[1] < 2:
        return False
    return _count(above, last=True) == (after[0], after[1] - 1)


def _matched(text: str) -> list[int]:
    """The depth of brackets before each character; brackets without a partner do not count."""
    partner: dict[int, int] = {}
    stack: list[int] = []
    for place, char in enumerate(text):
        if char in _OPEN:
            stack.append(place)
        elif char in _CLOSE:
            for back in range(len(stack) - 1, -1, -1):
                if text[stack[back]] == _PAIRS[char] or {text[stack[back]], char} in _MIXED:
                    partner[stack[back]] = place
                    del stack[back:]
                    break
    depth = [0] * (len(text) + 1)
    for opening, closing in partner.items():
        depth[opening + 1] += 1
        depth[closing] -= 1
    level = 0
    for place, step in enumerate(depth):
        level += step
        depth[place] = level
    return depth


_MIXED: tuple[set[str], ...] = ({"(", "）"}, {"（", ")"})  # half of a pair typed in the other width

# How names of bodies end. The strong ones hardly end a sentence about work; the weak ones do.
_STRONG = re.compile(
    r"(?:[局委办厅署]|街道|政府|管委会|委员会|指挥部|法院|检察院|公司|集团|分局|党委|工委|人大|政协|联合会|总工会|工会|妇联|残联|工商联|"
    r"科协|侨联|文联|社科联|红十字会|办公室|领导小组|专班|大队|支队|开发区|管理处|各单位|各部门|部门|单位|办事处|乡镇|镇街|属地|"
    r"宣传部|统战部|组织部|武装部|政法委|编办|事务中心|发展中心|服务中心|管理中心|国资中心|[林农牧渔茶]场|调查队|(?:(?<=[管监受助料整清办处护代]理)|(?<![本专理文工医学全]))科|股|银行|[分支]行)(?:等)?$"
)
_WEAK = re.compile(
    r"(?:[部院处科室站所馆会团社校镇乡村县市区组队投发主体]|中心|学院|大学|园区|平台|新城|新区|社区|小镇|企业|主体|(?:产业|物流|科技|工业|科创|软件|创业|创新|示范)园)(?:等)?$"
)
_LOCAL = re.compile(
    r"^(?:[省市区县镇乡]|各|相关|有关|属地|全[市区县]|国网|中共|其他|[\u4e00-\u9fff]{2,4}(?:[省市区县镇乡]|街道|新城))"
)
_BEGINS = re.compile(r"^(?:[省市区县镇乡]|各|相关|有关)")
_VERBS = str.split(
    "推进 加快 深化 完善 实施 打造 建设 建成 开展 加强 提升 优化 健全 落实 新增 完成 实现 推动 启动 "
    "培育 创建 探索 强化 构建 支持 引进 改造 新建 制定 出台 申报 争创 投用 开工 竣工 交付 做好 做强 "
    "做优 持续 全面 深入 大力 积极 进一步 统筹 聚焦 围绕 坚持 确保 力争 举办 办好 组织 编制 修编 保障 "
    "促进 发展 扩大 巩固 拓展 规范 整治 盘活 出让 收储 招引 落地 扎实 着力 抓好 抓实 紧盯 发挥 鼓励 "
    "建立 形成 加大 加密 推行 推广 开放 开通 修缮 提高 增强 激发 引导 协助 配合 配建 建好 高质量 "
    "继续 高标准 高水平 全力 全域 有序 已 正在 目前"
)
_VERB = re.compile("^(?:" + "|".join(_VERBS) + ")")


def begins_with_verb(text: str) -> bool:
    """Whether a text begins like a piece of work (推进, 建设, …), not like a name."""
    return _VERB.match(text) is not None


_LABEL = re.compile(
    r"^(?:牵头|责任|主办|承办|会办|配合|协办|协同|参与|落实|实施|主管|主体)(?:单位|部门|科室|处室|主体)?[:：]"
)
# Persons, and days by which the work is due, beside the bodies.
_NO_BODY_LABEL = re.compile(
    r"(?:责任|负责|联系|经办|具体责任)人[:：]|(?:责任|分管|牵头|包案)领导[:：]|(?:完成|办理|办结|整改|销号)?(?:时限|期限|时间|时间节点)[:：]"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付傅方白邹孟熊秦邱丘江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章"
    "鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤"
    "阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖"
    "巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴"
)
# Two or three characters, the first a surname, or more behind a double one.
_IN_BRACKETS_BEHIND = re.compile(r"(?<=.)[（(]([^()（）]{2,12})[)）]\Z")
_DOUBLE_NAMES = "欧阳|司马|上官|诸葛|皇甫|尉迟|令狐|慕容|东方|司徒"
_PERSON = re.compile(f"(?:[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}|(?:{_DOUBLE_NAMES})[\u4e00-\u9fff]{{1,2}})")
# Who takes part, behind who leads, on one line: 牵头：县水利局 配合：各乡镇.
_NEXT_LABEL = re.compile(
    r"(?<=[^\s(（\[【])\s*(?=(?:牵头|主办|承办|会办|责任|配合|协办|协同|参与)(?:单位|部门|科室|处室|主体)?[:：])"
)


def _split(text: str) -> list[str]:
    """The parts of a text between separators outside brackets."""
    if _BRACKET.search(text) is None:
        return _SEPARATOR.split(text)
    depth = _matched(text)
    parts: list[str] = []
    start = 0
    for place, char in enumerate(text):
        if char in _SEPARATORS and not depth[place]:
            parts.append(text[start:place])
            start = place + 1
    parts.append(text[start:])
    return parts


_PERHAPS = 0.45  # the likeness of what ends like some names of bodies, and like other words


@lru_cache(maxsize=4096)
def unit_likeness(text: str) -> float:
    """How much one name looks like that of a body that answers for work: 0..1."""
    bare = re.sub(r"[(（\[【][^()（）\[\]【】]*[)）\]】]", "", unwrap(text)).strip(" 。.:：")
    if not 2 <= len(bare) <= 30 or re.search(r"[。!！?？%％“”]|\d{2}|^(?:已|正在|目前|尚?未)", bare):
        return 0.0
    if _STRONG.search(bare):
        return 0.35 if _VERB.match(bare) and len(bare) > 6 else 1.0
    if _VERB.match(bare):
        return 0.0
    if _WEAK.search(bare):
        return 0.85 if _LOCAL.match(bare) and len(bare) <= 14 else _PERHAPS
    return 0.5 if _LOCAL.match(bare) and len(bare) <= 8 else 0.0


def units_likeness(text: str) -> float:
    """How much a whole cell looks like a list of such names: the mean over its parts, 0..1."""
    units = read_units(text)
    return sum(map(unit_likeness, units)) / len(units) if units else 0.0


def lists_units(text: str) -> bool:
    """Whether a whole cell is nothing but a list of such names, by its likeness."""
    if text.isprintable() and " " not in text and _BRACKET.search(text) is None:
        # Most texts are sentences, and their first part tells: one of a few that is no name is too many.
        parts = _SEPARATOR.split(text)
        first = _LABEL.sub("", parts[0]).strip("。.: ")
        if len(parts) < 10 and first and not is_nothing(first) and unit_likeness(first) == 0:
            return False
    return units_likeness(text) >= 0.9


# One set of characters first: all others are passed over at one look.
_IN_NO_NAME = re.compile(
    r"[!！?？%％“”0-9０-９。](?:(?<=[!！?？%％“”])|(?<=[0-9０-９])[0-9０-９]|(?<=[\u3400-\u9fff]。)[\u3400-\u9fff])"
)
_IN_BRACKETS = re.compile(r"[()（）\[\]【】]")


def may_list_units(text: str) -> bool:
    """False where a text is plainly no list of names; what is True may be one or not.

    A part with a figure, a percentage or a full stop inside is no name (see `unit_likeness`), which is decisive among
    a few parts; brackets may hold anything.
    """
    if _IN_NO_NAME.search(text) is None or _IN_BRACKETS.search(text) is not None:
        return True
    return sum(map(text.count, _SEPARATORS)) + len(text.split()) > 8


def _lines(text: str) -> Iterable[str]:
    """The cell's lines; a line feed that cuts a name (or stands in brackets) is taken back."""
    if "\n" not in text:
        if text:
            yield text
        return
    depth = _matched(text)
    pending = ""
    place = 0
    for line in text.split("\n"):
        if pending and (depth[place] or not _separate(pending, line)):
            pending = f"{pending}{line}"
        else:
            if pending:
                yield pending
            pending = line
        place += len(line) + 1
    if pending:
        yield pending


_LEVELS = "市区县州旗"
_NEXT_BODY = {
    level: re.compile(f"(?<=[局委办院部会镇乡团司队心道])(?={level}(?![级内域外直属容场]|政(?!府)))")
    for level in _LEVELS
}
# Where one of two names that run together ends: before "all of", behind "all of" with brackets, before a name that
# begins with its level, before the League, before what is part of no bureau, and between two that end alike.
_JOINTS = (
    re.compile(r"[局委办院部会镇乡团司队心道门)）](?=各[^级类项自])"),
    re.compile(r"各[^()（）]{1,4}[(（][^()（）]{1,8}[)）](?=[省市县区州旗](?![级内域外直属容场区]|政(?!府)))"),
    re.compile(r"(?:[局委办院部会团司队股]|企业|供销社)(?=[市县区州旗](?![区级内域外直属容场分]|政(?!府)))"),
    re.compile(r"[局委办会部联](?=团[省市县区州旗]委)"),
    re.compile(
        r"[局委办](?=(?!员会|公室|[下所直]属)[^()（）]{1,14}(?:管委会|开发区|公司|集团|[^下]乡|[^城]镇|街道|办事处|政府|大学|学院)$)"
    ),
    re.compile(
        r"(?<!总)局(?=(?:(?!分局).){2,}局$)|办公室(?=.{2,}办公室$)|委员会(?=.{2,}委员会$)|分公司(?=.{2,}分公司$)"
    ),
)
# What is no body without the name before it, and names that are cut where they look whole: 人力资源和社会|保障局.
_GENERIC = re.compile(
    r"(?:集团|股份)?有限(?:责任)?公司.*|(?:[分总]|集团)公司|办公室|[分支总]局|[支大总]队|管委会|管理委员会|委员会|办事处|领导小组|指挥部"
)
_TAIL = re.compile(r"(?:工作|管理|服务|建设|保障|规划|监督|监管|发展|振兴|事务)(?:局|部|处|委|办|中心|委员会)")
_CUT_NAME = re.compile(r"(?:社会|城乡|乡村|农村|和[^和]{0,3})$")
_PARTY = re.compile(r"[\u4e00-\u9fff]{0,6}[省市州县区旗镇乡]委")
_OF_A_PARTY = re.compile(r"(?:组织|宣传|统战|社会工作)部|政法委(?:员会)?|编办|老干部局")
_SHORT_BODIES = frozenset(("残联", "妇联", "文联", "科协", "侨联", "社科联", "团委", "法院", "园区"))
_ALL_OF = re.compile(r"各.{1,6}")
# Bodies of a town, whole though short: 司法所, 卫生院, 文化站.
_INSTITUTION = re.compile(r"[\u4e00-\u9fff]{2,}(?:[院站所馆队校]|中心)(?:等)?")


_BRANCH = re.compile(r"[\u4e00-\u9fff]{2,4}分局")
_BRANCH_OF_LEVEL = re.compile(r"[市区县州旗]{1,2}分局")
# Parts of a body with names of their own, each on its line: 投资发展部, 战略规划部, 九年级组.
_SECTION = re.compile(r"[\u4e00-\u9fff]{2,}[部处室组科办](?:等)?")


def _is_section(name: str) -> bool:
    return _SECTION.fullmatch(name) is not None and not _VERB.match(name) and not _TAIL.fullmatch(name)


def _are_sections(above: str, below: str) -> bool:
    return _is_section(above) and _is_section(below) and not _CUT_NAME.search(above) and not _GENERIC.fullmatch(below)


def _is_institution(name: str) -> bool:
    return _INSTITUTION.fullmatch(name) is not None and not _VERB.match(name) and not _TAIL.fullmatch(name)


def _separate(above: str, below: str) -> bool:
    """Whether a line feed stands between two names rather than inside one."""
    if _LABEL.match(below):
        return True
    last = unwrap(_split(above)[-1])
    first = unwrap(_split(below)[0])
    if not last or not first:
        return True
    if _are_sections(last, first):
        return True
    if _BRANCH.fullmatch(first) and last.endswith("局"):
        return False
    whole = unit_likeness(last)
    ends = whole >= 0.8 or _is_institution(last) or _is_section(last)
    if ends and (first in _SHORT_BODIES or _ALL_OF.fullmatch(first)):
        return True
    if len(first) <= 2 or _GENERIC.fullmatch(first) or (_PARTY.fullmatch(last) and _OF_A_PARTY.fullmatch(first)):
        return False
    if ends and all(map(_is_person, _SEPARATOR.split(below))):
        return True  # 县交通运输局, and below it who there
    begins = _BEGINS.match(first) is not None
    if whole < 1.0 and (_CUT_NAME.search(last) or _TAIL.fullmatch(first)) and not begins:
        return False
    likeness = unit_likeness(first)
    if likeness < 0.5:
        return likeness >= _PERHAPS and (whole >= 0.8 or (ends and _is_institution(first)))
    return ends or (len(last) > 2 and begins)


def names_apart(above: str, below: str) -> bool:
    """Whether a line that a column is full of ends with the name of a body, and the next begins with another's."""
    if not (lists_units(above) and lists_units(below)):
        return False
    last = unwrap(_split(above)[-1])
    return (unit_likeness(last) == 1 or _is_institution(last)) and _separate(above, below)


def _words(text: str) -> list[str]:
    """The parts of a text between blanks outside brackets."""
    if len(text.split()) < 2 or _BRACKET.search(text) is None:
        return text.split()
    depth = _matched(text)
    return "".join("\n" if char.isspace() and not depth[i] else char for i, char in enumerate(text)).split("\n")


def _are_bodies(words: Sequence[str]) -> bool:
    """Whether words between blanks are names each; beside plain ones, others that end like one count."""
    told = [unit_likeness(word) for word in words]
    whole = (
        likeness >= 0.8 or _is_institution(word) or _is_section(word)
        for likeness, word in zip(told, words, strict=True)
    )
    return min(told) >= (_PERHAPS if told[0] >= 0.8 or all(whole) else 0.5)


@lru_cache(maxsize=4096)
def read_units(text: str) -> tuple[str, ...]:
    """The responsible units, split at 、 , / ; and line feeds outside brackets; () where none is printed."""
    if is_nothing(text):
        return ()
    units: list[str] = []
    for line in _lines(_NEXT_LABEL.sub("\n", clean_cell(text)) if ":" in text or "：" in text else clean_cell(text)):
        for part in _split(line):
            spaced = _words(part)
            bodies = [word for word in spaced if not _is_person(word)] if len(spaced) > 1 else spaced
            alone = len(spaced) > 1 and bool(bodies) and _are_bodies(bodies)
            for name in spaced if alone else [part]:
                unit = unwrap(_LABEL.sub("", unwrap(name))).strip("。.: ")
                if unit and not is_nothing(unit) and not _NO_BODY_LABEL.match(unit):
                    units.extend(_run_together(unit))
    return tuple(units)


def without_persons(units: tuple[str, ...]) -> tuple[str, ...]:
    """The bodies of a cell that names persons too; all of them where none is left."""
    named = [_IN_BRACKETS_BEHIND.sub("", unit) if _names_person(unit) else unit for unit in units]
    return tuple(dict.fromkeys(unit for unit in named if not _is_person(unit))) or units


def _names_person(unit: str) -> bool:
    """Whether a body has a person in brackets behind it: 县交通运输局（周立群）."""
    found = _IN_BRACKETS_BEHIND.search(unit)
    return found is not None and all(map(_is_person, _SEPARATOR.split(found[1])))


def _is_person(name: str) -> bool:
    return _PERSON.fullmatch(name) is not None and unit_likeness(name) == 0


def _run_together(name: str) -> list[str]:
    """The names that stand in one where line ends between them were lost: 县农业农村局县统计局, 经济发展局建设局,
    县消防大队各社区. A part of a body (市公安局城北分局, 县住建局住保科) stays with it."""
    if len(name) < 5:
        return [name]
    if name[0] in _LEVELS and name.count(name[0]) > 1:
        parts = _NEXT_BODY[name[0]].split(name)
        if len(parts) > 1 and all(map(_is_whole, parts)):
            return [each for part in parts for each in _run_together(part)]
    for joint in _JOINTS:
        for found in joint.finditer(name):
            one, two = name[: found.end()], name[found.end() :]
            if _is_whole(one) and _is_whole(two):
                return [*_run_together(one), *_run_together(two)]
    return [name]


def _is_whole(name: str) -> bool:
    """Whether a text is plainly the name of a body, and not the generic end of one."""
    if _GENERIC.fullmatch(name) or _BRANCH_OF_LEVEL.fullmatch(name):
        return False
    return len(name) > 2 and name[0].isalpha() and unit_likeness(name) >= 0.8


def joint_of(unit: str, known: Set[str]) -> tuple[str, str] | None:
    """The two bodies of `known` that a name is, one behind the other; None where it is one."""
    for end in range(2, len(unit) - 1):
        if unit[:end] in known and unit[end:] in known:
            return unit[:end], unit[end:]
    return None
