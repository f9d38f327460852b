"""Ask an Ollama server for its version."""

from collections.abc import Mapping

from gardener_core.errors import OLLAMA_ERRORS
from gardener_core.models.ollama.client import Ollama


def ollama_version(environment: Mapping[str, str]) -> str:
    """The version of the server that OLLAMA_HOST names, else this machine's; empty without one."""
    try:
        return Ollama.of(environment).version()
    except OLLAMA_ERRORS:
        return ""
