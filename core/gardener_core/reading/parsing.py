"""Find definitions, calls and imports by queries."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import PurePosixPath

from tree_sitter import Language as Grammar
from tree_sitter import Node, Parser, Query, QueryCursor

from gardener_core.reading.languages.table import Language, languages
from gardener_core.reading.symbols import NOTHING, SECTIONS, Call, Definition, Parsed

LONGEST_SIGNATURE = 300
LONGEST_DOC = 2000
LONGEST_NAME = 120
MOST_RECEIVER = 80
_TYPES = frozenset({"class", "interface", "struct", "trait", "impl", "enum", "module", "object"})
_CODE = frozenset({"function", "method", "macro"})
_COMMENT_MARKS = re.compile(r"^[ \t]*(?:///?!?|//!|/\*\*?|\*/|\*(?!/)|#+)[ \t]?|\*/[ \t]*$", re.M)
_STRING_MARKS = re.compile(r"^[rRuUbBfF]*(\"\"\"|'''|\"|')|(\"\"\"|'''|\"|')$")
_LINE_COMMENT = re.compile(r"\s*(#(?!\[|define|if)|//)")
_OPENING = re.compile(r"\s*(=>|[{:=])\s*$")
_BASE = re.compile(r"[A-Za-z_][\w.]*")
_NO_BASES = frozenset({"extends", "implements", "public", "private", "protected", "virtual"})
_RECEIVER_TYPE = re.compile(r"([A-Za-z_]\w*)\s*(?:\[[^\]]*\])?\s*\)")

Captures = Mapping[str, Sequence[Node]]


@dataclass(slots=True)
class _Open:
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
    symbol: str = ""
    branches: int = 0
    calls: list[Call] = field(default_factory=list)


def parse(language: str, path: str, raw: bytes) -> Parsed:
    """What a file defines and uses; a language without a grammar defines nothing.

    Queries run without a progress callback and nodes are never printed: both crash tree-sitter.
    """
    row = languages().get(language)
    if row is None:
        return NOTHING
    tree = _parser(language).parse(raw)
    found: list[_Open] = []
    loose: list[tuple[int, str, Call]] = []
    imports: list[str] = []
    branches: list[int] = []
    docstrings: list[Node] = []
    for _, captures in QueryCursor(_query(language)).matches(tree.root_node):
        kind = next((key for key in captures if key.startswith("definition.")), "")
        if kind:
            found.append(_definition(row, path, raw, kind.partition(".")[2], captures))
        elif "callee" in captures:
            loose.append(_call(captures))
        elif "import" in captures:
            imports.append(_text(captures["import"][0])[:LONGEST_SIGNATURE])
        elif "branch" in captures:
            branches.append(captures["branch"][0].start_byte)
        elif "docstring" in captures:
            docstrings.append(captures["docstring"][0])
    definitions = _nested(_without_doubles(found))
    _give_docstrings(definitions, docstrings)
    outside = _give_calls(definitions, loose)
    for definition, at in _innermost(definitions, branches):
        definition.branches += 1 if at >= 0 else 0
    return Parsed(tuple(_closed(item) for item in definitions), tuple(imports), tuple(outside))


@cache
def _parser(language: str) -> Parser:
    return Parser(_grammar(language))


@cache
def _query(language: str) -> Query:
    return Query(_grammar(language), languages()[language].queries)


@cache
def _grammar(language: str) -> Grammar:
    row = languages()[language]
    return Grammar(getattr(import_module(row.grammar), row.function)())


def _definition(row: Language, path: str, raw: bytes, kind: str, captures: Captures) -> _Open:
    node = captures[f"definition.{kind}"][0]
    name = _text(captures["name"][0]) if "name" in captures else PurePosixPath(path).stem
    outer = _outermost(node, row)
    above, doc = _comment_above(raw, outer, row)
    body = captures["body"][0].start_byte if "body" in captures else node.end_byte
    start, end = _whole_lines(raw, above, outer.end_byte)
    words = raw[node.start_byte : max(body, node.start_byte)].decode("utf-8", "replace")
    return _Open(
        name=" ".join(name.strip("\"'`").split())[:LONGEST_NAME].replace("::", "."),
        kind=kind,
        start=start,
        end=end,
        node_start=node.start_byte,
        node_end=node.end_byte,
        owner=_receiver_type(captures),
        signature="" if kind in SECTIONS else _signature(words),
        doc=doc,
        bases=_bases(captures),
    )


def _signature(words: str) -> str:
    lines = [line for line in words.splitlines() if not _LINE_COMMENT.match(line)]
    joined = " ".join(" ".join(lines).split())
    return _OPENING.sub("", joined)[:LONGEST_SIGNATURE]


def _outermost(node: Node, row: Language) -> Node:
    while node.parent is not None and node.parent.type in row.wrappers:
        node = node.parent
    return node


def _comment_above(raw: bytes, node: Node, row: Language) -> tuple[int, str]:
    """Where the comments and attributes right above a node begin, and what the comments say."""
    start, said = node.start_byte, []
    above = node.prev_named_sibling
    while above is not None and above.type in row.comments | row.attributes:
        if raw.count(b"\n", above.end_byte, start) > 1 or _shares_line(raw, above):
            break
        if above.start_byte == 0 and raw.startswith(b"#!"):
            break
        start = above.start_byte
        if above.type in row.comments:
            said.append(_text(above))
        above = above.prev_named_sibling
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


def _receiver_type(captures: Captures) -> str:
    if "owner" not in captures:
        return ""
    match = _RECEIVER_TYPE.search(_text(captures["owner"][0]))
    return match[1] if match else ""


def _bases(captures: Captures) -> tuple[str, ...]:
    if "bases" not in captures:
        return ()
    words = _BASE.findall(_text(captures["bases"][0]).partition("=")[0])
    return tuple(word for word in words if word not in _NO_BASES)


def _call(captures: Captures) -> tuple[int, str, Call]:
    node = captures["callee"][0]
    receiver = _text(captures["receiver"][0]) if "receiver" in captures else ""
    name = _text(node)
    call = Call(name, receiver if len(receiver) <= MOST_RECEIVER else "…", node.start_point[0] + 1)
    return node.start_byte, name, call


def _without_doubles(found: Sequence[_Open]) -> list[_Open]:
    """One definition a node; where two patterns fit, the one with the longer signature."""
    best: dict[tuple[int, int], _Open] = {}
    for item in found:
        key = (item.node_start, item.node_end)
        if key not in best or len(item.bases) > len(best[key].bases):
            best[key] = item
    return sorted(best.values(), key=lambda item: (item.start, -item.end, item.node_start))


def _nested(found: Sequence[_Open]) -> list[_Open]:
    """Qualify names by what is around; what stands inside a function belongs to it."""
    kept: list[_Open] = []
    around: list[_Open] = []
    for item in found:
        while around and around[-1].node_end <= item.node_start:
            around.pop()
        owner = around[-1] if around else None
        if any(outer.kind in _CODE for outer in around):
            continue
        if owner is not None and owner.kind in _TYPES and item.kind == "function":
            item.kind = "method" if owner.kind != "module" else "function"
        prefix = owner.symbol if owner is not None else item.owner
        item.symbol = f"{prefix}.{item.name}" if prefix else item.name
        kept.append(item)
        around.append(item)
    return kept


def _innermost(definitions: Sequence[_Open], places: Sequence[int]) -> Iterator[tuple[_Open, int]]:
    """Each place with the smallest definition around it."""
    ordered = sorted(definitions, key=lambda item: (item.node_start, -item.node_end))
    around: list[_Open] = []
    next_one = 0
    for place in sorted(places):
        while next_one < len(ordered) and ordered[next_one].node_start <= place:
            around.append(ordered[next_one])
            next_one += 1
        around = [item for item in around if item.node_end > place]
        if around:
            yield around[-1], place


def _give_docstrings(definitions: Sequence[_Open], docstrings: Sequence[Node]) -> None:
    texts = {node.start_byte: _text(node) for node in docstrings}
    for definition, place in _innermost(definitions, list(texts)):
        text = texts[place].strip()
        definition.doc = _STRING_MARKS.sub("", text).strip()[:LONGEST_DOC]


def _give_calls(definitions: Sequence[_Open], found: Sequence[tuple[int, str, Call]]) -> list[Call]:
    """Put each call into the definition around it; answers those outside of any."""
    calls = {place: call for place, _, call in found}
    inside = set()
    for definition, place in _innermost(definitions, list(calls)):
        definition.calls.append(calls[place])
        inside.add(place)
    return [call for place, call in calls.items() if place not in inside]


def _closed(item: _Open) -> Definition:
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
    )


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
