"""What stands around a piece of code, as rows."""

from gardener_core.graph.neighbours import Group, Neighbour, Neighbours, Sureness
from gardener_tui.panes.context.cards import Heading, PlaceRow
from gardener_tui.panes.context.spot import spot_of_neighbour
from gardener_tui.widgets.plain_text import Part
from gardener_tui.widgets.rows import Row
from gardener_tui.widgets.wording import counted

# The groups in order: the field, the heading, what an empty one says.
GROUPS = (
    ("holders", "Held by", "Nothing: it stands by itself in its file."),
    ("members", "Holds", ""),
    ("bases", "Built on", "No class of this project was found."),
    ("subclasses", "Built on it", "No class of this project was found."),
    ("callers", "Called by", "No call was found, which does not say that there is none."),
    ("callees", "Calls", "No call into this project was found."),
    ("tests", "Tests that call it", "No test was found that calls it."),
)
_QUIET = frozenset({"members", "bases", "subclasses"})
_SIGNS: dict[Sureness, tuple[Part, str]] = {
    "plain": (("┆", "$label"), ""),
    "sure": (("●", "$success"), "sure"),
    "likely": (("○", "$warning"), "likely"),
}
_TOLD = {
    "sure": "Sure: the names lead here and nowhere else.",
    "likely": "Likely: the name fits, but may mean something else too.",
}


def around_rows(found: Neighbours) -> tuple[list[Row], dict[str, int]]:
    """The rows, and where each group begins."""
    rows: list[Row] = []
    starts: dict[str, int] = {}
    for name, title, nothing in GROUPS:
        group: Group = getattr(found, name)
        if name in _QUIET and not group.count:
            continue  # most code is built on nothing and holds nothing, and that is no news
        rows.append(Heading(title, group.count))
        starts[name] = len(rows)
        rows += [_row(item) for item in group.rows] or [Heading(nothing, quiet=True)]
        if group.count > len(group.rows):
            more = group.count - len(group.rows)
            rows.append(Heading(f"and {counted(more, 'more', 'more')}", quiet=True))
    return rows, starts


def nothing_in(found: Neighbours, name: str) -> str:
    """The sentence for a group that is empty; nothing for one that is not."""
    group: Group = getattr(found, name)
    return "" if group.count else next(nothing for key, _, nothing in GROUPS if key == name)


def _row(found: Neighbour) -> Row:
    sign, word = _SIGNS[found.sureness]
    lines = ", ".join(str(line) for line in found.uses[:5])
    where = f"Used in {'line' if len(found.uses) == 1 else 'lines'} {lines}." if lines else ""
    told = " ".join(part for part in (_TOLD.get(found.sureness, ""), where) if part)
    return PlaceRow(spot_of_neighbour(found, told), sign, word)
