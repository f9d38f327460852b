"""The chat pane: questions, completions, the prompt."""

from support.scripted_garden import ScriptedGarden, a_project
from support.showroom import full_garden
from support.waiting import screen, see, until, write
from textual.events import Paste

from gardener_core.errors import EngineLost, OllamaBrokeOff
from gardener_core.events.answer import Answered, CardLine, Completed, Composed, Token
from gardener_core.events.index import Retrieved
from gardener_tui.app import GardenerApp
from gardener_tui.panes.chat.pane import ChatPane
from gardener_tui.panes.chat.writing.prompt import Prompt


async def test_enter_asks_and_the_answer_comes_with_its_places() -> None:
    garden = full_garden()
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 60)) as pilot:
        await see(pilot, "Nothing asked yet.")
        await pilot.press("4")
        await write(pilot, "how are tokens revoked")
        await pilot.press("enter")
        text = await see(pilot, "how are tokens revoked", "quotes · 410 ms", "3 hits")
        assert "**rotated on every use**" in text
        assert "raise TokenReuseError(token.family)" in text
        assert "[1] src/auth/session.py:118-125  Sessions.refresh_token" in text
    assert ("ask", "id-acme-web", "how are tokens revoked") in garden.record.calls


async def test_tokens_are_shown_before_the_answer_is_whole() -> None:
    garden = ScriptedGarden(a_project())
    garden.chats.script = [Token("half of "), Token("an answer")]
    garden.chats.holding = True
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("4", "x", "enter")
        await see(pilot, "half of an answer")
        await pilot.press("y", "enter")
        await see(pilot, "One answer at a time")
        await pilot.press("ctrl+c")
        await see(pilot, "■ cancelled")
        await until(pilot, lambda: ("cancelled",) in garden.record.calls)
        assert not app.screen.query_one(ChatPane).answering


async def test_what_is_not_found_is_said_plainly() -> None:
    garden = ScriptedGarden(a_project())
    garden.chats.script = [
        Retrieved((), 0.01),
        Answered("Nearest: a.py", False, (), "quotes", "quotes", "", 0, 0.0, 0.1),
    ]
    async with GardenerApp(garden).run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("4", "x", "enter")
        await see(pilot, "? not found in this project", "Nearest: a.py")


async def test_a_card_is_shown_with_its_places() -> None:
    garden = ScriptedGarden(a_project())
    lines = (
        CardLine("where", "refresh", 1, "src/auth/session.py", 118, 125, "Sessions.refresh"),
        CardLine("called_by", "login", 2, "src/api.py", 12, 12, "login", "likely", more=3),
        CardLine("tested_in", "", absent="no_test"),
    )
    garden.chats.script = [
        Retrieved((), 0.01),
        Composed(lines, "where", "answered", 0.02, lacking=("gzip",)),
        Answered("as text", True, (), "card", "", "", 0, 0.0, 0.041),
    ]
    async with GardenerApp(garden).run_test(notifications=True, size=(90, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("4", "x", "enter")
        text = await see(pilot, "composed from the index · 41 ms", "Not on this card: gzip.")
        assert "src/auth/session.py:118-125" in text
        assert "login (likely) and 3 more" in text
        assert "no test found" in text and "as text" not in text


async def test_a_lost_engine_is_told_in_the_turn_and_in_a_toast() -> None:
    garden = ScriptedGarden(a_project())
    garden.chats.script = [EngineLost("The engine is gone.", hint="Ask again.")]
    async with GardenerApp(garden).run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("4", "x", "enter")
        await see(pilot, "✖ The engine is gone.", "Ask again.")


async def test_complete_shows_code_and_who_wrote_it_and_a_switches_the_adapter() -> None:
    garden = ScriptedGarden(a_project(adapter="v2"))
    garden.chats.completed = Completed("return a[0] + b[i]", "v2", 7, 0.25)
    async with GardenerApp(garden).run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("4")
        await see(pilot, "adapter v2 chosen · not loaded yet", "/ commands   @ files and symbols")
        await write(pilot, "/c def f(a, b):")
        await pilot.press("enter")
        await see(pilot, "def f(a, b):return a[0] + b[i]", "adapter v2 · 7 tokens · 250 ms")
        garden.chats.completed = Completed("pass", "", 1, 0.1)
        await pilot.press("escape", "a", "4")
        await see(pilot, "adapter v2 off")
        await write(pilot, "/complete x =")
        await pilot.press("enter")
        await see(pilot, "x =pass", "base model alone · 1 token")
    assert [call for call in garden.record.calls if call[0] == "complete"] == [
        ("complete", "id-acme", "def f(a, b):", True),
        ("complete", "id-acme", "x =", False),
    ]


async def test_each_project_has_its_own_conversation() -> None:
    garden = ScriptedGarden(a_project("acme"), a_project("beta"))
    garden.chats.script = [Answered("said so", True, (), "quotes", "q", "", 0, 0.0, 0.1)]
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "acme")
        await pilot.press("4", *"first", "enter")
        await see(pilot, "said so")
        await pilot.press("escape", "1", "j")
        await see(pilot, "Ask about beta", "Nothing asked yet.")
        assert "said so" not in screen(pilot)
        await pilot.press("k")
        await see(pilot, "said so", "Ask about acme")


async def test_pasted_lines_stay_lines() -> None:
    garden = ScriptedGarden(a_project())
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("4")
        prompt = app.screen.query_one(Prompt)
        await until(pilot, lambda: prompt.has_focus)
        prompt.post_message(Paste("/c if a:\n\treturn\x1b[2J"))
        await see(pilot, "/c if a:⏎⇥return␛[2J")
        await pilot.press("enter")
        await until(pilot, lambda: "complete" in garden.record.names())
    assert ("complete", "id-acme", "if a:\n\treturn␛[2J", False) in garden.record.calls


async def test_an_unknown_command_is_answered_with_those_there_are() -> None:
    garden = full_garden()
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "Nothing asked yet.")
        await pilot.press("4")
        await write(pilot, "/explain this")
        await pilot.press("enter")
        await see(pilot, "/explain is no command; / shows what there is.")
    assert "ask" not in garden.record.names()


async def test_what_was_written_stays_when_the_model_breaks_off() -> None:
    garden = ScriptedGarden(a_project("acme"))
    why = "Ollama at 127.0.0.1:11434 broke off in mid-answer: its stream ended too early."
    garden.chats.breaks_off = OllamaBrokeOff(why, hint="Ask again; its log says why it ended.")
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "acme")
        await pilot.press("4")
        await write(pilot, "/complete def f():")
        await pilot.press("enter")
        await see(pilot, "return1", "✖ Ollama at 127.0.0.1:11434 broke off", "Ask again")
