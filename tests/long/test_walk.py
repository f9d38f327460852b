"""Three projects of others: added, searched, edited, branch-switched, killed, mended."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.foreign import PROJECTS, Foreign, versions
from support.kill_loop import Held
from support.walk import (
    MARK,
    broken,
    follow,
    git,
    held,
    index_while_searching,
    kill_at_random,
    saved_and_found,
    switch,
    two_branches,
    watched,
)

from gardener_core.garden.door import Garden, open_garden
from gardener_core.store.garden.projects import Project
from gardener_core.system.places import Places

KILLS = 5


@pytest.mark.long
@pytest.mark.parametrize("foreign", PROJECTS, ids=lambda foreign: foreign.name)
def test_a_project_of_others_is_walked_through(
    foreign: Foreign,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    keep: Callable[[str, list[str]], None],
) -> None:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    root = tmp_path / "code"
    two_branches(root, *versions(foreign, tmp_path))
    garden = open_garden(Places.of_user())
    project = garden.projects.add(root, foreign.name)
    first = index_while_searching(garden, project, foreign.asked, foreign.answer)
    assert first.first_hit, "it was never found"
    with watched(garden, project) as watch:
        saved = saved_and_found(watch, root / foreign.edited, foreign.line, MARK)
        git(root, "checkout", "-q", ".")
        there = switch(garden, project, watch, "next")
        back = switch(garden, project, watch, "main")
    hit = kill_at_random(garden, project, KILLS, first.seconds, seed=7)
    follow(garden, garden.runs.index(project).id)
    mended = held(project)
    assert broken(garden, project)
    found = garden.index.search(project, foreign.asked)
    assert found.hits
    (done,) = (item.done for item in garden.projects.repair(project) if item.part == "index")
    assert "run" in done
    for run in garden.runs.all(project):
        if run.live:
            follow(garden, run.id)
    repaired = held(project)
    fresh = _fresh(garden, project)
    assert mended == repaired == fresh
    garden.close()
    keep(
        f"A walk through {foreign.name}",
        [
            f"- {first.indexed.files:,} files, {first.indexed.chunks:,} chunks: indexed in "
            f"{first.seconds:.1f} s with its links, while {first.answered} searches were answered; "
            f"the index found the answer after {first.first_hit:.1f} s",
            f"- a saved file was found after {saved * 1000:.0f} ms; the other branch was indexed "
            f"{there:.1f} s after the switch, the first one again after {back:.1f} s",
            f"- {hit} of {KILLS} runs killed at random moments, then data damaged, seen and "
            f"made anew: {len(mended.texts):,} chunks each time, as in a fresh index",
        ],
    )


def _fresh(garden: Garden, project: Project) -> Held:
    garden.projects.remove(project)
    fresh = garden.projects.add(project.path, "fresh")
    follow(garden, garden.runs.index(fresh).id)
    return held(fresh)
