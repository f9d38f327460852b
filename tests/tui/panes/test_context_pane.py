"""The context pane: search while writing, hits, what stands around, pins, files."""

from dataclasses import replace

import pytest
from support.scripted_garden import ScriptedGarden, a_project
from support.showroom import full_garden, hit, hits
from support.waiting import notices, screen, see, until, write
from textual.pilot import Pilot

from gardener_core.errors import IndexMissing
from gardener_core.events.index import Retrieved
from gardener_core.events.parts import CodeSpan, Correction
from gardener_core.graph.neighbours import Group, Neighbour, Neighbours
from gardener_core.search.indexing.files import ProjectFile
from gardener_tui.app import GardenerApp
from gardener_tui.panes.context.pane import ContextPane
from gardener_tui.panes.context.why import why_text
from gardener_tui.widgets.rows import Rows

WIDE, NARROW = (140, 45), (80, 24)


def shop(*names: str) -> ScriptedGarden:
    """Projects with hits for whatever is searched."""
    garden = ScriptedGarden(*(a_project(name) for name in names or ("acme",)))
    garden.index.found = hits()
    garden.code.around = full_garden().code.around
    garden.code.texts = full_garden().code.texts
    return garden


async def searched(pilot: Pilot[None], query: str = "refresh token") -> None:
    await see(pilot, "acme")
    await pilot.press("slash")
    await write(pilot, query)
    await pilot.press("enter")
    await see(pilot, "3 hits")
    await until(pilot, lambda: pilot.app.screen.query_one(Rows).has_focus)


async def test_slash_searches_and_shows_hits_with_their_reasons_and_code() -> None:
    garden = shop()
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot)
        text = await see(pilot, "118 def refresh_token", "3 hits · 1 test · 38 ms")
        for told in ("src/auth/session.py:118", "method Sessions.refresh_token", "▲", "1.71"):
            assert told in text, told
        # Words and meaning are told apart without colour, and the worst hit has least of both.
        assert "1 ██████▒▒ src/auth/session.py:118" in text
        assert "3 ███░░░░░ web/api/session.ts:12" in text and "▼ piece" in text
        assert "Tests 1" in text and text.index("Tests 1") > text.index("web/api/session.ts")
    assert ("search", "id-acme", "refresh token") in garden.record.calls


async def test_a_short_screen_has_one_line_a_hit_and_the_code_below() -> None:
    async with GardenerApp(shop()).run_test(notifications=True, size=NARROW) as pilot:
        await searched(pilot)
        rows = (await see(pilot, "118 def refresh_token")).split("\n")
        (first,) = (row for row in rows if "session.py:118 " in row and "█" in row)
        assert "method Sessions.refresh_token" in first and "1.71" in first


async def test_hits_come_while_one_writes_and_older_answers_never_come_after_newer_ones() -> None:
    garden = shop()
    only = Retrieved((hit(1, "new.py", 7, "newest", "function", (1.0, 0.0), "x = 1\n"),), 0.01)
    garden.index.found_for["ab"] = only
    garden.index.waiting.clear()  # the first search is held
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash", "a")
        await until(pilot, lambda: ("search", "id-acme", "a") in garden.record.calls)
        await see(pilot, "Searching …")
        await pilot.press("b")
        garden.index.waiting.set()
        text = await see(pilot, "new.py:7", "1 hit ")
        assert "src/auth/session.py" not in text
        assert pilot.app.screen.query_one("#query").has_focus
        asked = [call for call in garden.record.calls if call[0] == "search"]
        assert asked == [("search", "id-acme", "a"), ("search", "id-acme", "ab")]
        await pilot.press("backspace", "backspace")
        await see(pilot, "Nothing searched yet.")


async def test_the_hits_of_a_later_question_stay_when_an_older_search_answers() -> None:
    garden = shop()
    asked = Retrieved((hit(1, "asked.py", 7, "asked", "function", (1.0, 0.0), "x = 1\n"),), 0.01)
    garden.chats.script = [asked]
    garden.index.waiting.clear()
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash", "a")
        await until(pilot, lambda: ("search", "id-acme", "a") in garden.record.calls)
        await pilot.press("escape", "4", "w", "h", "y", "enter")
        await see(pilot, "found for: why", "asked.py:7")
        garden.index.waiting.set()
        await until(pilot, lambda: not pilot.app.screen.query_one(ContextPane)._searching)
        assert "asked.py:7" in screen(pilot)


