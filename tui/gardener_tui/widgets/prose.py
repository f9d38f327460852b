"""An answer's text: paragraphs and code."""

import re
from dataclasses import dataclass

from textual.content import Content

from gardener_tui.widgets.plain_text import styled

_INLINE = re.compile(r"(`[^`\n]+`|\*\*[^*\n]+\*\*|\[\d+\])")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or code between fences with its language."""

    text: str
    code: bool = False
    language: str = ""


def blocks(text: str) -> list[Block]:
    """Split a text into paragraphs and fenced code; a fence may still be open at its end."""
    parsed: list[Block] = []
    lines: list[str] = []
    fence = ""
    language = ""
    for line in text.split("\n"):
        mark = re.match(r" {0,3}(`{3,}|~{3,})\s*([\w+-]*)", line)
        if fence:
            if line.strip() == fence:
                parsed.append(Block("\n".join(lines), True, language))
                lines, fence = [], ""
            else:
                lines.append(line)
        elif mark:
            parsed += _paragraph(lines)
            lines, fence, language = [], mark[1], mark[2]
        elif line.strip():
            lines.append(line)
        else:
            parsed += _paragraph(lines)
            lines = []
    return (
        [*parsed, Block("\n".join(lines), True, language)] if fence else parsed + _paragraph(lines)
    )


def paragraph(text: str) -> Content:
    """A paragraph with its inline code, bold words and references set apart.

    The marks stay, for in code that somebody quoted without a fence they are code.
    """
    return styled(*(part for piece in _INLINE.split(text) for part in _inline(piece)))


def _paragraph(lines: list[str]) -> list[Block]:
    return [Block("\n".join(lines))] if lines else []


def _inline(piece: str) -> list[tuple[str, str]]:
    if not _INLINE.fullmatch(piece):
        return [(piece, "")]
    if piece.startswith("["):
        return [(piece, "$accent")]
    mark = "`" if piece.startswith("`") else "**"
    inner = piece[len(mark) : -len(mark)]
    return [(mark, "$mark"), (inner, "$code-name" if mark == "`" else "bold"), (mark, "$mark")]
