"""Code, stress, numbers and doubts inside a line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from textual.content import Content

from gardener_core.system.terminal_text import clean
from gardener_tui.widgets.plain_text import styled

_INLINE = re.compile(r"(`[^`\n]+`|\*\*[^*\n]+\*\*|\[\d+\])")
NO_SOURCE = "▲ no source"
TAB = "    "
UNKNOWN = "underline $warning"
_SHORTEST_END = 12  # characters by which the end of a sentence is known again
_LONGEST_END = 60


@dataclass(frozen=True, slots=True)
class Doubts:
    """What does not hold in a text: names found nowhere, sentences without a source."""

    names: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()


NO_DOUBTS = Doubts()


def inline(text: str, doubts: Doubts = NO_DOUBTS) -> Content:
    """A text with its code, bold words and citations set apart, and what is doubtful marked.

    The marks stay, for in code that somebody quoted without a fence they are code.
    """
    text = text.replace("\t", TAB)
    content = styled(*(part for piece in _INLINE.split(text) for part in _parts(piece)))
    content = _underlined(content, doubts.names)
    ends = sorted(_ends(content.plain, doubts.sentences), reverse=True)
    for end in ends:
        mark = styled(" ", (NO_SOURCE, "$warning"))
        content = content[:end] + mark + content[end:]
    return content


def _underlined(content: Content, names: tuple[str, ...]) -> Content:
    """The content with every whole occurrence of these names underlined."""
    for name in names:
        whole = rf"(?<![\w.]){re.escape(clean(name))}(?!\w)"
        for match in re.finditer(whole, content.plain):
            content = content.stylize(UNKNOWN, match.start(), match.end())
    return content


def _ends(text: str, sentences: tuple[str, ...]) -> Iterator[int]:
    """Where the sentences end that end in this text."""
    for sentence in sentences:
        last = clean(sentence).rstrip().rpartition("\n")[2][-_LONGEST_END:]
        at = text.find(last) if len(last) >= min(_SHORTEST_END, len(sentence.strip())) else -1
        if at >= 0 and last:
            yield at + len(last)


def _parts(piece: str) -> list[tuple[str, str]]:
    if not _INLINE.fullmatch(piece):
        return [(piece, "")]
    if piece.startswith("["):
        return [(piece, "$accent")]
    mark = "`" if piece.startswith("`") else "**"
    inner = piece[len(mark) : -len(mark)]
    return [(mark, "$mark"), (inner, "$code-name" if mark == "`" else "bold"), (mark, "$mark")]
