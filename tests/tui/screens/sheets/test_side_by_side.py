"""The same question with and without the adapter."""

import random
from pathlib import Path

from support.explained import answered, card, explained, prompted
from support.measured import a_card, a_file
from support.scripted_garden import ScriptedGarden, a_project
from support.showroom import hits
from support.waiting import see, until, write
from textual.pilot import Pilot

from gardener_core.events.answer import Answered, Token
from gardener_core.garden.evaluation.votes import Votes
from gardener_core.store.garden.adapters import Adapter
from gardener_core.system.places import Places
from gardener_tui.app import GardenerApp
from gardener_tui.screens.sheets.side_by_side import SideBySide, differences


async def ask(pilot: Pilot[None]) -> None:
    await see(pilot, "acme")
    await pilot.press("4")
    await write(pilot, "what?")
    await pilot.press("enter")
    await see(pilot, "4 Chat", "Where")
    await until(pilot, lambda: not pilot.app.screen.query_one("#chat").answering)
    await pilot.press("escape")


async def test_both_answers_are_asked_for_and_shown_side_by_side() -> None:
    made = ScriptedGarden(a_project(adapter="v7"))
    made.chats.script = explained()
    made.chats.without_adapter = [
        card(), prompted(), Token("It burns it."), answered("It burns it.", adapter=""),
    ]  # fmt: skip
    app = GardenerApp(made)
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await ask(pilot)
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, SideBySide))
        text = await see(pilot, "coder · adapter v7", "coder · base model alone", "It burns it.")
        row = next(line for line in text.splitlines() if "It burns it." in line)
        assert "It rotates the token [1]." in row
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, SideBySide))
    assert [one.adapter for one in made.chats.asked] == [True, True, False]


async def test_two_answers_are_voted_on_without_names(tmp_path: Path) -> None:
    made = ScriptedGarden(a_project(adapter="v7"))
    made.adapters.adapters = [Adapter("id-acme", "v7", "coder", "r", 1.0, 9)]
    made.scores.cards["v7"] = a_card([a_file(f"src/{n}.py", 100, 90) for n in range(6)])
    made.votes = Votes(Places(tmp_path, tmp_path), made.scores, random.Random(2))
    made.chats.script = explained()
    made.chats.without_adapter = [card(), prompted(), answered("It burns it.", adapter="")]
    app = GardenerApp(made)
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await ask(pilot)
        await pilot.press("V")
        text = await see(pilot, "v7 or base, without names", "It burns it.", "It rotates the token")
        assert "coder ·" not in text and "adapter v7" not in text
        own_left = text.index("It rotates the token") < text.index("It burns it.")
        await pilot.press("left" if own_left else "right")
        await see(pilot, "v7 was preferred.", "Both answers have their vote.")
    (vote,) = made.votes.all(a_project())
    assert vote.pair.question == "what?" and vote.preferred is not None


async def test_without_a_model_that_explains_it_says_so() -> None:
    made = ScriptedGarden(a_project(adapter="v7"))
    made.chats.script = [
        hits(), card(), Answered("", True, (), "card", "", "", 0, 0.0, 0.1),
    ]  # fmt: skip
    app = GardenerApp(made)
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await ask(pilot)
        await pilot.press("d")
        await see(pilot, "No model explains here", "M chooses one.")


async def test_an_adapter_of_another_base_is_said_instead_of_two_equal_answers() -> None:
    made = ScriptedGarden(a_project(adapter="v7"))
    made.chats.script = [hits(), card(), prompted(), answered("It burns it.", adapter="")]
    async with GardenerApp(made).run_test(notifications=True, size=(140, 45)) as pilot:
        await ask(pilot)
        await pilot.press("d")
        await see(pilot, "The adapter is of another base than coder")
    assert len(made.chats.asked) == 2


async def test_without_an_adapter_that_is_said_before_anything_is_asked() -> None:
    made = ScriptedGarden(a_project())
    made.chats.script = explained()
    async with GardenerApp(made).run_test(notifications=True, size=(140, 45)) as pilot:
        await ask(pilot)
        await pilot.press("d")
        await see(pilot, "This project has no adapter to compare")
    assert len(made.chats.asked) == 1


def test_words_that_only_one_has_are_marked_and_nothing_is_lost() -> None:
    left, right = differences("It takes the lock first.", "It drops the lock last, then.")
    assert left.plain == "It takes the lock first." and right.plain.startswith("It drops the")
    marked = [left.plain[span.start : span.end] for span in left.spans if "bold" in str(span.style)]
    assert marked == ["takes", "first."]
