"""Whether an Ollama server answers here."""

import http.client
import json
from collections.abc import Mapping
from urllib.parse import urlsplit

PATIENCE_SECONDS = 1.0
PORT = 11434


def ollama_version(environment: Mapping[str, str]) -> str:
    """The version of the server that OLLAMA_HOST names, else of this machine's; or nothing."""
    named = environment.get("OLLAMA_HOST", "") or "127.0.0.1"
    try:
        place = urlsplit(named if "://" in named else f"http://{named}")
        port = place.port or PORT
        connection = http.client.HTTPConnection(
            place.hostname or "127.0.0.1", port, timeout=PATIENCE_SECONDS
        )
        connection.request("GET", "/api/version")
        answer = json.loads(connection.getresponse().read())
        connection.close()
    except (OSError, ValueError, http.client.HTTPException):
        return ""
    return str(answer.get("version", "")) if isinstance(answer, dict) else ""
