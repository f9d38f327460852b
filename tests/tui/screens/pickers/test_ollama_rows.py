"""Ollama's models in the list: shown, got by name, deleted after a question, or away in words."""

from dataclasses import replace

from support.offers import an_offer, four_offers
from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import see, until

from gardener_core.events.pull import Pulled
from gardener_core.events.run import Failed, Finished, PhaseAdvanced, Started
from gardener_core.garden.base_models.offers import OllamaOffers
from gardener_core.garden.base_models.use import Users
from gardener_core.models.catalogue.needs import Fits, Needs
from gardener_core.models.ollama.states import State, Status
from gardener_core.store.garden.runs import Run
from gardener_tui.app import GardenerApp

ADDRESS = "127.0.0.1:11434"
NOTHING_KNOWN = {"fits": Fits(None, None, None), "needs": Needs(0, 0, False), "sources": ()}
CODER = an_offer(
    "ollama:coder:1.5b", title="coder:1.5b", here=True, format="ollama",
    note="qwen2, 1.5B, completes code", **NOTHING_KNOWN,
)  # fmt: skip


def a_garden(state: State = "up", version: str = "0.34.2") -> ScriptedGarden:
    garden = ScriptedGarden(a_project("acme"))
    garden.models.listed = four_offers()
    status = Status(state, ADDRESS, "Connection refused", version=version)
    garden.models.served = OllamaOffers(status, (CODER,) if state == "up" else ())
    return garden


async def test_its_models_are_rows_and_one_is_deleted_after_a_question() -> None:
    garden = a_garden()
    garden.models.needed = Users(("acme",))
    async with GardenerApp(garden).run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "acme")
        await pilot.press("m")
        await see(pilot, "● coder:1.5b", "served by Ollama", f"Ollama 0.34.2 answers at {ADDRESS}.")
        await pilot.press(*"olcod")
        await see(pilot, "qwen2, 1.5B, completes code")
        await pilot.press("ctrl+t")
        await see(pilot, "Ollama checks the files of its models itself.")
        await pilot.press("ctrl+x")
        await see(pilot, "Remove ollama:coder:1.5b?", "The projects acme need it", "for good")
        await pilot.press("n")
        assert "remove model" not in garden.record.names()
        await pilot.press("ctrl+x")
        await see(pilot, "Remove ollama:coder:1.5b?")
        await pilot.press("y")
        await see(pilot, "Ollama deleted ollama:coder:1.5b.", "No match.")
        assert ("remove model", "ollama:coder:1.5b", True) in garden.record.calls


async def test_one_is_got_by_the_name_that_is_written() -> None:
    garden = a_garden()
    run = Run("pull-ollama:tiny", "pull", "", 1.0, "running")
    garden.runs.batches[run.id] = [[Started()]]
    garden.runs.subjects = {run.id: "ollama:tiny"}
    garden.runs.phases = {run.id: PhaseAdvanced("fetching", 1 << 20, 4 << 20, "bytes")}
    async with GardenerApp(garden).run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "acme")
        await pilot.press("m")
        await see(pilot, "answers at")
        await pilot.press(*"ollama:tiny")
        assert "pull" not in garden.record.names()
        await pilot.press("enter")
        await until(pilot, lambda: ("pull", "ollama:tiny") in garden.record.calls)
        garden.runs.runs.insert(0, run)
        await see(pilot, "◌ ollama:tiny", "fetching 1.0 MiB of 4.0 MiB")
        pulled = Pulled("ollama:tiny", ADDRESS, 4 << 20, "ab" * 32, "Ollama", 4 << 20, 3.0)
        garden.models.served = replace(
            garden.models.served,
            models=(CODER, replace(CODER, name="ollama:tiny", title="tiny:latest")),
        )
        garden.runs.tell(run.id, pulled, Finished(3.0))
        await see(pilot, "ollama:tiny is here: 4.0 MiB from Ollama", "● tiny:latest")


async def test_a_name_that_it_does_not_know_is_said() -> None:
    garden = a_garden()
    run = Run("pull-ollama:gone", "pull", "", 1.0, "running")
    why = "Ollama did not get gone. file does not exist."
    garden.runs.put(run, [Started(), Failed("pull-failed", why, "Is the name right?")])
    async with GardenerApp(garden).run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "acme")
        await pilot.press("m")
        await see(pilot, "answers at")
        await pilot.press(*"ollama:gone", "enter")
        await see(pilot, "did not get gone", "Is the name right?")


async def test_a_server_that_is_away_or_too_old_says_so_and_the_rest_is_there() -> None:
    for state, version, told, hint in (
        ("down", "", f"Ollama does not answer at {ADDRESS}", "Run: ollama serve"),
        ("too old", "0.5.1", "is version 0.5.1, and 0.6.4 or later is needed", "a newer one"),
    ):
        garden = a_garden(state, version)  # type: ignore[arg-type]
        async with GardenerApp(garden).run_test(notifications=True, size=(120, 40)) as pilot:
            await see(pilot, "acme")
            await pilot.press("m")
            await see(pilot, "● tiny", told)
            await pilot.press("up")
            for _ in range(4):
                await pilot.press("down")
            await see(pilot, hint)
