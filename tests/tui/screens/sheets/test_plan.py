"""The plan of a training turns into the plan of an update."""

from support.scripted_garden import ScriptedGarden, a_base, a_project
from support.waiting import see

from gardener_core.garden.retraining import UpdatePlan
from gardener_core.jobs.spec import TrainSpec
from gardener_core.settings.schema import TrainingSettings
from gardener_core.training.retraining.drift import Drift
from gardener_tui.app import GardenerApp


def with_update() -> ScriptedGarden:
    garden = ScriptedGarden(a_project("acme", adapter="v3", base="coder"))
    spec = TrainSpec("r", 1.0, "id-acme", "", "coder", TrainingSettings(), 0, parent="v3")
    drift = Drift(140, 12, 4, 0, 2)
    garden.retraining.next = UpdatePlan("v3", "coder", 22, 250, drift, spec)
    garden.models.bases = [a_base("coder"), a_base("tiny")]
    return garden


async def test_u_shows_what_changed_and_enter_updates() -> None:
    garden = with_update()
    async with GardenerApp(garden).run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("t")
        await see(pilot, "as set in config.toml")
        await pilot.press("u")
        await see(pilot, "v3 on coder", "12 of 140 symbols changed (9%), 2 new files")
        await see(pilot, "22; a full run took 250")
        await pilot.press("right", "b")
        await see(pilot, "An update takes its steps from what changed.")
        await pilot.press("enter")
        await see(pilot, "2 Training")
        assert ("update", "id-acme") in garden.record.calls
        assert "train" not in garden.record.names()


async def test_u_again_goes_back_and_a_refusal_is_shown() -> None:
    garden = with_update()
    garden.retraining.next = None
    async with GardenerApp(garden).run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("t", "u")
        await see(pilot, "Nothing changed since adapter v1 was trained.")
        await pilot.press("u")
        await see(pilot, "as set in config.toml")
