"""Let the model answer again that was deployed before."""

from gardener_core.errors import OllamaModelMissing
from gardener_core.export.ollama.names import ModelNames
from gardener_core.models.ollama.building import ModelBuilder
from gardener_core.models.ollama.client import Ollama


def roll_back(server: Ollama, names: ModelNames) -> str:
    """Make the model before the latest one the latest; its digest.

    They change places, so that once more goes forward again. At every moment the latest is one of
    both: interrupted, it can be done again.
    """
    builder = ModelBuilder(server)
    held = builder.digests()
    latest, before = held.get(names.latest, ""), held.get(names.rollback, "")
    if not before or before == latest:
        raise OllamaModelMissing(
            f"Ollama at {server.address} keeps no model from before {names.latest}.",
            hint="The first one that is deployed has none before it.",
        )
    if latest:
        builder.copy(names.latest, names.turning)
    builder.copy(names.rollback, names.latest)
    if latest:
        builder.copy(names.turning, names.rollback)
        builder.delete(names.turning)
    return before
