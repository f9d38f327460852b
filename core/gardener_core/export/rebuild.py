"""Make a GGUF file again from what it was made of."""

# A short process of its own, so that whoever mends a garden loads no numbers.

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
    """`base NAME` or `adapter FOLDER BASE`; what went wrong is the last line on stderr."""
    try:
        match sys.argv[1:]:
            case ["base", name]:
                ensure_base_gguf(ModelStore(Places.of_user()).get(name))
            case ["adapter", folder, base]:
                write_again(Path(folder), ModelStore(Places.of_user()).get(base).path)
    except GardenError as problem:
        sys.exit(problem.what)


def write_again(folder: Path, base: Path) -> Path:
    """Write an adapter's GGUF from its PEFT files, and note it."""
    path = write_lora_gguf(folder, base, folder / GGUF)
    record_file(folder, GGUF)
    return path
