"""Conversations keep every message, also with several writers."""

import multiprocessing
import time
from pathlib import Path

import pytest

from gardener_core.errors import ChatMissing, ProjectMissing
from gardener_core.store.database import Database
from gardener_core.store.garden.chats.conversations import (
    KEPT_SECONDS,
    ConversationTable,
    title_of,
)
from gardener_core.store.garden.chats.messages import MessageTable
from gardener_core.store.garden.chats.views import ChatView, ChatViewTable

WRITERS, EACH = 4, 25


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(tmp_path / "garden.db")
    with database.writing() as connection:
        connection.executemany(
            "INSERT INTO projects (id, name, path, created) VALUES (?, ?, ?, 1)",
            [("p", "a", "b"), ("q", "c", "d")],
        )
    return database


@pytest.fixture
def table(database: Database) -> ConversationTable:
    return ConversationTable(database)


@pytest.fixture
def messages(database: Database) -> MessageTable:
    return MessageTable(database)


def test_a_conversation_is_listed_from_its_beginning(
    table: ConversationTable, messages: MessageTable
) -> None:
    chat = table.begin("p", "tokens")
    asked = messages.add(chat.id, None, "user", "where?")
    answered = messages.add(chat.id, asked.number, "assistant", "there")
    assert messages.all(chat.id) == [asked, answered]
    assert (table.get(chat.id).messages, table.get(chat.id).updated) == (2, answered.created)
    assert messages.newest_answer(chat.id) == answered.number


def test_two_that_go_on_from_one_message_are_branches(
    table: ConversationTable, messages: MessageTable
) -> None:
    chat = table.begin("p", "tokens")
    first = messages.add(chat.id, None, "user", "where?")
    one = messages.add(chat.id, first.number, "assistant", "here")
    other = messages.add(chat.id, first.number, "assistant", "there")
    assert messages.branch(chat.id, other.number, 9) == [first, other]
    assert messages.branch(chat.id, one.number, 9) == [first, one]
    assert messages.branch(chat.id, one.number, 1) == [one]


def test_the_one_that_went_on_last_comes_first(
    table: ConversationTable, messages: MessageTable
) -> None:
    old, new, other = table.begin("p", "old"), table.begin("p", "new"), table.begin("q", "other")
    assert [chat.id for chat in table.of_project("p")] == [new.id, old.id]
    messages.add(old.id, None, "user", "once more")
    assert [chat.title for chat in table.of_project("p")] == ["old", "new"]
    assert [chat.id for chat in table.all()] == [old.id, other.id, new.id]
    table.rename(new.id, "newer")
    assert table.get(new.id).title == "newer"


def test_a_removed_one_comes_back_for_a_week_and_is_gone_after_it(
    table: ConversationTable, messages: MessageTable
) -> None:
    chat = table.begin("p", "tokens")
    said = messages.add(chat.id, None, "user", "where?")
    table.remove(chat.id)
    for act in (table.get, table.remove, lambda name: table.rename(name, "x")):
        with pytest.raises(ChatMissing):
            act(chat.id)
    with pytest.raises(ChatMissing):
        messages.add(chat.id, None, "user", "x")
    assert table.of_project("p") == [] and [one.id for one in table.removed()] == [chat.id]
    table.delete_expired(time.time())
    assert table.restore(chat.id).title == "tokens" and messages.all(chat.id) == [said]
    table.remove(chat.id)
    table.delete_expired(time.time() + KEPT_SECONDS + 1)
    assert messages.all(chat.id) == [] and table.removed() == []
    with pytest.raises(ChatMissing):
        table.restore(chat.id)


def test_what_is_gone_is_said(table: ConversationTable, messages: MessageTable) -> None:
    chat, other = table.begin("p", "tokens"), table.begin("p", "others")
    elsewhere = messages.add(other.id, None, "user", "x")
    with pytest.raises(ChatMissing):
        messages.add(chat.id, elsewhere.number, "user", "from another conversation")
    with pytest.raises(ChatMissing):
        messages.ask("q", chat.id, None, "from another project", "{}", "w")
    with pytest.raises(ProjectMissing):
        table.begin("gone", "x")


def test_a_question_begins_a_conversation_and_its_answer_grows(
    table: ConversationTable, messages: MessageTable
) -> None:
    stored = messages.ask("p", "", None, "Where is it?\nAnd why?", "{}", "me")
    assert table.get(stored.chat).title == "Where is it?"
    assert messages.being_written() == [(stored.answer, "me")]
    messages.claim(stored.answer, "engine")
    for piece in ("In ", "the cellar."):
        messages.append(stored.answer, piece)
    half = messages.get(stored.answer)
    assert (half.text, half.state, half.writer) == ("In the cellar.", "writing", "engine")
    messages.finish(stored.answer, "whole", '{"a": 1}', "In the cellar!")
    whole = messages.get(stored.answer)
    assert (whole.text, whole.state, whole.details) == ("In the cellar!", "whole", '{"a": 1}')
    messages.break_off(stored.answer)
    assert messages.get(stored.answer).state == "whole", "what is ended stays as it ended"
    with pytest.raises(ChatMissing):
        messages.append(stored.answer, "late")


def test_a_title_is_the_first_line_cut_at_a_word() -> None:
    assert title_of("\n  where is \x20 it?\nmore") == "where is it?"
    long = title_of("word " * 40)
    assert len(long) <= 70 and long.endswith("word…")
    assert title_of(" \n") == "Untitled"


def test_draft_and_branch_are_kept_apart_and_with_the_project(database: Database) -> None:
    views = ChatViewTable(database)
    assert views.get("p") == ChatView()
    views.keep_draft("p", "how does")
    views.keep_chat("p", "c", [3, 5])
    assert views.get("p") == ChatView("c", (3, 5), "how does")
    assert views.get("q") == ChatView()
    with pytest.raises(ProjectMissing):
        views.keep_draft("gone", "x")


def write(path: Path, chat: str) -> None:
    messages = MessageTable(Database(path))
    for _ in range(EACH):
        last = messages.newest_answer(chat)
        messages.add(chat, last, "assistant", "again")


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
