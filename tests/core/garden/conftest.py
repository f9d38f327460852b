"""A garden in a home of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gardener_core.garden.door import Garden, open_garden
from gardener_core.system.places import Places


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    return Places.of_user()


@pytest.fixture
def garden(places: Places) -> Iterator[Garden]:
    garden = open_garden(places)
    yield garden
    garden.close()
