"""A run's curves for TensorBoard: each number once, from the columns and from the events."""

import json
from pathlib import Path

from gardener_core.events.run import Finished
from gardener_core.garden.curves import Curves
from gardener_core.jobs.curve import read_curve
from gardener_core.jobs.folder import EVENTS, RunRequest, write_request
from gardener_core.store.garden.runs import Run
from gardener_core.system.places import Places


def test_every_number_of_a_run_is_in_its_file(tmp_path: Path) -> None:
    places, target = Places(tmp_path, tmp_path), tmp_path / "board"
    run = places.run("r1")
    run.mkdir(parents=True)
    curves, row = Curves(places), Run("r1", "train", "p", 1000.0, "finished")
    step = {"event": "StepDone", "run": "r1", "kind": "train", "steps": 3, "loss": 2.0}
    lines = [{**step, "step": n, "learning_rate": 1e-4, "gradient_norm": 0.5} for n in (1, 2, 3)]
    lines += [{"event": "HeldOutScored", "step": 3, "bits_per_byte": 0.8, "n": 2}]
    lines += [{"event": "Finished", "seconds": 9.0}]
    with open(run / EVENTS, "w") as file:
        for at, line in enumerate(lines):
            file.write(json.dumps({**line, "attempt": 1, "seq": at, "mono": 5.0 + at}) + "\n")
    write_request(run, RunRequest(1))
    assert len(read_curve(run).step) == 3
    told = [event for batch in curves.follow_into(row, target) for event in batch]
    assert told[-1] == Finished(9.0)
    data = (target / "r1" / "events.out.tfevents.1000.gardener").read_bytes()
    assert data.count(b"train/loss") == data.count(b"train/gradient_norm") == 3
    assert data.count(b"train/held_out_bits_per_byte") == 1
    assert b"tokens_a_second" not in data, "what was not measured is no zero"
    again = [event for batch in curves.follow_into(row, target) for event in batch]
    assert again == told
    assert (target / "r1" / "events.out.tfevents.1000.gardener").read_bytes() == data
