"""YAML into plain values that know where they stand, with nothing guessed.

Built on the parser's events, so that the rules are ours: a key given twice, a tag, a merge key or a second document
is an error instead of a surprise; only true/false, null and decimal numbers are anything but text (`no`, `08`,
2024-10-29 stay the text that was typed); sizes, depth and the expansion of aliases are capped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

MAX_BYTES = 512 * 1024
MAX_DEPTH = 20
MAX_VALUES = 50_000  # after aliases are followed

Path = tuple[str | int, ...]
Place = tuple[int, int]  # line, column; from 1

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]+)?")


class Unreadable(Exception):
    """The text is not the YAML we take. Holds every (place or None, reason)."""

    def __init__(self, findings: list[tuple[Place | None, str]]) -> None:
        super().__init__(findings)
        self.findings = findings


@dataclass(slots=True)
class Located:
    """`value`: dicts, lists and scalars. `places`: path → where the value stands; `keys`: … where its key stands."""

    value: Any = None
    places: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)

    def place(self, path: Path) -> Place | None:
        """Where `path` stands, or the nearest thing around it that stands anywhere."""
        for end in range(len(path), -1, -1):
            found = self.places.get(path[:end]) or self.keys.get(path[:end])
            if found is not None:
                return found
        return None


@dataclass(slots=True)
class _Node:
    place: Place
    kind: str  # scalar | list | map
    value: Any = None
    items: list[_Node] = field(default_factory=list)  # list items, or key, value, key, value of a map
    closed: bool = False


def read_yaml(data: bytes) -> Located:
    """Bytes of one YAML document → Located. Raises Unreadable with all that is wrong."""
    findings: list[tuple[Place | None, str]] = []
    root = _compose(_text(data), findings)
    located = Located()
    budget = [MAX_VALUES]
    located.value = _build(root, (), located, findings, budget)
    if findings:
        raise Unreadable(findings)
    return located


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise Unreadable([(None, f"the file has {len(data)} bytes; {MAX_BYTES} are taken at most")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        place = (before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        raise Unreadable([(place, f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8")]) from None
    if not text.strip():
        raise Unreadable([(None, "the file is empty")])
    return text


def _compose(text: str, findings: list[tuple[Place | None, str]]) -> _Node:
    root: _Node | None = None
    open_nodes: list[_Node] = []
    anchors: dict[str, _Node] = {}
    documents = 0
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            mark = event.start_mark
            place = (mark.line + 1, mark.column + 1)
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    findings.append((place, "a second document begins here; the file holds one"))
                    break
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                open_nodes.pop().closed = True
            elif isinstance(event, AliasEvent):
                target = anchors.get(event.anchor)
                if target is None:
                    findings.append((place, f"*{event.anchor} refers to nothing above it"))
                elif not target.closed:
                    findings.append((place, f"*{event.anchor} refers to what it stands in"))
                    target = None
                root = _attach(root, open_nodes, target or _Node(place, "scalar", None, closed=True))
            elif isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent):
                node = _node(event, place, findings)
                root = _attach(root, open_nodes, node)
                if event.anchor:
                    anchors[event.anchor] = node
                if not isinstance(event, ScalarEvent):
                    open_nodes.append(node)
                    if len(open_nodes) > MAX_DEPTH:
                        raise Unreadable([*findings, (place, f"nested deeper than {MAX_DEPTH} levels")])
    except ReaderError as error:
        before = text[: error.position]
        place = (before.count("\n") + 1, error.position - before.rfind("\n"))
        raise Unreadable([*findings, (place, f"character U+{ord(text[error.position]):04X} is not allowed")]) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = (mark.line + 1, mark.column + 1) if mark is not None else None
        context = f" ({error.context})" if error.context else ""
        raise Unreadable([*findings, (at, f"not YAML: {error.problem}{context}")]) from None
    except (YAMLError, RecursionError, ValueError) as error:
        raise Unreadable([*findings, (None, f"not YAML: {str(error).splitlines()[0]}")]) from None
    if root is None:
        raise Unreadable([*findings, (None, "the file holds nothing but comments")])
    return root


def _node(event: Any, place: Place, findings: list[tuple[Place | None, str]]) -> _Node:
    if event.tag is not None and str(event.tag) not in ("!", "tag:yaml.org,2002:str"):
        findings.append((place, f"the tag {str(event.tag)!r} is not taken; write plain values"))
    if isinstance(event, ScalarEvent):
        quoted = event.style is not None or event.tag is not None
        return _Node(place, "scalar", event.value if quoted else _plain(event.value), closed=True)
    return _Node(place, "list" if isinstance(event, SequenceStartEvent) else "map")


def _attach(root: _Node | None, open_nodes: list[_Node], node: _Node) -> _Node:
    if open_nodes:
        open_nodes[-1].items.append(node)
    return root or node


def _plain(text: str) -> Any:
    """The value of an unquoted scalar."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if _INT.fullmatch(text) and len(text) <= 18:
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) and len(text) <= 40 else text


def _build(
    node: _Node, path: Path, located: Located, findings: list[tuple[Place | None, str]], budget: list[int]
) -> Any:
    """Node → plain value, its places noted. Depth is at most MAX_DEPTH levels times the aliases of aliases."""
    budget[0] -= 1
    if budget[0] < 0 or len(path) > MAX_DEPTH:
        raise Unreadable([*findings, (node.place, f"aliases unfold to more than {MAX_VALUES} values")])
    located.places[path] = node.place
    if node.kind == "scalar":
        return node.value
    if node.kind == "list":
        return [_build(item, (*path, index), located, findings, budget) for index, item in enumerate(node.items)]
    built: dict[str, Any] = {}
    for key, value in zip(node.items[::2], node.items[1::2], strict=False):
        if key.kind != "scalar" or not isinstance(key.value, str):
            findings.append((key.place, f"a key must be text, not {_shown(key)}; put it in quotes"))
            continue
        if key.value == "<<":
            findings.append((key.place, "merge keys (<<) are not taken; put what is shared under defaults"))
            continue
        inner = (*path, key.value)
        if key.value in built:
            first = located.keys[inner]
            findings.append((key.place, f"the key {key.value!r} stands here a second time; first in line {first[0]}"))
            continue
        located.keys[inner] = key.place
        built[key.value] = _build(value, inner, located, findings, budget)
    return built


def _shown(node: _Node) -> str:
    return repr(node.value) if node.kind == "scalar" else f"a {node.kind}"
