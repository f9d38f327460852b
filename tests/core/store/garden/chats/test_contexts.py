"""What was searched in a project is kept until the project goes."""

from pathlib import Path

import pytest

from gardener_core.store.database import Database
from gardener_core.store.garden.chats.contexts import ContextTable, ContextView


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(tmp_path / "garden.db")
    with database.writing() as connection:
        connection.execute("INSERT INTO projects (id, name, path, created) VALUES ('p','a','b',1)")
    return database


def test_the_last_one_is_kept(database: Database) -> None:
    table = ContextTable(database)
    assert table.get("p") == ContextView()
    for view in (ContextView("one"), ContextView("two", "tests", "files", "sess")):
        table.keep("p", view)
        assert table.get("p") == view
    table.keep("gone", ContextView("x"))
    assert table.get("gone") == ContextView()


@pytest.mark.parametrize("text", ["{", "[]", '{"scope": "moon"}', '{"query": 3}'])
def test_what_cannot_be_read_is_nothing(database: Database, text: str) -> None:
    with database.writing() as connection:
        connection.execute("INSERT INTO context_views VALUES ('p', ?)", (text,))
    assert ContextTable(database).get("p") == ContextView()
