"""Projects are surveyed, removed, restored and repaired through the garden."""

import fcntl
import os
import shutil
from pathlib import Path

import pytest
from support.processes import until

from gardener_core.errors import BadInput, ProjectBusy, ProjectMissing, Remedy
from gardener_core.events.index import FilesRead, Surveyed
from gardener_core.events.run import Failed, Finished
from gardener_core.garden import projects
from gardener_core.garden.door import Garden, open_garden
from gardener_core.jobs.folder import is_alive
from gardener_core.jobs.spec import IndexSpec, write_spec
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.garden.retention import expired_runs
from gardener_core.store.garden.runs import Run
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.places import Places


@pytest.fixture
def code(tmp_path: Path) -> Path:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "a.py").write_text("x = 1\ny = 2\n")
    (tmp_path / "web" / "b.md").write_text("# Web\n")
    return tmp_path / "web"


def done_by_repair(garden: Garden, name: str) -> dict[str, str]:
    return {r.part: r.done for r in garden.projects.repair(garden.projects.find(name)) if r.done}


def test_survey_run_tells_how_far_it_is_and_keeps_what_it_found(garden: Garden, code: Path) -> None:
    project = garden.projects.add(code)
    assert project.files == 0
    run = garden.runs.survey(project)
    events = [event for batch in garden.runs.follow(run.id) for event in batch]
    (found,) = (event for event in events if isinstance(event, Surveyed))
    assert (found.files, found.lines) == (2, 3)
    assert FilesRead(2, 2) in events and isinstance(events[-1], Finished)
    after = garden.projects.find("web")
    assert (after.files, set(after.languages), after.state) == (2, {"python", "markdown"}, "new")


def test_survey_starts_the_index_run_that_was_asked_for(garden: Garden, code: Path) -> None:
    project = garden.projects.add(code)
    list(garden.runs.follow(garden.runs.survey(project, then_index=True).id))
    index, survey = garden.runs.all(project)
    assert (index.kind, survey.kind, survey.state) == ("index", "survey", "finished")
    list(garden.runs.follow(index.id))
    assert garden.projects.find("web").state == "ready"


def test_removed_project_is_restored_with_its_runs(garden: Garden, code: Path) -> None:
    project = garden.projects.add(code)
    run = garden.runs.survey(project)
    removed = garden.projects.remove(project)  # waits for the run
    assert not is_alive(Places.of_user().run(run.id))
    assert garden.projects.trashed() == [removed] and garden.runs.all() == []
    assert garden.projects.restore("web").id == project.id
    assert [each.id for each in garden.runs.all()] == [run.id]
    assert [entry.action for entry in garden.audit.all()] == [
        "project added", "project removed", "project restored",
    ]  # fmt: skip


def test_change_is_noticed_by_another_screen(garden: Garden, places: Places, code: Path) -> None:
    other = open_garden(places)
    before = other.changes()
    garden.projects.add(code)
    until(lambda: other.changes() != before, "the other screen notices")
    other.close()


@pytest.mark.parametrize("name", ["../x", "a/b", "..", ".", "", "a\x1b[2J", "a\nb", "x" * 81])
def test_names_that_could_do_harm_are_refused(garden: Garden, code: Path, name: str) -> None:
    with pytest.raises(BadInput, match="cannot be a project's name"):
        garden.projects.add(code, name)
    project = garden.projects.add(code)
    with pytest.raises(BadInput, match="cannot be a project's name"):
        garden.projects.rename(project, name)


def test_same_folder_twice_is_refused_by_any_way_to_it(garden: Garden, code: Path) -> None:
    garden.projects.add(code)
    (code.parent / "link").symlink_to(code)
    for path in (code, code / ".." / "web", code.parent / "link"):
        with pytest.raises(BadInput, match="already the project 'web'"):
            garden.projects.add(path, "other")


def test_nested_projects_are_told(garden: Garden, code: Path) -> None:
    (code / "sub").mkdir()
    outer, inner = garden.projects.add(code), garden.projects.add(code / "sub")
    assert garden.projects.overlapping(outer) == [garden.projects.find("sub")]
    assert garden.projects.overlapping(inner) == [garden.projects.find("web")]


def test_folder_that_vanished_is_told_and_mended_when_it_is_back(
    garden: Garden, code: Path, tmp_path: Path
) -> None:
    project = garden.projects.add(code)
    code.rename(tmp_path / "elsewhere")
    assert "Put it back" in done_by_repair(garden, "web")["code"]
    assert garden.projects.find("web").state == "broken"
    *_, (*_, last) = garden.runs.follow(garden.runs.survey(project).id)
    assert isinstance(last, Failed) and "not there any more" in last.what
    (tmp_path / "elsewhere").rename(code)
    assert "no longer broken" in done_by_repair(garden, "web")["code"]
    assert garden.projects.find("web").state == "new"


