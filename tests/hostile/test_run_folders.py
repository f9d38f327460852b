"""Readers of damaged run folders neither fail nor wait."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gardener_core.events.run import Died, Finished
from gardener_core.events.train import StepDone
from gardener_core.events.union import Unknown
from gardener_core.jobs.curve import read_curve
from gardener_core.jobs.folder import (
    RunRequest,
    is_alive,
    read_request,
    silent_seconds,
    write_request,
)
from gardener_core.jobs.follow import current_run, follow, last_attempt
from gardener_core.store.garden.runs import Run

DEEP = b"[" * 200_000
PATIENCE_SECONDS = 20
RUN = Run("r", "train", "p", 0.0, "starting")


@pytest.fixture(autouse=True)
def nothing_waits() -> Iterator[None]:
    """A pipe that nobody writes to would be read for ever."""
    before = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("It waited for a file."))
    signal.alarm(PATIENCE_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def fifo(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


def loop(path: Path) -> None:
    path.symlink_to(path)


def content(data: bytes) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(data)

    return make


GARBAGE = {
    "fifo": fifo,
    "endless": endless,
    "folder": folder,
    "loop": loop,
    "empty": content(b""),
    "binary": content(bytes(range(256)) * 20),
    "deep": content(DEEP),
    "deep-object": content(b'{"a":' * 100_000),
    "list": content(b"[1, 2]"),
    "huge-number": content(b'{"attempt": 1' + b"0" * 4000 + b', "run": "go", "checkpoint": 0}'),
    "infinite": content(b'{"attempt": Infinity, "run": "go", "checkpoint": NaN}'),
    "wrong-types": content(b'{"attempt": "1", "run": ["go"], "checkpoint": {}}'),
    "unknown-wish": content(b'{"attempt": 1, "run": "explode", "checkpoint": 0}'),
    "huge": content(b'{"attempt": 1, "run": "go", "checkpoint": 0, "x": "' + b"x" * 9_000 + b'"}'),
}


@pytest.mark.parametrize("damage", GARBAGE.values(), ids=GARBAGE)
@pytest.mark.parametrize("name", ["wish", "alive", "pulse", "events.jsonl", "curve.bin", "log.txt"])
def test_a_damaged_file_of_a_run_hinders_no_reader(
    tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    write_request(tmp_path, RunRequest(1))
    if name != "events.jsonl":
        told = {"event": "Started", "attempt": 1}
        (tmp_path / "events.jsonl").write_text(json.dumps(told) + "\n")
    (tmp_path / name).unlink(missing_ok=True)
    damage(tmp_path / name)
    assert not is_alive(tmp_path)
    assert silent_seconds(tmp_path) >= 0
    assert current_run(tmp_path, RUN).state == "died"
    told = [event for batch in follow(tmp_path) for event in batch]
    assert isinstance(told[-1], Died)
    assert len(read_curve(tmp_path).step) == 0


@pytest.mark.parametrize("name", sorted(GARBAGE))
def test_garbage_is_no_wish(tmp_path: Path, name: str) -> None:
    GARBAGE[name](tmp_path / "wish")
    assert read_request(tmp_path) == RunRequest(0)


LINES = {
    "deep": DEEP,
    "deep-field": b'{"event": "Finished", "attempt": 1, "seconds": ' + DEEP,
    "huge-attempt": b'{"event": "Finished", "attempt": 1e999}',
    "attempt-of-text": b'{"event": "Finished", "attempt": "one", "seconds": 1}',
    "digits": b'{"event": "Finished", "attempt": 1, "seconds": ' + b"9" * 10_000 + b"}",
    "lone-surrogate": b'{"event": "Finished\\ud800", "attempt": 1}',
    "list": b"[1]",
    "binary": bytes(range(256)).replace(b"\n", b""),
}
ODD_FIELDS = {
    "text-for-a-number": '"seconds": "1"',
    "too-large": '"seconds": ' + "9" * 400,
    "true-for-a-number": '"seconds": true',
    "list-for-a-number": '"seconds": [1]',
    "missing": '"other": 1',
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_line_that_is_no_event_is_passed_over(tmp_path: Path, line: bytes) -> None:
    write_request(tmp_path, RunRequest(1))
    last = b'{"event": "Finished", "seconds": 2, "attempt": 1}'
    (tmp_path / "events.jsonl").write_bytes(line + b"\n" + last + b"\n")
    told = [event for batch in follow(tmp_path) for event in batch]
    assert told[-1] == Finished(2.0)
    assert current_run(tmp_path, RUN).state == "finished"


@pytest.mark.parametrize("fields", ODD_FIELDS.values(), ids=ODD_FIELDS)
def test_fields_of_wrong_types_make_an_unknown_event(tmp_path: Path, fields: str) -> None:
    write_request(tmp_path, RunRequest(1))
    line = f'{{"event": "Finished", "attempt": 1, {fields}}}\n'
    (tmp_path / "events.jsonl").write_text(line)
    told = [event for batch in follow(tmp_path) for event in batch]
    assert isinstance(told[0], Unknown)


def test_a_step_beyond_every_number_is_none(tmp_path: Path) -> None:
    write_request(tmp_path, RunRequest(1))
    step = '{"event": "StepDone", "run": "r", "kind": "train", "step": %s, "steps": 9, "loss": 1.0'
    lines = [step % number + ', "attempt": 1, "mono": 1.0}' for number in ("1", "9" * 300, "3")]
    (tmp_path / "events.jsonl").write_text("\n".join(lines) + "\n")
    told = [event for batch in follow(tmp_path) for event in batch]
    assert [event.step for event in told if isinstance(event, StepDone)] == [1, 3]
    assert list(read_curve(tmp_path).step) == [1, 3]
    assert current_run(tmp_path, RUN).step == 3


def test_points_that_are_none_are_made_again_from_the_events(tmp_path: Path) -> None:
    write_request(tmp_path, RunRequest(1))
    step = {"run": "r", "kind": "train", "steps": 3, "loss": 1.5, "attempt": 1, "mono": 1.0}
    lines = [json.dumps({"event": "StepDone", "step": number, **step}) for number in (1, 2, 3)]
    (tmp_path / "events.jsonl").write_text("\n".join(lines) + "\n")
    whole = read_curve(tmp_path)
    data = (tmp_path / "curve.bin").read_bytes()
    (tmp_path / "curve.bin").write_bytes(b"\xff" * 40 + data[40:])
    assert read_curve(tmp_path) == whole
    assert (tmp_path / "curve.bin").read_bytes() == data


def test_the_next_attempt_is_counted_from_the_events_where_the_wish_is_garbage(
    tmp_path: Path,
) -> None:
    lines = [json.dumps({"event": "Started", "attempt": number}) for number in (1, 2, 3)]
    (tmp_path / "events.jsonl").write_text("\n".join(lines) + "\n")
    (tmp_path / "wish").write_bytes(DEEP)
    assert last_attempt(tmp_path) == 3
