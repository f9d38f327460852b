"""The base models on this machine."""

import json
from dataclasses import dataclass
from pathlib import Path

from gardener_core.atomic import bytes_under, mend_folder
from gardener_core.errors import ModelMissing, Remedy
from gardener_core.places import Places

SEEDLING = "seedling"
WEIGHTS = "model.safetensors"
BASE_GGUF = "base.f32.gguf"


@dataclass(frozen=True, slots=True)
class Model:
    """A base model: a plain transformers folder, with its GGUF beside the weights once made."""

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
        """Where the llama.cpp form of this base stands, once made."""
        return self.path / BASE_GGUF


class ModelStore:
    """The models' folder; a model is there when its folder is, since folders come by rename."""

    def __init__(self, places: Places) -> None:
        self.folder = places.models

    def all(self) -> list[Model]:
        """Every base model, by name."""
        if not self.folder.is_dir():
            return []
        names = sorted(path.name.removeprefix(".").removesuffix(".old") for path in self._folders())
        return [self.get(name) for name in dict.fromkeys(names)]

    def has(self, name: str) -> bool:
        """Whether a model is on this machine."""
        return mend_folder(self.folder / name)

    def get(self, name: str) -> Model:
        """One model."""
        path = self.folder / name
        if not self.has(name):
            raise ModelMissing(
                f"The base model {name!r} is not on this machine.",
                hint="Training a project grows a small one.",
                remedy=Remedy("train"),
            )
        config = json.loads((path / "config.json").read_bytes())
        return Model(
            name=name,
            role="base",
            format="transformers",
            path=path,
            bytes=bytes_under(path),
            sha256=(path / "sha256").read_text().strip(),
            trainable=config["model_type"] == "llama",
            context=int(config["max_position_embeddings"]),
        )

    def _folders(self) -> list[Path]:
        return [
            path
            for path in self.folder.iterdir()
            if path.is_dir() and not path.name.endswith(".new")
        ]
