"""Two screens in one conversation: what one removes, the other may go on in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gardener_core.answers.conversation.tree import Entry
from gardener_core.answers.requests import AskRequest
from gardener_core.engine.client import Engine, never
from gardener_core.engine.protocol import Request
from gardener_core.errors import ChatMissing
from gardener_core.events.answer import Placed
from gardener_core.events.run import Noted
from gardener_core.events.union import Event
from gardener_core.garden.chats.conversations import ChatPlace, Conversations
from gardener_core.store.database import Database
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.system.places import Places


class Silent(Engine):
    """An engine that says nothing; the question is stored before it is asked."""

    def answer(self, request: Request, cancelled: Callable[[], bool] = never) -> Iterator[Event]:
        yield from ()


class Screens:
    """Two doors to one garden with two projects."""

    def __init__(self, folder: Path) -> None:
        places = Places(config=folder / "config", data=folder / "data")
        database = Database(places.database)
        table = ProjectTable(database)
        self.project, self.other = (
            table.insert(name, folder / name, f"{number:012x}")
            for number, name in enumerate(("one", "two"))
        )
        self.first, self.second = (
            Conversations(places, database, Silent(places)) for _ in range(2)
        )

    def ask(self, screen: Conversations, text: str, place: ChatPlace) -> list[Event]:
        return self.ask_about(self.project, screen, text, place)

    def ask_about(
        self, project: Project, screen: Conversations, text: str, place: ChatPlace
    ) -> list[Event]:
        request = AskRequest(project.id, text, 5)
        return list(screen.answer(project, place, Entry(0, None, text), request))


@pytest.fixture
def screens(tmp_path: Path) -> Screens:
    return Screens(tmp_path)


def placed(events: list[Event]) -> Placed:
    return next(event for event in events if isinstance(event, Placed))


def test_both_ask_after_the_same_answer_and_both_are_kept(screens: Screens) -> None:
    first = placed(screens.ask(screens.first, "where", ChatPlace()))
    after = ChatPlace(first.chat, first.answer)
    one = placed(screens.ask(screens.first, "who calls it", after))
    other = placed(screens.ask(screens.second, "what does it do", after))
    talk = screens.first.read(first.chat)
    assert talk.branches(one.answer) == [one.answer, other.answer]
    assert {talk.get(n).text for n in (one.answer, other.answer)} == {
        "who calls it",
        "what does it do",
    }


def test_who_goes_on_in_a_removed_conversation_brings_it_back(screens: Screens) -> None:
    first = placed(screens.ask(screens.first, "where", ChatPlace()))
    screens.second.remove(first.chat)
    assert not screens.first.all()
    events = screens.ask(screens.first, "who calls it", ChatPlace(first.chat, first.answer))
    assert any(isinstance(event, Noted) and "it is back" in event.text for event in events)
    assert placed(events).chat == first.chat
    assert [entry.text for entry in screens.second.read(first.chat).path] == [
        "where",
        "who calls it",
    ]


def test_a_conversation_of_another_project_or_of_nobody_stays_away(screens: Screens) -> None:
    first = placed(screens.ask(screens.first, "where", ChatPlace()))
    screens.second.remove(first.chat)
    with pytest.raises(ChatMissing):
        screens.ask_about(screens.other, screens.first, "x", ChatPlace(first.chat, first.answer))
    with pytest.raises(ChatMissing):
        screens.ask(screens.first, "x", ChatPlace("261129-00000000", 1))
    assert not screens.first.all()
