from support.scripted_garden import ScriptedGarden, a_project
from support.showroom import hits
from support.waiting import screen, see, until, write

from gardener_core.errors import IndexMissing
from gardener_core.events import Hit, Retrieved, Why
from gardener_tui.app import GardenerApp
from gardener_tui.panes.context import HitCard


async def test_slash_searches_and_shows_hits_with_their_code() -> None:
    garden = ScriptedGarden(a_project())
    garden.index.found = hits()
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "acme", "Nothing searched yet.")
        await pilot.press("slash")
        await write(pilot, "refresh token")
        await pilot.press("enter")
        text = await see(pilot, "4 hits · 38 ms", "src/auth/session.py:118", "▰▰▰▰▰▰ 14.2")
        assert "118 def refresh_token" in text
        assert "class TokenStore · refresh token rev" in text
        await until(pilot, lambda: app.screen.query_one("#hits").has_focus)
    assert ("search", "id-acme", "refresh token") in garden.record.calls


async def test_j_and_k_move_the_current_hit_which_alone_is_shown_whole() -> None:
    long = "".join(f"line_{n} = {n}\n" for n in range(1, 41))
    why = Why(1, 1.0, ())
    garden = ScriptedGarden(a_project())
    garden.index.found = Retrieved(
        tuple(Hit(n, f"f{n}.py", 1, 40, "", "lines", "python", 2.0, why, long) for n in (1, 2)),
        0.01,
    )
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 90)) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash", "x", "enter")
        text = await see(pilot, "2 hits")
        assert text.count("40 line_40 = 40") == 1
        assert "28 more lines" in text
        await pilot.press("j")
        await until(pilot, lambda: app.screen.query(HitCard)[1].has_class("-current"))
        await pilot.press("k")
        await until(pilot, lambda: app.screen.query(HitCard)[0].has_class("-current"))


async def test_no_hit_and_no_index_are_told() -> None:
    garden = ScriptedGarden(a_project())
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash", "x", "enter")
        await see(pilot, "No code has these words.")
        garden.index.found = IndexMissing("acme has no index.", hint="Press I.")
        await pilot.press("enter")
        await see(pilot, "acme has no index.", "Press I.")


async def test_note_of_a_search_without_a_table_is_told() -> None:
    garden = ScriptedGarden(a_project())
    garden.index.found = Retrieved((), 0.1, note="Found by words. Run: gardener repair acme")
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash", "x", "enter")
        await see(pilot, "Run: gardener repair acme")


async def test_another_project_puts_the_hits_away() -> None:
    garden = ScriptedGarden(a_project("acme"), a_project("beta"))
    garden.index.found = hits()
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash", "x", "enter")
        await see(pilot, "4 hits")
        await pilot.press("1", "j")
        await see(pilot, "Search beta", "Nothing searched yet.")
        assert "session.py" not in screen(pilot)
