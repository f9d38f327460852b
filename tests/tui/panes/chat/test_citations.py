"""Numbers of an answer lead to code, as it stands now."""

from support.explained import card, explained
from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import see, until, write
from textual.pilot import Pilot

from gardener_core.answers.conversation.tree import Entry
from gardener_core.code.quotes import Located
from gardener_core.events.answer import Answered, CardLine, Composed
from gardener_tui.app import GardenerApp
from gardener_tui.panes.context.pane import ContextPane


def garden() -> ScriptedGarden:
    made = ScriptedGarden(a_project(adapter="v7"))
    made.chats.script = list(explained())
    made.code.texts["src/auth/session.py"] = "def refresh_token(self):"
    made.code.texts["src/api/tokens.py"] = "fresh = refresh(token)"
    return made


async def ask(pilot: Pilot[None]) -> None:
    await see(pilot, "acme")
    await pilot.press("4")
    await write(pilot, "what?")
    await pilot.press("enter")
    await see(pilot, "tokens read")
    await pilot.press("escape")


async def test_a_digit_opens_the_code_of_its_line_and_others_go_to_panes() -> None:
    made = garden()
    app = GardenerApp(made)
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await ask(pilot)
        await pilot.press("1")
        await see(pilot, "Context · from the answer", "session.py:118", "def refresh_token(self):")
        await until(pilot, lambda: app.screen.query_one(ContextPane).has_focus_within)
        assert ("quote", "src/auth/session.py", 118, 125) in made.record.calls
        await pilot.press("4", "escape", "2")
        await see(pilot, "fresh = refresh(token)")
        assert ("quote", "src/api/tokens.py", 21, 45) in made.record.calls, "with what is around"
        # The card has no line 3: the digit goes to the pane, as everywhere else.
        await pilot.press("1", "4", "escape", "tab")
        await pilot.press("4", "escape", "3")
        await until(pilot, lambda: app.screen.query_one(ContextPane).has_focus_within)


async def test_a_place_that_moved_changed_or_is_gone_says_so() -> None:
    made = garden()
    async with GardenerApp(made).run_test(notifications=True, size=(140, 45)) as pilot:
        await ask(pilot)
        await until(pilot, lambda: "quotes" in made.record.names())
        made.code.located = Located("moved", 130, 137)
        await pilot.press("1")
        await see(pilot, "session.py:118 has moved: it is at line 130 now.", "session.py:130")
        made.code.located = Located("changed", 118, 125)
        await pilot.press("4", "escape", "1")
        await see(pilot, "session.py:118 has changed since this answer.")
        made.code.located = Located("gone", 118, 125)
        await pilot.press("4", "escape", "1")
        await see(pilot, "session.py:118 cannot be read any more")


async def test_of_more_than_nine_lines_two_digits_are_one_number() -> None:
    made = garden()
    lines = tuple(CardLine("file", f"file {n}", n, f"f{n}.py", n, n) for n in range(1, 13))
    whole = Answered("", True, (), "card", "", "", 0, 0.0, 0.1)
    made.chats.script = [Composed(lines, "files", "answered", 0.1), whole]
    made.code.texts = {f"f{n}.py": f"text {n}" for n in range(1, 13)}
    app = GardenerApp(made)
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "acme")
        await pilot.press("4", "x", "enter")
        await see(pilot, "composed from the index")
        await pilot.press("escape", "1", "2")
        await see(pilot, "text 12")
        await pilot.press("4", "escape", "1", "0")
        await see(pilot, "text 10")
        await pilot.press("4", "escape", "1")  # no second digit comes
        await until(pilot, lambda: ("quote", "f1.py", 1, 13) in made.record.calls)
        await pilot.press("4", "escape", "5")
        await see(pilot, "text 5")


def test_only_lines_with_a_place_have_a_number() -> None:
    assert [citation.n for citation in Entry(1, None, "what?", card=card()).cited] == [1, 2]
