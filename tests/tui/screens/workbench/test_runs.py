"""The keys that act on runs."""

import base64
import math
from array import array
from collections.abc import Sequence

from support.scripted_garden import ScriptedGarden, a_project
from support.showroom import full_garden
from support.waiting import screen, see, until

from gardener_core.events.run import Finished, Noted, Silent, Started
from gardener_core.events.train import Planned, Scored, StepDone
from gardener_core.events.union import Event
from gardener_core.jobs.follow import Steps
from gardener_core.store.garden.runs import Run
from gardener_tui.app import GardenerApp
from gardener_tui.panes.training.pane import TrainingPane
from gardener_tui.widgets.charts.loss_chart import LossChart


def steps(last: int, total: int, loss: float = 3.0) -> list[Event]:
    return [StepDone("r", "train", n, total, loss - n / total) for n in range(1, last + 1)]


def two_runs() -> ScriptedGarden:
    garden = ScriptedGarden(a_project("acme"), a_project("beta"))
    over = [Started(), *steps(40, 40, 5.0), Scored("after", "bits_per_byte", 2.1, 3), Finished(9.0)]
    garden.runs.put(Run("old", "train", "id-acme", 1.0, "finished", 40, 40, 4.0), over)
    garden.runs.put(Run("far", "train", "id-beta", 2.0, "finished", 8, 8), [*steps(8, 8), over[-1]])
    garden.runs.subjects = {"old": "v3", "far": "v1"}
    garden.runs.put(Run("ix", "index", "id-acme", 3.0, "finished"), [Started(), Finished(1.0)])
    return garden


async def test_the_run_that_learned_is_shown_not_the_index_run_after_it() -> None:
    garden = two_runs()
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "✔ finished", "step 40/40")
        await pilot.press("2", "right_square_bracket")
        await see(pilot, "2 Training · index acme", "Finished in 1.0 s")
        await pilot.press("right_square_bracket")
        await see(pilot, "This is the newest run.")
        await pilot.press("left_square_bracket")
        await see(pilot, "step 40/40", "2 Training · v3 · train acme")
        garden.runs.put(Run("new", "train", "id-acme", 9.0, "running"), [Started(), *steps(3, 90)])
        garden.changed += 1
        await see(pilot, "● 1 run going on")
        assert "step 40/40" in screen(pilot), "what was chosen stays"
        await pilot.press("1", "j", "k")
        await see(pilot, "step 3/90")


async def test_any_run_of_any_project_can_be_chosen_and_names_its_project() -> None:
    garden = two_runs()
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "step 40/40")
        await pilot.press("r")
        await see(pilot, "Which run?", "held out, bits per byte  2.100", "40/40   4.000")
        await pilot.press("b", "e", "t", "a", "enter")
        await see(pilot, "2 Training · v1 · train beta", "step 8/8")


async def test_a_marked_run_is_drawn_beside_and_compared() -> None:
    app = GardenerApp(full_garden())
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "step 124/400")
        await pilot.press("2", "d")
        await see(pilot, "m marks a run; then go to another one.")
        await pilot.press("left_square_bracket")
        await see(pilot, "step 400/400")
        await pilot.press("m", "right_square_bracket")
        await see(pilot, "step 124/400", "EMA 0.9  ━ v6", "▲ checkpoint")
        chart = app.screen.query_one("#loss-chart", LossChart)
        drawn = {part for row in chart._rows for _, part in row}
        assert {"other", "smooth", "raw"} <= drawn
        await pilot.press("d")
        await see(pilot, "v6 beside run run-a", "v6 was not measured, so no figure is compared.")
        await pilot.press("tab", "J")
        await see(pilot, "held out, after", "2.604", "124 of 400", "400 of 400")


async def test_the_log_is_read_by_level_and_searched() -> None:
    garden = ScriptedGarden(a_project())
    told = [Started(), Planned("r", "train", "seedling", 9, 2, 2, 2), Noted("packed 610 rows")]
    garden.runs.put(Run("r", "train", "id-acme", 1.0, "running"), [*told, *steps(4, 9), Silent(34)])
    async with GardenerApp(garden).run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "? silent for 3", "x stops it   v log")
        await pilot.press("2", "v")
        text = await see(pilot, "Log · train", "packed 610 rows", "everything · 3 lines")
        assert "✖ Silent for 34 s" in text
        await pilot.press("tab")
        text = await see(pilot, "milestones · 2 lines", "Training on seedling")
        await pilot.press("tab")
        await see(pilot, "troubles · 1 line")
        await pilot.press("tab", *"610")
        await see(pilot, "everything · 1 line")


