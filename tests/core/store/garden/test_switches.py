"""Switches are kept, the next project is guessed from them, and they go with their project."""

import time
from pathlib import Path

import pytest

from gardener_core.errors import ProjectMissing
from gardener_core.events.switch import MemoryUse, SwitchStep
from gardener_core.store.database import Database
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.garden.switches import MOST_KEPT, GuessShare, SwitchReport, SwitchTable

STEPS = (SwitchStep("keep", 0.001), SwitchStep("verify", 0.1, "as at first"))


@pytest.fixture
def table(tmp_path: Path) -> SwitchTable:
    database = Database(tmp_path / "garden.db")
    for name in "abc":
        ProjectTable(database).insert(name, tmp_path / name, name)
    return SwitchTable(database)


def report(before: str, project: str, guess: str = "") -> SwitchReport:
    memory = MemoryUse(served=5)
    return SwitchReport(
        project, before, 0.03, 0.4, "ready", STEPS, "coder + v1", guess=guess, memory=memory
    )


def test_a_report_comes_back_whole(table: SwitchTable) -> None:
    kept = report("a", "b", guess="c")
    table.add(kept)
    (back,) = table.latest(5)
    assert back.number == 1 and back.steps == STEPS and back.memory.served == 5
    assert back.guess == "c" and time.time() - back.started < 60
    with pytest.raises(ProjectMissing):
        table.add(report("a", "gone"))


def test_the_next_project_is_where_one_went_mostly_and_lately(table: SwitchTable) -> None:
    table.add(report("a", "b"))
    assert table.followers("a") == {}, "once is no habit"
    for _ in range(3):
        table.add(report("a", "b"))
    table.add(report("a", "c"))
    followers = table.followers("a")
    assert max(followers, key=lambda name: followers[name]) == "b"
    for _ in range(5):
        table.add(report("a", "c"))
    followers = table.followers("a")
    assert max(followers, key=lambda name: followers[name]) == "c"
    assert table.followers("b") == {}


def test_the_share_counts_switches_that_were_guessed(table: SwitchTable) -> None:
    assert table.share() == GuessShare(0, 0)
    for guess in ("", "b", "c", "b"):
        table.add(report("a", "b", guess))
    assert table.share() == GuessShare(right=2, made=3)


def test_only_the_latest_are_kept_and_none_of_a_deleted_project(
    table: SwitchTable, tmp_path: Path
) -> None:
    for _ in range(10):
        table.add(report("a", "b"))
    database = Database(tmp_path / "garden.db")
    with database.writing() as connection:
        connection.execute("UPDATE switches SET number = ? WHERE number = 10", (MOST_KEPT + 5,))
    table.add(report("b", "a"))
    numbers = [one.number for one in table.latest(20)]
    assert numbers == [MOST_KEPT + 6, MOST_KEPT + 5, 9, 8, 7]
    with database.writing() as connection:
        connection.execute("DELETE FROM projects WHERE id = 'b'")
    assert [one.project for one in table.latest(5)] == ["a"]
