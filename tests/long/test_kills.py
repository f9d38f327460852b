"""Training that is killed again and again comes to the same weights."""

import hashlib
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from support.killing import kill_run

from gardener_core.events.run import Finished
from gardener_core.events.train import StepDone
from gardener_core.garden.demo.sample import ALL_PACKAGES, lay_out_sample
from gardener_core.garden.door import Garden, open_garden
from gardener_core.jobs.folder import is_alive
from gardener_core.system.places import Places

KILLS = 5
STEPS = 40


def steps_of(garden: Garden, run: str, until_step: int) -> dict[int, float]:
    """Follow until a step of the adapter's training; its losses so far."""
    losses = {}
    for batch in garden.runs.follow(run):
        for event in batch:
            if isinstance(event, StepDone) and event.kind == "train":
                losses[event.step] = event.loss
        if losses and max(losses) >= until_step:
            break
    return losses


@pytest.mark.long
def test_killed_training_comes_to_the_same_weights(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    keep: Callable[[str, list[str]], None],
) -> None:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path))
    places = Places.of_user()
    garden = open_garden(places)
    project = garden.projects.add(lay_out_sample(tmp_path / "sample", ALL_PACKAGES), "sample")
    list(garden.runs.follow(garden.runs.grow(steps=20).id))

    whole = garden.runs.train(project, steps=STEPS).id
    smooth = steps_of(garden, whole, STEPS)
    assert isinstance([e for batch in garden.runs.follow(whole) for e in batch][-1], Finished)

    killed = garden.runs.train(project, steps=STEPS).id
    draw = random.Random(1)
    for _ in range(KILLS):
        reached = max(steps_of(garden, killed, 1))
        steps_of(garden, killed, min(STEPS - 1, reached + draw.randint(1, 8)))
        assert is_alive(places.run(killed))
        kill_run(places.run(killed))
        assert garden.runs.find(killed).state == "died"
        garden.runs.resume(killed)
    events = [event for batch in garden.runs.follow(killed) for event in batch]
    assert isinstance(events[-1], Finished)
    rough = {e.step: e.loss for e in events if isinstance(e, StepDone)}
    weights = [
        hashlib.sha256(
            (places.adapters(project.id) / version / "adapter_model.safetensors").read_bytes()
        ).hexdigest()
        for version in ("v1", "v2")
    ]
    keep(
        "Training killed and resumed",
        [f"- {KILLS} kill -9 in {STEPS} steps: losses and weights equal to the last bit"],
    )
    assert rough == smooth
    assert weights[0] == weights[1]
