"""A list to choose from takes what is typed from its first moment on."""

from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import see, until
from textual.content import Content
from textual.events import Key

from gardener_tui.app import GardenerApp
from gardener_tui.screens.pickers.pick_box import Choice
from gardener_tui.screens.pickers.picker import Picker

CHOICES = [Choice(name, Content(name), name) for name in ("apple", "pear", "plum")]


async def test_keys_from_before_the_line_has_the_focus_are_kept_for_it() -> None:
    app, taken = GardenerApp(ScriptedGarden(a_project())), []
    async with app.run_test(size=(100, 30)) as pilot:
        await see(pilot, "acme")
        app.push_screen(Picker("Fruit", "Which fruit?", CHOICES), taken.append)
        for key in ("p", "e"):
            app.post_message(Key(key, key))
        app.post_message(Key("enter", "\r"))
        await until(pilot, lambda: taken)
    assert taken == ["pear"]


async def test_it_is_left_by_a_key_from_before_it_was_seen() -> None:
    app, taken = GardenerApp(ScriptedGarden(a_project())), []
    async with app.run_test(size=(100, 30)) as pilot:
        await see(pilot, "acme")
        app.push_screen(Picker("Fruit", "Which fruit?", CHOICES), taken.append)
        app.post_message(Key("escape", None))
        await until(pilot, lambda: taken)
    assert taken == [None]
