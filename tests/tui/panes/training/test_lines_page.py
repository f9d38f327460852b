"""Completed lines are walked along the steps of a run."""

from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import see, until

from gardener_core.events.run import Started
from gardener_core.events.train import CompletedLine, LinesCompleted, StepDone
from gardener_core.store.garden.runs import Run
from gardener_tui.app import GardenerApp
from gardener_tui.panes.training.lines_page import lines_text, shown_at

EXPECTED = "return self.water(plant)"


def told(step: int, completed: str) -> LinesCompleted:
    lines = (
        CompletedLine("garden/beds.py", 41, EXPECTED, completed),
        CompletedLine("a.py", 9, "x = 1 + y", "x = 1 + z"),
    )
    return LinesCompleted(step, lines)


TOLD = [told(0, "return None"), told(10, "return self.plant(plant)"), told(20, EXPECTED)]


def test_the_lines_of_a_step_stand_below_what_is_written_there() -> None:
    text = lines_text(TOLD, None, 80).plain
    assert "step 20  1 of 2 exact  at 0 10 20" in text
    rows = text.splitlines()
    assert rows[1].startswith("✔ garden/beds.py:41") and rows[1].endswith(EXPECTED)
    assert rows[2].strip() == EXPECTED
    assert rows[3].startswith("· a.py:9") and rows[4].strip() == "x = 1 + z"
    assert lines_text([], None, 80).plain == "No lines were completed in this run."
    nothing = lines_text([told(0, "")], None, 80).plain
    assert "∅" in nothing


def test_the_step_under_the_cross_hair_decides_which_are_shown() -> None:
    assert [shown_at(TOLD, at).step for at in (None, 1, 9, 10, 15, 20, 25)] == [
        20, 0, 0, 10, 10, 20, 20,
    ]  # fmt: skip


async def test_o_shows_them_and_the_arrows_walk() -> None:
    garden = ScriptedGarden(a_project("acme"))
    steps = [StepDone("r", "train", n, 20, 3.0 - n / 20) for n in range(1, 21)]
    events = [Started(), TOLD[0], *steps[:10], TOLD[1], *steps[10:], TOLD[2]]
    garden.runs.put(Run("r", "train", "id-acme", 1.0, "running", 20, 20), events)
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await pilot.press("2")
        await see(pilot, "step 20/20")
        await pilot.press("o")
        await see(pilot, "held-out lines step 20", "✔ garden/beds.py:41")
        await pilot.press(*["less_than_sign"] * 6)
        await see(pilot, "held-out lines step 0", "return None")
        await pilot.press("o")
        await until(pilot, lambda: not app.query_one("#run-lines").display)
