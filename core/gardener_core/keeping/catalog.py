"""The files of a project, as they were last read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gardener_core.keeping.database import Database

CATALOG_STEPS: Sequence[str] = (
    """
    CREATE TABLE files (
        path TEXT PRIMARY KEY,
        bytes INTEGER NOT NULL,
        changed_ns INTEGER NOT NULL,
        hash TEXT NOT NULL,
        chunks INTEGER NOT NULL,
        skipped TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
)


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file of the index; `skipped` is the reason why it was left out, else empty."""

    path: str
    bytes: int
    changed_ns: int
    hash: str
    chunks: int
    skipped: str


class Catalog:
    """A project's catalog.db."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, CATALOG_STEPS)

    def files(self) -> dict[str, KnownFile]:
        """Every known file by its path."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT * FROM files").fetchall()
        return {row["path"]: KnownFile(*row) for row in rows}

    def keep(self, files: Iterable[KnownFile], gone: Iterable[str] = ()) -> None:
        """Enter what was read and forget what is gone, in one transaction."""
        rows = [
            (file.path, file.bytes, file.changed_ns, file.hash, file.chunks, file.skipped)
            for file in files
        ]
        with self._database.writing() as connection:
            connection.executemany("DELETE FROM files WHERE path = ?", [(path,) for path in gone])
            connection.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)", rows)

    def clear(self) -> None:
        """Forget everything, so that the next refresh reads all files."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM files")
