"""List a project's adapters and choose the one that answers."""

from gardener_core.errors import AdapterMissing, GateClosed, Remedy
from gardener_core.evaluation.held_out import HeldOut, Scores, read_held_out
from gardener_core.models.identity import require_base
from gardener_core.models.store import ModelStore
from gardener_core.store.garden.adapter_files import Partial, read_partial, require_whole
from gardener_core.store.garden.adapters import Adapter, AdapterTable
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.garden.runs import Run
from gardener_core.system.files.atomic import recover_folder
from gardener_core.system.places import Places
from gardener_core.system.terminal_text import clean_line

LONGEST_REASON = 200


class Adapters:
    """A project's adapters, newest first, and the one that answers."""

    def __init__(self, places: Places, table: AdapterTable, projects: ProjectTable) -> None:
        self._places = places
        self._table = table
        self._projects = projects
        self._models = ModelStore(places)
        self._held_out: dict[str, HeldOut] = {}  # by run; a record never changes

    def held_out(self, adapter: Adapter) -> Scores | None:
        """What an adapter scored on held-out files; nothing where its run left no record."""
        if not adapter.run:
            return None
        scores: Scores | None = self._held_out.get(adapter.run)
        if scores is None:
            scores = read_held_out(self._places.run(adapter.run))
            if isinstance(scores, HeldOut):
                self._held_out[adapter.run] = scores
        return scores

    def partial(self, adapter: Adapter) -> Partial | None:
        """Of which step an adapter is, if its run was ended early and kept."""
        return read_partial(self._places.adapters(adapter.project) / adapter.version)

    def all(self, project: Project) -> list[Adapter]:
        """Every version, newest first."""
        return self._table.of_project(project.id)

    def made_by(self, run: Run) -> Adapter | None:
        """The version that a run has made; None where it has made none."""
        made = (one for one in self._table.of_project(run.project) if one.run == run.id)
        return next(made, None)

    def use(self, project: Project, version: str, reason: str = "") -> Project:
        """Make a version the one that answers; it is given by itself or by its name.

        One that has not passed the gate needs a reason, which stands beside its answers.
        """
        adapter = self._table.find(project.id, version)
        reason = self.require_usable(project, adapter, reason)
        self._projects.use_adapter(project.id, adapter.version, adapter.base, reason)
        return self._projects.get(project.id)

    def require_usable(self, project: Project, adapter: Adapter, reason: str = "") -> str:
        """Refuse a version that cannot answer or may not; the reason to store with it."""
        version = adapter.version
        if adapter.state == "archived":
            raise GateClosed(
                f"Adapter {version} is archived.", hint="Bring it back from the archive first."
            )
        folder = self._places.adapters(project.id) / version
        if not recover_folder(folder):
            raise AdapterMissing(
                f"The files of adapter {version} are gone.",
                remedy=Remedy("repair", project.name),
            )
        require_whole(folder, version, project.name)
        if self._models.has(adapter.base):
            require_base(folder, version, self._models.get(adapter.base))
        if adapter.state == "passed":
            return ""
        if not reason.strip():
            measured = adapter.state not in ("trained", "partial")
            raise GateClosed(
                f"Adapter {version} has not passed the gate: {adapter.caveat}.",
                hint="It can be used for a reason all the same, which stands beside its answers."
                if measured
                else "Measure it first, or use it for a reason, which stands beside its answers.",
                remedy=None if measured else Remedy("score", project.name),
            )
        return clean_line(reason).strip()[:LONGEST_REASON]

    def chosen(self, project: Project, version: str | None = None) -> Adapter:
        """The named version, else the active one, else the newest that is not archived."""
        name = version or project.adapter
        if name:
            return self._table.find(project.id, name)
        return self._newest(project)

    def to_score(self, project: Project, version: str | None = None) -> Adapter:
        """The named version, else the newest that was not measured, else the newest."""
        if version:
            return self._table.find(project.id, version)
        waiting = (one for one in self.all(project) if one.state in ("trained", "partial"))
        return next(waiting, None) or self._newest(project)

    def _newest(self, project: Project) -> Adapter:
        adapters = self._table.of_project(project.id)
        if not adapters:
            raise AdapterMissing(
                f"{project.name!r} has no adapter yet.", remedy=Remedy("train", project.name)
            )
        return next((one for one in adapters if one.state != "archived"), adapters[0])
