"""Hits as rows: pinned first, banned left out."""

from collections.abc import Sequence

from gardener_core.events.index import Hit, Retrieved
from gardener_core.events.parts import CodeSpan
from gardener_core.store.project.choices import Choices
from gardener_tui.panes.context.rows.places import (
    PINNED,
    Heading,
    HitRow,
    NothingRow,
    PlaceRow,
    best_score,
)
from gardener_tui.panes.context.spot import Spot
from gardener_tui.widgets.rows import Row

SIGN = (PINNED, "bold $accent")
BANNED = ("✖", "$label")


def hit_rows(retrieved: Retrieved, choices: Choices, empty: str) -> list[Row]:
    """The rows in groups; headings only where there is more than one group.

    Where nothing was found below what is pinned, a row says so.
    """
    most = best_score((*retrieved.hits, *retrieved.tests))
    hits, tests = _unchosen(retrieved.hits, choices), _unchosen(retrieved.tests, choices)
    groups: list[tuple[str, list[Row]]] = [
        ("Pinned", [_pinned(one, retrieved, most) for one in choices.pins]),
        ("Found", [HitRow(hit, most) for hit in hits]),
        ("Tests", [HitRow(hit, most) for hit in tests]),
    ]
    if choices.pins and not hits and not tests:
        groups[1] = ("Found", [NothingRow(empty)])
    filled = [(title, rows) for title, rows in groups if rows]
    if len(filled) == 1 and filled[0][0] == "Found":
        return filled[0][1]
    return [row for title, rows in filled for row in (_heading(title, rows), *rows)]


def first_found(rows: Sequence[Row], choices: Choices) -> int:
    """Where the cursor begins: below what is pinned, for that was not searched for."""
    return min(len(choices.pins) + 1, len(rows) - 1) if choices.pins and rows else 0


def _heading(title: str, rows: Sequence[Row]) -> Heading:
    return Heading(title, sum(not isinstance(row, NothingRow) for row in rows))


def count_banned(retrieved: Retrieved, choices: Choices) -> int:
    """How many hits are not shown."""
    return sum(_is_one_of(hit, choices.bans) for hit in (*retrieved.hits, *retrieved.tests))


def chosen_rows(choices: Choices) -> list[Row]:
    """Everything that is pinned or banned."""
    rows: list[Row] = []
    for title, sign, chosen in (("Pinned", SIGN, choices.pins), ("Banned", BANNED, choices.bans)):
        if chosen:
            rows.append(Heading(title, len(chosen)))
            rows += [PlaceRow(Spot(one), sign) for one in chosen]
    return rows


def _unchosen(hits: Sequence[Hit], choices: Choices) -> list[Hit]:
    return [hit for hit in hits if not _is_one_of(hit, (*choices.pins, *choices.bans))]


def _pinned(one: CodeSpan, retrieved: Retrieved, most: float) -> Row:
    for hit in (*retrieved.hits, *retrieved.tests):
        if _is_one_of(hit, (one,)):
            return HitRow(hit, most, pinned=True)
    return PlaceRow(Spot(one), SIGN)


def _is_one_of(hit: Hit, chosen: Sequence[CodeSpan]) -> bool:
    return any(one.same(hit.span) for one in chosen)
