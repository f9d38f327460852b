"""A chat is scrolled to where it was left, and a message that was found is gone to."""

from pathlib import Path

import pytest
from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import see, until

from gardener_core.engine.client import Engine
from gardener_core.garden.chats.conversations import Conversations
from gardener_core.store.database import Database
from gardener_core.store.garden.chats.messages import MessageTable
from gardener_core.store.garden.chats.views import END
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.system.places import Places
from gardener_tui.app import GardenerApp
from gardener_tui.panes.chat.shelf import MOST_MOUNTED
from gardener_tui.panes.chat.transcript import Transcript

SIZE = (120, 40)
NAMES = ("acme", "beta", "cat", "dog", "elk", "fox")


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Conversations, MessageTable, str]:
    """Eight long exchanges about acme, the first question with a second answer."""
    places = Places(config=tmp_path / "config", data=tmp_path / "data")
    database = Database(places.database)
    for name in NAMES:
        ProjectTable(database).insert(name, Path("/code") / name, f"id-{name}")
    messages = MessageTable(database)
    path: list[int] = []
    chat = ""
    for number in range(8):
        after = path[-1] if path else None
        stored = messages.ask("id-acme", chat, after, f"question {number}", "{}", "w")
        word = "quokka" if number == 2 else "of"
        text = "\n\n".join(f"line {line} {word} answer {number}" for line in range(12))
        messages.finish(stored.answer, "whole", "{}", text)
        path, chat = [*path, stored.answer], stored.chat
    other = messages.ask("id-acme", chat, None, "question 0 otherwise", "{}", "w")
    messages.finish(other.answer, "whole", "{}", "the zebra is elsewhere")
    conversations = Conversations(places, database, Engine(places))
    conversations.keep_view(a_project("acme"), chat, path)
    return conversations, messages, chat


def garden(kept: tuple[Conversations, MessageTable, str]) -> ScriptedGarden:
    made = ScriptedGarden(*(a_project(name) for name in NAMES))
    made.conversations = kept[0]
    return made


def transcript(app: GardenerApp) -> Transcript:
    (shown,) = [one for one in app.screen_stack[0].query(Transcript) if one.display]
    return shown


async def test_the_place_is_the_same_after_a_switch_and_after_a_new_start(kept) -> None:
    app = GardenerApp(garden(kept))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, "line 0 of answer 7")
        await pilot.press("4", "escape", "K", "K", "k", "k")
        await until(pilot, lambda: transcript(app).place != END)
        place = transcript(app).place
        await pilot.press("1", "j")
        await until(pilot, lambda: not app.screen.query_one("#conversations").display)
        await pilot.press("k")
        await until(pilot, lambda: transcript(app).place == place)
        view = kept[0].view(a_project("acme"))
        assert view.place == place and place.answer
    again = GardenerApp(garden(kept))
    async with again.run_test(size=SIZE) as pilot:
        await see(pilot, "acme")
        await until(pilot, lambda: again.query(Transcript) and transcript(again).place == place)


async def test_the_found_message_is_shown_on_its_branch(kept) -> None:
    app = GardenerApp(garden(kept))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, "line 0 of answer 7")
        await pilot.press("4")
        found = {"zebra": "the zebra is elsewhere", "quokka": "line 0 quokka answer 2"}
        for words, seen in found.items():
            await pilot.press("escape", "S")
            await see(pilot, "What was said")
            await pilot.press(*words)
            await see(pilot, "just now")
            await pilot.press("enter")
            await see(pilot, seen)


async def test_only_few_conversations_stay_on_the_screen(kept) -> None:
    conversations, messages, _ = kept
    for name in NAMES[1:]:
        stored = messages.ask(f"id-{name}", "", None, f"about {name}", "{}", "w")
        messages.finish(stored.answer, "whole", "{}", f"it is {name}")
        conversations.keep_view(a_project(name), stored.chat, [stored.answer])
    app = GardenerApp(garden(kept))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, "answer 7")
        for name in NAMES[1:]:
            await pilot.press("j")
            await see(pilot, f"it is {name}")
        assert len(app.query(Transcript)) == MOST_MOUNTED
        await pilot.press("g")
        await see(pilot, "answer 7")
        assert len(app.query(Transcript)) == MOST_MOUNTED
