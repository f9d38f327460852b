"""Quoted lines of a file, and where they stand now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

# "same" lines at the same place, "moved" to others, "changed" since they were quoted, or "gone"
# with their file.
Standing = Literal["same", "moved", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class Quote:
    """Lines of a file as they stood when an answer named them; 1-based and inclusive."""

    path: str
    start_line: int
    end_line: int
    text: str


@dataclass(frozen=True, slots=True)
class Located:
    """Where quoted lines are now."""

    standing: Standing
    start_line: int
    end_line: int


def locate(quote: Quote, lines: Sequence[str] | None) -> Located:
    """Find quoted lines in a file as it is now; `lines` is None where it cannot be read.

    Of lines that stand in several places the nearest one counts. Of changed lines the first may
    have moved, as where a function grew.
    """
    if lines is None:
        return Located("gone", quote.start_line, quote.end_line)
    wanted = quote.text.split("\n")
    more = quote.end_line - quote.start_line
    if _at(lines, quote.start_line, wanted):
        return Located("same", quote.start_line, quote.end_line)
    starts = [n for n, line in enumerate(lines, start=1) if line == wanted[0]]
    whole = [n for n in starts if _at(lines, n, wanted)]
    if whole:
        start = min(whole, key=lambda n: abs(n - quote.start_line))
        return Located("moved", start, start + more)
    start = quote.start_line
    if starts and wanted[0].strip():
        start = min(starts, key=lambda n: abs(n - quote.start_line))
    start = max(1, min(start, len(lines)))
    return Located("changed", start, min(start + more, max(start, len(lines))))


def _at(lines: Sequence[str], start: int, wanted: Sequence[str]) -> bool:
    return list(lines[start - 1 : start - 1 + len(wanted)]) == list(wanted)
