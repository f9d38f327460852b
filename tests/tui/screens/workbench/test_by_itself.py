"""A training that is due starts by itself after an index run, and says why."""

from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import see, until

from gardener_core.events.run import Finished, Started
from gardener_core.garden.retraining import UpdatePlan
from gardener_core.jobs.spec import TrainSpec
from gardener_core.settings.schema import TrainingSettings
from gardener_core.store.garden.adapter_files import Partial
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.runs import Run, RunState
from gardener_core.training.retraining.drift import Drift
from gardener_tui.app import GardenerApp


def indexing(garden: ScriptedGarden, state: RunState) -> None:
    garden.runs.runs.clear()
    ends = [Finished(1.0)] if state == "finished" else []
    garden.runs.put(Run("ix", "index", "id-acme", 3.0, state), [Started(), *ends])
    garden.changed += 1


async def test_the_end_of_an_index_run_asks_what_is_due() -> None:
    garden = ScriptedGarden(a_project("acme", adapter="v1"), a_project("beta"))
    spec = TrainSpec("r", 1.0, "id-acme", "", "coder", TrainingSettings(), 0, parent="v1")
    garden.retraining.next = UpdatePlan("v1", "coder", 9, 60, Drift(100, 12), spec)
    garden.retraining.due = True
    indexing(garden, "running")
    async with GardenerApp(garden).run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "● 1 run going on")
        assert garden.retraining.asked == []
        indexing(garden, "finished")
        await see(pilot, "Training acme by itself: 12 of 100 symbols changed.")
        assert garden.retraining.asked == ["acme"]
        assert ("update", "id-acme") in garden.record.calls


async def test_what_is_not_due_says_nothing_on_the_screen() -> None:
    garden = ScriptedGarden(a_project("acme"))
    indexing(garden, "running")
    async with GardenerApp(garden).run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "● 1 run going on")
        indexing(garden, "finished")
        await until(pilot, lambda: garden.retraining.asked == ["acme"])
        assert "update" not in garden.record.names()


async def test_the_drift_stands_beside_the_adapters_name() -> None:
    garden = ScriptedGarden(a_project("acme", adapter="v1"))
    garden.adapters.adapters = [
        Adapter("id-acme", "v2", "coder", "r2", 2.0, 9_000_000),
        Adapter("id-acme", "v1", "coder", "", 1.0, 9_000_000),
    ]
    garden.retraining.drifts["id-acme"] = Drift(41, 7)
    garden.adapters.partials["v2"] = Partial(3, 9)
    async with GardenerApp(garden).run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "changed  7 of 41 symbols")
        await pilot.press("A")
        await see(pilot, "Which one answers?", "7 of 41 symbols changed", "partial, step 3/9")
