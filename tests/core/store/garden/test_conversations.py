"""Conversations keep every message, also with several writers."""

import multiprocessing
from pathlib import Path

import pytest

from gardener_core.errors import ChatMissing, ProjectMissing
from gardener_core.store.database import Database
from gardener_core.store.garden.conversations import ConversationTable

WRITERS, EACH = 4, 25


@pytest.fixture
def table(tmp_path: Path) -> ConversationTable:
    database = Database(tmp_path / "garden.db")
    with database.writing() as connection:
        connection.execute(
            "INSERT INTO projects (id, name, path, created) VALUES ('p', 'a', 'b', 1)"
        )
    return ConversationTable(database)


def test_a_conversation_is_listed_from_its_beginning(table: ConversationTable) -> None:
    chat = table.begin("p", "tokens")
    asked = table.add(chat.id, None, "person", "where?")
    answered = table.add(chat.id, asked.number, "gardener", "there")
    assert table.messages(chat.id) == [asked, answered]
    assert (table.get(chat.id).messages, table.get(chat.id).updated) == (2, answered.created)


def test_two_that_go_on_from_one_message_are_branches(table: ConversationTable) -> None:
    chat = table.begin("p", "tokens")
    first = table.add(chat.id, None, "person", "where?")
    one = table.add(chat.id, first.number, "gardener", "here")
    other = table.add(chat.id, first.number, "gardener", "there")
    assert table.messages(chat.id) == [first, other]
    assert table.messages(chat.id, one.number) == [first, one]


def test_the_one_that_went_on_last_comes_first(table: ConversationTable) -> None:
    old, new = table.begin("p", "old"), table.begin("p", "new")
    assert [chat.id for chat in table.of_project("p")] == [new.id, old.id]
    table.add(old.id, None, "person", "once more")
    assert [chat.title for chat in table.of_project("p")] == ["old", "new"]
    table.rename(new.id, "other")
    assert table.get(new.id).title == "other"


def test_what_is_gone_is_said(table: ConversationTable) -> None:
    chat, other = table.begin("p", "tokens"), table.begin("p", "others")
    elsewhere = table.add(other.id, None, "person", "x")
    with pytest.raises(ChatMissing):
        table.add(chat.id, elsewhere.number, "person", "from another conversation")
    table.add(chat.id, None, "person", "where?")
    table.remove(chat.id)
    assert table.messages(chat.id) == []
    for act in (table.get, table.remove, lambda name: table.rename(name, "x")):
        with pytest.raises(ChatMissing):
            act(chat.id)
    with pytest.raises(ChatMissing):
        table.add(chat.id, None, "person", "x")
    with pytest.raises(ProjectMissing):
        table.begin("gone", "x")


def write(path: Path, chat: str) -> None:
    table = ConversationTable(Database(path))
    for _ in range(EACH):
        at = table.messages(chat)
        table.add(chat, at[-1].number if at else None, "person", "again")


def test_four_processes_write_at_once_and_lose_nothing(
    table: ConversationTable, tmp_path: Path
) -> None:
    chat = table.begin("p", "busy")
    context = multiprocessing.get_context("spawn")
    writers = [
        context.Process(target=write, args=(tmp_path / "garden.db", chat.id))
        for _ in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    assert table.get(chat.id).messages == WRITERS * EACH
