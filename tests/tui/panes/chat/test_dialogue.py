"""Ask again, edit, turn to another answer, take answers along."""

from pathlib import Path

from support.explained import SUBJECT, WORDS, explained
from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import screen, see, until, write
from textual.pilot import Pilot

from gardener_core.answers.conversation.forms import read_json
from gardener_core.answers.requests import Exchange
from gardener_core.garden.chats.questions import Chats
from gardener_core.garden.door import Garden
from gardener_core.system.places import Places
from gardener_tui.app import GardenerApp
from gardener_tui.panes.chat.transcript import Transcript
from gardener_tui.panes.chat.writing.prompt import Prompt


def garden() -> ScriptedGarden:
    made = ScriptedGarden(a_project(adapter="v7"))
    made.chats.script = list(explained())
    return made


async def ask(pilot: Pilot[None], question: str) -> None:
    if not isinstance(pilot.app.focused, Prompt):
        await pilot.press("4")
        await until(pilot, lambda: isinstance(pilot.app.focused, Prompt))
    await write(pilot, question)
    await pilot.press("enter")
    await see(pilot, question, "tokens read")


def questions(app: GardenerApp) -> list[str]:
    path = app.screen_stack[0].query_one(Transcript).conversation.path
    return [entry.text for entry in path]


async def test_a_question_that_follows_takes_along_what_was_said() -> None:
    made = garden()
    async with GardenerApp(made).run_test(size=(140, 60)) as pilot:
        await see(pilot, "acme")
        await ask(pilot, "where is it")
        await ask(pilot, "and who calls it")
        await until(pilot, lambda: len(made.chats.asked) == 2)
    assert made.chats.asked[0].before == ()
    (before,) = made.chats.asked[1].before
    assert before == Exchange("where is it", WORDS, SUBJECT, before.summary)
    assert before.summary.startswith("where is it — It rotates the token")
    assert made.chats.asked[1].adapter


async def test_another_answer_keeps_the_first_and_keys_go_between_them() -> None:
    made = garden()
    app = GardenerApp(made)
    async with app.run_test(notifications=True, size=(140, 60)) as pilot:
        await see(pilot, "acme")
        await ask(pilot, "where is it")
        await ask(pilot, "who calls it")
        made.chats.script = explained("Quite another answer [1].")
        await pilot.press("escape", "R")
        await see(pilot, "Quite another answer", "‹ 2/2 ›")  # noqa: RUF001
        assert questions(app) == ["where is it", "who calls it"]
        await pilot.press("less_than_sign")
        await see(pilot, "‹ 1/2 ›", "It calls `burn_all`")  # noqa: RUF001
        assert "Quite another" not in screen(pilot)
        await pilot.press("less_than_sign")
        await see(pilot, "There is no other answer on that side.")
        await pilot.press("greater_than_sign")
        await see(pilot, "Quite another answer")
    assert not any(one.thorough for one in made.chats.asked)
    assert [one.anew for one in made.chats.asked] == [False, False, True], "no kept answer again"
    assert [call[2] for call in made.record.calls if call[0] == "ask"] == [
        "where is it", "who calls it", "who calls it",
    ]  # fmt: skip


async def test_more_can_be_read_for_the_same_question() -> None:
    made = garden()
    async with GardenerApp(made).run_test(size=(140, 60)) as pilot:
        await see(pilot, "acme")
        await ask(pilot, "where is it")
        await pilot.press("escape", "h")
        await until(pilot, lambda: [one.thorough for one in made.chats.asked] == [False, True])


async def test_an_edited_question_begins_a_branch_and_the_old_one_stays() -> None:
    made = garden()
    app = GardenerApp(made)
    async with app.run_test(notifications=True, size=(140, 60)) as pilot:
        await see(pilot, "acme")
        for question in ("one", "two", "three"):
            await ask(pilot, question)
        await pilot.press("escape", "left_square_bracket", "e")
        prompt = app.screen.query_one(Prompt)
        await until(pilot, lambda: prompt.value == "two")
        await write(pilot, " more")
        await pilot.press("enter")
        await see(pilot, "two more")
        await until(pilot, lambda: questions(app) == ["one", "two more"])
        await until(pilot, lambda: len(made.chats.asked) == 4)
        assert [one.question for one in made.chats.asked[3].before] == ["one"]
        await pilot.press("escape", "less_than_sign")
        await until(pilot, lambda: questions(app) == ["one", "two", "three"])
        await see(pilot, "three")


async def test_leaving_the_prompt_leaves_the_question_as_it_was() -> None:
    app = GardenerApp(garden())
    async with app.run_test(notifications=True, size=(140, 60)) as pilot:
        await see(pilot, "acme")
        await ask(pilot, "one")
        await pilot.press("escape", "e", "escape")
        await ask(pilot, "two")
        await until(pilot, lambda: questions(app) == ["one", "two"])


async def test_the_answer_is_copied_and_the_second_time_written_to_a_file() -> None:
    made = garden()
    app = GardenerApp(made)
    async with app.run_test(notifications=True, size=(140, 60)) as pilot:
        await see(pilot, "acme")
        await pilot.press("4", "escape", "y")
        await ask(pilot, "one")
        await pilot.press("escape", "y")
        await see(pilot, "The answer is copied")
        assert app.clipboard == WORDS
        await pilot.press("y")
        await see(pilot, "The answer is in /data/written/acme-answer.md.")
    text = made.chats.files["acme-answer.md"]
    assert text.startswith("## one\n") and WORDS in text
    assert "- [1] src/auth/session.py:118 Sessions.refresh_token" in text


async def test_the_conversation_is_written_as_markdown_and_as_data() -> None:
    made = garden()
    app = GardenerApp(made)
    async with app.run_test(notifications=True, size=(140, 60)) as pilot:
        await see(pilot, "acme")
        await ask(pilot, "one")
        await pilot.press("escape", "R")
        await see(pilot, "2/2")
        await until(pilot, lambda: len(made.chats.asked) == 2)
        await until(pilot, lambda: not app.screen.query_one("#chat").answering)
        await pilot.press("E")
        await see(pilot, "The conversation is in /data/written/acme.md.")
        await until(pilot, lambda: "acme.json" in made.chats.files)
        kept = app.screen.query_one(Transcript).conversation
    assert made.chats.files["acme.md"].count("## one") == 1, "the branch in view"
    read = read_json(made.chats.files["acme.json"])
    assert read.entries == kept.entries and read.path == kept.path


def test_files_for_the_person_never_leave_their_folder(tmp_path: Path) -> None:
    places = Places(config=tmp_path / "config", data=tmp_path / "data")
    chats: Chats = Garden(places).chats
    path = chats.write("../../a b/c.md", "text")
    assert path.parent == places.written and path.read_text() == "text"
    assert path.name.endswith("..-..-a-b-c.md")
