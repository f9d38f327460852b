"""Cache the digests of large files."""

from pathlib import Path

from gardener_core.store.database import Database
from gardener_core.store.migrations.vectors import VECTOR_STEPS


class DigestTable:
    """The table `digests`; a file whose size or time changed has no entry."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, VECTOR_STEPS)

    def get(self, file: Path) -> str:
        """The stored digest, or an empty text."""
        status = file.stat()
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT digest FROM digests WHERE path = ? AND bytes = ? AND changed_ns = ?",
                (str(file), status.st_size, status.st_mtime_ns),
            ).fetchone()
        return str(row["digest"]) if row else ""

    def put(self, file: Path, digest: str) -> None:
        """Store the digest of a file as it is now."""
        status = file.stat()
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?)",
                (str(file), status.st_size, status.st_mtime_ns, digest),
            )
