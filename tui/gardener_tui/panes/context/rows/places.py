"""Rows of code: a heading, a hit, a place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import wrap

from rich.cells import cell_len
from textual.content import Content

from gardener_core.events.index import Hit
from gardener_core.events.parts import CodeSpan
from gardener_core.system.terminal_text import clean_line
from gardener_tui.panes.context.spot import Spot, kind_and_symbol, spot_of_hit
from gardener_tui.widgets.charts.meter import stacked
from gardener_tui.widgets.plain_text import Part, styled
from gardener_tui.widgets.wording import path_end, symbol_end

BAR = 8
_LEAD = 3
PINNED = "◆"
# The share of a wide row that the path may take.
_PATHS = 0.42
_NUMBERS = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """A note on a row: a sign and, where there is room, a word."""

    sign: str
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a group of rows; with `quiet` a sentence where there are none."""

    text: str
    count: int | None = None
    quiet: bool = False
    heading: bool = True

    def draw(self, width: int, lines: int) -> Sequence[Content]:
        """In the last line, with room above it."""
        if self.quiet:
            cut = wrap(self.text, max(8, width - _LEAD))[:lines]
            return [styled((" " * _LEAD + line, "$label")) for line in cut]
        count = "" if self.count is None else f" {self.count}"
        heading = styled((self.text, "bold $secondary"), (count, "$label"))
        return [styled("")] * (lines - 1) + [heading]


@dataclass(frozen=True, slots=True)
class NothingRow:
    """Says that nothing was found; the cursor can be on it, but it has no code."""

    text: str
    heading: bool = False

    def draw(self, width: int, lines: int) -> Sequence[Content]:
        """The sentence, wrapped."""
        cut = wrap(self.text.replace("\n", " "), max(8, width - _LEAD))[:lines]
        return [styled((" " * _LEAD + line, "$label")) for line in cut]


@dataclass(frozen=True, slots=True)
class HitRow:
    """A hit: its rank, its score as a bar of words and meaning, its place, its corrections."""

    hit: Hit
    most: float
    pinned: bool = False
    heading: bool = False

    @property
    def spot(self) -> Spot:
        """Its code."""
        return spot_of_hit(self.hit)

    def draw(self, width: int, lines: int) -> Sequence[Content]:
        """One line, or two where there is little room."""
        hit = self.hit
        mark = PINNED if self.pinned else str(hit.rank)
        lead = styled((f"{mark:>2} ", "bold $accent"), score_bar(hit, self.most), " ")
        marks = [_mark(item.name, item.value) for item in hit.why.corrections]
        return place_lines(lead, hit.span, marks, f"{hit.score:.2f}", width, lines)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place in the code that no search found; `sign` and `word` say what it is here.

    `line` is the one that matters, where more is shown around it.
    """

    spot: Spot
    sign: Part = ""
    word: str = ""
    heading: bool = False
    line: int = 0

    def draw(self, width: int, lines: int) -> Sequence[Content]:
        """Like a hit, without a bar."""
        lead = styled(" ", self.sign, " ")
        code = self.spot.code
        code = replace(code, start_line=self.line) if self.line else code
        return place_lines(lead, code, [], self.word, width, lines)


def place_lines(
    lead: Content, code: CodeSpan, marks: Sequence[Mark], end: str, width: int, lines: int
) -> list[Content]:
    """The place and the name of some code, in one line or in two."""
    tail = f":{code.start_line}"
    name = kind_and_symbol(code.kind, code.symbol)
    path = clean_line(code.path)
    if lines > 1:
        first = path_end(path, max(8, width - lead.cell_length - len(tail)))
        second = _name_and_end(name, marks, end, width - _LEAD)
        return [lead + styled((first, "bold"), (tail, "$label")), styled(" " * _LEAD) + second]
    room = width - lead.cell_length
    most = max(8, round(room * _PATHS) - _NUMBERS - 2)
    first = path_end(path, most)
    gap = " " * max(2, most - cell_len(first) + _NUMBERS - len(tail) + 2)
    place = lead + styled((first, "bold"), (tail, "$label"), gap)
    return [place + _name_and_end(name, marks, end, width - place.cell_length)]


def _name_and_end(name: str, marks: Sequence[Mark], end: str, room: int) -> Content:
    """The name, then the corrections and a number or a word at the right end.

    Where the name would be cut, only the signs of the corrections are shown.
    """
    right = _ends(marks, end)
    if cell_len(name) > room - right.cell_length - 1:
        right = _ends([Mark(mark.sign, "", mark.colour) for mark in marks], end)
    left = max(0, room - right.cell_length - 1)
    shown = symbol_end(name, left)
    return styled((shown, "$foreground 80%"), " " * (left + 1 - cell_len(shown))) + right


def _ends(marks: Sequence[Mark], end: str) -> Content:
    notes = [(f"{mark.sign}{mark.name} ", mark.colour) for mark in marks]
    return styled(*notes, (end, "$label"))


def score_bar(hit: Hit, best: float) -> Content:
    """A bar as long as the score relative to the best, split into words and meaning.

    A score below zero has no bar.
    """
    words, meaning = max(0.0, hit.why.words_part), max(0.0, hit.why.meaning_part)
    total = words + meaning
    share = hit.score / best if best > 0 else 0.0
    by_words = words / total if total else 1.0
    return stacked(share * by_words, share * (1 - by_words), BAR)


def best_score(hits: Sequence[Hit]) -> float:
    """The highest score of the hits."""
    return max((hit.score for hit in hits), default=0.0)


def _mark(name: str, value: float) -> Mark:
    """A correction: up or down, and what for."""
    up = value > 0
    return Mark("▲" if up else "▼", f" {clean_line(name)}", "$success" if up else "$warning")
