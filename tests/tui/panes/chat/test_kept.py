"""The chat is there again after a new start, and other conversations are one key away."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.explained import WORDS, explained
from support.scripted_garden import Record, ScriptedChats, ScriptedGarden, a_project, never
from support.waiting import notices, see, until

from gardener_core.answers.conversation.recorder import Recorder
from gardener_core.answers.conversation.stored import question_details
from gardener_core.answers.conversation.tree import Entry
from gardener_core.engine.client import Engine
from gardener_core.events.answer import Placed, Prompted, PromptPart
from gardener_core.events.union import Event
from gardener_core.garden.chats.conversations import Conversations
from gardener_core.garden.chats.options import USUAL, AskOptions
from gardener_core.store.database import Database
from gardener_core.store.garden.chats.messages import MessageTable
from gardener_core.store.garden.chats.writers import Writer
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.system.places import Places
from gardener_tui.app import GardenerApp
from gardener_tui.panes.chat.transcript import Transcript
from gardener_tui.panes.chat.writing.prompt import Prompt

SIZE = (140, 68)


class StoringChats(ScriptedChats):
    """Answers by the script, and stores what is told as the engine does."""

    def __init__(self, record: Record, places: Places, database: Database) -> None:
        super().__init__(record)
        self.messages = MessageTable(database)
        self.writer = Writer(places)

    def ask(
        self,
        project: Project,
        question: str,
        options: AskOptions = USUAL,
        *,
        cancelled: Callable[[], bool] = never,
    ) -> Iterator[Event]:
        events = super().ask(project, question, options, cancelled=cancelled)
        place = options.place
        if place is None:
            yield from events
            return
        stored = self.messages.ask(
            project.id,
            place.chat,
            place.after,
            question,
            question_details(Entry(0, None, question)),
            self.writer.name,
        )
        yield Placed(stored.chat, stored.question, stored.answer)
        recorder = Recorder(self.messages, self.writer)
        yield from recorder.record(stored.answer, events, cancelled)


@pytest.fixture
def garden(tmp_path: Path) -> Callable[[], ScriptedGarden]:
    places = Places(config=tmp_path / "config", data=tmp_path / "data")
    database = Database(places.database)
    projects = [a_project("acme"), a_project("beta")]
    for project in projects:
        ProjectTable(database).insert(project.name, project.path, project.id)

    def made() -> ScriptedGarden:
        garden = ScriptedGarden(*projects)
        garden.conversations = Conversations(places, database, Engine(places))
        chats = StoringChats(garden.record, places, database)
        chats.script = explained()
        garden.chats = chats
        return garden

    return made


async def ask(pilot, question: str) -> None:
    await pilot.press("4")
    pilot.app.screen.query_one(Prompt).write_text(question)
    await pilot.press("enter")
    await see(pilot, question, "tokens read")


def shown(app: GardenerApp) -> list[str]:
    transcripts = [one for one in app.screen_stack[0].query(Transcript) if one.display]
    return [entry.text for entry in transcripts[0].conversation.path] if transcripts else []


async def test_the_conversation_its_branch_and_the_draft_are_there_again(garden) -> None:
    app = GardenerApp(garden())
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, "acme")
        await ask(pilot, "where is it")
        await ask(pilot, "who calls it")
        await pilot.press("escape", "R")
        await see(pilot, "2/2")
        await pilot.press("less_than_sign")
        await see(pilot, "1/2")
        await pilot.press("4", *"half a")
        await pilot.press("escape")
        kept = app.garden.conversations
        await until(pilot, lambda: kept.view(a_project("acme")).draft == "half a")
    again = GardenerApp(garden())
    async with again.run_test(size=SIZE) as pilot:
        await see(pilot, "where is it", "who calls it", "1/2", "half a", WORDS[:20])
        assert shown(again) == ["where is it", "who calls it"]
        again.screen.query_one(Prompt).write_text("")
        await ask(pilot, "and its tests?")
        assert again.garden.chats.asked[-1].before[0].question == "where is it"
        (chat,) = again.garden.conversations.all()
        assert chat.messages == 8, "it went on in the same conversation"


async def test_drafts_belong_to_their_projects(garden) -> None:
    app = GardenerApp(garden())
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, "acme", "beta")
        await pilot.press("4", *"of acme", "escape", "1", "j")
        await until(pilot, lambda: app.screen.query_one(Prompt).text == "")
        await pilot.press("k")
        await until(pilot, lambda: app.screen.query_one(Prompt).text == "of acme")


async def test_a_new_conversation_a_name_for_it_and_back_to_the_other(garden) -> None:
    app = GardenerApp(garden())
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, "acme")
        await ask(pilot, "where is it")
        await pilot.press("escape", "c")
        await see(pilot, "A new conversation", "Conversations about acme")
        await pilot.press("up", "enter")
        await until(pilot, lambda: shown(app) == [])
        await ask(pilot, "quite another thing")
        assert shown(app) == ["quite another thing"]
        await pilot.press("escape", "N")
        await see(pilot, "Rename the conversation")
        await pilot.press("home", "ctrl+k", *"Things", "enter")
        kept = app.garden.conversations
        await until(pilot, lambda: [c.title for c in kept.all()] == ["Things", "where is it"])
        await pilot.press("c")
        await see(pilot, "Things", "where is it")
        await pilot.press(*"where", "enter")
        await until(pilot, lambda: shown(app) == ["where is it"])


async def test_the_others_can_be_reached_where_nothing_was_asked_yet(garden) -> None:
    app = GardenerApp(garden())
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, "acme")
        await ask(pilot, "where is it")
        await pilot.press("escape", "D")
        await until(pilot, lambda: shown(app) == [])
        app.garden.conversations.restore(app.garden.conversations.removed()[0].id)
        await pilot.press("4", "slash", *"chats", "enter")
        await see(pilot, "Conversations about acme", "where is it")
        await pilot.press(*"where", "enter")
        await until(pilot, lambda: shown(app) == ["where is it"])
        await pilot.press("slash", *"prompt", "enter")
        await see(pilot, "The prompt is no longer")


async def test_a_removed_conversation_comes_back_with_undo(garden) -> None:
    app = GardenerApp(garden())
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, "acme")
        await ask(pilot, "where is it")
        await pilot.press("escape", "D")
        await until(pilot, lambda: shown(app) == [] and not app.garden.conversations.all())
        await pilot.press("u")
        await until(pilot, lambda: shown(app) == ["where is it"])
        assert any("is back" in notice for notice in notices(pilot))


async def test_what_was_said_in_another_project_is_found_and_opened(garden) -> None:
    app = GardenerApp(garden())
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, "acme")
        await ask(pilot, "where is the zebra")
        await pilot.press("escape", "P", *"beta", "enter")
        await until(pilot, lambda: shown(app) == [])
        await ask(pilot, "of beta")
        await pilot.press("escape", "S")
        await see(pilot, "What was said")
        await pilot.press(*"zebra")
        await see(pilot, "where is the zebra")
        await pilot.press("enter")
        await until(pilot, lambda: shown(app) == ["where is the zebra"])


async def test_what_is_read_in_short_is_marked_shown_and_deleted(garden) -> None:
    made = garden()
    app = GardenerApp(made)
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, "acme")
        await ask(pilot, "where is it?")
        assert not app.screen.query_one(".above").display
        left_out = PromptPart("conversation", 300, "left_out")
        made.chats.script = [
            replace(event, parts=(*event.parts, left_out)) if isinstance(event, Prompted) else event
            for event in explained()
        ]
        await ask(pilot, "who calls it?")
        await see(pilot, "1 older exchange, read in short: 1 by first sentences  s")
        (chat,) = made.conversations.all()
        await until(pilot, lambda: "summarise" in made.record.names())
        ((answer,),) = [call[2] for call in made.record.calls if call[0] == "summarise"]
        await pilot.press("escape", "s")
        await see(pilot, "Read in short", "where is it? — It rotates the token")
        made.conversations.summaries.edit(chat.id, answer, "Mine alone.")
        await pilot.press("escape", "s")
        await see(pilot, "Mine alone.", "by you")
        await pilot.press("ctrl+x")
        await see(pilot, "by first sentences", "where is it? —")
        made.conversations.summaries.edit(chat.id, answer, "Mine again.")
        await pilot.press("enter")
        shown_now = app.screen.query_one(Transcript)
        await until(
            pilot,
            lambda: [one.text for one in shown_now.summaries.values()] == ["Mine again."],
        )
        await see(pilot, "1 by you")
        current = app.screen.query_one(Transcript).current
        assert current is not None and current.entry.text == "where is it?", "the original"
        await ask(pilot, "and then?")
        assert made.chats.asked[-1].before[0].summary == "Mine again."
