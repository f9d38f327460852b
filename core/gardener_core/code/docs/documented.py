"""Find docs in code, and cut them out."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from gardener_core.code.docs.comment_docs import docs_in_comments
from gardener_core.code.docs.documented_item import Documented
from gardener_core.code.docs.syntax_docs import docs_in_syntax

# In these a doc is found by the syntax tree: a docstring stands inside, and not every comment above
# a function is its doc. In all others it is the comment above a definition.
LANGUAGE_OF_SUFFIX: Mapping[str, str] = {
    ".py": "python",
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".ts": "typescript",
    ".mts": "typescript",
}


def documented(path: str, raw: bytes) -> list[Documented]:
    """The functions and classes of a file in order, with or without a doc."""
    language = _syntax_of(path)
    return docs_in_syntax(raw, language) if language else docs_in_comments(path, raw)


def without_docs(path: str, raw: bytes) -> bytes:
    """A file with the docs of its functions and classes cut out."""
    is_python = _syntax_of(path) == "python"
    pieces: list[bytes] = []
    at = 0
    for start, end in sorted({item.cut for item in documented(path, raw) if item.cut}):
        # A body needs a statement where its doc was the only one.
        stay = b"pass" if is_python and _stands_alone(raw, start, end) else b""
        pieces += [raw[at:start], stay]
        at = end
    return b"".join([*pieces, raw[at:]])


def code_without_doc(raw: bytes, item: Documented) -> str:
    """A function's own bytes, its doc left out."""
    start, end = item.cut or (item.end, item.end)
    inside = item.start <= start and end <= item.end
    code = raw[item.start : start] + raw[end : item.end] if inside else raw[item.start : item.end]
    return code.decode("utf-8", "replace")


def _syntax_of(path: str) -> str:
    """The language whose syntax tree is read; empty for any other."""
    return LANGUAGE_OF_SUFFIX.get(PurePosixPath(path).suffix, "")


def _stands_alone(raw: bytes, start: int, end: int) -> bool:
    """Whether the line after a doc is indented less than the doc."""
    indent = start - (raw.rfind(b"\n", 0, start) + 1)
    for line in raw[end:].split(b"\n")[1:]:
        if line.strip():
            return len(line) - len(line.lstrip()) < indent
    return True
