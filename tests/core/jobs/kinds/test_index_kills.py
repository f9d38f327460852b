"""A killed index run leaves a table that opens, and the next run completes it."""

from pathlib import Path

import pytest
from support.kill_loop import as_if_new, kill_again_and_again, write_tree

from gardener_core.garden.door import open_garden
from gardener_core.system.places import Places


@pytest.mark.long
def test_three_kills_leave_nothing_twice_and_nothing_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    garden = open_garden(Places.of_user())
    write_tree(tmp_path / "web", 300, 0)
    project = garden.projects.add(tmp_path / "web")
    kill_again_and_again(garden, project, kills=3, files=300, seed=1)
    mended, fresh = as_if_new(garden, project)
    assert mended.texts == fresh.texts
    assert mended.marked == fresh.marked > 300
    garden.close()
