"""A garden with a small project, to be damaged."""

from pathlib import Path

import pytest
from support.hostile_home import Home, laid_out
from support.indexed import IndexedGardens


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> IndexedGardens:
    return IndexedGardens(tmp_path_factory.mktemp("indexed"))


@pytest.fixture
def home(
    tmp_path: Path,
    indexed: IndexedGardens,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Home:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    return laid_out(tmp_path, indexed, capsys)
