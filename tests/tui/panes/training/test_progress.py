"""What a run told looks the same however late one came, and however it was cut."""

import fcntl
import json
import os
from array import array
from pathlib import Path
from typing import Any

import pytest

from gardener_core.events.json import encode
from gardener_core.events.run import (
    Failed,
    Finished,
    Heard,
    Noted,
    Paused,
    PhaseAdvanced,
    Queued,
    Resumed,
    Started,
)
from gardener_core.events.train import Checkpointed, Grown, Planned, Saved, Scored, StepDone
from gardener_core.events.union import Event, Unknown
from gardener_core.jobs.curve import CURVE, HEADER, read_curve, rebuild_curve
from gardener_core.jobs.folder import EVENTS, RunRequest, write_request
from gardener_core.jobs.follow import Steps, TimedEvent, read_run
from gardener_tui.panes.training.progress import RunProgress


def steps(first: int, last: int, kind: str = "train", total: int = 100) -> list[Event]:
    return [
        StepDone("r", kind, step, total, 4.0 - step / total, 1e-3, 900.0 + step, 10**8)
        for step in range(first, last + 1)
    ]


def told(*events: Event, seconds: float = 1.0, first: float = 0.0) -> list[TimedEvent]:
    return [TimedEvent(event, first + at * seconds) for at, event in enumerate(events)]


# A run that waits, grows its base, trains, is killed, and goes on in a second attempt.
FIRST: list[Event] = [
    PhaseAdvanced("importing"),
    Queued(1),
    Started(),
    PhaseAdvanced("preparing", 0, 40, "tokens"),
    Planned("r", "grow", "seedling", 6, 100, 9, 2),
    PhaseAdvanced("growing", 0, 6, "steps"),
    *steps(1, 6, "grow", 6),
    PhaseAdvanced("scoring base", 0, 20, "tokens"),
    Grown("seedling", "/m", 10, 20, 30, 4.0),
    Planned("r", "train", "seedling", 12, 200, 7, 3),
    PhaseAdvanced("scoring before", 0, 50, "tokens", "a.py"),
    Heard("pause"),
    Paused(),
    Resumed(),
    PhaseAdvanced("scoring before", 50, 50, "tokens"),
    Scored("before", "bits_per_byte", 2.5, 3),
    PhaseAdvanced("training", 0, 12, "steps"),
    *steps(1, 4, total=12),
    Checkpointed(4),
    *steps(5, 7, total=12),
]
SECOND: list[Event] = [
    PhaseAdvanced("importing"),
    Started(),
    Planned("r", "train", "seedling", 12, 200, 7, 3),
    Scored("before", "bits_per_byte", 2.5, 3),
    PhaseAdvanced("training", 4, 12, "steps"),
    *steps(5, 12, total=12),
    Checkpointed(12),
    PhaseAdvanced("scoring after", 0, 50, "tokens"),
    Noted("The index as it is now is kept."),
    Saved("v1", "/a", 9),
    Finished(30.0, 2.0),
]


def write_run(folder: Path) -> list[bytes]:
    """The lines of the run, an event each 0.37 s, the attempts on clocks of their own."""
    lines = []
    for attempt, events, began in ((1, FIRST, 500.0), (2, SECOND, 20.0)):
        for seq, event in enumerate(events):
            mono = round(began + seq * 0.37, 4)
            fields = {**encode(event), "attempt": attempt, "seq": seq, "mono": mono}
            lines.append(json.dumps(fields).encode() + b"\n")
    (folder / EVENTS).write_bytes(b"".join(lines))
    write_request(folder, RunRequest(2))
    return lines


def picture(value: Any) -> Any:
    """A value by what it holds, all the way down, so that nothing can differ unseen."""
    if isinstance(value, dict):
        return {key: picture(item) for key, item in value.items()}
    if isinstance(value, list | tuple | array | set):
        return [picture(item) for item in value]
    if isinstance(value, str | int | float | bool | None):
        return value
    slots = getattr(value, "__slots__", None) or vars(value)
    return {name: picture(getattr(value, name)) for name in slots}


def progress_of(batches: list[list[TimedEvent | Steps]]) -> RunProgress:
    progress = RunProgress("train", "starting")
    for batch in batches:
        progress.add(batch, 0.0)
    return progress


def test_a_run_that_grows_and_trains_looks_the_same_from_every_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gardener_core.jobs.follow.BATCH_SECONDS", 0.001)
    lines = write_run(tmp_path)
    live = [item for batch in read_run(tmp_path) for item in batch]
    one_by_one: list[TimedEvent | Steps] = []
    for cut in range(len(lines) + 1):
        folder = tmp_path / f"cut-{cut}"
        folder.mkdir()
        write_request(folder, RunRequest(2))
        (folder / EVENTS).write_bytes(b"".join(lines[:cut]))
        rebuild_curve(folder)  # as the job has written it until then
        curve = (folder / CURVE).read_bytes()
        lock = os.open(folder / "alive", os.O_RDWR | os.O_CREAT)
        fcntl.flock(lock, fcntl.LOCK_EX)  # so that it lives
        batches = read_run(folder)
        before = next(batches)
        with open(folder / EVENTS, "ab") as file:
            file.write(b"".join(lines[cut:]))
        assert (folder / CURVE).read_bytes() == curve
        after = [batch for batch in batches if batch]
        late = progress_of([before, *after])
        if cut == 0:
            one_by_one = [item for batch in after for item in batch]
        assert picture(vars(late)) == picture(vars(progress_of([[item] for item in live]))), cut
        os.close(lock)
    assert not [item for item in one_by_one if isinstance(item, Steps)]
    assert [item for item in live if isinstance(item, Steps)]
    assert picture(vars(progress_of([one_by_one]))) == picture(vars(progress_of([live])))


