"""A traced run through the program starts no foreign process."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.traps import TRAPS, Scene, lay_out

COMMANDS = (
    ("add", "{root}", "--name", "web"),
    ("index", "web"),
    ("search", "web", "refresh token"),
    ("map", "web", "--for", "refresh"),
    ("bench", "retrieval", "web"),
    ("bench", "search", "web"),
    ("index", "web", "--skipped"),
)
# Those with commits of their own first: afterwards no git can work here without falling.
TOGETHER = (
    "submodule", "bare-inside", "signature", "partial-ext", "textconv", "driver", "external",
    "filter-clean", "filter-process", "hooks", "pager-and-aliases", "include", "include-if",
    "fsmonitor",
)  # fmt: skip
_STARTED = re.compile(r'execve\("([^"]*)", \[(.*?)\](?:\.\.\.)?, ')
_DIALLED = re.compile(r"connect\(\d+, \{sa_family=(AF_INET6?)")


def hostile(folder: Path) -> Scene:
    """Every trap at once that one repository can hold, and files that lead elsewhere."""
    scene = lay_out(folder)
    (scene.root / "docs.md").write_text("# Shop\n\nHow to refresh a token in it.\n" * 20)
    for number in range(30):
        (scene.root / f"m{number}.py").write_text(
            f'def refresh_{number}(token):\n    """Refresh the token of shop number {number}."""\n'
            f"    value = token * {number}\n    return value + {number}\n"
        )
    scene.git("add", "-A")
    scene.git("commit", "-qm", "Refresh the tokens of all shops")
    traps = {trap.name: trap for trap in TRAPS}
    for name in TOGETHER:
        traps[name].set_up(scene)
    (scene.root / "everything").symlink_to("/")
    (scene.root / "processes").symlink_to("/proc")
    os.mkfifo(scene.root / "pipe.py")
    (scene.root / "sub").mkdir(exist_ok=True)
    os.mkfifo(scene.root / "sub" / ".gitignore")
    (scene.root / ".gardenersecrets").symlink_to("/dev/zero")
    (scene.root / ".gardenerignore").write_text("!\n\\\n[z-a]\n" + "*a" * 60 + "b\n")
    for name in ("git", "rg", "grep", "python", "tomlkit.py", "sitecustomize.py"):
        shutil.copy(scene.program, scene.root / name)
    with open(os.fsencode(scene.root) + b"/caf\xe9.py", "w") as file:
        file.write("x = 1\n")
    scene.mark.unlink(missing_ok=True)
    return scene


@pytest.mark.long
def test_only_our_programs_start_and_nobody_is_dialled(tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    scene = hostile(tmp_path)
    told = tmp_path / "trace"
    own = str(Path(sys.executable).parent)
    environment = {**os.environ, "GARDENER_HOME": str(tmp_path / "home")}
    environment["PATH"] = os.pathsep.join([".", "", environment["PATH"]])
    alone = ["unshare", "-rn"] if subprocess.run(["unshare", "-rn", "true"]).returncode == 0 else []
    for number, command in enumerate(COMMANDS):
        words = [word.format(root=scene.root) for word in command]
        subprocess.run(
            [*alone, "strace", "-f", "-qq", "-s", "400", "-e", "trace=execve,connect", "-o",
             f"{told}.{number}", f"{own}/gardener", *words],
            cwd=scene.root, env=environment, stdin=subprocess.DEVNULL, timeout=300, check=True,
        )  # fmt: skip
    traced = "".join(file.read_text() for file in sorted(tmp_path.glob("trace.*")))
    # A search along PATH tries names that are not there; what started is what answered 0.
    started = [
        (program, words)
        for line in traced.splitlines()
        if line.endswith("= 0")
        for program, words in _STARTED.findall(line)
    ]
    programs = {program for program, _ in started}
    assert any(os.path.basename(program) == "git" for program in programs)
    allowed = {"git", "grep", "rg", "python", "python3", Path(sys.executable).resolve().name}
    allowed |= {"gardener", "uname"}
    for program in programs:
        assert os.path.basename(program) in allowed, program
        assert not program.startswith((str(scene.root), ".")), program
    for program, words in started:
        if os.path.basename(program) == "git":
            assert '"-C"' in words or '"--version"' in words or '"core.excludesFile"' in words
    assert not scene.mark.exists(), scene.mark.read_text()
    assert _DIALLED.findall(traced) == []
