"""List base models and embedders."""

from contextlib import suppress
from pathlib import Path

from gardener_core.errors import GardenError
from gardener_core.garden.settings import SettingsDoor
from gardener_core.models.model import BaseModel
from gardener_core.models.store import ModelStore
from gardener_core.search.embedders.available import EmbedderStatus, embedders_here, with_measured
from gardener_core.store.garden.project_settings import ProjectSettings
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.catalog import Catalog
from gardener_core.store.project.fusion_weights import Weight
from gardener_core.system.places import Places

EMBEDDER_KEY = "search.embedder"


class Models:
    """The models on this machine."""

    def __init__(self, places: Places, settings: SettingsDoor, own: ProjectSettings) -> None:
        self._places = places
        self._store = ModelStore(places)
        self._settings = settings
        self._own = own

    def all(self) -> list[BaseModel]:
        """Every base model that can be used, by name."""
        return self._store.all()

    def add(self, path: Path, name: str = "") -> BaseModel:
        """Add a GGUF file as a base model; it stays where it is."""
        return self._store.register(path.expanduser(), name)

    def damaged(self) -> list[str]:
        """What is wrong with the base models that cannot be used."""
        return [f"{problem.what} {problem.hint}" for problem in self._store.damaged()]

    def embedders(self, project: Project | None = None) -> list[EmbedderStatus]:
        """Every embedder that is here or was chosen somewhere, and whether it can be used.

        With a project: whether its code may leave the machine, and the weight of each there.
        """
        search = self._settings.current(project).search
        chosen = {self._settings.current().search.embedder, search.embedder}
        chosen |= self._own.values_of(EMBEDDER_KEY)
        embedders = embedders_here(chosen, search.code_may_leave)
        if project is None:
            return embedders
        weights = self._weights_in(project)
        return [with_measured(embedder, weights) for embedder in embedders]

    def _weights_in(self, project: Project) -> list[Weight]:
        """The weights measured there; none where the catalog cannot be read."""
        path = self._places.catalog(project.id)
        if not path.exists():
            return []
        with suppress(GardenError):
            return Catalog(path).weights.all()
        return []
