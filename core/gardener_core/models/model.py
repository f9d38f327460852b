"""The forms of a model, and what each can do."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, assert_never

from gardener_core.store.manifest import fault_in, read_manifest

WEIGHTS = "model.safetensors"
BASE_GGUF = "base.f32.gguf"
OLLAMA = "ollama:"  # before the name of a model that an Ollama server completes with
Format = Literal["transformers", "gguf"]
Ability = Literal["complete", "embed", "score", "train", "export"]


@dataclass(frozen=True, slots=True)
class BaseModel:
    """A base model: the folder that is trained on, and the GGUF file that llama.cpp serves.

    `path` is the one of them that was given; the other is made from it when it is needed. The
    sha256 is that of the weights as they were given.
    """

    name: str
    role: str
    format: Format
    path: Path
    bytes: int
    sha256: str
    trainable: bool
    context: int
    architecture: str
    folder: Path
    gguf: Path

    @property
    def has_gguf(self) -> bool:
        """Whether the GGUF is there as it was written, at a quick look."""
        if self.format == "gguf" or not self.gguf.is_file():
            return self.format == "gguf"
        noted = read_manifest(self.gguf.parent).get(BASE_GGUF)
        return not (noted and fault_in(self.gguf.parent, BASE_GGUF, noted, thorough=False))

    @property
    def has_folder(self) -> bool:
        """Whether the folder is there as it was written, at a quick look."""
        if self.format == "transformers":
            return True
        noted = read_manifest(self.folder).get(WEIGHTS)
        return noted is not None and not fault_in(self.folder, WEIGHTS, noted, thorough=False)


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
    """A model of an Ollama server; `remote` is where it runs, if that is not the server.

    What it is capable of, and its context, are known once the server was asked for it alone.
    """

    name: str
    digest: str
    bytes: int
    family: str
    remote: str
    parameters: str = ""  # as the server writes them, like 494.03M
    quantisation: str = ""
    capabilities: tuple[str, ...] = ()
    context: int = 0
    licence: str = ""

    @property
    def choice(self) -> str:
        """Its name in the settings."""
        return latest(OLLAMA + self.name)


def latest(name: str) -> str:
    """A name of Ollama as it is written where it means the latest."""
    return name.removesuffix(":latest")


Model = BaseModel | GgufModel | OllamaModel


def abilities(model: Model) -> frozenset[Ability]:
    """What this program can do with a model."""
    match model:
        case BaseModel(trainable=True):
            return frozenset({"complete", "score", "train", "export"})
        case BaseModel(format=format):
            return frozenset({"complete"} if format == "gguf" else {"score"})
        case GgufModel(pooling=pooling):
            return frozenset({"embed"} if pooling else {"complete"})
        case OllamaModel(capabilities=capabilities):
            known: dict[str, Ability] = {"completion": "complete", "embedding": "embed"}
            return frozenset(known[name] for name in capabilities if name in known)
        case _:
            assert_never(model)
