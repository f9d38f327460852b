"""A garden in which a small base is served with adapters."""

import shutil
from pathlib import Path

from gardener_core.models.model import BASE_GGUF
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import GGUF
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.manifest import write_manifest
from gardener_core.system.places import Places
from support.grown import Grown


def place_base(places: Places, grown: Grown, base_gguf: Path) -> None:
    """The seedling, with its GGUF."""
    ours = shutil.ignore_patterns(".*", BASE_GGUF)
    shutil.copytree(grown.model.path, places.models / "seedling", ignore=ours)
    shutil.copyfile(base_gguf, places.models / "seedling" / BASE_GGUF)


def place_adapters(
    places: Places, project: str, root: Path, files: tuple[Path, Path], count: int
) -> None:
    """A project with so many adapters, all with the weights of the same two files."""
    adapter, gguf = files
    database = Database(places.database)
    ProjectTable(database).insert(root.name, root, project)
    table = AdapterTable(database)
    for number in range(count):
        folder = places.adapters(project) / f"v{number}"
        shutil.copytree(adapter, folder)
        shutil.copyfile(gguf, folder / GGUF)
        write_manifest(folder)
        table.register(project, folder.name, "seedling", "r", 1)
