"""What an answer saw, and the exact prompt."""

from support.explained import explained
from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import see, until, write
from textual.pilot import Pilot

from gardener_tui.app import GardenerApp

PROMPT = "<|system|>You explain [/x] code.\x1b[2J<|user|>Question: what?"


def garden() -> ScriptedGarden:
    made = ScriptedGarden(a_project(adapter="v7"))
    made.chats.script = list(explained(file="/prompts/abc.txt"))
    made.chats.prompts = {"/prompts/abc.txt": PROMPT}
    return made


async def ask(pilot: Pilot[None]) -> None:
    await see(pilot, "acme")
    await pilot.press("4")
    await write(pilot, "what?")
    await pilot.press("enter")
    await see(pilot, "tokens read")
    await pilot.press("escape")


async def test_the_exact_prompt_is_shown_with_its_parts_and_their_costs() -> None:
    async with GardenerApp(garden()).run_test(notifications=True, size=(240, 60)) as pilot:
        await ask(pilot)
        await pilot.press("v")
        await see(
            pilot,
            "Context · the exact prompt",
            "The whole, as it was sent",
            "195 tokens",
            "<|system|>You explain [/x] code.␛[2J",
            "The question",
            "cut to its signature, 40 tokens",
            "coder + v7 · 195 tokens",
        )
        await pilot.press("G")
        await see(pilot, "left out, 300 tokens", "class TokenStore(Protocol):")


async def test_a_prompt_that_is_no_longer_kept_says_so() -> None:
    made = garden()
    made.chats.prompts = {}
    async with GardenerApp(made).run_test(notifications=True, size=(240, 60)) as pilot:
        await ask(pilot)
        await pilot.press("v")
        await see(pilot, "The prompt is no longer kept")


async def test_what_was_seen_is_shown_in_order_with_why_and_can_be_pinned() -> None:
    made = garden()
    async with GardenerApp(made).run_test(notifications=True, size=(240, 60)) as pilot:
        await ask(pilot)
        await pilot.press("w")
        text = await see(pilot, "what this answer saw", "1 piece read · 1 dropped")
        titles = ["Read by the model 1", "Dropped by the budget 1", "On the card 2"]
        places = [text.index(title) for title in titles]
        assert places == sorted(places)
        await pilot.press("w")
        await see(pilot, "Why it is number 1", "█ words")
        await pilot.press("plus")
        await see(pilot, "Sessions.refresh_token is pinned")
        await pilot.press("Q")
        await until(pilot, lambda: len(made.chats.asked) == 2)
    assert made.chats.asked[1].text == "what?"


async def test_without_a_model_there_is_no_prompt_to_show() -> None:
    made = garden()
    made.chats.script = [*explained()[:2], explained()[-1]]
    async with GardenerApp(made).run_test(notifications=True, size=(240, 60)) as pilot:
        await see(pilot, "acme")
        await pilot.press("4", "x", "enter")
        await see(pilot, "tokens read")
        await pilot.press("escape", "v")
        await see(pilot, "No model read anything for this answer.")
