"""A run's loss curve is read quickly and completely, each step once."""

import json
import math
import os
import time
from pathlib import Path

import pytest
from support.stand_in_jobs import StandInJobs

from gardener_core.events.run import Finished, Paused, Started
from gardener_core.events.train import StepDone
from gardener_core.jobs import runner
from gardener_core.jobs.curve import CURVE, StepCurve, read_curve, rebuild_curve
from gardener_core.jobs.folder import EVENTS
from gardener_core.jobs.follow import Steps, TimedEvent, follow, read_run
from gardener_core.jobs.writer import RunWriter

POINTS = 100_000
COLUMNS = (
    "step", "loss", "learning_rate", "gradient_norm", "tokens_a_second", "memory_bytes",
)  # fmt: skip
RECORD = 72  # bytes of one step in curve.bin


def told(folder: Path) -> list:
    return [event for batch in follow(folder) for event in batch]


def read(folder: Path) -> list[TimedEvent | Steps]:
    return [item for batch in read_run(folder) for item in batch]


def one_by_one(items: list[TimedEvent | Steps]) -> list[tuple[float, object]]:
    """Every fact with its seconds; columns are taken apart into their numbers."""
    facts: list[tuple[float, object]] = []
    for item in items:
        if isinstance(item, TimedEvent):
            event = item.event
            step = isinstance(event, StepDone)
            numbers = (event.kind, *(getattr(event, name) for name in COLUMNS)) if step else event
            facts.append((item.seconds, numbers))
        else:
            columns = zip(*(getattr(item, name) for name in COLUMNS), strict=True)
            rows = zip(item.seconds, columns, strict=True)
            facts += [(seconds, (item.kind, *numbers)) for seconds, numbers in rows]
    return facts


def write(folder: Path, *lines: dict) -> None:
    with open(folder / EVENTS, "a") as file:
        for line in lines:
            file.write(json.dumps(line) + "\n")


def step(number: int, mono: float, attempt: int = 1, kind: str = "train") -> dict:
    facts = {"run": "r", "kind": kind, "step": number, "steps": 9, "loss": 1 / number}
    return {"event": "StepDone", **facts, "attempt": attempt, "seq": number, "mono": mono}


def test_curve_of_a_real_run_is_its_steps(jobs: StandInJobs) -> None:
    folder = jobs.start("r", steps=12)
    steps = [event for event in told(folder) if isinstance(event, StepDone)]
    curve = read_curve(folder)
    assert curve.kinds == ("stand-in",) and list(curve.kind) == [0] * 12
    assert list(curve.step) == [event.step for event in steps]
    assert list(curve.loss) == [event.loss for event in steps]
    assert list(curve.seconds) == sorted(curve.seconds) and curve.seconds[0] > 0
    assert curve.until == (folder / EVENTS).read_bytes().rindex(b'{"event": "Finished"')


