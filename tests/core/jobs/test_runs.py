"""Real runs are started, followed, paused, stopped, killed and revived."""

import json
import os
import shlex
import sys
import time
from pathlib import Path

import pytest
from support.stand_in_jobs import StandInJobs, until

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
from gardener_core.events.train import AlertRaised, Checkpointed, StepDone
from gardener_core.events.union import Unknown
from gardener_core.jobs import runner
from gardener_core.jobs.folder import EVENTS, RunRequest, is_alive, write_request
from gardener_core.jobs.follow import current_run, follow, run_status
from gardener_core.store.garden.runs import Run


def state(folder: Path) -> str:
    return current_run(folder, Run(folder.name, "stand-in", "", 0.0, "starting")).state


def told(folder: Path) -> list:
    return [event for batch in follow(folder) for event in batch]


def test_run_tells_all_and_finishes(jobs: StandInJobs) -> None:
    folder = jobs.start("r", steps=5)
    events = told(folder)
    assert events[0] == PhaseAdvanced("importing") and isinstance(events[1], Started)
    assert [e.step for e in events if isinstance(e, StepDone)] == [1, 2, 3, 4, 5]
    assert isinstance(events[-1], Finished)
    assert state(folder) == "finished"
    assert told(folder) == events  # a second follower sees the same


def test_job_stands_behind_the_screen_in_its_own_session(jobs: StandInJobs) -> None:
    folder = jobs.start("r", steps=1)
    (note,) = (e for e in told(folder) if isinstance(e, Noted))
    assert "nice 10 session True" in note.text


def test_what_libraries_print_goes_to_the_log(jobs: StandInJobs) -> None:
    folder = jobs.start("r", steps=1)
    told(folder)
    assert "a library prints" in (folder / "log.txt").read_text()


def test_lock_has_no_gap_after_the_launch(jobs: StandInJobs) -> None:
    for number in range(5):
        assert is_alive(jobs.start(f"r{number}"))


def test_second_start_is_refused(jobs: StandInJobs) -> None:
    folder = jobs.start("r")
    jobs.until(folder, StepDone)
    with pytest.raises(RunBusy):
        jobs.launch(folder)
    assert state(folder) == "running"


def test_pause_holds_within_a_step_and_resume_goes_on(jobs: StandInJobs) -> None:
    folder = jobs.start("r")
    jobs.until(folder, StepDone)
    runner.request(folder, "pause")
    jobs.until(folder, Paused)
    assert state(folder) == "paused"
    held = (folder / EVENTS).stat().st_size
    pulse = (folder / "pulse").stat().st_mtime_ns
    until(lambda: (folder / "pulse").stat().st_mtime_ns > pulse, "a pulse while paused")
    assert (folder / EVENTS).stat().st_size == held
    runner.request(folder, "go")
    jobs.until(folder, Resumed)
    jobs.until(folder, StepDone, at_least=5)
    assert state(folder) == "running"


def test_stop_ends_after_the_step_and_keeps_what_was_done(jobs: StandInJobs) -> None:
    folder = jobs.start("r")
    jobs.until(folder, StepDone, at_least=3)
    runner.request(folder, "stop")
    events = told(folder)
    assert isinstance(events[-1], Stopped)
    assert state(folder) == "stopped"
    assert int((folder / "kept").read_text()) == max(
        e.step for e in events if isinstance(e, StepDone)
    )


def test_paused_run_can_be_stopped(jobs: StandInJobs) -> None:
    folder = jobs.start("r")
    runner.request(folder, "pause")
    jobs.until(folder, Paused)
    runner.request(folder, "stop")
    assert isinstance(told(folder)[-1], Stopped)


def test_terminate_is_a_stop(jobs: StandInJobs) -> None:
    folder = jobs.start("r")
    jobs.until(folder, StepDone)
    os.kill(jobs.process_id(folder), 15)
    assert isinstance(told(folder)[-1], Stopped)


