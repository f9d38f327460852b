"""Whole screens, as they were kept."""

import pytest
from support.scripted_garden import ScriptedGarden
from support.showroom import full_garden
from support.snapshots import compare, taken
from support.waiting import see, until, write

from gardener_tui.app import GardenerApp
from gardener_tui.panes.projects.pane import ProjectsPane
from gardener_tui.panes.training.pane import TrainingPane

# Name, size, theme, the keys that lead there, and what stands there then.
SCREENS = (
    ("projects-80x24", (80, 24), "night", (), "seedling"),
    ("training-80x24", (80, 24), "paper", ("2",), "EMA 0.9"),
    ("context-80x24", (80, 24), "night", ("3",), "3 hits"),
    ("chat-80x24", (80, 24), "night", ("4",), "quotes ·"),
    ("whole-120x40", (120, 40), "paper", ("2",), "EMA 0.9"),
    ("whole-140x45", (140, 45), "night", ("2",), "EMA 0.9"),
    ("whole-200x60", (200, 60), "paper", ("1",), "EMA 0.9"),
    ("help-140x45", (140, 45), "night", ("1", "question_mark"), "In the projects"),
    ("palette-80x24", (80, 24), "paper", ("1", "ctrl+p"), "Search for commands"),
    ("confirm-80x24", (80, 24), "night", ("1", "D"), "Keep it"),
    ("compare-140x45", (140, 45), "paper", ("2", "[", "m", "]", "d"), "v6 beside run"),
    ("models-120x40", (120, 40), "paper", ("1", "m"), "Ollama does not answer"),
    ("empty-120x40", (120, 40), "night", (), "Welcome."),
)

NAMES = {"[": "left_square_bracket", "]": "right_square_bracket"}


def garden(name: str, theme: str) -> ScriptedGarden:
    made = ScriptedGarden() if name.startswith("empty") else full_garden()
    made.settings.theme, made.settings.motion = theme, False
    return made


@pytest.mark.parametrize(
    ("name", "size", "theme", "keys", "text"), SCREENS, ids=[item[0] for item in SCREENS]
)
async def test_the_whole_screen_looks_as_it_was_kept(
    name: str, size: tuple[int, int], theme: str, keys: tuple[str, ...], text: str
) -> None:
    app = GardenerApp(garden(name, theme))
    async with app.run_test(size=size) as pilot:
        if not name.startswith("empty"):
            await see(pilot, "acme-web")
            await until(pilot, lambda: app.theme == theme)
            await until(pilot, lambda: app.screen.query_one(ProjectsPane).all_checked)
            await pilot.press("4")
            await write(pilot, "how are refresh tokens revoked?")
            await pilot.press("enter")
            await see(pilot, "quotes ·")
            # In the chat a digit follows a number of the answer.
            await pilot.press("escape", "shift+tab", "1")
        training = app.screen_stack[0].query_one(TrainingPane)
        for key in keys:
            # What lies below a sheet is painted later than the sheet, and a sheet that compares
            # runs shows what they had told when it was opened.
            await until(pilot, lambda: training.is_painted)
            await pilot.press(NAMES.get(key, key))
        await see(pilot, text)
        await until(pilot, lambda: training.is_painted)
        app.clear_notifications()
        kept = ""
        while kept != (now := taken(pilot)):
            kept = now
            await pilot.pause(0.35)
        compare(name, now)
