"""Choose statements and bodies to be written anew."""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from tree_sitter import Node

from gardener_core.code.languages.table import language_of
from gardener_core.code.parsing.queries import syntax_root
from gardener_core.evaluation.split import SourceFile

SHORTEST_STATEMENT, LONGEST_STATEMENT = 12, 120
SHORTEST_BODY, LONGEST_BODY = 50, 320
FEWEST_BEFORE = 200  # characters; with less, anything could follow
LARGEST_FILE = 200_000
_FUNCTIONS = frozenset(
    {"function_definition", "function_declaration", "method_definition", "method_declaration",
     "function_item", "constructor_declaration", "method", "singleton_method"}
)  # fmt: skip
_BLOCKS = frozenset(
    {"block", "statement_block", "compound_statement", "body_statement", "statement_list",
     "constructor_body"}
)  # fmt: skip
_NOT_WRITTEN = frozenset({"comment", "line_comment", "block_comment", "string"})
_WORD = re.compile(r"[A-Za-z_]\w+")


@dataclass(frozen=True, slots=True)
class Masked:
    """A part of a file that is taken out, by characters; `uses` are names from other files."""

    measure: Literal["statement", "scope"]
    path: str
    language: str
    line: int
    start: int
    end: int
    expected: str
    uses: tuple[str, ...]
    opened: bool  # whether the body stands in braces


def masked_parts(
    files: Sequence[SourceFile],
    measure: Literal["statement", "scope"],
    elsewhere: Callable[[str, str], bool],
) -> list[Masked]:
    """What can be masked, one of each file in turn; what uses names of other files comes first.

    `elsewhere` says of a word and a path whether another file of the project defines it.
    """
    by_file = [
        sorted(_of_file(file, measure, elsewhere), key=lambda part: (not part.uses, _draw(part)))
        for file in sorted(files, key=lambda file: _digest(file.path))
        if len(file.text) <= LARGEST_FILE
    ]
    return [part for row in zip_longest(*by_file) for part in row if part is not None]


def _of_file(
    file: SourceFile,
    measure: Literal["statement", "scope"],
    elsewhere: Callable[[str, str], bool],
) -> Iterator[Masked]:
    language = language_of(file.path)
    raw = file.text.encode()
    root = syntax_root(language, raw)
    if root is None:
        return
    spans = _statements(root, raw) if measure == "statement" else _bodies(root, raw)
    for start, end, opened in spans:
        first, size = len(raw[:start].decode()), len(raw[start:end].decode())
        expected = file.text[first : first + size]
        if first < FEWEST_BEFORE:
            continue
        words = dict.fromkeys(_WORD.findall(expected))
        uses = tuple(word for word in words if elsewhere(word, file.path))
        line = file.text.count("\n", 0, first) + 1
        yield Masked(
            measure, file.path, language, line, first, first + size, expected, uses, opened
        )


def _statements(root: Node, raw: bytes) -> Iterator[tuple[int, int, bool]]:
    """Statements of one line in functions, without their docs."""
    for body in _function_bodies(root):
        for node in _inside(body):
            if node.type not in _BLOCKS:
                continue
            for child in node.named_children:
                end = raw.find(b"\n", child.start_byte)
                end = len(raw) if end < 0 else end
                size = end - child.start_byte
                if (
                    child.start_point[0] == child.end_point[0]
                    and SHORTEST_STATEMENT <= size <= LONGEST_STATEMENT
                    and not _is_words(child)
                    and raw[child.end_byte : end].strip() in (b"", b";")
                    and _begins_line(raw, child)
                ):
                    yield child.start_byte, end, False


def _bodies(root: Node, raw: bytes) -> Iterator[tuple[int, int, bool]]:
    """Bodies of functions, without their docs and braces."""
    for body in _function_bodies(root):
        children = [child for child in body.named_children]
        while children and _is_words(children[0]):
            children.pop(0)
        if not children:
            continue
        start, end = children[0].start_byte, children[-1].end_byte
        if SHORTEST_BODY <= end - start <= LONGEST_BODY and _begins_line(raw, children[0]):
            yield start, end, raw[body.start_byte : body.start_byte + 1] == b"{"


def _function_bodies(root: Node) -> Iterator[Node]:
    for node in _inside(root):
        if node.type in _FUNCTIONS:
            body = node.child_by_field_name("body")
            if body is not None and not any(one.type in _FUNCTIONS for one in _above(node)):
                yield body


def _inside(root: Node) -> Iterator[Node]:
    open_nodes = [root]
    while open_nodes:
        node = open_nodes.pop()
        yield node
        open_nodes += reversed(node.named_children)


def _above(node: Node) -> Iterator[Node]:
    while node.parent is not None:
        node = node.parent
        yield node


def _begins_line(raw: bytes, node: Node) -> bool:
    return not raw[raw.rfind(b"\n", 0, node.start_byte) + 1 : node.start_byte].strip()


def _is_words(node: Node) -> bool:
    """Whether it is a comment or a text that stands alone."""
    if node.type in _NOT_WRITTEN:
        return True
    children = node.named_children
    return len(children) == 1 and node.type == "expression_statement" and _is_words(children[0])


def _draw(part: Masked) -> bytes:
    return _digest(f"{part.path}:{part.line}")


def _digest(text: str) -> bytes:
    return hashlib.blake2b(b"masked " + text.encode(), digest_size=8).digest()
