"""A run's curve comes back at once and whole, and its steps are not told twice."""

import json
import math
import os
import time
from pathlib import Path

from support.bench import Bench

from gardener_core.events import Finished, Noted, Started, StepDone
from gardener_core.jobs.curve import CURVE, Curve, read_curve
from gardener_core.jobs.folder import EVENTS
from gardener_core.jobs.follow import follow
from gardener_core.jobs.hand import Hand

POINTS = 100_000


def told(folder: Path, curve: Curve | None = None) -> list:
    return [event for batch in follow(folder, curve=curve) for event in batch]


def write(folder: Path, *lines: dict) -> None:
    with open(folder / EVENTS, "a") as file:
        for line in lines:
            file.write(json.dumps(line) + "\n")


def step(number: int, mono: float, attempt: int = 1, kind: str = "train") -> dict:
    facts = {"run": "r", "kind": kind, "step": number, "steps": 9, "loss": 1 / number}
    return {"event": "StepDone", **facts, "attempt": attempt, "seq": number, "mono": mono}


def test_curve_of_a_real_run_is_its_steps(bench: Bench) -> None:
    folder = bench.start("r", steps=12)
    steps = [event for event in told(folder) if isinstance(event, StepDone)]
    curve = read_curve(folder)
    assert curve.kinds == ("stand-in",) and list(curve.kind) == [0] * 12
    assert list(curve.step) == [event.step for event in steps]
    assert list(curve.loss) == [event.loss for event in steps]
    assert list(curve.seconds) == sorted(curve.seconds) and curve.seconds[0] > 0
    assert curve.until == (folder / EVENTS).read_bytes().rindex(b'{"event": "Finished"')


def test_steps_of_the_curve_are_not_told_again(bench: Bench) -> None:
    folder = bench.start("r")
    bench.until(folder, StepDone, at_least=4)
    curve = read_curve(folder)
    assert len(curve.step) >= 4
    seen = []
    for batch in follow(folder, curve=curve):
        seen += batch
        if sum(isinstance(event, StepDone) for event in seen) >= 3:
            break
    assert isinstance(seen[0], Started) and any(isinstance(event, Noted) for event in seen)
    steps = [event.step for event in seen if isinstance(event, StepDone)]
    assert steps[:3] == [int(curve.step[-1]) + n for n in (1, 2, 3)]


def test_curve_is_made_again_where_it_is_missing_or_does_not_fit(bench: Bench) -> None:
    folder = bench.start("r", steps=8)
    told(folder)
    whole = read_curve(folder)
    for damage in (b"", b"x" * 40, (folder / CURVE).read_bytes() + b"y" * 80):
        (folder / CURVE).write_bytes(damage)
        assert read_curve(folder) == whole
        assert (folder / CURVE).stat().st_size == 8 * 40
    (folder / CURVE).unlink()
    assert read_curve(folder) == whole


def test_killed_between_event_and_point_leaves_no_hole(bench: Bench) -> None:
    folder = bench.start("r", steps=40)
    bench.until(folder, StepDone, at_least=5)
    bench.kill(folder)
    with open(folder / CURVE, "r+b") as file:  # as if the kill had come one write earlier
        file.truncate((folder / CURVE).stat().st_size // 40 * 40 - 40)
    bench.launch(folder)
    steps = [event.step for event in told(folder) if isinstance(event, StepDone)]
    curve = read_curve(folder)
    assert [int(number) for number in curve.step] == steps
    assert not [event for event in told(folder, curve) if isinstance(event, StepDone)]
    assert isinstance(told(folder, curve)[-1], Finished)


def test_seconds_are_of_work_and_no_clock_changes_them(tmp_path: Path) -> None:
    write(tmp_path, step(1, 100.0), step(2, 103.0), step(2, 7.0, 2), step(3, 9.5, 2, "grow"))
    curve = read_curve(tmp_path)
    assert list(curve.seconds) == [0.0, 3.0, 3.0, 5.5]
    assert curve.kinds == ("train", "grow") and list(curve.kind) == [0, 0, 0, 1]


def test_loss_that_is_no_number_stays_one(tmp_path: Path) -> None:
    write(tmp_path, {**step(1, 1.0), "loss": math.nan}, step(2, 2.0))
    assert math.isnan(read_curve(tmp_path).loss[0])


def test_torn_step_is_in_no_curve(tmp_path: Path) -> None:
    write(tmp_path, step(1, 1.0))
    with open(tmp_path / EVENTS, "a") as file:
        file.write('{"event": "StepDone", "run": "r", "kind": "tr\n')
    write(tmp_path, step(2, 2.0))
    assert list(read_curve(tmp_path).step) == [1, 2]


def test_a_hundred_thousand_points_come_back_in_a_tenth_of_a_second(tmp_path: Path) -> None:
    hand = Hand(tmp_path, 1, os.open(tmp_path / "alive", os.O_RDWR | os.O_CREAT))
    hand.tell(Started())
    for number in range(1, POINTS + 1):
        hand.tell(StepDone("r", "train", number, POINTS, 1 / number))
    hand.tell(Finished(1.0))
    began = time.process_time()
    curve = read_curve(tmp_path)
    read = time.process_time() - began
    rest = told(tmp_path, curve)
    assert [type(event) for event in rest] == [Started, Finished]
    assert len(curve.step) == POINTS
    spent = time.process_time() - began
    assert spent < 0.3, f"{read:.3f} s for the curve, {spent:.3f} s with the rest"
    print(f"curve {read * 1000:.1f} ms, with the lines that are no steps {spent * 1000:.1f} ms")