async def test_the_cross_hair_reads_a_step_and_the_chart_zooms_and_fits() -> None:
    garden = ScriptedGarden(a_project())
    told = [Started(), *steps(200, 400)]
    told.append(StepDone("r", "train", 201, 400, math.nan))
    garden.runs.put(Run("r", "train", "id-acme", 1.0, "running"), told)
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "step 201/400", "EMA 0.9", "✖")
        await pilot.press("2", "right")
        await see(pilot, "step 201  loss no number  EMA 0.9 2.5")
        await pilot.press("less_than_sign")
        await until(pilot, lambda: "step 201  loss" not in screen(pilot))
        await see(pilot, "  loss 2.")
        chart = app.screen.query_one("#loss-chart", LossChart)
        await pilot.press("plus", "plus")
        await until(pilot, lambda: chart.zoomed)
        garden.runs.tell("r", *[StepDone("r", "train", n, 400, 2.0) for n in range(202, 260)])
        await see(pilot, "step 259/400")
        assert chart.zoomed, "what is looked at stays while steps come"
        await pilot.press("minus", "0", "s")
        await see(pilot, "EMA 0.98")
        assert not chart.zoomed and chart.reading is None
        await pilot.press("s", "l")
        await see(pilot, "━ each step", "log y")


def in_columns(
    kind: str,
    step: Sequence[float],
    loss: Sequence[float],
    rate: Sequence[float],
    norm: Sequence[float],
    speed: Sequence[float],
) -> Steps:
    """Steps as a past run gives them; the memory was not measured."""
    columns = (step, loss, step, rate, norm, speed, [0.0] * len(step))
    return Steps(kind, *(array("d", column) for column in columns))


async def test_a_long_run_comes_in_columns_and_a_lost_attempt_is_not_drawn_twice() -> None:
    garden = ScriptedGarden(a_project())
    grown = in_columns("grow", (1,), (9.0,), (0.01,), (0.0,), (900.0,))
    trained = in_columns("train", (1, 2), (3.0, 2.5), (1e-4, 2e-4), (0.0, 1.5), (60.0, 70.0))
    again = [
        StepDone("r", "train", step, 50, loss, 2.5e-4, 80.0, 700_000_000, 1.25)
        for step, loss in ((2, 2.4), (3, 2.2))
    ]
    told = [Started(), grown, StepDone("r", "grow", 2, 2, 8.0), trained, *again]
    garden.runs.put(Run("r", "train", "id-acme", 1.0, "running", 3, 50), told)
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "● training", "step 3/50", "loss 2.2000")
        shown = app.screen.query_one(TrainingPane).shown
        assert shown is not None and list(shown.progress.curve.values) == [3.0, 2.4, 2.2]
        await see(pilot, "training  nats/token")
        await pilot.press("2", "g")
        await see(pilot, "training  learning rate", "2.5e-4")
        chart = app.screen.query_one("#loss-chart", LossChart)
        assert list(chart._curve.values) == [1e-4, 2.5e-4, 2.5e-4]
        await pilot.press("g")
        await see(pilot, "training  gradient norm  before clipping")
        assert list(chart._curve.steps) == [2, 3], "where it was measured"
        await pilot.press("g")
        await see(pilot, "training  speed  tokens/s")
        await pilot.press("g")
        await see(pilot, "training  memory  MiB")
        await pilot.press("g")
        await see(pilot, "growing  nats/token")
        assert list(chart._curve.values) == [9.0, 8.0]


async def test_in_a_large_pane_every_metric_stands_below_the_loss_under_one_cross_hair() -> None:
    garden = ScriptedGarden(a_project())
    told = [
        StepDone("r", "train", n, 50, 4 - n / 50, n * 1e-5, 100.0 + n, 700_000_000 + n, n / 10)
        for n in range(1, 21)
    ]
    garden.runs.put(Run("r", "train", "id-acme", 1.0, "running", 20, 50), [Started(), *told])
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "step 20/50")
        assert "gradient norm" not in screen(pilot)
        await pilot.press("2", "z")
        await see(pilot, "learning rate 2e-4", "gradient norm 2", "memory 667.6")
        await see(pilot, "speed 120 tokens/s")
        await pilot.press("less_than_sign")
        chart = app.screen.query_one("#loss-chart", LossChart)
        assert chart.reading is not None
        step = chart.reading.step
        assert 15 < step < 20
        await see(pilot, f"gradient norm {step / 10:g}", f"speed {100 + step} tokens/s")


async def test_y_copies_the_facts_through_the_terminal() -> None:
    app = GardenerApp(two_runs())
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "step 40/40")
        written: list[str] = []
        write = app._driver.write
        app._driver.write = lambda data: (written.append(data), write(data))
        await pilot.press("2", "y")
        await see(pilot, "The facts of the run are copied.")
        sent = next(text for text in written if "\x1b]52;c;" in text)
        told = base64.b64decode(sent.partition(";c;")[2].rstrip("\a")).decode()
        assert "run old (v3 · train acme)" in told and "step: 40 of 40" in told


async def test_an_index_of_a_folder_that_is_suddenly_empty_is_kept_unless_one_says_so() -> None:
    garden = ScriptedGarden(a_project())
    garden.index.lost = "/code/acme holds no files any more; the index still knows 12."
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("I")
        await see(pilot, "Empty the index of acme?", "holds no files any more", "mount it first")
        await pilot.press("enter")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        await pilot.press("I")
        await see(pilot, "Empty the index of acme?")
        await pilot.press("y")
        await until(pilot, lambda: ("index, even if empty", "id-acme") in garden.record.calls)
    assert "index" not in garden.record.names()
