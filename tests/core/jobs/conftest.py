"""Stand-in jobs in a garden of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.stand_in_jobs import StandInJobs

from gardener_core.jobs.folder import is_alive
from gardener_core.system.places import Places


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandInJobs]:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path))
    jobs = StandInJobs(Places.of_user())
    yield jobs
    if jobs.places.runs.exists():
        for folder in jobs.places.runs.iterdir():
            if is_alive(folder):
                jobs.kill(folder)
