"""Draw a block as lines of text."""

import re
from dataclasses import dataclass
from typing import assert_never

from textual.content import Content

from gardener_tui.widgets.code import highlighted
from gardener_tui.widgets.markdown.blocks import Block
from gardener_tui.widgets.markdown.inline import NO_DOUBTS, Doubts, inline
from gardener_tui.widgets.markdown.table import table_lines
from gardener_tui.widgets.plain_text import styled

_MARKED = re.compile(r"(\s*)([-*+]|\d{1,3}[.)])(\s+)")
_QUOTED = re.compile(r"(?m)^ {0,3}> ?")
_HASHES = re.compile(r"(#+)(\s+)(.*)", re.DOTALL)
CODE_INDENT = 2


@dataclass(frozen=True, slots=True)
class DrawnBlock:
    """A text to be wrapped, with what stands before its first line and before the others."""

    text: Content
    first: Content
    others: Content
    is_code: bool = False


def drawing(block: Block, width: int, doubts: Doubts = NO_DOUBTS) -> DrawnBlock:
    """How a block is drawn in this width."""
    nothing = Content("")
    match block.kind:
        case "paragraph":
            return DrawnBlock(inline(block.text, doubts), nothing, nothing)
        case "heading":
            return DrawnBlock(_heading(block.text, doubts), nothing, nothing)
        case "code":
            indent = Content(" " * CODE_INDENT)
            return DrawnBlock(highlighted(block.text, block.language), indent, indent, True)
        case "item":
            return _item(block.text, doubts)
        case "table":
            room = max(1, width)
            return DrawnBlock(
                Content("\n").join(table_lines(block.text, room, doubts)), nothing, nothing
            )
        case "quote":
            bar = styled(("▎ ", "$edge"))
            return DrawnBlock(inline(_QUOTED.sub("", block.text), doubts), bar, bar)
        case "rule":
            return DrawnBlock(styled(("─" * width, "$edge")), nothing, nothing)
        case _ as never:
            assert_never(never)


def _heading(text: str, doubts: Doubts) -> Content:
    match = _HASHES.fullmatch(text)
    if match is None:
        return inline(text, doubts)
    return styled((match[1] + match[2], "$mark")) + inline(match[3], doubts).stylize("bold")


def _item(text: str, doubts: Doubts) -> DrawnBlock:
    match = _MARKED.match(text)
    if match is None:
        return DrawnBlock(inline(text, doubts), Content(""), Content(""))
    first = styled(match[1], (match[2], "$accent"), " ")
    # What continues an item is indented in its text already, and here by its mark.
    rest = re.sub(r"\n\s*", "\n", text[match.end() :])
    return DrawnBlock(inline(rest, doubts), first, Content(" " * first.cell_length))
