"""The list of runs: a cache of their folders."""

import dataclasses
from dataclasses import dataclass
from typing import Literal

from gardener_core.errors import Remedy, RunMissing
from gardener_core.store.database import Database

RunState = Literal[
    "queued", "starting", "running", "paused", "finished", "failed", "stopped", "died"
]
ENDED: frozenset[RunState] = frozenset({"finished", "failed", "stopped", "died"})


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it was last seen; `project` is an id, or empty where none is concerned."""

    id: str
    kind: str
    project: str
    started: float
    state: RunState
    step: int = 0
    steps: int = 0
    loss: float | None = None

    @property
    def live(self) -> bool:
        """Whether a process works on it or waits to."""
        return self.state not in ENDED


_NAMES = ", ".join(field.name for field in dataclasses.fields(Run))
_OF_ALL = "project NOT IN (SELECT id FROM projects WHERE until IS NOT NULL)"


class RunTable:
    """The table `runs`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, run: Run) -> None:
        """Enter a run, or what changed about it."""
        with self._database.writing() as connection:
            connection.execute(
                f"INSERT INTO runs ({_NAMES}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET state = excluded.state, step = excluded.step, "
                "steps = excluded.steps, loss = excluded.loss",
                dataclasses.astuple(run),
            )

    def all(self, project: str | None = None) -> list[Run]:
        """Every run, newest first; a project in the trash keeps its runs to itself."""
        condition = _OF_ALL if project is None else "project = ?"
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {_NAMES} FROM runs WHERE {condition} ORDER BY number DESC",
                () if project is None else (project,),
            ).fetchall()
        return [self._database.fact(Run, dict(row)) for row in rows]

    def get(self, run_id: str) -> Run:
        """One run."""
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {_NAMES} FROM runs WHERE id = ?", (run_id,)
            ).fetchone()
        if row is None:
            raise RunMissing(f"There is no run {run_id!r}.", remedy=Remedy("list runs"))
        return self._database.fact(Run, dict(row))

    def ids(self) -> list[str]:
        """Every run that is entered, those of projects in the trash too."""
        with self._database.reading() as connection:
            return [row[0] for row in connection.execute("SELECT id FROM runs ORDER BY number")]

    def forget(self, run_id: str) -> None:
        """Take a run from the list."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM runs WHERE id = ?", (run_id,))