def test_what_the_picture_of_such_a_run_holds(tmp_path: Path) -> None:
    write_run(tmp_path)
    progress = progress_of(list(read_run(tmp_path)))
    assert (progress.state, progress.step, progress.steps) == ("finished", 12, 12)
    assert list(progress.curves.of("grow").steps) == [1, 2, 3, 4, 5, 6]
    assert list(progress.curves.of("train").steps) == list(range(1, 13))
    assert progress.curve is progress.curves.of("train")
    assert list(progress.curves.of("train", "held_out").steps) == []
    assert [note.step for note in progress.notes if "bits per byte before" in note.text] == [0, 7]
    assert progress.checkpoints == [4, 12]
    assert [note.text for note in progress.notes][-1] == "Finished in 30 s, waited 2.0 s"
    parts = progress.phases.parts
    assert parts["training"].counted == 7 + 8
    assert parts["growing"].seconds == pytest.approx(7 * 0.37)
    assert list(parts) == [
        "importing", "preparing", "growing", "scoring base", "scoring before", "training",
        "scoring after",
    ]  # fmt: skip


def test_a_run_folder_of_before_is_shown_with_both_curves(tmp_path: Path) -> None:
    """As the first version wrote it: no parts, no header in curve.bin, three numbers a step."""
    events: list[dict[str, Any]] = [
        {"event": "Started"},
        {"event": "Planned", "run": "r", "kind": "grow", "base": "seedling", "steps": 3,
         "tokens": 9, "train_files": 2, "held_out_files": 1},
        *({"event": "StepDone", "run": "r", "kind": "grow", "step": n, "steps": 3, "loss": 9.0}
          for n in (1, 2, 3)),
        {"event": "Planned", "run": "r", "kind": "train", "base": "seedling", "steps": 2,
         "tokens": 9, "train_files": 2, "held_out_files": 1},
        *({"event": "StepDone", "run": "r", "kind": "train", "step": n, "steps": 2, "loss": 3.0}
          for n in (1, 2)),
        {"event": "Finished", "seconds": 5.0},
    ]  # fmt: skip
    with open(tmp_path / EVENTS, "w") as file:
        for at, event in enumerate(events):
            facts = {"attempt": 1, "seq": at, "mono": 7.0 + at, "wall": 0.0}
            file.write(json.dumps({**event, **facts}) + "\n")
    write_request(tmp_path, RunRequest(1))
    read_curve(tmp_path)
    old = (tmp_path / CURVE).read_bytes().removeprefix(HEADER)
    (tmp_path / CURVE).write_bytes(old)
    progress = progress_of(list(read_run(tmp_path)))
    assert list(progress.curves.of("grow").values) == [9.0] * 3
    assert list(progress.curve.values) == [3.0, 3.0]
    assert (progress.state, progress.step, progress.steps) == ("finished", 2, 2)
    assert progress.finished == Finished(5.0)


def test_the_pace_is_that_of_the_last_seconds_of_work() -> None:
    progress = RunProgress("grow", "running")
    progress.add(told(Started(), PhaseAdvanced("growing", 0, 100, "steps")), 0.0)
    assert progress.estimate is None
    progress.add(told(*steps(1, 4, "grow"), seconds=2.0, first=3.0), 0.0)
    estimate = progress.estimate
    # Four steps in the eight seconds since growing began; 96 are left.
    assert estimate is not None and estimate.all_seconds == 96 * 2.0
    progress.add(told(*steps(5, 60, "grow"), seconds=1.0, first=10.0), 0.0)
    estimate = progress.estimate
    assert estimate is not None and estimate.all_seconds == 40.0


def test_a_part_of_which_nothing_is_known_is_named_not_guessed() -> None:
    progress = RunProgress("train", "running")
    scoring = [PhaseAdvanced("scoring before", done, 60, "tokens") for done in (0, 20, 40)]
    progress.add(told(Started(), *scoring, seconds=2.0), 0.0)
    estimate = progress.estimate
    assert estimate is not None
    assert (estimate.part_seconds, estimate.all_seconds) == (2.0, None)
    assert estimate.then == ("training",)
    rest = [PhaseAdvanced("scoring before", 60, 60, "tokens"), PhaseAdvanced("training", 0, 100)]
    progress.add(told(*rest, *steps(1, 2), seconds=2.0, first=8.0), 0.0)
    estimate = progress.estimate
    # 98 steps of 2 s, then scoring again: 60 tokens took 8 s, the step into training too.
    assert estimate is not None and estimate.all_seconds == 98 * 2.0 + 8.0


def test_a_new_attempt_that_has_not_spoken_is_starting_not_failed() -> None:
    progress = RunProgress("train", "failed")
    progress.add(told(Started(), *steps(1, 3), Failed("error", "Broken.", "")), 0.0)
    assert progress.state == "failed" and progress.trouble
    progress.add([], 0.1)
    assert progress.state == "starting" and progress.trouble is None
    progress.add(told(Resumed(), *steps(2, 4), first=9.0), 0.2)
    assert progress.state == "running"
    assert list(progress.curve.steps) == [1, 2, 3, 4]


def test_what_a_newer_program_tells_again_and_again_is_noted_once() -> None:
    progress = RunProgress("train", "running")
    progress.add(told(*[Unknown("Dreamt", {"of": n}) for n in range(50)]), 0.0)
    assert [note.text for note in progress.notes] == ["Dreamt: an event of a newer program"]
