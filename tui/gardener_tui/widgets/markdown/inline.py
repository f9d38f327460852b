"""Code, stress, numbers and doubts inside a line."""

import re
from dataclasses import dataclass

from textual.content import Content

from gardener_core.system.terminal_text import clean
from gardener_tui.widgets.plain_text import styled

_INLINE = re.compile(r"(`[^`\n]+`|\*\*[^*\n]+\*\*|\[\d+\])")
NO_SOURCE = "▲ no source"
FOUND = "≈[{n}]"  # the line was found by us, the model named none
TAB = "    "
UNKNOWN = "underline $warning"
_WORD = re.compile(r"\w\w")
_SHORTEST_END = 12  # characters by which the end of a sentence is known again
_LONGEST_END = 60


@dataclass(frozen=True, slots=True)
class Doubts:
    """What does not hold in a text: names found nowhere, sentences without a source.

    `numbers` are of no line of the card. `found` are sentences that named none, each with the
    number of the line that it rests on.
    """

    names: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    found: tuple[tuple[str, int], ...] = ()


NO_DOUBTS = Doubts()


def inline(text: str, doubts: Doubts = NO_DOUBTS) -> Content:
    """A text with its code, bold words and citations set apart, and what is doubtful marked.

    The marks stay, for in code that somebody quoted without a fence they are code.
    """
    text = text.replace("\t", TAB)
    content = styled(*(part for piece in _INLINE.split(text) for part in _parts(piece)))
    content = _underlined(content, doubts)
    marks = {sentence: (NO_SOURCE, "$warning") for sentence in doubts.sentences}
    marks |= {sentence: (FOUND.format(n=n), "$label") for sentence, n in doubts.found}
    ends = [(_end(content.plain, sentence), mark) for sentence, mark in marks.items()]
    for end, mark in sorted(ends, reverse=True):
        if end:
            content = content[:end] + styled(" ", mark) + content[end:]
    return content


def _underlined(content: Content, doubts: Doubts) -> Content:
    """The content with every whole occurrence of a doubtful name or number underlined."""
    wholes = [rf"(?<![\w.]){re.escape(clean(name))}(?!\w)" for name in doubts.names]
    wholes += [rf"\[{number}\]" for number in doubts.numbers]
    for whole in wholes:
        for match in re.finditer(whole, content.plain):
            content = content.stylize(UNKNOWN, match.start(), match.end())
    return content


def _end(text: str, sentence: str) -> int:
    """Where a sentence ends in this text; 0 where it does not end here."""
    whole = clean(sentence).strip()
    last = whole.rpartition("\n")[2]
    end = last[-_LONGEST_END:]
    # A few letters could stand anywhere; a short sentence is looked for as a whole line or word.
    if len(end) < _SHORTEST_END:
        found = (
            re.search(rf"(?:^|(?<=\s)){re.escape(end)}(?=\s|$)", text)
            if _WORD.search(end)
            else None
        )
        return found.end() if found else 0
    at = text.find(end)
    return at + len(end) if at >= 0 else 0


def _parts(piece: str) -> list[tuple[str, str]]:
    if not _INLINE.fullmatch(piece):
        return [(piece, "")]
    if piece.startswith("["):
        return [(piece, "$accent")]
    mark = "`" if piece.startswith("`") else "**"
    inner = piece[len(mark) : -len(mark)]
    return [(mark, "$mark"), (inner, "$code-name" if mark == "`" else "bold"), (mark, "$mark")]
