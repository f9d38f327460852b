"""Two adapters beside each other: figures, facts, curves, samples and votes between them."""

import random
from dataclasses import replace
from pathlib import Path

from support.measured import a_card, a_file, a_statement
from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import see, until

from gardener_core.events.run import Finished, Started
from gardener_core.events.train import StepDone
from gardener_core.garden.evaluation.votes import Votes
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.runs import Run
from gardener_core.system.places import Places
from gardener_tui.app import GardenerApp
from gardener_tui.screens.beside.screen import BesideScreen

FIRST = [
    *(a_file(f"src/{n}.py", base=100 + n, adapter=90 + n) for n in range(9)),
    *(a_statement(f"src/{n}.py", n, adapter_right=False) for n in range(16)),
]
SECOND = [
    *(a_file(f"src/{n}.py", base=100 + n, adapter=80 + n) for n in range(9)),
    *(a_statement(f"src/{n}.py", n, adapter_right=True) for n in range(16)),
]


def two_adapters() -> ScriptedGarden:
    garden = ScriptedGarden(a_project("acme", adapter="v2"))
    v1 = Adapter("id-acme", "v1", "coder", "r1", 1.0, 9)
    v2 = replace(v1, version="v2", run="r2", state="passed")
    garden.adapters.adapters = [replace(v1, version="v3", run="r3"), v2, v1]
    for version, items in (("v1", FIRST), ("v2", SECOND)):
        card = a_card(items)
        setting = replace(card.setting, version=version)
        garden.scores.cards[version] = replace(card, setting=setting)
        garden.scores.measured[version] = items
    for name, loss in (("r1", 2.0), ("r2", 1.5)):
        told = [StepDone(name, "train", n, 8, loss - n / 100) for n in range(1, 9)]
        garden.runs.put(
            Run(name, "train", "id-acme", 1.0, "finished"), [Started(), *told, Finished(1.0)]
        )
    return garden


async def test_every_page_of_two_adapters_in_a_small_terminal() -> None:
    app = GardenerApp(two_adapters())
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("1", "d")
        await see(pilot, "v2 beside v3", "v3 was not measured, so no figure is compared.")
        await pilot.press("less_than_sign", "left_square_bracket")
        text = await see(pilot, "v1 beside v2", "bits per byte  v2 is better", "▶")
        assert "n = 9, 9 files" in text
        await pilot.press("tab")
        await see(pilot, "≠ adapter", "rank")
        await pilot.press("J", "J")
        await see(pilot, "sha256 of the rows")
        await pilot.press("tab")
        await see(pilot, "loss  ━ v1  ━ v2", "1.8┤")
        await pilot.press("tab")
        await see(pilot, "── src/0.py:2", "the file  value = compute(0)", "wrong_name()", "exact")
        await pilot.press("x")
        await see(pilot, "v2 beside v1")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, BesideScreen))


async def test_a_large_terminal_shows_all_pages_together() -> None:
    app = GardenerApp(two_adapters())
    async with app.run_test(size=(200, 60)) as pilot:
        await see(pilot, "acme")
        await pilot.press("1", "d", "less_than_sign", "left_square_bracket")
        text = await see(pilot, "v1 beside v2", "bits per byte  v2 is better", "loss  ━ v1  ━ v2")
        assert "≠ adapter" in text and "── src/0.py:2" in text


async def test_the_two_are_voted_on_without_names(tmp_path: Path) -> None:
    garden = two_adapters()
    garden.votes = Votes(Places(tmp_path, tmp_path), garden.scores, random.Random(1))
    app = GardenerApp(garden)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await see(pilot, "acme")
        await pilot.press("1", "d")
        await see(pilot, "v2 beside v3")
        await pilot.press("v")
        await see(pilot, "Both must be measured to be voted on.")
        await pilot.press("less_than_sign", "left_square_bracket")
        await see(pilot, "v1 beside v2")
        await pilot.press("v")
        await see(pilot, "v1 or v2, without names", "16 left", "what comes next?", "←  left")


async def test_a_vote_is_one_key_and_the_tally_stands_on_the_card(tmp_path: Path) -> None:
    garden = two_adapters()
    garden.votes = Votes(Places(tmp_path, tmp_path), garden.scores, random.Random(1))
    app = GardenerApp(garden)
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("1", "v")
        text = await see(pilot, "16 left", "what comes next?", "value = compute(", "wrong_name()")
        assert "v2 was preferred" not in text
        right = text.index("value = compute(") > text.index("wrong_name()")
        await pilot.press("2" if right else "1")
        await see(pilot, "v2 was preferred.", "15 left", "1 of 1 blind votes")
        await pilot.press("equals_sign")
        await see(pilot, "They were found the same.", "1 the same")
        await pilot.press("space")
        await see(pilot, "It was skipped.", "13 left")
        await pilot.press("tab")
        await see(pilot, "skip     src/", "── left, ")
        await pilot.press("j", "j")
        await see(pilot, "── the file", "v2 was preferred.")
        await pilot.press("escape", "c")
        await see(pilot, "It neither passed nor failed")
        await pilot.press(*["J"] * 9)
        await see(pilot, "Blind votes", "v2 preferred to base in 1 of 1")
    kept = [vote.choice for vote in garden.votes.all(a_project("acme"))]
    assert kept[1:] == ["same", "skip", None]


async def test_one_adapter_alone_has_none_to_be_compared_with() -> None:
    garden = two_adapters()
    del garden.adapters.adapters[1:]
    async with GardenerApp(garden).run_test(size=(100, 30), notifications=True) as pilot:
        await see(pilot, "acme")
        await pilot.press("1", "d")
        await see(pilot, "acme has one adapter; it takes two.")
