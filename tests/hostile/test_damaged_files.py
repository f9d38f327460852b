"""Every command reports damaged files, and loses nothing."""

import os
import shutil
import signal
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from support.hostile_home import Home

from gardener_core.garden.door import open_garden
from gardener_core.store.caches.vectors import VectorCache

SECONDS = 60
DEEP = "[" * 100_000
COMMANDS = (
    ("projects", "--json"), ("runs",), ("adapters", "web"), ("models",), ("config",), ("audit",),
    ("models", "--all"), ("models", "verify"),
    ("map", "web"), ("index", "web", "--skipped"), ("rename", "web", "web2"),
    ("rename", "web2", "web"), ("config", "training.steps", "7"), ("use", "web", "v1"),
)  # fmt: skip
DAMAGES: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: None,
    "fifo": lambda path: os.mkfifo(path),
    "endless": lambda path: path.symlink_to("/dev/zero"),
    "folder": lambda path: path.mkdir(),
    "file": lambda path: path.write_text("a file"),
    "loop": lambda path: path.symlink_to(path),
    "binary": lambda path: path.write_bytes(bytes(range(256)) * 40),
    "deep": lambda path: path.write_text(DEEP),
    "list": lambda path: path.write_text("[1, 2]"),
    "wrong": lambda path: path.write_text('{"pins": 1, "format": [], "kind": {}, "id": 1}'),
}
# One that waits, one that is no text, one that is text of another kind.
QUICK = ("fifo", "binary", "wrong")
FILES = (
    "projects/{project}/choices.json", "projects/{project}/project.json",
    "projects/{project}/catalog.db", "projects/{project}/index", "projects/{project}/adapters",
    "projects/{project}/adapters/v1/learned.json", "projects/{project}/retrieval",
    "runs/{run}/spec.json", "runs/{run}/events.jsonl",
    "runs/{run}/curve.bin", "runs/{run}/wish", "runs/{run}/alive", "runs/{run}/pulse",
    "runs/{run}/log.txt", "runs/{run}", "runs", "trash", "models", "vectors.db", "gardener.log",
    "gardener.lock", "config.last-good.toml", "projects.lock", "garden.db.lock", "slots",
    "engine.log", "reports", "models/tiny/model.json", "models/files", "first-seen.json",
    "starter.json", "incoming", "explaining", "../config/models.toml", "cache/prefixes",
    "cache/fingerprints", "projects/{project}/rows", "projects/{project}/imported.jsonl",
    "projects/{project}/drifts.json", "projects/{project}/adapters/v1/record.json",
)  # fmt: skip
# One of each way in which files are read.
QUICK_FILES = (
    "projects/{project}/choices.json", "projects/{project}/catalog.db",
    "projects/{project}/adapters", "runs/{run}/spec.json", "runs/{run}/events.jsonl",
    "runs/{run}/curve.bin", "runs/{run}", "vectors.db", "config.last-good.toml", "projects.lock",
    "models/tiny/model.json", "../config/models.toml", "incoming",
)  # fmt: skip


@pytest.fixture
def home(home: Home) -> Iterator[Home]:
    """The same, with an end to waiting."""
    VectorCache(home.places.vectors)
    before = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("It waited for a file."))
    signal.alarm(SECONDS)
    yield home
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("file", QUICK_FILES)
def test_a_damaged_file_costs_words_and_no_more(home: Home, file: str) -> None:
    _damage(home, file, QUICK)


@pytest.mark.long
@pytest.mark.parametrize("file", FILES)
def test_every_damage_costs_words_and_no_more(home: Home, file: str) -> None:
    _damage(home, file, DAMAGES)


def _damage(home: Home, file: str, damages: Iterable[str]) -> None:
    run = next(path.name for path in home.places.runs.iterdir())
    project = home.project
    path = home.places.data / file.format(project=project, run=run)
    whole = home.places.data / "whole"
    for name in damages:
        if os.path.lexists(path):
            path.rename(whole)
        path.parent.mkdir(parents=True, exist_ok=True)
        DAMAGES[name](path)
        there = sorted(_names(home.places.data))
        for command in COMMANDS:
            home.words(*command)
        _look_through_the_screens_door(home)
        lost = set(there) - set(_names(home.places.data)) - {_temporary(there)}
        assert not {each for each in lost if not each.endswith(("-wal", "-shm"))}, (name, lost)
        _remove(path)
        if os.path.lexists(whole):
            whole.rename(path)


def _look_through_the_screens_door(home: Home) -> None:
    """What the screen asks again and again."""
    from gardener_core.errors import GardenError
    from gardener_tui.panes.overview import Overview

    try:
        garden = open_garden(home.places)
    except GardenError:
        return
    for project in Overview.read(garden).projects:
        for ask in (
            garden.code.choices, garden.index.health, garden.index.retrieval, garden.data.newest,
        ):  # fmt: skip
            try:
                ask(project)
            except GardenError as problem:
                assert "away" not in problem.hint, "nothing is advised that would lose something"
    for each in garden.runs.all():
        list(garden.runs.read(each.id))
        list(garden.runs.follow(each.id))
    garden.close()


def _names(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*")]


def _temporary(names: list[str]) -> str:
    return next((name for name in names if name.startswith(".")), "")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif os.path.lexists(path):
        path.unlink()