async def test_a_page_that_was_opened_while_it_searches_stays() -> None:
    garden = shop()
    garden.index.waiting.clear()
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash")
        await write(pilot, "refresh token")
        await pilot.press("enter")
        await until(pilot, lambda: ("search", "id-acme", "refresh token") in garden.record.calls)
        await pilot.press("escape", "f", "f")
        await see(pilot, "Context · files")
        garden.index.waiting.set()
        pane = pilot.app.screen.query_one(ContextPane)
        await until(pilot, lambda: not pane._searching)
        assert (
            "Context · files" in screen(pilot) and pilot.app.screen.query_one("#filter").has_focus
        )
        await pilot.press("escape", "backspace")
        await see(pilot, "Found 3", "118 def refresh_token")


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


async def test_letters_do_not_search_where_there_is_no_table() -> None:
    garden = ScriptedGarden(a_project(state="new"))
    garden.index.found = hits()
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash", "x", "y")
        pane = pilot.app.screen.query_one(ContextPane)
        await until(pilot, lambda: pane._written == "xy")
        assert pane._clock is None, "no search is due"
        await pilot.press("enter")
        await see(pilot, "3 hits")


async def test_filters_are_chips_and_a_broken_one_says_what_it_wants() -> None:
    async with GardenerApp(shop()).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot, "token lang:python -path:tests changed:soon")
        text = await see(pilot, "✔ lang:python", "not path:tests", "✖")
        assert "wants a time" in text and "changed:soon" in text
        await pilot.press("s")
        await see(pilot, "code only")
        await pilot.press("s")
        await see(pilot, "tests only")
    assert ("search", "id-acme", "token lang:python -path:tests changed:soon", "code") in (
        pilot.app.garden.record.calls  # type: ignore[attr-defined]
    )


async def test_why_adds_up_to_the_score_and_is_said_in_words() -> None:
    async with GardenerApp(shop()).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot)
        await pilot.press("w")
        text = await see(pilot, "Why it is number 1", "+1.0000", "+0.4100", "+0.3000", "+1.7100")
        assert "Number 1 by words (BM25" in text and "Its name is a word" in text
        await pilot.press("j", "j")
        await see(pilot, "Why it is number 3", "-0.1000", "+0.5400", "It is a piece")
        await pilot.press("w")
        await see(pilot, "12 export async function")


async def test_a_key_leads_around_a_hit_and_another_back() -> None:
    garden = shop()
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot)
        await pilot.press("c")
        text = await see(pilot, "around refresh_token", "Called by 2", "33▸")
        for told in ("Held by 1", "Built on 1", "class Service", "● src/api/tokens.py:31", "sure"):
            assert told in text, told
        assert "Built on it" not in text, "an empty group of classes is no news"
        assert "likely" in text
        await pilot.press("G")
        await see(pilot, "No test was found")
        await pilot.press("backspace")
        await see(pilot, "3 hits", "118 def refresh_token")
        await pilot.press("h")
        await until(
            pilot, lambda: pilot.app.screen.query_one(ContextPane).spot.code.symbol == "Sessions"
        )
        await pilot.press("left", "left")
        await see(pilot, "3 hits", "118 def refresh_token")
        assert notices(pilot) == [], "nothing to go back to is no news"


async def test_a_key_with_nothing_to_lead_to_says_so_and_leads_nowhere() -> None:
    garden = shop()
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot)
        await pilot.press("j")
        for key, told in (
            ("c", "No call was found, which does not say that there is none."),
            ("d", "No call into this project was found."),
            ("v", "No test was found that calls it."),
        ):
            await pilot.press(key)
            await see(pilot, told)
            assert pilot.app.screen.query_one(ContextPane).page.name == "hits"
        assert pilot.app.screen.query_one(ContextPane).spot.code.symbol == "TokenStore"


async def test_a_class_shows_its_members() -> None:
    garden = shop()
    member = Neighbour(
        CodeSpan("src/auth/store.py", "TokenStore.put", "method", "python", 46, 49), "plain"
    )
    none = Group((), 0)
    garden.code.around["TokenStore"] = Neighbours(
        "src/auth/store.py", "TokenStore", none, none, none, none, none, none, Group((member,), 1)
    )
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot)
        await pilot.press("j", "enter")
        text = await see(pilot, "Holds 1", "TokenStore.put")
        assert text.index("Held by") < text.index("Holds 1") < text.index("Called by")


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


