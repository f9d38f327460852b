"""The adapter that is measured, and where it is."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gardener_core.code.files.history import open_history
from gardener_core.errors import AdapterMissing, GardenError, Remedy
from gardener_core.evaluation.card.card import Setting
from gardener_core.evaluation.measuring.context import ContextFinder
from gardener_core.evaluation.measuring.texts import Sizes
from gardener_core.evaluation.split import SourceFile
from gardener_core.jobs.scoring.finishing import files_digest
from gardener_core.jobs.spec import ScoreSpec, TrainSpec, read_spec
from gardener_core.models.identity import require_base
from gardener_core.models.model import BaseModel
from gardener_core.models.store import ModelStore
from gardener_core.models.torch.precision import has_bf16
from gardener_core.search.embedders.static import load_static
from gardener_core.search.table import ChunkTable
from gardener_core.settings.schema import TrainingSettings
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import WEIGHTS, require_whole
from gardener_core.store.garden.adapters import Adapter, AdapterTable
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.manifest import read_manifest
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.files.atomic import recover_folder
from gardener_core.system.hardware import usable_cores
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places
from gardener_core.system.versions import installed_version

LIBRARIES = ("torch", "transformers", "peft", "tree-sitter", "lancedb")
PROGRAM = "codebase-gardener"


@dataclass(frozen=True, slots=True)
class Subject:
    """An adapter, its project and its base, and the run that measures it."""

    spec: ScoreSpec
    places: Places
    project: Project
    adapter: Adapter
    base: BaseModel
    folder: Path
    interruptible: Interruptible

    @classmethod
    def of(
        cls, spec: ScoreSpec, places: Places, folder: Path, interruptible: Interruptible
    ) -> "Subject":
        """What a run is to measure; an error where its files or its base are not as they were."""
        database = Database(places.database)
        project = ProjectTable(database).get(spec.project)
        adapter = AdapterTable(database).get(spec.project, spec.version)
        files = places.adapters(spec.project) / spec.version
        if not recover_folder(files):
            raise AdapterMissing(
                f"The files of adapter {spec.version} are gone.",
                remedy=Remedy("train", project.name),
            )
        require_whole(files, spec.version, project.name)
        base = ModelStore(places).get(adapter.base)
        require_base(files, spec.version, base)
        return cls(spec, places, project, adapter, base, folder, interruptible)

    @property
    def files(self) -> Path:
        """The files of the adapter."""
        return self.places.adapters(self.project.id) / self.adapter.version

    @property
    def control(self) -> Path | None:
        """Where the control of its base is or will be; None if none is wanted.

        One that learned less would flatter the adapter, so each recipe has its own.
        """
        training, steps = self.spec.training, self.spec.control_steps
        recipe = f"{steps}x{training.rows_a_step}x{training.sequence_tokens}-r{training.rank}"
        return self.places.control(self.base.sha256, recipe) if steps else None

    @property
    def made_by(self) -> TrainingSettings:
        """The settings that the adapter was trained with; those of now where its run is gone."""
        try:
            spec = read_spec(self.places.run(self.adapter.run))
        except GardenError:
            return self.spec.training
        training = spec.training if isinstance(spec, TrainSpec) else self.spec.training
        return replace(training, threads=self.spec.training.threads or usable_cores())

    @property
    def catalog(self) -> Catalog:
        """The symbols of the project."""
        return Catalog(self.places.catalog(self.project.id))

    @property
    def database(self) -> Database:
        """The garden's."""
        return Database(self.places.database)

    def finder(self) -> ContextFinder | str:
        """What searches the index; where it cannot be read, why not."""
        index = self.places.index(self.project.id)
        if not index.is_dir():
            return "the project is not indexed"
        try:
            table = ChunkTable.open(index)
            return ContextFinder(table, load_static()) if table.count() else "the index is empty"
        except GardenError as problem:
            return problem.what

    def setting(self, held_out: Sequence[SourceFile], sizes: Sizes, seconds: float) -> Setting:
        """What it was measured with."""
        with open_history(self.project.path) as history:
            commit = history.head()
        weights = read_manifest(self.files).get(WEIGHTS)
        versions = ((name, installed_version(name)) for name in LIBRARIES)
        return Setting(
            project=self.project.name,
            version=self.adapter.version,
            adapter_sha256=weights.sha256 if weights else "",
            base=self.base.name,
            base_sha256=self.base.sha256,
            commit=commit or "",
            files_sha256=files_digest(held_out),
            minutes=self.spec.minutes,
            seconds=round(seconds, 1),
            window_tokens=sizes.window,
            context_tokens=sizes.context,
            number_format="bf16" if has_bf16() else "f32",
            control=f"foreign code, {self.spec.control_steps} steps" if self.control else "",
            measured=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            program=installed_version(PROGRAM),
            libraries=tuple(f"{name} {version}" for name, version in versions if version),
        )
