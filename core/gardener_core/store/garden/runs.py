"""The list of runs: a cache of their folders."""

import dataclasses
import sqlite3
from dataclasses import dataclass
from typing import Literal, get_args

from gardener_core.errors import Remedy, RunMissing
from gardener_core.store.database import Database

RunState = Literal[
    "queued", "starting", "running", "paused", "died", "failed", "stopped", "finished"
]
# The last stands for the kind of a run that a newer version made.
RunKind = Literal[
    "survey", "index", "grow", "train", "score", "data", "export", "pull", "deploy", "unknown"
]  # fmt: skip
ENDED: frozenset[RunState] = frozenset({"finished", "failed", "stopped", "died"})
_HEAVY: frozenset[RunKind] = frozenset({"grow", "train", "score", "export", "deploy"})


@dataclass(frozen=True, slots=True)
class Run:
    """A run as last seen; `project` is an id, empty for a base model."""

    id: str
    kind: RunKind
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

    @property
    def finished(self) -> bool:
        """Whether it ended with all of its work done."""
        return self.state == "finished"

    @property
    def heavy(self) -> bool:
        """Whether it takes one of the machine's slots."""
        return self.kind in _HEAVY


_NAMES = ", ".join(field.name for field in dataclasses.fields(Run))
_OF_ALL = "project NOT IN (SELECT id FROM projects WHERE until IS NOT NULL)"


class RunTable:
    """The table `runs`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, run: Run) -> None:
        """Insert or update a run."""
        with self._database.writing() as connection:
            connection.execute(
                f"INSERT INTO runs ({_NAMES}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET state = excluded.state, step = excluded.step, "
                "steps = excluded.steps, loss = excluded.loss",
                dataclasses.astuple(run),
            )

    def all(self, project: str | None = None) -> list[Run]:
        """Every run, newest first, without those of projects in the trash."""
        condition = _OF_ALL if project is None else "project = ?"
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {_NAMES} FROM runs WHERE {condition} ORDER BY number DESC",
                () if project is None else (project,),
            ).fetchall()
        return [self._run(row) for row in rows]

    def get(self, run_id: str) -> Run:
        """One run."""
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {_NAMES} FROM runs WHERE id = ?", (run_id,)
            ).fetchone()
        if row is None:
            raise RunMissing(f"There is no run {run_id!r}.", remedy=Remedy("list runs"))
        return self._run(row)

    def ids(self) -> list[str]:
        """The id of every run, also of projects in the trash."""
        with self._database.reading() as connection:
            return [row[0] for row in connection.execute("SELECT id FROM runs ORDER BY number")]

    def forget(self, run_id: str) -> None:
        """Delete a run's row."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM runs WHERE id = ?", (run_id,))

    def _run(self, row: sqlite3.Row) -> Run:
        """A row as a run, with unknown words of newer versions mapped."""
        fields = dict(row)
        if fields["kind"] not in get_args(RunKind):
            fields["kind"] = "unknown"
        if fields["state"] not in get_args(RunState):
            fields["state"] = "starting"  # live, so the state is read from the folder
        return self._database.parse_row(Run, fields)
