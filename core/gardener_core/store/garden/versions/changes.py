"""Name, note, archive and remove versions."""

import re
import time
from dataclasses import dataclass

from gardener_core.errors import BadInput
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import Adapter, AdapterTable, missing_adapter
from gardener_core.store.garden.audit import record_action
from gardener_core.store.garden.project_names import is_usable
from gardener_core.store.garden.projects import TRASH_SECONDS
from gardener_core.system.terminal_text import clean_line

LONGEST_NAME, LONGEST_NOTE = 40, 500
_VERSION = re.compile(r"v\d+")


@dataclass(frozen=True, slots=True)
class RemovedAdapter:
    """A version in the trash until the wall time `until`."""

    project: str
    version: str
    name: str
    base: str
    until: float


class AdapterChanges:
    """What a person changes of a version; its files stay as they were trained."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._table = AdapterTable(database)

    def rename(self, adapter: Adapter, name: str) -> Adapter:
        """Give a version a name, by which it is found too; an empty one takes it away."""
        name = name.strip()
        if name:
            self._require_free(adapter, name)
        return self._set(adapter, "adapter renamed", name or "no name", name=name)

    def note(self, adapter: Adapter, text: str) -> Adapter:
        """Write a note beside a version; an empty one takes it away."""
        note = clean_line(text).strip()
        if len(note) > LONGEST_NOTE:
            raise BadInput(
                f"The note has {len(note)} characters.", hint=f"{LONGEST_NOTE} are the most."
            )
        return self._set(adapter, "adapter noted", note, note=note)

    def archive(self, adapter: Adapter) -> Adapter:
        """Put a version away: its files stay, and it neither answers nor is measured."""
        if adapter.state == "archived":
            raise BadInput(f"{adapter.version} is archived already.", hint="")
        return self._set(adapter, "adapter archived", state="archived", was=adapter.state)

    def unarchive(self, adapter: Adapter) -> Adapter:
        """Bring a version back in the state that it had."""
        if adapter.state != "archived":
            raise BadInput(f"{adapter.version} is not archived.", hint="")
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT was FROM adapters WHERE project = ? AND version = ?",
                (adapter.project, adapter.version),
            ).fetchone()
        was = str(row["was"]) if row and row["was"] else "trained"
        return self._set(adapter, "adapter brought back", state=was, was="")

    def remove(self, adapter: Adapter) -> RemovedAdapter:
        """Mark a version as removed; its folder is moved afterwards."""
        until = time.time() + TRASH_SECONDS
        self._update(adapter.project, adapter.version, "adapter removed", "", until=until)
        return RemovedAdapter(adapter.project, adapter.version, adapter.name, adapter.base, until)

    def restore(self, removed: RemovedAdapter) -> Adapter:
        """Take a version out of the trash whose folder is back in its place."""
        self._update(removed.project, removed.version, "adapter restored", "", until=None)
        return self._table.get(removed.project, removed.version)

    def trashed(self, project: str | None = None) -> list[RemovedAdapter]:
        """The versions that can be restored, of one project or of all, the latest removed first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT project, version, name, base, until FROM adapters "
                "WHERE until IS NOT NULL AND (?1 IS NULL OR project = ?1) ORDER BY until DESC",
                (project,),
            ).fetchall()
        return [self._database.parse_row(RemovedAdapter, dict(row)) for row in rows]

    def find_trashed(self, project: str, word: str) -> RemovedAdapter:
        """A removed version of a project, by itself or by its name."""
        for removed in self.trashed(project):
            if word in (removed.version, removed.name):
                return removed
        raise missing_adapter(word)

    def _require_free(self, adapter: Adapter, name: str) -> None:
        if len(name) > LONGEST_NAME or not is_usable(name) or _VERSION.fullmatch(name):
            raise BadInput(
                f"{clean_line(name)!r} cannot be the name of an adapter.",
                hint=f"Give up to {LONGEST_NAME} letters in one line; v1, v2 … are versions.",
            )
        for other in self._table.of_project(adapter.project):
            if other.name == name and other.version != adapter.version:
                raise BadInput(f"{other.version} is called {name!r} already.", hint="")

    def _set(self, adapter: Adapter, action: str, detail: str = "", **values: str) -> Adapter:
        self._update(adapter.project, adapter.version, action, detail, **values)
        return self._table.get(adapter.project, adapter.version)

    def _update(
        self, project: str, version: str, action: str, detail: str, **values: str | float | None
    ) -> None:
        names = ", ".join(f"{name} = ?" for name in values)
        with self._database.writing() as connection:
            connection.execute(
                f"UPDATE adapters SET {names} WHERE project = ? AND version = ?",
                (*values.values(), project, version),
            )
            record_action(
                connection, action, project, f"{version}: {detail}" if detail else version
            )
