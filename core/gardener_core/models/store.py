"""The base models on this machine."""

from pathlib import Path

from gardener_core.errors import Damaged, ModelMissing, Remedy
from gardener_core.models.model import BASE_GGUF, FolderModel
from gardener_core.store.manifest import fault_in, read_manifest
from gardener_core.system.files.atomic import bytes_under, recover_folder
from gardener_core.system.files.regular import read_object, read_regular
from gardener_core.system.places import Places

SEEDLING = "seedling"
WEIGHTS = "model.safetensors"
LARGEST_DIGEST = 200
_NEEDED = ("config.json", "sha256", WEIGHTS)


class ModelStore:
    """The models' folder; a model is whole once its folder is there, since folders are renamed."""

    def __init__(self, places: Places) -> None:
        self.folder = places.models

    def all(self) -> list[FolderModel]:
        """Every base model that can be used, by name."""
        return [
            found for name in self.names() if isinstance(found := self._look(name), FolderModel)
        ]

    def damaged(self) -> list[Damaged]:
        """What is wrong with the models that cannot be used."""
        return [problem for name in self.names() for problem in self.damaged_one(name)]

    def damaged_one(self, name: str) -> list[Damaged]:
        """Why a model cannot be used; empty where it can."""
        found = self._look(name)
        return [found] if isinstance(found, Damaged) else []

    def is_noted(self, name: str) -> bool:
        """Whether its digests were recorded when it was written."""
        return set(_NEEDED) <= read_manifest(self.folder / name).keys()

    def names(self) -> list[str]:
        """Every model that has a folder here, whole or not."""
        if not self.folder.is_dir():
            return []
        names = sorted(path.name.removeprefix(".").removesuffix(".old") for path in self._folders())
        return [name for name in dict.fromkeys(names) if self.has(name)]

    def has(self, name: str) -> bool:
        """Whether a model is on this machine."""
        return recover_folder(self.folder / name)

    def get(self, name: str) -> FolderModel:
        """One model, if it can be used; its files are checked quickly."""
        if not self.has(name):
            raise ModelMissing(
                f"The base model {name!r} is not on this machine.",
                hint="Training a project grows a small one.",
                remedy=Remedy("train"),
            )
        found = self._look(name)
        if isinstance(found, Damaged):
            raise found
        return found

    def faults(self, name: str, *, thorough: bool) -> list[str]:
        """What is wrong with a model's files, except its GGUF, which can be made again."""
        path = self.folder / name
        noted = read_manifest(path)
        needed = [*_NEEDED, *(other for other in sorted(noted) if other not in _NEEDED)]
        return [
            fault
            for file in needed
            if file != BASE_GGUF
            and (fault := fault_in(path, file, noted.get(file), thorough=thorough))
        ]

    def gguf_fault(self, name: str, *, thorough: bool) -> str:
        """What is wrong with the GGUF of a model, where it has a recorded one."""
        path = self.folder / name
        noted = read_manifest(path).get(BASE_GGUF)
        if noted is None or not (path / BASE_GGUF).exists():
            return ""
        return fault_in(path, BASE_GGUF, noted, thorough=thorough)

    def _look(self, name: str) -> FolderModel | Damaged:
        path = self.folder / name
        faults = self.faults(name, thorough=False)
        if faults:
            return _damaged(path, ", ".join(faults))
        try:
            config = read_object(path / "config.json")
            return FolderModel(
                name=name,
                role="base",
                format="transformers",
                path=path,
                bytes=bytes_under(path),
                sha256=read_regular(path / "sha256", LARGEST_DIGEST).decode("ascii").strip(),
                trainable=config["model_type"] == "llama",
                context=int(config["max_position_embeddings"]),
            )
        except (OSError, ValueError, KeyError, TypeError, OverflowError) as problem:
            return _damaged(path, f"config.json or sha256 cannot be read ({problem})")

    def _folders(self) -> list[Path]:
        return [
            path
            for path in self.folder.iterdir()
            if path.is_dir() and not path.name.endswith(".new")
        ]


def _damaged(path: Path, faults: str) -> Damaged:
    return Damaged(
        f"The base model {path.name!r} is damaged and is not used: {faults}.",
        hint=f"Put the files of {path} back from a backup; adapters that it has need these.",
    )
