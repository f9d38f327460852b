"""What an export run writes, and of which project."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import AdapterMissing, NothingToLearn, Remedy
from gardener_core.evaluation.sample import beginnings, in_drawn_order
from gardener_core.events.run import PhaseAdvanced
from gardener_core.jobs.data.sources import kept_sources
from gardener_core.jobs.spec import ExportSpec
from gardener_core.models.identity import require_base
from gardener_core.models.model import BaseModel
from gardener_core.models.store import ModelStore
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import Adapter, AdapterTable
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.files.atomic import recover_folder
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places

BOX = "export"  # of what a run writes, in its folder
MOST_TEXTS, CHARACTERS = 20, 60_000


@dataclass(frozen=True, slots=True)
class ExportSubject:
    """An adapter with its project and its base, and the folder of the run that writes it."""

    spec: ExportSpec
    places: Places
    project: Project
    adapter: Adapter
    base: BaseModel
    files: Path
    folder: Path
    interruptible: Interruptible

    @classmethod
    def of(
        cls, spec: ExportSpec, places: Places, folder: Path, interruptible: Interruptible
    ) -> "ExportSubject":
        """What a run is to write; an error where the adapter or its base are not here."""
        database = Database(places.database)
        project = ProjectTable(database).get(spec.project)
        adapter = AdapterTable(database).get(spec.project, spec.version)
        files = places.adapters(spec.project) / spec.version
        if not recover_folder(files):
            raise AdapterMissing(
                f"The files of adapter {spec.version} are gone.",
                remedy=Remedy("train", project.name),
            )
        base = ModelStore(places).get(adapter.base)
        require_base(files, spec.version, base)
        return cls(spec, places, project, adapter, base, files, folder, interruptible)

    @property
    def name(self) -> str:
        """The name of a file that holds the base with the adapter in it."""
        return f"{self.project.name}-{self.adapter.version}"

    def texts(self) -> Generator[PhaseAdvanced, str | None, Sequence[str]]:
        """The beginnings of files that nothing was learned from, in the order of their draw."""
        catalog = Catalog(self.places.catalog(self.project.id))
        try:
            sources = yield from kept_sources(self.project, catalog, self.folder)
        except NothingToLearn:
            raise NothingToLearn(
                f"{self.project.path} contains too little text to compare with.",
                hint="Export as peft, or restore the files.",
            ) from None
        files = beginnings(sources.split.held_out, MOST_TEXTS, CHARACTERS)
        return [file.text for file in in_drawn_order(files)]
