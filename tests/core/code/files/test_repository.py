"""Every form of a repository is read."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from support.traps import Scene, lay_out

from gardener_core.code.files.git import git_for
from gardener_core.code.files.history import open_history
from gardener_core.code.files.listing import list_files
from gardener_core.code.files.repository import Repository

LAST = "The first one gives three"


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return lay_out(tmp_path)


def subjects(root: Path) -> list[str]:
    with open_history(root) as history:
        return [commit.subject for commit in history.commits(10)]


def _as_it_is(scene: Scene) -> Path:
    return scene.root


def _work_tree(scene: Scene) -> Path:
    scene.git("worktree", "add", "-q", "../tree", "-b", "other")
    return scene.root.parent / "tree"


def _submodule(scene: Scene) -> Path:
    outer = scene.root.parent / "outer"
    outer.mkdir()
    around = Scene(outer, scene.program, scene.mark)
    around.git("init", "-q")
    around.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(scene.root), "sub")
    assert (outer / "sub" / ".git").is_file()
    return outer / "sub"


def _separate(scene: Scene) -> Path:
    scene.git("init", "-q", "--separate-git-dir", "../elsewhere.git")
    assert (scene.root / ".git").is_file()
    return scene.root


def _packed(scene: Scene) -> Path:
    scene.git("gc", "-q")
    scene.git("pack-refs", "--all")
    assert not (scene.root / ".git" / "refs" / "heads" / "main").exists()
    return scene.root


def _split_index(scene: Scene) -> Path:
    scene.git("update-index", "--split-index")
    assert list((scene.root / ".git").glob("sharedindex.*"))
    return scene.root


def _detached(scene: Scene) -> Path:
    scene.git("checkout", "-q", "--detach", "HEAD")
    return scene.root


def _link_to_git(scene: Scene) -> Path:
    (scene.root / ".git").rename(scene.root.parent / "moved.git")
    (scene.root / ".git").symlink_to("../moved.git")
    return scene.root


def _borrowing(scene: Scene) -> Path:
    clone = scene.root.parent / "clone"
    scene.git("clone", "-q", "--shared", str(scene.root), str(clone))
    return clone


def _odd_name(scene: Scene) -> Path:
    odd = scene.root.parent / 'a "b"\n\\c é'
    scene.root.rename(odd)
    return odd


@pytest.mark.parametrize(
    "shape",
    [_as_it_is, _work_tree, _submodule, _separate, _packed, _split_index, _detached, _link_to_git,
     _borrowing, _odd_name],
)  # fmt: skip
def test_tracked_files_and_commits_are_read(scene: Scene, shape: Callable[[Scene], Path]) -> None:
    root = shape(scene)
    (root / ".gitignore").write_text("*.py\n")  # what is listed then is what is tracked
    assert list_files(root) == [".gitignore", "code.py"]
    assert subjects(root)[0] == LAST and len(subjects(root)) == 3


def test_shallow_clone_has_the_commits_it_has(scene: Scene) -> None:
    clone = scene.root.parent / "clone"
    scene.git("clone", "-q", "--depth", "2", f"file://{scene.root}", str(clone))
    assert subjects(clone) == [LAST, "The second one gives two"]


def test_names_of_sha256_are_read(tmp_path: Path) -> None:
    environment = {**os.environ, "GIT_DEFAULT_HASH": "sha256"}
    root = tmp_path / "web"
    subprocess.run(["git", "init", "-q", root], env=environment, check=True)
    scene = Scene(root, tmp_path / "program", tmp_path / "mark")
    (root / "a.py").touch()
    (root / "b.log").touch()
    (root / ".gitignore").write_text("*.log\n")
    scene.git("add", "-f", "a.py", "b.log")
    scene.git("commit", "-qm", "All of it so far")
    assert list_files(root) == [".gitignore", "a.py", "b.log"]
    assert subjects(root) == ["All of it so far"]


def test_folder_inside_has_its_own_names(scene: Scene) -> None:
    inner = scene.root / "deep" / "inner"
    inner.mkdir(parents=True)
    (inner / "x.py").write_text("x = 1\n")
    (inner / "y.log").touch()
    (inner / "z.tmp").touch()
    (scene.root / ".gitignore").write_text("*.log\n/deep/inner/*.tmp\n")
    scene.git("add", "-A")
    scene.git("commit", "-qm", "Something further in")
    (scene.root / ".git" / "info" / "exclude").write_text("deep/inner/new.py\n")
    (inner / "new.py").touch()
    assert list_files(inner) == ["x.py"]
    with open_history(inner) as history:
        assert history.names(10) == ["x.py"]
        first = next(history.commits(10))
        assert first.lines == (("x.py", 1),)
        (touched,) = history.touched_by(first)
        assert (touched.path, touched.raw) == ("x.py", b"x = 1\n")


def test_branches_that_cannot_be_read_leave_the_list_as_it_is(scene: Scene) -> None:
    """As in the reftable format: HEAD names a branch that stands in no file."""
    (scene.root / ".git" / "HEAD").write_text("ref: refs/heads/.invalid\n")
    (scene.root / ".gitignore").write_text("*.py\n")
    assert list_files(scene.root) == [".gitignore", "code.py"]
    assert subjects(scene.root) == []


def test_index_that_cannot_be_read_leaves_what_is_not_ignored(scene: Scene) -> None:
    (scene.root / ".git" / "index").write_bytes(b"DIRC garbage")
    assert list_files(scene.root) == ["code.py", "new.py"]


def test_folder_of_another_user_is_read(scene: Scene) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give files away")
    for path in (scene.root, *scene.root.rglob("*")):
        os.chown(path, 65534, 65534)
    (scene.root / ".gitignore").write_text("*.py\n")
    assert "dubious" not in scene.git("status") and scene.git("ls-files") == ""  # git refuses it
    assert list_files(scene.root) == [".gitignore", "code.py"]
    assert subjects(scene.root)[0] == LAST


def test_patterns_of_the_user_count_and_those_of_a_project_setting_do_not(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / ".config" / "git").mkdir(parents=True)
    (home / ".config" / "git" / "ignore").write_text("new.py\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("GIT_CONFIG_GLOBAL", raising=False)
    assert list_files(scene.root) == ["code.py"]
    (tmp_path / "theirs").write_text("nothing\n")
    (home / ".gitconfig").write_text("[core]\nexcludesFile = ~/mine\n")
    (home / "mine").write_text("other.py\n")
    (scene.root / "other.py").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "none"))  # another user, as it were
    assert list_files(scene.root) == ["code.py", "new.py"]
    (tmp_path / "all").write_text("*\n")
    scene.set(f"core.excludesFile={tmp_path / 'all'}")
    assert list_files(scene.root) == ["code.py", "new.py"]


def test_own_folder_is_gone_afterwards(scene: Scene) -> None:
    repository = Repository.around(scene.root)
    assert repository is not None
    with git_for(repository, files=True, history=True) as git:
        assert git is not None
        place = git.ask(scene.root, "rev-parse", "--absolute-git-dir")
        assert place is not None and Path(os.fsdecode(place.strip())).is_dir()
        settings = git.ask(scene.root, "config", "--list", "--name-only")
        assert settings is not None
        assert set(settings.split()) <= {b"core.repositoryformatversion", b"core.bare"}
    assert not Path(os.fsdecode(place.strip())).exists()
