"""An index run reports progress, pauses safely and resumes where it stopped."""

import itertools
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.killing import kill_run
from support.processes import until
from support.stalling import STALLS, stall

from gardener_core.code.workers import ReadingPool
from gardener_core.errors import BadInput
from gardener_core.events.index import FilesRead, Indexed, Stalled
from gardener_core.events.parts import SkippedFile
from gardener_core.events.run import Finished, Noted, Paused, Resumed
from gardener_core.events.union import Event
from gardener_core.garden.door import Garden, open_garden
from gardener_core.jobs.child import RunControl
from gardener_core.jobs.folder import is_alive
from gardener_core.jobs.writer import RunWriter
from gardener_core.search.embedders.static import load_static
from gardener_core.search.indexing.update import FILES_A_COMMIT, refresh
from gardener_core.search.rows import add_rows
from gardener_core.search.table import ChunkTable
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.places import Places

EMBEDDER = load_static()


@pytest.fixture
def garden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Garden]:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    garden = open_garden(Places.of_user())
    yield garden
    garden.close()


def lay_out(root: Path, files: int) -> Path:
    root.mkdir()
    for number in range(files):
        text = f"def f{number}():\n    return {number}\n\n\nclass C{number}:\n    x = {number}\n"
        (root / f"m{number:04}.py").write_text(text * 3)
    return root


def run_of(garden: Garden, project: Project, full: bool = False) -> list[Event]:
    run = garden.runs.index(project, full=full)
    return [event for batch in garden.runs.follow(run.id) for event in batch]


def test_progress_is_told_by_file(garden: Garden, tmp_path: Path) -> None:
    project = garden.projects.add(lay_out(tmp_path / "web", 420))
    events = run_of(garden, project)
    told = [event for event in events if isinstance(event, FilesRead)]
    assert (told[0].done, told[0].total, told[-1].done) == (0, 420, 420)
    assert all(a.done <= b.done for a, b in itertools.pairwise(told))
    (done,) = (event for event in events if isinstance(event, Indexed))
    assert told[-1].chunks == done.chunks > 420
    kept = [event for event in told if event.done and not event.uncommitted]
    assert len(kept) >= 420 // FILES_A_COMMIT
    assert any(event.rate > 0 and event.path for event in told)
    again = run_of(garden, project)
    assert next(e for e in again if isinstance(e, FilesRead)) == FilesRead(0, 0, known=420)


def test_killed_run_goes_on_behind_its_last_batch(garden: Garden, tmp_path: Path) -> None:
    project = garden.projects.add(lay_out(tmp_path / "web", 500))
    run = garden.runs.index(project, full=True)
    for batch in garden.runs.follow(run.id):
        if any(isinstance(e, FilesRead) and e.done and not e.uncommitted for e in batch):
            break
    kill_run(Places.of_user().run(run.id))
    garden.runs.resume(run.id)
    events = [event for batch in garden.runs.follow(run.id) for event in batch]
    starts = [event for event in events if isinstance(event, FilesRead) and event.done == 0]
    assert len(starts) == 2 and starts[1].known >= FILES_A_COMMIT
    assert starts[1].total == 500 - starts[1].known
    assert any(isinstance(event, Noted) and "Resumed" in event.text for event in events)
    assert isinstance(events[-1], Finished)
    (done,) = (event for event in events if isinstance(event, Indexed))
    assert done.files == 500


def test_pause_comes_where_nothing_is_uncommitted(garden: Garden, tmp_path: Path) -> None:
    project = garden.projects.add(lay_out(tmp_path / "web", 500))
    run = garden.runs.index(project)
    events: list[Event] = []
    for batch in garden.runs.follow(run.id):
        begun = any(isinstance(event, FilesRead) for event in events)
        events += batch
        if not begun and any(isinstance(event, FilesRead) for event in batch):
            garden.runs.pause(run.id)
        if any(isinstance(event, Paused) for event in batch):
            garden.runs.resume(run.id)
    at = next(number for number, event in enumerate(events) if isinstance(event, Paused))
    before = events[at - 1]
    assert isinstance(before, FilesRead) and before.uncommitted == 0
    assert isinstance(events[at + 1], Resumed) and isinstance(events[-1], Finished)


