"""What was told of an answer outlives the engine and the screen."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.answer_kills import (
    PREFIX,
    check,
    ended,
    kill_again_and_again,
    kill_engine,
    kill_screen,
)
from support.processes import is_running, until
from support.served import place_adapters, place_base

from gardener_core.errors import EngineLost
from gardener_core.events.answer import Completed, Placed, Token
from gardener_core.garden.chats.conversations import ChatPlace
from gardener_core.garden.door import Garden, open_garden
from gardener_core.system.places import Places

NAME = "shop"


@pytest.fixture
def garden(
    grown, trained, base_gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Garden]:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path))
    places = Places.of_user()
    place_base(places, grown, base_gguf)
    place_adapters(places, "p", tmp_path / NAME, (trained.adapter, trained.gguf), 0)
    garden = open_garden(places)
    yield garden
    garden.close()


def test_a_killed_engine_loses_no_token_that_was_told(garden: Garden) -> None:
    told = kill_engine(garden, NAME, ChatPlace(), 9)
    (chat,) = garden.conversations.all()
    (entry,) = ended(garden, chat.id)
    assert told.text and entry.ended == "broken"
    check(entry, told)


def test_the_answer_of_a_killed_screen_is_there_in_the_next_one(
    garden: Garden, tmp_path: Path
) -> None:
    told = kill_screen(tmp_path, NAME, ChatPlace(), 2)
    with_next = open_garden(Places.of_user())
    (chat,) = with_next.conversations.all()
    (entry,) = ended(with_next, chat.id)
    with_next.close()
    assert told.text and chat.title == PREFIX
    check(entry, told)


def test_two_screens_in_one_conversation_make_branches(garden: Garden) -> None:
    project, other = garden.projects.find(NAME), open_garden(Places.of_user())
    first = list(garden.chats.completion(project, PREFIX, tokens=2, place=ChatPlace()))
    placed = first[0]
    assert isinstance(placed, Placed) and isinstance(first[-1], Completed)
    after = ChatPlace(placed.chat, placed.answer)
    answers = [
        door.chats.completion(project, f"x{number} = ", tokens=4, place=after)
        for number, door in enumerate((garden, other))
    ]
    ones, others = iter(answers[0]), iter(answers[1])
    next(ones), next(others)  # both are asked before one is answered
    ended = [list(ones)[-1], list(others)[-1]]
    other.close()
    talk = garden.conversations.read(placed.chat)
    beside = talk.branches(talk.path[-1].number)
    assert [talk.get(number).text for number in beside] == ["x0 = ", "x1 = "]
    assert [talk.get(number).completed for number in beside] == ended


@pytest.mark.long
def test_a_question_is_kept_where_its_engine_never_answers(garden: Garden) -> None:
    project = garden.projects.find(NAME)
    list(garden.chats.completion(project, PREFIX, tokens=1))
    engine = garden.engine.process_id
    os.kill(engine, signal.SIGSTOP)
    answer = garden.chats.completion(project, "y = ", tokens=9, place=ChatPlace())
    placed = next(iter(answer))
    assert isinstance(placed, Placed)
    assert garden.conversations.read(placed.chat).path[0].ended == ""
    os.kill(engine, signal.SIGKILL)
    until(lambda: not is_running(engine), "the killed engine")
    events = list(answer)  # a new engine answers it
    assert isinstance(events[-1], Completed)
    assert garden.conversations.read(placed.chat).path[0].ended == "whole"


def test_what_was_kept_goes_along_with_the_next_question(garden: Garden) -> None:
    project = garden.projects.find(NAME)
    assert garden.conversations.place(project, "last") == ChatPlace()
    list(garden.chats.completion(project, PREFIX, tokens=3, place=ChatPlace()))
    place = garden.conversations.place(project, "last")
    tokens = [
        event.text
        for event in garden.chats.completion(project, "z = ", tokens=3, place=place)
        if isinstance(event, Token)
    ]
    talk = garden.conversations.read(place.chat)
    assert [entry.text for entry in talk.path] == [PREFIX, "z = "]
    assert "".join(tokens).startswith(talk.path[1].words)
    assert garden.conversations.before(place) == (), "code is no exchange"


def test_an_engine_that_dies_is_told_as_such(garden: Garden) -> None:
    project = garden.projects.find(NAME)
    with pytest.raises(EngineLost):
        for event in garden.chats.completion(project, PREFIX, tokens=400, place=ChatPlace()):
            if isinstance(event, Token):
                os.kill(garden.engine.process_id, signal.SIGKILL)


@pytest.mark.parametrize("kills", [2, pytest.param(100, marks=pytest.mark.long)])
def test_a_conversation_killed_at_random_moments_loses_nothing_that_was_told(
    garden: Garden, tmp_path: Path, kills: int
) -> None:
    hit = kill_again_and_again(garden, tmp_path, NAME, kills, seed=7)
    assert hit >= kills // 3  # a quick machine may have answered before the kill
