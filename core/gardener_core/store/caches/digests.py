"""The digests of large files, so that none is read twice for its name."""

from pathlib import Path

from gardener_core.store.database import Database
from gardener_core.store.migrations.vectors import VECTOR_STEPS


class DigestTable:
    """The table `digests`; a file that changed its size or time has none."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, VECTOR_STEPS)

    def get(self, file: Path) -> str:
        """The digest as it was put, or nothing."""
        told = file.stat()
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT digest FROM digests WHERE path = ? AND bytes = ? AND changed_ns = ?",
                (str(file), told.st_size, told.st_mtime_ns),
            ).fetchone()
        return str(row["digest"]) if row else ""

    def put(self, file: Path, digest: str) -> None:
        """Remember the digest of a file as it is now."""
        told = file.stat()
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?)",
                (str(file), told.st_size, told.st_mtime_ns, digest),
            )
