"""Which embedder somebody wants, as it is set and kept."""

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
    """An embedder by the words of the settings: `ollama:nomic-embed-text`, `gguf:/a/file.gguf`.

    Prefixes and pooling are those that the model was made with, unless somebody says otherwise.
    """

    wanted: str = STATIC
    query_prefix: str = AUTOMATIC
    document_prefix: str = AUTOMATIC
    pooling: str = AUTOMATIC

    @property
    def kind(self) -> Kind:
        """What has to be opened."""
        head, separator, _ = self.wanted.partition(":")
        return cast(Kind, head) if separator else "static"

    @property
    def what(self) -> str:
        """Which one of that kind: the model's name, or a word."""
        return self.wanted.partition(":")[2]

    @property
    def assumed_weight(self) -> float:
        """What its ranking counts beside that of the words, until it is measured."""
        return STATIC_WEIGHT if self.kind == "static" else MODEL_WEIGHT

    @property
    def path(self) -> Path:
        """The file or folder that is named."""
        return Path(self.what).expanduser()

    def encode(self) -> str:
        """As it is kept with a table."""
        return json.dumps(asdict(self))

    @classmethod
    def decode(cls, text: str) -> "EmbedderChoice":
        """As it was kept; a table without one is of the embedder that ships."""
        return cast(EmbedderChoice, rebuild(cls, json.loads(text))) if text else cls()


def weight_of(assumed: float, measured: float | None) -> float:
    """What an embedder's ranking counts in a search: what was measured, else what is assumed."""
    return assumed if measured is None else measured


def choice_of(settings: SearchSettings) -> EmbedderChoice:
    """The embedder that the settings name; the one that ships has no prefix and no pooling."""
    if settings.embedder == STATIC:
        return EmbedderChoice()
    return EmbedderChoice(
        settings.embedder, settings.query_prefix, settings.document_prefix, settings.pooling
    )
