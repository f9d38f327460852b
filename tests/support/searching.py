"""A project with hits for whatever is searched."""

from textual.pilot import Pilot

from gardener_tui.widgets.rows import Rows
from support.scripted_garden import ScriptedGarden, a_project
from support.showroom import full_garden, hits
from support.waiting import see, until, write


def shop(*names: str) -> ScriptedGarden:
    """Projects with hits for whatever is searched."""
    garden = ScriptedGarden(*(a_project(name) for name in names or ("acme",)))
    garden.index.found = hits()
    garden.code.around = full_garden().code.around
    garden.code.texts = full_garden().code.texts
    return garden


async def searched(pilot: Pilot[None], query: str = "refresh token") -> None:
    await see(pilot, "acme")
    await pilot.press("slash")
    await write(pilot, query)
    await pilot.press("enter")
    await see(pilot, "3 hits")
    await until(pilot, lambda: pilot.app.screen.query_one(Rows).has_focus)
