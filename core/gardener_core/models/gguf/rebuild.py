"""Have a GGUF file made again, in a process of its own."""

import subprocess
from pathlib import Path

from gardener_core.errors import Damaged, Remedy
from gardener_core.models.model import FolderModel
from gardener_core.system.processes import python_command, run

SECONDS = 600
# What it takes to write one is never loaded by who needs one, and nearly always there is one.
_CODE = "from gardener_core.export.rebuild import main; main()"


def make_base_again(model: FolderModel) -> Path:
    """Write the GGUF of a base beside its weights."""
    _run("base", model.name)
    return model.gguf


def make_adapter_again(folder: Path, base: Path) -> None:
    """Write the GGUF of an adapter beside its weights, for the base in the other folder."""
    _run("adapter", str(folder), base.name)


def _run(*what: str) -> None:
    try:
        done = run(python_command(_CODE, *what), SECONDS)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise Damaged(f"The GGUF cannot be made again: {problem}.", hint="Try again.") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        why = said[-1] if said else f"status {done.returncode}"
        raise Damaged(f"The GGUF cannot be made again: {why}", remedy=Remedy("repair"))
