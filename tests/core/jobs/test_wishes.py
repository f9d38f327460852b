"""A run hears a wish within a second in every part of its work, and nothing is lost by it."""

import fcntl
import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.bench import until
from support.killing import kill_run

from gardener_core.events.run import Died, Finished, Stopped
from gardener_core.garden.door import Garden, open_garden
from gardener_core.garden.runs import POLL_SECONDS
from gardener_core.jobs import runner
from gardener_core.jobs.folder import EVENTS, WISH, Want, is_alive
from gardener_core.jobs.follow import follow
from gardener_core.store.garden.projects import Project
from gardener_core.system.places import Places

# What the issue asks for; under load the job's process is late by as much as it has to wait.
HEARD_SECONDS = 1.0
LOAD_SECONDS = 2.0
PHASES = (
    "importing", "reading", "preparing", "growing", "scoring base", "converting", "loading",
    "scoring before", "training", "scoring after",
)  # fmt: skip
ANSWERS = {"pause": ("Heard", "Paused"), "stop": ("Heard", "Stopped")}


@dataclass
class Bed:
    """A garden with one project."""

    garden: Garden
    project: Project
    places: Places

    def lines(self, run: str) -> list[dict[str, Any]]:
        file = self.places.run(run) / EVENTS
        whole = file.read_bytes().rpartition(b"\n")[0] if file.exists() else b""
        return [json.loads(line) for line in whole.splitlines()]

    def result(self, run: str) -> tuple[Any, ...]:
        """What must not depend on how a run went: losses, scores, and the weights."""
        lines = self.lines(run)
        losses = {(e["kind"], e["step"]): e["loss"] for e in lines if e["event"] == "StepDone"}
        sheet = json.loads((self.places.run(run) / "scores.json").read_text())
        saved = next(line for line in lines if line["event"] == "Saved")
        weights = (Path(saved["path"]) / "adapter_model.safetensors").read_bytes()
        return losses, sheet, weights


@pytest.fixture
def bed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sources) -> Iterator[Bed]:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    for name, value in (("STEPS", 12), ("ROWS_A_STEP", 2), ("SEQUENCE_TOKENS", 128)):
        monkeypatch.setenv(f"GARDENER_TRAINING__{name}", str(value))
    monkeypatch.setenv("GARDENER_TRAINING__THREADS", "1")
    monkeypatch.setenv("GARDENER_GROWING__STEPS", "8")
    for file in sources:
        path = tmp_path / "web" / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text)
    places = Places.of_user()
    garden = open_garden(places)
    yield Bed(garden, garden.projects.add(tmp_path / "web", "web"), places)
    for folder in places.runs.iterdir():
        if is_alive(folder):
            kill_run(folder)
    garden.close()


def wish_in(bed: Bed, run: str, phase: str, want: Want) -> None:
    """Wish as soon as the run is in this part of its work, and see that it is heard."""
    folder = bed.places.run(run)
    wait_for(bed, run, phase)
    runner.wish_for(folder, want)
    wished = (folder / WISH).stat().st_mtime
    answers = ANSWERS[want]

    def answer() -> dict[str, Any] | None:
        lines = [line for line in bed.lines(run) if line["wall"] >= wished - 0.01]
        return next((line for line in lines if line["event"] in answers), None)

    until(lambda: answer() is not None, f"an answer to {want} in {phase}")
    heard = answer()
    assert heard is not None
    late = heard["wall"] - wished
    assert late < HEARD_SECONDS + LOAD_SECONDS, f"{want} in {phase} was heard after {late:.2f} s"
    print(f"{want} in {phase}: {heard['event']} after {late:.2f} s")


def wait_for(bed: Bed, run: str, phase: str) -> None:
    """Until this attempt is in this part of its work."""
    folder = bed.places.run(run)
    attempt = json.loads((folder / WISH).read_bytes())["attempt"]
    for batch in follow(folder):
        ours = [line for line in bed.lines(run) if line["attempt"] == attempt]
        if any(line.get("phase") == phase for line in ours if line["event"] == "PhaseAdvanced"):
            return
        assert not any(isinstance(event, Finished) for event in batch), f"no {phase}"


