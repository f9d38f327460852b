"""The base models on this machine."""

from contextlib import suppress
from pathlib import Path

from gardener_core.errors import BadInput, Damaged, ModelMissing, Remedy
from gardener_core.models.adding import record_of_path
from gardener_core.models.families import is_trainable_folder, is_trainable_gguf
from gardener_core.models.model import BASE_GGUF, WEIGHTS, BaseModel
from gardener_core.models.record import RECORD, ModelFile, ModelRecord, read_record, write_record
from gardener_core.store.garden.project_names import is_usable
from gardener_core.store.manifest import fault_in, read_manifest
from gardener_core.system.files.atomic import bytes_under, recover_folder
from gardener_core.system.files.regular import read_object, read_regular
from gardener_core.system.places import Places

SEEDLING = "seedling"
EMBEDDER = "embedder"
ADDED = ("file", "folder")  # the sources of what lies where the user has it
LARGEST_DIGEST = 200
# Changes with how it is made from a GGUF, so that one made before is not taken.
TRAINING_FOLDER = "folder-2"
_NEEDED = ("config.json", "sha256", WEIGHTS)


class ModelStore:
    """The models' folder: a folder a model, which holds its files or the record of them."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self.folder = places.models

    def all(self) -> list[BaseModel]:
        """Every base model that can be used, by name."""
        names = [name for name in self.names() if name not in self._embedders()]
        return [found for name in names if isinstance(found := self._look(name), BaseModel)]

    def embedders(self) -> list[tuple[ModelRecord, Path]]:
        """The records of pulled embedders, each with the path of what embeds."""
        return [
            (record, self.folder / name if record.format == "transformers" else place)
            for name, record in self._embedders().items()
            if (place := self._place_of(self.folder / name, record.files[0])).exists()
        ]

    def record(self, name: str) -> ModelRecord | None:
        """The record of a model; None for one without, or that cannot be read."""
        with suppress(OSError, ValueError, TypeError):
            return read_record(self.folder / name)
        return None

    def files_of(self, name: str) -> list[Path]:
        """The files of a model that are kept by us."""
        record = self.record(name)
        if record is None:
            return [self.folder / name] if self.has(name) else []
        used = self._used_by_others(name)
        ours = [self._files / f.sha256 for f in record.files if not f.path and f.sha256 not in used]
        return [self.folder / name, *(path for path in ours if path.exists())]

    def derived_of(self, name: str) -> list[Path]:
        """What was made from the weights of a model and of no other."""
        record, used = self.record(name), self._used_by_others(name)
        files = record.files if record else ()
        derived = (self._places.derived_base(f.sha256) for f in files if f.sha256 not in used)
        return [path for path in derived if path.exists()]

    def damaged(self) -> list[Damaged]:
        """What is wrong with the models that cannot be used."""
        return [problem for name in self.names() for problem in self.damaged_one(name)]

    def damaged_one(self, name: str) -> list[Damaged]:
        """Why a model cannot be used; empty where it can."""
        found = self._look(name)
        return [found] if isinstance(found, Damaged) else []

    def is_noted(self, name: str) -> bool:
        """Whether its digests were recorded when it was written."""
        if self._has_record(name):
            return True
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

    def get(self, name: str) -> BaseModel:
        """One model, if it can be used; its files are checked quickly."""
        if not self.has(name):
            raise ModelMissing(
                f"The base model {name!r} is not on this machine.",
                hint="The catalogue shows which can be had.",
                remedy=Remedy("list all models"),
            )
        found = self._look(name)
        if isinstance(found, Damaged):
            raise found
        return found

    def register(self, path: Path, name: str = "") -> BaseModel:
        """Add a GGUF file or a transformers folder that stays where it is."""
        record = record_of_path(path, name)
        name = record.name
        if not is_usable(name) or name.startswith(".") or self.folder / name == self._files:
            raise BadInput(f"{name!r} cannot be the name of a model.", hint="Give another --name.")
        if self.has(name) and record.files[0].sha256 not in self._digests(name):
            raise BadInput(
                f"There is a model {name!r} already, with other bytes.",
                hint="Give another --name.",
            )
        write_record(self.folder / name, record)
        return self.get(name)

    def faults(self, name: str, *, thorough: bool) -> list[str]:
        """What is wrong with a model's files, except its GGUF if that can be made again."""
        path = self.folder / name
        if self._has_record(name):
            return self._record_faults(path, thorough=thorough)
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

    def _used_by_others(self, name: str) -> set[str]:
        """The sha256 of the files of all other models."""
        others = (self.record(other) for other in self.names() if other != name)
        return {file.sha256 for other in others if other for file in other.files}

    @property
    def _files(self) -> Path:
        return self._places.model_files

    def _embedders(self) -> dict[str, ModelRecord]:
        records = {name: self.record(name) for name in self.names()}
        return {n: record for n, record in records.items() if record and record.role == EMBEDDER}

    def _has_record(self, name: str) -> bool:
        return (self.folder / name / RECORD).exists()

    def _digests(self, name: str) -> set[str]:
        found = self._look(name)
        return {found.sha256} if isinstance(found, BaseModel) else set()

    def _record_faults(self, folder: Path, *, thorough: bool) -> list[str]:
        try:
            files = read_record(folder).files
        except (OSError, ValueError, TypeError) as problem:
            return [f"{RECORD} cannot be read ({problem})"]
        places = [self._place_of(folder, file) for file in files]
        return [
            fault
            for file, place in zip(files, places, strict=True)
            if (fault := fault_in(place.parent, place.name, file.digest, thorough=thorough))
        ]

    def _place_of(self, folder: Path, file: ModelFile) -> Path:
        """Where the bytes of a file are: elsewhere, in the model's folder, or by their sha256."""
        if file.path:
            return Path(file.path)
        inside = folder / file.name
        return inside if inside.exists() else self._files / file.sha256

    def _look(self, name: str) -> BaseModel | Damaged:
        path = self.folder / name
        faults = self.faults(name, thorough=False)
        if faults:
            record = self.record(name)
            fetched = record is not None and record.source not in ADDED
            return _damaged(path, ", ".join(faults), fetched)
        try:
            return self._recorded(path) if self._has_record(name) else self._grown(path)
        except (OSError, ValueError, KeyError, TypeError, OverflowError) as problem:
            return _damaged(path, f"config.json or sha256 cannot be read ({problem})", False)

    def _recorded(self, path: Path) -> BaseModel:
        record = read_record(path)
        weights = record.files[0]
        place = self._place_of(path, weights)
        derived = self._places.derived_base(weights.sha256)
        is_gguf = record.format == "gguf"
        return BaseModel(
            name=path.name,
            role="base",
            format=record.format,
            path=place if is_gguf else place.parent,
            bytes=sum(file.bytes for file in record.files),
            sha256=weights.sha256,
            trainable=(is_trainable_gguf if is_gguf else is_trainable_folder)(record.architecture),
            context=record.context,
            architecture=record.architecture,
            folder=derived / TRAINING_FOLDER if is_gguf else place.parent,
            gguf=place if is_gguf else derived / BASE_GGUF,
        )

    def _grown(self, path: Path) -> BaseModel:
        config = read_object(path / "config.json")
        return BaseModel(
            name=path.name,
            role="base",
            format="transformers",
            path=path,
            bytes=bytes_under(path),
            sha256=read_regular(path / "sha256", LARGEST_DIGEST).decode("ascii").strip(),
            trainable=is_trainable_folder(config["model_type"]),
            context=int(config["max_position_embeddings"]),
            architecture=str(config["model_type"]),
            folder=path,
            gguf=path / BASE_GGUF,
        )

    def _folders(self) -> list[Path]:
        return [
            path
            for path in self.folder.iterdir()
            if path.is_dir() and not path.name.endswith(".new") and path != self._files
        ]


def _damaged(path: Path, faults: str, fetched: bool) -> Damaged:
    if fetched:
        return Damaged(
            f"The model {path.name!r} is damaged and is not used: {faults}.",
            remedy=Remedy("pull", path.name),
        )
    return Damaged(
        f"The base model {path.name!r} is damaged and is not used: {faults}.",
        hint=f"Put the files of {path} back from a backup; adapters that it has need these.",
    )