async def test_pinned_stays_on_top_of_every_search_and_banned_goes() -> None:
    garden = shop()
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot)
        await pilot.press("j", "plus")
        text = await see(pilot, "Pinned 1", "TokenStore is pinned", "◆ ")
        assert text.index("store.py:40") < text.index("session.py:118")
        spot = pilot.app.screen.query_one(ContextPane).spot
        assert spot.code.path == "web/api/session.ts", "the cursor stays with what stood below"
        await pilot.press("G", "minus")
        await see(pilot, "test_reuse is banned")
        pilot.app.clear_notifications()
        await see(pilot, "3 hits · 1 test · 38 ms · 1 banned")
        await until(pilot, lambda: "test_rotation" not in screen(pilot).split("4 Chat")[0])
        garden.index.found = Retrieved(hits().hits[2:], 0.01)
        await pilot.press("slash", "x", "enter")
        await see(pilot, "1 hit ", "store.py:40")
        await pilot.press("e")
        await see(pilot, "pinned and banned", "Banned 1", "test_rotation.py:77")
        await pilot.press("G", "minus")
        await see(pilot, "test_reuse is no longer banned.")
    assert [one.symbol for one in garden.code.choices(garden.projects.projects[0]).pins] == [
        "TokenStore"
    ]


async def test_a_pin_neither_takes_the_cursor_nor_hides_that_nothing_was_found() -> None:
    garden = shop()
    garden.code.pin(garden.projects.projects[0], hits().hits[1].span)
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot)
        pane = pilot.app.screen.query_one(ContextPane)
        assert pane.spot.code.symbol == "Sessions.refresh_token", "the first hit, not the pin"
        garden.index.found = Retrieved((), 0.01)
        await pilot.press("slash", "x", "enter")
        await see(pilot, "Pinned 1", "Found 0", "No code has these words.")
        assert pane.spot is None
        await pilot.press("escape", "k")
        await until(pilot, lambda: pane.spot and pane.spot.code.symbol == "TokenStore")


async def test_bars_are_as_long_as_the_scores_and_a_negative_score_has_none() -> None:
    garden = shop()
    found = [
        hit(at, f"f{at}.py", at, "s", "function", (words, 0.2), "x\n", Correction("piece", by))
        for at, (words, by) in enumerate(((1.0, 0.0), (0.9, -0.8), (0.1, -0.9)), start=1)
    ]
    garden.index.found = Retrieved(tuple(found), 0.01)
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash", "x", "enter")
        text = await see(pilot, "f1.py:1", "-0.60")
        rows = [row for row in text.split("\n") if " f" in row and ("█" in row or "░" in row)]
        filled = [row.count("█") + row.count("▒") for row in rows]
        assert filled == [8, 2, 0]


async def test_pins_are_there_when_the_project_is_selected_again() -> None:
    garden = shop("acme", "beta")
    garden.code.pin(garden.projects.projects[0], hits().hits[0].span)
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "Pinned 1", "session.py:118")
        await pilot.press("j")
        await see(pilot, "Search beta", "Nothing searched yet.")
        assert "session.py:118" not in screen(pilot)


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
        await see(pilot, "Take app.min.js in?", "larger than 1 MB", "2.3 MiB", "Leave it")
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
        await see(pilot, "Nothing lets it in: binary.")
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


async def test_no_hit_and_no_index_are_told_in_place() -> None:
    garden = ScriptedGarden(a_project())
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash", "x", "enter")
        await see(pilot, "No code has these words.")
        garden.index.found = IndexMissing("acme has no index.", hint="Press I.")
        await pilot.press("enter")
        await see(pilot, "acme has no index.", "Press I.")
        assert not notices(pilot)


async def test_note_of_a_search_without_a_table_is_told() -> None:
    garden = ScriptedGarden(a_project())
    garden.index.found = replace(hits(), note="Found by words. Run: gardener repair acme")
    async with GardenerApp(garden).run_test(notifications=True, size=NARROW) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash", "x", "enter")
        await see(pilot, "▲ Found by words.", "gardener repair acme")


async def test_another_project_puts_the_hits_away() -> None:
    async with GardenerApp(shop("acme", "beta")).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot, "x")
        await pilot.press("1", "j")
        await see(pilot, "Search beta", "Nothing searched yet.")
        assert "session.py" not in screen(pilot)


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
        await until(pilot, lambda: pilot.app.screen.query_one("#context").has_class("-beside"))
        rows, detail = (
            pilot.app.screen.query_one(f"#{name}").region for name in ("hits", "detail")
        )
        assert rows.right == detail.x and rows.y == detail.y
        await pilot.press("z")
        await until(pilot, lambda: pilot.app.screen.query_one("#detail").region.y > rows.y)


def test_correction_names_of_a_newer_engine_do_no_harm() -> None:
    odd = hit(1, "a.py", 1, "a", "function", (0.5, -0.2), "x\n", Correction("moon", 0.2))
    text = why_text(odd, 60).plain
    assert "moon" in text and "-0.2000" in text and "+0.5000" in text
