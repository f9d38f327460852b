"""Rebuild a GGUF file from its sources."""

# Run in a short process of its own, so that repairing a garden loads no numeric library.

import sys
from pathlib import Path

from gardener_core.errors import GardenError
from gardener_core.export.lora_gguf import write_lora_gguf
from gardener_core.models.gguf.write import ensure_base_gguf
from gardener_core.models.store import ModelStore
from gardener_core.store.garden.adapter_files import GGUF
from gardener_core.store.manifest import record_file
from gardener_core.system.places import Places


def main() -> None:
    """`base NAME` or `adapter FOLDER BASE`; an error is the last line on stderr."""
    try:
        match sys.argv[1:]:
            case ["base", name]:
                ensure_base_gguf(ModelStore(Places.of_user()).get(name))
            case ["adapter", folder, base]:
                rebuild_adapter(Path(folder), ModelStore(Places.of_user()).get(base).folder)
    except GardenError as problem:
        sys.exit(problem.what)


def rebuild_adapter(folder: Path, base: Path) -> Path:
    """Write an adapter's GGUF from its PEFT files, and record its digest."""
    path = write_lora_gguf(folder, base, folder / GGUF)
    record_file(folder, GGUF)
    return path
