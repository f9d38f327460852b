"""The measured weights of embedders."""

import dataclasses
from dataclasses import dataclass

from gardener_core.store.database import Database


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight measured with n questions; 0 if the embedder did not help.

    `record` is the name of the file with the measurement.
    """

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
        """The last measured weight of an embedder."""
        query = "SELECT * FROM weights WHERE embedder = ?"
        with self._database.reading() as connection:
            row = connection.execute(query, (embedder,)).fetchone()
        return self._database.parse_row(Weight, dict(row)) if row else None

    def all(self) -> list[Weight]:
        """The last weight of every embedder that was measured, the latest first."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT * FROM weights ORDER BY measured DESC").fetchall()
        return [self._database.parse_row(Weight, dict(row)) for row in rows]

    def put(self, weight: Weight) -> None:
        """Store a weight, replacing the previous one."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO weights VALUES (?, ?, ?, ?, ?)", dataclasses.astuple(weight)
            )
