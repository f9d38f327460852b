"""Build definitions from the captures of queries."""

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
class OpenDefinition:
    """A definition that is being built; `node_start` is where its own text begins."""

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
    """Collects the definitions of one file, match by match."""

    row: Language
    path: str
    raw: bytes
    words: Words
    found: list[OpenDefinition] = field(default_factory=list)

    def add(self, kind: str, captures: Captures) -> None:
        """Add the definition of a match."""
        self.found.append(_definition(self, kind, captures))

    def nested(self) -> tuple[list[OpenDefinition], list[OpenDefinition]]:
        """The definitions with qualified names, and separately those inside functions."""
        _stretch_sections([item for item in self.found if item.kind == "section"], self.raw)
        return _nested(_unique(self.found))


def _definition(file: Definitions, kind: str, captures: Captures) -> OpenDefinition:
    row, raw, text_of = file.row, file.raw, file.words
    node = captures[f"definition.{kind}"][0]
    name = text_of(captures["name"][0]) if "name" in captures else PurePosixPath(file.path).stem
    outer = _outermost(node, row)
    above, doc = _comment_above(file, outer)
    body = captures["body"][0].start_byte if "body" in captures else node.end_byte
    start, end = _whole_lines(raw, above, outer.end_byte)
    words = raw[node.start_byte : max(body, node.start_byte)].decode("utf-8", "replace")
    return OpenDefinition(
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
    """Whether a decorator makes a method a property."""
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
    """Where the comments and attributes above a node begin, and the comments' text."""
    row, raw = file.row, file.raw
    start, comments = node.start_byte, []
    above = node.prev_named_sibling
    while above is not None and above.type in row.comments | row.attributes:
        if raw.count(b"\n", above.end_byte, start) > 1 or _shares_line(raw, above):
            break
        if above.start_byte == 0 and raw.startswith(b"#!"):
            break
        start = above.start_byte
        if above.type in row.comments:
            comments.append(file.words(above))
        above = above.prev_named_sibling
    if not comments:
        return start, ""
    doc = _COMMENT_MARKS.sub("", "\n".join(reversed(comments))).strip()
    return start, doc[:LONGEST_DOC]


def _shares_line(raw: bytes, comment: Node) -> bool:
    """Whether a comment has code before it in its line, and belongs to that code."""
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


def _stretch_sections(headings: Sequence[OpenDefinition], raw: bytes) -> None:
    """Extend each heading to the next one of its level.

    The grammar has no sections for underlined headings.
    """
    around: list[tuple[int, OpenDefinition]] = []
    for heading in sorted(headings, key=lambda item: item.node_start):
        level = _level(raw[heading.node_start : heading.node_end])
        while around and around[-1][0] >= level:
            _, above = around.pop()
            above.end = above.node_end = heading.start
        around.append((level, heading))
    for _, heading in around:
        heading.end = heading.node_end = len(raw)


def _level(heading: bytes) -> int:
    """The level of a heading by its marks or its underline; 1 is the highest."""
    marks = len(heading) - len(heading.lstrip(b"#"))
    return marks or (1 if heading.rstrip().endswith(b"=") else 2)


def _unique(found: Sequence[OpenDefinition]) -> list[OpenDefinition]:
    """One definition a node; where two patterns match, the one with more bases."""
    best: dict[tuple[int, int], OpenDefinition] = {}
    for item in found:
        key = (item.node_start, item.node_end)
        if key not in best or len(item.bases) > len(best[key].bases):
            best[key] = item
    return sorted(best.values(), key=lambda item: (item.start, -item.end, item.node_start))


def _nested(found: Sequence[OpenDefinition]) -> tuple[list[OpenDefinition], list[OpenDefinition]]:
    """Qualify names by the definitions around them; those inside functions belong to these.

    Returns the definitions, and those inside functions.
    """
    kept: list[OpenDefinition] = []
    inside: list[OpenDefinition] = []
    around: list[OpenDefinition] = []
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


def finished(item: OpenDefinition) -> Definition:
    """The finished definition."""
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
