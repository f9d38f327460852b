"""The rows of a table, in columns."""

import re

from rich.cells import cell_len
from textual.content import Content

from gardener_tui.widgets.markdown.inline import Doubts, inline
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.wording import beginning

_RULE = re.compile(r"[\s|:-]+")
_APART = 3  # cells between two columns
_NARROWEST = 6


def table_lines(text: str, width: int, doubts: Doubts) -> list[Content]:
    """A line of text a row; columns share the width, and a cell that is too long is cut."""
    rows = [_cells(line) for line in text.split("\n") if not _RULE.fullmatch(line)]
    if not rows:
        return []
    count = max(map(len, rows))
    rows = [row + [""] * (count - len(row)) for row in rows]
    widths = _fitted([max(cell_len(row[at]) for row in rows) for at in range(count)], width)
    has_head = any(_RULE.fullmatch(line) for line in text.split("\n")[1:2])
    lines = [_row(row, widths, doubts, bold=has_head and not at) for at, row in enumerate(rows)]
    if has_head:
        rule = "─" * min(width, sum(widths) + _APART * (count - 1))
        lines.insert(1, styled((rule, "$edge")))
    return lines


def _row(row: list[str], widths: list[int], doubts: Doubts, *, bold: bool) -> Content:
    cells = []
    for cell, width in zip(row, widths, strict=True):
        shown = inline(beginning(cell, width), doubts)
        shown = shown.stylize("bold") if bold else shown
        cells.append(shown + styled(" " * max(0, width - shown.cell_length)))
    return styled((" │ ", "$edge")).join(cells)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _fitted(widths: list[int], room: int) -> list[int]:
    """The widths, the widest made narrower until all fit."""
    room -= _APART * (len(widths) - 1)
    widths = list(widths)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widest = widths.index(max(widths))
        second = max((w for at, w in enumerate(widths) if at != widest), default=0)
        step = max(1, min(sum(widths) - room, widths[widest] - second))
        widths[widest] = max(_NARROWEST, widths[widest] - step)
    return widths
