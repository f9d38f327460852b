"""The list of runs: a cache of their folders."""

import sqlite3
from dataclasses import dataclass

from gardener_core.errors import RunMissing
from gardener_core.keeping.database import Database

ENDED = frozenset({"finished", "failed", "stopped", "died"})


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it was last seen; `project` is an id, or empty where none is concerned."""

    id: str
    kind: str
    project: str
    started: float
    state: str
    step: int = 0
    steps: int = 0
    loss: float | None = None

    @property
    def live(self) -> bool:
        """Whether a process works on it or waits to."""
        return self.state not in ENDED


class RunTable:
    """The table `runs`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, run: Run) -> None:
        """Enter a run, or what changed about it."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    run.id,
                    run.kind,
                    run.project,
                    run.started,
                    run.state,
                    run.step,
                    run.steps,
                    run.loss,
                ),
            )

    def all(self, project: str | None = None) -> list[Run]:
        """Every run, newest first."""
        condition = "" if project is None else "WHERE project = ?"
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT * FROM runs {condition} ORDER BY started DESC",
                () if project is None else (project,),
            ).fetchall()
        return [_run(row) for row in rows]

    def get(self, run_id: str) -> Run:
        """One run."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT * FROM runs WHERE id = ?", (run_id,)).fetchone()
        if row is None:
            raise RunMissing(f"There is no run {run_id!r}.", hint="Run: gardener runs")
        return _run(row)

    def delete_of_project(self, project: str) -> None:
        """Forget the runs of a project that was removed."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM runs WHERE project = ?", (project,))


def _run(row: sqlite3.Row) -> Run:
    return Run(**{key: row[key] for key in row.keys()})  # noqa: SIM118 - a Row has no items
