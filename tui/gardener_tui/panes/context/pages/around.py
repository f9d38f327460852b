"""The page with the neighbours of a piece of code."""

from gardener_core.graph.neighbours import Neighbours
from gardener_core.store.garden.projects import Project
from gardener_tui import toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, start
from gardener_tui.panes.context.page import Page
from gardener_tui.panes.context.rows.around import around_rows, empty_text
from gardener_tui.panes.context.rows.places import PlaceRow
from gardener_tui.panes.context.spot import Spot
from gardener_tui.panes.context.stack import PageStack
from gardener_tui.widgets.rows import Row
from gardener_tui.widgets.wording import counted

HERE = ("▸", "bold $accent")


class AroundPage(Page):
    """A piece of code, then what holds it, calls it and is called by it."""

    def __init__(self, spot: Spot, neighbours: Neighbours, group: str) -> None:
        code = spot.code
        rows, starts = around_rows(neighbours)
        here: list[Row] = [PlaceRow(Spot(code, spot.text, hit=spot.hit), HERE)]
        name = neighbours.symbol.rpartition(".")[2] or code.path.rpartition("/")[2]
        callers = counted(neighbours.callers.count, "caller")
        tests = counted(neighbours.tests.count, "test")
        super().__init__(
            f"around {name}",
            [*here, *rows],
            summary=f"{callers} · {tests}",
            at=starts.get(group, -1) + len(here),
        )


def open_around(garden: ScreenGarden, stack: PageStack, group: str) -> None:
    """Open what stands around the current row's code, at this group where one is named."""
    spot, project = stack.needed_spot, stack.project
    if spot is not None and project is not None:
        start(stack, "around", lambda: _open(garden, stack, project, spot, group))


async def _open(
    garden: ScreenGarden, stack: PageStack, project: Project, spot: Spot, group: str
) -> None:
    code = spot.code
    neighbours = await call(
        lambda: garden.code.neighbours(project, code.path, code.symbol, code.start_line)
    )
    empty = empty_text(neighbours, group) if group else ""
    if empty:
        toasts.show(stack.app, empty, "warning")
    else:
        stack.open(AroundPage(spot, neighbours, group))
