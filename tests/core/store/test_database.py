"""Tables keep what is written, and transactions are atomic."""

import multiprocessing
from pathlib import Path

import pytest

from gardener_core.errors import AdapterMissing, BadInput, Damaged, ProjectMissing, RunMissing
from gardener_core.store.database import GARDEN_STEPS, Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.garden.runs import Run, RunTable


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "garden.db")


def test_project_is_found_by_name_and_id(database: Database, tmp_path: Path) -> None:
    table = ProjectTable(database)
    project = table.insert("web", tmp_path)
    assert table.find("web") == table.find(project.id) == project
    with pytest.raises(ProjectMissing):
        table.find("nix")


def test_name_and_folder_are_taken_once(database: Database, tmp_path: Path) -> None:
    table = ProjectTable(database)
    table.insert("web", tmp_path)
    with pytest.raises(BadInput, match="is already the project 'web'"):
        table.insert("other", tmp_path)
    with pytest.raises(BadInput, match="name 'web' is taken"):
        table.insert("web", tmp_path / "b")


def test_versions_are_given_once(database: Database, tmp_path: Path) -> None:
    table = ProjectTable(database)
    project = table.insert("web", tmp_path)
    assert [table.next_version(project.id) for _ in range(3)] == ["v1", "v2", "v3"]


def test_adapters_go_with_their_project(database: Database, tmp_path: Path) -> None:
    projects, adapters = ProjectTable(database), AdapterTable(database)
    project = projects.insert("web", tmp_path)
    first = adapters.register(project.id, "v1", "seedling", "r1", 100)
    assert adapters.register(project.id, "v1", "seedling", "r1", 100) == first
    assert adapters.of_project(project.id) == [first]
    projects.forget(project.id)
    with pytest.raises(AdapterMissing):
        adapters.get(project.id, "v1")


def test_runs_newest_first(database: Database) -> None:
    table = RunTable(database)
    old, new = Run("a", "train", "p", 1.0, "finished"), Run("b", "index", "p", 2.0, "running", 1, 2)
    table.keep(old)
    table.keep(new)
    assert table.all("p") == [new, old] and table.all("q") == []
    with pytest.raises(RunMissing):
        table.get("nix")


def test_failed_transaction_leaves_nothing(database: Database, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        connection.execute("DELETE FROM runs")
        connection.execute(
            "INSERT INTO runs VALUES (1, 'a', 'train', 'p', 1.0, 'running', 0, 0, NULL)"
        )
        1 / 0  # noqa: B018
    assert RunTable(database).all() == []


def test_newer_file_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "garden.db"
    Database(path, [*GARDEN_STEPS, "CREATE TABLE later (x) STRICT;".replace("x", "x TEXT")])
    before = path.read_bytes()
    with pytest.raises(Damaged, match="newer version"):
        Database(path)
    assert path.read_bytes() == before


def test_step_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "garden.db"
    Database(path)
    broken = "CREATE TABLE more (x TEXT) STRICT; CREATE NONSENSE;"
    with pytest.raises(Damaged, match="NONSENSE"):
        Database(path, [*GARDEN_STEPS, broken])
    with Database(path).reading() as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema")]
    assert "more" not in names and "projects" in names


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "garden.db"
    path.write_bytes(b"not a database, but a letter" * 100)
    with pytest.raises(Damaged):
        Database(path)


def _write(path: Path, mark: str) -> None:
    table = RunTable(Database(path))
    for number in range(50):
        table.keep(Run(f"{mark}{number}", "train", "p", float(number), "running"))


def test_four_processes_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "garden.db"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(path, mark)) for mark in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0, 0]
    assert len(RunTable(Database(path)).all()) == 200


def test_words_of_a_newer_version_are_readable(database: Database, tmp_path: Path) -> None:
    runs, projects = RunTable(database), ProjectTable(database)
    project = projects.insert("web", tmp_path)
    runs.keep(Run("a", "train", project.id, 1.0, "running"))
    with database.writing() as connection:
        connection.execute("UPDATE runs SET kind = 'dream', state = 'uploading'")
        connection.execute("UPDATE projects SET state = 'archived'")
    run = runs.get("a")
    assert (run.kind, run.state) == ("unknown", "starting")
    assert run.live, "so its folder is read for the state"
    assert projects.get(project.id).state == "stale"


def test_states_say_what_goes_on(database: Database, tmp_path: Path) -> None:
    projects = ProjectTable(database)
    project = projects.insert("web", tmp_path)
    assert project.busy_with is None and project.resting_state == "new"
    projects.set_indexed(project.id, 3, 40)
    projects.set_state(project.id, "indexing")
    indexing = projects.get(project.id)
    assert indexing.busy_with == "index" and indexing.resting_state == "stale"
    projects.set_state(project.id, "broken")
    assert projects.get(project.id).is_broken
    ended = Run("a", "survey", project.id, 1.0, "stopped")
    assert not ended.live and not ended.finished and not ended.heavy
    assert Run("b", "export", project.id, 1.0, "finished").heavy