def test_checkpoint_is_made_when_asked_for(jobs: StandInJobs) -> None:
    folder = jobs.start("r")
    jobs.until(folder, StepDone)
    runner.request_checkpoint(folder)
    jobs.until(folder, Checkpointed)


def test_killed_run_is_told_dead_and_resumes_where_it_was(jobs: StandInJobs) -> None:
    folder = jobs.start("r", steps=60)
    jobs.until(folder, StepDone, at_least=3)
    runner.request_checkpoint(folder)
    jobs.until(folder, Checkpointed)
    jobs.kill(folder)
    assert state(folder) == "died"
    events = told(folder)
    assert isinstance(events[-1], Died)
    assert "a library prints" in events[-1].what  # the tail of its log
    kept = int((folder / "kept").read_text())
    jobs.launch(folder)
    events = told(folder)
    assert isinstance(events[-1], Finished)
    second = events[len(events) - events[::-1].index(Started()) :]
    assert next(e.step for e in second if isinstance(e, StepDone)) == kept + 1


def test_old_wish_does_not_touch_a_new_attempt(jobs: StandInJobs) -> None:
    folder = jobs.start("r", steps=40)
    jobs.until(folder, StepDone)
    jobs.kill(folder)
    write_request(folder, RunRequest(attempt=1, run="stop"))
    jobs.launch(folder)
    write_request(folder, RunRequest(attempt=1, run="stop"))  # by a slow screen
    assert isinstance(told(folder)[-1], Finished)


def test_torn_last_line_is_passed_over_and_closed(jobs: StandInJobs) -> None:
    folder = jobs.start("r", steps=30)
    jobs.until(folder, StepDone, at_least=2)
    jobs.kill(folder)
    before = [e for e in told(folder) if isinstance(e, StepDone)]
    with open(folder / EVENTS, "ab") as file:
        file.write(b'{"event": "StepDone", "run": "r", "st')
    assert [e for e in told(folder) if isinstance(e, StepDone)] == before
    jobs.launch(folder)
    events = told(folder)
    assert isinstance(events[-1], Finished)
    assert [e for e in events if isinstance(e, StepDone)][: len(before)] == before


def test_crash_is_told_with_its_reason(jobs: StandInJobs) -> None:
    folder = jobs.start("r")
    (folder / "crash").touch()
    last = told(folder)[-1]
    assert isinstance(last, Failed)
    assert (last.code, last.what) == ("crash", "RuntimeError: as asked")
    assert str(folder / "log.txt") in last.hint
    assert "Traceback" in (folder / "log.txt").read_text()
    assert state(folder) == "failed"


def test_one_heavy_run_at_a_time_in_order(jobs: StandInJobs) -> None:
    first = jobs.start("a", heavy=True)
    jobs.until(first, StepDone)
    second = jobs.start("b", steps=3, heavy=True)
    third = jobs.start("c", steps=3, heavy=True)
    assert jobs.until(second, Queued)[-1] in (Queued(1), Queued(2))
    jobs.until(third, Queued)
    assert (state(second), state(third)) == ("queued", "queued")
    jobs.kill(first)  # a dead owner's place is free
    assert isinstance(told(second)[-1], Finished)
    assert isinstance(told(third)[-1], Finished)


def test_paused_run_gives_the_machine_back(jobs: StandInJobs) -> None:
    first = jobs.start("a", heavy=True)
    jobs.until(first, StepDone)
    second = jobs.start("b", steps=3, heavy=True)
    jobs.until(second, Queued)
    runner.request(first, "pause")
    assert isinstance(told(second)[-1], Finished)
    runner.request(first, "go")
    jobs.until(first, Resumed)


def test_queued_run_can_be_stopped(jobs: StandInJobs) -> None:
    first = jobs.start("a", heavy=True)
    jobs.until(first, StepDone)
    second = jobs.start("b", heavy=True)
    jobs.until(second, Queued)
    runner.request(second, "stop")
    assert isinstance(told(second)[-1], Stopped)


