"""Base models and embedders, as the faces see them."""

from gardener_core.garden.embedders import EmbedderSeen, embedders_here
from gardener_core.garden.settings import SettingsDoor
from gardener_core.keeping.project_settings import ProjectSettings
from gardener_core.keeping.projects import Project
from gardener_core.models.store import Model, ModelStore
from gardener_core.places import Places

EMBEDDER_KEY = "search.embedder"


class Models:
    """See what models are on this machine."""

    def __init__(self, places: Places, settings: SettingsDoor, own: ProjectSettings) -> None:
        self._store = ModelStore(places)
        self._settings = settings
        self._own = own

    def all(self) -> list[Model]:
        """Every base model, by name."""
        return self._store.all()

    def embedders(self, project: Project | None = None) -> list[EmbedderSeen]:
        """Every embedder that is here or was chosen for anything, and whether it can be had.

        Whether code may leave is asked for the project, where one is given.
        """
        search = self._settings.current(project).search
        wanted = {self._settings.current().search.embedder, search.embedder}
        return embedders_here(wanted | self._own.values_of(EMBEDDER_KEY), search.code_may_leave)
