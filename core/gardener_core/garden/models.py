"""Base models and embedders, as the faces see them."""

from contextlib import suppress

from gardener_core.errors import GardenError
from gardener_core.garden.embedders import EmbedderStatus, embedders_here, with_measured
from gardener_core.garden.settings import SettingsDoor
from gardener_core.models.model import FolderModel
from gardener_core.models.store import ModelStore
from gardener_core.store.garden.project_settings import ProjectSettings
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.catalog import Catalog
from gardener_core.store.project.fusion_weights import Weight
from gardener_core.system.places import Places

EMBEDDER_KEY = "search.embedder"


class Models:
    """See what models are on this machine."""

    def __init__(self, places: Places, settings: SettingsDoor, own: ProjectSettings) -> None:
        self._places = places
        self._store = ModelStore(places)
        self._settings = settings
        self._own = own

    def all(self) -> list[FolderModel]:
        """Every base model that can be used, by name."""
        return self._store.all()

    def damaged(self) -> list[str]:
        """What is wrong with the base models that cannot be used."""
        return [f"{problem.what} {problem.hint}" for problem in self._store.damaged()]

    def embedders(self, project: Project | None = None) -> list[EmbedderStatus]:
        """Every embedder that is here or was chosen for anything, and whether it can be had.

        Whether code may leave, and what each counts in a search, is told for the project, where
        one is given.
        """
        search = self._settings.current(project).search
        wanted = {self._settings.current().search.embedder, search.embedder}
        wanted |= self._own.values_of(EMBEDDER_KEY)
        seen = embedders_here(wanted, search.code_may_leave)
        if project is None:
            return seen
        weights = self._weights_in(project)
        return [with_measured(embedder, weights) for embedder in seen]

    def _weights_in(self, project: Project) -> list[Weight]:
        """What was measured there; a catalog that cannot be read tells nothing."""
        path = self._places.catalog(project.id)
        if not path.exists():
            return []
        with suppress(GardenError):
            return Catalog(path).weights.all()
        return []
