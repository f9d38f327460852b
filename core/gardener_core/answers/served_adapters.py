"""Find the adapters that a base is served with."""

from contextlib import suppress
from pathlib import Path

from gardener_core.errors import AdapterMissing, GardenError
from gardener_core.models.gguf.rebuild import rebuild_adapter_gguf
from gardener_core.models.identity import require_base
from gardener_core.models.model import BaseModel
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import adapter_state, require_whole
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.manifest import read_manifest
from gardener_core.system.places import Places

# Engines take their adapters at the start; more would cost memory for little.
MOST_ADAPTERS = 6
WEIGHTS_FILE = "adapter_model.safetensors"


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
    """The sha256 of an adapter's weights as they were written; its path where none is known."""
    recorded = read_manifest(folder).get(WEIGHTS_FILE)
    return recorded.sha256 if recorded else str(folder)


def _fits(folder: Path, base: BaseModel) -> bool:
    try:
        state = adapter_state(folder, thorough=False)
        require_base(folder, folder.name, base)
    except (GardenError, OSError):
        return False
    return not state.lost and not state.gguf
