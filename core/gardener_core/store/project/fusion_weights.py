"""What embedders count in a project's search, as measured there."""

import dataclasses
from dataclasses import dataclass

from gardener_core.store.database import Database


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight over n questions; 0 for an embedder that did not help. `record` is a file's name."""

    embedder: str
    weight: float
    measured: str
    n: int
    record: str


class WeightTable:
    """The weights in a project's catalog.db."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, embedder: str) -> Weight | None:
        """The last weight that was measured for an embedder."""
        query = "SELECT * FROM weights WHERE embedder = ?"
        with self._database.reading() as connection:
            row = connection.execute(query, (embedder,)).fetchone()
        return self._database.fact(Weight, dict(row)) if row else None

    def all(self) -> list[Weight]:
        """The last weight of every embedder that was measured, the latest first."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT * FROM weights ORDER BY measured DESC").fetchall()
        return [self._database.fact(Weight, dict(row)) for row in rows]

    def put(self, weight: Weight) -> None:
        """Keep a weight in the place of the one before."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO weights VALUES (?, ?, ?, ?, ?)", dataclasses.astuple(weight)
            )
