"""The forms of a model, and what each can do."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, assert_never

from gardener_core.store.manifest import fault_in, read_manifest

BASE_GGUF = "base.f32.gguf"
Ability = Literal["complete", "embed", "score", "train", "export"]


@dataclass(frozen=True, slots=True)
class FolderModel:
    """A base model as a transformers folder, with its GGUF beside the weights once made."""

    name: str
    role: str
    format: str
    path: Path
    bytes: int
    sha256: str
    trainable: bool
    context: int

    @property
    def gguf(self) -> Path:
        """Where the llama.cpp form of this base is, once made."""
        return self.path / BASE_GGUF

    @property
    def has_gguf(self) -> bool:
        """Whether that file is there as it was written, at a quick look."""
        noted = read_manifest(self.path).get(BASE_GGUF)
        fault = noted and fault_in(self.path, BASE_GGUF, noted, thorough=False)
        return self.gguf.is_file() and not fault


@dataclass(frozen=True, slots=True)
class GgufModel:
    """A GGUF file, described by its header; `pooling` is empty and `context` 0 where it says none.

    With a pooling it was made for embedding.
    """

    path: Path
    bytes: int
    architecture: str
    name: str
    context: int
    dimensions: int
    pooling: str

    @property
    def names(self) -> tuple[str, ...]:
        """Its names, the most reliable first."""
        return (self.name, self.path.stem, self.architecture)


@dataclass(frozen=True, slots=True)
class OllamaModel:
    """A model of an Ollama server; `remote` is where it runs, if that is not the server."""

    name: str
    digest: str
    bytes: int
    family: str
    remote: str
    capabilities: tuple[str, ...] = ()  # known once the server was asked for the model itself


Model = FolderModel | GgufModel | OllamaModel


def abilities(model: Model) -> frozenset[Ability]:
    """What this program can do with a model."""
    match model:
        case FolderModel(trainable=trainable):
            served: tuple[Ability, ...] = ("complete", "score", "train", "export")
            return frozenset(served if trainable else ("score",))
        case GgufModel(pooling=pooling):
            return frozenset({"embed"} if pooling else {"complete"})
        case OllamaModel(capabilities=capabilities):
            known: dict[str, Ability] = {"completion": "complete", "embedding": "embed"}
            return frozenset(known[name] for name in capabilities if name in known)
        case _:
            assert_never(model)
