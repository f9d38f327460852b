"""Listing runs writes nothing; jobs and recovery update the list."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.processes import until

from gardener_core.garden.door import Garden, open_garden
from gardener_core.jobs.folder import is_alive
from gardener_core.store.database import Database
from gardener_core.store.garden.runs import Run, RunTable
from gardener_core.system.places import Places


@pytest.fixture
def table(garden: Garden, places: Places) -> RunTable:
    return RunTable(Database(places.database))


@pytest.fixture
def survey(garden: Garden, places: Places, tmp_path: Path) -> Run:
    """A survey run that has ended; nothing has listed it since."""
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "a.py").write_text("x = 1\n")
    project = garden.projects.add(tmp_path / "web")
    run = garden.runs.survey(project)
    assert list(garden.runs.follow(run.id))
    until(lambda: not is_alive(places.run(run.id)), "the end of the job")
    return run


def test_a_job_registers_its_own_end(survey: Run, table: RunTable) -> None:
    registered = table.get(survey.id)
    assert (registered.state, registered.step, registered.steps) == ("finished", 1, 1)


def test_listing_reads_the_folder_of_a_live_run_and_writes_nothing(
    garden: Garden, survey: Run, table: RunTable
) -> None:
    outdated = replace(table.get(survey.id), state="running", step=0)
    table.keep(outdated)  # as if the job had been killed before it could register its end
    before = garden.changes()
    assert [run.state for run in garden.runs.all()] == ["finished"]
    assert garden.runs.find(survey.id).finished
    assert garden.changes() == before and table.get(survey.id) == outdated


def test_the_next_start_updates_the_list(
    garden: Garden, places: Places, survey: Run, table: RunTable
) -> None:
    final = table.get(survey.id)
    table.keep(replace(final, state="queued", step=0))
    open_garden(places).close()
    assert table.get(survey.id) == final


def test_a_job_without_a_row_registers_nothing(
    garden: Garden, places: Places, survey: Run, table: RunTable
) -> None:
    project = garden.projects.find("web")
    run = garden.runs.index(project)
    table.forget(run.id)
    until(lambda: not is_alive(places.run(run.id)), "the end of the job")
    assert run.id not in table.ids()
