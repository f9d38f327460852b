"""The neighbours of a piece of code, as rows."""

from gardener_core.graph.neighbours import Group, Neighbour, Neighbours, Sureness
from gardener_tui.panes.context.rows.places import Heading, PlaceRow
from gardener_tui.panes.context.spot import spot_of_neighbour
from gardener_tui.widgets.plain_text import Part
from gardener_tui.widgets.rows import Row
from gardener_tui.widgets.wording import counted

# By the name that the keys use: the heading, and what is said where the group is empty.
_TEXTS = {
    "holders": ("Held by", "Nothing: it is at the top level of its file."),
    "members": ("Holds", ""),
    "bases": ("Built on", "No class of this project was found."),
    "subclasses": ("Built on it", "No class of this project was found."),
    "callers": ("Called by", "No call was found, which does not say that there is none."),
    "callees": ("Calls", "No call into this project was found."),
    "tests": ("Tests that call it", "No test was found that calls it."),
}
# Most code has none of these, so an empty group is left out.
_OPTIONAL = frozenset({"members", "bases", "subclasses"})
_SIGNS: dict[Sureness, tuple[Part, str]] = {
    "plain": (("┆", "$label"), ""),
    "sure": (("●", "$success"), "sure"),
    "likely": (("○", "$warning"), "likely"),
}
_NOTES = {
    "sure": "Sure: the names lead here and nowhere else.",
    "likely": "Likely: the name matches, but may mean something else too.",
}


def groups_of(neighbours: Neighbours) -> dict[str, Group]:
    """The groups in the order in which they are shown."""
    return {
        "holders": neighbours.holders,
        "members": neighbours.members,
        "bases": neighbours.bases,
        "subclasses": neighbours.subclasses,
        "callers": neighbours.callers,
        "callees": neighbours.callees,
        "tests": neighbours.tests,
    }


def around_rows(neighbours: Neighbours) -> tuple[list[Row], dict[str, int]]:
    """The rows, and the place where each group begins."""
    rows: list[Row] = []
    starts: dict[str, int] = {}
    for name, group in groups_of(neighbours).items():
        if name in _OPTIONAL and not group.count:
            continue
        title, empty = _TEXTS[name]
        rows.append(Heading(title, group.count))
        starts[name] = len(rows)
        rows += [_row(item) for item in group.rows] or [Heading(empty, quiet=True)]
        if group.count > len(group.rows):
            more = group.count - len(group.rows)
            rows.append(Heading(f"and {counted(more, 'more', 'more')}", quiet=True))
    return rows, starts


def empty_text(neighbours: Neighbours, name: str) -> str:
    """What is said of a group where it is empty; "" where it is not."""
    return "" if groups_of(neighbours)[name].count else _TEXTS[name][1]


def _row(neighbour: Neighbour) -> Row:
    sign, word = _SIGNS[neighbour.sureness]
    uses = neighbour.uses
    lines = ", ".join(str(line) for line in uses[:5])
    where = f"Used in {'line' if len(uses) == 1 else 'lines'} {lines}." if lines else ""
    note = " ".join(part for part in (_NOTES.get(neighbour.sureness, ""), where) if part)
    return PlaceRow(spot_of_neighbour(neighbour, note), sign, word)
