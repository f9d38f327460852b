"""A garden with something in every table, and commands to read it with."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gardener_core.cli.main import run
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.chats.conversations import ConversationTable
from gardener_core.store.garden.chats.messages import MessageTable
from gardener_core.store.garden.project_settings import ProjectSettings
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.system.places import Places
from support.indexed import IndexedGardens

CODE = {
    "session.py": "from web import rotate\n\nclass Session:\n    def refresh(self):\n"
    "        return rotate(self)\n",
    "web.py": 'LIMIT = 3\n\ndef rotate(session):\n    """Turn it."""\n    return session\n',
    "tests/test_web.py": "from web import rotate\n\ndef test_it():\n    assert rotate(1) == 1\n",
}
PAGE = 4096
# What only reads, and starts no process.
# A command that fails in a whole home too: there is no such run.
OF_NOTHING = ("follow", "nix")
READING = (
    ("projects",), ("projects", "--trash"), ("projects", "--json"), ("runs",), ("runs", "--json"),
    ("runs", "--trash"), ("adapters", "web"), ("models",), ("models", "--all"),
    ("config",),
    ("config", "--project", "web"), ("audit",), ("audit", "verify"), ("map", "web"),
    ("index", "web", "--skipped"),
    ("chats",), ("chats", "web"), ("chats", "search", "question", "--json"),
)  # fmt: skip


@dataclass(frozen=True)
class Home:
    """A garden on the disk, and this process's commands on it."""

    places: Places
    capsys: pytest.CaptureFixture[str]

    @property
    def project(self) -> str:
        """The id of its one project, by its folder."""
        return next(path.name for path in self.places.projects.iterdir())

    def command(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command here: an exception of ours or Python's own would come out of it."""
        status = run(list(arguments))
        told = self.capsys.readouterr()
        return status, told.out, told.err

    def words(self, *arguments: str) -> str:
        """What a command says; it says it in words, and its status is 0 or 1."""
        status, out, err = self.command(*arguments)
        assert status in (0, 1), (arguments, status)
        assert "Traceback" not in out + err, arguments
        if status:
            assert out or err.startswith("gardener: "), (arguments, out, err)
        return out + err


def laid_out(folder: Path, indexed: IndexedGardens, capsys: pytest.CaptureFixture[str]) -> Home:
    """The garden in `folder`, indexed, with rows in every table."""
    indexed.lay_out(folder, CODE)
    places = Places(config=folder / "home" / "config", data=folder / "home" / "data")
    database = Database(places.database)
    project = ProjectTable(database).find("web")
    AdapterTable(database).register(project.id, "v1", "seedling", "r", 9)
    ProjectSettings(database).put(project.id, "training.steps", "5")
    table = ConversationTable(database)
    chat = table.begin(project.id, "About tokens")
    messages = MessageTable(database)
    for number in range(40):
        messages.add(chat.id, None, "user", f"Question {number} about the code. " * 20)
    return Home(places, capsys)


def flipped(path: Path, seed: int) -> Iterator[None]:
    """Damage a file at a few places, as `seed` says; put it back afterwards."""
    whole = path.read_bytes()
    chance = random.Random(seed)
    damaged = bytearray(whole)
    if seed % 4 == 0:  # a whole page of noise, never the first
        page = chance.randrange(1, max(2, len(whole) // PAGE)) * PAGE
        damaged[page : page + PAGE] = chance.randbytes(min(PAGE, len(whole) - page))
    else:
        for _ in range(chance.choice((1, 8, 64))):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    path.write_bytes(bytes(damaged))
    yield
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    path.write_bytes(whole)
