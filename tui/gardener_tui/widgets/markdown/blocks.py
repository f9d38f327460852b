"""Split a text into blocks while it is written."""

import re
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["paragraph", "heading", "code", "item", "table", "quote", "rule"]

# A paragraph that goes on for longer is split at a space, so that little is drawn again.
LONGEST_PARAGRAPH = 1200
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})\s*([\w+#-]*)")
_HEADING = re.compile(r"(#{1,6})\s+\S")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+\S")
_RULE = re.compile(r" {0,3}(?:-{3,}|\*{3,}|_{3,})\s*")
_TABLE = re.compile(r"\s*\|")
_QUOTE = re.compile(r" {0,3}>")
# Kinds whose next line may belong to the same block.
_CONTINUED: frozenset[BlockKind] = frozenset({"paragraph", "item", "table", "quote"})


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an item of a list, a table, or code between fences with its language.

    `spaced` is set where a blank line stands before it. The marks of Markdown stay in the text.
    """

    kind: BlockKind
    text: str
    language: str = ""
    spaced: bool = True


class BlockReader:
    """Takes a text piece by piece; `closed` are the blocks that will not change any more."""

    def __init__(self) -> None:
        self.closed: list[Block] = []
        self._lines: list[str] = []  # of the open block
        self._kind: BlockKind | None = None
        self._fence = ""
        self._language = ""
        self._rest = ""  # the line that is being written
        self._blank = False  # whether a blank line came after the last block

    @property
    def open(self) -> Block | None:
        """The block that is being written, as far as it is known."""
        rest = self._rest
        if self._kind is None:
            kind = _kind_of(rest)
            if kind == "code":
                return Block("code", "")
            return (
                Block(kind, rest, spaced=self._blank or not self.closed) if rest.strip() else None
            )
        if self._fence and rest.strip() and self._fence.startswith(rest.strip()):
            rest = ""  # the end of the fence is being written
        return self._block([*self._lines, *([rest] if rest else [])])

    def feed(self, text: str) -> None:
        """Take the next piece of the text."""
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._take(line)
        if self._kind == "paragraph" or (
            self._kind is None and _kind_of(self._rest) == "paragraph"
        ):
            self._split_long()

    def end(self) -> None:
        """Close what is open: no more text comes."""
        if self._rest:
            self._take(self._rest)
            self._rest = ""
        self._close()

    def _take(self, line: str) -> None:
        if self._fence:
            if line.strip() == self._fence:
                self._close()
            else:
                self._lines.append(line)
            return
        if not line.strip():
            self._close()
            self._blank = True
            return
        kind = _kind_of(line)
        if kind == "code":
            self._close()
            mark = _FENCE.match(line)
            assert mark is not None
            self._kind, self._fence, self._language = "code", mark[1], mark[2]
            return
        if not self._continues(kind):
            self._close()
            self._kind = kind
        self._lines.append(line)

    def _continues(self, kind: BlockKind) -> bool:
        """Whether a line of this kind belongs to the open block."""
        if self._kind not in _CONTINUED:
            return False
        return kind == "paragraph" or (kind == self._kind and kind != "item")

    def _split_long(self) -> None:
        """Close the beginning of a paragraph that has become long."""
        while sum(map(len, self._lines)) + len(self._rest) > LONGEST_PARAGRAPH:
            whole = "\n".join([*self._lines, self._rest])
            at = whole.rfind(" ", 0, LONGEST_PARAGRAPH)
            at = at if at > 0 else LONGEST_PARAGRAPH
            self._kind, self._lines = "paragraph", [whole[:at]]
            self._close()
            self._kind, self._lines = "paragraph", []
            *self._lines, self._rest = whole[at:].lstrip(" ").split("\n")

    def _close(self) -> None:
        if self._kind is not None:
            self.closed.append(self._block(self._lines))
            self._blank = False
        self._kind, self._lines, self._fence, self._language = None, [], "", ""

    def _block(self, lines: list[str]) -> Block:
        assert self._kind is not None
        spaced = self._blank or not self.closed
        return Block(self._kind, "\n".join(lines), self._language, spaced)


def blocks(text: str) -> list[Block]:
    """The blocks of a whole text; a fence may still be open at its end."""
    reader = BlockReader()
    reader.feed(text)
    reader.end()
    return reader.closed


def _kind_of(line: str) -> BlockKind:
    if _FENCE.match(line):
        return "code"
    if _RULE.fullmatch(line):
        return "rule"
    if _HEADING.match(line):
        return "heading"
    if _ITEM.match(line):
        return "item"
    if _TABLE.match(line):
        return "table"
    return "quote" if _QUOTE.match(line) else "paragraph"
