"""Runs with real processes: started, followed, paused, stopped, killed and revived."""

import json
import os
import time
from pathlib import Path

import pytest
from support.bench import Bench, until

from gardener_core.errors import RunBusy
from gardener_core.events.run import (
    Died,
    Failed,
    Finished,
    Noted,
    Paused,
    PhaseAdvanced,
    Queued,
    Resumed,
    Started,
    Stopped,
)
from gardener_core.events.train import Checkpointed, StepDone
from gardener_core.events.union import Unknown
from gardener_core.jobs import runner
from gardener_core.jobs.folder import EVENTS, Wish, is_alive, write_wish
from gardener_core.jobs.follow import current_run, follow, run_status
from gardener_core.store.garden.runs import Run


def state(folder: Path) -> str:
    return current_run(folder, Run(folder.name, "stand-in", "", 0.0, "starting")).state


def told(folder: Path) -> list:
    return [event for batch in follow(folder) for event in batch]


def test_run_tells_all_and_finishes(bench: Bench) -> None:
    folder = bench.start("r", steps=5)
    events = told(folder)
    assert events[0] == PhaseAdvanced("importing") and isinstance(events[1], Started)
    assert [e.step for e in events if isinstance(e, StepDone)] == [1, 2, 3, 4, 5]
    assert isinstance(events[-1], Finished)
    assert state(folder) == "finished"
    assert told(folder) == events  # a second follower sees the same


def test_job_stands_behind_the_screen_in_its_own_session(bench: Bench) -> None:
    folder = bench.start("r", steps=1)
    (note,) = (e for e in told(folder) if isinstance(e, Noted))
    assert "nice 10 session True" in note.text


def test_what_libraries_print_goes_to_the_log(bench: Bench) -> None:
    folder = bench.start("r", steps=1)
    told(folder)
    assert "a library prints" in (folder / "log.txt").read_text()


def test_lock_has_no_gap_after_the_launch(bench: Bench) -> None:
    for number in range(5):
        assert is_alive(bench.start(f"r{number}"))


def test_second_start_is_refused(bench: Bench) -> None:
    folder = bench.start("r")
    bench.until(folder, StepDone)
    with pytest.raises(RunBusy):
        bench.launch(folder)
    assert state(folder) == "running"


def test_pause_holds_within_a_step_and_resume_goes_on(bench: Bench) -> None:
    folder = bench.start("r")
    bench.until(folder, StepDone)
    runner.wish_for(folder, "pause")
    bench.until(folder, Paused)
    assert state(folder) == "paused"
    held = (folder / EVENTS).stat().st_size
    pulse = (folder / "pulse").stat().st_mtime_ns
    until(lambda: (folder / "pulse").stat().st_mtime_ns > pulse, "a pulse while paused")
    assert (folder / EVENTS).stat().st_size == held
    runner.wish_for(folder, "go")
    bench.until(folder, Resumed)
    bench.until(folder, StepDone, at_least=5)
    assert state(folder) == "running"


def test_stop_ends_after_the_step_and_keeps_what_was_done(bench: Bench) -> None:
    folder = bench.start("r")
    bench.until(folder, StepDone, at_least=3)
    runner.wish_for(folder, "stop")
    events = told(folder)
    assert isinstance(events[-1], Stopped)
    assert state(folder) == "stopped"
    assert int((folder / "kept").read_text()) == max(
        e.step for e in events if isinstance(e, StepDone)
    )


def test_paused_run_can_be_stopped(bench: Bench) -> None:
    folder = bench.start("r")
    runner.wish_for(folder, "pause")
    bench.until(folder, Paused)
    runner.wish_for(folder, "stop")
    assert isinstance(told(folder)[-1], Stopped)


def test_terminate_is_a_stop(bench: Bench) -> None:
    folder = bench.start("r")
    bench.until(folder, StepDone)
    os.kill(bench.process_id(folder), 15)
    assert isinstance(told(folder)[-1], Stopped)


def test_checkpoint_is_made_when_asked_for(bench: Bench) -> None:
    folder = bench.start("r")
    bench.until(folder, StepDone)
    runner.wish_for_checkpoint(folder)
    bench.until(folder, Checkpointed)


def test_killed_run_is_told_dead_and_resumes_where_it_was(bench: Bench) -> None:
    folder = bench.start("r", steps=60)
    bench.until(folder, StepDone, at_least=3)
    runner.wish_for_checkpoint(folder)
    bench.until(folder, Checkpointed)
    bench.kill(folder)
    assert state(folder) == "died"
    events = told(folder)
    assert isinstance(events[-1], Died)
    assert "a library prints" in events[-1].what  # the tail of its log
    kept = int((folder / "kept").read_text())
    bench.launch(folder)
    events = told(folder)
    assert isinstance(events[-1], Finished)
    second = events[len(events) - events[::-1].index(Started()) :]
    assert next(e.step for e in second if isinstance(e, StepDone)) == kept + 1


def test_old_wish_does_not_touch_a_new_attempt(bench: Bench) -> None:
    folder = bench.start("r", steps=40)
    bench.until(folder, StepDone)
    bench.kill(folder)
    write_wish(folder, Wish(attempt=1, run="stop"))
    bench.launch(folder)
    write_wish(folder, Wish(attempt=1, run="stop"))  # a slow screen that still means the old one
    assert isinstance(told(folder)[-1], Finished)


