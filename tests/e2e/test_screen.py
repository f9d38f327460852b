"""The real screen on the real core, in a real terminal."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.processes import until
from support.terminal import Terminal

from gardener_core.garden.demo.sample import lay_out_sample
from gardener_core.garden.door import open_garden
from gardener_core.jobs.folder import EVENTS, is_alive
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.places import Places

SCREEN = "from gardener_tui.cli import main; main()"
COMMAND = "from gardener_core.cli.main import main; main()"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path))
    monkeypatch.setenv("GARDENER_MODELS__BASE", "seedling")
    places = Places.of_user()
    lay_out_sample(tmp_path / "sample")
    yield places
    garden = open_garden(places)
    for run in garden.runs.all():
        garden.runs.stop(run.id)
    for run in garden.runs.all():
        until(lambda: not is_alive(places.run(run.id)), "the end of a run")  # noqa: B023


def added(places: Places) -> None:
    garden = open_garden(places)
    project = garden.projects.add(places.data.parent / "sample", "sample")
    list(garden.runs.follow(garden.runs.index(project).id))


def steps_told(folder: Path) -> int:
    events = folder / EVENTS
    return events.read_bytes().count(b'"StepDone"') if events.exists() else 0


@pytest.mark.parametrize("how", [pytest.param("hang up", marks=pytest.mark.long), "kill"])
def test_run_started_from_the_screen_outlives_it_and_is_followed_again(
    places: Places, how: str
) -> None:
    added(places)
    first = Terminal(SCREEN)
    first.see("sample", "ready")
    first.press("t")
    first.see("Train an adapter on sample", "grown first in 260 steps")
    first.press("\r")
    first.see("loss", "/260")
    (run,) = [run for run in open_garden(places).runs.all() if run.kind == "train"]
    folder = places.run(run.id)
    if how == "kill":
        first.signal(signal.SIGKILL)
    else:
        first.hang_up()
    first.wait()
    before = steps_told(folder)
    until(lambda: steps_told(folder) > before + 2, "steps after the terminal was closed")
    assert is_alive(folder)

    second = Terminal(SCREEN)
    second.see("/260", "loss")
    reached = steps_told(folder)
    until(lambda: steps_told(folder) > reached, "a step while it is followed")
    second.press("2")
    second.press("p")
    second.see("paused")
    second.press("q")
    status, _ = second.wait()
    assert status == 0
    assert is_alive(folder)
    told = subprocess.run(
        [sys.executable, "-c", COMMAND, "runs", "--json"], capture_output=True, check=True
    )
    states = {item["id"]: item["state"] for item in json.loads(told.stdout)["runs"]}
    assert states[run.id] == "paused"


def test_search_ask_and_add_on_the_real_engine(places: Places) -> None:
    os.chdir(places.data.parent)
    screen = Terminal(SCREEN, columns=140, rows=45)
    screen.see("Welcome.")
    screen.press("n")
    screen.see("Which folder")
    screen.press(str(places.data.parent / "sample") + "\r")
    screen.see("sample", "ready")
    screen.press("/")
    screen.see("enter Search")
    screen.press("swap folder\r")
    screen.see("10 hits", "atomic.py")
    (project,) = open_garden(places).projects.all()
    (project.path / "saved.py").write_text("def cross_zanzibar_bridge():\n    return 1\n")
    catalog = Catalog(places.catalog(project.id))
    until(lambda: "saved.py" in catalog.files(), "the file that was saved, in the index")
    screen.press("/")
    screen.see("enter Search")
    screen.press("\x15zanzibar bridge\r")
    screen.see("saved.py")
    screen.press("4")
    screen.see("enter Send")
    screen.press("where is a folder swapped?\r")
    screen.see("1 Where", "gardener_core/system/files/atomic.py:")
    screen.press("\x1b")
    screen.see("? Help  q Detach")
    screen.press("q")
    assert screen.wait()[0] == 0
