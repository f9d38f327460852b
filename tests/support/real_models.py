"""Real models: of a folder that is named, or of the garden of whoever runs the tests."""

import functools
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gardener_core.system.places import Places

FOLDER = "GARDENER_REAL_MODELS"
STARTER = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
CODER = "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32"
_NAMES = {STARTER: "smollm2-135m", CODER: "qwen2.5-coder-0.5b"}
_GARDEN = Places.of_user().model_files  # before a test names a home of its own


def real_model(sha256: str) -> Path:
    """The file with these bytes; a test is skipped where there is none."""
    for path in _candidates(sha256):
        if _digest(path) == sha256:
            return path
    pytest.skip(
        f"{_NAMES[sha256]} is not here (gardener models pull {_NAMES[sha256]}, or {FOLDER} names "
        "a folder with its file)"
    )


def _candidates(sha256: str) -> Iterator[Path]:
    if folder := os.environ.get(FOLDER):
        yield from sorted(Path(folder).glob("*.gguf"))
    if (kept := _GARDEN / sha256).is_file():
        yield kept


@functools.cache
def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
