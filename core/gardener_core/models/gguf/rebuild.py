"""Rebuild what is made of a base, in a process of its own."""

import subprocess
from pathlib import Path

from gardener_core.errors import Damaged, Remedy
from gardener_core.models.model import BaseModel
from gardener_core.system.processes.start import python_command, run

SECONDS = 600
# The libraries that write one are heavy, and nearly always the file exists.
_CODE = "from gardener_core.export.rebuild import main; main()"
_FOLDER_CODE = "from gardener_core.models.torch.dequantise import main; main()"


def rebuild_base_gguf(model: BaseModel) -> Path:
    """Write the GGUF of a base beside its weights."""
    _run("base", model.name)
    return model.gguf


def rebuild_training_folder(model: BaseModel) -> Path:
    """Make the folder that is trained on from the weights of a GGUF file."""
    _run(model.name, code=_FOLDER_CODE)
    return model.folder


def rebuild_adapter_gguf(folder: Path, base: str) -> None:
    """Write the GGUF of an adapter beside its weights, for the base of this name."""
    _run("adapter", str(folder), base)


def _run(*what: str, code: str = _CODE) -> None:
    try:
        done = run(python_command(code, *what), SECONDS)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise Damaged(f"It cannot be made again: {problem}.", hint="Try again.") from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        why = lines[-1] if lines else f"status {done.returncode}"
        raise Damaged(f"It cannot be made again: {why}", remedy=Remedy("repair"))
