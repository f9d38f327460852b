"""Real models, where a folder with their files is named."""

import hashlib
import os
from pathlib import Path

import pytest

FOLDER = "GARDENER_REAL_MODELS"
STARTER = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
CODER = "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32"


def real_model(sha256: str) -> Path:
    """The file with these bytes; a test is skipped where there is none."""
    folder = os.environ.get(FOLDER)
    if not folder:
        pytest.skip(f"{FOLDER} names no folder with real models")
    for path in sorted(Path(folder).glob("*.gguf")):
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == sha256:
                return path
    pytest.skip(f"{folder} has no file with the sha256 {sha256[:12]}")
