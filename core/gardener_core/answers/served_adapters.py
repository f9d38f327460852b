"""Find the adapters that a base is served with."""

from contextlib import suppress
from pathlib import Path

from gardener_core.errors import AdapterMissing, GardenError
from gardener_core.models.gguf.rebuild import rebuild_adapter_gguf
from gardener_core.models.identity import require_base
from gardener_core.models.model import BaseModel
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import CONFIG, WEIGHTS, adapter_state, require_whole
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.manifest import read_manifest
from gardener_core.system.places import Places

# Engines take their adapters at the start; more would cost memory for little.
MOST_ADAPTERS = 6


class ServedAdapters:
    """The adapters of all projects, as folders that hold the form of each engine."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def path(self, project: str, version: str) -> Path:
        """Where the files of an adapter are."""
        return self._places.adapters(project) / version

    def caveat(self, project: str, version: str) -> str:
        """What has to be said of the answers of an adapter that has not passed the gate."""
        if not version:
            return ""
        with suppress(AdapterMissing):
            return AdapterTable(Database(self._places.database)).get(project, version).caveat
        return ""

    def folder(self, project: str, version: str, base: BaseModel) -> Path:
        """An adapter's folder; its GGUF is rebuilt where it is not whole."""
        folder = self.path(project, version)
        if not folder.is_dir():
            raise AdapterMissing(
                f"The files of adapter {version} are not there.", hint="Train a new one."
            )
        require_whole(folder, version, "NAME")
        require_base(folder, version, base)
        if adapter_state(folder, thorough=False).gguf:
            rebuild_adapter_gguf(folder, base.name)
        return folder

    def recent(self, base: BaseModel, chosen: Path | None) -> tuple[Path, ...]:
        """The chosen adapter, then the newest others of the base that are whole."""
        folders = [] if chosen is None else [chosen]
        for adapter in AdapterTable(Database(self._places.database)).of_base(base.name):
            if adapter.state == "archived":
                continue
            folder = self._places.adapters(adapter.project) / adapter.version
            if len(folders) < MOST_ADAPTERS and folder not in folders and _fits(folder, base):
                folders.append(folder)
        return tuple(folders)


def adapter_identity(folder: Path) -> str:
    """What tells an adapter from others: the sha256 of its weights, and the start of its config's.

    The same weights with another alpha answer otherwise. Without digests it is the path.
    """
    recorded = read_manifest(folder)
    weights, config = recorded.get(WEIGHTS), recorded.get(CONFIG)
    if weights is None:
        return str(folder)
    return f"{weights.sha256} {config.sha256[:16]}" if config else weights.sha256


def _fits(folder: Path, base: BaseModel) -> bool:
    try:
        state = adapter_state(folder, thorough=False)
        require_base(folder, folder.name, base)
    except (GardenError, OSError):
        return False
    return not state.lost and not state.gguf
