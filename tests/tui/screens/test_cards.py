"""The card of an adapter, its items, and the keys to them."""

from dataclasses import replace

from support.measured import a_card, a_file, a_statement, tokens_measured
from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import see, until

from gardener_core.answers.explain.record import Share
from gardener_core.garden.evaluation.explained import ExplainedFigure
from gardener_core.store.garden.adapters import Adapter
from gardener_tui.app import GardenerApp
from gardener_tui.screens.cards.screen import CardScreen

ITEMS = [
    *(a_file(f"src/{n}.py", base=100 + n, adapter=80 + 2 * n, control=97 + n) for n in range(9)),
    *(a_file(f"lib/{n}.py", 100, 101, measure="foreign") for n in range(8)),
    *(a_statement(f"src/{n}.py", n, adapter_right=n % 3 != 0) for n in range(16)),
]
V1 = Adapter("id-acme", "v1", "coder", "r1", 1.0, 9)


def measured_garden() -> ScriptedGarden:
    garden = ScriptedGarden(a_project("acme", adapter="v2"))
    garden.adapters.adapters = [replace(V1, version="v2", run="r2", state="passed"), V1]
    garden.scores.cards["v2"] = a_card(ITEMS)
    garden.scores.measured["v2"] = ITEMS
    return garden


async def test_a_card_opens_its_items_and_the_adapter_before() -> None:
    app = GardenerApp(measured_garden())
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "acme")
        await pilot.press("c")
        await see(pilot, "It passed.", "held out", "bits per byte", "recall@1")
        await pilot.press("m", "m")
        await see(pilot, "items: statement")
        await pilot.press("j")
        await see(pilot, "expected", "value = compute(", "base + context")
        await pilot.press("]")  # there is none after the newest
        await pilot.press("[")
        await see(pilot, "v1 is not measured. In the projects pane s measures it.")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, CardScreen))


async def test_what_was_learned_is_read_by_signs_and_in_tables() -> None:
    garden = measured_garden()
    garden.scores.measured["v2"] = [*ITEMS, tokens_measured("src/shop.py", {"Store": 0.5})]
    app = GardenerApp(garden)
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "acme")
        await pilot.press("w")
        await see(pilot, "all held-out files", "statements, side by side", "+ where", "src/shop.py")
        await pilot.press("j")
        await see(pilot, "uses", "Store")
        await pilot.press("j", "j", "j", "j")
        await see(pilot, "store = shop.Store(1)", "#####")


async def test_a_small_terminal_shows_every_arm_below_the_other() -> None:
    garden = measured_garden()
    garden.scores.explaining = (ExplainedFigure("facts kept", Share.of(10, 20), None),)
    app = GardenerApp(garden)
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("c", "J", "J")
        await see(pilot, "adapter + context", "perplexity")
        await pilot.press(*["J"] * 6)
        await see(pilot, "Explanations", "facts kept: base 50%", "adapter not measured")


async def test_measuring_is_asked_for_and_starts_a_run() -> None:
    garden = measured_garden()
    app = GardenerApp(garden)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await see(pilot, "acme")
        await pilot.press("s")
        await see(pilot, "Measure v2 of acme?", "about 5 minutes")
        await pilot.press("y")
        await see(pilot, "v2 of acme is being measured.")
    assert ("score", "id-acme", "v2") in garden.record.calls


async def test_one_that_has_not_passed_answers_only_for_a_reason() -> None:
    garden = measured_garden()
    app = GardenerApp(garden)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await see(pilot, "acme")
        await pilot.press("A", "down", "enter")
        await see(pilot, "v1 has not passed", "not measured")
        await pilot.press("escape")
        await until(pilot, lambda: len(app.screen_stack) == 2 or app.screen.id == "workbench")
        assert "use" not in garden.record.names()
        await pilot.press("A", "down", "enter")
        await see(pilot, "v1 has not passed")
        await pilot.press(*"dare", "enter")
        await see(pilot, "Adapter v1 of acme answers now.")
    assert ("use", "id-acme", "v1", "dare") in garden.record.calls
