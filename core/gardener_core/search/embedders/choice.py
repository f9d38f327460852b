"""The choice of an embedder, as it is set and stored."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, cast

from gardener_core.settings.schema import SearchSettings
from gardener_core.system.records import rebuild

STATIC = "static-1"
AUTOMATIC = "auto"
STATIC_WEIGHT, MODEL_WEIGHT = 0.5, 0.7
Kind = Literal["static", "ollama", "gguf", "folder", "nomic"]
DIGEST_LENGTH = 12  # of a model, in the name of its embedder


@dataclass(frozen=True, slots=True)
class EmbedderChoice:
    """An embedder as named in the settings: `ollama:nomic-embed-text`, `gguf:/a/file.gguf`.

    Prefixes and pooling are those of the model unless they are set.
    """

    wanted: str = STATIC
    query_prefix: str = AUTOMATIC
    document_prefix: str = AUTOMATIC
    pooling: str = AUTOMATIC

    @property
    def kind(self) -> Kind:
        """How the embedder runs."""
        head, separator, _ = self.wanted.partition(":")
        return cast(Kind, head) if separator else "static"

    @property
    def what(self) -> str:
        """The model's name, path or mode, without the kind."""
        return self.wanted.partition(":")[2]

    @property
    def assumed_weight(self) -> float:
        """The weight of its ranking beside words, until it is measured."""
        return STATIC_WEIGHT if self.kind == "static" else MODEL_WEIGHT

    @property
    def path(self) -> Path:
        """The named file or folder."""
        return Path(self.what).expanduser()

    def encode(self) -> str:
        """As it is stored with a table."""
        return json.dumps(asdict(self))

    @classmethod
    def decode(cls, text: str) -> "EmbedderChoice":
        """As it was stored; a table without one has the built-in embedder."""
        return cast(EmbedderChoice, rebuild(cls, json.loads(text))) if text else cls()


def weight_of(assumed: float, measured: float | None) -> float:
    """The weight of an embedder in searches: the measured one, else the assumed one."""
    return assumed if measured is None else measured


def choice_of(settings: SearchSettings) -> EmbedderChoice:
    """The embedder of the settings; the built-in one has no prefix and no pooling."""
    if settings.embedder == STATIC:
        return EmbedderChoice()
    return EmbedderChoice(
        settings.embedder, settings.query_prefix, settings.document_prefix, settings.pooling
    )
