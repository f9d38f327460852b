"""The side of each file in training, and what the user decided."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import Literal

from gardener_core.store.database import Database

Side = Literal["train", "dev", "held_out"]


@dataclass(frozen=True, slots=True)
class KnownSide:
    """The side that a file had when it was first seen, and the hash of its text when last seen."""

    path: str
    side: Side
    hash: str
    seen: float


class SideTable:
    """The tables `sides` and `data_choices` of a project's catalog.db."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, KnownSide]:
        """Every file that has a side, by its path."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT path, side, hash, seen FROM sides").fetchall()
        found = (self._database.parse_row(KnownSide, dict(row)) for row in rows)
        return {side.path: side for side in found}

    def keep(self, sides: Iterable[KnownSide]) -> None:
        """Store sides; a file that is gone keeps its own, as it may come back or be renamed."""
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO sides VALUES (?, ?, ?, ?)",
                [astuple(side) for side in sides],
            )

    def choices(self) -> Mapping[tuple[str, str], bool]:
        """What the user accepts or rejects, by path and symbol; a whole file has no symbol."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT path, symbol, accepted FROM data_choices").fetchall()
        return {(row["path"], row["symbol"]): bool(row["accepted"]) for row in rows}

    def choose(self, path: str, symbol: str, accepted: bool | None) -> None:
        """Accept or reject a file or a symbol; None takes the decision back."""
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM data_choices WHERE path = ? AND symbol = ?", (path, symbol)
            )
            if accepted is not None:
                connection.execute(
                    "INSERT INTO data_choices VALUES (?, ?, ?)", (path, symbol, int(accepted))
                )
