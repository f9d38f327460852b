"""The rows that an adapter learns from."""

from itertools import islice
from pathlib import Path

from gardener_core.code.files.listing import list_files
from gardener_core.errors import BadInput, Remedy
from gardener_core.garden.runs import Runs
from gardener_core.store.garden.audit import AuditLog
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.places import Places
from gardener_core.training.data.kept.folder import RowFolder
from gardener_core.training.data.kept.row import DataRow
from gardener_core.training.exchange.files import TakenRows, export_rows, import_rows
from gardener_core.training.exchange.formats import FORMATS, Format

SYMBOL = "::"  # between a path and a symbol in it
RUN_ROWS = "rows"


class Data:
    """Prepare, show, choose, export and import the rows of a project."""

    def __init__(self, places: Places, runs: Runs, audit: AuditLog) -> None:
        self._places = places
        self._runs = runs
        self._audit = audit

    def prepare(self, project: Project, base: str | None = None) -> Run:
        """Start a run that prepares the rows of a project as it is now."""
        return self._runs.data(project, base=base)

    def of_run(self, run_id: str) -> RowFolder | None:
        """The rows that a run prepared or learned; None where it has none."""
        folder = RowFolder(self._places.run(run_id) / RUN_ROWS)
        return folder if folder.exists() else None

    def newest(self, project: Project) -> RowFolder | None:
        """The rows that were last prepared; None where there are none yet."""
        try:
            made = sorted(self._places.rows(project.id).iterdir(), key=_changed, reverse=True)
        except OSError:
            return None
        found = (RowFolder(path) for path in made if not path.name.startswith("."))
        return next((rows for rows in found if rows.is_whole()), None)

    def some(self, rows: RowFolder, most: int, share: str = "", skip: int = 0) -> list[DataRow]:
        """The first rows, of one share or of all."""
        wanted = (row for row in rows.rows() if not share or row.share == share)
        return list(islice(wanted, skip, skip + most))

    def choose(self, project: Project, place: str, accepted: bool | None) -> str:
        """Accept or reject a file, or a symbol as PATH::SYMBOL; None takes that back.

        What was chosen, in the form in which it is kept.
        """
        path, _, symbol = place.partition(SYMBOL)
        catalog = Catalog(self._places.catalog(project.id))
        chosen = catalog.sides.choices()
        if accepted is None:
            if (path, symbol) not in chosen:
                raise BadInput(f"Nothing was chosen for {place}.", hint="Give it as it was chosen.")
        elif path not in list_files(project.path):
            raise BadInput(
                f"There is no file {path} in {project.name}.",
                hint="Give a path as the project has it, or PATH::SYMBOL.",
            )
        elif symbol:
            self._require_symbol(project, catalog, path, symbol)
        catalog.sides.choose(path, symbol, accepted)
        words = {True: "accepted", False: "rejected", None: "no longer chosen"}
        self._audit.record("training data chosen", project.id, f"{place} {words[accepted]}")
        return place

    def export(self, rows: RowFolder, file: Path, format: str) -> int:
        """Write rows for another trainer; how many there are."""
        return export_rows(rows.rows(), file.expanduser().absolute(), _format(format))

    def import_from(self, project: Project, file: Path) -> TakenRows:
        """Take rows from a file; they replace those that were imported before."""
        target = self._places.imported_rows(project.id)
        make_folder(target.parent)
        taken = import_rows(file.expanduser(), target)
        self._audit.record("training data imported", project.id, f"{taken.rows} rows")
        return taken

    def forget_imported(self, project: Project) -> bool:
        """Drop the rows that were imported; whether there were any."""
        file = self._places.imported_rows(project.id)
        had = file.exists()
        file.unlink(missing_ok=True)
        return had

    def _require_symbol(self, project: Project, catalog: Catalog, path: str, symbol: str) -> None:
        if any(item.symbol == symbol for item in catalog.symbols.of_file(path)):
            return
        newest = self.newest(project)
        items = newest.items() if newest else iter(())
        if any(item.path == path and item.symbol == symbol for item in items):
            return
        raise BadInput(
            f"{path} has no symbol {symbol} in the index.", remedy=Remedy("index", project.name)
        )


def _format(name: str) -> Format:
    found = next((format for format in FORMATS if format == name), None)
    if found is None:
        raise BadInput(f"{name!r} is no format.", hint=f"Choose one of {', '.join(FORMATS)}.")
    return found


def _changed(path: Path) -> float:
    return path.stat().st_mtime
