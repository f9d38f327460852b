"""The last filter before the terminal."""

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from gardener_core.system.terminal_text import clean_line, is_safe


class SafeFilter(LineFilter):
    """Removes what a terminal would obey from every line, whichever widget drew it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Clean the segments; each keeps its width."""
        if all(is_safe(segment.text) and "\t" not in segment.text for segment in segments):
            return segments
        return [_harmless(segment) for segment in segments]


def _harmless(segment: Segment) -> Segment:
    if is_safe(segment.text) and "\t" not in segment.text:
        return segment
    width = segment.cell_length
    text = clean_line(segment.text)
    while cell_len(text) > width:
        text = text[:-1]
    return Segment(text + " " * (width - cell_len(text)), segment.style or Style())