def test_stall_is_named_with_its_file_before_it_is_ended(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "web", 3)
    (root / STALLS).write_text("x = 1\n")
    catalog = Catalog(tmp_path / "catalog.db")
    table = ChunkTable.open_or_create(tmp_path / "index", EMBEDDER)
    with ReadingPool(root, 2, 2.5, slow_seconds=0.5, finish=stall) as pool:
        read = list(pool.read([*(f"m{n:04}.py" for n in range(3)), "stall.py"]))
    # Where others compute, a file that does not stall may be slow for a moment too.
    told = [one for one in read if getattr(one, "path", "") == "stall.py"]
    *_, stalled, ended = told
    assert isinstance(stalled, Stalled) and isinstance(ended, SkippedFile)
    with ReadingPool(root, 2, finish=add_rows) as pool:
        list(refresh(root, catalog, table, EMBEDDER, pool))
    assert table.count() == sum(file.chunks for file in catalog.files().values()) > 0


def test_left_out_files_have_reasons_and_a_way_back(garden: Garden, tmp_path: Path) -> None:
    root = lay_out(tmp_path / "web", 2)
    (root / "made.py").write_text("# @generated\ndef zebra():\n    return 1\n")
    (root / ".env").write_text("A=1\n")
    project = garden.projects.add(root)
    run_of(garden, project)
    left = {file.path: file for file in garden.index.skipped(project)}
    assert left["made.py"].reason == "generated" and left["made.py"].by_rule
    assert left[".env"].reason == "holds secrets" and not left[".env"].by_rule
    garden.index.decide(project, ["made.py"], anyway=True)
    run_of(garden, project)
    assert [file.path for file in garden.index.skipped(project)] == [".env"]
    assert garden.index.search(project, "zebra").hits[0].path == "made.py"
    run_of(garden, project, full=True)  # the decision stays
    assert garden.index.search(project, "zebra").hits[0].path == "made.py"
    garden.index.decide(project, ["made.py"], anyway=False)
    run_of(garden, project)
    assert {file.path for file in garden.index.skipped(project)} == {"made.py", ".env"}
    garden.index.retry(project, ["made.py"])
    with pytest.raises(BadInput):
        garden.index.retry(project, ["nix.py"])


def test_run_that_is_killed_while_it_waits_frees_its_lock(garden: Garden, tmp_path: Path) -> None:
    project = garden.projects.add(lay_out(tmp_path / "web", 2))
    run = garden.runs.index(project)
    garden.runs.pause(run.id)
    for batch in garden.runs.follow(run.id):
        if any(isinstance(event, Paused | Finished) for event in batch):
            break
    folder = Places.of_user().run(run.id)
    if is_alive(folder):
        kill_run(folder, signal.SIGKILL)
    until(lambda: not is_alive(folder), "its end")
    assert isinstance(run_of(garden, project)[-1], Finished)


def test_run_waits_while_the_machine_is_short_and_goes_on_by_itself(tmp_path: Path) -> None:
    answers = iter(["", "Only 9 MB of memory are free.", "still", "still", "", ""])
    asked: list[bool] = []

    def reason_to_wait(*, running: bool = True, writes: Path | None = None) -> str:
        asked.append(running)
        return next(answers, "")

    def work() -> Iterator[Event]:
        yield FilesRead(1, 3, uncommitted=1)  # here nobody asks: something would be lost
        yield FilesRead(2, 3)
        yield FilesRead(3, 3)

    writer = RunWriter(tmp_path, 1, os.open(tmp_path / "alive", os.O_CREAT | os.O_RDWR))
    before = signal.getsignal(signal.SIGTERM)
    try:
        RunControl(writer, reason_to_wait).run_to_end(work())  # type: ignore[arg-type]
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGUSR1, signal.SIG_DFL)
    lines = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert [line["event"] for line in lines] == [
        "Started", "FilesRead", "FilesRead", "FilesRead", "Paused", "Resumed",
    ]  # fmt: skip
    assert lines[4]["reason"] == "Only 9 MB of memory are free."
    assert asked == [True, True, False, False, False]
