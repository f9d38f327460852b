"""A summary is stored, edited and gone with its conversation."""

from pathlib import Path

import pytest

from gardener_core.errors import ChatMissing
from gardener_core.store.database import Database
from gardener_core.store.garden.chats.conversations import KEPT_SECONDS, ConversationTable
from gardener_core.store.garden.chats.messages import MessageTable
from gardener_core.store.garden.chats.summaries import Summary, SummaryTable, maker_of


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(tmp_path / "garden.db")
    with database.writing() as connection:
        connection.execute("INSERT INTO projects (id, name, path, created) VALUES ('p','a','b',1)")
    return database


def answered(database: Database) -> tuple[str, int]:
    chat = ConversationTable(database).begin("p", "tokens").id
    messages = MessageTable(database)
    question = messages.add(chat, None, "user", "where?")
    return chat, messages.add(chat, question.number, "assistant", "there").number


def texts(database: Database, chat: str) -> list[tuple[str, str]]:
    return [(one.text, maker_of(one)) for one in SummaryTable(database).of_chat(chat).values()]


def test_a_model_replaces_first_sentences_and_nobody_replaces_a_person(database: Database) -> None:
    chat, answer = answered(database)
    table = SummaryTable(database)
    assert table.keep(Summary(answer, "where? there", "sentences"))
    assert table.keep(Summary(answer, "It is there.", "model", "coder"))
    assert not table.keep(Summary(answer, "where? there", "sentences"))
    assert texts(database, chat) == [("It is there.", "coder")]
    table.edit(chat, answer, "In the cellar.")
    assert not table.keep(Summary(answer, "It is there.", "model", "coder"))
    assert texts(database, chat) == [("In the cellar.", "you")]
    table.delete(chat, answer)
    assert table.keep(Summary(answer, "where? there", "sentences"))
    assert texts(database, chat) == [("where? there", "first sentences")]


def test_only_an_answer_of_this_conversation_has_one(database: Database) -> None:
    chat, answer = answered(database)
    other, _ = answered(database)
    table = SummaryTable(database)
    for number, of in ((answer, other), (answer - 1, chat), (999, chat)):
        with pytest.raises(ChatMissing):
            table.edit(of, number, "x")
    assert not table.keep(Summary(999, "x", "model"))
    table.keep(Summary(answer, "kept", "model", "coder"))
    table.delete(other, answer)
    assert texts(database, chat) == [("kept", "coder")]


def test_it_goes_with_its_conversation(database: Database) -> None:
    chat, answer = answered(database)
    SummaryTable(database).edit(chat, answer, "In the cellar.")
    chats = ConversationTable(database)
    chats.remove(chat)
    chats.restore(chat)
    assert texts(database, chat) == [("In the cellar.", "you")]
    chats.remove(chat)
    chats.delete_expired(chats.removed()[0].created + 2 * KEPT_SECONDS)
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM summaries").fetchone()[0] == 0
