"""Prepare the rows that an adapter would be trained on."""

from collections.abc import Generator
from pathlib import Path

from gardener_core.events.run import Noted
from gardener_core.events.union import Event
from gardener_core.jobs.data.preparing import prepared_rows
from gardener_core.jobs.data.sources import drop_sources, kept_sources
from gardener_core.jobs.kinds.grow import grow_missing
from gardener_core.jobs.spec import DataSpec
from gardener_core.models.store import SEEDLING, ModelStore
from gardener_core.models.torch.dequantise import make_training_folder
from gardener_core.store.database import Database
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.hardware import usable_cores
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places


def work(
    spec: DataSpec, places: Places, folder: Path, interruptible: Interruptible
) -> Generator[Event, str | None, None]:
    """Prepare rows, or find those that were prepared of this very state."""
    project = ProjectTable(Database(places.database)).get(spec.project)
    sources = yield from kept_sources(project, Catalog(places.catalog(spec.project)), folder)
    if spec.base == SEEDLING and not ModelStore(places).has(SEEDLING):
        yield from grow_missing(
            places, spec.run, SEEDLING, spec.grow_steps, usable_cores(), interruptible
        )
    base = ModelStore(places).get(spec.base)
    yield from make_training_folder(base, interruptible)  # it holds the tokenizer
    rows = yield from prepared_rows(
        places, project, sources, base, spec.training, folder, interruptible
    )
    report = rows.report()
    yield Noted(f"Prepared {report.rows:,} rows, {report.tokens:,} tokens.")
    drop_sources(folder)
