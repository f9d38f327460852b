"""The page of files: listed by state, narrowed by letters, decided after a question."""

from support.searching import shop
from support.showroom import full_garden
from support.waiting import see, until, write

from gardener_core.search.indexing.files import ProjectFile
from gardener_tui.app import GardenerApp
from gardener_tui.widgets.rows import Rows

WIDE = (140, 45)


async def test_files_are_listed_by_state_narrowed_by_letters_and_decided_after_a_question() -> None:
    garden = full_garden()
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme-web")
        await pilot.press("3", "f")
        text = await see(pilot, "Failed 1", "Left out 2", "With hidden secrets 1", "6 files")
        assert "cannot be read: Permission" in text and "1 secret hidden" in text
        assert pilot.app.screen.query_one(Rows).has_focus, "letters are commands until f again"
        await pilot.press("f")
        await write(pilot, "left min")
        await see(pilot, "1 of 6 files", "app.min.js")
        await pilot.press("enter", "R")
        await see(pilot, "Index app.min.js anyway?", "larger than 1 MB", "2.3 MiB", "Leave it")
        assert "decide" not in garden.record.names()
        await pilot.press("y")
        asked = ("decide", "id-acme-web", "web/dist/app.min.js", True)
        await until(pilot, lambda: asked in garden.record.calls)
        await until(pilot, lambda: ("index", "id-acme-web") in garden.record.calls)


async def test_a_file_that_nothing_lets_in_says_so_and_a_failed_one_is_read_again() -> None:
    garden = full_garden()
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme-web")
        await pilot.press("3", "f", "f")
        await write(pilot, "logo")
        await see(pilot, "1 of 6 files")
        await pilot.press("enter", "R")
        await see(pilot, "It can never be indexed: binary.")
        await pilot.press("plus")
        await see(pilot, "a file cannot")
        await pilot.press("f", *["backspace"] * 4, *"dump", "enter", "R")
        await see(pilot, "Read dump.sql again?", "Permission denied")
        await pilot.press("y")
        await until(pilot, lambda: ("retry", "id-acme-web", "data/dump.sql") in garden.record.calls)
        await pilot.press("backspace")
        await see(pilot, "Nothing searched yet.")


async def test_a_file_with_secrets_says_in_which_lines_they_were_hidden_and_why() -> None:
    garden = full_garden()
    garden.code.texts["config/dev.toml"] = "a = 1\n" * 6 + 'password = "[secret]"\n'
    async with GardenerApp(garden).run_test(size=WIDE) as pilot:
        await see(pilot, "acme-web")
        await pilot.press("3", "f", "f")
        await write(pilot, "hidden secrets")
        await see(pilot, "1 of 6 files", "7▸password")
        await pilot.press("enter", "w")
        await see(pilot, "line 7  assigned", ".gardenersecrets")


async def test_ten_thousand_files_cost_no_more_than_those_that_are_seen() -> None:
    garden = shop()
    garden.index.known = [
        ProjectFile(f"src/f{n}.py", "python", 10, 1, (), "", "indexed", "again")
        for n in range(10_000)
    ]
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme")
        await pilot.press("3", "f")
        await see(pilot, "10 000 files", "src/f0.py")
        await pilot.press("G")
        await see(pilot, "src/f9999.py")
        drawn = pilot.app.screen.query_one(Rows)._drawn
        assert len(drawn) < 200
