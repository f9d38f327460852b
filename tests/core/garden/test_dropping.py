"""Dropped runs end, and can be restored for seven days."""

import os
import time
from pathlib import Path

import pytest

from gardener_core.errors import BadInput, RunBusy, RunMissing
from gardener_core.garden.door import Garden
from gardener_core.jobs import runner
from gardener_core.jobs.folder import is_alive
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.dropped_runs import RunFolders
from gardener_core.store.garden.projects import TRASH_SECONDS, Project
from gardener_core.store.garden.runs import RunTable
from gardener_core.system.places import Places


@pytest.fixture
def project(garden: Garden, tmp_path: Path) -> Project:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "a.py").write_text("x = 1\n")
    return garden.projects.add(tmp_path / "web")


def surveyed(garden: Garden, project: Project) -> str:
    run = garden.runs.survey(project)
    assert list(garden.runs.follow(run.id))
    return run.id


def test_dropped_run_is_gone_from_the_list_and_comes_back_as_it_was(
    garden: Garden, places: Places, project: Project
) -> None:
    run_id = surveyed(garden, project)
    before = garden.runs.find(run_id)
    told = list(garden.runs.follow(run_id))
    garden.runs.drop(run_id)
    assert garden.runs.all() == [] and not places.run(run_id).exists()
    assert garden.runs.dropped() == [run_id]
    assert garden.runs.restore(run_id) == before
    assert list(garden.runs.follow(run_id)) == told
    assert garden.runs.dropped() == []
    assert "run dropped" in [entry.action for entry in garden.audit.all()]


def test_live_run_is_stopped_first(garden: Garden, places: Places) -> None:
    run = garden.runs.grow(steps=100_000)
    assert is_alive(places.run(run.id))
    garden.runs.checkpoint(run.id)
    began = time.monotonic()
    garden.runs.drop(run.id)
    assert time.monotonic() - began < 10  # it imports torch now, and is not waited for
    assert garden.runs.all() == []
    assert not garden.runs.restore(run.id).live


def test_a_run_that_does_not_end_is_kept(
    garden: Garden, places: Places, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = surveyed(garden, project)
    monkeypatch.setattr(runner, "END_SECONDS", 0.1)
    monkeypatch.setattr(runner, "is_alive", lambda folder: True)
    with pytest.raises(RunBusy, match="does not end"):
        garden.runs.drop(run_id)
    assert places.run(run_id).exists() and garden.runs.find(run_id)


def test_the_record_of_an_adapter_cannot_be_dropped(
    garden: Garden, places: Places, project: Project
) -> None:
    run_id = surveyed(garden, project)
    table = AdapterTable(Database(places.database))
    table.register(project.id, "v1", "seedling", run_id, 1)
    with pytest.raises(BadInput, match="made adapter v1"):
        garden.runs.drop(run_id)
    assert garden.runs.find(run_id)


def test_cut_off_in_between_repair_forgets_the_row(
    garden: Garden, places: Places, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = surveyed(garden, project)

    def cut_off(table: RunTable, run_id: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(RunTable, "forget", cut_off)
        with pytest.raises(KeyboardInterrupt):
            garden.runs.drop(run_id)
    assert garden.runs.dropped() == [run_id]
    list(garden.orphans.repair())
    assert garden.runs.all() == []
    assert garden.runs.restore(run_id).state == "finished"


def test_after_seven_days_it_is_gone(garden: Garden, places: Places, project: Project) -> None:
    kept, due = surveyed(garden, project), surveyed(garden, project)
    garden.runs.drop(kept)
    garden.runs.drop(due)
    folders = RunFolders(places, RunTable(Database(places.database)))
    long_ago = time.time() - TRASH_SECONDS - 1
    os.utime(places.trash / f"dropped-{due}", (long_ago, long_ago))
    folders.recover()
    assert garden.runs.dropped() == [kept]
    with pytest.raises(RunMissing, match="in the trash"):
        garden.runs.restore(due)
