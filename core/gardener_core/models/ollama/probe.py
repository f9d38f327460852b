"""Whether an Ollama server answers here."""

from collections.abc import Mapping

from gardener_core.errors import EmbedderMissing
from gardener_core.models.ollama.client import Ollama


def ollama_version(environment: Mapping[str, str]) -> str:
    """The version of the server that OLLAMA_HOST names, else of this machine's; or nothing."""
    try:
        return Ollama.of(environment).version()
    except EmbedderMissing:
        return ""
