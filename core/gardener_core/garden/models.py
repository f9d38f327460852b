"""The base models, as the faces see them."""

from gardener_core.models.store import Model, ModelStore
from gardener_core.places import Places


class Models:
    """See what models are on this machine."""

    def __init__(self, places: Places) -> None:
        self._store = ModelStore(places)

    def all(self) -> list[Model]:
        """Every base model, by name."""
        return self._store.all()
