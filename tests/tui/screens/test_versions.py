"""Versions are named, archived, removed, rolled back and deployed by keys."""

from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import see

from gardener_core.garden.versions.deployments import DeployedModel
from gardener_core.garden.versions.versions import RolledBack
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.versions.deployments import Deployment
from gardener_tui.app import GardenerApp

SIZE = (120, 40)


def a_garden() -> ScriptedGarden:
    garden = ScriptedGarden(a_project("acme", adapter="v2"))
    garden.adapters.adapters = [
        Adapter("id-acme", version, "coder", f"r-{version}", 1.0, 318_000, "passed")
        for version in ("v2", "v1")
    ]
    return garden


async def test_a_version_is_named_noted_archived_and_removed() -> None:
    garden = a_garden()
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=SIZE) as pilot:
        await see(pilot, "acme")
        await pilot.press("A")
        await see(pilot, "● v2")
        await pilot.press("down", "ctrl+r")
        await see(pilot, "Name the version")
        await pilot.press(*"old", "enter")
        await see(pilot, "v1 old")
        await pilot.press("ctrl+n")
        await see(pilot, "A note beside")
        await pilot.press(*"slow", "enter")
        await see(pilot, "v1 old", "slow")
        await pilot.press("ctrl+e")
        await see(pilot, "Archive v1 of acme?")
        await pilot.press("y")
        await see(pilot, "v1 is archived.", "archived")
        await pilot.press("ctrl+x")
        await see(pilot, "Remove v1 of acme?", "trash for seven days")
        await pilot.press("y")
        await see(pilot, "v1 is in the trash for")
        await pilot.press("escape", "u")
        await see(pilot, "v1 is back.")
    changes = [call[1:] for call in garden.record.calls if call[0] == "change adapter"]
    assert changes == [
        ("v1", {"name": "old"}), ("v1", {"note": "slow"}), ("v1", {"state": "archived"}),
    ]  # fmt: skip
    assert ("restore adapter", "v1") in garden.record.calls


async def test_the_one_before_answers_again_by_one_key() -> None:
    garden = a_garden()
    garden.versions.back = RolledBack("v2", "v1", "")
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=SIZE) as pilot:
        await see(pilot, "acme")
        await pilot.press("1", "B")
        await see(pilot, "Adapter v1 answers for acme again, not v2.")


async def test_it_is_deployed_rolled_back_and_taken_off() -> None:
    garden = a_garden()
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=SIZE) as pilot:
        await see(pilot, "acme")
        await pilot.press("1", "O")
        await see(pilot, "acme on Ollama", "deploy v2", "Ollama 0.34.2 answers")
        await pilot.press("enter")
        await see(pilot, "Deploy v2 to Ollama?")
        await pilot.press("y")
        await see(pilot, "v2 is being deployed")
        kept = Deployment(
            "id-acme", "v2", "h", "acme", "acme:v2", "d" * 64, "s", 144_000_000, "q8_0", "merged",
            "r", 1.0,
        )  # fmt: skip
        garden.deployments.models = [DeployedModel(kept, True, latest=True)]
        await pilot.press("O")
        await see(pilot, "acme:v2", "latest", "d" * 12)
        await pilot.press("ctrl+r")
        await see(pilot, "acme:latest is v2 again on Ollama.")
        await pilot.press("O")
        await see(pilot, "acme:v2")
        await pilot.press("ctrl+x")
        await see(pilot, "Take acme off Ollama?", "It deletes acme:v2")
        await pilot.press("y")
        await see(pilot, "Ollama deleted acme:v2.")
    assert ("deploy", "v2", "") in garden.record.calls
    assert ("undeploy", "id-acme") in garden.record.calls