def test_a_run_is_read_alike_in_columns_and_line_by_line(
    jobs: StandInJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = jobs.start("r", steps=30)
    jobs.until(folder, StepDone, at_least=4)
    runner.request(folder, "pause")
    jobs.until(folder, Paused)
    runner.request(folder, "go")
    jobs.until(folder, StepDone, at_least=9)
    jobs.kill(folder)
    jobs.launch(folder)
    live = [item for batch in read_run(folder) for item in batch]
    past = read(folder)
    assert sum(isinstance(item, Steps) for item in past) >= 2
    monkeypatch.setattr("gardener_core.jobs.follow.read_curve", lambda folder: StepCurve())
    slow = one_by_one(read(folder))
    assert not [item for item in read(folder) if isinstance(item, Steps)]
    assert one_by_one(past) == one_by_one(live) == slow


def test_curve_is_made_again_where_it_is_missing_or_does_not_fit(jobs: StandInJobs) -> None:
    folder = jobs.start("r", steps=8)
    told(folder)
    whole = read_curve(folder)
    old = (folder / CURVE).read_bytes()[RECORD:]  # as it was written before it had a header
    for damage in (b"", b"x" * RECORD, (folder / CURVE).read_bytes() + b"y" * 2 * RECORD, old):
        (folder / CURVE).write_bytes(damage)
        assert read_curve(folder) == whole
        assert (folder / CURVE).stat().st_size == 9 * RECORD
    (folder / CURVE).unlink()
    assert read_curve(folder) == whole


def test_killed_between_event_and_point_leaves_no_hole(jobs: StandInJobs) -> None:
    folder = jobs.start("r", steps=40)
    jobs.until(folder, StepDone, at_least=5)
    jobs.kill(folder)
    with open(folder / CURVE, "r+b") as file:  # as if the kill had come one write earlier
        file.truncate((folder / CURVE).stat().st_size // RECORD * RECORD - RECORD)
    jobs.launch(folder)
    steps = [event.step for event in told(folder) if isinstance(event, StepDone)]
    curve = read_curve(folder)
    assert [int(number) for number in curve.step] == steps
    assert sum(len(item.step) for item in read(folder) if isinstance(item, Steps)) > 30


def test_seconds_are_of_work_and_no_clock_changes_them(tmp_path: Path) -> None:
    write(tmp_path, step(1, 100.0), step(2, 103.0), step(2, 7.0, 2), step(3, 9.5, 2, "grow"))
    curve = read_curve(tmp_path)
    assert list(curve.seconds) == [0.0, 3.0, 3.0, 5.5]
    assert curve.kinds == ("train", "grow") and list(curve.kind) == [0, 0, 0, 1]


def test_waiting_is_told_apart_from_work(tmp_path: Path) -> None:
    def line(name: str, mono: float, attempt: int = 1) -> dict:
        return {"event": name, "ahead": 1, "attempt": attempt, "mono": mono}

    first = [line("Queued", 10.0), line("Started", 40.0), step(1, 43.0), line("Paused", 44.0)]
    write(tmp_path, *first, line("Queued", 70.0), line("Resumed", 80.0), step(2, 82.0))
    write(tmp_path, line("Paused", 83.0), line("Started", 500.0, 2), step(3, 501.0, 2))
    assert list(read_curve(tmp_path).seconds) == [3.0, 6.0, 8.0]
    clock = rebuild_curve(tmp_path)
    assert (clock.working_seconds, clock.waiting_seconds) == (8.0, 30.0 + 36.0)


def test_loss_that_is_no_number_stays_one(tmp_path: Path) -> None:
    write(tmp_path, {**step(1, 1.0), "loss": math.nan}, step(2, 2.0))
    assert math.isnan(read_curve(tmp_path).loss[0])


def test_torn_step_is_in_no_curve(tmp_path: Path) -> None:
    write(tmp_path, step(1, 1.0))
    with open(tmp_path / EVENTS, "a") as file:
        file.write('{"event": "StepDone", "run": "r", "kind": "tr\n')
    write(tmp_path, step(2, 2.0))
    assert list(read_curve(tmp_path).step) == [1, 2]


@pytest.mark.long
def test_a_hundred_thousand_points_come_back_in_a_tenth_of_a_second(tmp_path: Path) -> None:
    writer = RunWriter(tmp_path, 1, os.open(tmp_path / "alive", os.O_RDWR | os.O_CREAT))
    writer.write(Started())
    for number in range(1, POINTS + 1):
        writer.write(StepDone("r", "train", number, POINTS, 1 / number))
    writer.write(Finished(1.0))
    began = time.process_time()
    curve = read_curve(tmp_path)
    columns = time.process_time() - began
    rest = read(tmp_path)
    assert [len(item.step) for item in rest if isinstance(item, Steps)] == [POINTS - 1]
    facts = [item.event for item in rest if isinstance(item, TimedEvent)]
    assert [type(event) for event in facts] == [Started, StepDone, Finished]
    assert len(curve.step) == POINTS
    spent = time.process_time() - began
    assert spent < 0.3, f"{columns:.3f} s for the curve, {spent:.3f} s with the rest"
    print(f"curve {columns * 1000:.1f} ms, with the lines that are no steps {spent * 1000:.1f} ms")
