"""Find docs in syntax trees."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import tree_sitter_javascript
import tree_sitter_python
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

from gardener_core.code.docs.documented_item import Documented

_GRAMMARS = {
    "python": tree_sitter_python.language,
    "javascript": tree_sitter_javascript.language,
    "typescript": tree_sitter_typescript.language_typescript,
}
_CLASSES = frozenset({"class_definition", "class_declaration", "abstract_class_declaration"})
_FUNCTIONS = frozenset(
    {
        "function_declaration",
        "function_definition",
        "generator_function_declaration",
        "method_definition",
    }
)
_FUNCTION_VALUES = frozenset({"arrow_function", "function_expression", "generator_function"})
# A doc above one of these belongs to what is inside it.
_WRAPPERS = frozenset(
    {
        "assignment_expression",
        "decorated_definition",
        "export_statement",
        "expression_statement",
        "lexical_declaration",
        "variable_declaration",
    }
)
_HOLDERS = frozenset(
    {
        "block",
        "class_body",
        "elif_clause",
        "else_clause",
        "except_clause",
        "if_statement",
        "internal_module",
        "module",
        "program",
        "statement_block",
        "try_statement",
        "with_statement",
    }
)
_COMMENT_MARKS = re.compile(r"^\s*/\*\*+|\*+/\s*$|^\s*\*", re.MULTILINE)
_QUOTES = re.compile(r'^[rRuUbBfF]*("""|\'\'\'|"|\')|("""|\'\'\'|"|\')$')


@dataclass(frozen=True, slots=True)
class _DocPlace:
    """A node to visit, its owner, and the comment right above it."""

    node: Node
    owner: str
    above: Node | None
    start: int


def docs_in_syntax(raw: bytes, language: str) -> list[Documented]:
    """Functions and classes in order, with or without a doc; not those inside functions."""
    found: list[Documented] = []
    root = _parser(language).parse(raw).root_node
    # A stack of our own: a hostile file can nest deeper than recursion goes.
    stack = [_DocPlace(root, "", None, root.start_byte)]
    while stack:
        place = stack.pop()
        for inner in _inside(place):
            symbol = _symbol(inner)
            if symbol is None:
                if inner.node.type in _WRAPPERS | _HOLDERS:
                    stack.append(inner)
                continue
            item = _documented(inner, symbol)
            found.append(item)
            body = inner.node.child_by_field_name("body")
            if not item.is_function and body is not None:
                stack.append(_DocPlace(body, f"{symbol}.", None, body.start_byte))
    return sorted(found, key=lambda item: (item.start, -item.end))


@cache
def _parser(language: str) -> Parser:
    return Parser(Language(_GRAMMARS[language]()))


def _inside(place: _DocPlace) -> Iterator[_DocPlace]:
    """The children to visit, each with the doc comment that ends on the line above it."""
    node = place.node
    if node.type in _WRAPPERS:
        yield from (
            _DocPlace(child, place.owner, place.above, place.start) for child in node.children
        )
        return
    comment: Node | None = None
    for child in node.named_children:
        if child.type == "comment":
            comment = child if (child.text or b"").startswith(b"/**") else None
            continue
        near = comment and child.start_point.row - comment.end_point.row <= 1
        yield _DocPlace(child, place.owner, comment if near else None, child.start_byte)
        comment = None


def _symbol(place: _DocPlace) -> str | None:
    """The qualified name that a node defines; None where it defines nothing."""
    node = place.node
    if node.type in _FUNCTIONS | _CLASSES:
        name = node.child_by_field_name("name")
        return f"{place.owner}{_text(name)}" if name else None
    if node.type == "variable_declarator" and _value(node, "value"):
        return f"{place.owner}{_text(node.child_by_field_name('name'))}"
    if node.type == "assignment_expression" and _value(node, "right"):
        left = _text(node.child_by_field_name("left"))
        names = [part for part in left.split(".") if part.isidentifier()]
        kept = [part for part in names if part not in ("prototype", "this", "module", "exports")]
        return ".".join(kept) or None
    return None


def _value(node: Node, field: str) -> Node | None:
    value = node.child_by_field_name(field)
    return value if value is not None and value.type in _FUNCTION_VALUES else None


def _documented(place: _DocPlace, symbol: str) -> Documented:
    node = place.node
    string = _docstring(node)
    above = place.above
    if string is not None:
        doc = _QUOTES.sub("", _text(string).strip()).strip()
        cut = (string.start_byte, string.end_byte)
    elif above is not None:
        doc = _COMMENT_MARKS.sub("", _text(above)).strip()
        cut = (above.start_byte, above.end_byte)
    else:
        return Documented(symbol, node.type not in _CLASSES, "", place.start, node.end_byte, None)
    return Documented(symbol, node.type not in _CLASSES, doc, place.start, node.end_byte, cut)


def _docstring(node: Node) -> Node | None:
    if node.type not in ("function_definition", "class_definition"):
        return None
    body = node.child_by_field_name("body")
    first = body.named_children[0] if body is not None and body.named_children else None
    if first is not None and first.type == "expression_statement" and first.named_children:
        first = first.named_children[0]
    return first if first is not None and first.type == "string" else None


def _text(node: Node | None) -> str:
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""
