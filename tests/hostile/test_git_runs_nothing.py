"""No program named in a repository is ever started."""

import ast
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
from support.processes import is_running, until
from support.traps import TRAPS, Scene, Trap, lay_out, partial

import gardener_core
from gardener_core.code.files.git import git_for, git_version
from gardener_core.code.files.history import open_history, recently_changed
from gardener_core.code.files.listing import SourceText, list_files, read_file
from gardener_core.code.files.repository import Repository
from gardener_core.code.files.survey import survey
from gardener_core.search.measuring.questions import commit_questions
from gardener_core.search.measuring.searching import _greps

KNOWN = frozenset({("code.py", "first"), ("code.py", "Shop.second")})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("traps")
    lay_out(folder)
    return folder


@pytest.fixture
def scene(made: Path, tmp_path: Path) -> Scene:
    """A copy of its own, with a program and a mark of its own."""
    shutil.copytree(made / "web", tmp_path / "web", symlinks=True)
    program, mark = tmp_path / "program", tmp_path / "mark"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> {mark}\nexit 0\n')
    program.chmod(0o755)
    return Scene(tmp_path / "web", program, mark)


def everything(root: Path) -> None:
    """All that the program does with a project's files and its git."""
    list(survey(root))
    for path in list_files(root):
        assert isinstance(read_file(root, path), SourceText)
    recently_changed(root)
    list(commit_questions(root, KNOWN, 10))
    list(_greps(root, ["second"]))


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_nothing_of_the_repository_runs(scene: Scene, trap: Trap) -> None:
    trap.set_up(scene)
    scene.mark.unlink(missing_ok=True)
    for root in {scene.root, scene.root / trap.folder}:
        everything(root)
    assert not scene.mark.exists(), scene.mark.read_text()
    if trap.falls:  # else this test would pass with any repository
        scene.git(*trap.falls, folder=trap.folder)
        assert scene.mark.exists(), "plain git does not fall into this trap"


def test_what_it_holds_is_read_all_the_same(scene: Scene) -> None:
    for trap in TRAPS[:3]:
        trap.set_up(scene)
    assert {"code.py", "new.py", "evil.cfg"} <= set(list_files(scene.root))
    with open_history(scene.root) as history:
        said = [commit.subject for commit in history.commits(10)]
    assert said[0] == "The first one gives three" and len(said) == 3
    asked = {item.text for item in commit_questions(scene.root, KNOWN, 10)}
    assert {"The second one gives two", "The first one gives three"} <= asked


def test_partial_clone_tells_what_it_has(scene: Scene) -> None:
    next(trap for trap in TRAPS if trap.name == "partial-ext").set_up(scene)
    with open_history(scene.root) as history:
        assert history.names(5) == ["code.py"] * 3  # trees are there, an older file is not
        # To count lines it would be needed.
        assert [commit.lines for commit in history.commits(5)] == [()]
    assert not scene.mark.exists()


def test_work_tree_that_is_set_elsewhere_is_not_looked_at(scene: Scene) -> None:
    other = scene.root.parent / "other"
    other.mkdir()
    (other / "private.py").touch()
    scene.set(f"core.worktree={other}")
    assert "private.py" in scene.git("ls-files", "-co")
    assert set(list_files(scene.root)) == {"code.py", "new.py"}


def test_git_of_the_project_is_never_the_git_that_is_started(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("git", "rg", "grep"):
        shutil.copy(scene.program, scene.root / name)
    monkeypatch.chdir(scene.root)
    others = os.environ["PATH"]
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", str(scene.root), others]))
    everything(scene.root)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", others]))
    assert git_version().startswith("git version")
    assert not scene.mark.exists()


def test_objects_and_index_are_not_touched(scene: Scene) -> None:
    def state() -> dict[str, tuple[int, int]]:
        files = (path for path in scene.root.rglob("*") if path.is_file())
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in files}

    os.utime(scene.root / "code.py", (1, 1))  # the index has another time for it
    before = state()
    everything(scene.root)
    assert state() == before


def test_one_file_starts_git() -> None:
    """Whoever wants something of git asks `code/files/git.py`, which has a folder of its own."""
    top = Path(gardener_core.__file__).parents[2]
    found = set()
    for path in [*top.glob("core/**/*.py"), *top.glob("tui/**/*.py")]:
        constants = (
            n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Constant)
        )
        if any(node.value == "git" for node in constants):
            found.add(path.relative_to(top).as_posix())
    assert found == {"core/gardener_core/code/files/git.py"}


def test_what_takes_too_long_is_ended_with_all_it_started(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = scene.root.parent / "children"
    folder = scene.root.parent / "bin"
    folder.mkdir()
    slow = folder / "git"
    slow.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {told}.new\nmv {told}.new {told}\nwait\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    repository = Repository.around(scene.root)
    assert repository is not None
    with git_for(repository, files=True, history=False) as git:
        assert git is not None and git.ask(None, "ls-files", seconds=1.0) is None
    child = int(told.read_text())
    until(lambda: not is_running(child), "the child's end")


@pytest.mark.parametrize(
    "place",
    ["HEAD", "index", "config", "packed-refs", "commondir", "shallow", "info/exclude",
     "objects/info/alternates", "objects/pack/pack-1.pack", "objects/info/commit-graph", "."],
)  # fmt: skip
def test_pipe_in_the_git_folder_holds_nobody_up(scene: Scene, place: str) -> None:
    target = scene.root / ".git" / place
    if place == ".":
        shutil.rmtree(target)
    target.unlink(missing_ok=True)
    os.mkfifo(target)
    began = time.monotonic()
    assert set(list_files(scene.root)) == {"code.py", "new.py"}
    recently_changed(scene.root)
    assert time.monotonic() - began < 5.0


def test_remote_of_a_partial_clone_is_never_connected_to(scene: Scene) -> None:
    with socket.socket() as remote:
        remote.bind(("127.0.0.1", 0))
        remote.listen()
        remote.setblocking(False)
        url = f"git://127.0.0.1:{remote.getsockname()[1]}/x"
        partial(scene, url)
        everything(scene.root)
        with pytest.raises(BlockingIOError):
            remote.accept()
        asking = subprocess.Popen(
            ["git", "-C", str(scene.root), "show", "HEAD~1:code.py"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            remote.settimeout(20.0)
            remote.accept()[0].close()  # plain git does
        finally:
            os.killpg(asking.pid, signal.SIGKILL)  # it would ask again and again
            asking.wait()
