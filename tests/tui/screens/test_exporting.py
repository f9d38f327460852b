"""An adapter is exported by keys, in a format that is chosen from what each loses."""

from dataclasses import replace

from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import see

from gardener_core.events.parts import Fidelity
from gardener_core.store.garden.adapters import Adapter
from gardener_tui.app import GardenerApp

LOSSY = Fidelity(
    320, 0.1, 2.0, 3.0, 3, 0, format="q4_0", greedy_equal=250, scored_files=3, scored_tokens=320,
    bits_base=1.0, bits_trained=0.8, bits_exported=0.824, bits_bound=0.01, tokens_a_second=70.4,
    problems=("bits",),
)  # fmt: skip


def a_garden() -> ScriptedGarden:
    garden = ScriptedGarden(a_project("acme", adapter="v2"))
    garden.adapters.adapters = [Adapter("id-acme", "v2", "coder", "r-v2", 1.0, 318_000, "passed")]
    garden.exports.offers[2] = replace(garden.exports.offers[2], fidelity=LOSSY)
    return garden


async def test_the_chosen_format_is_written_where_it_is_said() -> None:
    garden = a_garden()
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "acme")
        await pilot.press("1", "E")
        await see(pilot, "Export v2 of acme", "q8_0", "138 MiB", "+3.00% bits", "70/s")
        await see(pilot, "The base with the adapter in it", "Not measured yet.")
        await pilot.press("enter")
        await see(pilot, "Write it where?", "/exports/acme")
        await pilot.press(*"/q", "enter")
        await see(pilot, "v2 is being written as gguf")
    assert ("export", "v2", "gguf", "/exports/acme/q", "q8_0", "") in garden.record.calls


async def test_one_that_loses_too_much_wants_a_reason() -> None:
    garden = a_garden()
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("1", "E")
        await see(pilot, "q4_0")
        await pilot.press("down")
        await see(pilot, "more bits for a byte")
        await pilot.press("enter")
        await see(pilot, "Why take q4_0 all the same?", "3.0%")
        await pilot.press(*"tiny", "enter")
        await see(pilot, "Write it where?")
        await pilot.press("enter")
        await see(pilot, "v2 is being written")
    assert ("export", "v2", "gguf", "/exports/acme", "q4_0", "tiny") in garden.record.calls


async def test_the_formats_are_measured_by_a_key() -> None:
    garden = a_garden()
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "acme")
        await pilot.press("1", "E")
        await see(pilot, "Export v2")
        await pilot.press("ctrl+r")
        await see(pilot, "formats of v2 are being measured")
    assert ("measure formats", "v2") in garden.record.calls
