"""The forms of a catalogue entry and its sources."""

from dataclasses import dataclass
from typing import Literal

from gardener_core.models.model import Format

Role = Literal["chat", "complete", "train", "embed"]
SourceKind = Literal["hub", "ollama", "package", "file"]


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """A file of a model; without a sha256 it is recorded when it is first seen."""

    name: str
    bytes: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes that memory is computed from."""

    layers: int
    width: int
    heads: int
    kv_heads: int


@dataclass(frozen=True, slots=True)
class FimTokens:
    """The special tokens around prefix, suffix and what comes between."""

    prefix: str
    suffix: str
    middle: str


@dataclass(frozen=True, slots=True)
class HubSource:
    """A repository of the Hugging Face hub, with its names of the files in the entry's order.

    Without a revision the newest one is taken, and recorded.
    """

    repository: str
    files: tuple[str, ...]
    revision: str = ""

    @property
    def kind(self) -> SourceKind:
        """Which source this is."""
        return "hub"

    @property
    def where(self) -> str:
        """The place for people."""
        return f"{self.repository}@{self.revision[:12]}" if self.revision else self.repository


@dataclass(frozen=True, slots=True)
class OllamaSource:
    """A model by the name that an Ollama server pulls."""

    model: str

    @property
    def kind(self) -> SourceKind:
        """Which source this is."""
        return "ollama"

    @property
    def where(self) -> str:
        """The place for people."""
        return self.model


@dataclass(frozen=True, slots=True)
class PackagePart:
    """An archive of a package index, and the ending of the one member that is data."""

    package: str
    ending: str


@dataclass(frozen=True, slots=True)
class PackageSource:
    """Archives of a package index; their data joined is the entry's only file."""

    parts: tuple[PackagePart, ...]

    @property
    def kind(self) -> SourceKind:
        """Which source this is."""
        return "package"

    @property
    def where(self) -> str:
        """The place for people."""
        more = f" and {len(self.parts) - 1} more" if len(self.parts) > 1 else ""
        return f"{self.parts[0].package}{more}"


@dataclass(frozen=True, slots=True)
class FileSource:
    """Files on this machine, in the entry's order; used where they are."""

    paths: tuple[str, ...]

    @property
    def kind(self) -> SourceKind:
        """Which source this is."""
        return "file"

    @property
    def where(self) -> str:
        """The place for people."""
        return ", ".join(self.paths)


Source = HubSource | OllamaSource | PackageSource | FileSource


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A model that can be had; what is not known is empty or 0.

    `train_bytes` is the measured peak memory of a training run.
    """

    name: str
    title: str
    maker: str
    roles: tuple[Role, ...]
    format: Format
    licence: str
    architecture: str
    parameters: int
    context: int
    files: tuple[CatalogueFile, ...]
    sources: tuple[Source, ...]
    template: str = ""
    note: str = ""
    shape: Shape | None = None
    fim: FimTokens | None = None
    train_bytes: int = 0
    own: bool = False  # from the user's file

    @property
    def bytes(self) -> int:
        """The size of its files, as far as it is known."""
        return sum(file.bytes for file in self.files)

    @property
    def weights(self) -> CatalogueFile:
        """The file whose hash is the model's identity."""
        return max(self.files, key=lambda file: (file.bytes, file.name.endswith(WEIGHTS)))

    @property
    def is_known(self) -> bool:
        """Whether the hash of each file is known before the first pull."""
        return all(file.sha256 for file in self.files)


WEIGHTS = (".gguf", ".safetensors")
STARTER = "smollm2-135m"
CODER = "qwen2.5-coder-0.5b"
EMBED_ROLE: Role = "embed"


def role_in_lists(entry: CatalogueEntry) -> str:
    """The role that lists of models show."""
    return "embedder" if EMBED_ROLE in entry.roles else "base"
