"""Events of an export."""

from dataclasses import dataclass
from typing import Literal

from gardener_core.events.parts import Fidelity, WrittenFile

Route = Literal["merged", "beside"]


@dataclass(frozen=True, slots=True)
class Deployed:
    """An Ollama server has a version as a model that answered, and others get it as `latest`.

    `sha256` and `bytes` are those of the file that was measured, `digest` is the server's of the
    model. `rollback` is the model that was the latest before, empty where there was none.
    """

    model: str
    latest: str
    rollback: str
    digest: str
    version: str
    base: str
    server: str
    server_version: str
    route: Route
    quant: str
    sha256: str
    bytes: int
    said: str
    fidelity: Fidelity | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Exported:
    """Files that other programs can load; none where a format was only measured."""

    files: tuple[WrittenFile, ...]
    fidelity: Fidelity | None
