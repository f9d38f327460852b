"""The catalog of a project's files."""

import contextlib
import dataclasses
import json
import sqlite3
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import GardenError
from gardener_core.store.database import Database
from gardener_core.store.migrations.project import PROJECT_STEPS
from gardener_core.store.project.configuration import ConfigurationTable
from gardener_core.store.project.facts import FileFacts
from gardener_core.store.project.fusion_weights import Weight, WeightTable
from gardener_core.store.project.links import LinkTable
from gardener_core.store.project.ranks import MapTable
from gardener_core.store.project.sides import SideTable
from gardener_core.store.project.sources import SourceTable, clear_facts, drop_facts, put_facts
from gardener_core.store.project.symbols import SymbolTable


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as last read; `skipped` is why it was left out, or empty.

    `secrets` holds the line and the rule of each secret that was hidden.
    """

    path: str
    bytes: int
    changed_ns: int
    hash: str
    chunks: int
    skipped: str
    secrets: tuple[tuple[int, str], ...] = ()


class Catalog:
    """A project's catalog.db."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, PROJECT_STEPS)
        self.symbols = SymbolTable(self._database)
        self.configuration = ConfigurationTable(self._database)
        self.links = LinkTable(self._database)
        self.sources = SourceTable(self._database)
        self.maps = MapTable(self._database)
        self.weights = WeightTable(self._database)
        self.sides = SideTable(self._database)

    def checking_for_damage(self) -> AbstractContextManager[None]:
        """Check the file for damage when parsing what was read fails."""
        return self._database.checking_for_damage()

    def files(self) -> dict[str, KnownFile]:
        """Every known file by its path."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT * FROM files").fetchall()
        return {row["path"]: _file(row) for row in rows}

    def paths(self) -> list[str]:
        """The paths of every file in the index."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT path FROM files WHERE skipped = ''").fetchall()
        return [str(row["path"]) for row in rows]

    def changed_ns(self, path: str) -> int:
        """When a file had changed as it was read; -1 for one that is not known."""
        query = "SELECT changed_ns FROM files WHERE path = ?"
        with self._database.reading() as connection:
            row = connection.execute(query, (path,)).fetchone()
        return int(row[0]) if row else -1

    def changed_since(self, since_ns: int) -> tuple[list[str], int]:
        """The files changed after a moment, latest first; how many there are.

        A file that has to be read again has no time.
        """
        query = (
            "SELECT path FROM files WHERE skipped = '' AND changed_ns > ? ORDER BY changed_ns DESC"
        )
        with self._database.reading() as connection:
            paths = [row["path"] for row in connection.execute(query, (since_ns,))]
        return paths, self.count()

    def count(self) -> int:
        """The number of files in the index."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT count(*) FROM files WHERE skipped = ''").fetchone()
        return int(row[0])

    def keep(
        self,
        files: Iterable[KnownFile],
        deleted_paths: Iterable[str] = (),
        facts: Iterable[FileFacts] = (),
    ) -> None:
        """Store files with their facts and delete those that are gone.

        A file without facts was left out.
        """
        rows = [(*dataclasses.astuple(file)[:-1], json.dumps(file.secrets)) for file in files]
        facts_by_path = {item.path: item for item in facts}
        deleted = list(deleted_paths)
        empty = [
            path for path in (*deleted, *(row[0] for row in rows)) if path not in facts_by_path
        ]
        marks = ", ".join("?" * len(dataclasses.fields(KnownFile)))
        with self._database.writing() as connection:
            connection.executemany(
                "DELETE FROM files WHERE path = ?", [(path,) for path in deleted]
            )
            connection.executemany(f"INSERT OR REPLACE INTO files VALUES ({marks})", rows)
            for path in empty:
                drop_facts(connection, path)
            for item in facts_by_path.values():
                put_facts(connection, item)

    def forget(self, paths: Iterable[str]) -> None:
        """Mark files as changed, so that the next refresh reads them again."""
        with self._database.writing() as connection:
            connection.executemany(
                "UPDATE files SET changed_ns = -1, hash = '' WHERE path = ?",
                [(path,) for path in paths],
            )

    def anyway(self) -> frozenset[str]:
        """Files that a person wants indexed though a rule leaves them out."""
        with self._database.reading() as connection:
            return frozenset(row["path"] for row in connection.execute("SELECT * FROM anyway"))

    def want(self, paths: Iterable[str], *, anyway: bool) -> None:
        """Exempt files from the rules, or end that."""
        insert = "INSERT OR IGNORE INTO anyway VALUES (?)"
        with self._database.writing() as connection:
            connection.executemany(
                insert if anyway else "DELETE FROM anyway WHERE path = ?",
                [(path,) for path in paths],
            )

    def clear(self) -> None:
        """Delete everything, so that the next refresh reads all files."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM files")
            clear_facts(connection)


def take_over(damaged: Path, path: Path) -> str:
    """Move decisions and weights to a new catalog; a summary."""
    catalog = Catalog(path)
    paths: list[str] = []
    weights: list[Weight] = []
    with contextlib.suppress(GardenError):
        paths = sorted(Catalog(damaged).anyway())
    with contextlib.suppress(GardenError):
        weights = Catalog(damaged).weights.all()
    with contextlib.suppress(GardenError):
        catalog.sides.keep(Catalog(damaged).sides.all().values())
    with contextlib.suppress(GardenError):
        for (name, symbol), accepted in Catalog(damaged).sides.choices().items():
            catalog.sides.choose(name, symbol, accepted)
    catalog.want(paths, anyway=True)
    for weight in weights:
        catalog.weights.put(weight)
    return f"{len(paths)} decisions to read a file anyway were kept. " if paths else ""


def _file(row: sqlite3.Row) -> KnownFile:
    fields = {name: row[name] for name in row.keys()}  # noqa: SIM118 - a Row has no items
    secrets = json.loads(fields.pop("secrets"))
    return KnownFile(**fields, secrets=tuple((line, rule) for line, rule in secrets))
