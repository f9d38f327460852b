"""After a kill at any point, a project is in the old state or in the new one."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gardener_core.errors import BadInput, ProjectMissing, Remedy
from gardener_core.store.database import Database
from gardener_core.store.garden.audit import AuditLog
from gardener_core.store.garden.project_folders import ProjectFolders
from gardener_core.store.garden.projects import TRASH_SECONDS, ProjectTable
from gardener_core.system.places import Places

# The child is killed just before its n-th step that reaches the disk.
CHILD = """
import os, signal, sys
from pathlib import Path
from gardener_core.store.database import Database
from gardener_core.store.garden.project_folders import ProjectFolders
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.system.places import Places

places, fatal, call, *given = Places(Path(sys.argv[1]), Path(sys.argv[1])), int(sys.argv[2]), *sys.argv[3:]
folders = ProjectFolders(places, ProjectTable(Database(places.database)))
steps = 0

def count(frame, event, arg):
    global steps
    if event == "c_call" and arg.__name__ in ("execute", "rename", "mkdir", "rmdir", "close"):
        steps += 1
        if steps == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

sys.setprofile(count)
getattr(folders, call)(*(Path(text) if "/" in text else text for text in given))
sys.setprofile(None)
"""  # noqa: E501


class Garden:
    """A garden on disk, opened anew as often as one likes."""

    def __init__(self, root: Path) -> None:
        self.places = Places(root, root)
        self.table = ProjectTable(Database(self.places.database))
        self.folders = ProjectFolders(self.places, self.table)

    def plant(self, name: str = "web") -> str:
        project = self.folders.add(name, Path("/src") / name)
        (self.places.project(project.id) / "index").mkdir()
        (self.places.project(project.id) / "index" / "chunk").write_text("precious")
        return project.id

    def state(self) -> tuple[list[str], list[str], list[Path]]:
        """Names of projects, names in the trash, and where what is precious stands."""
        chunks = sorted(
            path.relative_to(self.places.data) for path in self.places.data.rglob("chunk")
        )
        active = [project.name for project in self.table.all()]
        return active, [removed.name for removed in self.table.trashed()], chunks


def killed_at(root: Path, step: int, call: str, *given: str) -> bool:
    command = [sys.executable, "-c", CHILD, str(root), str(step), call, *given]
    status = subprocess.run(command, check=False, capture_output=True)
    assert status.returncode in (0, -signal.SIGKILL), status.stderr
    return status.returncode != 0


@pytest.mark.parametrize(
    "call", ["remove", *(pytest.param(call, marks=pytest.mark.long) for call in ("add", "restore"))]
)
def test_killed_at_any_step_it_is_done_or_not_begun(tmp_path: Path, call: str) -> None:
    seen = []
    step = 0
    killed = True
    while killed:
        step += 1
        root = tmp_path / str(step)
        garden = Garden(root)
        given = ("web", "/src/web")
        if call != "add":
            given = (garden.plant(),)
        if call == "restore":
            garden.folders.remove(given[0])
        old = garden.state()
        killed = killed_at(root, step, call, *given)
        again = Garden(root)
        again.folders.recover()
        now = again.state()
        seen.append(now == old)
        folder = Path("projects" if now[0] else "trash")
        assert (now[0], now[1]) in ((["web"], []), ([], ["web"]), ([], []))
        assert all(chunk.is_relative_to(folder) for chunk in now[2]) and now[2] == [
            folder / given[0] / "index" / "chunk"
        ] * (call != "add")
        ids = {project.id for project in again.table.all()}
        found = root / "projects"
        assert ids == ({path.name for path in found.iterdir()} if found.exists() else set())
        assert AuditLog(Database(again.places.database)).verify().intact
    assert step > 5 and seen[0] and not seen[-1]
    assert seen == sorted(seen, reverse=True), "once new, it is new at every later step"


def test_removed_project_comes_back_whole(tmp_path: Path) -> None:
    garden = Garden(tmp_path)
    project_id = garden.plant()
    before = garden.table.get(project_id)
    removed = garden.folders.remove(project_id)
    assert removed.until - time.time() == pytest.approx(TRASH_SECONDS, abs=60)
    with pytest.raises(ProjectMissing, match="in the trash") as told:
        garden.table.find("web")
    assert told.value.remedy == Remedy("restore", "web")
    assert garden.state()[2] == [Path("trash") / project_id / "index" / "chunk"]
    assert garden.folders.restore(project_id) == before
    assert garden.state() == (["web"], [], [Path("projects") / project_id / "index" / "chunk"])


def test_after_seven_days_it_is_gone(tmp_path: Path) -> None:
    garden = Garden(tmp_path)
    removed = garden.folders.remove(garden.plant())
    garden.folders.recover(removed.until - 1)
    assert garden.state()[1] == ["web"]
    garden.folders.recover(removed.until + 1)
    assert garden.state() == ([], [], [])
    with pytest.raises(ProjectMissing):
        garden.table.find_trashed("web")


def test_what_somebody_else_put_into_the_trash_stays(tmp_path: Path) -> None:
    garden = Garden(tmp_path)
    (garden.places.trash / "my things").mkdir(parents=True)
    garden.folders.recover()
    assert (garden.places.trash / "my things").is_dir()


def test_name_and_folder_that_are_taken_again_stop_a_restore(tmp_path: Path) -> None:
    garden = Garden(tmp_path)
    first = garden.plant("web")
    garden.folders.remove(first)
    second = garden.folders.add("web", Path("/src/elsewhere"))
    with pytest.raises(BadInput, match="name 'web' is taken"):
        garden.folders.restore(first)
    garden.table.rename(second.id, "other")
    third = garden.folders.add("third", Path("/src/web"))
    with pytest.raises(BadInput, match="already the project 'third'"):
        garden.folders.restore(first)
    garden.folders.recover()
    assert garden.state()[2] == [Path("trash") / first / "index" / "chunk"]
    garden.folders.remove(third.id)
    assert garden.folders.restore(first).name == "web"


def test_of_two_with_a_name_the_one_removed_last_comes_back(tmp_path: Path) -> None:
    garden = Garden(tmp_path)
    first, second = garden.plant("web"), ""
    garden.folders.remove(first)
    second = garden.plant("web")
    garden.folders.remove(second)
    assert garden.table.find_trashed("web").id == second
    assert garden.table.find_trashed(first).id == first
