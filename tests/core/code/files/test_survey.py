"""A survey sees what git sees, less what the user hides, and tells what it could not see."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gardener_core.code.files.listing import find_files, list_files
from gardener_core.code.files.survey import survey
from gardener_core.code.files.walk import walk
from gardener_core.events.index import Surveyed
from gardener_core.events.parts import SkippedFile

NAMES = ("a", "b", "build", "src", "node", "x.py", "y.js", "z.log", "w.tmp", "[odd] name", "é.txt")
PATTERNS = (
    "*.log", "/build/", "build", "!z.log", "src/*.py", "**/node/", "!/src/x.py", "a/**/w.tmp",
    "*.tmp", "!w.tmp", "b/", "# nothing", "", "\\[odd\\] name", "[odd]*", "x.??", "src/**", "/a/*",
    "!/a/b", "**", "!*/", "é.*", "y.js ", "trailing\\ ",
)  # fmt: skip


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", root, *arguments], check=True, capture_output=True)


def made_tree(root: Path, seed: int) -> None:
    """Hundreds of files four folders deep, with ignore files at random places."""
    dice = random.Random(seed)
    folders = [root]
    for _ in range(40):
        above = dice.choice(folders)
        if len(above.relative_to(root).parts) < 4:
            folders.append(above / dice.choice(NAMES[:5]))
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        for name in dice.sample(NAMES[5:], 4):
            (folder / name).write_text("x = 1\n")
        if dice.random() < 0.35:
            rules = [rule for rule in dice.sample(PATTERNS, 4) if rule != "**" or folder != root]
            (folder / ".gitignore").write_text("\n".join(rules) + "\n")


@pytest.mark.parametrize("seed", range(60))
def test_own_walk_equals_git_on_made_trees(tmp_path: Path, seed: int) -> None:
    made_tree(tmp_path, seed)
    own = sorted(walk(tmp_path, None, frozenset()).files)
    git(tmp_path, "init")
    listed = subprocess.run(
        ["git", "-C", tmp_path, "ls-files", "-zco", "--exclude-standard"],
        capture_output=True, check=True,
    ).stdout.decode().split("\0")  # fmt: skip
    assert own == sorted(name for name in listed if name)


@pytest.mark.parametrize("with_git", [True, False])
def test_gardenerignore_hides_on_top_of_git(tmp_path: Path, with_git: bool) -> None:
    if with_git:
        git(tmp_path, "init")
    for name in (
        "main.py", "data.csv", "gen/a.py", "gen/keep.py", "sub/data.csv", "sub/b.py", "hidden.log",
        "sub/deep/data.csv", "vendor/lib/c.py", "vendor/.gardenerignore",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x\n")
    (tmp_path / ".gitignore").write_text("*.log\n")
    (tmp_path / ".gardenerignore").write_text("*.csv\ngen/*\n!gen/keep.py\n/vendor/\n!hidden.log\n")
    (tmp_path / "sub" / ".gardenerignore").write_text("!data.csv\n")
    (tmp_path / "vendor" / ".gardenerignore").write_text("!*\n")  # its folder is hidden
    code = [path for path in list_files(tmp_path) if not path.endswith("ignore")]
    assert code == ["gen/keep.py", "main.py", "sub/b.py", "sub/data.csv", "sub/deep/data.csv"]


def test_gardenerignore_that_git_ignores_still_counts(tmp_path: Path) -> None:
    git(tmp_path, "init")
    (tmp_path / ".git" / "info" / "exclude").write_text(".gardenerignore\n")
    (tmp_path / ".gardenerignore").write_text("b.py\n")
    for name in ("a.py", "b.py"):
        (tmp_path / name).touch()
    assert list_files(tmp_path) == ["a.py"]


@pytest.mark.parametrize("with_git", [True, False])
def test_links_that_lead_back_and_inner_repositories_are_told(
    tmp_path: Path, with_git: bool
) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").touch()
    (tmp_path / "src" / "up").symlink_to("..")
    (tmp_path / "src" / "self").symlink_to("self")
    (tmp_path / "good").symlink_to("src/a.py")
    expected = [
        SkippedFile("src/self", "a link that leads to itself"),
        SkippedFile("src/up", "a link that leads to a folder above it"),
    ]
    if with_git:
        git(tmp_path, "init")
        (tmp_path / "inner").mkdir()
        git(tmp_path / "inner", "init")
        (tmp_path / "inner" / "b.py").touch()
        expected.insert(0, SkippedFile("inner/", "a repository of its own"))
    found = find_files(tmp_path)
    assert found.paths == ("src/a.py",)
    assert list(found.unreadable) == expected


AS_NOBODY = """
import os, sys
from pathlib import Path
from gardener_core.code.files.survey import survey
list(survey(Path(sys.argv[1])))  # whoever becomes nobody can import nothing more
if os.getuid() == 0:
    os.setuid(65534)  # root may read everything
os.environ["HOME"] = "/"
*_, last = survey(Path(sys.argv[1]))
for item in last.unreadable:
    print(item.path, item.reason, sep="|")
print(last.files)
"""


@pytest.mark.parametrize("with_git", [True, False])
def test_folders_and_files_that_cannot_be_read_are_told(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, with_git: bool
) -> None:
    base = tmp_path_factory.getbasetemp()
    root = tmp_path / "tree"
    (root / "closed").mkdir(parents=True)
    (root / "closed" / "a.py").touch()
    (root / "secret.py").write_text("x\n")
    (root / "open.py").write_text("x\n")
    if with_git:
        git(root, "init")
        git(tmp_path, "config", "--file", str(root / ".git" / "config"), "safe.directory", "*")
    for path in (root, *tmp_path.parents, tmp_path):
        ours = path.is_relative_to(base) or path == base.parent or path.name.startswith("pytest")
        if ours and path.stat().st_uid == os.getuid():
            path.chmod(path.stat().st_mode | 0o055)
    (root / "secret.py").chmod(0)
    (root / "closed").chmod(0)
    try:
        environment = {**os.environ, "GIT_CONFIG_COUNT": "1"}
        environment |= {"GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
        answer = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, root],
            capture_output=True, text=True, check=True, env=environment,
        )  # fmt: skip
    finally:
        (root / "closed").chmod(0o700)
    assert answer.stdout.splitlines() == [
        "closed/|cannot be read: Permission denied",
        "secret.py|cannot be read: Permission denied",
        "1",
    ]


def test_ten_thousand_files_take_a_second(tmp_path: Path) -> None:
    for folder in range(250):
        (tmp_path / f"pkg{folder}").mkdir()
        for number in range(40):
            (tmp_path / f"pkg{folder}" / f"m{number}.py").write_text("x = 1\n" * 60)
    git(tmp_path, "init")
    began, cpu = time.monotonic(), time.process_time()
    *_, last = survey(tmp_path)
    assert isinstance(last, Surveyed)
    assert (last.files, last.lines) == (10_000, 600_000)
    spent = time.process_time() - cpu
    print(f"10,000 files in {time.monotonic() - began:.2f} s, {spent:.2f} s of CPU")
    assert spent < 4.0
