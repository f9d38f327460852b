"""Find what needs a model."""

from collections.abc import Collection
from dataclasses import dataclass

from gardener_core.errors import Damaged
from gardener_core.garden.settings import SettingsDoor
from gardener_core.jobs.spec import TrainSpec, read_spec
from gardener_core.models.model import latest
from gardener_core.store.garden.adapters import Adapter, AdapterTable
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.garden.runs import RunTable
from gardener_core.system.places import Places


@dataclass(frozen=True, slots=True)
class VerifiedModel:
    """Whether every byte of a model is as it was recorded."""

    name: str
    ok: bool
    what: str


@dataclass(frozen=True, slots=True)
class Users:
    """The projects that use a model, and the adapters that were trained on it."""

    projects: tuple[str, ...] = ()
    adapters: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything needs it."""
        return bool(self.projects or self.adapters)

    @property
    def sentence(self) -> str:
        """Who needs it; the name of the model follows."""
        named = []
        if self.projects:
            named.append(f"the projects {', '.join(self.projects)}")
        if self.adapters:
            named.append(f"the adapters {', '.join(self.adapters)}")
        text = " and ".join(named)
        return f"{text[:1].upper()}{text[1:]} need"


class ModelUse:
    """Looks through projects, adapters and live runs."""

    def __init__(
        self,
        places: Places,
        projects: ProjectTable,
        adapters: AdapterTable,
        runs: RunTable,
        settings: SettingsDoor,
    ) -> None:
        self._places = places
        self._projects = projects
        self._adapters = adapters
        self._runs = runs
        self._settings = settings

    def users(self, name: str, paths: Collection[str]) -> Users:
        """What needs a model; `paths` are those by which an embedder is chosen."""
        chosen = {f"{kind}:{path}" for path in paths for kind in ("gguf", "folder")}
        projects, adapters = [], []
        for project in self._projects.all():
            if project.base == name or self._settings.current(project).search.embedder in chosen:
                projects.append(project.name)
            adapters += [
                f"{project.name} {adapter.version}"
                for adapter in self._adapters.of_project(project.id)
                if adapter.base == name
            ]
        return Users(tuple(projects), tuple(adapters))

    def users_of_ollama(self, name: str) -> Users:
        """The projects that a model of an Ollama server completes or embeds for."""
        users = []
        for project in self._projects.all():
            settings = self._settings.current(project)
            chosen = (project.base or settings.models.base, settings.search.embedder)
            if name in map(latest, chosen):
                users.append(project.name)
        return Users(tuple(users))

    def adapters_on(self, name: str) -> list[Adapter]:
        """The adapters of a base, of all projects, newest first."""
        return self._adapters.of_base(name)

    def training_on(self, name: str) -> str:
        """The live run that trains on a model; empty without one."""
        for run in self._runs.all():
            if run.live and run.kind == "train":
                try:
                    spec = read_spec(self._places.run(run.id))
                except Damaged:
                    continue
                if isinstance(spec, TrainSpec) and spec.base == name:
                    return run.id
        return ""