def test_torn_last_line_is_passed_over_and_closed(bench: Bench) -> None:
    folder = bench.start("r", steps=30)
    bench.until(folder, StepDone, at_least=2)
    bench.kill(folder)
    before = [e for e in told(folder) if isinstance(e, StepDone)]
    with open(folder / EVENTS, "ab") as file:
        file.write(b'{"event": "StepDone", "run": "r", "st')
    assert [e for e in told(folder) if isinstance(e, StepDone)] == before
    bench.launch(folder)
    events = told(folder)
    assert isinstance(events[-1], Finished)
    assert [e for e in events if isinstance(e, StepDone)][: len(before)] == before


def test_crash_is_told_with_its_reason(bench: Bench) -> None:
    folder = bench.start("r")
    (folder / "crash").touch()
    last = told(folder)[-1]
    assert isinstance(last, Failed)
    assert (last.code, last.what) == ("crash", "RuntimeError: as asked")
    assert str(folder / "log.txt") in last.hint
    assert "Traceback" in (folder / "log.txt").read_text()
    assert state(folder) == "failed"


def test_one_heavy_run_at_a_time_in_order(bench: Bench) -> None:
    first = bench.start("a", heavy=True)
    bench.until(first, StepDone)
    second = bench.start("b", steps=3, heavy=True)
    third = bench.start("c", steps=3, heavy=True)
    assert bench.until(second, Queued)[-1] in (Queued(1), Queued(2))
    bench.until(third, Queued)
    assert (state(second), state(third)) == ("queued", "queued")
    bench.kill(first)  # a dead owner's place is free
    assert isinstance(told(second)[-1], Finished)
    assert isinstance(told(third)[-1], Finished)


def test_paused_run_gives_the_machine_back(bench: Bench) -> None:
    first = bench.start("a", heavy=True)
    bench.until(first, StepDone)
    second = bench.start("b", steps=3, heavy=True)
    bench.until(second, Queued)
    runner.wish_for(first, "pause")
    assert isinstance(told(second)[-1], Finished)
    runner.wish_for(first, "go")
    bench.until(first, Resumed)


def test_queued_run_can_be_stopped(bench: Bench) -> None:
    first = bench.start("a", heavy=True)
    bench.until(first, StepDone)
    second = bench.start("b", heavy=True)
    bench.until(second, Queued)
    runner.wish_for(second, "stop")
    assert isinstance(told(second)[-1], Stopped)


def test_event_of_a_newer_program_stays_whole(bench: Bench) -> None:
    folder = bench.start("r", steps=1)
    told(folder)
    with open(folder / EVENTS, "ab") as file:
        newer = {"event": "Dreamt", "attempt": 1, "of": "sheep"}
        file.write(json.dumps(newer).encode() + b"\n")
    assert Unknown("Dreamt", {"of": "sheep"}) in told(folder)


def test_queued_run_can_be_paused_and_gives_its_place_up(bench: Bench) -> None:
    first = bench.start("a", heavy=True)
    bench.until(first, StepDone)
    second = bench.start("b", steps=3, heavy=True)
    bench.until(second, Queued)
    runner.wish_for(second, "pause")
    bench.until(second, Paused)
    third = bench.start("c", steps=3, heavy=True)
    bench.until(third, Queued)
    bench.kill(first)
    assert isinstance(told(third)[-1], Finished)
    assert state(second) == "paused"
    runner.wish_for(second, "go")
    assert isinstance(told(second)[-1], Finished)


def test_what_a_run_waited_is_not_what_it_worked(bench: Bench) -> None:
    folder = bench.start("r", steps=30)
    bench.until(folder, StepDone, at_least=3)
    runner.wish_for(folder, "pause")
    bench.until(folder, Paused)
    lines = [json.loads(line) for line in (folder / EVENTS).read_bytes().splitlines()]
    since = next(line["mono"] for line in lines if line["event"] == "Paused")
    until(lambda: time.monotonic() > since + 1.0, "a second of pause")
    runner.wish_for(folder, "go")
    (finished,) = [event for event in told(folder) if isinstance(event, Finished)]
    lines = [json.loads(line) for line in (folder / EVENTS).read_bytes().splitlines()]
    whole = lines[-1]["mono"] - lines[0]["mono"]
    assert finished.waited_seconds >= 1.0
    assert finished.seconds + finished.waited_seconds == pytest.approx(whole, abs=0.05)


def test_between_growing_and_training_nothing_is_a_hundred_percent(tmp_path: Path) -> None:
    facts = {"attempt": 1, "seq": 1, "mono": 1.0, "wall": 1.0}
    plan = {"run": "r", "base": "b", "tokens": 1, "train_files": 1, "held_out_files": 1}
    step = {"event": "StepDone", "run": "r", "kind": "grow", "step": 9, "steps": 9, "loss": 2.0}
    told = [
        {"event": "PhaseAdvanced", "phase": "growing", "done": 0, "total": 9, "unit": "steps"},
        step,
        {"event": "Planned", "kind": "train", "steps": 150, **plan},
        {"event": "PhaseAdvanced", "phase": "scoring before", "done": 3, "total": 12},
    ]
    with open(tmp_path / EVENTS, "w") as file:
        for line in told:
            file.write(json.dumps({**line, **facts}) + "\n")
    seen = run_status(tmp_path, Run("r", "train", "p", 0.0, "running"))
    assert (seen.run.step, seen.run.steps, seen.run.loss) == (0, 150, None)
    assert seen.phase == PhaseAdvanced("scoring before", 3, 12)
