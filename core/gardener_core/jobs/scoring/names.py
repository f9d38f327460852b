"""Find names in written code that exist nowhere."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from tree_sitter import Node

from gardener_core.answers.explain.library_names import library_names
from gardener_core.code.languages.table import language_of
from gardener_core.code.packages import PackageNames
from gardener_core.code.parsing.queries import syntax_root
from gardener_core.evaluation.split import SourceFile

COUNTED = "python"
SHORTEST = 3
_WORD = re.compile(r"[A-Za-z_]\w*")
# What these hold on their left, or as their name, is a name of one's own.
_BINDS = {
    "assignment": "left", "augmented_assignment": "left", "named_expression": "name",
    "for_statement": "left", "for_in_clause": "left", "function_definition": "name",
    "class_definition": "name", "as_pattern_target": "", "aliased_import": "alias",
    "parameters": "", "lambda_parameters": "",
}  # fmt: skip


class NameChecker:
    """Knows the words of a project, of Python and of installed packages."""

    def __init__(self, files: Sequence[SourceFile], packages: PackageNames) -> None:
        self._packages = packages
        self._library = library_names(COUNTED)
        self._of_file = {file.path: frozenset(_WORD.findall(file.text)) for file in files}
        self._files_with = Counter(word for words in self._of_file.values() for word in words)

    def check(self, path: str, written: str, visible: str) -> tuple[int, tuple[str, ...]]:
        """How many names of a piece of code can be checked, and which exist nowhere.

        A name that only the hidden part of its own file holds exists, too.
        """
        root = syntax_root(COUNTED, written.encode()) if language_of(path) == COUNTED else None
        if root is None:
            return 0, ()
        own = set(_bound(root))
        used = dict.fromkeys(name for name in _names(root) if len(name) >= SHORTEST)
        checkable = [name for name in used if name not in own]
        seen = frozenset(_WORD.findall(visible))
        invented = tuple(name for name in checkable if name not in seen and not self._knows(name))
        return len(checkable), invented

    def _knows(self, name: str) -> bool:
        return name in self._library or name in self._packages or self._files_with[name] > 0


def _names(root: Node) -> Iterator[str]:
    for node in _inside(root):
        if node.type == "identifier" and node.text:
            yield node.text.decode("utf-8", "replace")


def _bound(root: Node) -> Iterator[str]:
    for node in _inside(root):
        field = _BINDS.get(node.type)
        if field is None:
            continue
        target = node.child_by_field_name(field) if field else node
        if target is not None:
            yield from _names(target)


def _inside(root: Node) -> Iterator[Node]:
    open_nodes = [root]
    while open_nodes:
        node = open_nodes.pop()
        yield node
        open_nodes += reversed(node.named_children)
