"""Parse a file: what it defines, calls, imports and binds."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from importlib import import_module
from operator import itemgetter

from tree_sitter import Language as Grammar
from tree_sitter import Node, Parser, Query, QueryCursor

from gardener_core.code.languages.table import languages
from gardener_core.code.parsing.configuration import configuration_fields, with_constants
from gardener_core.code.parsing.definitions import (
    LONGEST_DOC,
    TYPES,
    Definitions,
    OpenDefinition,
    finished,
)
from gardener_core.code.parsing.symbols import NOTHING, Call, Parsed
from gardener_core.code.parsing.uses import (
    Around,
    Captures,
    ScopeNames,
    Uses,
    Words,
    bindings_of,
    imports_of,
    own_call,
    words_of,
)

_STRING_MARKS = re.compile(r"^[rRuUbBfF]*(\"\"\"|'''|\"|')|(\"\"\"|'''|\"|')$")
_SORTS = ("callee", "passed", "bound", "import", "returned", "branch", "docstring")


def parse(language: str, path: str, raw: bytes) -> Parsed:
    """What a file defines and uses; nothing for a language without a grammar.

    Queries run without a progress callback and nodes are never printed: both crash tree-sitter.
    """
    row = languages().get(language)
    if row is None:
        return NOTHING
    tree = _parser(language).parse(raw)
    words = words_of(raw)
    found = _Captured(Uses(row, words), Definitions(row, path, raw, words))
    adding = found.adding()
    handlers: dict[int, Callable[[Captures], None]] = {}  # all matches of a pattern are of one kind
    for pattern, captures in QueryCursor(_query(language)).matches(tree.root_node):
        if pattern not in handlers:
            sort = _sort(captures)
            define = partial(found.definitions.add, sort.removeprefix("definition."))
            handlers[pattern] = adding.get(sort, define)
        handlers[pattern](captures)
    return _parsed(found)


def syntax_root(language: str, raw: bytes) -> Node | None:
    """The root of a syntax tree; None for a language without a grammar."""
    return _parser(language).parse(raw).root_node if language in languages() else None


@dataclass(slots=True)
class _Captured:
    """What the matches of a file captured."""

    uses: Uses
    definitions: Definitions
    branches: list[int] = field(default_factory=list)
    docstrings: list[Node] = field(default_factory=list)

    def adding(self) -> dict[str, Callable[[Captures], None]]:
        """The handler of each kind of match; any other is a definition."""
        return {
            "callee": self.uses.add_call,
            "passed": self.uses.add_passed,
            "bound": self.uses.add_binding,
            "import": self.uses.add_import,
            "returned": self.uses.add_returned,
            "configuration": self.uses.add_configuration,
            "branch": lambda captures: self.branches.append(captures["branch"][0].start_byte),
            "docstring": lambda captures: self.docstrings.append(captures["docstring"][0]),
        }


def _parsed(found: _Captured) -> Parsed:
    """Assign what was captured to the definitions around it."""
    uses, row = found.uses, found.uses.row
    definitions, inside = found.definitions.nested()
    ranges = [(item.node_start, item.node_end, item) for item in definitions]
    around = Around(ranges)
    names = ScopeNames(
        Around((start, end, item.symbol) for start, end, item in ranges if item.kind != "constant"),
        Around((item.node_start, item.node_end, True) for item in inside if item.kind in TYPES),
    )
    _give_docstrings(around, found.docstrings, uses.words)
    for place in found.branches:
        if (owner := around.at(place)) is not None:
            owner.branches += 1
    known = {item.name for item in definitions if item.kind != "constant"}
    uses.keep_passed(known | {name for _, name, _, _ in uses.imports})
    open_scopes = {"", *(item.symbol for item in definitions if item.kind in TYPES)}
    uses.resolve_bindings(lambda place: names.scope(place) in open_scopes)
    outside: list[Call] = []
    for place, call in sorted(uses.calls, key=itemgetter(0)):
        owner = around.at(place)
        (outside if owner is None else owner.calls).append(own_call(call, place, row, names))
    for item in inside:  # a nested function hides others of its name
        if item.kind not in ("method", "constant"):
            uses.bindings.setdefault((item.node_start, item.name), ("", ""))
    built = [finished(item) for item in definitions]
    return Parsed(
        definitions=tuple(built),
        imports=imports_of(uses, names),
        calls=tuple(outside),
        bindings=bindings_of(uses, names),
        configuration=(
            *with_constants(uses.configuration, built),
            *configuration_fields(built),
        ),
    )


def _give_docstrings(
    around: Around[OpenDefinition], docstrings: Sequence[Node], words: Words
) -> None:
    """Assign docstrings; a definition's own comes before those of functions in it."""
    documented = set()
    for node in docstrings:
        owner = around.at(node.start_byte)
        if owner is not None and owner.node_start not in documented:
            documented.add(owner.node_start)
            owner.doc = _STRING_MARKS.sub("", words(node).strip()).strip()[:LONGEST_DOC]


def _sort(captures: Captures) -> str:
    for key in captures:
        if key.startswith(("definition.", "configuration.")):
            return key if key.startswith("definition.") else "configuration"
    return next(key for key in _SORTS if key in captures)


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