def end_of(bed: Bed, run: str) -> Any:
    return [event for batch in bed.garden.runs.follow(run) for event in batch][-1]


def go_on(bed: Bed, run: str) -> None:
    until(lambda: bed.garden.runs.find(run).state in ("paused", "stopped"), "the wish is obeyed")
    bed.garden.runs.resume(run)
    until(lambda: bed.garden.runs.find(run).state != "paused", "it goes on")


@pytest.mark.long
def test_a_run_paused_in_every_part_comes_to_the_same_numbers(bed: Bed) -> None:
    smooth = bed.garden.runs.train(bed.project).id
    assert isinstance(end_of(bed, smooth), Finished)
    shutil.rmtree(bed.places.models)  # the second one grows its base, too
    run = bed.garden.runs.train(bed.project).id
    for phase in PHASES:
        wish_in(bed, run, phase, "pause")
        go_on(bed, run)
    end = end_of(bed, run)
    assert isinstance(end, Finished)
    assert bed.result(run) == bed.result(smooth)


@pytest.mark.long
def test_a_run_stopped_in_every_part_comes_to_the_same_numbers(bed: Bed) -> None:
    smooth = bed.garden.runs.train(bed.project).id
    assert isinstance(end_of(bed, smooth), Finished)
    shutil.rmtree(bed.places.models)
    run = bed.garden.runs.train(bed.project).id
    for phase in PHASES:
        wish_in(bed, run, phase, "stop")
        assert isinstance(end_of(bed, run), Stopped)
        go_on(bed, run)
    assert isinstance(end_of(bed, run), Finished)
    assert bed.result(run) == bed.result(smooth)


@pytest.mark.long
def test_a_run_killed_in_every_part_comes_to_the_same_numbers(bed: Bed) -> None:
    smooth = bed.garden.runs.train(bed.project).id
    assert isinstance(end_of(bed, smooth), Finished)
    shutil.rmtree(bed.places.models)
    run = bed.garden.runs.train(bed.project).id
    for phase in PHASES:
        wait_for(bed, run, phase)
        kill_run(bed.places.run(run))
        assert isinstance(end_of(bed, run), Died)
        bed.garden.runs.resume(run)
    assert isinstance(end_of(bed, run), Finished)
    assert bed.result(run) == bed.result(smooth)


def test_a_run_that_scores_is_paused_and_stopped_at_once(bed: Bed) -> None:
    """The quick one of these: the part that was deaf for minutes on a large base."""
    run = bed.garden.runs.train(bed.project).id
    wish_in(bed, run, "scoring before", "pause")
    go_on(bed, run)
    wish_in(bed, run, "scoring before", "stop")
    assert isinstance(end_of(bed, run), Stopped)


def test_a_run_is_resumed_the_moment_it_has_stopped(bed: Bed) -> None:
    """Its process may still be there then; a wish to go on would reach nobody."""
    run = bed.garden.runs.train(bed.project).id
    folder = bed.places.run(run)
    wait_for(bed, run, "importing")
    runner.wish_for(folder, "stop")
    until(lambda: not is_alive(folder), "its end")
    assert bed.lines(run)[-1]["event"] == "Stopped"
    with (folder / "alive").open() as going:  # a large process takes a moment to go
        fcntl.flock(going, fcntl.LOCK_EX)
        with ThreadPoolExecutor() as pool:
            resumed = pool.submit(bed.garden.runs.resume, run)
            done, _ = wait([resumed], timeout=3 * POLL_SECONDS)
            assert not done, "it waits for the process"
            fcntl.flock(going, fcntl.LOCK_UN)
            resumed.result()
    until(lambda: bed.lines(run)[-1]["attempt"] == 2, "a new attempt")
