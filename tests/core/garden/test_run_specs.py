"""What cannot be trained as it is asked for is refused before a run begins."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gardener_core.errors import BadInput
from gardener_core.garden.door import Garden, open_garden
from gardener_core.store.garden.projects import Project
from gardener_core.system.places import Places


@pytest.fixture
def garden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Garden]:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GARDENER_MODELS__BASE", "seedling")
    garden = open_garden(Places.of_user())
    yield garden
    garden.close()


@pytest.fixture
def project(garden: Garden, tmp_path: Path) -> Project:
    for number in range(8):
        path = tmp_path / "web" / f"part{number}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"value = {number}\n")
    return garden.projects.add(tmp_path / "web", "web")


def test_what_could_not_be_served_is_refused_with_the_reason(
    garden: Garden, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GARDENER_TRAINING__VARIANT", "dora")
    with pytest.raises(BadInput, match=r"DoRA .* have no place for its magnitudes"):
        garden.runs.train(project)
    assert garden.runs.all(project) == []


def test_the_dial_says_how_many_steps(
    garden: Garden, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert garden.runs.outlook(project).steps == 60
    assert garden.runs.outlook(project, preset="shrub").steps == 250
    assert garden.runs.outlook(project, steps=7).steps == 7
    with pytest.raises(BadInput, match="A preset says how many steps"):
        garden.runs.outlook(project, steps=7, preset="tree")
    monkeypatch.setenv("GARDENER_TRAINING__PRESET", "sprout")
    assert garden.runs.outlook(project).steps == 25
