"""Take bundles in that were made on another machine."""

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import Damaged, DiskFull, GardenError, ProjectMissing
from gardener_core.events.run import PhaseAdvanced
from gardener_core.export.bundle.manifest import Bundle, check_files, read_bundle
from gardener_core.garden.projects import Projects
from gardener_core.garden.runs import Runs
from gardener_core.garden.versions.exchange import AdapterExchange
from gardener_core.models.model import BaseModel
from gardener_core.models.store import ModelStore
from gardener_core.store.garden.adapter_files import WEIGHTS
from gardener_core.store.garden.adapters import Adapter, AdapterTable
from gardener_core.store.garden.audit import AuditLog
from gardener_core.store.garden.projects import Project
from gardener_core.store.manifest import read_manifest
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.files.atomic import make_folder, staging, swap_folder, writing_aside
from gardener_core.system.files.faults import translated_os_errors
from gardener_core.system.locks import locked
from gardener_core.system.places import Places

CATALOG = "catalog.db"
SPARE_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of a bundle; `index_run` brings its index up to date with the code here.

    `without` says why the adapter was not taken, where its base is not here.
    """

    project: Project
    model: str
    adapter: Adapter | None
    index_run: str
    without: str = ""


class Bundles:
    """Holds a bundle against its list, then takes in its model, its index and its adapter."""

    def __init__(
        self,
        places: Places,
        projects: Projects,
        runs: Runs,
        adapters: AdapterTable,
        exchange: Callable[[], AdapterExchange],
        audit: AuditLog,
    ) -> None:
        self._places = places
        self._projects = projects
        self._runs = runs
        self._adapters = adapters
        self._exchange = exchange
        self._audit = audit
        self._models = ModelStore(places)

    def take_in(
        self, folder: Path, code: Path, name: str = ""
    ) -> Iterator[PhaseAdvanced | TakenIn]:
        """Take a bundle in as a project of the code in a folder; nothing of it is run.

        Its model stays where it is. Done again, it goes on with what is missing.
        """
        folder = folder.expanduser().absolute()
        with translated_os_errors(folder):
            bundle = read_bundle(folder)
            for done, whole in check_files(folder, bundle.files):
                yield PhaseAdvanced("verifying", done, whole, "bytes")
            self._require_room(bundle)
            model = self._model(folder, bundle)
            project = self._project(code, name or bundle.project)
            self._take_index(folder, bundle, project)
            adapter, without = self._adapter(folder, bundle, project)
        run = self._runs.index(project)
        self._audit.record("bundle taken in", project.id, f"{folder}")
        yield TakenIn(project, model.name, adapter, run.id, without)

    def _require_room(self, bundle: Bundle) -> None:
        copied = (bundle.index, bundle.peft)
        needed = sum(file.bytes for file in bundle.files if file.path.partition("/")[0] in copied)
        free = shutil.disk_usage(make_folder(self._places.projects)).free
        if free < 2 * needed + SPARE_BYTES:
            raise DiskFull(f"There is too little space for {needed:,} bytes.", hint="Free some.")

    def _model(self, folder: Path, bundle: Bundle) -> BaseModel:
        """The base that is here with these bytes, else the one of the bundle."""
        for model in self._models.all():
            if model.sha256 == bundle.base_sha256:
                return model
        if not bundle.weights:
            return self._models.register(
                folder / bundle.model, f"{bundle.project}-{bundle.version}"
            )
        model = self._models.register(folder / bundle.weights, bundle.base)
        if model.sha256 != bundle.base_sha256:
            raise Damaged(
                f"{bundle.weights} of the bundle is not the base that it names.",
                hint="Write the bundle again.",
            )
        return model

    def _project(self, code: Path, name: str) -> Project:
        """The project of an earlier try, else a new one."""
        with contextlib.suppress(ProjectMissing):
            project = self._projects.find(name)
            if project.path == code.expanduser().absolute().resolve():
                return project
        return self._projects.add(code, name)

    def _take_index(self, folder: Path, bundle: Bundle, project: Project) -> None:
        """Put the index of the bundle in place, unless there is one."""
        index = self._places.index(project.id)
        if not bundle.index or index.exists():
            return
        inside = [file.path for file in bundle.files if file.path.startswith(f"{bundle.index}/")]
        listed = any(file.path == CATALOG for file in bundle.files)
        if not listed or not self._is_plain_catalog(folder / CATALOG, project):
            return  # it is made anew from the code
        with locked(self._places.write_lock(project.id)):
            new = staging(index)
            for path in inside:
                place = new / Path(path).relative_to(bundle.index)
                make_folder(place.parent)
                shutil.copyfile(folder / path, place)
            catalog = self._places.catalog(project.id)
            with writing_aside(catalog) as copy:
                shutil.copyfile(folder / CATALOG, copy)
                copy.chmod(0o600)
            for leftover in ("-wal", "-shm"):
                catalog.with_name(catalog.name + leftover).unlink(missing_ok=True)
            swap_folder(new, index)

    def _is_plain_catalog(self, path: Path, project: Project) -> bool:
        """Whether a catalog has the tables of ours and nothing else, such as triggers."""
        ours = make_folder(self._places.project(project.id)) / ".empty-catalog.db"
        try:
            with contextlib.suppress(GardenError):
                Catalog(ours).sides.all()
                return bool(_schema(path)) and _schema(path) == _schema(ours)
            return False
        finally:
            for leftover in self._places.project(project.id).glob(f"{ours.name}*"):
                leftover.unlink()

    def _adapter(
        self, folder: Path, bundle: Bundle, project: Project
    ) -> tuple[Adapter | None, str]:
        if not bundle.peft:
            return None, "the bundle has none"
        base = next((one for one in self._models.all() if one.sha256 == bundle.base_sha256), None)
        if base is None:
            return None, f"its base {bundle.base} is not here"
        wanted = f"{bundle.peft}/{WEIGHTS}"
        digest = next((file.sha256 for file in bundle.files if file.path == wanted), "")
        for known in self._adapters.of_project(project.id):
            kept = read_manifest(self._places.adapters(project.id) / known.version).get(WEIGHTS)
            if kept is not None and kept.sha256 == digest:
                return known, ""
        return self._exchange().bring_in(project, folder / bundle.peft, base.name), ""


def _schema(path: Path) -> list[tuple[str, str, str]]:
    """The tables of a SQLite file as they were declared; empty if it cannot be read."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            return connection.execute(
                "SELECT type, name, coalesce(sql, '') FROM sqlite_master ORDER BY type, name"
            ).fetchall()
    except sqlite3.Error:
        return []
