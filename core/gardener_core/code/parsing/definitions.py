"""Put definitions together from what queries captured."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from tree_sitter import Node

from gardener_core.code.languages.table import Language
from gardener_core.code.parsing.symbols import SECTIONS, Call, Definition
from gardener_core.code.parsing.uses import Captures, Words

LONGEST_SIGNATURE = 300
LONGEST_DOC = 2000
LONGEST_NAME = 120
LONGEST_TYPE = 120
TYPES = frozenset({"class", "interface", "struct", "trait", "impl", "enum", "module", "object"})
_CODE = frozenset({"function", "method", "macro"})
_COMMENT_MARKS = re.compile(r"^[ \t]*(?:///?!?|//!|/\*\*?|\*/|\*(?!/)|#+)[ \t]?|\*/[ \t]*$", re.M)
_LINE_COMMENT = re.compile(r"\s*(#(?!\[|define|if)|//)")
_OPENING = re.compile(r"\s*(=>|[{:=])\s*$")
_BASE = re.compile(r"[A-Za-z_][\w.]*")
_ARGUMENTS = re.compile(r"\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]|<[^<>]*(?:<[^<>]*>[^<>]*)*>")
_PROPERTY = re.compile(rb"@(?:\w+\.)*\w*property\b|@\w+\.(?:setter|deleter)\b")
_NAMED = re.compile(r"\w+\s*=[^,)]*")
_NO_BASES = frozenset({"extends", "implements", "public", "private", "protected", "virtual"})
_RECEIVER_TYPE = re.compile(r"([A-Za-z_]\w*)\s*(?:\[[^\]]*\])?\s*\)")


@dataclass(slots=True)
class Open:
    """A definition while it is put together; `node_start` is where its own words begin."""

    name: str
    kind: str
    start: int
    end: int
    node_start: int
    node_end: int
    owner: str
    signature: str
    doc: str
    bases: tuple[str, ...]
    returns: str
    line: int
    is_property: bool
    symbol: str = ""
    branches: int = 0
    calls: list[Call] = field(default_factory=list)


@dataclass(slots=True)
class Definitions:
    """The definitions of one file, while its matches come in."""

    row: Language
    path: str
    raw: bytes
    words: Words
    found: list[Open] = field(default_factory=list)

    def add(self, kind: str, captures: Captures) -> None:
        """One more."""
        self.found.append(_definition(self, kind, captures))

    def nested(self) -> tuple[list[Open], list[Open]]:
        """The definitions with qualified names, and apart those inside of functions."""
        _stretch_sections([item for item in self.found if item.kind == "section"], self.raw)
        return _nested(_without_doubles(self.found))


def _definition(file: Definitions, kind: str, captures: Captures) -> Open:
    row, raw, text_of = file.row, file.raw, file.words
    node = captures[f"definition.{kind}"][0]
    name = text_of(captures["name"][0]) if "name" in captures else PurePosixPath(file.path).stem
    outer = _outermost(node, row)
    above, doc = _comment_above(file, outer)
    body = captures["body"][0].start_byte if "body" in captures else node.end_byte
    start, end = _whole_lines(raw, above, outer.end_byte)
    words = raw[node.start_byte : max(body, node.start_byte)].decode("utf-8", "replace")
    return Open(
        name=" ".join(name.strip("\"'`").split())[:LONGEST_NAME].replace("::", "."),
        kind=kind,
        start=start,
        end=end,
        node_start=node.start_byte,
        node_end=node.end_byte,
        owner=_receiver_type(file, captures),
        signature="" if kind in SECTIONS else _signature(words),
        doc=doc,
        bases=_bases(file, captures),
        returns=_returns(file, captures),
        line=node.start_point[0] + 1,
        is_property=words.startswith("get ")
        or _is_decorated(raw[outer.start_byte : node.start_byte]),
    )


def _is_decorated(before: bytes) -> bool:
    """Whether a method is made a property by what stands before it."""
    return bool(before) and _PROPERTY.search(before) is not None


def _signature(words: str) -> str:
    lines = words.splitlines()
    if len(lines) > 1:
        lines = [line for line in lines if not _LINE_COMMENT.match(line)]
    joined = " ".join(" ".join(lines).split())
    return _OPENING.sub("", joined)[:LONGEST_SIGNATURE]


def _outermost(node: Node, row: Language) -> Node:
    while node.parent is not None and node.parent.type in row.wrappers:
        node = node.parent
    return node


def _comment_above(file: Definitions, node: Node) -> tuple[int, str]:
    """Where the comments and attributes right above a node begin, and what the comments say."""
    row, raw = file.row, file.raw
    start, said = node.start_byte, []
    above = node.prev_named_sibling
    while above is not None and above.type in row.comments | row.attributes:
        if raw.count(b"\n", above.end_byte, start) > 1 or _shares_line(raw, above):
            break
        if above.start_byte == 0 and raw.startswith(b"#!"):
            break
        start = above.start_byte
        if above.type in row.comments:
            said.append(file.words(above))
        above = above.prev_named_sibling
    if not said:
        return start, ""
    doc = _COMMENT_MARKS.sub("", "\n".join(reversed(said))).strip()
    return start, doc[:LONGEST_DOC]


def _shares_line(raw: bytes, comment: Node) -> bool:
    """Whether code stands before a comment in its line, so that it belongs to that code."""
    line = raw.rfind(b"\n", 0, comment.start_byte) + 1
    return bool(raw[line : comment.start_byte].strip())


def _whole_lines(raw: bytes, start: int, end: int) -> tuple[int, int]:
    first = raw.rfind(b"\n", 0, start) + 1
    last = raw.find(b"\n", max(end - 1, first))
    return first, len(raw) if last < 0 else last + 1


def _receiver_type(file: Definitions, captures: Captures) -> str:
    if "owner" not in captures:
        return ""
    match = _RECEIVER_TYPE.search(file.words(captures["owner"][0]))
    return match[1] if match else ""


def _bases(file: Definitions, captures: Captures) -> tuple[str, ...]:
    if "bases" not in captures:
        return ()
    text = " ".join(file.words(node) for node in captures["bases"])
    words = _BASE.findall(_NAMED.sub("", _ARGUMENTS.sub("", text)))
    return tuple(dict.fromkeys(word for word in words if word not in _NO_BASES))


def _returns(file: Definitions, captures: Captures) -> str:
    text = file.words(captures["returns"][0]) if "returns" in captures else ""
    return " ".join(text.split())[:LONGEST_TYPE].removeprefix(":").strip()


def _stretch_sections(headings: Sequence[Open], raw: bytes) -> None:
    """Let each heading reach to the next one that is as high; the grammar knows no sections of
    underlined headings."""
    around: list[tuple[int, Open]] = []
    for heading in sorted(headings, key=lambda item: item.node_start):
        level = _level(raw[heading.node_start : heading.node_end])
        while around and around[-1][0] >= level:
            _, above = around.pop()
            above.end = above.node_end = heading.start
        around.append((level, heading))
    for _, heading in around:
        heading.end = heading.node_end = len(raw)


def _level(heading: bytes) -> int:
    """1 for the highest: by its marks before it, or by the line under it."""
    marks = len(heading) - len(heading.lstrip(b"#"))
    return marks or (1 if heading.rstrip().endswith(b"=") else 2)


def _without_doubles(found: Sequence[Open]) -> list[Open]:
    """One definition a node; where two patterns fit, the one with the longer signature."""
    best: dict[tuple[int, int], Open] = {}
    for item in found:
        key = (item.node_start, item.node_end)
        if key not in best or len(item.bases) > len(best[key].bases):
            best[key] = item
    return sorted(best.values(), key=lambda item: (item.start, -item.end, item.node_start))


def _nested(found: Sequence[Open]) -> tuple[list[Open], list[Open]]:
    """Qualify names by what is around; what stands inside a function belongs to it.

    Answers the definitions, and those inside of functions.
    """
    kept: list[Open] = []
    inside: list[Open] = []
    around: list[Open] = []
    for item in found:
        while around and around[-1].node_end <= item.node_start:
            around.pop()
        owner = around[-1] if around else None
        if any(outer.kind in _CODE for outer in around):
            inside.append(item)
            continue
        if owner is not None and owner.kind in TYPES and item.kind == "function":
            item.kind = "method" if owner.kind != "module" else "function"
        prefix = owner.symbol if owner is not None else item.owner
        item.symbol = f"{prefix}.{item.name}" if prefix else item.name
        kept.append(item)
        around.append(item)
    return kept, inside


def closed(item: Open) -> Definition:
    """A definition that is put together."""
    return Definition(
        symbol=item.symbol,
        name=item.name,
        kind=item.kind,
        start=item.start,
        end=item.end,
        signature=item.signature,
        doc=item.doc,
        bases=item.bases,
        complexity=1 + item.branches if item.kind in _CODE else 0,
        calls=tuple(item.calls),
        returns=item.returns,
        line=item.line,
        is_property=item.is_property,
    )
