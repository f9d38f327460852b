"""An index run that is killed 25 times."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.kill_loop import as_if_new, kill_again_and_again, write_tree

from gardener_core.garden.door import open_garden
from gardener_core.system.places import Places

KILLS = 25
FILES = 1500


@pytest.mark.long
def test_killed_index_is_whole(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    keep: Callable[[str, list[str]], None],
) -> None:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    garden = open_garden(Places.of_user())
    write_tree(tmp_path / "web", FILES, 0)
    project = garden.projects.add(tmp_path / "web")
    hit = kill_again_and_again(garden, project, KILLS, FILES, seed=2)
    mended, fresh = as_if_new(garden, project)
    garden.close()
    keep(
        "Index killed and refreshed",
        [
            f"- {KILLS} kill -9 at random moments, {hit} while it worked: opened and whole "
            "every time, no id twice",
            f"- after one more run {len(mended.texts):,} chunks, ids and texts those of a fresh "
            f"index: {mended.texts == fresh.texts}",
        ],
    )
    assert hit > KILLS // 2
    assert mended.texts == fresh.texts and mended.marked == fresh.marked
