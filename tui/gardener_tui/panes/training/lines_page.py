"""Held-out lines as the model completed them, step by step."""

from collections.abc import Sequence

from textual.content import Content

from gardener_core.events.train import CompletedLine, LinesCompleted
from gardener_core.system.terminal_text import clean_line
from gardener_tui.widgets.plain_text import Part, styled
from gardener_tui.widgets.wording import count, ending

PLACE = 24
MOST_STEPS = 6  # that are named in the first row


def lines_text(told: Sequence[LinesCompleted], at: float | None, width: int) -> Content:
    """The lines at the step under the cross-hair, else the newest: what stands there, what came."""
    if not told:
        return styled(("No lines were completed in this run.", "$label"))
    shown = shown_at(told, at)
    rows = [_head(told, shown)]
    room = max(20, width - PLACE - 3)
    for line in shown.lines:
        rows += _rows(line, room)
    return Content("\n").join(rows)


def shown_at(told: Sequence[LinesCompleted], at: float | None) -> LinesCompleted:
    """The newest completions, or the last ones before a step; the first chart column is step 1."""
    if at is None:
        return told[-1]
    before = [one for one in told if one.step <= at]
    # The chart begins at step 1, and what the base wrote is of step 0.
    if at <= 1:
        return told[0]
    return before[-1] if before else told[0]


def _head(told: Sequence[LinesCompleted], shown: LinesCompleted) -> Content:
    exact = sum(line.is_exact for line in shown.lines)
    steps = list(dict.fromkeys(one.step for one in told))
    named = steps if len(steps) <= MOST_STEPS else [*steps[:2], *steps[-3:]]
    parts: list[Part] = [("held-out lines ", "$label"), (f"step {count(shown.step)}", "bold")]
    parts += [(f"  {exact} of {len(shown.lines)} exact  ", "$label"), ("at ", "$label")]
    for step in named:
        parts.append((f"{count(step)} ", "bold $accent" if step == shown.step else "$label"))
    return styled(*parts)


def _rows(line: CompletedLine, room: int) -> list[Content]:
    """What stands there, and below it what the model wrote; what agrees has another colour."""
    place = ending(f"{clean_line(line.path)}:{line.line}", PLACE - 1).ljust(PLACE)
    expected, completed = clean_line(line.expected), clean_line(line.completed.strip())
    same = _common(expected, completed)
    glyph, colour = ("✔ ", "$success") if line.is_exact else ("· ", "$label")
    return [
        styled((glyph, colour), (place, "$label"), expected[:room]),
        styled(
            " " * (PLACE + 2),
            (completed[:same][:room], "$success"),
            (completed[same:][: max(0, room - same)] or ("" if completed else "∅"), "$warning"),
        ),
    ]


def _common(one: str, other: str) -> int:
    """How many first characters are the same."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
