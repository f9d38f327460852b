"""Three projects of others: added, searched, edited, branch-switched, killed, mended."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from fetching import OutOfReach, fetch
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
from gardener_core.keeping.projects import Project
from gardener_core.places import Places

CACHE = "GARDENER_TEST_CACHE"
KILLS = 5


@dataclass(frozen=True, slots=True)
class Foreign:
    """A project that nobody here wrote; a question with the file that answers it."""

    name: str
    kind: str
    old: str
    new: str
    asked: str
    answer: str
    edited: str
    line: str
    part: str = ""


PROJECTS = [
    Foreign(
        name="django", kind="sdist", old="5.1.4", new="5.2", asked="get_or_create",
        answer="django/db/models/query.py", edited="django/db/models/query.py",
        line="\n\ndef turn_the_quince_over():\n    return 'quincewalk'\n",
    ),
    Foreign(
        name="rxjs", kind="npm", old="7.5.7", new="7.8.1", asked="retryWhen operator",
        answer="src/internal/operators/retryWhen.ts", edited="src/internal/operators/map.ts",
        line="\nexport function turnTheQuinceOver() {\n  return 'quincewalk';\n}\n",
    ),
    Foreign(
        name="librust-tokio-dev", kind="deb", old="", new="", asked="poll_acquire semaphore",
        answer="src/sync/batch_semaphore.rs", edited="src/sync/semaphore.rs",
        line="\npub fn turn_the_quince_over() -> &'static str {\n    \"quincewalk\"\n}\n",
        part="usr/share/cargo/registry/tokio-1.24.2",
    ),
]  # fmt: skip


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
    two_branches(root, *_versions(foreign, Path(os.environ.get(CACHE, tmp_path / "fetched"))))
    garden = open_garden(Places.of_user())
    project = garden.projects.add(root, foreign.name)
    first = index_while_searching(garden, project, foreign.asked, foreign.answer)
    assert first.first_hit, "it was never found"
    with watched(garden, project) as watch:
        saved = saved_and_found(garden, project, root / foreign.edited, foreign.line, MARK)
        git(root, "checkout", "-q", ".")
        there = switch(garden, project, watch, "next")
        back = switch(garden, project, watch, "main")
    hit = kill_at_random(garden, project, KILLS, first.seconds, seed=7)
    follow(garden, garden.runs.index(project).id)
    mended = held(project)
    damaged = broken(project, seed=3)
    found = garden.index.search(project, foreign.asked)
    assert found.hits
    done = [item.done for item in garden.projects.repair(project) if item.done]
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
            f"- {hit} of {KILLS} runs killed at random moments, then {damaged.parent.name} damaged "
            f"and repaired ({'; '.join(done)}): {len(mended.texts):,} chunks each time, as in a "
            f"fresh index",
        ],
    )


def _fresh(garden: Garden, project: Project) -> Held:
    garden.projects.remove(project)
    fresh = garden.projects.add(project.path, "fresh")
    follow(garden, garden.runs.index(fresh).id)
    return held(fresh)


def _versions(foreign: Foreign, place: Path) -> tuple[Path, Path]:
    try:
        folders = [
            fetch(place, foreign.kind, foreign.name, version)
            for version in (foreign.old, foreign.new)
        ]
    except OutOfReach as problem:
        pytest.skip(f"wants packages of others: {problem}")
    return folders[0] / foreign.part, folders[1] / foreign.part
