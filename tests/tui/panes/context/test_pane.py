"""The context pane: its list, the code beside it, and how both fit."""

import pytest
from support.searching import searched, shop
from support.showroom import hit
from support.waiting import screen, see, until

from gardener_core.events.index import Retrieved
from gardener_tui.app import GardenerApp
from gardener_tui.widgets.rows import Rows

WIDE, NARROW = (140, 45), (80, 24)


async def test_a_short_screen_has_one_line_a_hit_and_the_code_below() -> None:
    async with GardenerApp(shop()).run_test(notifications=True, size=NARROW) as pilot:
        await searched(pilot)
        rows = (await see(pilot, "118 def refresh_token")).split("\n")
        (first,) = (row for row in rows if "session.py:118 " in row and "█" in row)
        assert "method Sessions.refresh_token" in first and "1.71" in first


async def test_a_click_goes_to_a_row_and_headings_are_passed_over() -> None:
    async with GardenerApp(shop()).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot)
        rows = pilot.app.screen.query_one(Rows)
        assert rows.at == 1, "the heading is no row to be at"
        await pilot.click(Rows, offset=(8, 6))
        await see(pilot, "12 export async function")
        assert rows.at == 3
        await pilot.press("g", "G", "k")
        await until(pilot, lambda: rows.at == 3)


async def test_long_lines_of_code_scroll_across() -> None:
    garden = shop()
    long = "x = [" + ", ".join(f"value_{at}" for at in range(60)) + "]\n"
    garden.index.found = Retrieved((hit(1, "a.py", 7, "x", "function", (1.0, 0.0), long),), 0.01)
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash", "x", "enter")
        await see(pilot, "value_0,")
        await until(pilot, lambda: pilot.app.screen.query_one(Rows).has_focus)
        assert "value_30" not in screen(pilot)
        await pilot.press(*["greater_than_sign"] * 18)
        await see(pilot, "value_30,")
        assert "value_0," not in screen(pilot)
        await pilot.press(*["less_than_sign"] * 20)
        await see(pilot, "value_0,")


async def test_an_editor_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "no-such-editor")
    async with GardenerApp(shop()).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot)
        await pilot.press("o")
        await see(pilot, "There is no editor to open.", "Set EDITOR")


async def test_wide_panes_have_the_code_beside_the_list() -> None:
    async with GardenerApp(shop()).run_test(notifications=True, size=(160, 40)) as pilot:
        await searched(pilot)
        await pilot.press("z")
        await until(pilot, lambda: pilot.app.screen.query_one("#pages").has_class("-beside"))
        rows, detail = (
            pilot.app.screen.query_one(f"#{name}").region for name in ("hits", "detail")
        )
        assert rows.right == detail.x and rows.y == detail.y
        await pilot.press("z")
        await until(pilot, lambda: pilot.app.screen.query_one("#detail").region.y > rows.y)