def test_repair_mends_every_part_once(garden: Garden, places: Places, code: Path) -> None:
    project = garden.projects.add(code)
    database = Database(places.database)
    table, adapters = ProjectTable(database), AdapterTable(database)
    folder = places.project(project.id)
    assert done_by_repair(garden, "web") == {}
    table.set_indexed(project.id, 2, 9)  # and no index
    table.set_state(project.id, "indexing")  # and nobody does
    places.catalog(project.id).write_bytes(b"no database" * 1000)
    adapters.register(project.id, "v1", "seedling", "r", 5)  # and no files
    table.set_adapter(project.id, "v1", "seedling")
    strange = make_folder(places.adapters(project.id) / "v2")
    (strange / "adapter_config.json").write_text('{"base_model_name_or_path": "/m/seedling"}')
    half = make_folder(places.adapters(project.id) / ".v3.new")
    swapped = make_folder(places.adapters(project.id) / ".v4.old")
    (swapped / "adapter_config.json").write_text("{}")
    adapters.register(project.id, "v4", "seedling", "r", 5)
    done = done_by_repair(garden, "web")
    assert done.keys() == {
        "folder", "catalog", "index", "adapter v1", "adapter v2", "adapter v4", "active adapter",
        "state",
    }  # fmt: skip
    assert not half.exists() and (places.adapters(project.id) / "v4").is_dir()
    assert [a.version for a in garden.adapters.all(garden.projects.find("web"))] == ["v2", "v4"]
    after = garden.projects.find("web")
    assert (after.adapter, after.state, after.chunks) == ("", "new", 0)
    assert folder.is_dir()
    assert done_by_repair(garden, "web").keys() == {"adapter v2", "adapter v4"}, "cannot be mended"


def test_projects_and_runs_come_back_from_their_folders(
    garden: Garden, places: Places, code: Path
) -> None:
    project = garden.projects.add(code)
    run = garden.runs.survey(project)
    for _ in garden.runs.follow(run.id):
        pass
    seen = garden.runs.find(run.id)
    Path(places.database).unlink()
    for suffix in ("-wal", "-shm"):
        Path(f"{places.database}{suffix}").unlink(missing_ok=True)
    again = open_garden(places)
    assert again.projects.unlisted() == ["web"]
    assert [(o.kind, o.name) for o in again.orphans.all()] == [
        ("project folder", project.id), ("run folder", run.id),
    ]  # fmt: skip
    told = [repaired.done for repaired in again.orphans.repair()]
    assert "conversations were stored in the list alone and are lost" in told[0]
    assert again.runs.find(run.id) == seen and again.orphans.all() == []
    back = again.projects.find("web")
    assert (back.id, back.path, back.languages) == (project.id, code, ("python", "markdown"))
    again.close()


def test_orphans_of_every_kind_are_found_and_mended(
    garden: Garden, places: Places, code: Path
) -> None:
    project = garden.projects.add(code)
    run = garden.runs.survey(project)
    for _ in garden.runs.follow(run.id):
        pass
    shutil.rmtree(places.run(run.id))
    make_folder(places.runs / "261120-000000-dead")
    stray = make_folder(places.projects / "stray")
    (stray / "index").touch()
    AdapterTable(Database(places.database)).register(project.id, "v1", "seedling", "r", 5)
    (check,) = (check for check in garden.doctor() if check.name == "orphans")
    assert not check.ok and check.remedy == Remedy("repair")
    assert [orphan.kind for orphan in garden.orphans.all()] == [
        "project folder", "run folder", "run", "adapter",
    ]  # fmt: skip
    assert len(list(garden.orphans.repair())) == 4
    assert garden.orphans.all() == []
    kept = sorted(path.name.partition("-")[0] for path in places.trash.iterdir())
    assert kept == ["folder", "run"], "nothing that we do not know is thrown away"


def test_old_runs_are_let_go_but_never_what_is_needed(
    garden: Garden, places: Places, code: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GARDENER_RUNS__KEEP", "2")
    project = garden.projects.add(code)
    ids = []
    for _ in range(5):
        run = garden.runs.survey(project)
        ids.append(run.id)
        if len(ids) == 1:
            AdapterTable(Database(places.database)).register(project.id, "v1", "s", run.id, 1)
        for _ in garden.runs.follow(run.id):
            pass
    kept = {run.id for run in garden.runs.all(project)}
    assert kept == {ids[0], *ids[2:]}, "two ended ones, the new one, and the adapter's"
    assert {path.name for path in places.runs.iterdir()} == kept


def test_live_runs_are_never_let_go() -> None:
    runs = [Run(str(n), "train", "p", 0.0, "running" if n % 2 else "died") for n in range(10)]
    assert expired_runs(runs, 1) == [runs[2], runs[4], runs[6], runs[8]]
    assert expired_runs(runs, 0) == []
    assert expired_runs(runs, 1, needed=["4"]) == [runs[2], runs[6], runs[8]]


def test_runs_are_in_the_order_in_which_they_came_whatever_the_clock_says(
    garden: Garden, places: Places
) -> None:
    for name, wall in (("a", 9e9), ("b", 5.0)):
        folder = make_folder(places.run(name))
        write_spec(folder, IndexSpec(name, wall, "p", False))
        (folder / "events.jsonl").write_text('{"event": "Stopped", "attempt": 1}\n')
        list(garden.orphans.repair())
    assert [run.id for run in garden.runs.all()] == ["b", "a"]


def test_removing_waits_for_who_writes_to_the_index(
    garden: Garden, places: Places, code: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projects, "END_SECONDS", 0.2)
    project = garden.projects.add(code)
    lock = os.open(places.project(project.id) / "write.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    with pytest.raises(ProjectBusy, match="Another screen"):
        garden.projects.remove(project)
    assert garden.projects.find("web") == project
    os.close(lock)
    garden.projects.remove(project)
    with pytest.raises(ProjectMissing):
        garden.projects.find("web")
