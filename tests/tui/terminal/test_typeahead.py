"""What is typed in one go does what it does when typed slowly."""

from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import see, until
from textual import events
from textual.app import App

from gardener_tui.app import GardenerApp


def at_once(app: App[None], *keys: str) -> None:
    """Keys that come in one piece, as over a slow line."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


async def test_keys_typed_ahead_go_where_they_belong() -> None:
    garden = ScriptedGarden(a_project("acme"), a_project("beta"))
    app = GardenerApp(garden)
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "acme")
        at_once(app, "4", *"text quietly", "enter")
        await see(pilot, "▌ text quietly")
        at_once(app, "escape", "ctrl+p", *"paper", "enter")
        await until(pilot, lambda: app.theme == "paper")
        at_once(
            app, "question_mark", "escape", "slash", *"zebra nap", "enter", "escape", "1", "D", "y"
        )
        await until(pilot, lambda: ("remove", "id-acme") in garden.record.calls)
        assert "zebra nap" in [word for call in garden.record.calls for word in call]
        at_once(app, "u", "n", "escape", "P", *"beta", "enter", "R", *"2", "enter")
        await until(pilot, lambda: any(call[0] == "rename" for call in garden.record.calls))
