"""Find the functions and classes of Python source."""

from dataclasses import dataclass

import tree_sitter_python
from tree_sitter import Language, Node, Parser

_PYTHON = Language(tree_sitter_python.language())
_HOLDS_DEFINITIONS = frozenset(
    {
        "block",
        "elif_clause",
        "else_clause",
        "except_clause",
        "finally_clause",
        "for_statement",
        "if_statement",
        "module",
        "try_statement",
        "while_statement",
        "with_statement",
    }
)


@dataclass(frozen=True, slots=True)
class Definition:
    """A function, method or class, as whole lines of bytes."""

    symbol: str
    kind: str
    start: int
    end: int


def python_definitions(raw: bytes) -> list[Definition]:
    """Classes, methods and functions in order; what stands inside a function belongs to it."""
    found: list[Definition] = []
    # Own stack: recursion would end at a depth that a hostile file can reach.
    stack: list[tuple[Node, str]] = [(Parser(_PYTHON).parse(raw).root_node, "")]
    while stack:
        node, owner = stack.pop()
        for child in node.children:
            definition = _defined_by(child)
            if definition is None:
                if child.type in _HOLDS_DEFINITIONS:
                    stack.append((child, owner))
                continue
            symbol = f"{owner}{_name(definition)}"
            is_class = definition.type == "class_definition"
            kind = "class" if is_class else "method" if owner else "function"
            found.append(Definition(symbol, kind, *_whole_lines(raw, child)))
            body = definition.child_by_field_name("body")
            if is_class and body is not None:
                stack.append((body, f"{symbol}."))
    return sorted(found, key=lambda definition: (definition.start, -definition.end))


def _defined_by(node: Node) -> Node | None:
    if node.type == "decorated_definition":
        node = node.child_by_field_name("definition") or node
    return node if node.type in ("function_definition", "class_definition") else None


def _name(definition: Node) -> str:
    name = definition.child_by_field_name("name")
    return (name.text or b"").decode("utf-8", "replace") if name else ""


def _whole_lines(raw: bytes, node: Node) -> tuple[int, int]:
    start = raw.rfind(b"\n", 0, node.start_byte) + 1
    end = raw.find(b"\n", max(node.end_byte - 1, start))
    return start, len(raw) if end < 0 else end + 1
