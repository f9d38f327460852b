"""A bench for jobs, in a garden of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.bench import Bench

from gardener_core.jobs.folder import is_alive
from gardener_core.system.places import Places


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path))
    bench = Bench(Places.of_user())
    yield bench
    if bench.places.runs.exists():
        for folder in bench.places.runs.iterdir():
            if is_alive(folder):
                bench.kill(folder)
