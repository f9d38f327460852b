"""Versions are listed, compared and rolled back."""

import time
from pathlib import Path

import pytest
from support.measured import a_card, a_file, a_statement
from support.versions import lay_out, put_version

from gardener_core.errors import BadInput, GateClosed
from gardener_core.garden.door import Garden
from gardener_core.store.garden.projects import Project
from gardener_core.system.places import Places

CODE = [
    (f"src/part{n}.py", f"def step_{n}(plant):\n    return plant.water({n})\n") for n in range(40)
]


@pytest.fixture
def project(garden: Garden, tmp_path: Path) -> Project:
    (tmp_path / "web").mkdir()
    lay_out(tmp_path / "web", CODE)
    return garden.projects.add(tmp_path / "web", "web")


def test_fifty_versions_are_listed_in_a_tenth_of_a_second(
    garden: Garden, places: Places, project: Project
) -> None:
    items = [a_file("x.py", 100, 90)]
    card = a_card(items)
    for number in range(50):
        put_version(places, project, f"v{number}", code=CODE, items=items, card=card)
    listed = garden.versions.all(project)  # measures the drift, once
    took = []
    for _ in range(3):
        began = time.process_time()
        again = garden.versions.all(project)
        took.append(time.process_time() - began)
    assert again == listed and len(listed) == 50 and listed[0].adapter.version == "v49"
    assert listed[0].drift is not None and listed[0].drift.symbols == len(CODE)
    print(f"50 versions: {1000 * min(took):.0f} ms")
    assert min(took) < 0.1


def test_a_roll_back_goes_one_step_back_each_time(
    garden: Garden, places: Places, project: Project
) -> None:
    for version in ("v1", "v2", "v3"):
        put_version(places, project, version, state="passed")
        project = garden.adapters.use(project, version)
    assert garden.versions.roll_back(project).version == "v2"
    garden.versions.archive(project, garden.versions.find(project, "v1"))
    project = garden.projects.find("web")
    back = garden.versions.roll_back(project)
    assert (back.left, back.version) == ("v2", ""), "v1 is archived, before it the base was alone"
    with pytest.raises(BadInput, match="Nothing answered for web before the base alone"):
        garden.versions.roll_back(garden.projects.find("web"))


def test_a_roll_back_to_one_that_has_not_passed_keeps_its_reason(
    garden: Garden, places: Places, project: Project
) -> None:
    put_version(places, project, "v1")
    put_version(places, project, "v2", state="passed")
    garden.adapters.use(project, "v1", "to try it")
    garden.adapters.use(project, "v2")
    back = garden.versions.roll_back(garden.projects.find("web"))
    assert back.caveat == "not measured; used because: to try it"


def test_one_that_answers_is_put_away_only_where_that_is_confirmed(
    garden: Garden, places: Places, project: Project
) -> None:
    adapter = put_version(places, project, "v1", state="passed")
    project = garden.adapters.use(project, "v1")
    for put_away in (garden.versions.archive, garden.versions.remove):
        with pytest.raises(GateClosed, match="v1 answers for web"):
            put_away(project, adapter)
    garden.versions.remove(project, adapter, though_active=True)
    project = garden.projects.find("web")
    assert project.adapter == "" and garden.adapters.all(project) == []
    assert garden.versions.restore(project, "v1").state == "passed"
    assert garden.versions.roll_back(project).version == "v1"


def test_an_archived_one_is_never_the_newest_and_never_used(
    garden: Garden, places: Places, project: Project
) -> None:
    put_version(places, project, "v1")
    newer = put_version(places, project, "v2")
    garden.versions.archive(project, newer)
    assert garden.adapters.chosen(project).version == "v1"
    assert [one.adapter.version for one in garden.versions.all(project)] == ["v1", "v2"]
    with pytest.raises(GateClosed, match="v2 is archived"):
        garden.adapters.use(project, "v2", "a reason")
    with pytest.raises(GateClosed, match="v2 is archived"):
        garden.scores.start(project, garden.versions.find(project, "v2"), 1.0)


def test_versions_are_held_against_the_first_on_texts_that_both_were_scored_on(
    garden: Garden, places: Places, project: Project
) -> None:
    first = [a_file(f"{n}.py", 100, 90) for n in range(8)]
    other = [*(a_file(f"{n}.py", 100, 81) for n in range(1, 8)), a_statement("9.py", 1, True)]
    put_version(places, project, "v1", items=first)
    put_version(places, project, "v2", items=other)
    put_version(places, project, "v3")
    one, two, three = garden.versions.compare(project, ["v1", "v2", "v3"]).versions
    assert one.against is None and one.bits is not None and one.change is not None
    assert two.against is not None and two.against.mean == pytest.approx(-0.1)
    assert two.against.files == 7
    assert three.bits is None and three.against is None