def test_event_of_a_newer_program_stays_whole(jobs: StandInJobs) -> None:
    folder = jobs.start("r", steps=1)
    told(folder)
    with open(folder / EVENTS, "ab") as file:
        newer = {"event": "Dreamt", "attempt": 1, "of": "sheep"}
        file.write(json.dumps(newer).encode() + b"\n")
    assert Unknown("Dreamt", {"of": "sheep"}) in told(folder)


def test_queued_run_can_be_paused_and_gives_its_place_up(jobs: StandInJobs) -> None:
    first = jobs.start("a", heavy=True)
    jobs.until(first, StepDone)
    second = jobs.start("b", steps=3, heavy=True)
    jobs.until(second, Queued)
    runner.request(second, "pause")
    jobs.until(second, Paused)
    third = jobs.start("c", steps=3, heavy=True)
    jobs.until(third, Queued)
    jobs.kill(first)
    assert isinstance(told(third)[-1], Finished)
    assert state(second) == "paused"
    runner.request(second, "go")
    assert isinstance(told(second)[-1], Finished)


def test_what_a_run_waited_is_not_what_it_worked(jobs: StandInJobs) -> None:
    folder = jobs.start("r", steps=30)
    jobs.until(folder, StepDone, at_least=3)
    runner.request(folder, "pause")
    jobs.until(folder, Paused)
    lines = [json.loads(line) for line in (folder / EVENTS).read_bytes().splitlines()]
    since = next(line["mono"] for line in lines if line["event"] == "Paused")
    until(lambda: time.monotonic() > since + 1.0, "a second of pause")
    runner.request(folder, "go")
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


def test_the_users_command_is_started_when_a_long_run_ends(
    jobs: StandInJobs, tmp_path: Path
) -> None:
    told_to = tmp_path / "told"
    script = f"import sys; open({str(told_to)!r}, 'w').write(' '.join(sys.argv[1:]))"
    jobs.places.settings.parent.mkdir(parents=True, exist_ok=True)
    command = f"{sys.executable} -c {shlex.quote(script)}"
    jobs.places.settings.write_text(f"[runs]\nend_command = {json.dumps(command)}\n")
    told(jobs.start("short", steps=1))
    folder = jobs.places.run("long")
    folder.mkdir(parents=True)
    lines = [{"event": "Started", "mono": 0.0}, {"event": "Checkpointed", "step": 1, "mono": 30.0}]
    with open(folder / EVENTS, "w") as file:  # an attempt that worked for half a minute
        file.writelines(json.dumps({**line, "attempt": 1}) + "\n" for line in lines)
    jobs.start("long", steps=1)
    until(told_to.exists, "the command was never started")
    until(told_to.read_text, "it never wrote")
    assert told_to.read_text() == "long finished"


def test_an_alert_is_kept_in_the_run_once_and_starts_the_command(
    jobs: StandInJobs, tmp_path: Path
) -> None:
    told_to = tmp_path / "told"
    script = f"import sys; open({str(told_to)!r}, 'a').write(' '.join(sys.argv[1:4]))"
    command = json.dumps(f"{sys.executable} -c {shlex.quote(script)}")
    jobs.places.settings.parent.mkdir(parents=True, exist_ok=True)
    jobs.places.settings.write_text(
        f"[alerts]\ncommand = {command}\ndisk_mb = 1000000000\nmemory_mb = 0\n"
    )
    folder = jobs.start("r", steps=4, heavy=True)
    (alert,) = (event for event in told(folder) if isinstance(event, AlertRaised))
    assert alert.rule == "disk" and alert.value < alert.limit
    until(told_to.exists, "the command was never started")
    until(told_to.read_text, "it never wrote")
    assert told_to.read_text().startswith("r disk Alert at step")
