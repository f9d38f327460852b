"""On a full, read-only or foreign disk errors tell the reason, and reading works."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

import pytest
from support.hostile_home import READING, Home

CHANGING = (
    ("rename", "web", "shop"), ("remove", "web"), ("index", "web"),
    ("config", "training.steps", "7"), ("config", "--project", "web",
    "training.steps", "7"),
)  # fmt: skip
# Runs commands in one process and tells what each said; `prepare` closes the disk before.
CODE = """
import contextlib, io, json, os, sys
import gardener_core.garden.door
import rich.progress
from gardener_core.cli.command_table import COMMANDS, CommandGroup
from gardener_core.cli.main import run
for name in COMMANDS:  # nobody may not even read the interpreter's own files
    CommandGroup().get_command(None, name)
told = []
for command in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = run(command)
    told.append([status, out.getvalue(), err.getvalue()])
print(json.dumps(told))
"""
NOBODY = 65534
AS_NOBODY = "import os; os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"


@dataclass(frozen=True)
class Told:
    status: int
    out: str
    err: str


def in_mounts_of_its_own(prepare: str, commands: tuple[tuple[str, ...], ...]) -> list[Told]:
    """Run commands where `prepare` mounted something that nobody else sees."""
    if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode:
        pytest.skip("Mounting is not allowed here.")
    script = f'{prepare}\nexec "$0" -c "$1" "$2"'
    return _told(["unshare", "-m", "sh", "-ec", script, sys.executable, CODE, json.dumps(commands)])


def as_nobody(commands: tuple[tuple[str, ...], ...]) -> list[Told]:
    if os.geteuid():
        pytest.skip("Only root may become somebody else.")
    code = CODE.replace("told = []", f"{AS_NOBODY}told = []")
    return _told([sys.executable, "-c", code, json.dumps(commands)])


def _told(command: list[str]) -> list[Told]:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return [Told(*item) for item in json.loads(done.stdout.splitlines()[-1])]


def expect(told: list[Told], *, reads: bool, word: str) -> None:
    """Reading succeeds, changing fails; both say why, and neither advises a loss."""
    for item in told:
        assert item.status == (0 if reads else 1), item
        assert word in item.err and "Traceback" not in item.err, item
        assert "away" not in item.err and "damaged" not in item.err, item


FULL = """
mkdir "$GARDENER_HOME.small"; mount -t tmpfs -o size=3m none "$GARDENER_HOME.small"
cp -a "$GARDENER_HOME/." "$GARDENER_HOME.small"; export GARDENER_HOME="$GARDENER_HOME.small"
dd if=/dev/zero of="$GARDENER_HOME/fill" bs=4k 2>/dev/null || true
"""
READ_ONLY = """
mount --bind "$GARDENER_HOME" "$GARDENER_HOME"; mount -o remount,ro,bind "$GARDENER_HOME"
"""


def test_read_only_disk(home: Home) -> None:
    before = home.places.database.read_bytes()
    told = in_mounts_of_its_own(READ_ONLY, (*READING, *CHANGING))
    expect(told[: len(READING)], reads=True, word="read-only. Nothing that was saved is lost")
    expect(told[len(READING) :], reads=False, word="read-only. Nothing that was saved is lost")
    assert "web" in told[0].out and json.loads(told[2].out)["projects"][0]["name"] == "web"
    assert home.places.database.read_bytes() == before


def test_full_disk(home: Home) -> None:
    told = in_mounts_of_its_own(FULL, (*READING, *CHANGING))
    for item in told[: len(READING)]:
        assert item.status == 0 and "away" not in item.err, item
    expect(told[len(READING) :], reads=False, word="is full. Nothing that was saved is lost")
    assert "web" in told[0].out


def test_a_garden_of_an_older_version_says_that_it_cannot_be_upgraded(
    home: Home,
) -> None:
    from gardener_core.store.database import GARDEN_STEPS, Database

    for file in home.places.data.glob("garden.db*"):
        file.unlink()
    Database(home.places.database, GARDEN_STEPS[:1])
    (told,) = in_mounts_of_its_own(READ_ONLY, (("projects",),))
    assert told.status == 1 and "of an older version and cannot be upgraded" in told.err
    assert "is read-only" in told.err


def test_a_home_that_others_own_is_not_ours(home: Home) -> None:
    for folder in (home.places.data, *home.places.data.parents):
        if not folder.stat().st_mode & 0o001:
            folder.chmod(0o711 if folder != home.places.data.parent else 0o700)
    told = as_nobody((("projects",), ("add", "/tmp"), ("doctor", "--json")))
    for item in told[:2]:
        assert item.status == 1 and "You are not allowed to open" in item.err, item
        assert "owner" in item.err and "away" not in item.err, item
    home.places.data.parent.chmod(0o711)
    home.places.data.chmod(0o755)
    for path in home.places.data.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    told = as_nobody((("projects",), ("runs",), ("rename", "web", "shop")))
    assert [item.status for item in told] == [0, 0, 1]
    assert "web" in told[0].out and all("You are not allowed to open" in item.err for item in told)
