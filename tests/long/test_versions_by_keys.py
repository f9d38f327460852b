"""By keys: use, deploy, switch, deploy, roll back here and there, on each generation."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from support.deployable import lay_out, tiny_files
from support.ollama_double import CREATING, Generation, OllamaDouble
from support.waiting import see, until
from textual.pilot import Pilot

from gardener_core.garden.door import open_garden
from gardener_tui.app import GardenerApp

pytestmark = pytest.mark.long
SIZE = (120, 40)


@pytest.mark.parametrize("generation", CREATING)
async def test_the_whole_way_by_keys(
    generation: Generation,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = lay_out(tiny_files(tmp_path_factory), tmp_path / "home")
    server = OllamaDouble(generation=generation)
    monkeypatch.setenv("GARDENER_HOME", str(made.places.data.parent))
    monkeypatch.setenv("OLLAMA_HOST", server.host)
    garden = open_garden(made.places)

    def is_done(number: int) -> bool:
        runs = [run for run in garden.runs.all() if run.kind == "deploy"]
        return len(runs) == number and all(run.finished for run in runs)

    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=SIZE) as pilot:
        await see(pilot, "web")
        for number, version in enumerate(("v1", "v2"), start=1):
            await pilot.press("1", "A")
            await see(pilot, "Adapters of web", version)
            await pilot.press(*version)  # the list narrows to it
            await pilot.press("enter")
            await see(pilot, f"Adapter {version} of web answers now.")
            await pilot.press("1", "O")
            await see(pilot, f"deploy {version}", generation)
            await pilot.press("enter")
            await see(pilot, f"Deploy {version} to Ollama?")
            await pilot.press("y")
            await see(pilot, f"{version} is being deployed")
            await long_until(pilot, partial(is_done, number))
        await pilot.press("1", "B")
        await see(pilot, "Adapter v1 answers for web again, not v2.")
        await pilot.press("O")
        await see(pilot, "web:v2", "latest", "web:v1", "before")
        await pilot.press("ctrl+r")
        await see(pilot, "web:latest is v1 again on Ollama.")
        await pilot.press("O")
        await see(pilot, "web:v1")
        await pilot.press("ctrl+x")
        await see(pilot, "Take web off Ollama?")
        await pilot.press("y")
        await see(pilot, "Ollama deleted web:v2, web:v1")
    garden.close()
    server.close()


async def long_until(pilot: Pilot[None], true: Callable[[], bool]) -> None:
    """The same as `until`, for a run that loads what it needs first."""
    for _ in range(20):
        try:
            await until(pilot, true)
            return
        except AssertionError:
            continue
    raise AssertionError("the run did not end")
