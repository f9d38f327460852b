"""The doubles of sources, and a folder to collect files in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.hub_double import HubDouble
from support.pulled import DATA, REPOSITORY


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[HubDouble]:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    double = HubDouble({f"{REPOSITORY}/tiny.gguf": DATA})
    yield double
    double.close()


@pytest.fixture
def box(tmp_path: Path) -> Path:
    folder = tmp_path / "box"
    folder.mkdir()
    return folder
