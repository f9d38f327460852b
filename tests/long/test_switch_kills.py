"""A screen or an engine that is killed in the middle of a switch leaves every project whole."""

import os
import random
import select
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.engines import running_engine
from support.processes import NEVER, children_of, is_running, until
from support.real_models import STARTER, real_model
from support.switched import (
    CLOSE,
    NAMES,
    Place,
    alike,
    complete,
    three_projects,
    turn,
    with_fingerprints,
)
from support.terminal import Terminal

from gardener_core.events.answer import Placed
from gardener_core.garden.chats.conversations import ChatPlace
from gardener_core.garden.chats.options import AskOptions
from gardener_core.garden.door import Garden, open_garden
from gardener_core.store.garden.chats.views import ChatView
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.system.places import Places

pytestmark = pytest.mark.long
SCREEN = "from gardener_tui.cli import main; main()"
KILLS, LONGEST_SECONDS, SEED = 12, 1.5, 15
ENGINE_KILLS, LONGEST_TURN_SECONDS = 12, 0.4


@dataclass
class Kept:
    """What of each project has to be there after every kill."""

    garden: Garden
    places: list[Place]
    views: dict[str, ChatView]
    messages: dict[str, int]

    def draft(self, place: Place, text: str) -> None:
        """Keep what stands in a project's prompt."""
        project = self.garden.projects.find(place.root.name)
        self.garden.conversations.keep_draft(project, text)
        self.views[place.id] = self.garden.conversations.view(project)

    def check(self) -> None:
        """Nothing is lost, and nothing has gone to another project."""
        assert self.garden.database.problem() == ""
        for place in self.places:
            project = self.garden.projects.find(place.root.name)
            assert project.adapter == "v1"
            view = self.garden.conversations.view(project)
            assert (view.chat, view.path, view.draft) == (
                self.views[place.id].chat,
                self.views[place.id].path,
                self.views[place.id].draft,
            )
            chats = self.garden.conversations.all(project)
            assert {chat.id: chat.messages for chat in chats} == {
                view.chat: self.messages[view.chat]
            }
            (entry,) = self.garden.conversations.read(view.chat).path
            assert entry.text == f"where is {place.word}" and entry.ended == "whole"


@pytest.fixture
def kept(places: Places, tmp_path: Path) -> Iterator[Kept]:
    garden = open_garden(places)
    base = garden.models.add(real_model(STARTER), "starter")
    made = three_projects(places, base, tmp_path / "code")
    views, messages = {}, {}
    for place in made:
        ProjectTable(garden.database).use_adapter(place.id, "v1", base.name)
        project = garden.projects.find(place.root.name)
        options = AskOptions(explain=False, place=ChatPlace())
        placed, *_ = garden.chats.ask(project, f"where is {place.word}", options)
        assert isinstance(placed, Placed)
        for _ in garden.chats.ask(project, "x"):
            pass
        conversations = garden.conversations
        conversations.keep_view(project, placed.chat, [placed.answer])
        conversations.keep_draft(project, f"draft of {place.root.name}")
        views[place.id] = conversations.view(project)
        messages[placed.chat] = conversations.get(placed.chat).messages
    yield Kept(garden, made, views, messages)
    garden.close()


def whole(screen: Terminal, place: Place, draft: str) -> None:
    """One project is shown, all of it, and none of the others."""
    text = screen.see(f"gardener  {place.root.name}", f"where is {place.word}", draft)
    others = [name for name in NAMES if name != place.root.name]
    assert not any(f"{name}_token" in text or f"draft of {name}" in text for name in others), text


def engine_of(screen: Terminal) -> int:
    """The engine's process; 0 before it was started."""
    return max(children_of(screen.pid, b"gardener_core.engine"), default=0)


def read_for(screen: Terminal, seconds: float) -> None:
    """Take what comes until a drawn moment."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([screen], [], [], left)[0]:
            screen.wait_until_quiet(0)


def test_kills_in_the_middle_of_a_switch(
    kept: Kept, keep: Callable[[str, list[str]], None]
) -> None:
    draw = random.Random(SEED)
    amber, birch, _ = kept.places
    killed = {"screen": 0, "engine": 0}
    for number in range(KILLS):
        kept.draft(amber, f"draft of amber {number}")
        screen = Terminal(SCREEN)
        whole(screen, amber, f"draft of amber {number}")
        if number % 2:  # the first switch starts the engine
            screen.press("1j")
            whole(screen, birch, "draft of birch")
            while not engine_of(screen):
                read_for(screen, 0.05)
            screen.press("k")
            whole(screen, amber, f"draft of amber {number}")
        screen.press("1j")
        read_for(screen, draw.random() * LONGEST_SECONDS)
        engine = engine_of(screen)
        if number % 2:
            killed["engine"] += 1
            os.kill(engine, signal.SIGKILL)
            whole(screen, birch, "draft of birch")
            screen.press("k")
            whole(screen, amber, f"draft of amber {number}")
        else:
            killed["screen"] += 1
        screen.signal(signal.SIGKILL)
        screen.wait()
        last = engine_of(screen) or engine
        until(lambda: not last or not is_running(last), "the end of the engine")  # noqa: B023
        kept.check()
    assert killed["screen"] == killed["engine"] == KILLS // 2
    keep(
        "Kills in the middle of a switch",
        [
            f"{killed['screen']} screens and {killed['engine']} engines killed at random moments: "
            "every project whole, with its own conversation and draft, nothing mixed."
        ],
    )


def test_an_engine_killed_while_it_turns_to_a_project_turns_to_it_whole(
    places: Places, tmp_path: Path, keep: Callable[[str, list[str]], None]
) -> None:
    """The engine is started again, and has neither half a file nor what another project read."""
    garden = open_garden(places)
    base = garden.models.add(real_model(STARTER), "starter")
    made = three_projects(places, base, tmp_path / "code")
    garden.close()
    draw, hit = random.Random(SEED), 0
    with running_engine(places) as engine:
        projects = with_fingerprints(engine, base, made)
        for number in range(ENGINE_KILLS):
            place = projects[number % len(projects)]
            process = engine.process_id
            with ThreadPoolExecutor(1) as pool:
                turning = pool.submit(turn, engine, base, place)
                NEVER.wait(draw.random() * LONGEST_TURN_SECONDS)
                hit += not turning.done()
                os.kill(process, signal.SIGKILL)
                turning.result()
            until(lambda: not is_running(process), "the killed engine")  # noqa: B023
            told = turn(engine, base, place)
            assert (told.adapter, told.without) == ("v1", ""), (number, told)
            done = complete(engine, base, place)
            assert done.text == place.text and alike(done.top, place.answer_top, CLOSE), number
    assert hit > ENGINE_KILLS // 4
    keep(
        "Engines killed while they turn to a project",
        [
            f"{hit} of {ENGINE_KILLS} kills came before the turn was over; each project answered "
            "afterwards as its adapter does alone."
        ],
    )
