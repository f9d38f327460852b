"""Which panes are shown at which size, and how one goes between them."""

import pytest
from support.scripted_garden import ScriptedGarden, a_project
from support.showroom import full_garden
from support.waiting import screen, see, until
from textual.pilot import Pilot

from gardener_tui.app import GardenerApp

PANES = ("projects", "training", "context", "chat")


def shown(pilot: Pilot[None]) -> set[str]:
    """The panes that have a place on the screen."""
    return {name for name in PANES if pilot.app.screen.query_one(f"#{name}").region.area}


@pytest.mark.parametrize("number", [1, 2, 3, 4])
async def test_under_100_columns_there_is_one_pane_at_a_time(number: int) -> None:
    async with GardenerApp(full_garden()).run_test(size=(80, 24)) as pilot:
        await see(pilot, "acme-web")
        await pilot.press(str(number))
        name = ("projects", "training", "context", "chat")[number - 1]
        await until(pilot, lambda: shown(pilot) == {name})
        assert pilot.app.screen.query_one(f"#{name}").region.width == 80


async def test_at_120_columns_3_takes_the_middle() -> None:
    async with GardenerApp(full_garden()).run_test(size=(120, 40)) as pilot:
        await see(pilot, "acme-web")
        await until(pilot, lambda: shown(pilot) == {"projects", "training", "chat"})
        await pilot.press("3")
        await until(pilot, lambda: shown(pilot) == {"projects", "context"})
        await pilot.press("escape", "2")
        await until(pilot, lambda: shown(pilot) == {"projects", "training", "chat"})


@pytest.mark.parametrize("size", [(140, 45), (200, 60)])
async def test_from_136_columns_there_are_three(size: tuple[int, int]) -> None:
    async with GardenerApp(full_garden()).run_test(size=size) as pilot:
        await see(pilot, "acme-web")
        await until(pilot, lambda: shown(pilot) == set(PANES))
        edges = [pilot.app.screen.query_one(f"#{name}").region for name in PANES]
        assert edges[0].right == edges[1].x and edges[1].right == edges[2].x
        assert edges[2].right == size[0]
        assert edges[1].bottom == edges[3].y


async def test_a_resize_changes_the_layout_and_the_chart_fits() -> None:
    async with GardenerApp(full_garden()).run_test(size=(140, 45)) as pilot:
        await see(pilot, "step 124/400")
        await pilot.press("2")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: shown(pilot) == {"training"})
        await see(pilot, "└────")
        rows = screen(pilot).split("\n")
        assert all(len(row) <= 80 for row in rows)
        assert any("└" in row and "▲" in row for row in rows), "an axis with its checkpoints"


@pytest.mark.parametrize("size", [(120, 40), (200, 60)])
async def test_z_gives_a_pane_the_whole_screen_and_back(size: tuple[int, int]) -> None:
    async with GardenerApp(full_garden()).run_test(size=size) as pilot:
        await see(pilot, "step 124/400")
        before = shown(pilot)
        await pilot.press("2", "z")
        await until(pilot, lambda: shown(pilot) == {"training"})
        assert pilot.app.screen.query_one("#training").region.width == size[0]
        await pilot.press("1")
        await until(pilot, lambda: shown(pilot) == {"projects"})
        await pilot.press("z")
        await until(pilot, lambda: shown(pilot) == before)


@pytest.mark.parametrize("columns", [24, 40, 80, 200])
async def test_help_and_detach_never_fall_off_the_footer(columns: int) -> None:
    async with GardenerApp(full_garden()).run_test(size=(columns, 24)) as pilot:
        for pane in ("1", "2"):
            await pilot.press(pane)
            await pilot.pause()
            last = screen(pilot).split("\n")[-1]
            assert last.startswith(" ? Help  q Detach"), last
            assert len(last) <= columns


async def test_the_prompt_has_its_own_hints() -> None:
    async with GardenerApp(full_garden()).run_test(size=(80, 24)) as pilot:
        await see(pilot, "acme-web")
        await pilot.press("4")
        await see(pilot, "enter Send  esc Leave")


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (300, 100)])
async def test_odd_sizes_do_no_harm(size: tuple[int, int]) -> None:
    async with GardenerApp(full_garden()).run_test(size=size) as pilot:
        for key in ("2", "3", "escape", "4", "escape", "1"):
            await pilot.press(key)
            await pilot.pause()
        assert pilot.app.return_code in (None, 0)


async def test_empty_panes_are_hatched_and_name_a_key() -> None:
    async with GardenerApp(ScriptedGarden(a_project())).run_test(size=(140, 45)) as pilot:
        text = await see(pilot, "No run yet.", "Nothing asked yet.", "Nothing searched yet.")
        assert "\N{BOX DRAWINGS LIGHT DIAGONAL UPPER RIGHT TO LOWER LEFT}" * 3 in text
