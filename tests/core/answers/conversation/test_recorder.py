"""An answer is stored before anybody is told of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.explained import WORDS, answered, card, explained

from gardener_core.answers.conversation.recorder import Recorder
from gardener_core.answers.conversation.stored import entries_of, question_details
from gardener_core.answers.conversation.tree import Entry
from gardener_core.errors import ChatMissing, EngineLost
from gardener_core.events.answer import Answered, Completed, Token
from gardener_core.events.union import Event
from gardener_core.store.database import Database
from gardener_core.store.garden.chats.messages import MessageTable
from gardener_core.store.garden.chats.recovery import recover_chats
from gardener_core.store.garden.chats.writers import Writer, is_writing
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.system.places import Places


class Kept:
    """A conversation with one question, and what is stored of it."""

    def __init__(self, folder: Path) -> None:
        self.places = Places(config=folder / "config", data=folder / "data")
        self.database = Database(self.places.database)
        ProjectTable(self.database).insert("web", folder, "p")
        self.messages = MessageTable(self.database)
        self.recorder = Recorder(self.messages, Writer(self.places))
        self.ask(Entry(0, None, "How does it rotate?", model="coder", thorough=True))

    def ask(self, entry: Entry) -> None:
        self.stored = self.messages.ask(
            "p", "", None, entry.text, question_details(entry), Writer(self.places).name
        )

    def record(self, events: list[Event], stop_at: int = 99) -> Iterator[Event]:
        taken: list[Event] = []

        def script() -> Iterator[Event]:
            for event in events:
                taken.append(event)
                if isinstance(event, EngineLost):
                    raise event
                yield event

        return self.recorder.record(self.stored.answer, script(), lambda: len(taken) > stop_at)

    def entry(self) -> Entry:
        messages = self.messages.all(self.stored.chat)
        (entry,) = entries_of(messages, lambda name: is_writing(self.places, name))
        return entry


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_each_piece_is_stored_before_it_is_told(kept: Kept) -> None:
    told = ""
    for event in kept.record(explained()):
        if isinstance(event, Token):
            told += event.text
        if not isinstance(event, Answered):
            assert kept.entry().words == told and kept.entry().ended == ""
    assert told == WORDS and kept.entry().ended == "whole"


def test_what_came_back_is_read_as_it_was(kept: Kept) -> None:
    events = list(kept.record(explained()))
    entry = kept.entry()
    assert [entry.retrieved, entry.card, entry.prompted] == events[:3]
    assert entry.answered == events[-1] and entry.words == WORDS
    assert (entry.text, entry.model, entry.thorough) == ("How does it rotate?", "coder", True)
    assert entry.number == entry.kept == kept.stored.answer and entry.parent is None


def test_a_card_alone_has_no_words_and_its_text_is_searched(kept: Kept) -> None:
    list(kept.record([card(), answered("where: x.py:1", model="", backend="card")]))
    assert kept.entry().words == "" and kept.entry().answer == "where: x.py:1"


def test_code_that_is_continued_is_kept_too(kept: Kept) -> None:
    kept.ask(Entry(0, None, "def f(", "code", adapter=False))
    done = Completed("x):", "", 2, 0.1, "coder")
    list(kept.record([Token("x"), Token("):"), done]))
    entry = kept.entry()
    assert (entry.kind, entry.adapter, entry.words, entry.completed) == ("code", False, "x):", done)


def test_a_stopped_answer_and_a_failed_one_say_so(kept: Kept) -> None:
    list(kept.record([Token("It "), answered("It ")], stop_at=1))
    assert (kept.entry().ended, kept.entry().words) == ("stopped", "It ")
    kept.ask(Entry(0, None, "again?"))
    failing: list[Event] = [Token("It "), EngineLost("It was killed.")]  # type: ignore[list-item]
    with pytest.raises(EngineLost):
        list(kept.record(failing))
    entry = kept.entry()
    assert (entry.ended, entry.problem, entry.words) == ("failed", "It was killed.", "It ")


def test_an_answer_that_nobody_writes_is_broken_off_never_whole(kept: Kept) -> None:
    events = kept.record(explained())
    for _ in range(6):
        next(events)
    assert kept.entry().ended == ""
    events.close()  # type: ignore[attr-defined]
    assert kept.entry().ended == "broken" and WORDS.startswith(kept.entry().words)


def test_the_answer_of_a_dead_writer_is_read_as_broken_off_and_then_searched(kept: Kept) -> None:
    with kept.database.writing() as connection:
        connection.execute("UPDATE messages SET writer = 'gone', text = 'half' WHERE parent > 0")
    assert kept.entry().ended == "broken"
    assert kept.messages.get(kept.stored.answer).state == "writing", "reading never writes"
    recover_chats(kept.places, kept.database)
    assert kept.messages.get(kept.stored.answer).state == "broken"


def test_a_living_writer_is_left_alone_and_the_files_of_dead_ones_go(kept: Kept) -> None:
    (kept.places.writers / "dead").touch()
    recover_chats(kept.places, kept.database)
    assert kept.entry().ended == ""
    assert not (kept.places.writers / "dead").exists()


def test_without_a_place_nothing_is_stored_and_in_one_that_is_gone_nothing_is_told(
    kept: Kept,
) -> None:
    script: list[Event] = [Token("It ")]
    assert list(kept.recorder.record(0, iter(script), lambda: False)) == script
    assert kept.entry().words == ""
    with pytest.raises(ChatMissing):
        list(kept.recorder.record(10**6, iter(script), lambda: False))
