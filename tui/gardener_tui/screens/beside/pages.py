"""Draw two adapters beside each other, page by page."""

from collections.abc import Iterator, Sequence

from textual.content import Content

from gardener_core.evaluation.card.items import Item
from gardener_core.evaluation.comparing.figures import ComparedFigure, Outcome
from gardener_core.evaluation.comparing.words import (
    cells_of,
    change_of,
    extent_of,
    judged,
    title_of,
)
from gardener_core.garden.evaluation.comparing import Comparison
from gardener_core.system.terminal_text import clean, clean_line
from gardener_tui.widgets.plain_text import Part, styled
from gardener_tui.widgets.wording import beginning

# A sign as well as a colour.
MARKS: dict[Outcome, tuple[str, str]] = {
    "first": ("◀", "$series"),
    "second": ("▶", "$series-other"),
    "neither": ("=", "$label"),
    "undecided": ("▲", "$warning"),
    "incomparable": ("○", "$label"),
}
LEGEND = "◀ the first is better  ▶ the second  = none is seen to be  ▲ too little  ○ not comparable"
MOST_SAMPLES = 40
_NAME, _CELL, _CHANGE = 38, 21, 33
_WIDE = _NAME + 2 * _CELL + _CHANGE + 30
_FACT = 20
Row = tuple[str, str, str]


def figures_page(found: Comparison, width: int) -> Content:
    """Every figure of both, the difference, and in words whether it is one."""
    return Content("\n").join(_figures(found, width))


def _figures(found: Comparison, width: int) -> Iterator[Content]:
    for side in found.unmeasured:
        text = f"{clean_line(side.name)} was not measured, so no figure is compared."
        yield styled((text, "$label"))
    if not found.figures:
        return
    first, second = clean_line(found.first.name), clean_line(found.second.name)
    is_wide = width >= _WIDE
    if is_wide:
        yield styled(
            (f"  {'':<{_NAME}}", ""), (f"{first:<{_CELL}}", "bold $series"),
            (f"{second:<{_CELL}}", "bold $series-other"), ("from first to second (95 %)", "bold"),
        )  # fmt: skip
    for one in found.figures:
        yield from (_wide_row if is_wide else _narrow_rows)(one, first, second)
    yield styled((LEGEND, "$label"))


def _wide_row(one: ComparedFigure, first: str, second: str) -> Iterator[Content]:
    mark, colour = MARKS[one.outcome]
    left, right = cells_of(one)
    yield styled(
        (f"{mark} ", colour), f"{title_of(one):<{_NAME}}{left:<{_CELL}}{right:<{_CELL}}",
        f"{change_of(one):<{_CHANGE}}", (judged(one, first, second), colour),
        (f"  {extent_of(one)}", "$label"),
    )  # fmt: skip


def _narrow_rows(one: ComparedFigure, first: str, second: str) -> Iterator[Content]:
    mark, colour = MARKS[one.outcome]
    left, right = cells_of(one)
    yield styled(
        (f"{mark} ", colour), (title_of(one), "bold"), (f"  {judged(one, first, second)}", colour)
    )
    yield styled(
        (f"  {first} ", "$series"), left, (f"  {second} ", "$series-other"), right,
    )  # fmt: skip
    if change := change_of(one):
        yield styled(f"  {change}", (f"  {extent_of(one)}", "$label"))


def facts_page(rows: Sequence[Row], first: str, second: str, width: int) -> Content:
    """One fact a row; those that differ are marked."""
    room = max(10, (width - _FACT - 2) // 2)
    left = beginning(clean_line(first), room - 1).ljust(room)
    right = beginning(clean_line(second), room)
    head = styled(" " * (_FACT + 2), (left, "bold $series"), (right, "bold $series-other"))
    lines = [head]
    for name, one, other in rows:
        differs = one != other
        parts: list[Part] = [
            ("≠ " if differs else "  ", "$warning"), (f"{name:<{_FACT}}", "$label"),
            beginning(clean_line(one), room - 1).ljust(room), beginning(clean_line(other), room),
        ]  # fmt: skip
        lines.append(styled(*parts))
    return Content("\n").join(lines)


def samples_page(samples: Sequence[Item], first: str, second: str) -> Content:
    """What both wrote in the same places, with what stands there."""
    if not samples:
        return styled(("Nothing was completed by both in the same place.", "$label"))
    shown = (_sample(item, first, second) for item in samples[:MOST_SAMPLES])
    return Content("\n").join(row for rows in shown for row in rows)


def _sample(item: Item, first: str, second: str) -> Iterator[Content]:
    yield styled((f"── {clean_line(item.path)}:{item.line}", "bold"))
    before = item.prompt.rstrip().splitlines()[-2:]
    yield from (styled((f"    {clean(line)}", "$label")) for line in before)
    wide = max(len(first), len(second), len("the file")) + 2
    for name, text, colour in (
        ("the file", item.expected, ""),
        (first, item.arms["base"].text or "", "$series"),
        (second, item.arms["adapter"].text or "", "$series-other"),
    ):
        lines = clean(text).strip("\n").splitlines() or [""]
        same = "  exact" if name != "the file" and text == item.expected else ""
        for at, line in enumerate(lines):
            head = clean_line(name) if at == 0 else ""
            end = same if at == len(lines) - 1 else ""
            yield styled((f"{head:<{wide}}", colour), line, (end, "$success"))
    yield Content("")
