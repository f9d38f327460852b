"""What is done with the versions of a project's adapter."""

from collections.abc import Sequence
from dataclasses import dataclass

from gardener_core.errors import AdapterMissing, BadInput, GateClosed
from gardener_core.garden.adapters import Adapters
from gardener_core.garden.versions.comparing import Compared, compared
from gardener_core.garden.versions.listing import Version, VersionList
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import Adapter, AdapterTable
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.garden.versions.changes import AdapterChanges, RemovedAdapter
from gardener_core.store.garden.versions.trash import AdapterTrash
from gardener_core.store.garden.versions.uses import AdapterUse, AdapterUses, use_to_undo
from gardener_core.system.places import Places

BEFORE = "it answered before"


@dataclass(frozen=True, slots=True)
class RolledBack:
    """The version that answered, and the one that answers again; empty is the base alone."""

    left: str
    version: str
    caveat: str


class Versions:
    """Lists, compares, rolls back, names, archives and removes versions."""

    def __init__(self, places: Places, database: Database, adapters: Adapters) -> None:
        self._places = places
        self._adapters = adapters
        self._table = AdapterTable(database)
        self._projects = ProjectTable(database)
        self._changes = AdapterChanges(database)
        self._trash = AdapterTrash(places, database)
        self._uses = AdapterUses(database)
        self._list = VersionList(places, adapters)

    def all(self, project: Project) -> list[Version]:
        """Every version with what is known of it, newest first, archived ones last."""
        return self._list.all(project)

    def find(self, project: Project, word: str) -> Adapter:
        """One version, by itself or by its name."""
        return self._table.find(project.id, word)

    def compare(self, project: Project, words: Sequence[str]) -> Compared:
        """The figures of some versions beside each other, of all where none is named."""
        listed = self.all(project)
        if words:
            wanted = [self.find(project, word).version for word in words]
            known = {one.adapter.version: one for one in listed}
            listed = [known[version] for version in dict.fromkeys(wanted)]
        if not listed:
            raise AdapterMissing(f"{project.name!r} has no adapter yet.", hint="Train one first.")
        return compared(self._places.adapters(project.id), listed)

    def before(self, project: Project) -> AdapterUse | None:
        """The use that a roll back would take back; None where there is none."""
        usable = {one.version for one in self._adapters.all(project) if one.state != "archived"}
        uses = self._uses.of_project(project.id)
        return use_to_undo(uses, project.adapter, lambda version: version in usable)

    def roll_back(self, project: Project, reason: str = "") -> RolledBack:
        """Let the version answer again that did before the active one.

        One that has not passed the gate is used for the reason that it had, unless there is a new
        one; if it had none, that it answered before is a reason.
        """
        use = self.before(project)
        if use is None:
            raise BadInput(
                f"Nothing answered for {project.name} before "
                f"{project.adapter or 'the base alone'}, as far as is known.",
                hint="Choose a version to use.",
            )
        if not use.before:
            self._uses.take_back(project.id, use, project.base, "")
            return RolledBack(project.adapter, "", "")
        adapter = self._table.get(project.id, use.before)
        kept = self._adapters.require_usable(project, adapter, reason or adapter.reason or BEFORE)
        self._uses.take_back(project.id, use, adapter.base, kept)
        return RolledBack(
            project.adapter, adapter.version, self._table.get(project.id, adapter.version).caveat
        )

    def rename(self, adapter: Adapter, name: str) -> Adapter:
        """Give a version a name beside its number; an empty one takes it away."""
        return self._changes.rename(adapter, name)

    def note(self, adapter: Adapter, text: str) -> Adapter:
        """Write a note beside a version; an empty one takes it away."""
        return self._changes.note(adapter, text)

    def archive(
        self, project: Project, adapter: Adapter, *, though_active: bool = False
    ) -> Adapter:
        """Put a version away; where it answers and that is confirmed, the base does so alone."""
        self._leave(project, adapter, though_active)
        return self._changes.archive(adapter)

    def unarchive(self, adapter: Adapter) -> Adapter:
        """Bring a version back in the state that it had."""
        return self._changes.unarchive(adapter)

    def remove(
        self, project: Project, adapter: Adapter, *, though_active: bool = False
    ) -> RemovedAdapter:
        """Move a version into the trash for seven days; the same holds where it answers."""
        self._leave(project, adapter, though_active)
        return self._trash.remove(adapter)

    def restore(self, project: Project, word: str) -> Adapter:
        """Bring a removed version back."""
        return self._trash.restore(self._changes.find_trashed(project.id, word))

    def trashed(self, project: Project | None = None) -> list[RemovedAdapter]:
        """The versions that can be restored, of one project or of all."""
        return self._changes.trashed(project.id if project else None)

    def _leave(self, project: Project, adapter: Adapter, though_active: bool) -> None:
        if project.adapter != adapter.version:
            return
        if not though_active:
            raise GateClosed(
                f"{adapter.version} answers for {project.name}.",
                hint="Use another or roll back first, or confirm it: then the base answers alone.",
            )
        self._projects.set_adapter(project.id, "", project.base)
