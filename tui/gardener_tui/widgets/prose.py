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
    found: list[Block] = []
    lines: list[str] = []
    fence = ""
    language = ""
    for line in text.split("\n"):
        mark = re.match(r" {0,3}(`{3,}|~{3,})\s*([\w+-]*)", line)
        if fence:
            if line.strip() == fence:
                found.append(Block("\n".join(lines), True, language))
                lines, fence = [], ""
            else:
                lines.append(line)
        elif mark:
            found += _paragraph(lines)
            lines, fence, language = [], mark[1], mark[2]
        elif line.strip():
            lines.append(line)
        else:
            found += _paragraph(lines)
            lines = []
    return [*found, Block("\n".join(lines), True, language)] if fence else found + _paragraph(lines)


def paragraph(text: str) -> Content:
    """A paragraph with its inline code, bold words and references set apart."""
    return styled(*(_inline(part) for part in _INLINE.split(text) if part))


def _paragraph(lines: list[str]) -> list[Block]:
    return [Block("\n".join(lines))] if lines else []


def _inline(part: str) -> tuple[str, str]:
    if part.startswith("`") and part.endswith("`") and len(part) > 2:
        return part[1:-1], "$code-name on $panel"
    if part.startswith("**") and part.endswith("**") and len(part) > 4:
        return part[2:-2], "bold"
    if re.fullmatch(r"\[\d+\]", part):
        return part, "$accent"
    return part, ""
