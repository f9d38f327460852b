"""Which version a roll back goes to."""

import itertools
from pathlib import Path

import pytest

from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.garden.versions.uses import AdapterUse, AdapterUses, use_to_undo


def steps(*versions: str) -> list[AdapterUse]:
    """Uses one after another, as the table gives them."""
    pairs = itertools.pairwise(versions)
    return [AdapterUse(n, before, after, 0.0) for n, (before, after) in enumerate(pairs)][::-1]


@pytest.mark.parametrize(
    ("uses", "active", "gone", "expected"),
    [
        (steps("", "v1", "v2"), "v2", "", "v1"),
        (steps("", "v1"), "v1", "", ""),
        (steps("", "v1", "v2", "v3"), "v3", "v2", "v1"),
        (steps("", "v1", "v2", "v1", "v3"), "v3", "v1", "v2"),
        (steps("v1", "v2", "v1"), "v1", "v2", None),
        (steps("v1", "v2"), "v2", "v1", None),
        (steps("v1", "v2"), "v9", "", None),
        ([], "v1", "", None),
    ],
)
def test_versions_that_are_gone_are_passed_over(
    uses: list[AdapterUse], active: str, gone: str, expected: str | None
) -> None:
    use = use_to_undo(uses, active, lambda version: version != gone)
    assert (use.before if use else None) == expected


@pytest.fixture
def table(tmp_path: Path) -> tuple[Database, Project]:
    database = Database(tmp_path / "garden.db")
    project = ProjectTable(database).insert("web", tmp_path)
    for version in ("v1", "v2"):
        AdapterTable(database).register(project.id, version, "b", "r", 1)
    return database, project


def test_each_change_is_kept_and_taken_back_once(table: tuple[Database, Project]) -> None:
    database, project = table
    projects, uses = ProjectTable(database), AdapterUses(database)
    projects.set_adapter(project.id, "v1", "b")
    projects.set_adapter(project.id, "v1", "b")  # no change
    projects.use_adapter(project.id, "v2", "b", "a reason")
    changes = [(use.before, use.version) for use in uses.of_project(project.id)]
    assert changes == [("v1", "v2"), ("", "v1")]
    newest = uses.of_project(project.id)[0]
    uses.take_back(project.id, newest, "b", "as before")
    assert projects.get(project.id).adapter == "v1"
    assert AdapterTable(database).get(project.id, "v1").reason == "as before"
    assert [use.version for use in uses.of_project(project.id)] == ["v1"]
