"""What was said is found by its words, over all projects."""

import time
from pathlib import Path

import pytest

from gardener_core.errors import BadInput
from gardener_core.store.database import Database
from gardener_core.store.garden.chats.conversations import ConversationTable
from gardener_core.store.garden.chats.messages import MessageTable
from gardener_core.store.garden.chats.search import search_messages
from gardener_core.store.garden.projects import ProjectTable

MANY, FEW_MS = 100_000, 100


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(tmp_path / "garden.db")
    for name in ("web", "api"):
        ProjectTable(database).insert(name, tmp_path / name, name)
    return database


def texts(database: Database, query: str) -> list[str]:
    return [match.excerpt for match in search_messages(database, query, 10)]


def test_words_are_found_in_every_project_and_the_newest_first(database: Database) -> None:
    table, messages = ConversationTable(database), MessageTable(database)
    for project in ("web", "api"):
        chat = table.begin(project, f"of {project}")
        messages.add(chat.id, None, "user", f"Where is refresh_token used in {project}?")
    found = search_messages(database, "refresh_token", 10)
    assert [(match.project_name, match.title) for match in found] == [
        ("api", "of api"),
        ("web", "of web"),
    ]
    assert texts(database, "where WEB") == ["Where is refresh_token used in web?"]
    assert texts(database, "refr") and not texts(database, "refresh gone")
    table.remove(found[0].chat)
    ProjectTable(database).remove("web")
    assert texts(database, "refresh_token") == []


def test_an_answer_is_found_once_it_is_ended_and_no_more_when_it_is_gone(
    database: Database,
) -> None:
    table, messages = ConversationTable(database), MessageTable(database)
    stored = messages.ask("web", "", None, "where?", "{}", "me")
    messages.append(stored.answer, "in the cell")
    assert texts(database, "cellar") == texts(database, "cell") == []
    messages.append(stored.answer, "ar")
    messages.break_off(stored.answer)
    assert texts(database, "cellar") == ["in the cellar"]
    table.remove(stored.chat)
    table.delete_expired(time.time() + 10**7)
    with database.writing() as connection:
        # Raises where the words are not those of the messages.
        connection.execute(
            "INSERT INTO message_words (message_words, rank) VALUES ('integrity-check', 1)"
        )
    assert texts(database, "cellar") == []


@pytest.mark.parametrize("query", ["", '"', "* ( - :", "\x00"])
def test_a_search_without_a_word_is_refused(database: Database, query: str) -> None:
    with pytest.raises(BadInput):
        search_messages(database, query, 10)


@pytest.mark.parametrize("query", ['"a', "a OR", "text: a", "NEAR(a b)", "a^2", "-a", "(a"])
def test_no_query_is_a_language(database: Database, query: str) -> None:
    chat = ConversationTable(database).begin("web", "x")
    MessageTable(database).add(chat.id, None, "user", query)
    assert texts(database, query) == [query]


def test_a_hundred_thousand_messages_are_searched_in_a_tenth_of_a_second(
    database: Database,
) -> None:
    chat = ConversationTable(database).begin("web", "x")
    said = "the token of message {} is refreshed by the session before it expires {}"
    with database.writing() as connection:
        connection.executemany(
            "INSERT INTO messages (conversation, role, text, created) VALUES (?, 'user', ?, 1.0)",
            ((chat.id, said.format(number, number % 97)) for number in range(MANY)),
        )
    for query in ("token", "the token refreshed", "message 4711", "expires 13", "nowhere", "t"):
        times = []
        for _ in range(5):
            started = time.process_time()
            search_messages(database, query, 50)
            times.append(1000 * (time.process_time() - started))
        print(query, [round(one, 1) for one in times])
        assert sorted(times)[2] < FEW_MS, query
