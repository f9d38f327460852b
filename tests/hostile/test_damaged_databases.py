"""Damaged databases give errors without a traceback, and lose nothing."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.hostile_home import OF_NOTHING, READING, Home, flipped

from gardener_core.errors import Damaged, GardenBusy, GardenError
from gardener_core.garden.door import open_garden
from gardener_core.store.copies import COPIES, DAY_SECONDS, copy_daily, daily_copies_of
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.audit import AuditLog
from gardener_core.store.garden.chats.conversations import ConversationTable
from gardener_core.store.garden.project_settings import ProjectSettings
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.garden.salvage import salvage

SEEDS = 30
damaged = contextmanager(flipped)


def test_every_reading_command_has_words_for_a_damaged_list(home: Home) -> None:
    said = 0
    for seed in range(SEEDS):
        with damaged(home.places.database, seed):
            for command in (*READING, OF_NOTHING):
                said += "is damaged" in home.words(*command)
    assert said > SEEDS, "most of these are seen"


def test_every_reader_has_words_for_a_damaged_catalog(home: Home) -> None:
    catalog = home.places.catalog(home.project)
    seen = 0
    for seed in range(SEEDS):
        with damaged(catalog, seed):
            for command in (("map", "web"), ("index", "web", "--skipped")):
                home.words(*command)
            seen += sum(_fails(read) for read in _readers(home))
    assert seen > SEEDS / 2


def _readers(home: Home) -> Iterator[object]:
    garden = open_garden(home.places)
    project = garden.projects.find("web")
    yield lambda: garden.index.files(project)
    yield lambda: garden.index.health(project)
    yield lambda: garden.index.filters(project, "lang:nix kind:nix x")
    yield lambda: garden.code.neighbours(project, "web.py", "rotate", 3)
    yield lambda: garden.code.choices(project)
    yield lambda: garden.models.embedders(project)
    yield lambda: garden.index.map(project)
    garden.close()


def _fails(read: object) -> bool:
    try:
        read()  # type: ignore[operator]
    except GardenError as problem:
        assert "damaged" in problem.what
        return True
    return False


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def test_a_damaged_list_is_made_again_and_nothing_that_can_be_read_is_lost(home: Home) -> None:
    path, project = home.places.database, home.project
    made = 0
    for seed in range(SEEDS):
        with damaged(path, seed):
            try:
                found = salvage(path)
            except Damaged as problem:  # a bit of the version: it may be a newer program's
                assert "newer version" in problem.what
                continue
            if found is None:
                continue
            made += 1
            (aside,) = path.parent.glob("garden.db.damaged-*[0-9]")
            assert str(aside) in found.done and "from the copy of" in found.done
            database = Database(path)
            assert database.problem() == "" and AuditLog(database).verify().intact
            assert ProjectTable(database).find("web").id == project
            assert [item.version for item in AdapterTable(database).of_project(project)] in (
                ["v1"], [],
            )  # fmt: skip
            for command in (*READING, OF_NOTHING):
                home.words(*command)
            aside.unlink()
    # Free pages and the words that are searched are not looked at.
    assert made > SEEDS / 3


def test_rows_that_are_newer_than_the_copy_are_read_from_both_ends_of_the_damage(
    home: Home,
) -> None:
    path = home.places.database
    table = ConversationTable(Database(path))
    (chat,) = table.of_project(home.project)
    numbers = _messages(path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    at = data.rindex(b"Question 20 about") // 4096 * 4096  # a leaf in the middle of the table
    data[at : at + 8] = b"\xff" * 8
    _remove(path)
    path.write_bytes(bytes(data))
    with pytest.raises(Damaged):
        _messages(path)
    found = salvage(path)
    assert found is not None and "messages" in found.done
    kept = _messages(path)
    assert kept and set(kept) < set(numbers)
    assert {numbers[0], numbers[-1]} <= set(kept), "both ends are read"
    assert ConversationTable(Database(path)).get(chat.id).title == "About tokens"


def _messages(path: Path) -> list[int]:
    with Database(path).reading() as connection:
        rows = connection.execute("SELECT number FROM messages ORDER BY number").fetchall()
    return [row["number"] for row in rows]


@pytest.mark.parametrize("state", ["missing", "empty", "missing, no copy", "empty, no copy"])
def test_a_list_that_is_missing_is_no_garden_without_projects(home: Home, state: str) -> None:
    path, project = home.places.database, home.project
    Database(path)
    open_garden(home.places).close()
    _remove(path)
    if "no copy" in state:
        for copy in daily_copies_of(path):
            copy.unlink()
    if "empty" in state:
        path.touch()
    said = home.words("projects")
    assert "No project yet" not in said and "lacks web" in said and "gardener repair" in said
    assert home.words("projects", "--json").count('"unlisted": ["web"]') == 1
    salvage(path)
    garden = open_garden(home.places)
    list(garden.orphans.repair())
    back = garden.projects.find("web")
    assert back.id == project and back.path.name == "web"
    own = ProjectSettings(garden.database).of_project(project)
    assert own == {"training.steps": "5"}, "what a person decided comes back with it"
    assert garden.projects.unlisted() == []
    garden.close()


def test_conversations_outlive_a_list_that_was_lost_and_begun_anew(home: Home) -> None:
    path = home.places.database
    before = ConversationTable(Database(path)).of_project(home.project)
    assert before and before[0].messages
    for copy in daily_copies_of(path):
        copy.unlink()
    assert copy_daily(path) is not None
    _remove(path)
    home.words("projects")  # which makes an empty list
    salvage(path)
    garden = open_garden(home.places)
    list(garden.orphans.repair())
    assert ConversationTable(garden.database).of_project(home.project) == before
    garden.close()


def test_trash_outlives_a_list_that_was_lost(home: Home) -> None:
    garden = open_garden(home.places)
    garden.projects.remove(garden.projects.find("web"))
    garden.close()
    for file in home.places.data.glob("garden.db*"):
        file.unlink()
    home.words("projects")
    garden = open_garden(home.places)
    list(garden.orphans.repair())
    assert [item.name for item in garden.projects.trashed()] == ["web"]
    assert garden.projects.restore("web").name == "web"
    garden.close()


def test_copies_are_daily_three_and_never_of_a_damaged_or_an_emptied_file(home: Home) -> None:
    path = home.places.database
    for copy in daily_copies_of(path):
        copy.unlink()
    first = copy_daily(path)
    assert first is not None and copy_daily(path) is None, "one a day"
    assert first.stat().st_mode & 0o077 == 0
    for day in range(1, COPIES + 2):
        older = daily_copies_of(path)[-1]
        os.utime(older, (older.stat().st_mtime - 2 * DAY_SECONDS,) * 2)
        older.rename(older.with_name(f"garden.db.copy-25010{day}-000000"))
        assert copy_daily(path)
    assert len(daily_copies_of(path)) == COPIES
    before = [copy.read_bytes() for copy in daily_copies_of(path)]
    for copy in daily_copies_of(path):
        os.utime(copy, (1.0, 1.0))
    with damaged(path, 0):
        assert copy_daily(path) is None
    whole = path.read_bytes()
    _remove(path)
    Database(path)
    assert copy_daily(path) is None
    path.write_bytes(whole)
    assert [copy.read_bytes() for copy in daily_copies_of(path)] == before


def test_a_list_that_another_process_has_open_is_not_taken_from_under_it(home: Home) -> None:
    path = home.places.database
    with damaged(path, 4), contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        with pytest.raises(GardenBusy):
            salvage(path)
        assert not list(path.parent.glob("garden.db.damaged-*"))


def test_what_a_person_decided_outlives_a_damaged_catalog(home: Home) -> None:
    garden = open_garden(home.places)
    project = garden.projects.find("web")
    garden.index.decide(project, ["web.py"], anyway=True)
    catalog = home.places.catalog(project.id)
    with contextlib.closing(sqlite3.connect(catalog)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'symbols'"
        ).fetchone()
    data = bytearray(catalog.read_bytes())
    data[(page - 1) * 4096 : page * 4096] = b"\xee" * 4096
    _remove(catalog)
    catalog.write_bytes(bytes(data))
    (part,) = (part for part in garden.projects.repair(project) if part.part == "catalog")
    assert "1 decisions to read a file anyway" in part.done
    assert list(catalog.parent.glob("catalog.db.damaged-*")), "the damaged one is kept"
    assert garden.index.files(project) == []
    garden.close()
